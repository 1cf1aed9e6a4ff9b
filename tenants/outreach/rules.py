"""How somebody is sought: at which of the four moments, by which steps and by when, and when that ends. Pure.

Sources: the presentation of Oostende's outreach worker: more than a letter, an active search (letter, text message,
Facebook, home visit, call to the hospital, inquiries, coloured postcard), 'not only at the petition, but also at the
judgment, the bailiff's notice and the eviction itself'. The days between the steps are the portal's own choice: the
copy comes about four days after the roll and the hearing within fifteen (Ger.W. art. 1344bis, 1344ter), so a plan
has some eight working days. A worker may change any of it.
"""

import re
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.calendar.rules import ONE_DAY, next_working_day, previous_working_day
from tenants.cases.codes import Channel, JudgmentKind, Moment
from tenants.cases.rules import plain
from tenants.outreach.codes import PlanState, StepState
from tenants.petitions.codes import DeadlineKind, StageKey
from tenants.petitions.events import ENDING, ProcedureEvents

MOMENTS = {
    StageKey.PETITION: Moment.PETITION,
    StageKey.HEARING: Moment.PETITION,
    StageKey.JUDGMENT: Moment.JUDGMENT,
    StageKey.SERVICE: Moment.JUDGMENT,
    StageKey.NOTICE: Moment.NOTICE,
    StageKey.EVICTION: Moment.EVICTION,
}


def moment_of(stage: StageKey) -> Moment:
    """The moment (of the four at which people are sought) that goes with the stage a procedure has reached."""
    return MOMENTS[stage]


# From what costs least to what is hardest to overlook. The sources of the network describe it as assertive
# outreach: a household is sought at home when it does not answer, and finds the coloured postcard there.
LADDER = (Channel.PHONE, Channel.LETTER, Channel.HOME_VISIT, Channel.POSTCARD, Channel.INQUIRY)
SAME_RUNG = {Channel.TEXT_MESSAGE: Channel.PHONE, Channel.SOCIAL_MEDIA: Channel.PHONE}
# With a hearing this near a letter comes too late to be read, answered and planned: go to the door.
NEAR = 7


def next_channel(tried: Collection[Channel], days_to_hearing: int | None = None) -> Channel:
    """What to try next where no plan says it: the first rung that was not tried yet.

    After the whole ladder a home visit again: at another hour somebody may be in.
    """
    done = {SAME_RUNG.get(channel, channel) for channel in tried}
    if done and days_to_hearing is not None and days_to_hearing <= NEAR:
        done.add(Channel.LETTER)
    return next((channel for channel in LADDER if channel not in done), Channel.HOME_VISIT)


# ---------------------------------------------------------------- when a plan starts

# Registers of earlier years are read in too: who was to be sought two months ago is no work of today.
STALE = timedelta(days=60)


def event_day(moment: Moment, events: ProcedureEvents) -> date | None:
    """The day on which the moment came, None when only the fact is known."""
    if moment is Moment.PETITION:
        return min(filter(None, (events.registered_on, events.received_on, events.writ_served_on)), default=None)
    if moment is Moment.JUDGMENT:
        return events.pronounced_on or events.served_on
    return events.notice_on if moment is Moment.NOTICE else events.evicted_on


def asks_for_a_plan(moment: Moment, events: ProcedureEvents, today: date) -> bool:
    """Whether a household is sought by itself at this moment.

    Not after a withdrawal or rejection, nor after an agreement: who agreed in court was there. An old moment
    counts only while the day it leads to (the hearing, the eviction) is still to come.
    """
    if events.judgment_kind in ENDING:
        return False
    if moment is Moment.JUDGMENT and events.judgment_kind is JudgmentKind.AGREEMENT:
        return False
    came_on = event_day(moment, events)
    if came_on is None or came_on >= today - STALE:
        return True
    hearing = events.hearing_to_come.date() if events.hearing_to_come else None
    coming = {Moment.PETITION: hearing, Moment.NOTICE: events.planned_eviction_on}.get(moment)
    return coming is not None and coming >= today


