"""What runs from the events of a procedure: its deadlines, their reasoning, and the stage it has reached.

Pure: no database, no clock. Change an event and compute again; the same events give the same answer.
The rules themselves, one function per article, are in `law.py`; the sentences in `sentences.py`.
"""

from dataclasses import dataclass
from datetime import date, datetime

from app.calendar.rules import Term
from app.dated.rules import Dated
from tenants.cases.codes import JudgmentKind, PetitionKind
from tenants.petitions import sentences as say
from tenants.petitions.codes import (
    REMEDIES,
    Confidence,
    DeadlineKind,
    EventKind,
    Nature,
    StageKey,
    StageState,
)
from tenants.petitions.events import BRUSSELS, PetitionSettings, ProcedureEvents
from tenants.petitions.law import (
    AFTER_THE_END,
    WAIT_AFTER_NOTICE,
    WAIT_AFTER_SERVICE,
    WHILE_IT_RUNS,
    Deadline,
)

__all__ = [
    "BRUSSELS",
    "Confidence",
    "Deadline",
    "DeadlineKind",
    "EventKind",
    "Nature",
    "PetitionSettings",
    "ProcedureEvents",
    "Stage",
    "StageKey",
    "StageState",
    "current_stage",
    "deadlines",
    "explain",
    "is_to_act",
]

# An English msgid and its parameters: dates and numbers, which the page formats.
Message = tuple[str, dict[str, date | int]]
# A day, with its local hour where one is known.
Day = date | datetime


@dataclass(frozen=True)
class Stage:
    """One of the six stages as the timeline shows it.

    `when` is a fact: the day it happened or is set for, a datetime (local) for the hour of a hearing.
    `deadline` is the computed day that belongs to a stage to come; `hint` says in words what is not a day.
    """

    key: StageKey
    label: str
    state: StageState
    when: Day | None = None
    deadline: Deadline | None = None
    hint: Message | None = None


def deadlines(events: ProcedureEvents, settings: PetitionSettings | None = None) -> tuple[Deadline, ...]:
    """Every deadline that still runs, soonest first. Days outside the known calendar: OutsideCalendarError.

    What a later event has overtaken is left out; after a withdrawal or a rejection nothing runs, after an
    eviction only the keeping of the goods.
    """
    rules = AFTER_THE_END if events.is_over else WHILE_IT_RUNS
    found = (rule(events, settings or PetitionSettings()) for rule in rules)
    return tuple(sorted((d for d in found if d), key=lambda d: (d.due_on, d.kind.value)))


def is_to_act(kind: DeadlineKind, nature: Nature, due_on: date, events: ProcedureEvents) -> bool:
    """Whether a list of cases counts this day as one on which somebody must act or appear.

    A planned eviction is one: a dwelling is needed by then. A remedy that had lapsed when the bailiff gave notice
    is none any more: it would stand above the eviction for ever.
    """
    if kind in REMEDIES and events.notice_on is not None and events.notice_on > due_on:
        return False
    return kind is DeadlineKind.PLANNED_EVICTION or nature in (Nature.ACT_BEFORE, Nature.COURT_DATE)


def explain(deadline: Deadline) -> Message:
    """One sentence of reasoning: an English msgid and its parameters, not formatted."""
    sentence = say.SENTENCES[deadline.kind]
    if deadline.kind is DeadlineKind.COPY_EXPECTED and deadline.basis is EventKind.WRIT_SERVED:
        sentence = say.WRIT_COPY
    number = deadline.term.number if deadline.term else None
    params: dict[str, date | int] = {"basis": deadline.basis_on, "due": deadline.due_on}
    if number is not None:
        params["number"] = number
    if deadline.moved_from is not None:
        params["moved_from"] = deadline.moved_from
    return sentence.form(number, moved=deadline.moved_from is not None), params


def current_stage(events: ProcedureEvents, settings: PetitionSettings | None = None) -> tuple[Stage, ...]:
    """The six stages from petition to eviction, each done, now, later or skipped.

    'Now' is the first stage after the last one known; there is none when the procedure is over, nor when what
    follows depends on the household not keeping to the judgment.
    """
    happened = _happened(events)
    last = max((place for place, key in enumerate(StageKey) if key in happened), default=-1)
    running = {d.kind: d for d in deadlines(events, settings)}
    return tuple(_stage(key, place - last, events, happened, running) for place, key in enumerate(StageKey))


