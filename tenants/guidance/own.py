"""The organisation's own measures for the entry conditions: read for a check, and set."""

from app.i18n import N_
from tenants.guidance.rules.own import STANDARD, OwnRules, problems, restored, stored
from tenants.organisations.own import Own, own, set_own

KEY = "guidance_conditions"  # the name in the organisation's settings

__all__ = ["STANDARD", "OwnConditionsError", "kept", "own_rules", "set_own_rules"]


class OwnConditionsError(Exception):
    """The rules can't be so; `problems`: a msgid per field."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(N_("These rules can't be so."))
        self.problems = problems


def own_rules() -> OwnRules:
    """The measures that count in the acting organisation."""
    return restored(own(KEY).values)


def kept() -> Own:
    """What the organisation set, with who did so and when."""
    return own(KEY)


def set_own_rules(chosen: OwnRules, seen: int) -> None:
    """Keep the organisation's measures; they count for what is decided from now on.

    seen: the version that was looked at. Raises OwnConditionsError, and SetMeanwhileError when a colleague was first.
    """
    wrong = problems(chosen)
    if wrong:
        raise OwnConditionsError(wrong)
    set_own(KEY, stored(chosen), seen)
