"""What became of people: asked 3, 6 and 12 months after their case was closed, each time by a task."""

import uuid
from collections.abc import Mapping
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select, update

from app import tenancy
from app.database import db, transaction
from app.identifiers import uuid7
from app.security.models import utc_now
from app.ui.formats import today
from tenants.cases import tasks
from tenants.cases.codes import TaskKind
from tenants.cases.models import Case, Task
from tenants.cases.service import ChangedMeanwhileError, NoSuchCaseError
from tenants.guidance.codes import ContactAfter, StillThere
from tenants.guidance.models import FollowUp
from tenants.guidance.rules.aftercare import Answer, plan, problems
from tenants.guidance.service import GuidanceError
from tenants.organisations.service import colleagues


def follow_ups_of(case_id: uuid.UUID) -> list[FollowUp]:
    """The questions of a case, the first one first."""
    query = select(FollowUp).where(FollowUp.case_id == case_id).order_by(FollowUp.due_on, FollowUp.id)
    return list(db.session.scalars(query))


def of_task(task_id: uuid.UUID) -> tuple[Case, FollowUp]:
    """The question that a task asks, with its case; raises NoSuchCaseError."""
    row = db.session.scalar(select(FollowUp).where(FollowUp.task_id == task_id))
    case = db.session.get(Case, row.case_id) if row else None
    if row is None or case is None:
        raise NoSuchCaseError
    return case, row


def ask_later(case: Case, closed_on: date, _answers: Mapping[str, str]) -> None:
    """Plan the questions when a case is closed, for who carried it; called in the transaction that closes it."""
    planned = plan(closed_on, today())
    carrier = case.assigned_to if case.assigned_to in {user.id for user in colleagues()} else None
    for each in planned:
        task_id = tasks.add_task(
            tasks.NewTask(
                _("do they still live there, %(months)s months on?", months=each.months),
                each.due_on,
                TaskKind.AFTERCARE,
                case_id=case.id,
                assigned_to=carrier,
            )
        )
        db.session.add(FollowUp(id=uuid7(), case_id=case.id, task_id=task_id, months=each.months, due_on=each.due_on))


def ask_no_more(case: Case) -> None:
    """Drop the questions that are still open: the case is open again, or the household wants none."""
    with transaction() as session:
        for row in session.scalars(
            select(FollowUp).where(FollowUp.case_id == case.id, FollowUp.answered_at.is_(None))
        ).all():
            task = session.get(Task, row.task_id) if row.task_id else None
            session.delete(row)
            session.flush()
            if task is not None:
                session.delete(task)


def answer(task_id: uuid.UUID, given: Answer) -> None:
    """Keep what was found out; the task is done. A household that wants no more questions gets none.

    Raises NoSuchCaseError, GuidanceError (with the field), ChangedMeanwhileError when a colleague was first.
    """
    for field, message in problems(given).items():
        raise GuidanceError(message, field)
    with transaction() as session:
        case, row = of_task(task_id)
        moved = given.still_there is StillThere.NO
        values = {
            "contact": given.contact,
            "still_there": given.still_there,
            "housing": given.housing if moved else None,
            "note": given.note.strip() or None,
            "answered_at": utc_now(),
            "answered_by": tenancy.current().user_id,
        }
        done = session.execute(
            update(FollowUp).where(FollowUp.id == row.id, FollowUp.answered_at.is_(None)).values(values)
        )
        if done.rowcount == 0:  # type: ignore[attr-defined]
            raise ChangedMeanwhileError(row.answered_by)
        tasks.finish(task_id)
        if given.contact is ContactAfter.UNWANTED:
            ask_no_more(case)
        session.expire(row)
