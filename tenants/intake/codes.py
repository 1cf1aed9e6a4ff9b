"""The code lists of the reporting point."""

from app.i18n import N_
from tenants.cases.codes import Code, Reason


class Track(Code):
    """The two doors of the reporting point (sporen)."""

    LANDLORD = "landlord", N_("Private landlord")
    OTHER = "other", N_("Somebody else")


class ReporterKind(Code):
    """Who reports. `LANDLORD` belongs to the track of that name, the others to the other one."""

    LANDLORD = "landlord", N_("Private landlord")
    DEBTS = "debts", N_("LAC, or a service for energy or housing debts")
    PROFESSIONAL = "professional", N_("Another professional")
    HOUSING_COMPANY = "housing_company", N_("Social housing company")
    TENANT = "tenant", N_("I live there myself")


class ReportState(Code):
    """How far a report is. The label is the feedback that was agreed with reporters: it says nothing of the case."""

    RECEIVED = "received", N_("Received")
    TAKEN_UP = "taken_up", N_("We take it up")
    CLOSED = "closed", N_("Report closed")


class ClosingReason(Code):
    """Why a report leads to no case."""

    KNOWN = "known", N_("Reported twice")
    SETTLED = "settled", N_("Settled already")
    NO_THREAT = "no_threat", N_("The home is not at stake")
    ELSEWHERE = "elsewhere", N_("Outside our municipality, reporter sent on")
    UNREACHABLE = "unreachable", N_("Too little to go on, reporter not reached")
    NONSENSE = "nonsense", N_("No real report")


# What a stranger can see of a home in trouble; the rest of `Reason` is for who knows the file.
OFFERED_REASONS = (Reason.RENT_ARREARS, Reason.NUISANCE, Reason.NEGLECT, Reason.END_OF_TERM, Reason.OTHER)
