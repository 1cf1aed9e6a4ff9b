"""How the days ahead are grouped and greeted. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

THURSDAY = 3


class Group(StrEnum):
    LATE = "late"
    TODAY = "today"
    WEEK = "week"


@dataclass(frozen=True)
class Horizon:
    """How far the page looks: up to and including `last`. From Friday on that takes in the next week."""

    today: date
    last: date
    with_next_week: bool

    @property
    def yesterday(self) -> date:
        return self.today - timedelta(days=1)

    @property
    def after_today(self) -> date:
        return self.today + timedelta(days=1)

    def group(self, day: date) -> Group:
        """Where something of that day belongs."""
        if day < self.today:
            return Group.LATE
        return Group.TODAY if day == self.today else Group.WEEK

    def group_of_task(self, due_on: date, remind_on: date | None) -> Group:
        """Where a task belongs: under today as soon as it reminds of itself."""
        reminds = due_on > self.today and remind_on is not None and remind_on <= self.today
        return Group.TODAY if reminds else self.group(due_on)


def horizon(today: date) -> Horizon:
    """To Sunday; on a Friday or in the weekend to the Sunday after, since Monday's hearing is prepared then."""
    sunday = today + timedelta(days=6 - today.weekday())
    late = today.weekday() > THURSDAY
    return Horizon(today, sunday + timedelta(days=7) if late else sunday, late)


class PartOfDay(StrEnum):
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


def part_of_day(hour: int) -> PartOfDay:
    """How people are greeted at this hour: 'goedemorgen' until noon, 'goedenavond' from six."""
    if hour < 12:
        return PartOfDay.MORNING
    return PartOfDay.AFTERNOON if hour < 18 else PartOfDay.EVENING


class Zoom(StrEnum):
    """How much of the calendar is seen at once."""

    WEEK = "week"
    MONTH = "maand"


@dataclass(frozen=True)
class Span:
    """Whole weeks, Monday to Sunday, around `around`: its own week, or those that its month touches."""

    zoom: Zoom
    around: date

    @property
    def first(self) -> date:
        start = self.around.replace(day=1) if self.zoom is Zoom.MONTH else self.around
        return start - timedelta(days=start.weekday())

    @property
    def last(self) -> date:
        end = _next_month(self.around) - timedelta(days=1) if self.zoom is Zoom.MONTH else self.around
        return end + timedelta(days=6 - end.weekday())

    @property
    def after(self) -> date:
        """The day after the last."""
        return self.last + timedelta(days=1)

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]

    @property
    def previous(self) -> date:
        """A day of the week or month before."""
        if self.zoom is Zoom.WEEK:
            return self.around - timedelta(days=7)
        return (self.around.replace(day=1) - timedelta(days=1)).replace(day=1)

    @property
    def next(self) -> date:
        """A day of the week or month after."""
        return self.around + timedelta(days=7) if self.zoom is Zoom.WEEK else _next_month(self.around)

    def holds(self, day: date) -> bool:
        """Whether the day is one of those that are meant, not one that only fills the week of a month."""
        return self.zoom is Zoom.WEEK or (day.year, day.month) == (self.around.year, self.around.month)


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


EARLIEST, LATEST = date(2000, 1, 10), date(2099, 11, 30)


def span_of(zoom: str, day: str, today: date) -> Span:
    """The span of an address (`zicht`, `dag`); what makes no sense, or lies a lifetime off, is this week."""
    try:
        around = date.fromisoformat(day)
    except ValueError:
        around = today
    around = around if EARLIEST <= around <= LATEST else today
    return Span(Zoom.MONTH if zoom == Zoom.MONTH else Zoom.WEEK, around)
