"""The plans by which households are sought, kept in step with the procedure: started, ticked, ended.

`follow` is called in the transaction of whatever changed a case (`petitions.service.recompute`). It asks the database
the same few questions for one case as for thousands, and writes what differs.
"""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as insert_unless_there
from sqlalchemy.orm import Session

from app.identifiers import uuid7
from tenants.cases.codes import CaseState, Channel, ContactResult, Moment
from tenants.cases.models import Case, Person
from tenants.outreach import rules
from tenants.outreach.codes import PlanState, StepState
from tenants.outreach.models import OutreachAttempt, OutreachPlan, OutreachStep
from tenants.petitions.codes import DeadlineKind, StageKey
from tenants.petitions.course import today
from tenants.petitions.events import ENDING, ProcedureEvents
from tenants.petitions.rules import BRUSSELS
from tenants.petitions.service import newest_petitions

Events = Mapping[uuid.UUID, ProcedureEvents]


@dataclass
class _Known:
    """What decides about the plans of one case. running: its deadlines, by kind."""

    events: ProcedureEvents
    is_open: bool
    moment: Moment
    petition_id: uuid.UUID | None
    running: dict[DeadlineKind, date]
    tries: list[tuple[Moment, rules.Try]] = field(default_factory=list)
    plans: list[OutreachPlan] = field(default_factory=list)

    @property
    def is_alive(self) -> bool:
        return self.is_open and self.events.judgment_kind not in ENDING

    def tries_of(self, plan: OutreachPlan) -> list[rules.Try]:
        """The attempts that belong to the plan: at its moment, from its first day on."""
        return [each for moment, each in self.tries if moment == plan.moment and each.day >= plan.since]

    def is_current(self, plan: OutreachPlan) -> bool:
        return plan.moment == self.moment and plan.petition_id == self.petition_id


def follow(session: Session, events: Events, deadline_rows: Sequence[Mapping[str, Any]]) -> None:
    """Start, tick and end the plans of these cases. `deadline_rows` as `recompute` just wrote them."""
    now = today()
    known = _known(session, events, deadline_rows)
    steps = _steps(session, list(known))
    _start(session, known, steps, now)
    for case in known.values():
        for plan in case.plans:
            _settle(case, plan, steps[plan.id], now)
    session.flush()


def _known(session: Session, events: Events, deadline_rows: Sequence[Mapping[str, Any]]) -> dict[uuid.UUID, _Known]:
    ids = list(events)
    petitions = newest_petitions(session, ids)
    running: dict[uuid.UUID, dict[DeadlineKind, date]] = defaultdict(dict)
    for row in deadline_rows:
        running[row["case_id"]].setdefault(row["kind"], row["due_on"])
    rows = session.execute(select(Case.id, Case.state, Case.stage).where(Case.id.in_(ids)))
    known = {
        row.id: _Known(
            events[row.id],
            row.state == CaseState.OPEN,
            rules.moment_of(StageKey(row.stage)),
            petitions.get(row.id),
            running[row.id],
        )
        for row in rows
    }
    for plan in session.scalars(select(OutreachPlan).where(OutreachPlan.case_id.in_(ids)).order_by(OutreachPlan.id)):
        known[plan.case_id].plans.append(plan)
    for attempt in session.execute(_ATTEMPTS.where(OutreachAttempt.case_id.in_(ids))):
        one = rules.Try(
            attempt.id,
            attempt.at.astimezone(BRUSSELS).date(),
            Channel(attempt.channel),
            attempt.result == ContactResult.REACHED,
        )
        known[attempt.case_id].tries.append((Moment(attempt.moment), one))
    return known


_ATTEMPTS = select(
    OutreachAttempt.id,
    OutreachAttempt.case_id,
    OutreachAttempt.at,
    OutreachAttempt.moment,
    OutreachAttempt.channel,
    OutreachAttempt.result,
).order_by(OutreachAttempt.at, OutreachAttempt.id)


def _steps(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[OutreachStep]]:
    """The steps by plan, in order."""
    found: dict[uuid.UUID, list[OutreachStep]] = defaultdict(list)
    query = select(OutreachStep).where(OutreachStep.case_id.in_(ids))
    for step in session.scalars(query.order_by(OutreachStep.due_on, OutreachStep.position)):
        found[step.plan_id].append(step)
    return found


