"""What was agreed and what was said: agreements with their history, meetings with decisions and follow-up tasks."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app import tenancy
from app.database import db, transaction
from app.i18n import N_
from tenants.cases.codes import TaskKind
from tenants.cases.models import Task
from tenants.cases.tasks import NewTask, add_task
from tenants.dialogue import rules
from tenants.dialogue.codes import AgreementState
from tenants.dialogue.errors import DialogueError, NotFoundError
from tenants.dialogue.models import Decision, DialogueAgreement, FollowUp, Meeting, Partner
from tenants.dialogue.service import changing, refresh_search, talk_held
from tenants.petitions.course import today

MOST_MEETINGS = 30  # the talks of some years; a partner is met a few times a year


@dataclass(frozen=True)
class NewAgreement:
    title: str
    agreed_on: date
    body: str | None = None


@dataclass(frozen=True)
class Agreed:
    """An agreement with where it stands; `successor`: the title of what replaced it."""

    row: DialogueAgreement
    state: AgreementState
    successor: str | None


@dataclass(frozen=True)
class NewDecision:
    """due_on: a task follows, for `assigned_to` or (None) for the team."""

    text: str
    due_on: date | None = None
    assigned_to: int | None = None


@dataclass(frozen=True)
class NewMeeting:
    held_on: date
    present: str = ""
    notes: str | None = None
    is_yearly: bool = False
    decisions: tuple[NewDecision, ...] = ()


@dataclass(frozen=True)
class Held:
    """A meeting with its decisions, each with its task if one follows."""

    meeting: Meeting
    decisions: tuple[tuple[Decision, Task | None], ...]


# ---------------------------------------------------------------- agreements


def agreements_of(partner_id: uuid.UUID) -> list[Agreed]:
    """All agreements with a partner: those in force first, then the history, the latest first."""
    rows = list(db.session.scalars(select(DialogueAgreement).where(DialogueAgreement.partner_id == partner_id)))
    titles = {row.id: row.title for row in rows}
    now = today()
    found = [
        Agreed(row, rules.state_of(row.ended_on, row.replaced_by, now), titles.get(row.replaced_by or row.id))
        for row in sorted(rows, key=lambda row: (row.agreed_on, row.id), reverse=True)
    ]
    return sorted(found, key=lambda each: each.state is not AgreementState.IN_FORCE)


def find_agreement(agreement_id: uuid.UUID) -> DialogueAgreement:
    """The agreement; raises NotFoundError."""
    row = db.session.get(DialogueAgreement, agreement_id)
    if row is None:
        raise NotFoundError
    return row


def agree(partner_id: uuid.UUID, new: NewAgreement) -> uuid.UUID:
    """Keep a new agreement; its id. Raises NotFoundError, and DialogueError for a day to come."""
    _not_later(new.agreed_on)
    with transaction() as session:
        partner = session.get(Partner, partner_id, with_for_update=True)
        if partner is None:
            raise NotFoundError
        row = DialogueAgreement(partner_id=partner_id, by=tenancy.current().user_id, **vars(new))
        session.add(row)
        refresh_search(session, partner)
        return row.id


def correct(agreement_id: uuid.UUID, new: NewAgreement, version: int) -> uuid.UUID:
    """Correct a mistake in an agreement that is in force; the partner's id. What is agreed anew replaces it instead.

    Raises NotFoundError, ChangedError, DialogueError.
    """
    _not_later(new.agreed_on)
    with transaction() as session:
        row = changing(session, DialogueAgreement, agreement_id, version)
        _in_force(row)
        row.title, row.agreed_on, row.body = new.title, new.agreed_on, new.body
        refresh_search(session, session.get_one(Partner, row.partner_id))
        return row.partner_id


def replace(agreement_id: uuid.UUID, new: NewAgreement, version: int) -> uuid.UUID:
    """A new agreement comes in place of one in force, from the day it was agreed; the partner's id.

    Raises NotFoundError, ChangedError, DialogueError (not in force any more, or agreed before the old one).
    """
    _not_later(new.agreed_on)
    with transaction() as session:
        old = changing(session, DialogueAgreement, agreement_id, version)
        _in_force(old)
        if new.agreed_on < old.agreed_on:
            raise DialogueError(N_("The new agreement can't be older than the one it replaces. Check the day."))
        old.replaced_by, old.ended_on = agree(old.partner_id, new), new.agreed_on
        return old.partner_id


def end(agreement_id: uuid.UUID, on: date, reason: str | None, version: int) -> uuid.UUID:
    """An agreement ends without another one; the partner's id. Raises NotFoundError, ChangedError, DialogueError."""
    _not_later(on)
    with transaction() as session:
        row = changing(session, DialogueAgreement, agreement_id, version)
        _in_force(row)
        if on < row.agreed_on:
            raise DialogueError(N_("The agreement can't end before it was made. Check the day."))
        row.ended_on, row.end_reason = on, reason
        return row.partner_id