# ---------------------------------------------------------------- which steps, and by when

# Channel and working days after the start. A second visit is at another hour; hospital and social media are for
# who is nowhere to be found.
Offsets = tuple[tuple[Channel, int], ...]
PLANS: Mapping[Moment, Offsets] = {
    Moment.PETITION: (
        (Channel.PHONE, 0), (Channel.LETTER, 0), (Channel.TEXT_MESSAGE, 1), (Channel.HOME_VISIT, 3),
        (Channel.POSTCARD, 3), (Channel.INQUIRY, 4), (Channel.HOME_VISIT, 6), (Channel.SOCIAL_MEDIA, 6),
        (Channel.HOSPITAL, 8),
    ),
    Moment.JUDGMENT: (
        (Channel.PHONE, 0), (Channel.LETTER, 0), (Channel.HOME_VISIT, 3), (Channel.POSTCARD, 3),
        (Channel.INQUIRY, 5), (Channel.HOME_VISIT, 8), (Channel.SOCIAL_MEDIA, 8),
    ),
    # Five working days at least (Ger.W. art. 1344quater): no letter, straight to the door.
    Moment.NOTICE: (
        (Channel.HOME_VISIT, 0), (Channel.PHONE, 0), (Channel.TEXT_MESSAGE, 0), (Channel.POSTCARD, 0),
        (Channel.INQUIRY, 1), (Channel.HOSPITAL, 1), (Channel.HOME_VISIT, 2),
    ),
    # Nobody lives there any more: who knows where they are? Much time is lost before people come to the shelter.
    Moment.EVICTION: (
        (Channel.PHONE, 0), (Channel.TEXT_MESSAGE, 0), (Channel.INQUIRY, 1), (Channel.HOSPITAL, 1),
        (Channel.PARTNER, 2), (Channel.SOCIAL_MEDIA, 3),
    ),
}  # fmt: skip
NEAR_PLAN: Offsets = (
    (Channel.PHONE, 0), (Channel.HOME_VISIT, 0), (Channel.POSTCARD, 0), (Channel.TEXT_MESSAGE, 0),
    (Channel.INQUIRY, 1), (Channel.HOME_VISIT, 2),
)  # fmt: skip
NEEDS_A_NUMBER = frozenset({Channel.PHONE, Channel.TEXT_MESSAGE})
# The days a plan works towards: after them the same news comes too late.
LEADS_TO = {
    Moment.PETITION: (DeadlineKind.HEARING,),
    Moment.JUDGMENT: (DeadlineKind.PLANNED_EVICTION, DeadlineKind.EARLIEST_EVICTION),
    Moment.NOTICE: (DeadlineKind.PLANNED_EVICTION, DeadlineKind.EARLIEST_AFTER_NOTICE),
    Moment.EVICTION: (),
}


@dataclass(frozen=True)
class Step:
    """A step of a plan. `by_hand`: a worker chose its day, which then stays. `attempt_id`: what ticked it."""

    id: uuid.UUID
    channel: Channel
    due_on: date
    position: int
    state: StepState = StepState.OPEN
    by_hand: bool = False
    attempt_id: uuid.UUID | None = None


@dataclass(frozen=True)
class Try:
    """An attempt that may tick a step."""

    id: uuid.UUID
    day: date
    channel: Channel
    reached: bool


def leads_to(moment: Moment, running: Mapping[DeadlineKind, date], today: date) -> date | None:
    """The hearing or the eviction towards which the plan works, when it is still to come."""
    days = (running[kind] for kind in LEADS_TO[moment] if kind in running)
    return next((day for day in days if day >= today), None)


