"""The board of tonight through the pages: giving beds, conflicts, leaving, turning away."""

import re
import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from app import tenancy
from app.database import db
from app.security.roles import Role
from tenants.shelter import seasons, service
from tenants.shelter.errors import ConflictError
from tenants.shelter.models import Guest, Stay, TurnedAway
from tenants.shelter.rules import Season

from .conftest import MONDAY

pytestmark = pytest.mark.usefixtures("on_tuesday")
NEW = {"first_name": "Lena", "last_name": "Maes", "bed": "2", "birth_date": "", "insz": "", "note": ""}
DOOR = "/nachtopvang/inschrijven"


def beds(reading, ocmw, night=MONDAY):
    """Who has which bed now."""
    with reading(ocmw):
        return {stay.bed: stay.guest.name for stay in service.board(night).stays}


def test_another_organisation_sees_and_changes_nothing(shelter, sleeping, sign_in, send, reading):
    ours, theirs = shelter(), shelter()
    stay = sleeping(ours, "Lena Maes", 2)
    client = sign_in(theirs)
    assert "Maes" not in client.get("/nachtopvang/").get_data(as_text=True)
    for path in (f"mensen/{stay.guest_id}/", f"mensen/{stay.guest_id}/dossier", f"verblijf/{stay.id}/bed"):
        assert client.get(f"/nachtopvang/{path}").status_code == 404, path
    for path in (f"verblijf/{stay.id}/vertrokken", f"verblijf/{stay.id}/bed", f"mensen/{stay.guest_id}/plaats"):
        assert send(client, f"/nachtopvang/{path}", bed="1").status_code == 404, path
    assert send(client, f"{DOOR}/gekend", guest_id=str(stay.guest_id), bed="1").status_code == 404
    assert beds(reading, ours) == {2: "Lena Maes"}


def test_only_an_organisation_that_runs_a_shelter_has_it(organisation, shelter, sign_in):
    without, with_one = organisation(), shelter()
    assert sign_in(without).get("/nachtopvang/").status_code == 403
    assert "/nachtopvang/" not in sign_in(without).get("/vandaag/").get_data(as_text=True)
    client = sign_in(with_one)
    assert 'href="/nachtopvang/"' in client.get("/vandaag/").get_data(as_text=True)
    assert client.get("/nachtopvang/instellingen/").status_code == 403  # the team lead's


def test_two_taps_for_who_was_here_before(shelter, sleeping, sign_in, send, reading, read):
    ocmw = shelter()
    stay = sleeping(ocmw, "Lena Maes", 2, MONDAY - timedelta(days=1))
    client = sign_in(ocmw)
    board = client.get("/nachtopvang/")
    assert (
        "De nacht van maandag 23 november op dinsdag 24 november 2026. 0 van de 3 bedden zijn bezet, 3 zijn vrij"
        in read(board)
    )
    assert f"{DOOR}/?bed=3" in board.get_data(as_text=True)
    door = client.get(f"{DOOR}/?bed=3")
    assert "Sliepen hier de vorige nacht Lena Maes 1 nacht · laatst op 22 nov in bed 2 Bed 3 geven" in read(door)
    assert "Bed 2 geven" in read(client.get(f"{DOOR}/"))  # her own bed again
    answer = send(client, f"{DOOR}/gekend", guest_id=str(stay.guest_id), bed="3", nacht="2026-11-23")
    assert answer.headers["Location"] == "/nachtopvang/"
    assert beds(reading, ocmw) == {3: "Lena Maes"}
    assert "Lena Maes heeft bed 3." in read(client.get("/nachtopvang/"))


