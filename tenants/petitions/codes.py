"""The words of procedure time: events, kinds of deadline, stages. Labels are English msgids.

Dutch terms of art: hearing zitting, service betekening, bailiff's notice afroep, eviction uitdrijving.
"""

from enum import StrEnum

from app.i18n import N_
from tenants.cases.codes import Code


class EventKind(Code):
    """What happened, from which a term runs."""

    REGISTERED = "registered", N_("Petition registered")
    RECEIVED = "received", N_("Copy received by the OCMW")
    WRIT_SERVED = "writ_served", N_("Writ served")
    HEARING = "hearing", N_("Hearing")
    JUDGMENT = "judgment", N_("Judgment")
    SERVED = "served", N_("Judgment served")
    NOTICE = "notice", N_("Bailiff's notice")
    PLANNED_EVICTION = "planned_eviction", N_("Planned eviction")
    EVICTED = "evicted", N_("Eviction")


class DeadlineKind(Code):
    """A day that the law, the court or the OCMW itself sets."""

    COPY_EXPECTED = "copy_expected", N_("Copy for the OCMW expected")
    HEARING_EXPECTED = "hearing_expected", N_("Hearing expected")
    FIRST_CONTACT = "first_contact", N_("First contact after the petition")
    HEARING = "hearing", N_("Hearing")
    OPPOSITION = "opposition", N_("Opposition or appeal against the judgment")
    APPEAL = "appeal", N_("Appeal against the judgment")
    JUDGMENT_COPY = "judgment_copy", N_("Copy of the judgment expected")
    EARLIEST_EVICTION = "earliest_eviction", N_("Earliest possible eviction")
    EARLIEST_AFTER_NOTICE = "earliest_after_notice", N_("Earliest possible eviction after the notice")
    NOTICE_LATEST = "notice_latest", N_("Bailiff's notice at the latest")
    PLANNED_EVICTION = "planned_eviction", N_("Planned eviction")
    GOODS_KEPT = "goods_kept", N_("Collect goods kept by the municipality")
    GOODS_STORED = "goods_stored", N_("Storage of the goods ends")


# What one does against a judgment: lost once the term is over.
REMEDIES = (DeadlineKind.OPPOSITION, DeadlineKind.APPEAL)


class Nature(Code):
    """What the day asks of its reader."""

    ACT_BEFORE = "act_before", N_("Act by this day")
    NOT_BEFORE = "not_before", N_("Not before this day")
    COURT_DATE = "court_date", N_("Day in court")
    INFORMATION = "information", N_("To know")


class Confidence(StrEnum):
    """How sure the rule is: A read in the law's text, B general knowledge of the law, C uncertain."""

    A = "A"
    B = "B"
    C = "C"


class StageKey(Code):
    """The six stages of a procedure, in order."""

    PETITION = "petition", N_("Petition")
    HEARING = "hearing", N_("Hearing")
    JUDGMENT = "judgment", N_("Judgment")
    SERVICE = "service", N_("Service by the bailiff")
    NOTICE = "notice", N_("Bailiff's notice")
    EVICTION = "eviction", N_("Eviction")


class StageState(Code):
    """`SKIPPED` is a stage that was passed without a known day, or that will not come any more."""

    DONE = "done", N_("Happened")
    NOW = "now", N_("Happening now")
    NEXT = "next", N_("Still to come")
    SKIPPED = "skipped", N_("Not recorded or no longer to come")
