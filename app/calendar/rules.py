"""Belgian working days and the counting of terms, Gerechtelijk Wetboek (Ger.W.) art. 52-54.

Every answer carries its reasoning: from which day, which term, the raw end, and the day off that moved it.
All days are calendar days in Belgium; there is no time of day here.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

import holidays

from app.i18n import N_

ONE_DAY = timedelta(days=1)

# The ten legal holidays (law of 4 January 1974, royal decree of 18 April 1974), by the English names of the
# library, which also lists Easter Sunday and Whit Sunday: always Sundays, and no legal holidays.
LEGAL_HOLIDAYS = {
    "New Year's Day": N_("New Year's Day"),
    "Easter Monday": N_("Easter Monday"),
    "Labor Day": N_("Labour Day"),
    "Ascension Day": N_("Ascension Day"),
    "Pentecost Monday": N_("Whit Monday"),
    "National Day": N_("National Day"),
    "Assumption Day": N_("Assumption Day"),
    "All Saints' Day": N_("All Saints' Day"),
    "Armistice Day": N_("Armistice Day"),
    "Christmas Day": N_("Christmas Day"),
}
WEEKEND = {5: N_("Saturday"), 6: N_("Sunday")}


# The years of which the library knows the holidays; outside them it would answer that there are none.
KNOWN_YEARS = range(1901, 2101)


class OutsideCalendarError(ValueError):
    """A day in a year whose holidays are not known: almost certainly a mistyped date."""

    def __init__(self, year: int) -> None:
        super().__init__(f"the holidays of {year} are not known")
        self.year = year


class Unit(StrEnum):
    """What a term is counted in."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"


@dataclass(frozen=True)
class Term:
    """A term (termijn) of `number` units, at least one. Raises ValueError on less."""

    number: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.number < 1:
            raise ValueError(f"a term has at least one {self.unit}, not {self.number}")


@dataclass(frozen=True)
class DayOff:
    """A day on which no work is done, with why: the msgid of a holiday's name, 'Saturday' or 'Sunday'."""

    day: date
    name: str


@dataclass(frozen=True)
class Counted:
    """A counted day and how it was reached.

    `last_day` is the term's raw last day (vervaldag), before any moving; `day` is the answer.
    `moved_because` is the day off that `day` was moved away from, None when nothing was moved.
    """

    event_on: date
    term: Term
    last_day: date
    day: date
    moved_because: DayOff | None = None

    @property
    def moved_from(self) -> date | None:
        """The day that would have been the answer, had it not been a day off."""
        return self.moved_because.day if self.moved_because else None


@cache
def legal_holidays(year: int) -> dict[date, str]:
    """The legal holidays of a year: day to msgid of the name. Raises OutsideCalendarError.

    There are ten, on nine days when Ascension Day is on the first of May (2008).
    """
    if year not in KNOWN_YEARS:
        raise OutsideCalendarError(year)
    named = holidays.country_holidays("BE", years=year, categories=("public",), language="en_US")
    return {
        day: LEGAL_HOLIDAYS[name] for day in sorted(named) for name in named.get_list(day) if name in LEGAL_HOLIDAYS
    }


def day_off(day: date) -> DayOff | None:
    """Why `day` is no working day, or None when it is one. A holiday's name comes before the weekend's."""
    name = legal_holidays(day.year).get(day) or WEEKEND.get(day.weekday())
    return DayOff(day, name) if name else None


def is_working_day(day: date) -> bool:
    """Monday to Friday without the ten legal holidays (domain: confidence B)."""
    return day_off(day) is None


def next_working_day(day: date) -> date:
    """`day` itself when it is a working day, else the first one after it."""
    while not is_working_day(day):
        day += ONE_DAY
    return day


def previous_working_day(day: date) -> date:
    """`day` itself when it is a working day, else the last one before it."""
    while not is_working_day(day):
        day -= ONE_DAY
    return day


def last_day_of_term(event_day: date, term: Term) -> date:
    """The raw last day of a term, not moved. Ger.W. art. 52 and 54, confidence B.

    Art. 52: the first day counted is the day after the event, and all days count.
    Art. 54: months run from that first day to the day before the same number; where the last month lacks that
    number, to its last day. So 15 March gives 15 April; 31 January gives 28 (or 29) February; 28 February
    2026 starts on 1 March and gives 31 March.
    """
    match term.unit:
        case Unit.DAYS:
            return event_day + timedelta(days=term.number)
        case Unit.WORKING_DAYS:
            return _after_working_days(event_day, term.number)
        case Unit.MONTHS:
            return _day_before_same_number(event_day + ONE_DAY, term.number)


def term_end(event_day: date, term: Term, *, moves: bool = True) -> Counted:
    """The last day of a term that an event starts; that day still counts. Ger.W. art. 52-54, confidence B.

    With `moves`, art. 53: a last day on a Saturday, Sunday or legal holiday moves to the next working day.
    """
    last_day = last_day_of_term(event_day, term)
    return _counted(event_day, term, last_day, last_day, moves=moves)


def earliest_day(event_day: date, term: Term, *, moves: bool = False) -> Counted:
    """The first day on which something may happen after a waiting term: the day after its last day.

    Not moved by default: for a household that may lose its home, the exact first possible day is what counts.
    Ger.W. art. 52 and 54 (a waiting term has to be over), confidence B.
    """
    last_day = last_day_of_term(event_day, term)
    return _counted(event_day, term, last_day, last_day + ONE_DAY, moves=moves)


def latest_day_with_notice(action_day: date, working_days: int) -> date:
    """The latest working day to announce something on `action_day` with at least `working_days` in between.

    The mirror of `earliest_day`: neither the day of the notice nor the action's own day counts.
    """
    day = action_day
    for _ in range(working_days):
        day = previous_working_day(day - ONE_DAY)
    return previous_working_day(day - ONE_DAY)


def _counted(event_day: date, term: Term, last_day: date, day: date, *, moves: bool) -> Counted:
    off = day_off(day) if moves else None
    return Counted(event_day, term, last_day, next_working_day(day) if off else day, off)


def _after_working_days(day: date, number: int) -> date:
    for _ in range(number):
        day = next_working_day(day + ONE_DAY)
    return day


def _day_before_same_number(first_day: date, months: int) -> date:
    """The day before `first_day`'s number `months` later, or the last day of a month that lacks it."""
    years, month0 = divmod(first_day.month - 1 + months, 12)
    first_of_month = date(first_day.year + years, month0 + 1, 1)
    same_number = first_of_month + timedelta(days=first_day.day - 1)
    if same_number.month == first_of_month.month:
        return same_number - ONE_DAY
    return same_number.replace(day=1) - ONE_DAY
