"""Hearings: set, moved, recorded. Each function is one transaction, and has the deadlines computed again."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from app import tenancy
from app.database import transaction
from app.i18n import N_
from app.security.models import utc_now
from tenants.cases.codes import JudgmentKind, Presence, TaskKind
from tenants.cases.tasks import NewTask, add_task
from tenants.petitions.checks import STILL_TO_COME, Course, Wrong
from tenants.petitions.course import (
    course_of,
    hearings_of,
    judgments_of,
    local_day,
    locked,
    refuse,
    today,
    wrong_days,
)
from tenants.petitions.models import Hearing, Judgment, Petition
from tenants.petitions.seen import of_hearing, require_same
from tenants.petitions.service import local_to_utc, recompute


@dataclass(frozen=True)
class HearingRecord:
    """What came of a hearing. result None: the judge has not decided yet.

    next_at: local, of the next hearing when this one was put off. referral: the title of the task to refer the
    household to rights exploration (Rechtenverkenning), None for no referral; a second one makes no second task.
    sure: somebody confirmed a judgment by default although the tenant, or a lawyer, was noted as present.
    """

    present: tuple[Presence, ...]
    result: JudgmentKind | None = None
    pronounced_on: date | None = None
    terms: str | None = None
    note: str | None = None
    next_at: datetime | None = None
    next_hour_known: bool = True
    referral: str | None = None
    sure: bool = False


class RecordedMeanwhileError(Exception):
    """Somebody recorded this hearing, or changed its record, after the form was opened. Nothing was written."""


def record_mark(hearing: Hearing) -> str:
    """What the form was opened with: which record there was, '' for none."""
    return hearing.recorded_at.astimezone(UTC).isoformat() if hearing.recorded_at else ""


def set_hearing(
    petition_id: uuid.UUID,
    at: datetime,
    *,
    hour_known: bool = True,
    hearing_id: uuid.UUID | None = None,
    before: str | None = None,
) -> uuid.UUID:
    """Set a hearing (local time), or with `hearing_id` another day or hour for one; its id.

    before: the mark (`seen.of_hearing`) of that one when the form was opened. Raises NotThereError, CourseError,
    ChangedMeanwhileError.
    """
    with transaction() as session:
        petition = locked(session, Petition, petition_id)
        others = [local_day(h.at) for h in hearings_of(session, petition_id) if h.id != hearing_id]
        wrong = _wrong_hearing(course_of(session, petition), at.date(), others)
        if hearing_id is None:
            hearing = Hearing(case_id=petition.case_id, petition_id=petition_id)
        else:
            hearing = locked(session, Hearing, hearing_id)
            require_same(before, of_hearing(hearing))
            if hearing.recorded_at is not None and at.date() > today():
                wrong.append(Wrong("hearing_on", STILL_TO_COME, {"day": at.date()}))
        refuse(wrong)
        session.add(hearing)
        hearing.at, hearing.hour_known = local_to_utc(at), hour_known
        recompute([petition.case_id])
    return hearing.id


def _wrong_hearing(course: Course, day: date, others: list[date]) -> list[Wrong]:
    """What is wrong with a hearing on `day`; the judgment must come after the first hearing, not after each."""
    if any(other <= day for other in others):
        course = replace(course, pronounced_on=None)
    wrong = wrong_days(replace(course, hearing_on=day), ("hearing_on",))
    if day in others:
        wrong.append(Wrong("hearing_on", N_("There is a hearing on %(day)s already."), {"day": day}))
    return wrong


def remove_hearing(hearing_id: uuid.UUID) -> None:
    """Take away a hearing that was entered by mistake. Raises NotThereError, and CourseError once it was recorded."""
    with transaction() as session:
        hearing = locked(session, Hearing, hearing_id)
        if hearing.recorded_at is not None:
            recorded = N_("What happened at this hearing is written down, so it stays. You can change its day.")
            refuse([Wrong("hearing_on", recorded, {})])
        session.delete(hearing)
        recompute([hearing.case_id])


def record_hearing(hearing_id: uuid.UUID, record: HearingRecord, seen_before: str | None = None) -> None:
    """Write down who was there and what was decided; again to correct it.

    seen_before: what `record_mark` said when the form was opened; None to write whatever was recorded since.
    The judgment is kept with the hearing. Put off: the next hearing is set.
    Raises NotThereError, CourseError, and RecordedMeanwhileError unless the other record says the same.
    """
    with transaction() as session:
        hearing = locked(session, Hearing, hearing_id)
        petition = locked(session, Petition, hearing.petition_id)
        held_on = local_day(hearing.at)
        judgments = judgments_of(session, hearing.petition_id)
        judgment = fitting(judgments, hearing)
        record = _completed(record, held_on)
        if seen_before is not None and seen_before != record_mark(hearing):
            if _says(hearing, judgment, record):
                return  # both noted the same; whoever was first is named
            raise RecordedMeanwhileError
        wrong = _withdrawn(judgments, hearing, record)
        refuse(wrong or _wrong_record(session, petition, hearing, record, judgment))
        hearing.present, hearing.note = [str(p) for p in record.present], record.note
        hearing.recorded_at, hearing.recorded_by = utc_now(), tenancy.current().user_id
        _keep_result(session, hearing, record, judgment)
        if record.next_at is not None:
            _set_next(session, hearing, record.next_at, hour_known=record.next_hour_known)
        if record.referral is not None and hearing.referred_on is None:
            hearing.referred_on = today()
            _refer(hearing.case_id, record.referral)
        recompute([hearing.case_id])


def judgment_of(session: Session, hearing: Hearing) -> Judgment | None:
    """The judgment recorded with a hearing, or one of its petition that no hearing has and that fits its day."""
    return fitting(judgments_of(session, hearing.petition_id), hearing)


def fitting(judgments: Sequence[Judgment], hearing: Hearing) -> Judgment | None:
    """The same, out of the petition's judgments (the last one first)."""
    with_it = [j for j in judgments if j.hearing_id == hearing.id]
    held_on = local_day(hearing.at)
    loose = [j for j in judgments if j.hearing_id is None and (j.pronounced_on is None or j.pronounced_on >= held_on)]
    return next(iter([*with_it, *loose]), None)


