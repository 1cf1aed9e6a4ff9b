"""After an eviction: what can be right, what is kept, the term of the goods, and two who fill it in at once."""

import re
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.database import db
from app.security.roles import Role
from tenants.after_eviction import service
from tenants.after_eviction.models import RelocationHelp, Whereabouts
from tenants.after_eviction.rules import STORED, Aftermath, GoodsPlace, HelpKind, Place, ReachedShelter, wrong_with
from tenants.petitions.changes import save_eviction

EVICTED, TODAY = date(2026, 11, 10), date(2026, 11, 24)


@pytest.mark.parametrize(
    ("filled_in", "wrong"),
    [
        ({}, set()),
        ({"place": Place.FAMILY_FRIENDS, "since": EVICTED}, set()),
        ({"place": Place.DWELLING, "since": EVICTED - timedelta(days=5)}, set()),  # left before the bailiff came
        ({"place": Place.FAMILY_FRIENDS}, {"since"}),
        ({"place": Place.FAMILY_FRIENDS, "since": date(2026, 11, 25)}, {"since"}),
        ({"since": EVICTED}, {"place"}),
        ({"help_kind": HelpKind.DEPOSIT}, {"given_on"}),
        ({"help_note": "verhuiswagen"}, {"help_kind"}),
        ({"goods_since": EVICTED}, {"goods_place"}),
        ({"goods_place": GoodsPlace.MUNICIPALITY, "goods_since": EVICTED}, set()),
        ({"goods_place": GoodsPlace.MUNICIPALITY, "goods_until": date(2027, 1, 1)}, {"goods_until"}),
        ({"goods_place": GoodsPlace.COMPANY, "goods_until": date(2027, 1, 1)}, set()),
        ({"goods_place": GoodsPlace.COMPANY, "goods_until": EVICTED - timedelta(days=1)}, {"goods_until"}),
        ({"goods_place": GoodsPlace.OCMW, "goods_since": EVICTED - timedelta(days=1)}, {"goods_since"}),
        ({"goods_place": GoodsPlace.OCMW, "goods_gone_on": EVICTED - timedelta(days=1)}, {"goods_gone_on"}),
        ({"shelter": ReachedShelter.YES}, set()),
        ({"shelter": ReachedShelter.YES, "shelter_on": EVICTED}, set()),
        ({"shelter": ReachedShelter.YES, "shelter_on": EVICTED - timedelta(days=1)}, {"shelter_on"}),
        ({"shelter": ReachedShelter.NO, "shelter_on": EVICTED}, {"shelter"}),
    ],
)
def test_what_can_be_right(filled_in, wrong):
    assert {each.field for each in wrong_with(Aftermath(**filled_in), EVICTED, TODAY)} == wrong


DAYS = st.none() | st.dates(EVICTED - timedelta(days=3), TODAY + timedelta(days=3))


@settings(max_examples=60)
@given(st.sampled_from(GoodsPlace), DAYS, DAYS, DAYS)
def test_goods_that_are_accepted_are_somewhere_and_in_order(place, since, until, gone):
    filled_in = Aftermath(goods_place=place, goods_since=since, goods_until=until, goods_gone_on=gone)
    if not wrong_with(filled_in, EVICTED, TODAY):
        days = [day for day in (since, until, gone) if day]
        assert place in STORED or not days
        assert all(day >= (since or EVICTED) for day in days)


def test_the_categories_are_those_of_ethos_light():
    assert [place.ethos for place in Place if place.ethos] == [1, 2, 3, 4, 5, 6]


@pytest.fixture
def evicted(organisation, proceeding, reading, on_tuesday):
    """(organisation, case, petition) of somebody who was evicted two weeks ago."""
    ocmw = organisation(Role.SOCIAL_WORKER, Role.TEAM_LEAD)
    made = proceeding(
        ocmw,
        received_on=date(2026, 6, 1),
        hearing_at=datetime(2026, 6, 15, 9, 30),
        judgment_kind="default",
        pronounced_on=date(2026, 6, 15),
        judgment_served_on=date(2026, 7, 1),
        notice_on=date(2026, 11, 2),
        evicted_on=EVICTED,
        reached_on=date(2026, 11, 4),
    )
    return ocmw, made


def address(made):
    return f"/dossiers/{made.case_id}/na-uithuiszetting"


