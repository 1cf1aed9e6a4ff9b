"""What was promised or is to be done: for a person or for the team, mostly within a case."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session, selectinload

from app import tenancy
from app.database import db, read_once, transaction
from app.i18n import N_
from app.security.models import utc_now
from tenants.cases.assigning import check_colleague
from tenants.cases.codes import TaskKind
from tenants.cases.models import Case, DroppedTask, Task
from tenants.cases.service import CaseError, ChangedMeanwhileError, NoSuchCaseError

PAGE = 50  # tasks: about what a person has open
RECENT = timedelta(days=7)  # how long a done task can be found to undo it; after that the timeline tells


@dataclass(frozen=True)
class NewTask:
    """A task to add or change. due_at: local time in Belgium. assigned_to: None is the whole team's.

    remind_on: a day before due_on from which it shows among the work of today.
    """

    title: str
    due_on: date
    kind: TaskKind = TaskKind.PROMISE
    due_at: time | None = None
    case_id: uuid.UUID | None = None
    assigned_to: int | None = None
    remind_on: date | None = None


@dataclass(frozen=True)
class SeenTask:
    """A task as the page showed it."""

    task_id: uuid.UUID
    version: int


def add_task(new: NewTask) -> uuid.UUID:
    """Add a task; its id. Raises NoSuchCaseError, and CaseError for somebody who is no colleague."""
    check_colleague(new.assigned_to)
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


def find_task(task_id: uuid.UUID) -> Task:
    """The task; raises NoSuchCaseError."""
    task = db.session.get(Task, task_id)
    if task is None:
        raise NoSuchCaseError
    return task


def change_task(task_id: uuid.UUID, new: NewTask, version: int) -> None:
    """Change what a task says, its day or whose it is; the case it belongs to stays.

    Raises NoSuchCaseError, CaseError, and ChangedMeanwhileError when a colleague changed, did or deleted it first.
    """
    check_colleague(new.assigned_to)
    with transaction() as session:
        (task,) = _locked(session, [SeenTask(task_id, version)])
        task.title, task.kind = new.title, new.kind
        task.due_on, task.due_at, task.remind_on = new.due_on, new.due_at, new.remind_on
        task.assigned_to = new.assigned_to
        task.version += 1


def give_tasks(seen: Sequence[SeenTask], user_id: int | None) -> None:
    """Give the tasks to a colleague, or (None) to the whole team; all or none. Raises as `change_task`."""
    check_colleague(user_id)
    with transaction() as session:
        for task in _locked(session, seen):
            task.assigned_to = user_id
            task.version += 1


def move_tasks(seen: Sequence[SeenTask], day: date) -> None:
    """Move the tasks to another day; all or none. Raises as `change_task`."""
    with transaction() as session:
        for task in _locked(session, seen):
            task.due_on = day
            if task.remind_on is not None and task.remind_on >= day:
                task.remind_on = None  # it would come after the day itself
            task.version += 1


def drop_task(task_id: uuid.UUID, reason: str, version: int) -> None:
    """Delete a task that is not needed any more; what it said and why it went is kept. Raises as `change_task`."""
    if not reason.strip():
        raise CaseError(N_("Say why this task is not needed any more."))
    with transaction() as session:
        (task,) = _locked(session, [SeenTask(task_id, version)])
        kept = {name: getattr(task, name) for name in ("case_id", "kind", "title", "due_on", "assigned_to")}
        session.add(DroppedTask(id=task.id, **kept, reason=reason.strip(), by=tenancy.current().user_id))
        session.delete(task)
        _tell(session, task.case_id)


def _locked(session: Session, seen: Sequence[SeenTask]) -> list[Task]:
    """The open tasks, held until the end of the transaction, in one order so that nobody locks up."""
    versions = {each.task_id: each.version for each in seen}
    query = select(Task).where(Task.id.in_(versions)).order_by(Task.id).with_for_update()
    tasks = list(session.scalars(query.execution_options(populate_existing=True)))
    if len(tasks) != len(versions):
        raise NoSuchCaseError
    if any(task.done_at is not None or task.version != versions[task.id] for task in tasks):
        raise ChangedMeanwhileError(None)
    return tasks


def was_dropped(task_id: uuid.UUID) -> bool:
    """Whether there was such a task and somebody deleted it (it keeps its id)."""
    return db.session.get(DroppedTask, task_id) is not None


def dropped_of(case_id: uuid.UUID) -> Sequence[DroppedTask]:
    """The tasks of a case that were deleted, the latest first."""
    query = select(DroppedTask).where(DroppedTask.case_id == case_id).order_by(DroppedTask.at.desc())
    return db.session.scalars(query).all()


def _mark(task_id: uuid.UUID, *, done: bool) -> Task:
    now = {"done_at": utc_now(), "done_by": tenancy.current().user_id, "done_by_tenant": tenancy.acting_organisation()}
    with transaction() as session:
        before = Task.done_at.is_(None) if done else Task.done_at.is_not(None)
        session.execute(update(Task).where(Task.id == task_id, before).values(now if done else _NOT_DONE))
        task = session.get(Task, task_id)
        if task is None:
            raise NoSuchCaseError
        _tell(session, task.case_id)
    return task


def _tell(session: Session, case_id: uuid.UUID | None) -> None:
    """Publish what follows for the figures when the task is a step of a scenario. Who visits a case of another
    organisation writes none of its facts: the portal does, after what they did (`sharing.visiting`)."""
    from tenants.scenarios.facts import publish

    if case_id is not None and tenancy.current().partner_id is None:
        publish(session, [case_id])


_NOT_DONE = {"done_at": None, "done_by": None, "done_by_tenant": None}


@dataclass(frozen=True)
class TaskPage:
    """A page of open tasks, its number from 1; how many there are in all, and how many of them are late."""

    rows: list[Task]
    page: int
    count: int
    late: int


def open_tasks(today: date, user_id: int | None = None, page: int = 1) -> TaskPage:
    """Open tasks, the soonest first: of a person and of the team, or (without `user_id`) of everybody."""
    still = _of(user_id).where(Task.done_at.is_(None))
    counting = still.with_only_columns(func.count(), func.count().filter(Task.due_on < today))
    count, late = db.session.execute(counting).one()
    page = max(1, min(page, -(-count // PAGE)))
    shown = still.order_by(Task.due_on, Task.due_at, Task.id).limit(PAGE).offset((page - 1) * PAGE)
    return TaskPage(_listed(shown), page, count, late)


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


@read_once
def tasks_of(case_id: uuid.UUID) -> Sequence[Task]:
    """All tasks of a case, the soonest first."""
    query = select(Task).where(Task.case_id == case_id).order_by(Task.due_on, Task.due_at, Task.id)
    return db.session.scalars(query).all()
