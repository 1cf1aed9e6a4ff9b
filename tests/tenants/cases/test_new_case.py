"""Opening a case by hand."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from app.database import db
from tenants.cases.models import Case, Landlord, Note, Person

GOOD = {
    "persons": "1", "person0-last_name": "Claeys", "person0-first_name": "Yvette", "person0-role": "reference",
    "person0-insz": "85.07.30-033.28", "composition": "single", "street": "Zandstraat", "house_number": "5",
    "postcode": "8400", "municipality": "Oostende", "rent": "1.050,50", "landlord_name": "Immo Kust",
    "landlord_kind": "private_company", "source": "internal_referral", "reason": "nuisance", "market": "social",
    "opened_on": "2026-11-02", "other_reasons": ["rent_arrears", "nuisance"], "body": "Kwam naar het loket",
}  # fmt: skip


def cases_of(inside, ocmw):
    with inside(ocmw) as session:
        return session.scalar(select(func.count()).select_from(Case))


def test_a_case_is_opened_and_carried_by_who_opens_it(inside, organisation, sign_in, send, in_step):
    ocmw = organisation()
    answer = send(sign_in(ocmw), "/dossiers/nieuw/", **GOOD)
    assert answer.status_code == 302
    case_id = answer.location.rstrip("/").rsplit("/", 1)[-1]
    case = in_step(ocmw, case_id)
    assert (case.display_name, case.source, case.reason, case.market) == (
        "Claeys, Yvette", "internal_referral", "nuisance", "social"
    )  # fmt: skip
    assert case.other_reasons == ["rent_arrears"]
    assert case.assigned_to == ocmw.users["social_worker"].id
    with inside(ocmw):
        person = db.session.scalar(select(Person))
        assert (person.insz, person.birth_date) == ("85073003328", date(1985, 7, 30))
        assert db.session.scalar(select(Note.body)) == "Kwam naar het loket"


def test_everything_that_is_wrong_is_told_at_once_and_nothing_is_written(inside, organisation, sign_in, send):
    ocmw = organisation()
    tomorrow = date.today() + timedelta(days=1)  # noqa: DTZ011
    wrong = {
        "person0-last_name": " ", "person0-insz": "85.07.30-033.29", "person0-email": "geen adres",
        "person0-phone": "bel mij", "children": "99", "postcode": "84", "rent": "veel", "lease_start": "32/01/2020",
        "opened_on": tomorrow.isoformat(), "net_income": "x",
    }  # fmt: skip
    answer = send(sign_in(ocmw), "/dossiers/nieuw/", **{**GOOD, **wrong})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for field in ("person0-last_name", "person0-insz", "person0-email", "person0-phone", "children", "postcode",
                  "rent", "lease_start", "opened_on", "net_income"):  # fmt: skip
        assert f'href="#{field}"' in page, field
        assert f'id="{field}-error"' in page, field
    assert "Kwam naar het loket" in page  # what was typed stays
    assert cases_of(inside, ocmw) == 0


@pytest.mark.parametrize("field", ["source", "reason", "market", "composition", "person0-role", "landlord_kind"])
def test_a_code_from_elsewhere_is_refused(inside, organisation, sign_in, send, field):
    ocmw = organisation()
    answer = send(sign_in(ocmw), "/dossiers/nieuw/", **{**GOOD, field: "verzonnen"})
    assert answer.status_code == 422
    assert cases_of(inside, ocmw) == 0


def test_a_date_of_birth_that_differs_from_the_national_number_is_asked_again(inside, organisation, sign_in, send):
    ocmw = organisation()
    answer = send(sign_in(ocmw), "/dossiers/nieuw/", **{**GOOD, "person0-birth_date": "1985-07-31"})
    assert answer.status_code == 422
    assert cases_of(inside, ocmw) == 0


def test_somebody_else_of_the_household_gets_a_place_and_nothing_typed_is_lost(inside, organisation, sign_in, send):
    ocmw = organisation()
    client = sign_in(ocmw)
    page = send(client, "/dossiers/nieuw/", **GOOD, another="1").get_data(as_text=True)
    assert 'value="Claeys"' in page
    assert 'name="person1-last_name"' in page
    assert cases_of(inside, ocmw) == 0
    two = {**GOOD, "persons": "2", "person1-last_name": "Maes", "person1-role": "partner"}
    answer = send(client, "/dossiers/nieuw/", **two)
    assert answer.status_code == 302
    with inside(ocmw):
        assert db.session.scalars(select(Person.last_name).order_by(Person.position)).all() == ["Claeys", "Maes"]


def test_a_known_national_number_leads_to_its_case_unless_one_insists(inside, organisation, sign_in, send, make_case):
    ocmw, neighbour = organisation(), organisation()
    made = make_case(ocmw)
    client = sign_in(ocmw)
    answer = send(client, "/dossiers/nieuw/", **GOOD)
    assert answer.status_code == 422
    assert made.page in answer.get_data(as_text=True)
    assert cases_of(inside, ocmw) == 1
    assert send(client, "/dossiers/nieuw/", **GOOD, confirmed="y").status_code == 302
    assert send(sign_in(neighbour), "/dossiers/nieuw/", **GOOD).status_code == 302  # not known there


def test_a_landlord_who_is_known_is_not_made_twice(inside, organisation, sign_in, send, make_case):
    ocmw = organisation()
    make_case(ocmw)
    send(sign_in(ocmw), "/dossiers/nieuw/", **{**GOOD, "landlord_name": "immo  KUST", "person0-insz": ""})
    with inside(ocmw):
        assert db.session.scalars(select(Landlord.name)).all() == ["Immo Kust"]


def test_what_people_type_is_text_on_every_page(inside, organisation, sign_in, send):
    ocmw = organisation()
    client = sign_in(ocmw)
    attack = "<script>alert(1)</script>"
    typed = {**GOOD, "person0-last_name": attack, "street": attack, "landlord_name": attack, "body": attack}
    answer = send(client, "/dossiers/nieuw/", **typed)
    assert answer.status_code == 302
    for address in (
        answer.location,
        "/dossiers/",
        "/zoeken/?q=script",
        f"/zoeken/?q={attack}",
        f"/dossiers/?q={attack}",
    ):
        page = client.get(address).get_data(as_text=True)
        assert attack not in page, address
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in client.get(answer.location).get_data(as_text=True)


def test_signs_that_nobody_sees_do_no_harm(inside, organisation, sign_in, send):
    ocmw = organisation()
    typed = {**GOOD, "person0-last_name": "Cla\x00eys\u202e", "body": "regel\x00 1\nregel 2"}
    assert send(sign_in(ocmw), "/dossiers/nieuw/", **typed).status_code == 302
