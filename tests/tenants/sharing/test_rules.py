"""Where a grant stands on a day, and what can't be shared so."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenants.sharing.codes import GrantState
from tenants.sharing.rules import problems_of, state_on

DAY = date(2026, 11, 24)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "is_ended", "in_force", "expected"),
    [
        (DAY, None, False, True, GrantState.IN_FORCE),
        (DAY, DAY, False, True, GrantState.IN_FORCE),
        (AFTER, None, False, True, GrantState.TO_COME),
        (BEFORE, BEFORE, False, True, GrantState.OVER),
        (BEFORE, None, False, False, GrantState.OVER),
        (BEFORE, None, True, True, GrantState.ENDED),
    ],
)
def test_state_on_a_day(starts_on, ends_on, is_ended, in_force, expected):
    found = state_on(starts_on, ends_on, is_ended=is_ended, is_agreement_in_force=in_force, day=DAY)
    assert found is expected


@settings(max_examples=60)
@given(st.integers(-5, 5), st.none() | st.integers(-5, 5), st.booleans(), st.booleans())
def test_open_only_within_everything(start, end, is_ended, in_force):
    ends_on = None if end is None else DAY + timedelta(days=end)
    found = state_on(DAY + timedelta(days=start), ends_on, is_ended=is_ended, is_agreement_in_force=in_force, day=DAY)
    within = start <= 0 and (end is None or end >= 0)
    assert (found is GrantState.IN_FORCE) == (within and in_force and not is_ended)


@pytest.mark.parametrize(
    ("parts", "starts_on", "ends_on", "agreement_ends_on", "consent_on", "fields"),
    [
        (("household",), DAY, None, None, DAY, []),
        (("household",), DAY, AFTER, AFTER, BEFORE, []),
        (("documents",), DAY, None, None, DAY, ["parts"]),
        ((), BEFORE, None, None, DAY, ["starts_on"]),
        ((), AFTER, DAY, None, DAY, ["ends_on"]),
        ((), DAY, AFTER, DAY, DAY, ["ends_on"]),
        ((), DAY, None, None, AFTER, ["consent_on"]),
    ],
)
def test_what_can_not_be_shared_so(parts, starts_on, ends_on, agreement_ends_on, consent_on, fields):
    found = problems_of(parts, ("household", "dwelling"), starts_on, ends_on, agreement_ends_on, consent_on, DAY)
    assert [field for field, _message in found] == fields
