"""How far Vandaag looks, and how it greets."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.today.rules import Group, PartOfDay, horizon, part_of_day


@pytest.mark.parametrize(
    ("today", "last", "next_week"),
    [
        (date(2026, 11, 23), date(2026, 11, 29), False),  # Monday
        (date(2026, 11, 26), date(2026, 11, 29), False),  # Thursday
        (date(2026, 11, 27), date(2026, 12, 6), True),  # Friday
        (date(2026, 11, 29), date(2026, 12, 6), True),  # Sunday
    ],
)
def test_from_friday_on_the_next_week_is_in_sight(today, last, next_week):
    seen = horizon(today)
    assert (seen.last, seen.with_next_week) == (last, next_week)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_one_always_sees_at_least_three_days_ahead_and_a_sunday_last(today):
    seen = horizon(today)
    assert seen.last.weekday() == 6
    assert timedelta(days=3) <= seen.last - today <= timedelta(days=9)


def test_groups():
    seen = horizon(date(2026, 11, 24))
    days = [date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)]
    assert [seen.group(day) for day in days] == [Group.LATE, Group.TODAY, Group.WEEK]


@pytest.mark.parametrize(
    ("hour", "part"),
    [(0, PartOfDay.MORNING), (11, PartOfDay.MORNING), (12, PartOfDay.AFTERNOON), (17, PartOfDay.AFTERNOON),
     (18, PartOfDay.EVENING), (23, PartOfDay.EVENING)],
)  # fmt: skip
def test_greeting(hour, part):
    assert part_of_day(hour) is part