def _in_force(row: DialogueAgreement) -> None:
    if rules.state_of(row.ended_on, row.replaced_by, today()) is not AgreementState.IN_FORCE:
        raise DialogueError(N_("This agreement is not in force any more. Make a new one."))


def _not_later(day: date) -> None:
    if day > today():
        raise DialogueError(N_("This day is still to come. Fill in today or earlier."))


# ---------------------------------------------------------------- meetings


def meetings_of(partner_id: uuid.UUID) -> list[Held]:
    """The meetings with a partner, the latest first; two statements."""
    query = select(Meeting).where(Meeting.partner_id == partner_id).order_by(Meeting.held_on.desc(), Meeting.id.desc())
    return _held(list(db.session.scalars(query.limit(MOST_MEETINGS))))


def find_meeting(meeting_id: uuid.UUID) -> Held:
    """The meeting with its decisions; raises NotFoundError."""
    meeting = db.session.get(Meeting, meeting_id)
    if meeting is None:
        raise NotFoundError
    return _held([meeting])[0]


def _held(meetings: Sequence[Meeting]) -> list[Held]:
    query = (
        select(Decision, Task)
        .outerjoin(FollowUp, FollowUp.decision_id == Decision.id)
        .outerjoin(Task, Task.id == FollowUp.task_id)
        .where(Decision.meeting_id.in_([meeting.id for meeting in meetings]))
        .order_by(Decision.position, Decision.id)
    )
    rows = db.session.execute(query).all() if meetings else []
    return [
        Held(meeting, tuple((row.Decision, row.Task) for row in rows if row.Decision.meeting_id == meeting.id))
        for meeting in meetings
    ]


def hold(partner_id: uuid.UUID, new: NewMeeting, talk_title: str, task_prefix: str) -> uuid.UUID:
    """Keep a meeting with its decisions and their tasks; its id.

    The yearly talk ends its task and plans the next one a year later (`talk_title`). task_prefix: 'Overleg …',
    before a decision's text. Raises NotFoundError, DialogueError, CaseError (not a colleague).
    """
    _not_later(new.held_on)
    with transaction() as session:
        partner = session.get(Partner, partner_id, with_for_update=True)
        if partner is None:
            raise NotFoundError
        meeting = Meeting(
            partner_id=partner_id,
            held_on=new.held_on,
            present=new.present,
            notes=new.notes,
            is_yearly=new.is_yearly,
            by=tenancy.current().user_id,
        )
        session.add(meeting)
        session.flush()
        _decide(meeting, new.decisions, 0, task_prefix)
        if new.is_yearly:
            talk_held(session, partner, new.held_on, talk_title)
        return meeting.id


def change_meeting(meeting_id: uuid.UUID, new: NewMeeting, version: int, task_prefix: str) -> uuid.UUID:
    """Change what a meeting's notes say, and add decisions; those made stay. The partner's id. Raises as `hold`."""
    _not_later(new.held_on)
    with transaction() as session:
        meeting = changing(session, Meeting, meeting_id, version)
        meeting.held_on, meeting.present, meeting.notes = new.held_on, new.present, new.notes
        session.flush()
        _decide(meeting, new.decisions, len(_held([meeting])[0].decisions), task_prefix)
        return meeting.partner_id


def _decide(meeting: Meeting, decisions: Sequence[NewDecision], first: int, task_prefix: str) -> None:
    with transaction() as session:
        for position, each in enumerate(decisions, start=first):
            decision = Decision(meeting_id=meeting.id, text=each.text, position=position)
            session.add(decision)
            session.flush()
            if each.due_on is not None:
                title = f"{task_prefix}: {each.text}"
                task_id = add_task(NewTask(title, each.due_on, TaskKind.FOLLOW_UP, assigned_to=each.assigned_to))
                session.add(FollowUp(partner_id=meeting.partner_id, decision_id=decision.id, task_id=task_id))
