"""The words of an outreach plan (plan van aanklampen)."""

from app.i18n import N_
from tenants.cases.codes import Code


class PlanState(Code):
    """How a plan stands. All but RUNNING and EXHAUSTED ask nothing of anybody any more."""

    RUNNING = "running", N_("Plan under way")
    REACHED = "reached", N_("Household reached")
    EXHAUSTED = "exhausted", N_("Plan used up, nobody reached")
    STOPPED = "stopped", N_("Plan stopped")
    OVERTAKEN = "overtaken", N_("Overtaken by the next moment")
    OVER = "over", N_("No longer needed")


class StepState(Code):
    """`OPEN`: still to be taken; `DONE`: an attempt by this channel was noted; `SKIPPED`: left out, with a reason."""

    OPEN = "open", N_("Still to take")
    DONE = "done", N_("Done")
    SKIPPED = "skipped", N_("Skipped")
