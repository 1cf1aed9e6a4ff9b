"""Nights, beds, seasons and lost days: tables and properties."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.statistics.rules import THRESHOLD
from tenants.shelter import rules
from tenants.shelter.codes import DelayBand
from tenants.shelter.rules import Period, Season

WINTER = Season("Winter", date(2025, 11, 15), 35)
SUMMER = Season("Basis", date(2026, 4, 1), 20)
DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))
SEASONS = st.lists(
    st.builds(Season, st.just("x"), DAYS, st.integers(0, 40)), unique_by=lambda s: s.first_night, max_size=5
)


@pytest.mark.parametrize(
    ("moment", "night"),
    [
        (datetime(2026, 11, 24, 21, 40), date(2026, 11, 24)),
        (datetime(2026, 11, 25, 1, 15), date(2026, 11, 24)),
        (datetime(2026, 11, 25, 11, 59), date(2026, 11, 24)),
        (datetime(2026, 11, 25, 12, 0), date(2026, 11, 25)),
        (datetime(2027, 1, 1, 0, 30), date(2026, 12, 31)),
    ],
)
def test_a_night_bears_the_date_of_its_evening(moment, night):
    assert rules.night_of(moment) == night


@pytest.mark.parametrize(
    ("night", "beds"),
    [(date(2025, 11, 14), 0), (date(2025, 11, 15), 35), (date(2026, 3, 31), 35), (date(2026, 4, 1), 20)],
)
def test_a_season_runs_until_the_next_one(night, beds):
    assert rules.beds_on([SUMMER, WINTER], night) == beds


def test_who_lies_in_a_bed_too_many_keeps_it_and_no_bed_is_negative():
    assert rules.free_beds(20, {1, 2, 27}) == list(range(3, 21))
    assert rules.beds_too_many(20, [27, 2, 21]) == [21, 27]
    assert rules.free_beds(0, {27}) == []


@pytest.mark.parametrize(
    ("free", "last", "offered"), [([2, 5], 5, 5), ([2, 5], 3, 2), ([2, 5], None, 2), ([], 5, None)]
)
def test_the_bed_to_offer(free, last, offered):
    assert rules.bed_to_offer(free, last) == offered


@given(SEASONS, DAYS, st.integers(0, 400))
@settings(max_examples=60)
def test_bed_nights_are_the_sum_of_the_nights(seasons, first, length):
    period = Period("p", first, first + timedelta(days=length))
    every = [first + timedelta(days=number) for number in range(length + 1)]
    assert rules.bed_nights(seasons, period) == sum(rules.beds_on(seasons, night) for night in every)


@given(SEASONS, DAYS)
@settings(max_examples=60)
def test_periods_cover_every_night_since_the_first_season_once(seasons, last):
    covered = [
        period.first + timedelta(days=number)
        for period in rules.periods_of(seasons, last)
        for number in range((period.last - period.first).days + 1)
    ]
    first = min((s.first_night for s in seasons if s.first_night <= last), default=None)
    nights = (last - first).days + 1 if first else 0
    assert len(covered) == len(set(covered)) == nights


@pytest.mark.parametrize(
    ("nights", "days"),
    [
        ([date(2026, 10, 1), date(2026, 10, 20)], 0),
        ([date(2026, 11, 11), date(2026, 10, 12)], 11),
        ([date(2025, 2, 1), date(2026, 12, 1)], 61),
        ([date(2026, 9, 30)], None),
        ([], None),
    ],
)
def test_days_lost_count_from_the_eviction_to_the_first_night_after_it(nights, days):
    assert rules.days_lost(date(2026, 10, 1), nights) == days


@pytest.mark.parametrize(
    ("days", "band"),
    [(0, "week"), (7, "week"), (8, "month"), (30, "month"), (31, "quarter"), (91, "half_year"), (181, "longer")],
)
def test_bands(days, band):
    assert rules.band_of(days) == band


@given(st.lists(st.integers(0, 400), max_size=60))
@settings(max_examples=60)
def test_no_shown_group_is_small_and_none_can_be_had_by_subtraction(days):
    shown = rules.delays_shown(days)
    assert [band for band, _count in shown] == list(DelayBand)
    assert all(count is None or count >= THRESHOLD for _band, count in shown)
    hidden = [band for band, count in shown if count is None]
    left = len(days) - sum(count for _band, count in shown if count is not None)
    assert not hidden or len(hidden) > 1 or left == 0 or left >= THRESHOLD