def test_the_search_leaves_no_name_in_an_address(shelter, sleeping, sign_in, send, read):
    ocmw = shelter()
    sleeping(ocmw, "Lena Maes", 2, insz="56032774332")
    client = sign_in(ocmw)
    found = send(client, f"{DOOR}/", q="maes")
    assert "Gevonden 1 Lena Maes heeft deze nacht bed 2 binnen" in read(found)
    assert "Lena Maes" in read(send(client, f"{DOOR}/", q="56.03.27-743.32"))
    assert send(client, f"{DOOR}/", q="56.03.27-743.33").status_code == 422
    assert "Niemand in het register" in read(send(client, "/nachtopvang/inschrijven/", q="janssens"))


def test_somebody_new_with_one_name(shelter, sign_in, send, reading):
    ocmw = shelter()
    answer = send(sign_in(ocmw), f"{DOOR}/nieuw", **(NEW | {"last_name": "", "note": "bed beneden"}))
    assert answer.status_code == 302
    assert beds(reading, ocmw) == {2: "Lena"}
    with reading(ocmw):
        guest = db.session.scalar(select(Guest))
        assert (guest.note, guest.created_by) == ("bed beneden", ocmw.users[Role.SOCIAL_WORKER].id)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"first_name": "", "last_name": ""}, "Vul een naam in"),
        ({"insz": "56032774333"}, "Vergelijk de elf cijfers"),
        ({"insz": "56032774332", "birth_date": "1990-01-01"}, "niet de geboortedatum"),
        ({"birth_date": "2027-01-01"}, "moet nog komen"),
        ({"bed": "9"}, "Bed 9 is er deze nacht niet: er zijn 3 bedden"),
    ],
)
def test_what_cannot_be_is_told_and_kept(shelter, sign_in, send, reading, read, fields, told):
    ocmw = shelter()
    answer = send(sign_in(ocmw), f"{DOOR}/nieuw", **(NEW | {"note": "slaapt licht"} | fields))
    assert answer.status_code == 422
    assert told in read(answer)
    assert "slaapt licht" in read(answer)
    with reading(ocmw):
        assert db.session.scalar(select(func.count()).select_from(Guest)) == 0


def test_a_bed_given_twice_is_refused_and_nothing_is_lost(shelter, sleeping, sign_in, send, reading, read):
    ocmw = shelter()
    sleeping(ocmw, "Dirk Claes", 2)
    other = sleeping(ocmw, "An Baert", 1, MONDAY - timedelta(days=1))
    client = sign_in(ocmw)
    answer = send(client, f"{DOOR}/nieuw", **(NEW | {"note": "bed beneden"}))
    assert answer.status_code == 409
    assert "Bed 2 is net aan Dirk Claes gegeven door Marie" in read(answer)
    html = answer.get_data(as_text=True)
    assert 'value="Maes"' in html
    assert "bed beneden" in html
    assert '<option selected value="1">' in html  # the next free bed is chosen already
    answer = send(client, f"{DOOR}/gekend", guest_id=str(other.guest_id), bed="2", nacht="2026-11-23")
    assert answer.status_code == 409
    assert "Nog zonder bed An Baert 1 nacht · laatst op 22 nov in bed 1 Bed 1 geven" in read(answer)
    assert beds(reading, ocmw) == {2: "Dirk Claes"}
    with reading(ocmw):
        assert db.session.scalar(select(func.count()).select_from(Guest)) == 2


def test_two_desks_at_the_same_moment(app, shelter, sleeping, reading):
    ocmw = shelter()
    people = [
        sleeping(ocmw, name, bed, MONDAY - timedelta(days=1)).guest_id for bed, name in ((1, "An B"), (2, "Jo C"))
    ]
    ready, outcomes = threading.Barrier(2), []

    def give(guest_id):
        with app.app_context(), tenancy.acting(ocmw.context()):
            ready.wait()
            try:
                outcomes.append(service.register(guest_id, 3, MONDAY).bed)
            except ConflictError as error:
                outcomes.append(error.params["bed"])
                outcomes.append("refused")
            db.session.remove()

    desks = [threading.Thread(target=give, args=(guest_id,)) for guest_id in people]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join()
    assert outcomes.count("refused") == 1
    assert len(beds(reading, ocmw)) == 1


