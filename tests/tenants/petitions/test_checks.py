"""Days that can't be right are told, all of them at once; what was there already is left alone."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.cases.codes import JudgmentKind
from tenants.petitions.checks import _ORDER, Course, check

TODAY = date(2026, 11, 24)
DAYS = ("registered_on", "received_on", "served_on", "hearing_on", "pronounced_on", "judgment_served_on",
        "notice_on", "planned_on", "carried_out_on")  # fmt: skip
RIGHT = Course(
    registered_on=date(2026, 8, 3),
    received_on=date(2026, 8, 7),
    hearing_on=date(2026, 8, 18),
    pronounced_on=date(2026, 8, 18),
    judgment_served_on=date(2026, 9, 1),
    notice_on=date(2026, 11, 1),
    planned_on=date(2026, 12, 1),
)


def wrong(course, filled_in=DAYS):
    return [(each.field, each.other) for each in check(course, TODAY, filled_in)]


def test_an_ordinary_course_is_right():
    assert wrong(RIGHT) == []


def test_nothing_known_is_right():
    assert wrong(Course()) == []


@pytest.mark.parametrize(("later", "earlier"), [(later, earlier) for later, earlier, _ in _ORDER])
def test_each_day_comes_after_the_one_it_follows(later, earlier):
    day = date(2026, 5, 4)
    assert wrong(Course(**{later: day, earlier: day})) == []
    assert wrong(Course(**{later: day, earlier: day + timedelta(days=1)})) == [(later, earlier)]


def test_everything_is_told_at_once():
    course = Course(received_on=date(2026, 5, 2), registered_on=date(2026, 5, 4), hearing_on=date(2026, 5, 1))
    assert wrong(course) == [
        ("received_on", "registered_on"),
        ("hearing_on", "received_on"),
        ("hearing_on", "registered_on"),
    ]


def test_what_happened_cannot_be_still_to_come_and_what_is_planned_can():
    tomorrow = TODAY + timedelta(days=1)
    for name in DAYS:
        expected = [] if name in ("hearing_on", "planned_on") else [(name, None)]
        assert wrong(Course(**{name: tomorrow})) == expected, name


def test_a_claim_is_withdrawn_before_the_hearing():
    days = {"hearing_on": date(2026, 11, 20), "pronounced_on": date(2026, 11, 18)}
    assert wrong(Course(**days)) == [("pronounced_on", "hearing_on")]
    assert wrong(Course(**days, judgment_kind=JudgmentKind.WITHDRAWN)) == []


def test_a_mistyped_year_is_the_only_thing_told():
    course = Course(received_on=date(2062, 11, 16), hearing_on=date(2026, 12, 1))
    assert wrong(course) == [("received_on", None)]


def test_days_that_stood_there_already_are_left_alone():
    crooked = Course(hearing_on=date(2026, 5, 1), received_on=date(2026, 5, 4), judgment_served_on=date(2026, 9, 1))
    assert wrong(crooked, ["notice_on"]) == []
    assert wrong(crooked, ["received_on"]) == [("hearing_on", "received_on")]


@given(st.lists(st.dates(date(2000, 1, 1), TODAY), min_size=9, max_size=9))
def test_days_in_their_order_are_always_right(days):
    registered, served, received, hearing, pronounced, served_judgment, notice, planned, done = sorted(days)
    course = Course(registered, received, served, hearing, pronounced, None, served_judgment, notice, planned, done)
    assert check(course, TODAY, DAYS) == []
