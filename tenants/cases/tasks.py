"""What was promised or is to be done: for a person or for the team, mostly within a case."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from sqlalchemy import Select, select, update
from sqlalchemy.orm import selectinload

from app import tenancy
from app.database import db, transaction
from app.i18n import N_
from app.security.models import utc_now
from tenants.cases.codes import TaskKind
from tenants.cases.models import Case, Task
from tenants.cases.service import CaseError, NoSuchCaseError
from tenants.organisations.service import colleagues

RECENT = timedelta(days=7)  # how long a done task can be found to undo it; after that the timeline tells


@dataclass(frozen=True)
class NewTask:
    """A task to add. due_at: local time in Belgium. assigned_to: None is the whole team's."""

    title: str
    due_on: date
    kind: TaskKind = TaskKind.PROMISE
    due_at: time | None = None
    case_id: uuid.UUID | None = None
    assigned_to: int | None = None


def add_task(new: NewTask) -> uuid.UUID:
    """Add a task; its id. Raises NoSuchCaseError, and CaseError for somebody who is no colleague."""
    if new.assigned_to is not None and new.assigned_to not in {user.id for user in colleagues()}:
        raise CaseError(N_("This person does not carry cases in your organisation. Choose somebody from the list."))
    with transaction() as session:
        if new.case_id is not None and session.get(Case, new.case_id) is None:
            raise NoSuchCaseError
        task = Task(**vars(new), created_by=tenancy.current().user_id)
        session.add(task)
        session.flush()
    return task.id


def finish(task_id: uuid.UUID) -> Task:
    """Mark the task done; one that was done already stays as it is. Raises NoSuchCaseError."""
    return _mark(task_id, done=True)


def unfinish(task_id: uuid.UUID) -> Task:
    """Take 'done' back. Raises NoSuchCaseError."""
    return _mark(task_id, done=False)


def _mark(task_id: uuid.UUID, *, done: bool) -> Task:
    with transaction() as session:
        before = Task.done_at.is_(None) if done else Task.done_at.is_not(None)
        values = {"done_at": utc_now(), "done_by": tenancy.current().user_id} if done else _NOT_DONE
        session.execute(update(Task).where(Task.id == task_id, before).values(values))
        task = session.get(Task, task_id)
        if task is None:
            raise NoSuchCaseError
    return task


_NOT_DONE = {"done_at": None, "done_by": None}


def open_tasks(user_id: int | None = None) -> list[Task]:
    """Open tasks, the soonest first: of a person and of the team, or (without `user_id`) of everybody."""
    return _listed(_of(user_id).where(Task.done_at.is_(None)).order_by(Task.due_on, Task.due_at, Task.id))


def recently_done(user_id: int | None = None) -> list[Task]:
    """Tasks done in the last week, the latest first."""
    return _listed(_of(user_id).where(Task.done_at >= utc_now() - RECENT).order_by(Task.done_at.desc()).limit(20))


def _of(user_id: int | None) -> Select[tuple[Task]]:
    query = select(Task)
    if user_id is not None:
        query = query.where((Task.assigned_to == user_id) | Task.assigned_to.is_(None))
    return query


def _listed(query: Select[tuple[Task]]) -> list[Task]:
    return list(db.session.scalars(query.options(selectinload(Task.case))))


def tasks_of(case_id: uuid.UUID) -> Sequence[Task]:
    """All tasks of a case, the soonest first."""
    return _listed(select(Task).where(Task.case_id == case_id).order_by(Task.due_on, Task.due_at, Task.id))