def test_nobody_has_two_beds_in_a_night(shelter, sleeping, sign_in, send, read):
    ocmw = shelter()
    stay = sleeping(ocmw, "Lena Maes", 2)
    answer = send(sign_in(ocmw), f"{DOOR}/gekend", guest_id=str(stay.guest_id), bed="1", nacht="2026-11-23")
    assert answer.status_code == 409
    assert "Lena Maes heeft deze nacht al bed 2" in read(answer)


def test_who_looks_like_somebody_known_is_asked_first(shelter, sleeping, sign_in, send, reading, read):
    ocmw = shelter()
    sleeping(ocmw, "Lena Maes", 1, MONDAY - timedelta(days=1), insz="56032774332", birth_date=date(1956, 3, 27))
    client = sign_in(ocmw)
    answer = send(client, f"{DOOR}/nieuw", **NEW)
    assert answer.status_code == 409
    assert "Is het een van hen?" in read(answer)
    assert "Nee, dit is iemand anders" in read(answer)
    certain = send(client, f"{DOOR}/nieuw", **(NEW | {"first_name": "L.", "insz": "56.03.27-743.32", "is_new": "y"}))
    assert certain.status_code == 409
    assert "dezelfde persoon" in read(certain)
    assert send(client, f"{DOOR}/nieuw", **(NEW | {"birth_date": "1990-01-01"})).status_code == 302  # plainly another
    assert send(client, f"{DOOR}/nieuw", **(NEW | {"bed": "3", "is_new": "y"})).status_code == 302
    assert beds(reading, ocmw) == {2: "Lena Maes", 3: "Lena Maes"}


def test_another_bed_leaving_and_coming_back(shelter, sleeping, sign_in, send, reading, read):
    ocmw = shelter()
    stay, other = sleeping(ocmw, "Lena Maes", 2), sleeping(ocmw, "Dirk Claes", 3)
    client = sign_in(ocmw)
    address = f"/nachtopvang/verblijf/{stay.id}"
    taken = send(client, f"{address}/bed", bed="3")
    assert taken.status_code == 409
    assert "Bed 3 is net aan Dirk Claes gegeven" in read(taken)
    assert send(client, f"{address}/bed", bed="8").status_code == 422
    assert send(client, f"{address}/bed", bed="1").status_code == 302
    assert send(client, f"{address}/vertrokken").status_code == 302
    assert beds(reading, ocmw) == {3: "Dirk Claes"}
    assert "Vertrokken voor de ochtend Lena Maes" in read(client.get("/nachtopvang/"))
    assert send(client, f"/nachtopvang/verblijf/{other.id}/bed", bed="1").status_code == 302
    back = send(client, f"{address}/terug")
    assert back.status_code == 409
    assert "Bed 1 is net aan Dirk Claes gegeven" in read(back)
    assert send(client, f"/nachtopvang/verblijf/{other.id}/vertrokken").status_code == 302
    assert send(client, f"{address}/terug").status_code == 302
    assert beds(reading, ocmw) == {1: "Lena Maes"}


def test_a_season_with_fewer_beds_puts_nobody_out(shelter, sleeping, sign_in, send, reading, read):
    ocmw = shelter(3)
    sleeping(ocmw, "Lena Maes", 3)
    lead = sign_in(ocmw, Role.TEAM_LEAD)
    answer = send(lead, "/nachtopvang/instellingen/", name="Lente", first_night="2026-11-23", beds="2")
    assert answer.status_code == 302
    assert "1 persoon ligt vannacht in een bed dat er dit seizoen niet is" in read(
        lead.get("/nachtopvang/instellingen/")
    )
    board = read(lead.get("/nachtopvang/"))
    assert "1 persoon ligt in een bed dat er dit seizoen niet is Bed 3: zij houden het" in board
    assert "0 van de 2 bedden zijn bezet, 2 zijn vrij" in board
    assert beds(reading, ocmw) == {3: "Lena Maes"}
    assert send(lead, f"{DOOR}/nieuw", **(NEW | {"first_name": "Jo", "bed": "3"})).status_code == 422
    with reading(ocmw):
        assert service.board(date(2026, 11, 22)).beds == 3  # earlier nights keep their own


