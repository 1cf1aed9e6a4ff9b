"""The stories of the demo: how far each household's procedure is, around today. Pure.

A story is told from its hearing or its petition; the days between follow the law's terms: about fifteen days from
the roll to the hearing, four until the OCMW has its copy, a month from service to eviction.

What runs today is told story by story (`counts` in `invented.toml`); before it lie three years of closed cases, as
many as the organisation gets in a year (`yearly`).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import ceil
from random import Random

from app.calendar.rules import next_working_day
from tenants.cases.codes import (
    Channel,
    ContactResult,
    EvictionOutcome,
    HousingOutcome,
    JudgmentKind,
    Moment,
    Presence,
    Source,
)
from tenants.demo.invention import back_to_working_day, material, session_of

HISTORY = 3 * 365  # days
RECENT = 60  # days; younger cases are mostly open ones, told in `counts`
TO_EVICTION = 95  # days from a hearing until a case that went all the way is closed
JUDGMENTS = {
    JudgmentKind.DEFAULT: 52,
    JudgmentKind.CONDITIONAL: 16,
    JudgmentKind.AGREEMENT: 13,
    JudgmentKind.CONTESTED: 6,
    JudgmentKind.WITHDRAWN: 8,
    JudgmentKind.REJECTED: 5,
}
NOT_REACHED = (
    (Channel.LETTER, None),
    (Channel.PHONE, ContactResult.NO_ANSWER),
    (Channel.HOME_VISIT, ContactResult.NOT_HOME),
    (Channel.TEXT_MESSAGE, ContactResult.MESSAGE_LEFT),
    (Channel.POSTCARD, None),
)
REACHING = (Channel.HOME_VISIT, Channel.PHONE, Channel.PHONE, Channel.PARTNER)
LEFT_FOR = (
    HousingOutcome.MOVED_OWN_CHOICE,
    HousingOutcome.MOVED_OWN_CHOICE,
    HousingOutcome.FAMILY,
    HousingOutcome.SOCIAL_DWELLING,
)
EVICTED_TO = (
    HousingOutcome.FAMILY,
    HousingOutcome.FAMILY,
    HousingOutcome.SHELTER,
    HousingOutcome.MOVED_OWN_CHOICE,
    HousingOutcome.STREET,
    HousingOutcome.UNKNOWN,
)
SIGNALS = (Source.MELDPUNT_LANDLORD, Source.MELDPUNT_OTHER, Source.INTERNAL_REFERRAL, Source.EXTERNAL_REFERRAL)


@dataclass(frozen=True)
class Attempt:
    day: date
    hour: time
    channel: Channel
    result: ContactResult | None
    moment: Moment = Moment.PETITION

    @property
    def at(self) -> datetime:
        return datetime.combine(self.day, self.hour)


@dataclass(frozen=True)
class End:
    day: date
    housing: HousingOutcome
    eviction: EvictionOutcome


@dataclass(frozen=True)
class Story:
    """How one case went. Days as in `NewPetition`; present: who was at the hearing, when that was recorded."""

    opened_on: date
    source: Source = Source.PETITION
    registered_on: date | None = None
    hearing_at: datetime | None = None
    judgment: JudgmentKind | None = None
    pronounced_on: date | None = None
    served_on: date | None = None
    notice_on: date | None = None
    planned_on: date | None = None
    evicted_on: date | None = None
    months: Decimal = Decimal(3)
    attempts: tuple[Attempt, ...] = ()
    present: tuple[Presence, ...] | None = None
    notes: int = 0
    promise_in: int | None = None  # days from today at which something was promised
    end: End | None = None

    @property
    def reached(self) -> bool:
        return any(a.result is ContactResult.REACHED for a in self.attempts)


@dataclass(frozen=True)
class Teller:
    """Tells stories of one court around one day."""

    random: Random
    today: date
    court: str
    latest: date = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "latest", self.today - timedelta(days=1))  # what happened, happened by yesterday

    def day(self, ago: int) -> date:
        return back_to_working_day(self.today - timedelta(days=ago))

    def months(self) -> Decimal:
        return Decimal(self.random.choice(["1.5", "2", "2.5", "3", "3", "3.5", "4", "5", "6", "8"]))

    def sought(self, start: date, times: int, moment: Moment = Moment.PETITION) -> list[Attempt]:
        """Attempts that reached nobody, some days apart."""
        return [
            Attempt(self._not_later(start + timedelta(days=1 + 2 * place)), self._hour(), channel, result, moment)
            for place, (channel, result) in enumerate(NOT_REACHED[:times])
        ]

    def found(self, start: date, moment: Moment = Moment.PETITION, *, after: int = 1) -> tuple[Attempt, ...]:
        """Attempts of which the last reached the household."""
        before = self.sought(start, after, moment)
        day = self._not_later(start + timedelta(days=2 + 2 * after))
        last = Attempt(day, time(16, 40), self.random.choice(REACHING), ContactResult.REACHED, moment)
        return (*before, last)

    def _not_later(self, day: date) -> date:
        return back_to_working_day(min(day, self.latest))

    def _hour(self) -> time:
        return time(self.random.randint(9, 15), self.random.choice([0, 10, 15, 30, 45]))

    def with_petition(self, hearing_at: datetime) -> tuple[date, date]:
        """(on the roll, copy at the OCMW) for a hearing."""
        usual = hearing_at.date() - timedelta(days=14)
        registered = back_to_working_day(min(usual, self.today - timedelta(days=6)))
        return registered, back_to_working_day(min(registered + timedelta(days=5), self.today))


def new(t: Teller) -> Story:
    """A copy that came in yesterday or today: the first contact is due."""
    opened = t.day(t.random.randint(0, 1))
    hearing = session_of(t.court, opened + timedelta(days=8))
    return Story(opened, registered_on=t.day(5), hearing_at=hearing, months=t.months())


def overdue(t: Teller) -> Story:
    """Nobody tried yet, and the days for a first contact are over."""
    opened = t.day(t.random.randint(7, 10))
    hearing = session_of(t.court, t.today + timedelta(days=3))
    attempts = tuple(t.sought(opened, 1)) if t.random.random() < 0.4 else ()
    registered = back_to_working_day(opened - timedelta(days=4))
    return Story(opened, registered_on=registered, hearing_at=hearing, months=t.months(), attempts=attempts)


def sought(t: Teller) -> Story:
    """Sought more than once, not reached yet."""
    opened = t.day(t.random.randint(5, 9))
    attempts = tuple(t.sought(opened, t.random.randint(2, 4)))
    return Story(
        opened,
        registered_on=back_to_working_day(opened - timedelta(days=4)),
        hearing_at=session_of(t.court, t.today + timedelta(days=4)),
        months=t.months(),
        attempts=attempts,
        notes=int(t.random.random() < 0.4),
        promise_in=t.random.choice([None, 0, 1]),
    )


def hearing_soon_reached(t: Teller) -> Story:
    hearing = session_of(t.court, t.today)
    registered, opened = t.with_petition(hearing)
    return Story(
        opened,
        registered_on=registered,
        hearing_at=hearing,
        months=t.months(),
        attempts=t.found(opened, after=t.random.randint(0, 2)),
        notes=t.random.randint(0, 2),
        promise_in=t.random.choice([-1, 0, 0, 1, 2]),
    )


def hearing_soon_unreached(t: Teller) -> Story:
    hearing = session_of(t.court, t.today)
    registered, opened = t.with_petition(hearing)
    attempts = tuple(t.sought(opened, t.random.randint(1, 3)))
    return Story(opened, registered_on=registered, hearing_at=hearing, months=t.months(), attempts=attempts)


def _held(t: Teller, ago: int) -> tuple[datetime, date, date]:
    """(hearing, on the roll, copy) of a hearing about `ago` days past."""
    back = ago + 7
    while (hearing := session_of(t.court, t.today - timedelta(days=back))).date() > t.latest:
        back += 1  # the week's session fell on a holiday: an earlier one
    return hearing, *t.with_petition(hearing)


def heard(t: Teller) -> Story:
    """The hearing was this week or last; one in three is still to be recorded."""
    hearing, registered, opened = _held(t, t.random.randint(0, 2))
    present = t.random.choice([None, (Presence.TENANT, Presence.OCMW), (Presence.NOBODY,)])
    attempts = t.found(opened) if present != (Presence.NOBODY,) else tuple(t.sought(opened, 3))
    return Story(
        opened,
        registered_on=registered,
        hearing_at=hearing,
        months=t.months(),
        attempts=attempts,
        present=present,
        notes=1,
    )


def _decided(t: Teller, ago: int, judgment: JudgmentKind, *, reached: bool) -> Story:
    hearing, registered, opened = _held(t, ago)
    pronounced = back_to_working_day(min(hearing.date() + timedelta(days=7), t.latest))
    attempts = t.found(opened, after=t.random.randint(0, 2)) if reached else tuple(t.sought(opened, 3))
    there = (Presence.TENANT, Presence.OCMW) if reached and t.random.random() < 0.8 else (Presence.NOBODY,)
    return Story(
        opened,
        registered_on=registered,
        hearing_at=hearing,
        judgment=judgment,
        pronounced_on=pronounced,
        months=t.months(),
        attempts=attempts,
        present=there,
        notes=t.random.randint(0, 1),
    )


def judged(t: Teller) -> Story:
    """A judgment by default, not served yet."""
    return _decided(t, t.random.randint(9, 14), JudgmentKind.DEFAULT, reached=False)


def served(t: Teller) -> Story:
    """Served: the month before the earliest eviction runs."""
    story = _decided(t, t.random.randint(32, 45), JudgmentKind.DEFAULT, reached=t.random.random() < 0.4)
    # Around holidays a court sits late: the bailiff comes after the judgment all the same.
    earliest = next_working_day((story.pronounced_on or t.latest) + timedelta(days=2))
    served_on = max(t.day(t.random.randint(8, 20)), earliest)
    later = (
        t.found(served_on, Moment.JUDGMENT)
        if t.random.random() < 0.5
        else tuple(t.sought(served_on, 2, Moment.JUDGMENT))
    )
    return _changed(
        story, served_on=served_on, attempts=(*story.attempts, *later), promise_in=t.random.choice([None, 1])
    )


def conditional(t: Teller) -> Story:
    """Stays while the plan is kept: followed up each month."""
    kind = t.random.choice([JudgmentKind.CONDITIONAL, JudgmentKind.AGREEMENT])
    story = _decided(t, t.random.randint(20, 80), kind, reached=True)
    return _changed(story, notes=1, promise_in=t.random.choice([-2, 1, 3, 6]))


def notice(t: Teller) -> Story:
    """The bailiff announced the eviction."""
    story = _decided(t, 75, JudgmentKind.DEFAULT, reached=False)
    planned = t.today + timedelta(days=t.random.randint(5, 9))
    return _changed(
        story,
        served_on=t.day(50),
        notice_on=t.day(2),
        planned_on=back_to_working_day(planned),
        attempts=(*story.attempts, *t.found(t.day(4), Moment.NOTICE, after=0)),
        notes=1,
        promise_in=0,
    )


def evicted_lately(t: Teller) -> Story:
    """Evicted; the goods are kept by the municipality."""
    story = _decided(t, 85, JudgmentKind.DEFAULT, reached=False)
    return _changed(story, served_on=t.day(60), notice_on=t.day(16), planned_on=t.day(6), evicted_on=t.day(6), notes=1)


def signal(t: Teller) -> Story:
    """No petition yet: a landlord, a colleague or a partner reported arrears."""
    opened = t.day(t.random.randint(1, 25))
    attempts = t.found(opened, after=0) if t.random.random() < 0.6 else ()
    source = t.random.choice(SIGNALS)
    return Story(opened, source, months=t.months(), attempts=attempts, promise_in=t.random.choice([None, 0, 2]))


def past(t: Teller) -> Story:
    """Closed in the past three years."""
    kind = t.random.choices(list(JUDGMENTS), list(JUDGMENTS.values()))[0]
    by_default = kind in (JudgmentKind.DEFAULT, JudgmentKind.CONTESTED)
    ago = t.random.randint(RECENT, HISTORY)
    story = _decided(t, ago, kind, reached=t.random.random() < (0.3 if by_default else 0.85))
    pronounced = story.pronounced_on or t.today
    if not by_default:
        closed = min(pronounced + timedelta(days=t.random.randint(20, 75)), t.latest)
        return _changed(story, end=End(closed, HousingOutcome.STAYED, EvictionOutcome.AVOIDED))
    served_on = back_to_working_day(pronounced + timedelta(days=12))
    if ago >= TO_EVICTION and t.random.random() < 0.3:
        evicted = back_to_working_day(served_on + timedelta(days=45))
        return _changed(
            story,
            served_on=served_on,
            notice_on=back_to_working_day(evicted - timedelta(days=9)),
            planned_on=evicted,
            evicted_on=evicted,
            end=End(evicted + timedelta(days=7), t.random.choice(EVICTED_TO), EvictionOutcome.CARRIED_OUT),
        )
    return _changed(story, served_on=served_on, end=_after_service(t, served_on, reached=story.reached))


def _after_service(t: Teller, served_on: date, *, reached: bool) -> End:
    """How it ended when nobody was put out: settled after all, gone before, or nobody knows."""
    if reached and t.random.random() < 0.7:
        return End(served_on + timedelta(days=30), HousingOutcome.STAYED, EvictionOutcome.AVOIDED)
    if not reached and t.random.random() < 0.15:
        return End(served_on + timedelta(days=28), HousingOutcome.UNKNOWN, EvictionOutcome.UNKNOWN)
    return End(served_on + timedelta(days=25), t.random.choice(LEFT_FOR), EvictionOutcome.LEFT_BEFORE)


def past_signal(t: Teller) -> Story:
    """Settled before anybody went to court."""
    opened = t.day(t.random.randint(RECENT, HISTORY))
    end = End(opened + timedelta(days=45), HousingOutcome.STAYED, EvictionOutcome.AVOIDED)
    return Story(opened, t.random.choice(SIGNALS), months=t.months(), attempts=t.found(opened, after=0), end=end)


def _changed(story: Story, **values: object) -> Story:
    return Story(**{**vars(story), **values})


STORIES: dict[str, Callable[[Teller], Story]] = {
    story.__name__: story
    for story in (
        new, overdue, sought, hearing_soon_reached, hearing_soon_unreached, heard, judged, served, conditional,
        notice, evicted_lately, signal, past, past_signal,
    )
}  # fmt: skip


def planned(slug: str, scale: float = 1.0) -> dict[str, int]:
    """How many stories of each kind an organisation has. scale: what share of its closed cases is told."""
    counts, yearly = material()["counts"], material()["yearly"]
    petitions, reports = yearly[slug]
    years = (HISTORY - RECENT) / 365
    closed = {"past": petitions * years * scale, "past_signal": reports * years * scale}
    running: dict[str, int] = counts.get(slug, counts["others"])
    return running | {kind: ceil(number) for kind, number in closed.items()}
