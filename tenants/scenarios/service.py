"""Following a scenario in a case: start, skip a step, look at a new version and move over, stop."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_unless_there
from sqlalchemy.orm import Session

from app import tenancy
from app.database import db, transaction
from app.i18n import N_
from app.identifiers import uuid7
from app.security.models import utc_now
from playbook.scenarios import service as shared
from playbook.scenarios.rules import Change, Step, step_of, with_own
from playbook.scenarios.service import Published
from tenants.cases import tasks
from tenants.cases.codes import CaseState
from tenants.cases.models import Case, Task
from tenants.cases.service import NoSuchCaseError
from tenants.petitions.course import today
from tenants.petitions.rules import BRUSSELS
from tenants.petitions.service import recompute
from tenants.scenarios import own, rules
from tenants.scenarios.codes import SkipReason, StepState, StopReason
from tenants.scenarios.models import CaseScenario, CaseStep
from tenants.scenarios.rules import CaseStepView


class FollowError(Exception):
    """Something can't be done (any more); `message` is a msgid that says why and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class GoneError(FollowError):
    """Somebody else did something in the meantime that makes this impossible."""


class NoSuchStepError(Exception):
    """The case has no such scenario or step."""


@dataclass(frozen=True)
class Followed:
    """A scenario as a case follows it, its steps in order; `newest`: the version that is offered now, if another.

    withdrawn: the scenario when no new case may start it any more; this one keeps its version.
    """

    row: CaseScenario
    steps: tuple[CaseStepView, ...]
    newest: Published | None = None
    changes: tuple[Change, ...] = ()
    withdrawn: Published | None = None

    @property
    def is_running(self) -> bool:
        return self.row.ended_on is None

    @property
    def turn(self) -> CaseStepView | None:
        return rules.whose_turn(self.steps)

    @property
    def settled(self) -> int:
        return sum(step.is_settled for step in self.steps)

    @property
    def can_move(self) -> bool:
        return self.newest is not None and (bool(self.changes) or self.newest.number > self.row.number)


def followed_by(case_id: uuid.UUID) -> list[Followed]:
    """The scenarios of a case, the running ones first, then the latest first."""
    session = db.session()
    query = select(CaseScenario).where(CaseScenario.case_id == case_id)
    rows = session.scalars(query.order_by(CaseScenario.ended_on.is_not(None), CaseScenario.id.desc())).all()
    if not rows:
        return []
    steps = _steps_of(session, case_id)
    known = {each.scenario_id: each for each in shared.known()}
    extra = own.steps_by_scenario([row.scenario_id for row in rows if row.ended_on is None])
    found = []
    for row in rows:
        shown = known.get(row.scenario_id) if row.ended_on is None else None
        is_withdrawn = shown is not None and shown.withdrawn_at is not None
        newest = None if is_withdrawn else shown
        wanted = with_own(newest.definition.steps, extra[row.scenario_id]) if newest else ()
        changes = rules.to_move(steps[row.id], wanted) if newest else ()
        found.append(Followed(row, tuple(steps[row.id]), newest, changes, shown if is_withdrawn else None))
    return found


def find(case_id: uuid.UUID, follow_id: uuid.UUID) -> Followed:
    """One of them; raises NoSuchStepError."""
    found = next((each for each in followed_by(case_id) if each.row.id == follow_id), None)
    if found is None:
        raise NoSuchStepError
    return found


def offered_to(case_id: uuid.UUID) -> list[Published]:
    """The scenarios that a case could follow and does not."""
    query = select(CaseScenario.scenario_id).where(CaseScenario.case_id == case_id, CaseScenario.ended_on.is_(None))
    taken = set(db.session.scalars(query))
    return [each for each in shared.published() if each.scenario_id not in taken]


def find_step(case_id: uuid.UUID, step_id: uuid.UUID) -> tuple[Followed, CaseStepView]:
    """A step of the case with its scenario; raises NoSuchStepError."""
    for each in followed_by(case_id):
        for step in each.steps:
            if step.id == step_id:
                return each, step
    raise NoSuchStepError


