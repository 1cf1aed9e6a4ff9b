"""The steps of followed scenarios, kept in step with the case: each gets its task when its event is there.

`follow` is called in the transaction of whatever changed a case (`petitions.service.recompute`), for one case as for
thousands: it asks the same few questions, and writes what differs.
"""

import uuid
from collections.abc import Mapping
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import Row, delete, select
from sqlalchemy.orm import Session

from app import tenancy
from app.identifiers import uuid7
from playbook.scenarios import rules as shared
from playbook.scenarios.rules import OURS, WHO, Step
from tenants.cases.codes import CaseState, TaskKind
from tenants.cases.models import Case, Task
from tenants.petitions.events import ProcedureEvents
from tenants.scenarios import rules
from tenants.scenarios.models import CaseScenario, CaseStep

LONGEST_TITLE = 200  # as the form of a task has it


def follow(session: Session, events: Mapping[uuid.UUID, ProcedureEvents]) -> None:
    """Compute the days of all open steps of these cases again, and give, move or take away their tasks."""
    query = (
        select(CaseStep, CaseScenario.started_on, Case.opened_on, Case.assigned_to, Case.state)
        .join(CaseScenario, CaseScenario.id == CaseStep.follow_id)
        .join(Case, Case.id == CaseStep.case_id)
        .where(
            CaseStep.case_id.in_(list(events)),
            CaseScenario.ended_on.is_(None),
            CaseStep.skip_reason.is_(None),
            CaseStep.is_kept.is_(False),
        )
    )
    rows = session.execute(query.order_by(CaseStep.follow_id, CaseStep.position)).all()
    given = [row.CaseStep.task_id for row in rows if row.CaseStep.task_id]
    tasks = {task.id: task for task in session.scalars(select(Task).where(Task.id.in_(given)))} if given else {}
    for row in rows:
        _settle(session, row, events[row.CaseStep.case_id], tasks)
    session.flush()


def _settle(
    session: Session,
    row: Row[CaseStep, date, date, int | None, str],
    events: ProcedureEvents,
    tasks: Mapping[uuid.UUID, Task],
) -> None:
    step, started_on, opened_on, assigned_to, state = row
    task = tasks.get(step.task_id) if step.task_id else None
    if step.task_id and (task is None or task.done_at is not None):
        return  # somebody deleted it, or it is done: that stays
    what = shared.step_of(step.step)
    days = rules.days_of(events, opened_on, started_on)
    due = shared.due_on(what, days)
    # A scenario that starts late asks for the rest now, not for what should have been done before.
    due = max(due, started_on) if due else None
    moved = due != step.due_on
    step.basis_on, step.due_on = days.get(what.event), due
    if due is None:
        if task is not None:
            session.execute(delete(Task).where(Task.id == task.id))
            step.task_id = None
    elif task is None:
        if state == CaseState.OPEN:
            step.task_id = _give_task(session, step.case_id, what, due, assigned_to)
    elif moved:
        task.due_on = due
        if task.remind_on is not None and task.remind_on >= due:
            task.remind_on = None
        task.version += 1


def _give_task(session: Session, case_id: uuid.UUID, step: Step, due: date, assigned_to: int | None) -> uuid.UUID:
    task = Task(
        id=uuid7(),
        case_id=case_id,
        kind=TaskKind.TODO if step.who in OURS else TaskKind.FOLLOW_UP,
        title=title_of(step),
        due_on=due,
        assigned_to=assigned_to,
        created_by=tenancy.current().user_id,
    )
    session.add(task)
    return task.id


def title_of(step: Step) -> str:
    """What a step is called among the tasks: with whose turn it is, when that is not the social worker's."""
    if step.who is shared.Who.SOCIAL_WORKER:
        return step.what
    return _("%(label)s: %(text)s", label=_(WHO[step.who]), text=step.what)[:LONGEST_TITLE]
