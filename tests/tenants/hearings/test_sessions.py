"""A session: its numbers, its page, what is prepared, the sheets, and recording each case on its own."""

import re
import uuid
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import event, select

from app import tenancy
from app.audit.models import AuditEvent
from app.database import db
from app.security.roles import Role
from tenants.cases.codes import JudgmentKind, Presence
from tenants.petitions.hearings import HearingRecord, record_hearing, set_hearing
from tenants.petitions.models import Hearing, Judgment

pytestmark = pytest.mark.usefixtures("on_tuesday")
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TODAY_AT = datetime(2026, 11, 24, 9, 30)
SESSION = "/zittingen/op/2026-11-24/?vredegerecht=Oostende+1"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def team(organisation):
    """An OCMW with two who work in its cases."""
    return organisation(Role.SOCIAL_WORKER, Role.TEAM_LEAD)


def fields(hearing_id, **given):
    """The fields of a row, under the names that the page gives them."""
    return {f"z{hearing_id.hex}-{name}": value for name, value in given.items()}


def row(hearing_id):
    return f"/zittingen/{hearing_id}/rij"


@pytest.fixture
def save(csrf):
    """Save a row as the page does it with its script: save(client, hearing_id, present=…, result=…)."""

    def post(client, hearing_id, over=None, **given):
        data = fields(hearing_id, **given) | {"csrf_token": csrf(client)} | ({"over": over} if over else {})
        return client.post(row(hearing_id), data=data, headers=HTMX)

    return post


def stored(hearing_id):
    return db.session.scalar(select(Judgment).where(Judgment.hearing_id == hearing_id))


@pytest.mark.parametrize("who", ["tenant", "lawyer"])
def test_by_default_with_the_tenant_there_is_asked(team, proceeding, sign_in, send, read, reading, who):
    made = proceeding(team, hearing_at=TODAY_AT)
    client, address = sign_in(team), f"/zittingen/{made.hearing_id}/noteren"
    fields = {"present": [who, "ocmw"], "result": "default", "pronounced_on": "2026-11-24", "note": "Kwam om 10 uur"}
    assert 'name="sure"' not in client.get(address).get_data(as_text=True)
    asked = send(client, address, **fields)
    assert asked.status_code == 422
    assert "Kies dan ‘op tegenspraak’" in read(asked)
    assert "Kwam om 10 uur" in read(asked)
    with reading(team):
        assert stored(made.hearing_id) is None
    assert 'name="sure"' in asked.get_data(as_text=True)
    assert send(client, address, **fields | {"result": "contested"}).status_code == 302
    with reading(team):
        judgment = f"/verzoekschriften/vonnis/{stored(made.hearing_id).id}/"
    mark = re.search(r'name="seen" value="(\w+)"', client.get(judgment).get_data(as_text=True))[1]
    there = send(client, judgment, kind="default", pronounced_on="2026-11-24", seen=mark)
    assert there.status_code == 422
    assert "Wijzig dan wat van die zitting genoteerd is" in read(there)
    shown = client.get(address).get_data(as_text=True)
    fields["seen"] = re.search(r'name="seen" [^>]*value="([^"]+)"', shown)[1]
    assert send(client, address, **fields, sure="y").status_code == 302
    with reading(team):
        assert stored(made.hearing_id).kind == "default"
    assert re.search(r'<input[^>]*checked[^>]*name="sure"', client.get(address).get_data(as_text=True)), (
        "once said is said"
    )


# ---------------------------------------------------------------- the lists


