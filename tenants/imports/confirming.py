"""Making cases of the rows that were checked, all or none; and taking them back."""

import uuid
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, delete, func, select, text
from sqlalchemy.orm import Session

from app import jobs as queue
from app import planner
from app.database import db, transaction
from app.i18n import N_
from app.ui.formats import today as local_today
from tenants.cases.codes import (
    Channel,
    ContactResult,
    JudgmentKind,
    Moment,
    PersonRole,
    Reason,
    Source,
)
from tenants.cases.facts import withdraw
from tenants.cases.intake import NewCase, NewDwelling, NewLandlord, NewPerson
from tenants.cases.models import Case, Dwelling, Landlord
from tenants.cases.opening import open_cases
from tenants.imports import jobs
from tenants.imports.attempts import Attempt
from tenants.imports.examine import judge
from tenants.imports.models import BatchState, ImportBatch, ImportRow
from tenants.imports.repairing import GOES_IN
from tenants.imports.rows import RegisterRow
from tenants.imports.staging import ImportRefusedError, as_record, find, known_petitions, mapping_of, verdict
from tenants.imports.values import birth_of
from tenants.imports.words import landlord_kind
from tenants.outreach.service import NewAttempt, add_attempts
from tenants.petitions.service import NewPetition, add_petitions, day_to_utc, recompute

# So many rows become cases in about two seconds, which somebody waits for; more are done in the background.
AT_ONCE = 500
# Cases whose deadlines are computed with one query per table: bounds memory, not time.
CHUNK = 1000


def confirm(batch_id: uuid.UUID, *, wait: bool = False) -> None:
    """Import what was checked: at once, or (unless `wait`) in the background when it is much.

    Raises ImportRefusedError.
    """
    with transaction() as session:
        batch = find(batch_id, lock=True)
        if batch.state != BatchState.READY:
            raise ImportRefusedError(N_("This import can't be confirmed now: it is not waiting to be checked."))
        rows = session.scalar(select(func.count()).select_from(ImportRow).where(*_going_in(batch_id)))
        if not rows:
            raise ImportRefusedError(N_("No row can be imported. Repair at least one row first."))
        batch.state = BatchState.IMPORTING
        if rows > AT_ONCE and not wait:
            queue.enqueue(jobs.import_petitions, batch_id=str(batch_id))
        else:
            run(batch_id)
    if rows > AT_ONCE and wait:
        planner.count_again()


def resume(batch_id: uuid.UUID) -> None:
    """Start a large import again that stopped before its end (nothing of it was written)."""
    with transaction():
        if find(batch_id, lock=True).state != BatchState.IMPORTING:
            raise ImportRefusedError(N_("This import can't be confirmed now: it is not waiting to be checked."))
        queue.enqueue(jobs.import_petitions, batch_id=str(batch_id))


def _going_in(batch_id: uuid.UUID) -> tuple[ColumnElement[bool], ...]:
    return ImportRow.batch_id == batch_id, ImportRow.status.in_(GOES_IN), ~ImportRow.skipped


def run(batch_id: uuid.UUID) -> None:
    """The import itself: one transaction. What meanwhile became a duplicate is left out and says so."""
    with transaction() as session:
        batch = find(batch_id, lock=True)
        if batch.state != BatchState.IMPORTING:
            return
        batch.begun_at = _now(session)
        rows = session.scalars(select(ImportRow).where(*_going_in(batch_id)).order_by(ImportRow.sheet_row)).all()
        good = _judge_again(session, batch, list(rows))
        attempts = _open(batch, good)
        session.execute(delete(ImportRow).where(*_going_in(batch_id)))
        batch.state = BatchState.DONE
        left = session.scalar(select(func.count()).select_from(ImportRow).where(ImportRow.batch_id == batch_id))
        batch.counts = {"petitions": len(good), "attempts": attempts, "left_out": left or 0}
        session.flush()
        batch.confirmed_at = _now(session)


def _now(session: Session) -> datetime:
    """The database's clock, which also stamps the trail."""
    now: datetime = session.scalars(select(func.clock_timestamp())).one()
    return now


def _judge_again(session: Session, batch: ImportBatch, rows: list[ImportRow]) -> list[RegisterRow]:
    good: list[RegisterRow] = []
    records = [as_record(row) for row in rows]
    judged = judge(records, mapping_of(batch), known_petitions(session), local_today())
    for row, found in zip(rows, judged, strict=True):
        if found.status.value in GOES_IN:
            good.append(found.row)
        else:
            for column, value in verdict(found).items():
                setattr(row, column, value)
    session.flush()
    return good


def _open(batch: ImportBatch, rows: list[RegisterRow]) -> int:
    """Open a case for each row; how many attempts came along."""
    today = local_today()
    ids = open_cases([new_case(row, batch.id) for row in rows])
    add_petitions([new_petition(case_id, row, today) for case_id, row in zip(ids, rows, strict=True)])
    attempts = [new for case_id, row in zip(ids, rows, strict=True) for new in new_attempts(case_id, row)]
    add_attempts(attempts)
    for start in range(0, len(ids), CHUNK):
        recompute(ids[start : start + CHUNK])
    return len(attempts)


