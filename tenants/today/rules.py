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
