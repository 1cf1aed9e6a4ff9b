"""The words of referrals and of the waiting list. Labels are English msgids."""

from app.i18n import N_
from tenants.cases.codes import Code, Source
from tenants.guidance.codes import ProcedureKind


class Referrer(Code):
    """Which service referred the household (Brugge's 'aanmeldingen', and the external referrals of the code lists)."""

    FIRST_RECEPTION = "first_reception", N_("First reception (Eerste Onthaal)")
    BUDGET_AND_DEBT = "budget_and_debt", N_("Budget and debt service")
    HOUSING_DESK = "housing_desk", N_("Housing desk (woonloket, woonwinkel)")
    OTHER_INSIDE = "other_inside", N_("Another service of the OCMW")
    CAW = "caw", N_("CAW")
    LANDLORD = "landlord", N_("Landlord")
    LAWYER = "lawyer", N_("Lawyer")
    HOSPITAL = "hospital", N_("Hospital")
    POLICE = "police", N_("Police")
    SCHOOL = "school", N_("School")
    OTHER_OUTSIDE = "other_outside", N_("Another organisation")

    @property
    def is_inside(self) -> bool:
        """True for a service of the OCMW itself."""
        return self in INSIDE

    @property
    def source(self) -> Source:
        """Where the first sign of a case that this referral opens came from."""
        return Source.INTERNAL_REFERRAL if self.is_inside else Source.EXTERNAL_REFERRAL


INSIDE = (Referrer.FIRST_RECEPTION, Referrer.BUDGET_AND_DEBT, Referrer.HOUSING_DESK, Referrer.OTHER_INSIDE)


class WaitsFor:
    """What a household can wait for: every procedure but a question for the housing desk, which is answered at once."""

    kinds = tuple(kind for kind in ProcedureKind if kind is not ProcedureKind.HOUSING_DESK)

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """(stored value, English msgid) in the order in which a form offers them."""
        return [(kind.value, kind.label) for kind in cls.kinds]


class Leaving(Code):
    """Why a household leaves the waiting list without guidance."""

    SOLVED = "solved", N_("Solved meanwhile")
    REFUSED = "refused", N_("The household does not want it (any more)")
    ELSEWHERE = "elsewhere", N_("Helped by another service")
    MOVED = "moved", N_("Moved to another municipality")
    NOT_FOUND = "not_found", N_("Can't be reached")
    MISTAKE = "mistake", N_("Put on the list by mistake")
    OTHER = "other", N_("Another reason")