def test_the_lists(team, proceeding, sign_in, send, read):
    client = sign_in(team)
    assert "Geen zitting in de komende zes weken" in read(client.get("/zittingen/"))
    assert "Er is nog geen zitting voorbij" in read(client.get("/zittingen/?welke=voorbij"))
    of_today = proceeding(team, "Aerts", hearing_at=TODAY_AT, reached_on=date(2026, 11, 20))
    proceeding(team, "Maes", hearing_at=datetime(2026, 12, 3, 10), court="Oostende 2")
    past = proceeding(team, "Jacobs", hearing_at=datetime(2026, 11, 20, 9, 30))
    proceeding(team, "Beslist", hearing_at=datetime(2026, 11, 20, 9, 30), judgment_kind="withdrawn")
    coming = read(client.get("/zittingen/"))
    assert "1 zitting is voorbij en nog niet genoteerd" in coming
    assert "di 24 nov Vredegerecht Oostende 1 9.30 u 1 dossier · 1 bereikt" in coming
    assert coming.index("24 nov") < coming.index("do 3 dec Vredegerecht Oostende 2 10.00 u")
    assert "20 nov" not in coming
    waiting = read(client.get("/zittingen/?welke=te-noteren"))
    assert "vr 20 nov" in waiting
    assert "1 komt niet meer voor" in waiting
    assert "1 te noteren" in waiting
    one_court = read(client.get("/zittingen/?vredegerecht=Oostende+2"))
    assert "3 dec" in one_court
    assert "24 nov" not in one_court
    page = read(client.get("/zittingen/op/2026-11-20/?vredegerecht=Oostende+1"))
    assert "Beslist, Dirk" in page
    assert "ingetrokken" in page
    fields = {"present": ["tenant"], "result": "agreement", "pronounced_on": "2026-11-20"}
    send(client, f"/zittingen/{past.hearing_id}/noteren", **fields)
    assert "alles genoteerd" in read(client.get("/zittingen/?welke=voorbij"))
    assert "Niets te noteren" in read(client.get("/zittingen/?welke=te-noteren"))
    assert "alles genoteerd" not in read(client.get("/zittingen/"))
    send(client, f"/zittingen/{of_today.hearing_id}/noteren", **fields | {"pronounced_on": "2026-11-24"})
    assert "alles genoteerd" in read(client.get("/zittingen/"))


def test_addresses_that_lead_nowhere(team, proceeding, sign_in, read):
    client = sign_in(team)
    proceeding(team, hearing_at=TODAY_AT)
    assert client.get("/zittingen/?dag=2026-11-24").headers["Location"] == SESSION
    assert "Geen zitting op deze dag" in read(client.get("/zittingen/?dag=2026-11-22"))
    assert client.get("/zittingen/?dag=morgen&welke=onzin&page=99").status_code == 200
    assert client.get("/zittingen/?welke=voorbij&page=99").status_code == 200
    for far in ("0001-01-01", "9999-12-31"):
        assert client.get(f"/zittingen/?dag={far}").status_code == 200
        assert client.get(f"/zittingen/op/{far}/").status_code == 404
    for address in ("op/2026-11-24/?vredegerecht=Menen", "op/morgen/", "op/2026-11-22/bladen.pdf"):
        assert client.get(f"/zittingen/{address}").status_code == 404
    for address in ("rij", "voorbereiden", "blad.pdf"):
        assert client.get(f"/zittingen/{uuid.uuid4()}/{address}").status_code == 404


@contextmanager
def counted(app):
    """How many statements the block sends."""
    sent: list[str] = []

    def listen(_connection, _cursor, statement, *_rest):
        sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", listen)


def test_as_many_statements_for_four_cases_as_for_one(app, team, proceeding, sign_in):
    client = sign_in(team)
    pages = ("/zittingen/", "/zittingen/?welke=te-noteren", "/zittingen/?welke=voorbij", SESSION)
    sheets = SESSION.replace("/?", "/bladen.pdf?")

    def statements(address):
        with counted(app) as sent:
            assert client.get(address).status_code == 200
        return len(sent)

    def make(name):
        proceeding(team, name, hearing_at=TODAY_AT, reached_on=date(2026, 11, 20))
        proceeding(team, f"{name}s", hearing_at=datetime(2026, 11, 17, 9, 30))

    make("Aa")
    for address in (*pages, sheets):
        client.get(address)  # what is read once per process is read
    with_one = {address: statements(address) for address in (*pages, sheets)}
    for name in ("Bb", "Cc", "Dd"):
        make(name)
    assert {address: statements(address) for address in (*pages, sheets)} == with_one


# ---------------------------------------------------------------- recording row by row


