"""What a worker does with a plan: look at it, start one, add, move and skip steps, stop it. One function, one use case.

The steps themselves are ticked by noting attempts; `planning.follow` (in `recompute`) then says how the plan stands.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app import tenancy
from app.database import db, transaction
from app.i18n import N_
from tenants.cases.codes import CaseState, Channel, Moment
from tenants.cases.models import Case
from tenants.cases.service import NoSuchCaseError
from tenants.cases.service import find as find_case
from tenants.outreach.codes import PlanState, StepState
from tenants.outreach.models import OutreachAttempt, OutreachPlan, OutreachStep
from tenants.outreach.planning import step_values
from tenants.outreach.rules import first_steps, moment_of, what_remains
from tenants.petitions.codes import StageKey
from tenants.petitions.course import today
from tenants.petitions.service import newest_petitions, recompute

ALIVE = (PlanState.RUNNING, PlanState.EXHAUSTED)


class PlanError(Exception):
    """A change of a plan is refused; `message` is a msgid for the reader, `field` the form's field it is about."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message, self.field = message, field


class GoneError(PlanError):
    """The step or the plan isn't open any more: somebody else was first."""


@dataclass(frozen=True)
class Plan:
    """A plan with its steps in order, the attempts that ticked them by id, and what could still be tried."""

    row: OutreachPlan
    steps: Sequence[OutreachStep]
    attempts: dict[uuid.UUID, OutreachAttempt]

    @property
    def state(self) -> PlanState:
        return PlanState(self.row.state)

    @property
    def is_alive(self) -> bool:
        return self.state in ALIVE

    @property
    def remains(self) -> tuple[Channel, ...]:
        """What nobody tried at this moment."""
        tried = {Channel(step.channel) for step in self.steps if step.state == StepState.DONE}
        return what_remains(Moment(self.row.moment), tried)


def plans_of(case_id: uuid.UUID) -> list[Plan]:
    """The plans of a case, the one that matters first: alive before ended, then the newest."""
    plans = db.session.scalars(select(OutreachPlan).where(OutreachPlan.case_id == case_id)).all()
    steps = db.session.scalars(
        select(OutreachStep).where(OutreachStep.case_id == case_id).order_by(OutreachStep.due_on, OutreachStep.position)
    ).all()
    ticked = [step.attempt_id for step in steps if step.attempt_id]
    found = db.session.scalars(select(OutreachAttempt).where(OutreachAttempt.id.in_(ticked))) if ticked else ()
    attempts = {attempt.id: attempt for attempt in found}
    shown = [Plan(row, [s for s in steps if s.plan_id == row.id], attempts) for row in plans]
    return sorted(shown, key=lambda plan: (plan.is_alive, plan.row.since, plan.row.id), reverse=True)


def find_plan(plan_id: uuid.UUID) -> Plan:
    """The plan; raises NoSuchCaseError."""
    row = db.session.get(OutreachPlan, plan_id)
    if row is None:
        raise NoSuchCaseError
    return next(plan for plan in plans_of(row.case_id) if plan.row.id == plan_id)


def find_step(step_id: uuid.UUID) -> OutreachStep:
    """The step; raises NoSuchCaseError."""
    step = db.session.get(OutreachStep, step_id)
    if step is None:
        raise NoSuchCaseError
    return step


def start(case_id: uuid.UUID) -> None:
    """Start a plan where none started by itself: before any petition, or long after it.

    Raises NoSuchCaseError, PlanError.
    """
    with transaction() as session:
        case = session.get(Case, case_id, with_for_update=True)
        if case is None:
            raise NoSuchCaseError
        if case.state != CaseState.OPEN:
            raise PlanError(N_("This case is closed. Open it again first, then start a plan."))
        moment = moment_of(StageKey(case.stage))
        petition_id = newest_petitions(session, [case_id]).get(case_id)
        known = select(OutreachPlan.id).where(
            OutreachPlan.case_id == case_id,
            OutreachPlan.moment == moment,
            OutreachPlan.petition_id == petition_id,
        )
        if session.scalar(known) is not None:
            raise PlanError(N_("There is a plan for this moment already. Add a step to it."))
        now = today()
        plan = OutreachPlan(case_id=case_id, petition_id=petition_id, moment=moment, since=now, started_on=now)
        session.add(plan)
        session.flush()
        has_number = any(person.phone for person in case.persons)
        planned = first_steps(moment, now, None, has_number=has_number)
        session.execute(
            insert(OutreachStep),
            [step_values(plan, place, channel, day) for place, (channel, day) in enumerate(planned)],
        )
        recompute([case_id])