def _happened(events: ProcedureEvents) -> dict[StageKey, Day | None]:
    """The stages that took place with their day, which is None for a judgment of an unknown day."""
    days: dict[StageKey, Day | None] = {
        StageKey.PETITION: events.writ_served_on or events.registered_on or events.received_on,
        StageKey.HEARING: _heard(events),
        StageKey.SERVICE: events.served_on,
        StageKey.NOTICE: events.notice_on,
        StageKey.EVICTION: events.evicted_on,
    }
    happened: dict[StageKey, Day | None] = {key: day for key, day in days.items() if day is not None}
    if events.judgment_kind is not JudgmentKind.POSTPONED and (events.judgment_kind or events.pronounced_on):
        happened[StageKey.JUDGMENT] = events.pronounced_on
    return happened


def _heard(events: ProcedureEvents) -> Day | None:
    """When the last hearing took place: as recorded, or as set when a judgment followed it."""
    hearing, judged_on = events.hearing_local, events.pronounced_on
    if hearing and events.is_decided and (judged_on is None or hearing.date() <= judged_on):
        return _with_hour(hearing, events)
    return None if events.hearing_to_come or events.postponed_on else events.hearing_held_on


def _with_hour(hearing: datetime | None, events: ProcedureEvents) -> Day | None:
    return hearing if hearing is None or events.hearing_hour_known else hearing.date()


def _stage(
    key: StageKey,
    steps_ahead: int,
    events: ProcedureEvents,
    happened: dict[StageKey, Day | None],
    running: dict[DeadlineKind, Deadline],
) -> Stage:
    """One stage; `steps_ahead` counts from the last stage known to have happened."""
    label = PetitionKind.WRIT.label if key is StageKey.PETITION and events.writ_served_on else key.label
    if key in happened:
        return Stage(key, label, StageState.DONE, happened[key])
    if steps_ahead < 0:
        return Stage(key, label, StageState.SKIPPED, hint=(say.HINT_NOT_RECORDED, {}))
    if events.is_over:
        return Stage(key, label, StageState.SKIPPED, hint=(say.HINT_NOT_COMING, {}))
    only_if_broken = events.needs_breach and events.served_on is None
    state = StageState.NOW if steps_ahead == 1 and not only_if_broken else StageState.NEXT
    hearing = _with_hour(events.hearing_to_come, events)
    planned = {StageKey.HEARING: hearing, StageKey.EVICTION: events.planned_eviction_on}
    deadline = next((running[kind] for kind in DEADLINES_OF[key] if kind in running), None)
    hint = None if deadline else _hint(key, only_if_broken=only_if_broken)
    return Stage(key, label, state, planned.get(key), deadline, hint)


# The computed day that a stage to come shows: the first of these that runs.
DEADLINES_OF: dict[StageKey, tuple[DeadlineKind, ...]] = {
    StageKey.PETITION: (),
    StageKey.HEARING: (DeadlineKind.HEARING, DeadlineKind.HEARING_EXPECTED),
    StageKey.JUDGMENT: (),
    StageKey.SERVICE: (),
    StageKey.NOTICE: (DeadlineKind.NOTICE_LATEST,),
    StageKey.EVICTION: (
        DeadlineKind.PLANNED_EVICTION,
        DeadlineKind.EARLIEST_AFTER_NOTICE,
        DeadlineKind.EARLIEST_EVICTION,
    ),
}


def _hint(key: StageKey, *, only_if_broken: bool) -> Message:
    """What is known of a stage to come that has no day: the law's term as it is now, or that nothing is."""
    if key is StageKey.HEARING:
        return say.HINT_DAY_UNKNOWN, {}
    if key is StageKey.SERVICE and only_if_broken:
        return say.HINT_IF_BROKEN, {}
    if key is StageKey.NOTICE:
        return _numbered(WAIT_AFTER_NOTICE[-1], say.HINT_NOTICE_ONE, say.HINT_NOTICE)
    if key is StageKey.EVICTION:
        return _numbered(WAIT_AFTER_SERVICE[-1], say.HINT_EVICTION_ONE, say.HINT_EVICTION)
    return say.HINT_NOT_YET, {}


def _numbered(row: Dated[Term], one: str, many: str) -> Message:
    number = row.value.number
    return (one if number == 1 else many), {"number": number}
