"""Absences, and what a contact must say."""

from datetime import date

import pytest

from playbook.exchange.rules import holds_a_national_number, is_absent, is_late, problems_of, state_of, tags_of

NOV = [date(2026, 11, day) for day in range(1, 31)]


@pytest.mark.parametrize(
    ("start", "end", "day", "absent"),
    [
        (NOV[9], NOV[19], NOV[9], True),
        (NOV[9], NOV[19], NOV[19], True),
        (NOV[9], NOV[19], NOV[20], False),
        (NOV[9], NOV[19], NOV[8], False),
        (NOV[9], None, NOV[29], True),
        (None, None, NOV[0], False),
    ],
)
def test_absence_includes_both_days(start, end, day, absent):
    assert is_absent(start, end, day) == absent


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        (("Els", "056 12 34 56", "els@ocmw.be", None, None), []),
        (("Els", "", "els@ocmw.be", None, None), []),
        (("", "", "", None, None), ["name", "phone"]),
        (("Els", "bel mij", "", None, None), ["phone"]),
        (("Els", "", "els@", None, None), ["email"]),
        (("Els", "056 12 34 56", "", NOV[9], NOV[8]), ["absent_to"]),
        (("Els", "056 12 34 56", "", None, NOV[8]), ["absent_from"]),
    ],
)
def test_everything_that_is_wrong_is_said_at_once(given, fields):
    assert [field for field, _message in problems_of(*given)] == fields


@pytest.mark.parametrize(
    ("text", "tags"),
    [("Outreach, private  huur", ["outreach", "private huur"]), ("a;A,\na", ["a"]), (" , ", [])],
)
def test_tags_are_small_and_each_once(text, tags):
    assert tags_of(text) == tags


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("over 85.07.30-033.28", True),
        ("85073003328", True),
        ("vonnis van 12.03.2026, 850 euro", False),
        ("rolnummer 26A7777", False),
        ("0498 12 34 56", False),
        ("BE68 5390 0754 7034", False),
    ],
)
def test_a_national_number_is_seen(text, found):
    assert holds_a_national_number(text) == found


@pytest.mark.parametrize(
    ("accepted", "closed", "state"),
    [(False, False, "open"), (True, False, "answered"), (True, True, "closed"), (False, True, "closed")],
)
def test_how_a_question_stands(accepted, closed, state):
    assert state_of(accepted=accepted, closed=closed) == state


@pytest.mark.parametrize(
    ("by_when", "done", "late"),
    [(NOV[8], False, True), (NOV[8], True, False), (NOV[9], False, False), (None, False, False)],
)
def test_late_is_after_the_day_itself(by_when, done, late):
    assert is_late(by_when, done=done, day=NOV[9]) == late
