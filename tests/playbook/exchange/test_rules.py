"""Absences, and what a contact must say."""

from datetime import date

import pytest

from playbook.exchange.rules import is_absent, problems_of

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