def first_steps(
    moment: Moment, today: date, towards: date | None = None, *, has_number: bool = True
) -> list[tuple[Channel, date]]:
    """The steps of a new plan with their days, in order.

    They are planned on working days and before the day the plan works towards; with that day near there is no
    letter, and the home visit comes first. Without a telephone number nobody is called or sent a text message.
    """
    start = next_working_day(today)
    near = towards is not None and moment is not Moment.NOTICE and (towards - today).days <= NEAR
    last = last_useful_day(towards, start)
    planned: list[tuple[Channel, date]] = []
    for channel, offset in NEAR_PLAN if near else PLANS[moment]:
        if channel in NEEDS_A_NUMBER and not has_number:
            continue
        day = start
        for _ in range(offset):
            day = next_working_day(day + ONE_DAY)
        step = channel, min(day, last) if last else day
        if step not in planned:
            planned.append(step)  # two visits on one day are one
    return planned


def last_useful_day(towards: date | None, today: date) -> date | None:
    """The working day before the day the plan works towards, or that day itself when it is today or tomorrow."""
    if towards is None:
        return None
    return max(previous_working_day(towards - ONE_DAY), min(today, towards))


# ---------------------------------------------------------------- how it goes on


def tick(steps: Sequence[Step], tries: Iterable[Try], towards: date | None, today: date) -> list[Step]:
    """The steps after these attempts: each ticks the first open step of its channel, once.

    Open steps that would come after the last useful day move up to it, unless somebody chose their day.
    """
    settled = sorted(steps, key=_order)
    used = {step.attempt_id for step in settled}
    for attempt in tries:
        fitting = (n for n, s in enumerate(settled) if s.state is StepState.OPEN and s.channel is attempt.channel)
        place = next(fitting, None) if attempt.id not in used else None
        if place is not None:
            settled[place] = replace(settled[place], state=StepState.DONE, attempt_id=attempt.id)
    last = last_useful_day(towards, today)
    if last is None:
        return settled
    return [
        replace(step, due_on=last) if _is_open(step) and not step.by_hand and step.due_on > last else step
        for step in settled
    ]


def next_step(steps: Iterable[Step]) -> Step | None:
    """The open step that comes first, if any."""
    return min(filter(_is_open, steps), key=_order, default=None)


def state_of(
    steps: Iterable[Step], tries: Iterable[Try], *, is_current: bool, is_alive: bool, stopped: bool = False
) -> PlanState:
    """How a plan stands. `is_current`: the procedure is still at its moment; `is_alive`: the case is open and the
    petition not withdrawn. Being reached counts above all."""
    if any(attempt.reached for attempt in tries):
        return PlanState.REACHED
    if stopped:
        return PlanState.STOPPED
    if not is_alive:
        return PlanState.OVER
    if not is_current:
        return PlanState.OVERTAKEN
    return PlanState.RUNNING if next_step(steps) else PlanState.EXHAUSTED


def what_remains(moment: Moment, tried: Collection[Channel]) -> tuple[Channel, ...]:
    """Channels of which nothing was noted yet, the most promising first; a visit at another hour is always one."""
    usual = [channel for channel, _offset in PLANS[moment]]
    others = (Channel.LANDLORD, Channel.PARTNER, *Channel)
    untried = dict.fromkeys(c for c in (*usual, *others) if c not in tried)
    again = () if moment is Moment.EVICTION or Channel.HOME_VISIT in untried else (Channel.HOME_VISIT,)
    return (*again, *untried)


def _order(step: Step) -> tuple[date, int]:
    return step.due_on, step.position


def _is_open(step: Step) -> bool:
    return step.state is StepState.OPEN


# ---------------------------------------------------------------- a route past the doors


def street_order(municipality: str, street: str, number: str, box: str) -> tuple[tuple[tuple[int, str], ...], ...]:
    """A key that sorts addresses as one walks: by town, street and number, where 9 comes before 10 and 10A after 10."""
    return tuple(_natural(part) for part in (municipality, street, number, box))


def _natural(text: str) -> tuple[tuple[int, str], ...]:
    """Digits as numbers, the rest without capitals and accents: each part sorts as (number, text)."""
    parts = re.findall(r"\d+|[^\d\s]+", plain(text))
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in parts)