def _steps_of(session: Session, case_id: uuid.UUID) -> dict[uuid.UUID, list[CaseStepView]]:
    query = select(CaseStep, Task.id.label("task"), Task.done_at, Task.due_on).outerjoin(
        Task, Task.id == CaseStep.task_id
    )
    found: dict[uuid.UUID, list[CaseStepView]] = defaultdict(list)
    for row in session.execute(query.where(CaseStep.case_id == case_id).order_by(CaseStep.position, CaseStep.id)):
        step: CaseStep = row.CaseStep
        state = rules.state_of(
            has_task=row.task is not None,
            is_done=row.done_at is not None,
            was_dropped=step.task_id is not None and row.task is None,
            skip_reason=step.skip_reason,
        )
        reason = SkipReason(step.skip_reason or "other") if state is StepState.SKIPPED else None
        found[step.follow_id].append(
            CaseStepView(
                step.id,
                step_of(step.step),
                state,
                row.due_on or step.due_on,  # a person may have moved the task
                row.done_at.astimezone(BRUSSELS).date() if row.done_at else None,
                reason,
                step.is_own,
                step.is_kept,
                row.task,
            )
        )
    return found


# ---------------------------------------------------------------- start and stop


def start(case_id: uuid.UUID, scenario_id: uuid.UUID) -> uuid.UUID:
    """Let the case follow the newest version of a scenario from today on; the id of that.

    Raises NoSuchCaseError, playbook.scenarios.service.NoSuchScenarioError, FollowError.
    """
    with transaction() as session:
        case = session.get(Case, case_id)
        if case is None:
            raise NoSuchCaseError
        if case.state != CaseState.OPEN:
            raise FollowError(N_("This case is closed. Open it again first, then let it follow a scenario."))
        chosen = shared.to_start(scenario_id)
        row = {
            "id": uuid7(),
            "case_id": case_id,
            "network_id": chosen.network_id,
            "scenario_id": scenario_id,
            "number": chosen.number,
            "title": chosen.definition.title,
            "started_on": today(),
            "started_by": tenancy.current().user_id,
        }
        made: uuid.UUID | None = session.scalar(
            insert_unless_there(CaseScenario).on_conflict_do_nothing().returning(CaseScenario.id), row
        )
        if made is None:
            raise GoneError(N_("The case follows this scenario already."))
        wanted = _wanted(chosen)
        values = [_new_step(case_id, made, step, place, is_own) for place, (step, is_own) in enumerate(wanted)]
        session.execute(insert(CaseStep), values)
        recompute([case_id])
    return made


def stop(case_id: uuid.UUID, follow_id: uuid.UUID, reason: StopReason) -> None:
    """Follow it no longer; what is not done yet of it leaves the tasks. Raises NoSuchStepError, GoneError."""
    with transaction() as session:
        row = _held(session, case_id, follow_id)
        row.ended_on, row.ended_by, row.stop_reason = today(), tenancy.current().user_id, reason.value
        _take_open_tasks(session, CaseStep.follow_id == follow_id)
        recompute([case_id])


def _wanted(chosen: Published) -> list[tuple[Step, bool]]:
    """The steps that a case gets: those of the version and the organisation's own, each with whether it is own."""
    extra = own.steps_by_scenario([chosen.scenario_id])[chosen.scenario_id]
    keys = {step.key for _after, step in extra}
    return [(step, step.key in keys) for step in with_own(chosen.definition.steps, extra)]


def _new_step(case_id: uuid.UUID, follow_id: uuid.UUID, step: Step, place: int, is_own: bool) -> dict[str, object]:
    return {
        "id": uuid7(),
        "case_id": case_id,
        "follow_id": follow_id,
        "position": place,
        "is_own": is_own,
        **rules.as_columns(step),
    }


def _held(session: Session, case_id: uuid.UUID, follow_id: uuid.UUID) -> CaseScenario:
    """The row, held until the end of the transaction. Raises NoSuchStepError, GoneError."""
    query = select(CaseScenario).where(CaseScenario.id == follow_id, CaseScenario.case_id == case_id)
    row: CaseScenario | None = session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if row is None:
        raise NoSuchStepError
    if row.ended_on is not None:
        raise GoneError(N_("The case does not follow this scenario any more."))
    return row


def _take_open_tasks(session: Session, which: object) -> None:
    """Delete the tasks of steps that nobody did; the steps wait then."""
    query = select(CaseStep).join(Task, Task.id == CaseStep.task_id).where(which, Task.done_at.is_(None))  # type: ignore[arg-type]
    steps = session.scalars(query).all()
    gone = [step.task_id for step in steps]
    for step in steps:
        step.task_id, step.due_on, step.basis_on = None, None, None
    session.flush()
    session.execute(delete(Task).where(Task.id.in_(gone)))


