"""Noting an attempt by hand: from the door with a phone, or from the desk. One transaction."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from app import tenancy
from app.database import transaction
from app.i18n import N_
from app.security.models import utc_now
from tenants.cases.codes import TaskKind
from tenants.cases.models import Task
from tenants.cases.service import NoSuchCaseError
from tenants.cases.service import find as find_case
from tenants.cases.tasks import NewTask, add_task, finish, tasks_of
from tenants.outreach.rules import moment_of
from tenants.outreach.service import NewAttempt, add_attempts
from tenants.petitions.codes import StageKey
from tenants.petitions.course import today
from tenants.petitions.service import recompute

# Nobody notes older attempts one by one; older ones come in with a register.
OLDEST = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class WrongAttempt:
    """What is wrong with a field: an English msgid with its parameters."""

    field: str
    msgid: str
    params: dict[str, date]


class AttemptError(Exception):
    """What was filled in can't be right; `wrong` tells all of it. Nothing was written."""

    def __init__(self, wrong: Sequence[WrongAttempt]) -> None:
        self.wrong = tuple(wrong)
        super().__init__(", ".join(each.field for each in self.wrong))


def note_attempt(
    new: NewAttempt, finished: Sequence[uuid.UUID] = (), follow: Callable[[Sequence[uuid.UUID]], None] = recompute
) -> None:
    """Keep an attempt made now or earlier; its moment follows from the stage of the case.

    The next step becomes a task of the acting person. `finished`: tasks of the case that this attempt was.
    follow: computes what follows from it, by default with the acting person's own sight.
    Raises NoSuchCaseError, AttemptError.
    """
    with transaction():
        case = find_case(new.case_id)
        _check(new)
        add_attempts([replace(new, moment=moment_of(StageKey(case.stage)))])
        for task_id in _own(case.id, finished):
            finish(task_id)
        if new.next_step and new.next_step_on:
            me = tenancy.current().user_id
            add_task(NewTask(new.next_step, new.next_step_on, TaskKind.FOLLOW_UP, case_id=case.id, assigned_to=me))
        follow([case.id])


def promised_steps(case_id: uuid.UUID) -> list[Task]:
    """The next steps of a case that are still to be taken, the soonest first."""
    return [task for task in tasks_of(case_id) if task.kind == TaskKind.FOLLOW_UP and task.done_at is None]


def _own(case_id: uuid.UUID, finished: Sequence[uuid.UUID]) -> Sequence[uuid.UUID]:
    known = {task.id for task in tasks_of(case_id)} if finished else set()
    if set(finished) - known:
        raise NoSuchCaseError
    return finished


def _check(new: NewAttempt) -> None:
    wrong = []
    if new.at > utc_now():
        wrong.append(WrongAttempt("day", N_("An attempt that is still to come is a next step: fill it in there."), {}))
    elif new.at < OLDEST:
        wrong.append(WrongAttempt("day", N_("Check the year of this attempt."), {}))
    if new.next_step and not new.next_step_on:
        wrong.append(WrongAttempt("next_step_on", N_("Fill in when, so that it appears in Today."), {}))
    if new.next_step_on and not new.next_step:
        wrong.append(WrongAttempt("next_step", N_("Say what the next step is."), {}))
    if new.next_step_on and new.next_step_on < today():
        past = N_("The next step can't be on %(day)s: that day is over.")
        wrong.append(WrongAttempt("next_step_on", past, {"day": new.next_step_on}))
    if wrong:
        raise AttemptError(wrong)
