"""The code lists of following a scenario: how a step stands, why one is skipped, why a case stops following."""

from app.i18n import N_
from playbook.scenarios.rules import REASONS
from tenants.cases.codes import Code


class StepState(Code):
    WAITING = "waiting", N_("Waits for its event")
    OPEN = "open", N_("To do")
    DONE = "done", N_("Done")
    SKIPPED = "skipped", N_("Skipped")


class SkipReason(Code):
    """Why a step is not done: coded, so that the network can learn from it."""

    NOT_NEEDED = "not_needed", REASONS["not_needed"]
    DONE_BEFORE = "done_before", REASONS["done_before"]
    NOT_REACHED = "not_reached", REASONS["not_reached"]
    DECLINED = "declined", REASONS["declined"]
    PARTNER = "partner", REASONS["partner"]
    TOO_LATE = "too_late", REASONS["too_late"]
    NO_TIME = "no_time", REASONS["no_time"]
    OTHER = "other", REASONS["other"]


class StopReason(Code):
    """Why a case does not follow a scenario any more."""

    FINISHED = "finished", N_("All that had to be done is done")
    SOLVED = "solved", N_("The threat is gone")
    OTHER_SCENARIO = "other_scenario", N_("Another scenario fits better now")
    MISTAKE = "mistake", N_("Started by mistake")
    OTHER = "other", N_("Another reason")
