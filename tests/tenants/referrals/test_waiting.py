"""Referrals and the waiting list as people use them: refer, look at the order, take the first or another one."""

import threading
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event, func, select, text

from app.database import db
from app.security.roles import Role
from tenants.cases.models import Case
from tenants.cases.service import CaseError
from tenants.guidance.codes import ProcedureKind as Kind
from tenants.guidance.models import GuidanceProcedure
from tenants.referrals import waiting
from tenants.referrals.codes import Leaving
from tenants.referrals.models import Referral, WaitingOverrule, WaitingPlace

pytestmark = pytest.mark.usefixtures("on_tuesday")
TODAY = date(2026, 11, 24)
ASKED = {"referrer": "caw", "received_on": "2026-11-20", "question": "Drie maanden achterstal.",
         "referred_by": "An Feys", "contact": "0470 11 22 33", "informed": "y"}  # fmt: skip
ABOUT = {"person-last_name": "Haddad", "person-first_name": "Samira", "street": "Langestraat", "house_number": "9",
         "postcode": "8400", "municipality": "Oostende", "reason": "rent_arrears", "market": "private"}  # fmt: skip


def put(ocmw, reading, case_id, kind=Kind.HOUSING_GUIDANCE, ago=0):
    with reading(ocmw):
        return waiting.put_on_list(case_id, kind, TODAY - timedelta(days=ago))


@pytest.fixture
def three(organisation, proceeding, reading):
    """An OCMW with a lead where three wait: Peeters for FBU, Maes with a hearing, Lambert longest; and their places."""
    ocmw = organisation(Role.SOCIAL_WORKER, Role.TEAM_LEAD)
    wanted = (
        ("Lambert", Kind.HOUSING_GUIDANCE, 90, {}),
        ("Maes", Kind.HOUSING_GUIDANCE, 3, {"hearing_at": datetime(2026, 12, 1, 9, 30)}),
        ("Peeters", Kind.FBU, 1, {}),
    )
    found = {}
    for name, kind, ago, more in wanted:
        made = proceeding(ocmw, name, assigned_to=None, **more)
        found[name] = (made.case_id, put(ocmw, reading, made.case_id, kind, ago))
    return ocmw, found


def test_a_referral_opens_a_case_that_waits(organisation, sign_in, send, reading, read):
    ocmw = organisation()
    client = sign_in(ocmw)
    answer = send(client, "/doorverwijzingen/nieuw/", **ASKED, **ABOUT, guidance="fbu")
    assert answer.status_code == 302
    page = read(client.get(answer.location))
    assert "Doorverwezen door: CAW" in page
    assert "Drie maanden achterstal." in page
    assert "plaats 1 van 1" in page
    with reading(ocmw):
        case = db.session.scalar(select(Case))
        assert (case.source, case.assigned_to, case.opened_on) == ("external_referral", None, date(2026, 11, 20))
        referral = db.session.scalar(select(Referral))
        assert (referral.opened_case, referral.informed, referral.case_id) == (True, True, case.id)
        sealed = db.session.execute(text("SELECT question, referred_by, contact FROM referral")).one()
        assert not [column for column in sealed if b"achterstal" in bytes(column) or b"Feys" in bytes(column)]
    assert "Haddad, Samira" in read(client.get("/wachtlijst/"))
    assert "Haddad, Samira" in read(client.get("/doorverwijzingen/"))


def test_a_referral_about_a_known_household_asks_first_and_links(organisation, sign_in, send, reading, read):
    ocmw = organisation()
    client = sign_in(ocmw)
    first = send(client, "/doorverwijzingen/nieuw/", **ASKED, **ABOUT)
    again = send(client, "/doorverwijzingen/nieuw/", **{**ASKED, "referrer": "housing_desk"}, **ABOUT)
    assert again.status_code == 422
    told = read(again)
    assert "Is het een van deze gezinnen?" in told
    assert "Haddad, Samira" in told
    assert 'value="Haddad"' in again.get_data(as_text=True)  # all that was typed is still there
    with reading(ocmw):
        (case_id,) = db.session.scalars(select(Case.id)).all()
    linked = send(client, "/doorverwijzingen/nieuw/", **ASKED, **ABOUT, same=str(case_id))
    assert linked.location == first.location
    new = send(client, "/doorverwijzingen/nieuw/", **ASKED, **ABOUT, same="new")
    assert new.location not in (None, first.location)
    with reading(ocmw):
        number = db.session.get(Case, case_id).number
    by_number = send(client, "/doorverwijzingen/nieuw/", **ASKED, number=number.lower())
    assert by_number.location == first.location
    from_case = send(client, f"/doorverwijzingen/nieuw/?dossier={case_id}", **ASKED)
    assert from_case.location == first.location


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"referrer": "verzonnen"}, "referrer"),
        ({"question": " "}, "question"),
        ({"received_on": "2026-11-25"}, "received_on"),
        ({"person-last_name": ""}, "person-last_name"),
        ({"guidance": "housing_desk"}, "guidance"),
        ({"number": "NERGENS-2026-0001"}, "number"),
        ({"postcode": "84"}, "postcode"),
    ],
)
def test_a_referral_that_is_not_right_keeps_nothing(organisation, sign_in, send, reading, change, wrong):
    ocmw = organisation()
    answer = send(sign_in(ocmw), "/doorverwijzingen/nieuw/", **{**ASKED, **ABOUT, **change})
    assert answer.status_code == 422
    assert f'id="{wrong}-error"' in answer.get_data(as_text=True)
    with reading(ocmw):
        assert db.session.scalar(select(func.count()).select_from(Case)) == 0


