"""The code lists of guidance together with a partner."""

from app.i18n import N_
from tenants.cases.codes import Code


class Consent(Code):
    """How the household agreed that the partner is told; shared professional secrecy asks for it."""

    SPOKEN = "spoken", N_("in a conversation")
    WRITTEN = "written", N_("in writing")


class GrantState(Code):
    """Where a grant stands on a day. Only `in_force` opens anything."""

    TO_COME = "to_come", N_("starts later")
    IN_FORCE = "in_force", N_("in force")
    OVER = "over", N_("expired")
    ENDED = "ended", N_("ended")