def new_case(row: RegisterRow, batch_id: uuid.UUID | None) -> NewCase:
    """The case of a petition; its note holds the remarks and whatever no field could hold."""
    reasons = row.reasons or ((Reason.RENT_ARREARS,) if row.arrears else (Reason.OTHER,))
    persons = []
    for place, name in enumerate(row.defendants):
        insz = row.national_numbers[place] if place < len(row.national_numbers) else None
        born = row.birth_dates[place] if place < len(row.birth_dates) else None
        persons.append(
            NewPerson(
                name.last,
                name.first,
                role=PersonRole.OTHER if place else PersonRole.REFERENCE,
                birth_date=born or (birth_of(insz) if insz else None),
                insz=insz,
                phone=(row.phone or None) if not place else None,
                email=(row.email or None) if not place else None,
            )
        )
    if row.received is None:
        raise ValueError("a row without its day of receipt is no petition")
    kind = landlord_kind(row.requester, row.market)
    return NewCase(
        persons=tuple(persons),
        opened_on=row.received,
        source=Source.PETITION,
        reason=reasons[0],
        other_reasons=reasons[1:],
        market=row.market,
        dwelling=NewDwelling(
            street=row.address.street,
            house_number=row.address.number,
            box=row.address.box,
            postcode=row.address.postcode,
            municipality=row.address.municipality,
            rent=row.rent,
        ),
        landlord=NewLandlord(row.requester, kind) if row.requester else None,
        note="\n".join(filter(None, [row.remarks, *row.notes])) or None,
        import_batch_id=batch_id,
    )


def new_petition(case_id: uuid.UUID, row: RegisterRow, today: date) -> NewPetition:
    """The petition with its course; an eviction still to come is a planned one."""
    hearing = datetime.combine(row.hearing_on, row.hearing_time or time(12)) if row.hearing_on else None
    past = row.eviction is not None and row.eviction <= today
    return NewPetition(
        case_id=case_id,
        court=row.court,
        roll_number=row.roll,
        received_on=row.received,
        claimant=row.requester,
        arrears=row.arrears,
        arrears_months=row.months,
        hearing_at=hearing,
        hearing_hour_known=row.hearing_time is not None,
        judgment_kind=row.judgment,
        pronounced_on=row.judgment_date if row.judgment else None,
        judgment_served_on=row.served if row.judgment else None,
        notice_on=row.notice,
        planned_on=None if past else row.eviction,
        evicted_on=row.eviction if past else None,
    )


def new_attempts(case_id: uuid.UUID, row: RegisterRow) -> list[NewAttempt]:
    """The attempts; where the register says only that somebody was (not) reached, the last one (each) got that."""
    results = [attempt.result for attempt in row.attempts]
    if row.reached and ContactResult.REACHED not in results and results:
        results[-1] = ContactResult.REACHED
    if row.reached is False:
        results = [result or ContactResult.NO_ANSWER for result in results]
    return [
        NewAttempt(
            case_id,
            at=day_to_utc(attempt.day),
            channel=Channel(attempt.channel),
            result=result,
            moment=_moment(attempt, row),
            hour_known=False,
            note=attempt.text if attempt.says_more else None,
        )
        for attempt, result in zip(row.attempts, results, strict=True)
    ]


def _moment(attempt: Attempt, row: RegisterRow) -> Moment:
    """Which of the four moments it followed: the last that lies before it."""
    began = [(row.eviction, Moment.EVICTION), (row.notice, Moment.NOTICE)]
    if row.judgment not in (None, JudgmentKind.POSTPONED):
        began.append((row.judgment_date, Moment.JUDGMENT))
    return next((moment for day, moment in began if day and day <= attempt.day), Moment.PETITION)


# ---------------------------------------------------------------- taking it back

# What the portal computes again by itself is no work of somebody.
_WORKED_ON = text("""
SELECT count(DISTINCT e.case_id) FROM audit_event e
WHERE e.case_id = ANY(:cases) AND e.at > :since AND e.act IN ('insert', 'update', 'delete')
  AND NOT (e.subject = 'case_file' AND e.act = 'update' AND e.changes - ARRAY[
    'stage', 'hearing_at', 'next_due_on', 'next_due_kind', 'reached_on', 'attempts', 'search_text'] = '{}')
""")
_MADE_HERE = text("""
SELECT e.subject_id FROM audit_event e
WHERE e.subject = 'landlord' AND e.act = 'insert' AND e.at BETWEEN :since AND :until
""")


def undo(batch_id: uuid.UUID) -> None:
    """Take back a whole import: its cases and all that belongs to them, and the landlords that came with it.

    Raises ImportRefusedError when a case of it was worked on since.
    """
    with transaction() as session:
        batch = find(batch_id, lock=True)
        if batch.state != BatchState.DONE or batch.confirmed_at is None:
            raise ImportRefusedError(N_("Only an import that is done can be undone."))
        cases = list(session.scalars(select(Case.id).where(Case.import_batch_id == batch_id).with_for_update()))
        worked_on = session.scalar(_WORKED_ON, {"cases": cases, "since": batch.confirmed_at}) if cases else 0
        if worked_on:
            raise ImportRefusedError(
                N_(
                    "This import can't be undone any more: %(cases)d of its cases were worked on since. Close or "
                    "correct the cases one by one."
                ),
                cases=worked_on,
            )
        withdraw(session, cases)
        session.execute(delete(Case).where(Case.import_batch_id == batch_id))
        made = list(session.scalars(_MADE_HERE, {"since": batch.begun_at, "until": batch.confirmed_at}))
        in_use = select(Dwelling.landlord_id).where(Dwelling.landlord_id.is_not(None))
        session.execute(delete(Landlord).where(Landlord.id.in_(made), Landlord.id.not_in(in_use)))
        session.execute(delete(ImportRow).where(ImportRow.batch_id == batch_id))
        batch.state = BatchState.UNDONE


def cases_of(batch_id: uuid.UUID, limit: int, offset: int = 0) -> tuple[list[Case], int]:
    """The cases that came with an import, by name, and how many there are (still)."""
    mine = Case.import_batch_id == batch_id
    count = db.session.scalar(select(func.count()).where(mine)) or 0
    query = select(Case).where(mine).order_by(Case.sort_key, Case.id)
    return list(db.session.scalars(query.limit(limit).offset(offset))), count
