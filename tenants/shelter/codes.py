"""The code lists of the night shelter."""

from app.i18n import N_
from tenants.cases.codes import Code


class TurnedAwayReason(Code):
    """Why somebody did not get a bed (waarom iemand geen bed kreeg)."""

    FULL = "full", N_("No bed free")
    SUSPENDED = "suspended", N_("Suspended for a while")
    HOUSE_RULES = "house_rules", N_("House rules not kept tonight")
    ELSEWHERE = "elsewhere", N_("Belongs in another shelter")
    ANIMAL = "animal", N_("With an animal")
    OTHER = "other", N_("Another reason to turn away")


class ResidenceKind(Code):
    """The residential places (residentiële begeleiding): a dwelling of one's own, or a shared house."""

    HOUSING_FIRST = "housing_first", N_("Housing First")
    GROUP = "group", N_("Group shelter")


class DelayBand(Code):
    """How long after an eviction somebody first came to the shelter."""

    WEEK = "week", N_("Within a week")
    MONTH = "month", N_("After 8 to 30 days")
    QUARTER = "quarter", N_("After 31 to 90 days")
    HALF_YEAR = "half_year", N_("After 91 to 180 days")
    LONGER = "longer", N_("After more than 180 days")
