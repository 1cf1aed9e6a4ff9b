"""Counting days: situations a lawyer can check, and properties that hold for every day."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from app.calendar.rules import (
    OutsideCalendarError,
    Term,
    Unit,
    day_off,
    earliest_day,
    is_working_day,
    last_day_of_term,
    latest_day_with_notice,
    legal_holidays,
    next_working_day,
    term_end,
)

CASES = Path(__file__).parent / "cases"
DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
TERMS = st.builds(Term, st.integers(1, 24), st.sampled_from(Unit))


def cases(name: str) -> list[Any]:
    rows = yaml.safe_load((CASES / name).read_text())
    return [pytest.param(row, id=row["situation"]) for row in rows]


def term_of(text: str) -> Term:
    number, unit = text.split()
    return Term(int(number), Unit(unit))


@pytest.mark.parametrize("case", cases("terms.yaml"))
def test_a_term_ends_as_the_law_counts(case: dict[str, Any]) -> None:
    term = term_of(case["term"])
    end = term_end(case["event"], term)
    assert (end.last_day, end.day) == (case["last_day"], case["ends"])
    assert (end.event_on, end.term) == (case["event"], term)
    assert (end.moved_because.name if end.moved_because else None) == case.get("because")
    assert end.moved_from == (case["last_day"] if "because" in case else None)


@pytest.mark.parametrize("case", cases("terms.yaml"))
def test_the_first_possible_day_is_exact_and_not_moved(case: dict[str, Any]) -> None:
    earliest = earliest_day(case["event"], term_of(case["term"]))
    assert earliest.day == case["first_possible"]
    assert earliest.moved_because is None


@pytest.mark.parametrize("case", cases("terms.yaml"))
def test_a_term_outside_procedure_is_not_moved(case: dict[str, Any]) -> None:
    end = term_end(case["event"], term_of(case["term"]), moves=False)
    assert (end.day, end.moved_from) == (case["last_day"], None)


@pytest.mark.parametrize("case", cases("notice.yaml"))
def test_the_latest_day_for_a_notice(case: dict[str, Any]) -> None:
    assert latest_day_with_notice(case["action"], case["working_days"]) == case["latest"]


def test_the_ten_legal_holidays_of_2026() -> None:
    assert legal_holidays(2026) == {
        date(2026, 1, 1): "New Year's Day",
        date(2026, 4, 6): "Easter Monday",
        date(2026, 5, 1): "Labour Day",
        date(2026, 5, 14): "Ascension Day",
        date(2026, 5, 25): "Whit Monday",
        date(2026, 7, 21): "National Day",
        date(2026, 8, 15): "Assumption Day",
        date(2026, 11, 1): "All Saints' Day",
        date(2026, 11, 11): "Armistice Day",
        date(2026, 12, 25): "Christmas Day",
    }


@pytest.mark.parametrize(
    "day", [date(2026, 4, 3), date(2026, 5, 15), date(2025, 7, 11), date(2026, 12, 28), date(2025, 12, 26)]
)
def test_bridge_days_and_bank_holidays_are_working_days(day: date) -> None:
    assert is_working_day(day)


@given(st.integers(1974, 2090))
def test_every_year_has_ten_holidays_or_nine_when_two_coincide(year: int) -> None:
    coincide = date(year, 5, 1) == ascension(year)
    assert len(legal_holidays(year)) == (9 if coincide else 10)


def ascension(year: int) -> date:
    """The Thursday 38 days after Easter Monday."""
    easter_monday = next(day for day, name in legal_holidays(year).items() if name == "Easter Monday")
    return easter_monday + timedelta(days=38)


def test_a_year_without_known_holidays_is_refused_by_name() -> None:
    with pytest.raises(OutsideCalendarError) as refused:
        term_end(date(2205, 1, 5), Term(4, Unit.DAYS))
    assert refused.value.year == 2205


@pytest.mark.parametrize("number", [0, -1])
def test_a_term_of_nothing_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        Term(number, Unit.DAYS)


@given(DAYS, TERMS)
def test_a_term_ends_after_its_event_on_a_working_day(event: date, term: Term) -> None:
    end = term_end(event, term)
    assert event < end.last_day <= end.day
    assert is_working_day(end.day)


@given(DAYS, TERMS)
def test_moving_skips_days_off_only(event: date, term: Term) -> None:
    end = term_end(event, term)
    skipped = [end.last_day + timedelta(days=n) for n in range((end.day - end.last_day).days)]
    assert all(day_off(day) for day in skipped)
    assert (end.moved_because is None) == (end.day == end.last_day)


@given(DAYS, TERMS)
def test_a_later_event_never_ends_sooner(event: date, term: Term) -> None:
    later = event + timedelta(days=1)
    assert last_day_of_term(event, term) <= last_day_of_term(later, term)
    assert term_end(event, term).day <= term_end(later, term).day


@given(DAYS, st.integers(1, 23), st.sampled_from(Unit))
def test_a_longer_term_ends_later(event: date, number: int, unit: Unit) -> None:
    assert last_day_of_term(event, Term(number, unit)) < last_day_of_term(event, Term(number + 1, unit))


@given(DAYS)
def test_a_month_is_never_shorter_than_february_nor_longer_than_a_long_one(event: date) -> None:
    assert 28 <= (last_day_of_term(event, Term(1, Unit.MONTHS)) - event).days <= 31


@given(DAYS, st.integers(1, 30))
def test_a_term_of_working_days_has_so_many_working_days(event: date, number: int) -> None:
    last = last_day_of_term(event, Term(number, Unit.WORKING_DAYS))
    days = [event + timedelta(days=n) for n in range(1, (last - event).days + 1)]
    assert sum(map(is_working_day, days)) == number
    assert is_working_day(last)


@given(DAYS, st.integers(1, 15))
def test_the_latest_notice_is_in_time_and_the_next_working_day_is_not(action: date, number: int) -> None:
    term = Term(number, Unit.WORKING_DAYS)
    latest = latest_day_with_notice(action, number)
    assert is_working_day(latest)
    assert earliest_day(latest, term).day <= action
    assert earliest_day(next_working_day(latest + timedelta(days=1)), term).day > action
