"""The code lists of a repayment plan."""

from app.i18n import N_
from tenants.cases.codes import Code


class PlanState(Code):
    """Where a plan stands. Only one of a case is `running`."""

    RUNNING = "running", N_("Running")
    PAID = "paid", N_("Paid back")
    STOPPED = "stopped", N_("Stopped")
    REPLACED = "replaced", N_("Replaced by a new plan")


class Standing(Code):
    """Where an instalment stands on a day."""

    RECEIVED = "received", N_("Received")
    MISSED = "missed", N_("Missed")
    EXPECTED = "expected", N_("Expected")
    TO_COME = "to_come", N_("To come")
