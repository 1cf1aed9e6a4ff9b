"""The sessions of a network's courses: when, where, and how many places are left."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import db, transaction
from app.i18n import N_
from app.security.models import utc_now
from playbook.handbook.service import ours
from playbook.training import rules
from playbook.training.models import Course, Enrolment, Place, TrainingSession
from playbook.training.rules import PlaceState
from playbook.training.service import NotThereError, TrainingError, course_by_id


@dataclass(frozen=True)
class NewSession:
    """What a session says; times in UTC. See models.TrainingSession."""

    starts_at: datetime
    ends_at: datetime
    place: str = ""
    online_url: str = ""
    capacity: int = 20
    trainer: str = ""
    note: str = ""


@dataclass(frozen=True)
class Held:
    """A session with its course and how many places are taken and waited for."""

    session: TrainingSession
    course: Course
    taken: int
    waiting: int

    @property
    def left(self) -> int:
        return max(0, self.session.capacity - self.taken)

    @property
    def is_cancelled(self) -> bool:
        return self.session.cancelled_at is not None

    @property
    def has_begun(self) -> bool:
        return self.session.starts_at <= utc_now()

    @property
    def is_over(self) -> bool:
        return self.session.ends_at <= utc_now()

    @property
    def is_open(self) -> bool:
        """Whether one can still ask for a place."""
        return not self.is_cancelled and not self.has_begun


def held(
    *, course_id: uuid.UUID | None = None, ids: Sequence[uuid.UUID] | None = None, upcoming: bool | None = None
) -> list[Held]:
    """The sessions of the network with their counts, in one statement; upcoming ones the next first, past ones last."""
    counted = (
        select(
            Place.session_id,
            func.count().filter(Place.state == PlaceState.TAKEN).label("taken"),
            func.count().filter(Place.state == PlaceState.WAITING).label("waiting"),
        )
        .where(ours(Place))
        .group_by(Place.session_id)
    )
    query = select(TrainingSession, Course).join(
        Course, (Course.network_id == TrainingSession.network_id) & (Course.id == TrainingSession.course_id)
    )
    query = query.where(ours(TrainingSession))
    if course_id is not None:
        query = query.where(TrainingSession.course_id == course_id)
    if ids is not None:
        query = query.where(TrainingSession.id.in_(ids))
    if upcoming is not None:
        is_to_come = TrainingSession.ends_at > utc_now()
        query = query.where(is_to_come if upcoming else ~is_to_come)
    by_time = TrainingSession.starts_at.asc() if upcoming else TrainingSession.starts_at.desc()
    found = db.session.execute(query.order_by(by_time, TrainingSession.id).limit(200)).all()
    wanted = counted.where(Place.session_id.in_([session.id for session, _course in found]))
    counts = {row.session_id: (row.taken, row.waiting) for row in db.session.execute(wanted)} if found else {}
    return [Held(session, course, *counts.get(session.id, (0, 0))) for session, course in found]


def one(session_id: uuid.UUID) -> Held:
    """A session; raises NotThereError."""
    found = held(ids=[session_id])
    if not found:
        raise NotThereError(str(session_id))
    return found[0]


def locked(session: Session, session_id: uuid.UUID) -> TrainingSession:
    """The session's row, kept for this transaction: who changes its places comes in turn. Raises NotThereError."""
    query = select(TrainingSession).where(ours(TrainingSession), TrainingSession.id == session_id)
    row: TrainingSession | None = session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if row is None:
        raise NotThereError(str(session_id))
    return row


def count_free(session_id: uuid.UUID) -> int:
    """How many places of a session are free. Raises NotThereError."""
    return one(session_id).left


def plan(course_id: uuid.UUID, new: NewSession) -> TrainingSession:
    """A new session of a course. Raises NotThereError and TrainingError."""
    _check(new)
    with transaction() as session:
        row = TrainingSession(course_id=course_by_id(course_id).id)
        _fill(row, new)
        session.add(row)
    return row


def change(session_id: uuid.UUID, new: NewSession) -> TrainingSession:
    """Change a session. More places: who waited longest moves up. Raises NotThereError and TrainingError.

    Who has a place is told when the day, the hour or the place changes.
    """
    from playbook.training import enrolling, mailing

    _check(new)
    with transaction() as session:
        row = locked(session, session_id)
        if row.cancelled_at is not None:
            raise TrainingError([("", N_("This session was cancelled. Plan a new one."))])
        taken = enrolling.count(session, session_id, PlaceState.TAKEN)
        if new.capacity < taken:
            message = N_("%(taken)s people have a place already. Give at least that number, or take people off first.")
            raise TrainingError([("capacity", message)], taken=taken)
        before = (row.starts_at, row.ends_at, row.place, row.online_url)
        _fill(row, new)
        session.flush()
        enrolling.move_up(session, row)
        if before != (row.starts_at, row.ends_at, row.place, row.online_url):
            row.revision += 1
            mailing.tell_all(session_id, mailing.Mail.CHANGED)
    return row


def cancel(session_id: uuid.UUID, why: str) -> None:
    """Call a session off; everybody with a place or waiting for one is told. Raises NotThereError, TrainingError."""
    from playbook.training import mailing

    if not why:
        raise TrainingError([("why", N_("Say why, so that people understand it."))])
    with transaction() as session:
        row = locked(session, session_id)
        if row.ends_at <= utc_now():
            raise TrainingError([("", N_("This session is over: it can't be cancelled any more."))])
        there = select(Enrolment.id).where(ours(Enrolment), Enrolment.session_id == session_id)
        if session.scalar(there.where(Enrolment.present_at.is_not(None)).limit(1)) is not None:
            raise TrainingError([("", N_("People were there already: this session can't be cancelled any more."))])
        if row.cancelled_at is None:
            row.cancelled_at, row.cancelled_because = utc_now(), why
            row.revision += 1
            mailing.tell_all(session_id, mailing.Mail.CANCELLED)


def _check(new: NewSession) -> None:
    problems = rules.problems_of_session(new.starts_at, new.ends_at, new.place, new.online_url, new.capacity)
    if problems:
        raise TrainingError(problems)


def _fill(row: TrainingSession, new: NewSession) -> None:
    row.starts_at, row.ends_at = new.starts_at, new.ends_at
    row.place, row.online_url, row.capacity = new.place, new.online_url, new.capacity
    row.trainer, row.note = new.trainer, new.note