# ---------------------------------------------------------------- a step


def finish_step(case_id: uuid.UUID, step_id: uuid.UUID) -> None:
    """Mark a step as done. Raises NoSuchStepError, GoneError."""
    with transaction():
        followed, step = find_step(case_id, step_id)
        if step.task_id is None or not followed.is_running:
            raise GoneError(N_("This step is not open. Look at the case again."))
        tasks.finish(step.task_id)


def skip_step(case_id: uuid.UUID, step_id: uuid.UUID, reason: SkipReason) -> None:
    """Skip a step that is not done; its task goes. Raises NoSuchStepError, GoneError."""
    with transaction() as session:
        followed, step = find_step(case_id, step_id)
        _held(session, case_id, followed.row.id)
        row = _held_step(session, step_id)
        done = session.scalar(select(Task.done_at).where(Task.id == row.task_id)) if row.task_id else None
        if row.skip_reason or done or step.is_settled:
            raise GoneError(N_("A colleague settled this step in the meantime."))
        _take_open_tasks(session, CaseStep.id == step_id)
        row.skip_reason, row.skipped_at, row.skipped_by = reason.value, utc_now(), tenancy.current().user_id
        recompute([case_id])


def take_up(case_id: uuid.UUID, step_id: uuid.UUID) -> None:
    """Do a skipped step after all. Raises NoSuchStepError, GoneError."""
    with transaction() as session:
        followed, step = find_step(case_id, step_id)
        _held(session, case_id, followed.row.id)
        row = _held_step(session, step_id)
        if step.state is not StepState.SKIPPED or step.is_kept:
            raise GoneError(N_("A colleague settled this step in the meantime."))
        row.skip_reason = row.skipped_at = row.skipped_by = row.task_id = None
        recompute([case_id])


def _held_step(session: Session, step_id: uuid.UUID) -> CaseStep:
    query = select(CaseStep).where(CaseStep.id == step_id)
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).one()


# ---------------------------------------------------------------- a new version


def move_over(case_id: uuid.UUID, follow_id: uuid.UUID, number: int) -> None:
    """Follow version `number`, which has to be the newest, with the own steps as they are now.

    What is done or skipped stays so; a settled step that is in it no longer is kept. Raises NoSuchStepError, and
    GoneError when a still newer version appeared.
    """
    with transaction() as session:
        row = _held(session, case_id, follow_id)
        chosen = shared.newest(row.scenario_id)
        if chosen.withdrawn_at is not None:
            raise GoneError(N_("This scenario was withdrawn in the meantime. The case keeps the version it follows."))
        if chosen.number != number:
            raise GoneError(N_("A newer version appeared in the meantime. Look at the difference again."))
        settled = {step.step.key for step in find(case_id, follow_id).steps if step.is_settled}
        rows = {step.key: step for step in session.scalars(select(CaseStep).where(CaseStep.follow_id == follow_id))}
        wanted = _wanted(chosen)
        for place, (step, is_own) in enumerate(wanted):
            if step.key not in rows:
                session.execute(insert(CaseStep), [_new_step(case_id, follow_id, step, place, is_own)])
                continue
            known = rows[step.key]
            known.position, known.is_kept = place, False
            if step.key not in settled and step_of(known.step) != step:
                known.step = step.as_json()
                _rename_task(session, known, step)
        _leave(session, [known for key, known in rows.items() if key not in _keys(wanted)], settled, len(wanted))
        row.number, row.title = chosen.number, chosen.definition.title
        row.moved_at, row.moved_by = utc_now(), tenancy.current().user_id
        recompute([case_id])


def _keys(wanted: Sequence[tuple[Step, bool]]) -> set[str]:
    return {step.key for step, _is_own in wanted}


def _leave(session: Session, gone: Sequence[CaseStep], settled: set[str], place: int) -> None:
    """Steps that the version has no longer: the settled ones are kept at the end, the others go with their task."""
    for step in gone:
        if step.key in settled:
            step.is_kept, step.position = True, place
            continue
        if step.task_id is not None:
            session.execute(delete(Task).where(Task.id == step.task_id))
        session.delete(step)
    session.flush()


def _rename_task(session: Session, row: CaseStep, step: Step) -> None:
    from tenants.scenarios.following import title_of

    task = session.get(Task, row.task_id) if row.task_id else None
    if task is not None:
        task.title = title_of(step)
        task.version += 1