def _says(hearing: Hearing, judgment: Judgment | None, record: HearingRecord) -> bool:
    """Whether what is recorded of the hearing is what `record` says."""
    decided = (judgment.kind, judgment.pronounced_on, judgment.terms) if judgment else (None, None, None)
    there = (set(hearing.present or ()), hearing.note, *decided)
    mine = (set(record.present), record.note, record.result, record.pronounced_on, record.terms)
    return there == mine and record.next_at is None and (record.referral is None or hearing.referred_on is not None)


def _withdrawn(judgments: Sequence[Judgment], hearing: Hearing, record: HearingRecord) -> list[Wrong]:
    """A petition that was withdrawn has no other result, until somebody says in the case that it was not."""
    ended = [j for j in judgments if j.kind == JudgmentKind.WITHDRAWN and j.hearing_id != hearing.id]
    if not ended or record.result is JudgmentKind.WITHDRAWN:
        return []
    if (day := ended[0].pronounced_on) is None:
        return [Wrong("result", WITHDRAWN, {})]
    return [Wrong("result", WITHDRAWN_ON, {"day": day})]


WITHDRAWN = N_(
    "This petition was withdrawn, so there is no other result to record. Choose “withdrawn”, or, if it was heard after "
    "all, change that first under “Judgment and service” in the case. What you filled in stays here."
)
WITHDRAWN_ON = N_(
    "This petition was withdrawn on %(day)s, so there is no other result to record. Choose “withdrawn”, or, if it was "
    "heard after all, change that first under “Judgment and service” in the case. What you filled in stays here."
)


THERE_AND_BY_DEFAULT = N_(
    "By default means that nobody appeared for the tenant, but the tenant or a lawyer is noted as present. Was that "
    "so? Then choose “contested”. Did the judge decide by default all the same, such as because they came too late? "
    "Then tick that below and save again."
)


