"""The ladder of outreach, the four moments and the plan at each of them."""

import uuid
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.calendar.rules import is_working_day
from tenants.cases.codes import Channel, JudgmentKind, Moment
from tenants.outreach.codes import PlanState, StepState
from tenants.outreach.rules import (
    LADDER,
    PLANS,
    Step,
    Try,
    asks_for_a_plan,
    first_steps,
    moment_of,
    next_channel,
    state_of,
    tick,
    what_remains,
)
from tenants.petitions.codes import StageKey
from tenants.petitions.events import ProcedureEvents


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


# ---------------------------------------------------------------- the plan

TUESDAY = date(2026, 11, 24)


def planned(moment=Moment.PETITION, towards=None, today=TUESDAY, **more):
    return [(channel, day.isoformat()[5:]) for channel, day in first_steps(moment, today, towards, **more)]


def test_a_plan_after_the_petition_goes_from_the_telephone_to_the_hospital():
    assert planned() == [
        ("phone", "11-24"), ("letter", "11-24"), ("text_message", "11-25"), ("home_visit", "11-27"),
        ("postcard", "11-27"), ("inquiry", "11-30"), ("home_visit", "12-02"), ("social_media", "12-02"),
        ("hospital", "12-04"),
    ]  # fmt: skip


def test_with_a_hearing_within_a_week_nobody_waits_for_a_letter():
    assert planned(towards=date(2026, 12, 1)) == [
        ("phone", "11-24"), ("home_visit", "11-24"), ("postcard", "11-24"), ("text_message", "11-24"),
        ("inquiry", "11-25"), ("home_visit", "11-26"),
    ]  # fmt: skip


def test_before_the_hearing_of_tomorrow_all_is_for_today_and_one_visit_is_enough():
    steps = planned(towards=date(2026, 11, 25))
    assert {day for _channel, day in steps} == {"11-24"}
    assert [channel for channel, _day in steps].count("home_visit") == 1


def test_without_a_number_nobody_is_called():
    assert {"phone", "text_message"}.isdisjoint(channel for channel, _day in planned(has_number=False))


def test_a_plan_made_in_the_weekend_starts_on_monday_and_holidays_are_no_days():
    assert planned(today=date(2026, 11, 28))[0] == ("phone", "11-30")
    assert planned(today=date(2026, 11, 10))[2] == ("text_message", "11-12")  # 11 November


def test_the_notice_leads_straight_to_the_door_and_the_eviction_to_who_knows_where_they_are():
    assert planned(Moment.NOTICE)[0][0] == "home_visit"
    assert "letter" not in [channel for channel, _day in planned(Moment.NOTICE)]
    assert "home_visit" not in [channel for channel, _day in planned(Moment.EVICTION)]


@given(
    st.sampled_from(list(Moment)),
    st.dates(date(2024, 1, 1), date(2030, 12, 31)),
    st.none() | st.integers(0, 40),
    st.booleans(),
)
def test_every_plan_has_steps_on_days_that_still_help(moment, today, ahead, has_number):
    towards = None if ahead is None else today + timedelta(days=ahead)
    steps = first_steps(moment, today, towards, has_number=has_number)
    assert steps
    assert len(steps) == len(set(steps))
    assert [day for _channel, day in steps] == sorted(day for _channel, day in steps)
    for _channel, day in steps:
        assert day >= today or towards is not None
        assert is_working_day(day) or day == towards
        assert towards is None or day <= max(towards, today)


@pytest.mark.parametrize(
    ("moment", "events", "asked"),
    [
        (Moment.PETITION, {"received_on": date(2026, 11, 16)}, True),
        (Moment.PETITION, {"received_on": date(2026, 9, 24)}, False),
        (Moment.PETITION, {"received_on": date(2026, 8, 1), "hearing_at": datetime(2026, 12, 1, 9)}, True),
        (Moment.PETITION, {}, True),
        (Moment.JUDGMENT, {"pronounced_on": date(2026, 11, 16), "judgment_kind": JudgmentKind.DEFAULT}, True),
        (Moment.JUDGMENT, {"pronounced_on": date(2026, 11, 16), "judgment_kind": JudgmentKind.AGREEMENT}, False),
        (Moment.JUDGMENT, {"pronounced_on": date(2026, 11, 16), "judgment_kind": JudgmentKind.WITHDRAWN}, False),
        (Moment.NOTICE, {"notice_on": date(2026, 8, 1), "planned_eviction_on": date(2026, 11, 30)}, True),
        (Moment.EVICTION, {"evicted_on": date(2026, 11, 20)}, True),
        (Moment.EVICTION, {"evicted_on": date(2026, 8, 20)}, False),
    ],
)
def test_when_a_moment_asks_for_a_plan(moment, events, asked):
    assert asks_for_a_plan(moment, ProcedureEvents(**events), TUESDAY) is asked


def step(channel, day, position=0, **more):
    return Step(uuid.uuid4(), channel, date(2026, 11, day), position, **more)


def attempt(channel, day, *, reached=False):
    return Try(uuid.uuid4(), date(2026, 11, day), channel, reached)


def test_an_attempt_ticks_the_first_open_step_of_its_channel_and_only_that():
    first, second = step(Channel.HOME_VISIT, 27, 1), step(Channel.HOME_VISIT, 30, 2)
    letter = step(Channel.LETTER, 24)
    tries = [attempt(Channel.HOME_VISIT, 24), attempt(Channel.PHONE, 24)]
    settled = {s.id: s for s in tick([second, first, letter], tries, None, TUESDAY)}
    assert (settled[first.id].state, settled[first.id].attempt_id) == ("done", tries[0].id)
    assert [settled[s.id].state for s in (second, letter)] == ["open", "open"]
    again = {s.id: s for s in tick(list(settled.values()), tries, None, TUESDAY)}
    assert again == settled  # counted once


def test_a_hearing_that_comes_nearer_pulls_the_steps_forward_but_not_what_somebody_planned():
    own, computed = step(Channel.INQUIRY, 30, by_hand=True), step(Channel.HOME_VISIT, 30)
    settled = {s.id: s.due_on for s in tick([own, computed], [], date(2026, 11, 27), TUESDAY)}
    assert settled == {own.id: date(2026, 11, 30), computed.id: date(2026, 11, 26)}


def test_the_state_of_a_plan():
    steps, done = [step(Channel.PHONE, 24)], [step(Channel.PHONE, 24, state=StepState.DONE)]
    reached, missed = [attempt(Channel.PHONE, 24, reached=True)], [attempt(Channel.PHONE, 24)]
    now = {"is_current": True, "is_alive": True}
    assert state_of(steps, missed, **now) is PlanState.RUNNING
    assert state_of(done, missed, **now) is PlanState.EXHAUSTED
    assert state_of(steps, reached, **now) is PlanState.REACHED
    assert state_of(steps, reached, is_current=True, is_alive=False) is PlanState.REACHED
    assert state_of(steps, missed, is_current=True, is_alive=False) is PlanState.OVER
    assert state_of(steps, missed, is_current=False, is_alive=True) is PlanState.OVERTAKEN
    assert state_of(steps, missed, **now, stopped=True) is PlanState.STOPPED


def test_what_remains_is_what_nobody_tried():
    tried = {channel for channel, _offset in PLANS[Moment.PETITION]}
    assert what_remains(Moment.PETITION, tried) == (Channel.HOME_VISIT, Channel.LANDLORD, Channel.PARTNER)
    assert Channel.HOME_VISIT not in what_remains(Moment.EVICTION, tried)