def add_step(plan_id: uuid.UUID, channel: Channel, due_on: date) -> None:
    """Add a step of one's own to a plan that runs, is used up or was stopped.

    Raises NoSuchCaseError, GoneError, PlanError.
    """
    with transaction() as session:
        plan = _locked_plan(session, plan_id)
        if plan.state not in (*ALIVE, PlanState.STOPPED):
            raise GoneError(N_("This plan has ended meanwhile: nothing can be added to it any more."))
        _check_day(due_on)
        plan.state, plan.stop_reason = PlanState.RUNNING, None
        session.execute(
            insert(OutreachStep), [step_values(plan, _last(session, plan_id) + 1, channel, due_on, by_hand=True)]
        )
        recompute([plan.case_id])


def move_step(step_id: uuid.UUID, due_on: date, *, first: bool = False, seen: str | None = None) -> None:
    """Plan a step on another day, and with `first` before the other steps of that day.

    seen: the day (ISO) for which it was planned when the form was opened. Raises NoSuchCaseError, GoneError (which a
    colleague's other day is too), PlanError.
    """
    with transaction() as session:
        step = _locked_step(session, step_id)
        if seen and step.due_on.isoformat() not in (seen, due_on.isoformat()):
            raise GoneError(N_("A colleague planned this step for another day meanwhile. Plan once more if you like."))
        _check_day(due_on)
        step.due_on, step.by_hand = due_on, True
        if first:
            step.position = _first(session, step.plan_id) - 1
        recompute([step.case_id])


def skip_step(step_id: uuid.UUID, reason: str) -> None:
    """Leave a step out, saying why. Raises NoSuchCaseError, GoneError, PlanError."""
    with transaction() as session:
        step = _locked_step(session, step_id)
        if not reason.strip():
            raise PlanError(N_("Say why, so that a colleague understands it later."), "reason")
        step.state, step.skip_reason = StepState.SKIPPED, reason.strip()
        step.settled_by, step.print_id = tenancy.current().user_id, None
        recompute([step.case_id])


def stop(plan_id: uuid.UUID, reason: str) -> None:
    """End a plan by hand, saying why. Raises NoSuchCaseError, GoneError, PlanError."""
    with transaction() as session:
        plan = _locked_plan(session, plan_id)
        if plan.state not in ALIVE:
            raise GoneError(N_("This plan has ended meanwhile."))
        if not reason.strip():
            raise PlanError(N_("Say why, so that a colleague understands it later."), "reason")
        plan.state, plan.stop_reason, plan.ended_on = PlanState.STOPPED, reason.strip(), today()
        recompute([plan.case_id])


def next_channel_of(case_id: uuid.UUID) -> Channel | None:
    """The channel that the running plan of the case wants next, None without one."""
    query = select(OutreachPlan.next_channel).where(
        OutreachPlan.case_id == case_id, OutreachPlan.state == PlanState.RUNNING
    )
    found = db.session.scalar(query)
    return Channel(found) if found else None


def _locked_plan(session: Session, plan_id: uuid.UUID) -> OutreachPlan:
    plan = session.get(OutreachPlan, plan_id, with_for_update=True, populate_existing=True)
    if plan is None:
        raise NoSuchCaseError
    find_case(plan.case_id)
    return plan


def _locked_step(session: Session, step_id: uuid.UUID) -> OutreachStep:
    """An open step of a plan that is alive; who changes the same plan waits."""
    _locked_plan(session, find_step(step_id).plan_id)
    step = session.get(OutreachStep, step_id, populate_existing=True)
    if step is None:
        raise NoSuchCaseError
    if step.state != StepState.OPEN:
        raise GoneError(N_("This step was taken or skipped meanwhile: there is nothing left to change."))
    return step


def _check_day(day: date) -> None:
    if day < today():
        raise PlanError(N_("That day is over. Choose today or later."), "day")


def _last(session: Session, plan_id: uuid.UUID) -> int:
    return max(session.scalars(select(OutreachStep.position).where(OutreachStep.plan_id == plan_id)), default=-1)


def _first(session: Session, plan_id: uuid.UUID) -> int:
    return min(session.scalars(select(OutreachStep.position).where(OutreachStep.plan_id == plan_id)), default=0)