def test_settings_refuse_what_cannot_be(shelter, sign_in, send, reading, read):
    ocmw = shelter(3)
    lead = sign_in(ocmw, Role.TEAM_LEAD)
    address = "/nachtopvang/instellingen/"
    twice = send(lead, address, name="Nog eens", first_night="2026-11-01", beds="9")
    assert twice.status_code == 422
    assert "begint al een ander seizoen" in read(twice)
    assert send(lead, address, name="", first_night="2027-11-01", beds="-1").status_code == 422
    assert send(lead, f"{address}plaatsen", housing_first="5", group="").status_code == 422
    assert send(lead, f"{address}plaatsen", housing_first="5", group="8").status_code == 302
    with reading(ocmw):
        assert list(seasons.places().values()) == [5, 8]
        row = seasons.season_rows()[0]
    assert (
        send(lead, f"{address}seizoen/{row.id}/", name="Winter", first_night="2026-11-02", beds="4").status_code == 302
    )
    with reading(ocmw):
        assert seasons.seasons() == [Season("Winter", date(2026, 11, 2), 4)]
    assert send(lead, f"{address}seizoen/{row.id}/verwijderen").status_code == 302
    assert "Er zijn geen bedden in deze nacht" in read(lead.get("/nachtopvang/"))


def test_turning_away_is_counted_per_night(shelter, sleeping, sign_in, send, reading, read):
    ocmw = shelter(1)
    sleeping(ocmw, "Lena Maes", 1)
    client = sign_in(ocmw)
    form = client.get("/nachtopvang/weggewezen/").get_data(as_text=True)
    assert re.search(r'<input[^>]*checked[^>]*value="full"', form)  # every bed is taken: that is why
    assert send(client, "/nachtopvang/weggewezen/", reason="full", persons="2", note="naar Brugge").status_code == 302
    assert "2 mensen zijn geweigerd" in read(client.get("/nachtopvang/"))
    for wrong in ({"reason": ""}, {"persons": "0"}, {"persons": "veel"}, {"reason": "zomaar"}):
        assert (
            send(client, "/nachtopvang/weggewezen/", **({"reason": "full", "persons": "1"} | wrong)).status_code == 422
        )
    with reading(ocmw):
        row = db.session.scalar(select(TurnedAway))
        assert (row.night, row.persons, row.note) == (MONDAY, 2, "naar Brugge")
    assert send(client, f"/nachtopvang/weggewezen/{row.id}/verwijderen").status_code == 302
    assert "Niemand is geweigerd" in read(client.get("/nachtopvang/"))


def test_earlier_nights_can_be_completed_for_a_month(shelter, sign_in, send, reading):
    ocmw = shelter()
    client = sign_in(ocmw)
    answer = send(client, f"{DOOR}/nieuw", **(NEW | {"nacht": "2026-11-20"}))
    assert answer.headers["Location"] == "/nachtopvang/?nacht=2026-11-20"
    assert beds(reading, ocmw, date(2026, 11, 20)) == {2: "Lena Maes"}
    assert send(client, f"{DOOR}/nieuw", **(NEW | {"first_name": "Jo", "nacht": "2026-10-20"})).status_code == 422
    assert send(client, f"{DOOR}/nieuw", **(NEW | {"nacht": "2026-11-25"})).status_code == 404  # still to come
    assert client.get("/nachtopvang/?nacht=gisteren").status_code == 404
    with reading(ocmw):
        assert db.session.scalar(select(func.count()).select_from(Stay)) == 1
