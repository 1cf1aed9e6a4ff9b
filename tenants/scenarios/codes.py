"""The code lists of following a scenario: how a step stands, why one is skipped, why a case stops following."""

from app.i18n import N_
from tenants.cases.codes import Code


class StepState(Code):
    WAITING = "waiting", N_("Waits for its event")
    OPEN = "open", N_("To do")
    DONE = "done", N_("Done")
    SKIPPED = "skipped", N_("Skipped")


class SkipReason(Code):
    """Why a step is not done: coded, so that the network can learn from it."""

    NOT_NEEDED = "not_needed", N_("Not needed in this case")
    DONE_BEFORE = "done_before", N_("Was done before, or by somebody else")
    NOT_REACHED = "not_reached", N_("The household could not be reached")
    DECLINED = "declined", N_("The household does not want it")
    PARTNER = "partner", N_("The partner could not or would not")
    TOO_LATE = "too_late", N_("It came too late")
    NO_TIME = "no_time", N_("We had no time or no people for it")
    OTHER = "other", N_("Another reason")


class StopReason(Code):
    """Why a case does not follow a scenario any more."""

    FINISHED = "finished", N_("All that had to be done is done")
    SOLVED = "solved", N_("The threat is gone")
    OTHER_SCENARIO = "other_scenario", N_("Another scenario fits better now")
    MISTAKE = "mistake", N_("Started by mistake")
    OTHER = "other", N_("Another reason")
