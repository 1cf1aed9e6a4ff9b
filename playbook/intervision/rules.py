"""What an anonymous case may say about itself in codes, and what a remark must be. Pure."""

from collections.abc import Mapping
from enum import StrEnum

from app.i18n import N_

LONGEST_REMARK = 2_000  # as of a remark in the playbook: a screen


class Fact(StrEnum):
    """The coarse facts of a case, in the order in which they are shown."""

    HOUSEHOLD = "household"
    MARKET = "market"
    REASON = "reason"
    STAGE = "stage"
    ARREARS = "arrears"
    DURATION = "duration"
    EVICTION = "eviction"
    HOUSING = "housing"


LABELS = {
    Fact.HOUSEHOLD: N_("Household"),
    Fact.MARKET: N_("Rental market"),
    Fact.REASON: N_("Reason"),
    Fact.STAGE: N_("How far it came"),
    Fact.ARREARS: N_("Arrears"),
    Fact.DURATION: N_("How long it took"),
    Fact.EVICTION: N_("Eviction"),
    Fact.HOUSING: N_("Housing in the end"),
}

# Fact -> code -> msgid. The codes are those of cases (a test compares them); bands stand for what is never exact.
CODES: dict[Fact, dict[str, str]] = {
    Fact.HOUSEHOLD: {
        "single": N_("Single"),
        "couple": N_("Couple"),
        "single_parent": N_("Single parent"),
        "couple_with_children": N_("Couple with children"),
        "other": N_("Other household"),
    },
    Fact.MARKET: {"private": N_("Private rental"), "social": N_("Social rental")},
    Fact.REASON: {
        "rent_arrears": N_("Rent arrears"),
        "nuisance": N_("Nuisance"),
        "neglect": N_("Neglect of the dwelling"),
        "end_of_term": N_("End of term or notice"),
        "no_title": N_("Occupation without title"),
        "illegal_use": N_("Illegal use or sublet"),
        "unfit": N_("Dwelling unfit"),
        "other": N_("Other reason"),
    },
    Fact.STAGE: {
        "petition": N_("Petition"),
        "hearing": N_("Hearing"),
        "judgment": N_("Judgment"),
        "service": N_("Service by the bailiff"),
        "notice": N_("Bailiff's notice"),
        "eviction": N_("Eviction"),
    },
    Fact.ARREARS: {
        "under_2": N_("Less than 2 months' rent"),
        "2_to_6": N_("2 to 6 months' rent"),
        "over_6": N_("More than 6 months' rent"),
    },
    Fact.DURATION: {
        "under_3_months": N_("Less than 3 months"),
        "3_to_6_months": N_("3 to 6 months"),
        "6_to_12_months": N_("6 to 12 months"),
        "over_a_year": N_("More than a year"),
    },
    Fact.EVICTION: {
        "avoided": N_("Eviction avoided"),
        "postponed": N_("Eviction postponed"),
        "carried_out": N_("Eviction carried out"),
        "left_before": N_("Tenant left before"),
    },
    Fact.HOUSING: {
        "stayed": N_("Stayed in the dwelling"),
        "moved_own_choice": N_("Moved by own choice"),
        "social_dwelling": N_("Moved to a social dwelling"),
        "institution": N_("Institution"),
        "shelter": N_("Shelter"),
        "family": N_("With family or friends"),
        "street": N_("On the street"),
    },
}


def only_known(facts: Mapping[str, str | None]) -> dict[str, str]:
    """The facts that are one of the codes, in order: nothing else can be told in them."""
    return {fact.value: code for fact in Fact if (code := facts.get(fact.value)) is not None and code in CODES[fact]}


def worded(facts: Mapping[str, str]) -> list[tuple[str, str]]:
    """(label, value) as msgids, in order."""
    return [(LABELS[fact], CODES[fact][facts[fact.value]]) for fact in Fact if fact.value in only_known(facts)]


def remark_problem(text: str) -> str | None:
    """What is wrong with a remark (a msgid), or none."""
    if not text:
        return N_("Write what you want to say first.")
    if len(text) > LONGEST_REMARK:
        return N_("This is too long. Say it shorter, or in two remarks.")
    return None
