"""The search on top of every page."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.audit.models import AuditEvent
from tests.tenants.cases.conftest import VERMEULEN

INSZ = ("85073003328", "85.07.30-033.28", "850730 033 28")


@pytest.mark.parametrize(
    ("query", "group"),
    [
        ("vermeulen", "Op naam"),
        ("Dirk VERMEULEN", "Op naam"),
        ("26A1187", "Op nummer"),
        ("26a11", "Op nummer"),
        ("2026-0001", "Op nummer"),
        ("torhoutsesteenweg 41", "Op adres"),
        ("lotte", "Elders in het dossier"),
    ],
)
def test_a_case_is_found_by_what_people_know(organisation, make_case, sign_in, send, query, group):
    ocmw = organisation()
    made = make_case(ocmw)
    client = sign_in(ocmw)
    answer = send(client, "/zoeken/", q=query)
    assert answer.status_code == 303
    page = client.get(answer.location).get_data(as_text=True)
    assert made.page in page
    assert group in page


def test_the_house_that_was_asked_for_comes_before_a_longer_number(organisation, make_case, sign_in):
    ocmw = organisation()
    wanted = make_case(ocmw)
    there = replace(VERMEULEN.dwelling, house_number="141")
    people = [replace(VERMEULEN.persons[0], last_name="Aerts", insz="")]
    longer = make_case(ocmw, replace(VERMEULEN, persons=people, dwelling=there), "26A1188")
    page = sign_in(ocmw).get("/zoeken/?q=torhoutsesteenweg+41").get_data(as_text=True)
    assert 0 < page.index(wanted.page) < page.index(longer.page)


def test_a_roll_number_is_shown_with_its_court(organisation, make_case, sign_in):
    ocmw = organisation()
    make_case(ocmw)
    assert "26A1187 · Oostende 1" in sign_in(ocmw).get("/zoeken/?q=26A1187").get_data(as_text=True)


@pytest.mark.parametrize("written", INSZ)
def test_a_national_number_leads_to_its_case_and_stands_in_no_address(organisation, make_case, sign_in, send, written):
    ocmw = organisation()
    made = make_case(ocmw)
    answer = send(sign_in(ocmw), "/zoeken/", q=written)
    assert (answer.status_code, answer.location) == (303, made.page)


def test_a_national_number_in_two_cases_shows_both_and_is_not_repeated(organisation, make_case, sign_in, send):
    ocmw = organisation()
    made, other = make_case(ocmw), make_case(ocmw, roll="26A1188")
    page = send(sign_in(ocmw), "/zoeken/", q=INSZ[1]).get_data(as_text=True)
    assert made.page in page
    assert other.page in page
    assert not [written for written in INSZ if written in page]


def test_a_national_number_of_nobody_or_a_wrong_one_is_said(organisation, make_case, sign_in, send):
    ocmw, neighbour = organisation(), organisation()
    make_case(neighbour)
    client = sign_in(ocmw)
    answer = send(client, "/zoeken/", q=INSZ[0])
    assert answer.status_code == 200
    assert "Niets gevonden" in answer.get_data(as_text=True)
    assert "Zoek ook op naam" in answer.get_data(as_text=True)
    answer = send(client, "/zoeken/", q="85.07.30-033.29")
    assert answer.status_code == 422
    assert "klopt niet" in answer.get_data(as_text=True)


@pytest.mark.parametrize("written", INSZ)
def test_an_address_with_a_national_number_is_not_answered(organisation, make_case, sign_in, written):
    ocmw = organisation()
    make_case(ocmw)
    client = sign_in(ocmw)
    answer = client.get("/zoeken/", query_string={"q": written})
    assert (answer.status_code, answer.location) == (303, "/zoeken/")
    assert "zoekvak" in client.get("/zoeken/").get_data(as_text=True)


@pytest.mark.parametrize("query", ["", "   ", "zzz", "%", "_", "'; drop table case_file; --", "a" * 5000])
def test_any_words_are_answered(organisation, make_case, sign_in, query):
    ocmw = organisation()
    make_case(ocmw)
    answer = sign_in(ocmw).get("/zoeken/", query_string={"q": query})
    assert answer.status_code == 200
    assert "Vermeulen" not in answer.get_data(as_text=True)


def test_the_trail_tells_of_the_opening_and_never_of_the_number(organisation, make_case, sign_in, send, inside):
    ocmw = organisation()
    made = make_case(ocmw)
    client = sign_in(ocmw)
    client.get(send(client, "/zoeken/", q=INSZ[0]).location)
    with inside(ocmw) as session:
        events = session.scalars(select(AuditEvent)).all()
        assert [e.case_id for e in events if e.act == "read"] == [made.case_id]
        assert not [e for e in events if any(n in str(vars(e)) for n in INSZ)]
