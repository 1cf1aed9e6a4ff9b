"""Where an agreement stands on a day, and what a draft must say."""

from datetime import date

import pytest

from playbook.agreements.rules import State, problems_of, state_on

DAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("stored", "starts_on", "ends_on", "expected"),
    [
        ("draft", DAY, None, State.DRAFT),
        ("in_force", DAY, None, State.IN_FORCE),
        ("in_force", DAY, DAY, State.IN_FORCE),
        ("in_force", date(2026, 11, 25), None, State.TO_COME),
        ("in_force", date(2026, 1, 1), date(2026, 11, 23), State.OVER),
        ("ended", DAY, None, State.ENDED),
    ],
)
def test_state_on_a_day(stored, starts_on, ends_on, expected):
    assert state_on(stored, starts_on, ends_on, DAY) is expected


@pytest.mark.parametrize(
    ("title", "parties", "starts_on", "ends_on", "fields"),
    [
        ("Duo", ("a", "b"), DAY, None, []),
        ("Duo", ("a", "b"), DAY, DAY, []),
        ("", (), None, None, ["title", "parties", "starts_on"]),
        ("Duo", ("a", "a"), DAY, None, ["parties"]),
        ("Duo", ("a", "stranger"), DAY, None, ["parties"]),
        ("Duo", ("a", "b"), DAY, date(2026, 11, 23), ["ends_on"]),
    ],
)
def test_what_a_draft_must_say(title, parties, starts_on, ends_on, fields):
    found = problems_of(title, parties, starts_on, ends_on, ("a", "b", "c"))
    assert [field for field, _message in found] == fields