def test_the_order_is_shown_with_why(three, sign_in, read):
    ocmw, _places = three
    page = read(sign_in(ocmw).get("/wachtlijst/"))
    assert "3 gezinnen wachten op begeleiding." in page
    assert "Eerst aan de beurt: Peeters, Dirk Dit gezin wacht op FBU, en FBU gaat voor." in page
    assert page.index("1 Peeters") < page.index("2 Maes") < page.index("3 Lambert")
    assert "zitting op di 1 dec, over 7 dagen · wacht 3 dagen" in page
    assert "wacht 90 dagen" in page
    filtered = read(sign_in(ocmw).get("/wachtlijst/?voor=fbu"))
    assert "Lambert" not in filtered


def test_the_first_one_is_taken_without_a_reason(three, sign_in, send, reading, read):
    ocmw, places = three
    case_id, place_id = places["Peeters"]
    me = ocmw.users[Role.SOCIAL_WORKER].id
    client = sign_in(ocmw)
    assert "als eerste aan de beurt" in read(client.get(f"/wachtlijst/{place_id}/"))
    assert send(client, f"/wachtlijst/{place_id}/", user=str(me)).location == f"/dossiers/{case_id}/"
    with reading(ocmw):
        assert db.session.get(Case, case_id).assigned_to == me
        assert db.session.scalar(select(func.count()).select_from(WaitingOverrule)) == 0
        procedure = db.session.scalar(select(GuidanceProcedure).where(GuidanceProcedure.case_id == case_id))
        assert (procedure.kind, procedure.state) == ("fbu", "considered")  # its conditions are looked at now
    assert "Begeleiding gestart: Marie" in read(client.get(f"/dossiers/{case_id}/"))


def test_another_one_needs_a_reason_which_is_kept_and_seen(three, sign_in, send, reading, read):
    ocmw, places = three
    case_id, place_id = places["Lambert"]
    me = str(ocmw.users[Role.SOCIAL_WORKER].id)
    client = sign_in(ocmw)
    assert "Dat gezin wacht op FBU, en FBU gaat voor." in read(client.get(f"/wachtlijst/{place_id}/"))
    refused = send(client, f"/wachtlijst/{place_id}/", user=me, reason="  ")
    assert refused.status_code == 422
    assert 'id="reason-error"' in refused.get_data(as_text=True)
    with reading(ocmw):
        assert db.session.get(Case, case_id).assigned_to is None
    assert send(client, f"/wachtlijst/{place_id}/", user=me, reason="Baby op komst").status_code == 302
    overrules = read(client.get("/wachtlijst/afwijkingen/"))
    assert "Lambert, Dirk" in overrules
    assert "plaats 3 van 3 · in plaats van Peeters, Dirk (FBU) Baby op komst" in overrules
    assert "1 keer afgeweken" in read(client.get("/wachtlijst/"))
    assert "Baby op komst" in read(client.get(f"/dossiers/{case_id}/"))
    passed = read(client.get(f"/dossiers/{places['Peeters'][0]}/"))
    assert "Voorbijgegaan op de wachtlijst" in passed
    assert "Baby op komst" not in passed  # that tells of another household
    with reading(ocmw):
        stored = db.session.execute(text("SELECT reason FROM waiting_overrule")).scalar_one()
        assert b"Baby" not in bytes(stored)


def test_only_the_lead_gives_a_household_to_somebody_else(three, sign_in, send, reading):
    ocmw, places = three
    case_id, place_id = places["Peeters"]
    worker, lead = (ocmw.users[role].id for role in (Role.SOCIAL_WORKER, Role.TEAM_LEAD))
    refused = send(sign_in(ocmw), f"/wachtlijst/{place_id}/", user=str(lead))
    assert refused.status_code == 422
    assert "Alleen het hoofd van het team" in refused.get_data(as_text=True)
    assert send(sign_in(ocmw, Role.TEAM_LEAD), f"/wachtlijst/{place_id}/", user="999999").status_code == 422
    assert send(sign_in(ocmw, Role.TEAM_LEAD), f"/wachtlijst/{place_id}/", user=str(worker)).status_code == 302
    with reading(ocmw):
        assert db.session.get(Case, case_id).assigned_to == worker