def test_a_row_is_saved_alone_and_the_numbers_follow(team, proceeding, sign_in, save, reading, case_row):
    first = proceeding(team, "Aerts", hearing_at=TODAY_AT)
    second = proceeding(team, "Maes", hearing_at=TODAY_AT)
    client = sign_in(team)
    page = client.get(SESSION).get_data(as_text=True)
    assert page.count("data-first") == 2
    answer = save(
        client,
        first.hearing_id,
        present=["tenant", "lawyer"],
        result="contested",
        pronounced_on="2026-11-24",
        refer="y",
    )
    assert answer.status_code == 200
    told = " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())
    assert "Ontbinding op tegenspraak 24 nov Huurder, Advocaat · doorverwezen naar Rechtenverkenning" in told
    assert "Maes" not in told
    assert 'hx-swap-oob="true"' in answer.text
    assert "1 genoteerd" in told
    assert case_row(team, first.case_id).stage == "judgment"
    with reading(team):
        assert db.session.get(Hearing, second.hearing_id).recorded_at is None
    # Without a script the browser goes back to the page, at the same row.
    without = client.post(
        row(second.hearing_id),
        data=fields(second.hearing_id, present=["nobody"], result="default", pronounced_on="2026-11-24")
        | {"csrf_token": re.search(r'csrf_token" type="hidden" value="([^"]+)"', page)[1]},
    )
    assert without.headers["Location"] == f"{SESSION}#zaak-{second.hearing_id}"


@pytest.mark.parametrize("script", [True, False])
def test_what_cannot_be_is_told_in_its_row_and_stays_there(team, proceeding, sign_in, csrf, reading, script):
    made = proceeding(team, hearing_at=TODAY_AT)
    proceeding(team, "Maes", hearing_at=TODAY_AT)
    client = sign_in(team)
    data = fields(made.hearing_id, present=["tenant"], result="default", pronounced_on="2026-11-20", terms="12 x 150")
    data["csrf_token"] = csrf(client)
    answer = client.post(row(made.hearing_id), data=data, headers=HTMX if script else {})
    assert answer.status_code == 422
    assert "Het vonnis kan niet van vrijdag 20 november 2026 zijn" in answer.text
    assert "12 x 150" in answer.text
    assert 'value="2026-11-20"' in answer.text
    assert ("Maes" in answer.text) is not script
    with reading(team):
        assert db.session.get(Hearing, made.hearing_id).recorded_at is None


@pytest.mark.parametrize("known_day", [date(2026, 11, 23), None])
def test_a_withdrawn_petition_has_no_other_result(team, proceeding, sign_in, save, reading, known_day):
    made = proceeding(team, hearing_at=TODAY_AT, judgment_kind="withdrawn", pronounced_on=known_day)
    client = sign_in(team)
    given = {"present": ["tenant"], "pronounced_on": "2026-11-24", "note": "Toch gekomen"}
    answer = save(client, made.hearing_id, result="default", **given)
    assert answer.status_code == 422
    assert "Dit verzoekschrift is ingetrokken" in answer.text
    assert ("op maandag 23 november 2026" in answer.text) is (known_day is not None)
    assert "Vonnis en betekening" in answer.text
    assert "Toch gekomen" in answer.text
    with reading(team):
        kinds = db.session.scalars(select(Judgment.kind).where(Judgment.petition_id == made.petition_id)).all()
        assert kinds == ["withdrawn"]
        assert db.session.get(Hearing, made.hearing_id).recorded_at is None
    assert save(client, made.hearing_id, result="withdrawn", present=["nobody"]).status_code == 200


def test_the_second_is_told_what_the_first_noted_and_chooses(team, proceeding, sign_in, save, reading):
    made = proceeding(team, hearing_at=TODAY_AT)
    mine, theirs = sign_in(team, Role.SOCIAL_WORKER), sign_in(team, Role.TEAM_LEAD)
    theirs_given = {"present": ["tenant"], "result": "agreement", "pronounced_on": "2026-11-24", "terms": "12 x 150"}
    assert save(theirs, made.hearing_id, **theirs_given).status_code == 200
    assert save(mine, made.hearing_id, **theirs_given).status_code == 200  # the same words are no conflict
    with reading(team):
        assert db.session.get(Hearing, made.hearing_id).recorded_by == team.users[Role.TEAM_LEAD].id
    given = {"present": ["nobody"], "result": "default", "pronounced_on": "2026-11-24", "note": "Zaal leeg"}
    answer = save(mine, made.hearing_id, **given)
    assert answer.status_code == 409
    first = team.users[Role.TEAM_LEAD].get_full_name()
    assert f"{first} noteerde dit dossier terwijl je bezig was" in answer.text
    assert "Huurder · Akkoord vastgelegd · 24 nov · 12 x 150" in answer.text
    assert "Zaal leeg" in answer.text
    assert save(mine, made.hearing_id, **given).status_code == 409  # until one chooses
    over = re.search(r'name="over" value="([^"]+)"', answer.text)[1]
    kept = mine.get(row(made.hearing_id), headers=HTMX)
    assert "Akkoord vastgelegd" in kept.text
    with time_machine.travel(NOW + timedelta(minutes=2), tick=False):
        assert save(mine, made.hearing_id, over=over, **given).status_code == 200
    with reading(team):
        assert stored(made.hearing_id).kind == "default"
    # What was seen is no longer there: the choice is asked again.
    assert save(theirs, made.hearing_id, over=over, **theirs_given).status_code == 409


