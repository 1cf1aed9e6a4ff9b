"""Meetings of the network: agenda, minutes, decisions and what became of them."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from app.database import db, transaction
from app.i18n import N_
from app.security.models import utc_now
from playbook.exchange import rules
from playbook.exchange.errors import ConflictError, NotThereError, RefusedError
from playbook.exchange.models import Decision, Meeting
from playbook.handbook.service import ours

PAGE_SIZE = 25


@dataclass(frozen=True)
class NewMeeting:
    """When, where and about what; times in UTC, agenda in Markdown."""

    title: str
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    online_url: str = ""
    agenda: str = ""


# ---------------------------------------------------------------- reading


def coming() -> list[Meeting]:
    """Meetings that are not over, the nearest first."""
    query = select(Meeting).where(ours(Meeting), Meeting.ends_at >= utc_now()).order_by(Meeting.starts_at)
    return list(db.session.scalars(query.limit(PAGE_SIZE)))


def past(page: int = 1) -> tuple[list[Meeting], int]:
    """One page (from 1) of the meetings that are over, the latest first, and how many there are."""
    over = (ours(Meeting), Meeting.ends_at < utc_now())
    query = select(Meeting).where(*over).order_by(Meeting.starts_at.desc())
    found = list(db.session.scalars(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)))
    return found, db.session.scalar(select(func.count()).select_from(Meeting).where(*over)) or 0


def one(meeting_id: uuid.UUID) -> Meeting:
    """A meeting of the network; raises NotThereError."""
    found: Meeting | None = db.session.scalar(select(Meeting).where(ours(Meeting), Meeting.id == meeting_id))
    if found is None:
        raise NotThereError(str(meeting_id))
    return found


def decisions(meeting_id: uuid.UUID) -> list[Decision]:
    """What a meeting decided, in the order in which it was written down."""
    query = select(Decision).where(ours(Decision), Decision.meeting_id == meeting_id)
    return list(db.session.scalars(query.order_by(Decision.added_at, Decision.id)))


def to_do(limit: int = 50) -> list[tuple[Decision, Meeting]]:
    """What somebody still has to follow up, of all meetings; what has a day first, the earliest on top."""
    query = (
        select(Decision, Meeting)
        .join(Meeting, (Meeting.network_id == Decision.network_id) & (Meeting.id == Decision.meeting_id))
        .where(ours(Decision), Decision.done_at.is_(None), Decision.who != "")
        .order_by(Decision.by_when.asc().nulls_last(), Decision.added_at)
    )
    return [(decision, meeting) for decision, meeting in db.session.execute(query.limit(limit))]


# ---------------------------------------------------------------- arranging


def plan(new: NewMeeting) -> Meeting:
    """A new meeting. Raises RefusedError."""
    with transaction() as session:
        meeting = Meeting()
        _fill(meeting, new)
        session.add(meeting)
    return meeting


def change(meeting_id: uuid.UUID, new: NewMeeting, revision: int) -> Meeting:
    """Another day, place or agenda. Raises NotThereError, RefusedError and ConflictError."""
    with transaction():
        meeting = _turn(meeting_id, revision)
        _fill(meeting, new)
    return meeting


def write_minutes(meeting_id: uuid.UUID, minutes: str, revision: int) -> Meeting:
    """The minutes, in Markdown; empty takes them away. Raises NotThereError, RefusedError and ConflictError."""
    with transaction():
        meeting = _turn(meeting_id, revision)
        text = minutes.replace("\r\n", "\n").strip()
        if rules.holds_a_national_number(text):
            raise RefusedError([("minutes", rules.NATIONAL_NUMBER)])
        if text != meeting.minutes:
            meeting.minutes_at = (meeting.minutes_at or utc_now()) if text else None
            meeting.minutes = text
    return meeting


def remove(meeting_id: uuid.UUID) -> None:
    """Take a meeting off the agenda; one with minutes or decisions stays. Raises NotThereError and ConflictError."""
    with transaction() as session:
        meeting = _locked(meeting_id)
        if meeting.minutes or decisions(meeting_id):
            raise ConflictError(N_("This meeting has minutes or decisions: it stays. Nothing was deleted."))
        session.delete(meeting)


def decide(meeting_id: uuid.UUID, text: str, who: str = "", by_when: date | None = None) -> Decision:
    """Write down a decision, and who follows it up by when. Raises NotThereError and RefusedError."""
    with transaction() as session:
        meeting = _locked(meeting_id)
        problems = rules.decision_problems(text, who, by_when)
        if problems:
            raise RefusedError(problems)
        decision = Decision(meeting_id=meeting.id, text=text, who=who, by_when=by_when)
        session.add(decision)
    return decision


def follow_up(meeting_id: uuid.UUID, decision_id: uuid.UUID, *, done: bool) -> None:
    """Say that a decision was followed up, or that it was not; twice the same changes nothing. Raises NotThereError."""
    with transaction():
        decision = _decision(meeting_id, decision_id)
        if done != (decision.done_at is not None):
            decision.done_at = utc_now() if done else None


def remove_decision(meeting_id: uuid.UUID, decision_id: uuid.UUID) -> None:
    """Delete a decision that was written down by mistake. Raises NotThereError."""
    with transaction() as session:
        session.delete(_decision(meeting_id, decision_id))


def _decision(meeting_id: uuid.UUID, decision_id: uuid.UUID) -> Decision:
    query = select(Decision).where(ours(Decision), Decision.meeting_id == meeting_id, Decision.id == decision_id)
    found: Decision | None = db.session.scalar(query)
    if found is None:
        raise NotThereError(str(decision_id))
    return found


def _locked(meeting_id: uuid.UUID) -> Meeting:
    query = select(Meeting).where(ours(Meeting), Meeting.id == meeting_id).with_for_update()
    found: Meeting | None = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotThereError(str(meeting_id))
    return found


def _turn(meeting_id: uuid.UUID, revision: int) -> Meeting:
    """The meeting, to be saved by who last saw it as it is now."""
    meeting = _locked(meeting_id)
    if meeting.revision != revision:
        raise ConflictError(
            N_("Somebody else saved this meeting in the meantime. Their text stands below: put yours together with it.")
        )
    meeting.revision += 1
    return meeting


def _fill(meeting: Meeting, new: NewMeeting) -> None:
    problems = rules.meeting_problems(new.title, new.starts_at, new.ends_at, new.place, new.online_url)
    if problems:
        raise RefusedError(problems)
    meeting.title, meeting.starts_at, meeting.ends_at = new.title, new.starts_at, new.ends_at
    meeting.place, meeting.online_url = new.place, new.online_url
    meeting.agenda = new.agenda.replace("\r\n", "\n").strip()