def test_who_is_second_is_told_who_was_first(three, sign_in, send, reading):
    ocmw, places = three
    case_id, place_id = places["Peeters"]
    worker, lead = (ocmw.users[role] for role in (Role.SOCIAL_WORKER, Role.TEAM_LEAD))
    send(sign_in(ocmw), f"/wachtlijst/{place_id}/", user=str(worker.id))
    late = send(sign_in(ocmw, Role.TEAM_LEAD), f"/wachtlijst/{place_id}/", user=str(lead.id))
    assert late.status_code == 409
    assert f"{worker.get_full_name()} startte hier al met begeleiding." in late.get_data(as_text=True)
    assert send(sign_in(ocmw), f"/wachtlijst/{place_id}/afhalen", why="solved").status_code == 409
    with reading(ocmw):
        assert db.session.get(Case, case_id).assigned_to == worker.id


def test_two_at_the_same_moment_get_one_household_once(app, three):
    ocmw, places = three
    start, outcomes = threading.Barrier(2), []

    def run(role):
        with app.app_context(), ocmw.acting(role):
            start.wait()
            try:
                waiting.take(places["Peeters"][1], ocmw.users[role].id)
                outcomes.append("taken")
            except waiting.LeftMeanwhileError:
                outcomes.append("late")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(role,)) for role in (Role.SOCIAL_WORKER, Role.TEAM_LEAD)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["late", "taken"]


def test_off_the_list_without_guidance(three, sign_in, send, reading, read):
    ocmw, places = three
    case_id, place_id = places["Maes"]
    client = sign_in(ocmw)
    assert send(client, f"/wachtlijst/{place_id}/afhalen").status_code == 422
    assert send(client, f"/wachtlijst/{place_id}/afhalen", why="other", note="").status_code == 422
    assert send(client, f"/wachtlijst/{place_id}/afhalen", why="refused", note="belde zelf").status_code == 302
    page = read(client.get(f"/dossiers/{case_id}/"))
    assert "Van de wachtlijst: Het gezin wil het niet (meer)" in page
    assert "belde zelf" in page
    assert "Maes" not in read(client.get("/wachtlijst/"))
    assert (
        send(client, f"/wachtlijst/dossier/{case_id}/", guidance="housing_guidance", since="2026-11-24").status_code
        == 302
    )
    assert "2 Maes" in read(client.get("/wachtlijst/"))


def test_a_household_waits_once_and_from_its_first_day(three, reading):
    ocmw, places = three
    case_id, place_id = places["Lambert"]
    assert put(ocmw, reading, case_id, Kind.FBU, 5) == place_id
    with reading(ocmw):
        place = db.session.get(WaitingPlace, place_id)
        assert (place.guidance, place.since) == ("fbu", TODAY - timedelta(days=90))
        assert [p.display_name for p in waiting.waiting_list()] == ["Lambert, Dirk", "Peeters, Dirk", "Maes, Dirk"]
        db.session.get(Case, case_id).state = "closed"
        db.session.commit()
    with reading(ocmw):
        assert len(waiting.waiting_list()) == 2  # a closed case waits no more
        with pytest.raises(CaseError):
            waiting.take(place_id, ocmw.users[Role.SOCIAL_WORKER].id)
        with pytest.raises(CaseError):
            waiting.leave(place_id, Leaving.OTHER)


def test_others_see_nothing_of_it(three, organisation, sign_in, send):
    _ocmw, places = three
    stranger = sign_in(organisation(Role.SOCIAL_WORKER))
    case_id, place_id = places["Peeters"]
    assert "Peeters" not in stranger.get("/wachtlijst/").get_data(as_text=True)
    assert stranger.get(f"/wachtlijst/{place_id}/").status_code == 404
    assert send(stranger, f"/wachtlijst/{place_id}/", user="1", reason="x").status_code == 404
    assert stranger.get(f"/doorverwijzingen/nieuw/?dossier={case_id}").status_code == 404
    for role in (Role.DPO, Role.TENANT_ADMIN):
        assert sign_in(organisation(role), role).get("/wachtlijst/").status_code == 403


def test_as_many_statements_for_many_as_for_few(three, proceeding, reading, sign_in):
    ocmw, _places = three
    client = sign_in(ocmw)
    client.get("/wachtlijst/")

    def statements():
        counted = []
        with ocmw.app.app_context():
            engine = db.engine
        count = lambda *_args: counted.append(1)  # noqa: E731
        event.listen(engine, "before_cursor_execute", count)
        try:
            assert client.get("/wachtlijst/").status_code == 200
        finally:
            event.remove(engine, "before_cursor_execute", count)
        return len(counted)

    few = statements()
    for number in range(6):
        made = proceeding(ocmw, f"Naam{number}", assigned_to=None, hearing_at=datetime(2026, 12, 3, 9, 30))
        put(ocmw, reading, made.case_id)
    assert statements() == few
