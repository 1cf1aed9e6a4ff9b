"""The demo's stories are possible ones, on whatever day it is loaded."""

from collections import Counter
from datetime import date
from random import Random
from types import SimpleNamespace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.calendar.rules import is_working_day
from tenants.cases.codes import EvictionOutcome, JudgmentKind, Market, Reason
from tenants.cases.rules import normal_insz
from tenants.demo.invention import invent_home, material
from tenants.demo.region import NETWORKS, ORGANISATIONS, PEOPLE
from tenants.demo.stories import HISTORY, RECENT, STORIES, Teller, planned
from tenants.guidance.codes import ProcedureState
from tenants.guidance.demo import fund_of
from tenants.petitions.checks import Course, check

days = st.dates(date(2026, 1, 1), date(2029, 12, 31))
courts = st.sampled_from(sorted(material()["sessions"]))


@pytest.mark.parametrize("kind", sorted(STORIES))
@given(today=days, court=courts, seed=st.integers(0, 10_000))
@example(today=date(2026, 1, 29), court="Oostende 2", seed=1)  # served before it was pronounced
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


def told_of_oostende(today, seed):
    """(story, household, fund or None) of each closed petition of Oostende."""
    random = Random(seed)
    for _number in range(planned("oostende")["past"]):
        story = STORIES["past"](Teller(random, today, "Oostende 1"))
        home = invent_home(random, "oostende", story.opened_on)
        case = SimpleNamespace(
            id=None, market=home.market, reason=Reason.RENT_ARREARS, opened_on=story.opened_on,
            reached_on=story.opened_on if story.reached else None,
            closed_on=story.end.day, eviction_outcome=story.end.eviction,
        )  # fmt: skip
        row = SimpleNamespace(
            Case=case, kind=home.landlord.kind, rent=home.dwelling.rent, arrears=home.dwelling.rent * story.months,
            net_income=home.net_income if story.reached else None,
        )  # fmt: skip
        yield story, home, fund_of(random, row, None) if home.market != Market.SOCIAL else None


def test_three_years_of_oostende_have_the_proportions_of_its_presentation():
    told = list(told_of_oostende(date(2026, 11, 25), 1))
    years = (HISTORY - RECENT) / 365
    asked = [(story, fund) for story, _home, fund in told if fund]
    granted = [story for story, fund in asked if fund["state"] == ProcedureState.ENDED]
    avoided = [story for story in granted if story.end.eviction is EvictionOutcome.AVOIDED]
    assert 245 <= len(told) / years <= 255  # petitions
    assert 0.42 <= len(granted) / len(asked) <= 0.58  # one request in two
    assert 30 <= len(avoided) / years <= 40
    judgments = Counter(story.judgment for story, _home, _fund in told)
    assert judgments[JudgmentKind.DEFAULT] > len(told) * 0.45  # most by default
    per_year = Counter(story.opened_on.year for story, _home, _fund in told)
    assert all(200 <= per_year[year] <= 300 for year in (2024, 2025))


def test_nobody_is_born_after_their_case_began():
    for story, home, _fund in told_of_oostende(date(2026, 11, 25), 2):
        assert all(person.birth_date is None or person.birth_date < story.opened_on for person in home.persons)


def test_a_test_loads_few_closed_cases_and_every_organisation_has_some():
    assert planned("oostende", 0.08)["past"] < 60
    assert planned("oostende", 0.08)["new"] == planned("oostende")["new"]
    assert all(sum(planned(o.slug, 0.08).values()) > 0 for o in ORGANISATIONS)
    assert planned("oostende")["past"] > planned("kortrijk")["past"] > planned("menen")["past"]
