"""The demo's stories are possible ones, on whatever day it is loaded."""

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.calendar.rules import is_working_day
from tenants.cases.rules import normal_insz
from tenants.demo.invention import invent_home, material
from tenants.demo.region import NETWORKS, ORGANISATIONS, PEOPLE
from tenants.demo.stories import STORIES, Teller
from tenants.petitions.checks import Course, check

days = st.dates(date(2026, 1, 1), date(2029, 12, 31))
courts = st.sampled_from(sorted(material()["sessions"]))


@pytest.mark.parametrize("kind", sorted(STORIES))
@given(today=days, court=courts, seed=st.integers(0, 10_000))
def test_the_days_of_a_story_can_follow_each_other(kind, today, court, seed):
    story = STORIES[kind](Teller(Random(seed), today, court))
    course = Course(
        registered_on=story.registered_on,
        received_on=story.opened_on if story.registered_on else None,
        hearing_on=story.hearing_at.date() if story.hearing_at else None,
        pronounced_on=story.pronounced_on,
        judgment_kind=story.judgment,
        judgment_served_on=story.served_on,
        notice_on=story.notice_on,
        planned_on=story.planned_on,
        carried_out_on=story.evicted_on,
    )
    assert check(course, today, vars(course)) == []
    assert story.opened_on <= today
    assert all(attempt.day < today for attempt in story.attempts)
    assert story.end is None or story.opened_on <= story.end.day <= today
    if story.present is not None:
        assert story.hearing_at is not None
        assert story.hearing_at.date() < today
    if story.hearing_at is not None:
        assert is_working_day(story.hearing_at.date())


@given(today=days, place=st.sampled_from(sorted(material()["places"])), seed=st.integers(0, 10_000))
def test_invented_people_have_numbers_that_pass_their_check(today, place, seed):
    home = invent_home(Random(seed), place, today)
    for person in home.persons:
        assert person.birth_date is not None
        assert person.birth_date < today
        if person.insz:
            assert normal_insz(person.insz) == person.insz
            assert person.insz[:6] == f"{person.birth_date:%y%m%d}"


def test_the_same_seed_invents_the_same_people():
    today = date(2026, 11, 16)
    assert invent_home(Random(7), "oostende", today) == invent_home(Random(7), "oostende", today)


def test_every_organisation_has_a_place_a_network_and_stories():
    for organisation in ORGANISATIONS:
        place = material()["places"][organisation.slug]
        assert set(place["courts"]) <= set(material()["sessions"])
        assert organisation.network in NETWORKS
    assert {kind for counts in material()["counts"].values() for kind in counts} <= set(STORIES)
    assert len({o.prefix for o in ORGANISATIONS}) == len(ORGANISATIONS)


def test_w13_has_its_fourteen_ocmws_and_its_caw():
    members = [o for o in ORGANISATIONS if o.network == "w13"]
    assert [o.kind for o in members].count("ocmw") == 14
    assert [o.slug for o in members if o.kind == "caw"] == ["caw-zwvl"]
    assert len({person.username for person in PEOPLE}) == len(PEOPLE)
