"""The ladder of outreach and the four moments."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.cases.codes import Channel, Moment
from tenants.outreach.rules import LADDER, moment_of, next_channel
from tenants.petitions.codes import StageKey


def test_every_stage_belongs_to_a_moment():
    assert {stage: moment_of(stage) for stage in StageKey} == {
        StageKey.PETITION: Moment.PETITION,
        StageKey.HEARING: Moment.PETITION,
        StageKey.JUDGMENT: Moment.JUDGMENT,
        StageKey.SERVICE: Moment.JUDGMENT,
        StageKey.NOTICE: Moment.NOTICE,
        StageKey.EVICTION: Moment.EVICTION,
    }


@pytest.mark.parametrize(
    ("tried", "days", "expected"),
    [
        ([], None, Channel.PHONE),
        ([Channel.PHONE], None, Channel.LETTER),
        ([Channel.TEXT_MESSAGE], None, Channel.LETTER),
        ([Channel.PHONE, Channel.LETTER], None, Channel.HOME_VISIT),
        ([Channel.PHONE], 7, Channel.HOME_VISIT),
        ([Channel.PHONE], 8, Channel.LETTER),
        ([], 2, Channel.PHONE),
        ([Channel.PHONE, Channel.LETTER, Channel.HOME_VISIT], 3, Channel.POSTCARD),
        (list(LADDER), None, Channel.HOME_VISIT),
    ],
)
def test_the_next_rung(tried, days, expected):
    assert next_channel(tried, days) is expected


@given(st.frozensets(st.sampled_from(list(Channel))), st.none() | st.integers(-5, 60))
def test_what_failed_is_not_suggested_again_before_the_ladder_is_done(tried, days):
    suggested = next_channel(tried, days)
    assert suggested in LADDER
    assert suggested not in tried or suggested is Channel.HOME_VISIT
