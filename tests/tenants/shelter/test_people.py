"""The register: changing people, consent for the link with an eviction, residential places."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.audit.models import AuditEvent
from app.database import db, transaction
from app.security.roles import Role
from tenants.cases.models import Case, Person
from tenants.petitions.models import Eviction
from tenants.shelter import consent, guests, seasons
from tenants.shelter.codes import ResidenceKind
from tenants.shelter.models import EvictionLink

from .conftest import MONDAY

pytestmark = pytest.mark.usefixtures("on_tuesday")
PEOPLE = "/nachtopvang/mensen"
AGREED = {"agrees": "y", "asked_on": "2026-11-23", "number": ""}


@pytest.fixture
def evicted(app, proceeding):
    """A case with an eviction: evicted(ocmw, on=…); its id and number."""

    def make(ocmw, on=date(2026, 10, 12), name="Vermeulen"):
        made = proceeding(ocmw, name, judgment_kind="default", pronounced_on=date(2026, 9, 1))
        with app.app_context(), ocmw.acting(), transaction() as session:
            if on:
                session.add(Eviction(case_id=made.case_id, petition_id=made.petition_id, carried_out_on=on))
            session.scalar(select(Person).where(Person.case_id == made.case_id)).birth_date = date(1956, 3, 27)
            number = session.get_one(Case, made.case_id).number
        with app.app_context():
            db.session.remove()
        return made.case_id, number

    return make


def test_opening_a_person_is_recorded_and_a_change_needs_the_latest(shelter, sleeping, sign_in, send, reading, read):
    ocmw = shelter()
    stay = sleeping(ocmw, "Lena Maes", 2, insz="56032774332")
    other = sleeping(ocmw, "Jo Claes", 1)
    client = sign_in(ocmw)
    page = client.get(f"{PEOPLE}/{stay.guest_id}/")
    assert "Sliep hier 1 nacht, laatst op maandag 23 november 2026" in read(page)
    assert "56.03.27" not in page.get_data(as_text=True)
    with reading(ocmw):
        event = db.session.scalar(select(AuditEvent).where(AuditEvent.act == "read"))
        assert (event.subject, event.subject_id, event.why) == ("shelter_guest", stay.guest_id, "shelter work")
        raw = db.session.execute(text("SELECT insz FROM shelter_guest WHERE insz IS NOT NULL")).scalar_one()
        assert b"56032774332" not in bytes(raw)
    changed = {"first_name": "Lena", "last_name": "Maesen", "version": "1"}
    address = f"{PEOPLE}/{stay.guest_id}/bewerken"
    assert send(client, address, **changed).status_code == 302
    late = send(client, address, **(changed | {"note": "bed beneden"}))
    assert late.status_code == 409
    assert "Een collega heeft deze persoon intussen gewijzigd" in read(late)
    assert "bed beneden" in read(late)
    send(client, address, **(changed | {"insz": "56032774332", "version": "2"}))
    twin = send(client, f"{PEOPLE}/{other.guest_id}/bewerken", first_name="Jo", insz="56032774332", version="1")
    assert twin.status_code == 409
    assert "Ook in het register: Lena Maesen" in read(twin)


def test_without_consent_no_link_and_no_search(shelter, sleeping, evicted, sign_in, send, reading, read):
    ocmw = shelter()
    _case_id, number = evicted(ocmw)
    stay = sleeping(ocmw, "Dirk Vermeulen", 2, birth_date=date(1956, 3, 27))
    client = sign_in(ocmw)
    address = f"{PEOPLE}/{stay.guest_id}/dossier"
    for fields in ({"number": number}, {"number": ""}):
        answer = send(client, address, **(AGREED | fields | {"agrees": ""}))
        assert answer.status_code == 422
        assert "Zonder toestemming kun je niet koppelen" in read(answer)
        assert "Torhoutsesteenweg" not in read(answer)
    with reading(ocmw):
        assert consent.asked_of(stay.guest_id) == []


def test_with_consent_the_lost_time_is_known_on_both_sides(shelter, sleeping, evicted, sign_in, send, reading, read):
    ocmw = shelter()
    case_id, number = evicted(ocmw)
    stay = sleeping(ocmw, "Dirk Vermeulen", 2, birth_date=date(1956, 3, 27))
    client = sign_in(ocmw)
    looked = send(client, f"{PEOPLE}/{stay.guest_id}/dossier", **AGREED)
    assert f"{number} · Torhoutsesteenweg 41, 8400 Oostende uit huis gezet op maandag 12 oktober 2026" in read(looked)
    assert send(client, f"{PEOPLE}/{stay.guest_id}/dossier", **AGREED, case_id=str(case_id)).status_code == 302
    page = read(client.get(f"{PEOPLE}/{stay.guest_id}/"))
    assert "Uit huis gezet op maandag 12 oktober 2026. De eerste nacht hier was 42 dagen later." in page
    assert "vroeg de toestemming op maandag 23 november 2026" in page
    case = read(client.get(f"/dossiers/{case_id}/"))
    assert "Eerste nacht in de nachtopvang" in case
    assert "42 dagen na de uithuiszetting" in case
    with reading(ocmw):
        link_id = db.session.scalar(select(EvictionLink.id))
        assert consent.all_delays() == [42]
    again = send(client, f"{PEOPLE}/{stay.guest_id}/dossier", **(AGREED | {"number": number}))
    assert again.status_code == 409
    assert send(client, f"{PEOPLE}/dossier/{link_id}/intrekken").status_code == 302
    page = read(client.get(f"{PEOPLE}/{stay.guest_id}/"))
    assert "Ze is ingetrokken op dinsdag 24 november 2026" in page
    assert number not in page
    assert "Eerste nacht in de nachtopvang" not in read(client.get(f"/dossiers/{case_id}/"))
    with reading(ocmw):
        assert consent.all_delays() == []
        assert send(client, f"{PEOPLE}/{stay.guest_id}/dossier", **(AGREED | {"number": number})).status_code == 302


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"number": "OOS-1900-0001"}, "geen dossier met dit nummer"),
        ({"asked_on": "2025-01-01"}, "Toestemming noteer je voor vandaag of een dag in het voorbije jaar"),
        ({"asked_on": "2026-12-01"}, "moet nog komen"),
    ],
)
def test_what_a_consent_cannot_be(shelter, sleeping, evicted, sign_in, send, read, fields, told):
    ocmw = shelter()
    _case_id, number = evicted(ocmw)
    stay = sleeping(ocmw, "Dirk Vermeulen", 2)
    answer = send(sign_in(ocmw), f"{PEOPLE}/{stay.guest_id}/dossier", **(AGREED | {"number": number} | fields))
    assert answer.status_code == 422
    assert told in read(answer)


def test_a_case_without_an_eviction_and_one_of_others_are_refused(
    shelter, organisation, sleeping, evicted, sign_in, send, read
):
    ocmw, others = shelter(), organisation()
    _case_id, number = evicted(ocmw, on=None)
    theirs, _number = evicted(others)
    stay = sleeping(ocmw, "Dirk Vermeulen", 2)
    client = sign_in(ocmw)
    answer = send(client, f"{PEOPLE}/{stay.guest_id}/dossier", **(AGREED | {"number": number}))
    assert answer.status_code == 422
    assert "staat nog geen uithuiszetting" in read(answer)
    assert send(client, f"{PEOPLE}/{stay.guest_id}/dossier", **AGREED, case_id=str(theirs)).status_code == 404


def test_the_database_holds_no_link_without_its_case_or_withdrawal(shelter, sleeping, reading):
    ocmw = shelter()
    stay = sleeping(ocmw, "Dirk Vermeulen", 2)
    with reading(ocmw), pytest.raises(IntegrityError, match="ck_shelter_link_consent"), transaction() as session:
        session.add(EvictionLink(guest_id=stay.guest_id, asked_by=ocmw.users[Role.SOCIAL_WORKER].id, asked_on=MONDAY))


def test_residential_places(shelter, sleeping, sign_in, send, reading, read):
    ocmw = shelter()
    one, two = sleeping(ocmw, "Lena Maes", 1), sleeping(ocmw, "Jo Claes", 2)
    client = sign_in(ocmw)
    with reading(ocmw):
        seasons.save_places({ResidenceKind.HOUSING_FIRST: 1, ResidenceKind.GROUP: 2})
    place = {"kind": "housing_first", "since": "2026-11-20"}
    assert send(client, f"{PEOPLE}/{one.guest_id}/plaats", **(place | {"since": "2026-11-30"})).status_code == 422
    assert send(client, f"{PEOPLE}/{one.guest_id}/plaats", **place).status_code == 302
    full = send(client, f"{PEOPLE}/{two.guest_id}/plaats", **place)
    assert full.status_code == 422
    assert "Er is geen plaats van deze soort vrij" in read(full)
    second = send(client, f"{PEOPLE}/{one.guest_id}/plaats", **(place | {"kind": "group"}))
    assert second.status_code == 409
    assert "1 van 1 bezet" in read(client.get("/nachtopvang/residentieel/"))
    with reading(ocmw):
        from tenants.shelter.residence import overview

        residence_id = overview()[0].taken[0].id
    end = f"/nachtopvang/residentieel/{residence_id}/einde"
    early = send(client, end, until="2026-11-01")
    assert early.status_code == 422
    assert "De laatste dag ligt tussen" in read(early)
    assert send(client, end, until="ooit").status_code == 422
    assert send(client, end, until="2026-11-24").status_code == 302
    assert send(client, f"{PEOPLE}/{two.guest_id}/plaats", **place).status_code == 302


def test_the_register_is_paged_and_searched(shelter, sleeping, sign_in, send, reading, read, monkeypatch):
    ocmw = shelter(20)
    for bed, name in enumerate(("An Ba", "Bo Ca", "Jo Maes"), start=1):
        sleeping(ocmw, name, bed)
    client = sign_in(ocmw)
    monkeypatch.setattr(guests, "PAGE", 2)
    assert "1–2 van 3" in read(client.get(f"{PEOPLE}/"))
    assert "Jo Maes" in read(client.get(f"{PEOPLE}/?pagina=2"))
    found = read(send(client, f"{PEOPLE}/", q="MAES jo"))
    assert "Jo Maes" in found
    assert "An Ba" not in found
    assert send(client, f"{PEOPLE}/", q="56.03.27-743.33").status_code == 422


def test_who_slept_before_counts_nights_not_beds(shelter, sleeping, reading):
    ocmw = shelter()
    stay = sleeping(ocmw, "Lena Maes", 1, MONDAY - timedelta(days=1))
    with reading(ocmw):
        from tenants.shelter import service

        first = service.register(stay.guest_id, 2, MONDAY)
        service.leave(first.id)
        service.register(stay.guest_id, 3, MONDAY)
        (listed,) = guests.of_night(MONDAY)
        assert (listed.nights, listed.last_night) == (2, MONDAY)
        assert listed.last_bed in (2, 3)
