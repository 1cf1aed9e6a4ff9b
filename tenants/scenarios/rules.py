"""How the steps of a followed scenario stand, and whose turn it is. Pure."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from playbook.scenarios.rules import Change, Event, Step, difference
from tenants.petitions.events import ProcedureEvents
from tenants.scenarios.codes import SkipReason, StepState


@dataclass(frozen=True)
class CaseStepView:
    """A step in a case. due_on: None while it waits. skip_reason: a code, only of a skipped one.

    is_own: of the organisation itself. is_kept: not in the followed version any more, kept since it was settled.
    """

    id: uuid.UUID
    step: Step
    state: StepState
    due_on: date | None = None
    done_on: date | None = None
    skip_reason: SkipReason | None = None
    is_own: bool = False
    is_kept: bool = False
    task_id: uuid.UUID | None = None

    @property
    def is_settled(self) -> bool:
        return self.state in (StepState.DONE, StepState.SKIPPED)


def state_of(*, has_task: bool, is_done: bool, was_dropped: bool, skip_reason: str | None) -> StepState:
    """A step stands as its task does; a task that somebody deleted is a step that is skipped."""
    if skip_reason or was_dropped:
        return StepState.SKIPPED
    if is_done:
        return StepState.DONE
    return StepState.OPEN if has_task else StepState.WAITING


def whose_turn(steps: Sequence[CaseStepView]) -> CaseStepView | None:
    """The step that is due first; without one that is due, the first that waits for its event; None: all settled."""
    due = [step for step in steps if step.state is StepState.OPEN and step.due_on]
    if due:
        return min(due, key=lambda step: step.due_on or date.max)
    return next((step for step in steps if step.state is StepState.WAITING), None)


def to_move(followed: Sequence[CaseStepView], wanted: Sequence[Step]) -> tuple[Change, ...]:
    """What moving over would change: a settled step stays as it is, whatever became of its text."""
    settled = {each.step.key for each in followed if each.is_settled}
    before = [each.step for each in followed if not each.is_kept]
    changes = difference(before, wanted)
    return tuple(c for c in changes if (c.old or c.new) is not None and _key(c) not in settled)


def _key(change: Change) -> str:
    step = change.old or change.new
    return step.key if step else ""


def days_of(events: ProcedureEvents, opened_on: date, started_on: date) -> dict[Event, date]:
    """The events of a case that are there, by the names that scenarios give them."""
    hearing = events.hearing_local.date() if events.hearing_local else events.hearing_held_on
    judged = events.pronounced_on if events.is_decided else None
    known: Mapping[Event, date | None] = {
        Event.STARTED: started_on,
        Event.OPENED: opened_on,
        Event.FIRST_CONTACT: events.first_contact_on,
        Event.PETITION: events.received_on or events.registered_on or events.writ_served_on,
        Event.HEARING: hearing,
        Event.JUDGMENT: judged,
        Event.SERVED: events.served_on,
        Event.NOTICE: events.notice_on,
        Event.PLANNED_EVICTION: events.planned_eviction_on,
        Event.EVICTED: events.evicted_on,
    }
    return {event: day for event, day in known.items() if day is not None}


def fact_days(basis_on: date | None, done_on: date | None) -> int | None:
    """Days from the event to the doing, for the figures, less than 0 when it was done before; None: not done."""
    if basis_on is None or done_on is None:
        return None
    return (done_on - basis_on).days


def as_columns(step: Step) -> dict[str, Any]:
    """What a row of a step stores of it."""
    return {"key": step.key, "step": step.as_json()}