def test_the_page_of_one_hearing_tells_of_the_other_too(team, proceeding, sign_in, save, send, reading):
    made = proceeding(team, hearing_at=TODAY_AT)
    client = sign_in(team)
    save(sign_in(team, Role.TEAM_LEAD), made.hearing_id, present=["tenant"], result="undecided")
    given = {"present": ["nobody"], "result": "default", "note": "Mijn", "seen": ""}
    answer = send(client, f"/zittingen/{made.hearing_id}/noteren", **given)
    assert answer.status_code == 422
    assert "noteerde deze zitting intussen: Huurder; nog niet beslist" in answer.text
    assert "Mijn" in answer.text
    seen = re.search(r'name="seen" type="hidden" value="([^"]+)"', answer.text)[1]
    again = {"present": ["nobody"], "result": "default", "seen": seen}
    assert send(client, f"/zittingen/{made.hearing_id}/noteren", **again).status_code == 302


def test_a_referral_is_made_once(team, proceeding, reading):
    made = proceeding(team, hearing_at=TODAY_AT)
    record = HearingRecord((Presence.TENANT,), JudgmentKind.CONDITIONAL, date(2026, 11, 24), referral="Doorverwijzen")
    with reading(team):
        for _turn in range(2):
            record_hearing(made.hearing_id, record)
        from tenants.cases.tasks import tasks_of

        assert [task.title for task in tasks_of(made.case_id)].count("Doorverwijzen") == 1


def test_a_row_is_changed_afterwards_and_its_notes_are_read_on_record(team, proceeding, sign_in, save, reading):
    made = proceeding(team, hearing_at=TODAY_AT)
    client = sign_in(team)
    save(client, made.hearing_id, present=["tenant"], result="undecided", note="Belt morgen")
    assert "Belt morgen" not in client.get(SESSION).text
    assert "Belt morgen" in client.get(f"{row(made.hearing_id)}?wijzig=1", headers=HTMX).text
    with reading(team):
        read = select(AuditEvent).where(AuditEvent.case_id == made.case_id, AuditEvent.act == "read")
        assert len(db.session.scalars(read).all()) == 1


def test_who_may_only_look_gets_no_form(organisation, proceeding, sign_in):
    ocmw = organisation(Role.SOCIAL_WORKER, Role.DPO)
    made = proceeding(ocmw, hearing_at=TODAY_AT)
    watcher = sign_in(ocmw, Role.DPO)
    for address in ("/zittingen/", SESSION, row(made.hearing_id), f"/zittingen/{made.hearing_id}/blad.pdf"):
        assert watcher.get(address).status_code == 403


def test_a_second_hearing_of_the_petition_stands_in_its_own_session(team, proceeding, sign_in, reading, read):
    made = proceeding(team, hearing_at=datetime(2026, 11, 17, 9, 30))
    with reading(team):
        record_hearing(made.hearing_id, HearingRecord((Presence.TENANT,), JudgmentKind.POSTPONED))
        set_hearing(made.petition_id, TODAY_AT)
        assert tenancy.current().tenant_id == team.tenant.id
    client = sign_in(team)
    assert "Uitgesteld" in read(client.get("/zittingen/op/2026-11-17/?vredegerecht=Oostende+1"))
    assert "data-first" in client.get(SESSION).text
