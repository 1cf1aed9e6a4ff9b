"""What the pages of guidance say: reasons with their amounts and days, colours of states, one-line summaries."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from app.i18n import N_
from app.ui.formats import datum_kort, euro
from tenants.guidance.codes import PisteState, ProcedureState, Verdict
from tenants.guidance.models import GuidanceProcedure
from tenants.guidance.rules.conditions import Finding
from tenants.guidance.rules.procedures import Check
from tenants.petitions.codes import Confidence

HOW_SURE = {Confidence.B: N_("general knowledge"), Confidence.C: N_("not confirmed yet")}
PLAIN_NUMBERS = ("months", "least", "most", "share", "limit")  # what is no amount of money in a reason
KIND_OF_VERDICT = {Verdict.MET: "good", Verdict.NOT_MET: "late", Verdict.UNKNOWN: "soon"}
KIND_OF_STATE = {ProcedureState.CONSIDERED: "soon", ProcedureState.RUNNING: "acc"}
KIND_OF_PISTE = {PisteState.EXPLORED: "acc", PisteState.RESULT: "good"}


def why(finding: Finding) -> str:
    """The reason of a finding, with its days, amounts and months as people write them."""
    return _(finding.why, **{name: _shown(name, value) for name, value in finding.params.items()})


def _shown(name: str, value: Any) -> str:
    if isinstance(value, date):
        return datum_kort(value)
    if name in PLAIN_NUMBERS:
        return format_decimal(value, "0.##", locale=get_locale())
    return euro(value) if isinstance(value, Decimal) else str(value)


def source(check: Check) -> str:
    """Where a condition comes from, and how sure that is when it was not read in an official text."""
    if check.own_source:
        return _("own rule: %(source)s", source=check.own_source)
    sure = HOW_SURE.get(check.rule.confidence)
    return " · ".join(filter(None, [_(check.rule.source), _(sure) if sure else ""]))


def counted(checks: Sequence[Check]) -> str:
    """'2 voldaan, 1 niet voldaan, 3 niet gekend'; what is zero is left out."""
    number = {verdict: sum(check.verdict is verdict for check in checks) for verdict in Verdict}
    parts = [
        ngettext("%(num)d met", "%(num)d met", number[Verdict.MET]) if number[Verdict.MET] else "",
        ngettext("%(num)d not met", "%(num)d not met", number[Verdict.NOT_MET]) if number[Verdict.NOT_MET] else "",
        ngettext("%(num)d not known", "%(num)d not known", number[Verdict.UNKNOWN]) if number[Verdict.UNKNOWN] else "",
    ]
    return ", ".join(filter(None, parts)) or _("open to everybody")


def since(row: GuidanceProcedure) -> str:
    """Since when a procedure is in its state."""
    days: Mapping[str, tuple[str, date | None]] = {
        ProcedureState.CONSIDERED: (_("considered since %(day)s"), row.considered_on),
        ProcedureState.RUNNING: (_("running since %(day)s"), row.decided_on),
        ProcedureState.REFUSED: (_("refused on %(day)s"), row.decided_on),
        ProcedureState.ENDED: (_("ended on %(day)s"), row.ended_on),
    }
    text, day = days[row.state]
    return text.replace("%(day)s", datum_kort(day))
