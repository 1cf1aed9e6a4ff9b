"""What a cooperation scenario says: who does what, by when, and what then. Pure.

A scenario (samenwerkingsscenario, see the presentation of W13) is a trigger and steps. Each step runs from one event
of the case; the day it is due follows from that event alone, so that it can be computed again when the event changes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from app.calendar.rules import ONE_DAY, Term, Unit, next_working_day, previous_working_day, term_end
from app.i18n import N_

_T = TypeVar("_T")

MOST_STEPS = 30
MOST_DAYS = 365
LONGEST = {"what": 200, "document": 120, "if_not": 300}


class Who(StrEnum):
    """Whose turn it is: a role of the own organisation or a partner."""

    SOCIAL_WORKER = "social_worker"
    TEAM_LEAD = "team_lead"
    COMMITTEE = "committee"
    BUDGET = "budget"
    HOUSEHOLD = "household"
    LANDLORD = "landlord"
    HOUSING_COMPANY = "housing_company"
    CAW = "caw"
    COURT = "court"
    LAWYER = "lawyer"
    BAILIFF = "bailiff"
    OTHER = "other"


WHO = {
    Who.SOCIAL_WORKER: N_("Social worker of the OCMW"),
    Who.TEAM_LEAD: N_("Team lead"),
    Who.COMMITTEE: N_("Special committee (BCSD)"),
    Who.BUDGET: N_("Budget and debt help"),
    Who.HOUSEHOLD: N_("Household"),
    Who.LANDLORD: N_("Landlord"),
    Who.HOUSING_COMPANY: N_("Social housing company"),
    Who.CAW: N_("CAW"),
    Who.COURT: N_("Justice of the peace"),
    Who.LAWYER: N_("Lawyer"),
    Who.BAILIFF: N_("Bailiff"),
    Who.OTHER: N_("Another partner"),
}
OURS = frozenset({Who.SOCIAL_WORKER, Who.TEAM_LEAD, Who.COMMITTEE, Who.BUDGET})


class Event(StrEnum):
    """What happens in a case, from which a step runs."""

    STARTED = "started"
    OPENED = "opened"
    FIRST_CONTACT = "first_contact"
    PETITION = "petition"
    HEARING = "hearing"
    JUDGMENT = "judgment"
    SERVED = "served"
    NOTICE = "notice"
    PLANNED_EVICTION = "planned_eviction"
    EVICTED = "evicted"


EVENTS = {
    Event.STARTED: N_("the start of the scenario"),
    Event.OPENED: N_("the opening of the case"),
    Event.FIRST_CONTACT: N_("the first contact"),
    Event.PETITION: N_("the petition"),
    Event.HEARING: N_("the hearing"),
    Event.JUDGMENT: N_("the judgment"),
    Event.SERVED: N_("the service of the judgment"),
    Event.NOTICE: N_("the bailiff's notice"),
    Event.PLANNED_EVICTION: N_("the planned eviction"),
    Event.EVICTED: N_("the eviction"),
}


class Avenue(StrEnum):
    """The pistes of the 'maximale verkenning' (W13): the codes that cases use too."""

    RIGHTS = "rights"
    MONEY = "money"
    MEDIATION = "mediation"
    INFORMATION = "information"
    COOPERATION = "cooperation"


AVENUES = {
    Avenue.RIGHTS: N_("Rights and income"),
    Avenue.MONEY: N_("FBU, aid or repayment proposal"),
    Avenue.MEDIATION: N_("Mediation or conciliation"),
    Avenue.INFORMATION: N_("Objective and legal information"),
    Avenue.COOPERATION: N_("Cooperation with other services"),
}
# Why a step is not done, by code: the facts of all organisations use it (tenants.scenarios.codes.SkipReason).
REASONS = {
    "not_needed": N_("Not needed in this case"),
    "done_before": N_("Was done before, or by somebody else"),
    "not_reached": N_("The household could not be reached"),
    "declined": N_("The household does not want it"),
    "partner": N_("The partner could not or would not"),
    "too_late": N_("It came too late"),
    "no_time": N_("We had no time or no people for it"),
    "other": N_("Another reason"),
}
UNITS = {Unit.WORKING_DAYS: N_("working days"), Unit.DAYS: N_("calendar days")}


@dataclass(frozen=True)
class Step:
    """One turn. key: names the step through all versions. number: days from the event, 0 is the day itself.

    before: the step is due that many days before the event, else after it. document: which paper it makes or needs.
    if_not: what happens when it does not come off.
    """

    key: str
    who: Who
    what: str
    event: Event
    number: int = 0
    unit: Unit = Unit.WORKING_DAYS
    before: bool = False
    document: str = ""
    piste: Avenue | None = None
    if_not: str = ""

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def step_of(stored: Mapping[str, Any]) -> Step:
    """A step as `as_json` stored it."""
    known = {field.name: stored[field.name] for field in fields(Step) if field.name in stored}
    piste = known.get("piste")
    return Step(
        **known
        | {
            "who": Who(known["who"]),
            "event": Event(known["event"]),
            "unit": Unit(known.get("unit", Unit.WORKING_DAYS)),
            "piste": Avenue(piste) if piste else None,
        }
    )


@dataclass(frozen=True)
class Definition:
    """What a scenario says. trigger: when it starts; summary: in a sentence what it is for."""

    title: str
    summary: str = ""
    trigger: str = ""
    steps: tuple[Step, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            "title": self.title,
            "summary": self.summary,
            "trigger": self.trigger,
            "steps": [step.as_json() for step in self.steps],
        }


def definition_of(stored: Mapping[str, Any]) -> Definition:
    """A definition as `as_json` stored it."""
    steps = tuple(step_of(each) for each in stored.get("steps", ()))
    return Definition(stored["title"], stored.get("summary", ""), stored.get("trigger", ""), steps)


def due_on(step: Step, days: Mapping[Event, date]) -> date | None:
    """The day by which the step is done; None while its event is not there yet.

    After an event it is counted as any term (Ger.W. art. 52-53: from the next day on, a last day off moves on).
    Before an event it is counted back, and a day off moves back: later would be too late.
    """
    start = days.get(step.event)
    if start is None:
        return None
    if step.before:
        return _days_before(start, step.number, step.unit)
    if step.number == 0:
        return next_working_day(start)
    return term_end(start, Term(step.number, step.unit)).day


def _days_before(day: date, number: int, unit: Unit) -> date:
    if unit is not Unit.WORKING_DAYS:
        return previous_working_day(day - timedelta(days=number))
    for _ in range(number):
        day = previous_working_day(day - ONE_DAY)
    return previous_working_day(day)


# ---------------------------------------------------------------- versions


class ChangeKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class Change:
    """What became of a step: `old` is None when it was added, `new` when it was removed."""

    kind: ChangeKind
    old: Step | None
    new: Step | None

    @property
    def changed_fields(self) -> tuple[str, ...]:
        """The names of what differs in a step that changed."""
        if self.old is None or self.new is None:
            return ()
        return tuple(f.name for f in fields(Step) if getattr(self.old, f.name) != getattr(self.new, f.name))


def difference(old: Sequence[Step], new: Sequence[Step]) -> tuple[Change, ...]:
    """What changed from `old` to `new`, in the order of `new`, what was removed last. A step is known by its key."""
    before = {step.key: step for step in old}
    after = {step.key: step for step in new}
    found = [_change(before.get(step.key), step) for step in new if before.get(step.key) != step]
    return (*found, *(Change(ChangeKind.REMOVED, step, None) for step in old if step.key not in after))


def _change(old: Step | None, new: Step) -> Change:
    return Change(ChangeKind.CHANGED if old else ChangeKind.ADDED, old, new)


@dataclass(frozen=True)
class Difference:
    """How one definition differs from another. words: (old, new) of name, trigger and summary where they differ.

    order: the steps as they come now, when those that stand in both come in another order; else nothing.
    """

    words: tuple[tuple[str, str], ...] = ()
    steps: tuple[Change, ...] = ()
    order: tuple[Step, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words or self.steps or self.order)


def compared(old: Definition, new: Definition) -> Difference:
    """Everything in which `new` differs from `old`."""
    pairs = ((old.title, new.title), (old.trigger, new.trigger), (old.summary, new.summary))
    return Difference(
        tuple(pair for pair in pairs if pair[0] != pair[1]),
        difference(old.steps, new.steps),
        new.steps if _order(old.steps, new.steps) != _order(new.steps, old.steps) else (),
    )


def _order(steps: Sequence[Step], *others: Sequence[Step]) -> tuple[str, ...]:
    """The keys of the steps that stand in all of them, in the order of `steps`."""
    return tuple(step.key for step in steps if all(any(step.key == each.key for each in other) for other in others))


class _BothChangedError(Exception):
    """Two networks made something different of the same thing."""


def _settled(was: _T, theirs: _T, own: _T) -> _T:
    """What becomes of one thing that two may have changed. Raises _BothChangedError."""
    if own in (was, theirs):
        return theirs
    if theirs == was:
        return own
    raise _BothChangedError


def merged(base: Definition, theirs: Definition, own: Definition) -> Definition | None:
    """`own` with what `theirs` changed since `base`; None when both changed the same step, the same words or the order.

    A step that one of them added comes after the one it follows there, or at the end where that is gone.
    """
    sides = (base, theirs, own)
    try:
        words = {name: _settled(*(getattr(each, name) for each in sides)) for name in ("title", "trigger", "summary")}
        known = [{step.key: step for step in each.steps} for each in sides]
        chosen = {key: _settled(*(each.get(key) for each in known)) for key in {**known[1], **known[2]}}
        order = _order(own.steps, base.steps, theirs.steps)
        wanted = _settled(
            _order(base.steps, theirs.steps, own.steps), _order(theirs.steps, base.steps, own.steps), order
        )
    except _BothChangedError:
        return None
    first, second = (own.steps, theirs.steps) if wanted == order else (theirs.steps, own.steps)
    steps = [step for each in first if (step := chosen[each.key]) is not None]
    for each in second:
        step = chosen[each.key]
        if step is not None and step not in steps:
            steps.insert(_place_after(steps, second, step.key), step)
    return Definition(steps=tuple(steps), **words)


def _place_after(steps: Sequence[Step], others: Sequence[Step], key: str) -> int:
    """Where a step belongs in `steps`: after the nearest one before it in `others` that is there."""
    before = [step.key for step in others[: next(n for n, step in enumerate(others) if step.key == key)]]
    here = {step.key: n for n, step in enumerate(steps)}
    found = next((here[other] + 1 for other in reversed(before) if other in here), None)
    return found if found is not None else 0 if not before else len(steps)


def moved(steps: Sequence[Step], key: str, by: int) -> tuple[Step, ...]:
    """The steps with one of them `by` places further (-1: earlier); beyond the ends it stays there."""
    listed = list(steps)
    place = next(n for n, step in enumerate(listed) if step.key == key)
    step = listed.pop(place)
    listed.insert(max(0, min(len(listed), place + by)), step)
    return tuple(listed)


def with_step(steps: Sequence[Step], step: Step) -> tuple[Step, ...]:
    """The steps with `step` in the place of the one with its key, or at the end."""
    if any(each.key == step.key for each in steps):
        return tuple(step if each.key == step.key else each for each in steps)
    return (*steps, step)


def with_own(shared: Sequence[Step], own: Sequence[tuple[str | None, Step]]) -> tuple[Step, ...]:
    """The shared steps with an organisation's own ones: each after the step with the key beside it.

    None, or a step that is not there (any more), puts it at the end.
    """
    found: list[Step] = []
    known = {step.key for step in shared}
    for step in shared:
        found += [step, *(each for after, each in own if after == step.key)]
    return (*found, *(each for after, each in own if after not in known))


# ---------------------------------------------------------------- checks


def problems_of(step: Step) -> list[tuple[str, str]]:
    """(field, msgid) for everything that is wrong with a step."""
    found = []
    if not step.what.strip():
        found.append(("what", N_("Say what has to be done, in one sentence.")))
    for name, most in LONGEST.items():
        if len(getattr(step, name)) > most:
            found.append((name, N_("This is too long. Say it shorter, and put the rest in a page of the playbook.")))
    if not 0 <= step.number <= MOST_DAYS:
        found.append(("number", N_("Fill in a number of days from 0 to 365.")))
    if step.before and step.event in (Event.STARTED, Event.OPENED, Event.FIRST_CONTACT, Event.EVICTED):
        found.append(("event", N_("Nobody knows this day beforehand. Choose 'after', or another event.")))
    return found


def problems_of_text(text: Definition) -> list[tuple[str, str]]:
    """(field, msgid) for everything that is wrong with what a scenario says of itself."""
    found = []
    if not text.title.strip():
        found.append(("title", N_("Give the scenario a name.")))
    if not text.trigger.strip():
        found.append(("trigger", N_("Say when this scenario starts.")))
    return found


def problems_of_publishing(draft: Definition, published: Definition | None) -> str | None:
    """A msgid that says why the draft can't become a version; None when it can."""
    if not draft.steps:
        return N_("A scenario without steps helps nobody. Add the first step.")
    if draft == published:
        return N_("Nothing changed since the last version.")
    return None


def renamed(step: Step, key: str) -> Step:
    """The same step under another key."""
    return replace(step, key=key)