def test_from_the_page_of_the_case_to_the_timeline_and_today(evicted, sign_in, send, read, deadlines_of):
    ocmw, made = evicted
    client = sign_in(ocmw)
    page = client.get(f"/dossiers/{made.case_id}/")
    assert "Waar ging het gezin naartoe" in read(page)
    assert address(made) in page.text
    assert deadlines_of(ocmw, made.case_id) == {"goods_kept": date(2027, 5, 10)}
    filled_in = {
        "place": "family_friends", "since": "2026-11-10", "place_note": "bij zijn broer", "help_kind": "deposit",
        "given_on": "2026-11-12", "goods_place": "company", "goods_where": "Box 14", "goods_since": "2026-11-10",
        "goods_until": "2026-11-25", "shelter": "yes", "shelter_on": "2026-11-19", "version": "0",
    }  # fmt: skip
    assert send(client, address(made), **filled_in).headers["Location"].endswith("#na-uithuiszetting")
    said = read(client.get(f"/dossiers/{made.case_id}/"))
    for told in (
        "Bij familie of vrienden, bij gebrek aan een woning sinds 10 nov", "Bij een opslagfirma tot 25 nov",
        "Nachtopvang 19 nov · 9 dagen na de uithuiszetting", "Hulp: Huurwaarborg", "bij zijn broer",
    ):  # fmt: skip
        assert told in said, told
    assert deadlines_of(ocmw, made.case_id) == {"goods_stored": date(2026, 11, 25)}
    assert "Opslag van de goederen loopt af" in read(client.get("/vandaag/"))
    again = filled_in | {"version": "1", "goods_gone_on": "2026-11-23", "help_kind": "", "given_on": ""}
    assert send(client, address(made), **again).status_code == 302
    assert deadlines_of(ocmw, made.case_id) == {}
    assert "Goederen opgehaald" in read(client.get(f"/dossiers/{made.case_id}/"))


def test_an_agreed_day_that_is_over_stays_in_today_until_the_goods_are_gone(evicted, sign_in, reading, read):
    ocmw, made = evicted
    with reading(ocmw):
        stored = Aftermath(goods_place=GoodsPlace.OCMW, goods_until=date(2026, 11, 20))
        service.save(made.case_id, stored)
    assert "Opslag van de goederen loopt af" in read(sign_in(ocmw).get("/vandaag/"))


def test_the_municipality_keeps_them_from_the_day_it_took_them(evicted, reading, deadlines_of):
    ocmw, made = evicted
    with reading(ocmw):
        service.save(made.case_id, Aftermath(goods_place=GoodsPlace.MUNICIPALITY, goods_since=date(2026, 11, 12)))
    assert deadlines_of(ocmw, made.case_id) == {"goods_kept": date(2027, 5, 12)}


def test_a_new_place_is_added_and_the_same_one_is_not(evicted, reading):
    ocmw, made = evicted
    first = Aftermath(Place.FAMILY_FRIENDS, EVICTED, help_kind=HelpKind.SEARCH, given_on=EVICTED)
    then = Aftermath(Place.DWELLING, date(2026, 11, 20))
    with reading(ocmw):
        for version, told in enumerate((first, first, then)):
            service.save(made.case_id, told, version)
        assert [row.place for row in service.whereabouts_of(made.case_id)] == ["dwelling", "family_friends"]
        assert db.session.scalar(select(func.count()).select_from(RelocationHelp)) == 1


def test_what_cannot_be_is_told_and_stays_on_the_form(evicted, sign_in, send, reading):
    ocmw, made = evicted
    filled_in = {"place": "dwelling", "goods_place": "none", "goods_since": "2026-11-01", "goods_where": "Box 14"}
    answer = send(sign_in(ocmw), address(made), **filled_in, shelter="unknown", version="0")
    assert answer.status_code == 422
    for told in ("Vul in sinds wanneer", "Kies waar de goederen zijn", "kunnen niet opgeslagen zijn", "Box 14"):
        assert told in answer.text, told
    with reading(ocmw):
        assert db.session.scalar(select(func.count()).select_from(Whereabouts)) == 0


def test_the_second_sees_what_the_first_saved_and_loses_nothing(evicted, sign_in, send):
    ocmw, made = evicted
    mine, theirs = sign_in(ocmw), sign_in(ocmw, Role.TEAM_LEAD)
    theirs_told = {"place": "dwelling", "since": "2026-11-12", "goods_place": "ocmw", "shelter": "no", "version": "0"}
    assert send(theirs, address(made), **theirs_told).status_code == 302
    told = {"place": "public_space", "since": "2026-11-11", "goods_place": "none", "shelter": "unknown"}
    answer = send(mine, address(made), **told, place_note="station", version="0")
    assert answer.status_code == 409
    assert "heeft dit ondertussen" in answer.text or "intussen" in answer.text
    assert "In een andere woning" in answer.text
    assert "station" in answer.text
    version = re.search(r'name="version"[^>]*value="(\d+)"', answer.text)[1]
    assert send(mine, address(made), **told, place_note="station", version=version).status_code == 302


def test_without_an_eviction_there_is_nothing_after_it(evicted, proceeding, sign_in, send, reading, read):
    ocmw, made = evicted
    client = sign_in(ocmw)
    other = proceeding(ocmw, "Aerts")
    assert "Na de uitdrijving" not in read(client.get(f"/dossiers/{other.case_id}/"))
    assert client.get(address(other), follow_redirects=True).text.count("Noteer eerst de dag") == 1
    with reading(ocmw):
        save_eviction(made.petition_id, date(2026, 11, 2), None, None)
    told = {"place": "dwelling", "since": "2026-11-12", "goods_place": "none", "shelter": "no", "version": "0"}
    answer = send(client, address(made), **told)
    assert answer.status_code == 409
    assert "In het dossier staat geen uitdrijving meer" in answer.text
    assert 'value="2026-11-12"' in answer.text
