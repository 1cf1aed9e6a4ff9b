"""The law of each deadline: one small function per rule, with its article and how sure it is.

The articles are those of the Gerechtelijk Wetboek (Ger.W.); leases under the Vlaams Woninghuurdecreet follow
the same scheme. The mark A, B or C says how sure the rule is (see `Confidence`); the counting itself
(art. 52-54, `app.calendar.rules`) is B throughout.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time

from app.calendar.rules import Counted, Term, Unit, earliest_day, latest_day_with_notice, term_end
from app.dated.rules import Dated, dated, table
from app.i18n import N_
from tenants.cases.codes import JudgmentKind
from tenants.petitions import sentences as say
from tenants.petitions.codes import Confidence, DeadlineKind, EventKind, Nature
from tenants.petitions.events import PetitionSettings, ProcedureEvents

# The law's terms. Open at both sides: in force since before the oldest file, and still. When the law changes,
# close the row with `valid_to` and add the next one; older events keep counting by the older row.
HEARING_WITHIN = table(Dated(Term(15, Unit.DAYS), N_("Ger.W. art. 1344bis")))
COPY_OF_PETITION = table(Dated(Term(4, Unit.DAYS), N_("Ger.W. art. 1344ter §2")))
COPY_OF_WRIT = table(Dated(Term(4, Unit.DAYS), N_("Ger.W. art. 1344ter §3")))
COPY_OF_JUDGMENT = table(Dated(Term(4, Unit.DAYS), N_("Ger.W. art. 1344sexies")))
OPPOSITION = table(Dated(Term(1, Unit.MONTHS), N_("Ger.W. art. 1048 and 1051")))
APPEAL = table(Dated(Term(1, Unit.MONTHS), N_("Ger.W. art. 1051")))
WAIT_AFTER_SERVICE = table(Dated(Term(1, Unit.MONTHS), N_("Ger.W. art. 1344quater")))
WAIT_AFTER_NOTICE = table(Dated(Term(5, Unit.WORKING_DAYS), N_("Ger.W. art. 1344quater")))
GOODS_KEPT = table(Dated(Term(6, Unit.MONTHS), N_("Ger.W. art. 1344quinquies")))
AS_AGREED = N_("as agreed")  # where an article of law stands otherwise

NOTES_ON_EVICTION: dict[JudgmentKind | None, str] = {
    JudgmentKind.DEFAULT: say.NOTE_OTHER_DAY,
    JudgmentKind.CONTESTED: say.NOTE_OTHER_DAY,
    JudgmentKind.CONDITIONAL: say.NOTE_IF_TERMS_BROKEN,
    JudgmentKind.AGREEMENT: say.NOTE_IF_AGREED,
}


@dataclass(frozen=True)
class Deadline:
    """A computed day with its reasoning. `at` is the local hour of a hearing; `note` and `article` are msgids."""

    kind: DeadlineKind
    due_on: date
    nature: Nature
    basis: EventKind
    basis_on: date
    article: str
    confidence: Confidence
    term: Term | None = None
    moved_from: date | None = None
    note: str | None = None
    at: time | None = None

    @property
    def label(self) -> str:
        """English msgid of the kind."""
        return self.kind.label


Rule = Callable[[ProcedureEvents, PetitionSettings], Deadline | None]


def copy_expected(events: ProcedureEvents, _settings: PetitionSettings) -> Deadline | None:
    """The OCMW's copy of the petition or writ, sent after four days. Ger.W. art. 1344ter §2-§3, A.

    An office sends it, so a day off is moved to the next working day. None once it was received.
    """
    if events.received_on or events.is_decided:
        return None
    if events.writ_served_on:
        basis, day, rows = EventKind.WRIT_SERVED, events.writ_served_on, COPY_OF_WRIT
    elif events.registered_on:
        basis, day, rows = EventKind.REGISTERED, events.registered_on, COPY_OF_PETITION
    else:
        return None
    row = dated(rows, day)
    counted = earliest_day(day, row.value, moves=True)
    return _deadline(
        DeadlineKind.COPY_EXPECTED, Nature.INFORMATION, basis, counted, row, Confidence.A, say.NOTE_OBJECTION
    )


def hearing_expected(events: ProcedureEvents, _settings: PetitionSettings) -> Deadline | None:
    """Parties are summoned to a hearing within 15 days of a petition's registration. Ger.W. art. 1344bis, B.

    Not for a writ, which names its own hearing. None once a hearing is known.
    """
    known = events.hearing_at or events.hearing_held_on or events.writ_served_on or events.is_decided
    if events.registered_on is None or known:
        return None
    row = dated(HEARING_WITHIN, events.registered_on)
    counted = term_end(events.registered_on, row.value)
    return _deadline(
        DeadlineKind.HEARING_EXPECTED, Nature.INFORMATION, EventKind.REGISTERED, counted, row, Confidence.B
    )


def first_contact(events: ProcedureEvents, settings: PetitionSettings) -> Deadline | None:
    """The OCMW offers its help in the most suitable way; the term is its own. Ger.W. art. 1344ter §5, A.

    Counted in working days from the receipt of the copy. None once someone was reached, or a judgment came.
    """
    if events.received_on is None or events.first_contact_on or events.is_decided:
        return None
    counted = term_end(events.received_on, Term(settings.first_contact_working_days, Unit.WORKING_DAYS))
    hearing = events.hearing_to_come
    sooner = hearing is not None and hearing.date() <= counted.day
    return _deadline(
        DeadlineKind.FIRST_CONTACT,
        Nature.ACT_BEFORE,
        EventKind.RECEIVED,
        counted,
        Dated(counted.term, N_("Ger.W. art. 1344ter §5")),
        Confidence.A,
        say.NOTE_HEARING_FIRST if sooner else say.NOTE_OWN_TERM,
    )


def hearing(events: ProcedureEvents, _settings: PetitionSettings) -> Deadline | None:
    """The hearing that was set, at which conciliation is tried first. Ger.W. art. 1344septies, A."""
    at = events.hearing_to_come
    if at is None:
        return None
    return Deadline(
        DeadlineKind.HEARING,
        at.date(),
        Nature.COURT_DATE,
        EventKind.HEARING,
        at.date(),
        N_("Ger.W. art. 1344septies"),
        Confidence.A,
        note=say.NOTE_CONCILIATION,
        at=at.time() if events.hearing_hour_known else None,
    )


def remedy(events: ProcedureEvents, _settings: PetitionSettings) -> Deadline | None:
    """Opposition (verzet) or appeal, one month each from service. Ger.W. art. 1048 and 1051, B.

    Which one is open depends on the amount: C. After a judgment by default, or one whose kind is not known,
    both are named; after one with the parties present, appeal; after an agreement, neither (art. 1043, B).
    """
    if events.served_on is None or events.judgment_kind is JudgmentKind.AGREEMENT:
        return None
    if events.judgment_kind in (JudgmentKind.CONTESTED, JudgmentKind.CONDITIONAL):
        kind, rows, note = DeadlineKind.APPEAL, APPEAL, say.NOTE_APPEAL_AMOUNT
    else:
        kind, rows, note = DeadlineKind.OPPOSITION, OPPOSITION, say.NOTE_WHICH_REMEDY
    row = dated(rows, events.served_on)
    counted = term_end(events.served_on, row.value)
    return _deadline(kind, Nature.ACT_BEFORE, EventKind.SERVED, counted, row, Confidence.C, note)


def judgment_copy(events: ProcedureEvents, _settings: PetitionSettings) -> Deadline | None:
    """The bailiff sends the OCMW a copy of the judgment after four days. Ger.W. art. 1344sexies, B.

    None once the eviction was announced or planned.
    """
    if events.served_on is None or events.notice_on or events.planned_eviction_on:
        return None
    row = dated(COPY_OF_JUDGMENT, events.served_on)
    counted = earliest_day(events.served_on, row.value, moves=True)
    return _deadline(
        DeadlineKind.JUDGMENT_COPY,
        Nature.INFORMATION,
        EventKind.SERVED,
        counted,
        row,
        Confidence.B,
        say.NOTE_OBJECTION,
    )


def after_service(events: ProcedureEvents) -> Deadline | None:
    """No eviction before a month after service has passed. Ger.W. art. 1344quater, A/B, so B.

    Sooner when the dwelling was left; the judge or the parties may set another term; a conditional judgment
    or an agreement leads to it only when it is not kept. Not moved: the exact first possible day.
    """
    if events.served_on is None:
        return None
    row = dated(WAIT_AFTER_SERVICE, events.served_on)
    return _deadline(
        DeadlineKind.EARLIEST_EVICTION,
        Nature.NOT_BEFORE,
        EventKind.SERVED,
        earliest_day(events.served_on, row.value),
        row,
        Confidence.B,
        NOTES_ON_EVICTION.get(events.judgment_kind, say.NOTE_KIND_UNKNOWN),
    )


def after_notice(events: ProcedureEvents) -> Deadline | None:
    """No eviction before five working days after the bailiff's notice have passed. Ger.W. art. 1344quater, A.

    Not moved: the exact first possible day.
    """
    if events.notice_on is None:
        return None
    row = dated(WAIT_AFTER_NOTICE, events.notice_on)
    counted = earliest_day(events.notice_on, row.value)
    return _deadline(
        DeadlineKind.EARLIEST_AFTER_NOTICE, Nature.NOT_BEFORE, EventKind.NOTICE, counted, row, Confidence.A
    )


def earliest_eviction(events: ProcedureEvents) -> Deadline | None:
    """The first day on which eviction is possible: the month and the notice have both passed."""
    both = [d for d in (after_notice(events), after_service(events)) if d]
    return max(both, key=lambda d: d.due_on, default=None)


def earliest_unless_planned(events: ProcedureEvents, _settings: PetitionSettings) -> Deadline | None:
    """The first possible day; a planned day that respects it takes its place. Ger.W. art. 1344quater."""
    earliest, planned = earliest_eviction(events), events.planned_eviction_on
    return None if earliest and planned and planned >= earliest.due_on else earliest


def notice_latest(events: ProcedureEvents, _settings: PetitionSettings) -> Deadline | None:
    """When the bailiff must have given notice of a planned eviction. Ger.W. art. 1344quater, A.

    None once the day of the notice is known.
    """
    planned = events.planned_eviction_on
    if planned is None or events.notice_on:
        return None
    row = dated(WAIT_AFTER_NOTICE, planned)
    return Deadline(
        DeadlineKind.NOTICE_LATEST,
        latest_day_with_notice(planned, row.value.number),
        Nature.INFORMATION,
        EventKind.PLANNED_EVICTION,
        planned,
        row.source,
        Confidence.A,
        term=row.value,
        note=say.NOTE_NOTICE_MISSING,
    )


def planned_eviction(events: ProcedureEvents, _settings: PetitionSettings) -> Deadline | None:
    """The day the bailiff has planned, with a warning when it is too soon. Ger.W. art. 1344quater, A."""
    planned = events.planned_eviction_on
    if planned is None:
        return None
    earliest = earliest_eviction(events)
    too_soon = earliest is not None and planned < earliest.due_on
    return Deadline(
        DeadlineKind.PLANNED_EVICTION,
        planned,
        Nature.INFORMATION,
        EventKind.PLANNED_EVICTION,
        planned,
        N_("Ger.W. art. 1344quater"),
        Confidence.A,
        note=say.NOTE_TOO_SOON if too_soon else None,
    )


def goods_kept(events: ProcedureEvents, _settings: PetitionSettings) -> Deadline | None:
    """Goods taken off the street are kept by the municipality for six months. Ger.W. art. 1344quinquies, A.

    They run from the day on which they were taken away, which mostly is that of the eviction. Not moved: art. 53 is
    about acts of procedure. None once they were fetched, nor when nothing was left or somebody else stores it.
    """
    if events.evicted_on is None or events.goods_settled:
        return None
    since = events.goods_since or events.evicted_on
    row = dated(GOODS_KEPT, since)
    counted = term_end(since, row.value, moves=False)
    return _deadline(
        DeadlineKind.GOODS_KEPT,
        Nature.ACT_BEFORE,
        EventKind.EVICTED,
        counted,
        row,
        Confidence.A,
        say.NOTE_GOODS,
    )


def goods_stored(events: ProcedureEvents, _settings: PetitionSettings) -> Deadline | None:
    """Storage elsewhere ends on the day that was agreed with whoever stores the goods: no law sets it, A."""
    if events.evicted_on is None or events.goods_until is None:
        return None
    return Deadline(
        DeadlineKind.GOODS_STORED,
        events.goods_until,
        Nature.ACT_BEFORE,
        EventKind.EVICTED,
        events.evicted_on,
        AS_AGREED,
        Confidence.A,
    )


def _deadline(
    kind: DeadlineKind,
    nature: Nature,
    basis: EventKind,
    counted: Counted,
    row: Dated[Term],
    confidence: Confidence,
    note: str | None = None,
) -> Deadline:
    return Deadline(
        kind,
        counted.day,
        nature,
        basis,
        counted.event_on,
        row.source,
        confidence,
        counted.term,
        counted.moved_from,
        note,
    )


WHILE_IT_RUNS: tuple[Rule, ...] = (
    copy_expected,
    hearing_expected,
    first_contact,
    hearing,
    remedy,
    judgment_copy,
    earliest_unless_planned,
    notice_latest,
    planned_eviction,
)
AFTER_THE_END: tuple[Rule, ...] = (goods_kept, goods_stored)