# ---------------------------------------------------------------- start


def _start(
    session: Session, known: Mapping[uuid.UUID, _Known], steps: dict[uuid.UUID, list[OutreachStep]], now: date
) -> None:
    """Start the plan of the moment where it lacks. Two who come at once make one: the second finds it there."""
    lacking = [i for i, case in known.items() if _lacks_a_plan(case, now)]
    if not lacking:
        return
    rows = [_new_plan(case_id, known[case_id], now) for case_id in lacking]
    made = session.scalars(
        insert_unless_there(OutreachPlan).on_conflict_do_nothing().returning(OutreachPlan), rows
    ).all()
    with_number = set(session.scalars(_WITH_NUMBER.where(Person.case_id.in_(lacking))))
    new_steps: list[dict[str, Any]] = []
    for plan in made:
        case = known[plan.case_id]
        case.plans.append(plan)
        towards = rules.leads_to(case.moment, case.running, now)
        planned = rules.first_steps(case.moment, now, towards, has_number=plan.case_id in with_number)
        new_steps += [step_values(plan, place, channel, day) for place, (channel, day) in enumerate(planned)]
    if new_steps:
        for step in session.scalars(insert(OutreachStep).returning(OutreachStep), new_steps):
            steps[step.plan_id].append(step)


def _lacks_a_plan(case: _Known, now: date) -> bool:
    if case.petition_id is None or not case.is_alive or any(case.is_current(plan) for plan in case.plans):
        return False
    return rules.asks_for_a_plan(case.moment, case.events, now)


def _new_plan(case_id: uuid.UUID, case: _Known, now: date) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "case_id": case_id,
        "petition_id": case.petition_id,
        "moment": case.moment,
        "since": rules.event_day(case.moment, case.events) or now,
        "started_on": now,
    }


_WITH_NUMBER = select(Person.case_id).where(Person.phone.is_not(None)).distinct()


def step_values(
    plan: OutreachPlan, position: int, channel: Channel, day: date, *, by_hand: bool = False
) -> dict[str, Any]:
    """The columns of a new step."""
    return {
        "id": uuid7(),
        "case_id": plan.case_id,
        "plan_id": plan.id,
        "position": position,
        "channel": channel,
        "due_on": day,
        "by_hand": by_hand,
    }


# ---------------------------------------------------------------- tick and end


def _settle(case: _Known, plan: OutreachPlan, rows: list[OutreachStep], now: date) -> None:
    """Write what the attempts and the procedure make of the plan. One that ended is left as it ended, unless what
    ended it is gone: a case opened again, a judgment that was written down by mistake."""
    tries = case.tries_of(plan)
    towards = rules.leads_to(Moment(plan.moment), case.running, now)
    before = [_as_step(row) for row in rows]
    is_current, is_alive = case.is_current(plan), case.is_alive
    steps = rules.tick(before, tries, towards if is_current and is_alive else None, now)
    state = rules.state_of(
        steps, tries, is_current=is_current, is_alive=is_alive, stopped=plan.state == PlanState.STOPPED
    )
    row_of = {row.id: row for row in rows}
    for step in steps:
        row = row_of[step.id]
        row.due_on, row.state, row.attempt_id = step.due_on, step.state, step.attempt_id
        if step.state is StepState.DONE:
            row.print_id = None
    _write(plan, state, rules.next_step(steps), now)


def _write(plan: OutreachPlan, state: PlanState, following: rules.Step | None, now: date) -> None:
    running = state is PlanState.RUNNING
    ended_on = None if running else plan.ended_on or now
    shown = following if running else None
    values = {
        "state": state.value,
        "ended_on": ended_on,
        "next_step_id": shown.id if shown else None,
        "next_channel": shown.channel.value if shown else None,
        # A plan that is used up asks for a decision on the day it is.
        "next_due_on": shown.due_on if shown else ended_on if state is PlanState.EXHAUSTED else None,
    }
    for name, value in values.items():
        if getattr(plan, name) != value:
            setattr(plan, name, value)


def _as_step(row: OutreachStep) -> rules.Step:
    return rules.Step(
        row.id,
        Channel(row.channel),
        row.due_on,
        row.position,
        StepState(row.state),
        by_hand=row.by_hand,
        attempt_id=row.attempt_id,
    )