def by_default_with_tenant(result: str | None, present: Collection[str]) -> bool:
    """Whether a judgment by default (verstek: nobody appeared for the tenant, Ger.W. art. 802) contradicts who was
    noted as present. It can be true all the same, so it is asked and not refused."""
    return result == JudgmentKind.DEFAULT and not {Presence.TENANT, Presence.LAWYER}.isdisjoint(present)


def _completed(record: HearingRecord, held_on: date) -> HearingRecord:
    """A postponement is of the day of the hearing itself, and without a result there is no day of it."""
    if record.result is JudgmentKind.POSTPONED:
        return replace(record, pronounced_on=held_on, terms=None)
    return record if record.result else replace(record, pronounced_on=None, terms=None)


def _wrong_record(
    session: Session, petition: Petition, hearing: Hearing, record: HearingRecord, judgment: Judgment | None
) -> list[Wrong]:
    held_on = local_day(hearing.at)
    wrong: list[Wrong] = []
    if held_on > today():
        wrong.append(Wrong("present", N_("This hearing is on %(day)s: record it when it is over."), {"day": held_on}))
    if not record.present:
        wrong.append(Wrong("present", N_("Say who was there, or that nobody was."), {}))
    elif Presence.NOBODY in record.present and len(record.present) > 1:
        wrong.append(Wrong("present", N_("Nobody and somebody can't both be true: choose one."), {}))
    if by_default_with_tenant(record.result, record.present) and not record.sure:
        wrong.append(Wrong("result", THERE_AND_BY_DEFAULT, {}))
    if record.result is not JudgmentKind.POSTPONED:
        course = replace(
            course_of(session, petition),
            pronounced_on=record.pronounced_on,
            judgment_kind=record.result,
            judgment_served_on=judgment.served_on if judgment else None,
        )
        wrong += wrong_days(replace(course, hearing_on=held_on), ("pronounced_on",))
    if judgment is not None and judgment.served_on and record.result in (None, JudgmentKind.POSTPONED):
        served = N_("The judgment was served on %(day)s, so there is a decision: choose which one.")
        wrong.append(Wrong("result", served, {"day": judgment.served_on}))
    return wrong + _wrong_next(record, held_on)


def _wrong_next(record: HearingRecord, held_on: date) -> list[Wrong]:
    if record.next_at is None:
        return []
    if record.result is not JudgmentKind.POSTPONED:
        return [Wrong("next_on", N_("A next hearing goes with “postponed”: choose that, or leave this empty."), {})]
    if record.next_at.date() <= held_on:
        after = N_("The next hearing must come after this one, of %(day)s.")
        return [Wrong("next_on", after, {"day": held_on})]
    return wrong_days(Course(hearing_on=record.next_at.date()), ("hearing_on",), as_field="next_on")


def _keep_result(session: Session, hearing: Hearing, record: HearingRecord, judgment: Judgment | None) -> None:
    if record.result is None:
        if judgment is not None and judgment.hearing_id == hearing.id:
            session.delete(judgment)
        return
    if judgment is None:
        judgment = Judgment(case_id=hearing.case_id, petition_id=hearing.petition_id)
        session.add(judgment)
    judgment.hearing_id, judgment.kind = hearing.id, record.result
    judgment.pronounced_on, judgment.terms = record.pronounced_on, record.terms


def _set_next(session: Session, hearing: Hearing, at: datetime, *, hour_known: bool) -> None:
    known = [h for h in hearings_of(session, hearing.petition_id) if local_day(h.at) == at.date()]
    upcoming = known[0] if known else Hearing(case_id=hearing.case_id, petition_id=hearing.petition_id)
    session.add(upcoming)
    upcoming.at, upcoming.hour_known = local_to_utc(at), hour_known


def _refer(case_id: uuid.UUID, title: str) -> None:
    me = tenancy.current().user_id
    add_task(NewTask(title, today(), TaskKind.TODO, case_id=case_id, assigned_to=me))
