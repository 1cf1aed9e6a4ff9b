"""The calendar's secret address: without a name, revocable, and valid for calendar programs."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from sqlalchemy import delete, select

from app.database import db, transaction
from app.security.models import Membership
from app.security.roles import Role
from tenants.cases.codes import TaskKind
from tenants.cases.tasks import NewTask, add_task
from tenants.petitions.models import CalendarFeed

pytestmark = pytest.mark.usefixtures("on_tuesday")


@pytest.fixture
def address(send):
    def make(client):
        page = send(client, "/agenda/vernieuwen").get_data(as_text=True)
        return re.search(r'value="http://localhost(/agenda/[^"]+\.ics)"', page)[1]

    return make


def events(answer):
    assert answer.status_code == 200
    return {str(e["uid"]): e for e in Calendar.from_ical(answer.data).walk("VEVENT")}


def test_another_address_answers_nothing(app, organisation, proceeding, sign_in, address, send):
    ours, theirs = organisation(), organisation()
    proceeding(ours, hearing_at=datetime(2026, 12, 1, 9, 30))
    client, stranger = sign_in(ours), app.test_client()
    own = address(client)
    token = own.rsplit("/", 1)[1]
    assert stranger.get(own).status_code == 200
    for wrong in (
        f"/agenda/{theirs.tenant.slug}/{token}",
        f"/agenda/bestaat-niet/{token}",
        f"/agenda/{ours.tenant.slug}/{token[:-5]}x.ics",
        f"/agenda/{ours.tenant.slug}/.ics",
    ):
        assert stranger.get(wrong).status_code == 404, wrong
    # What another organisation's person sees is their own, whatever the browser is signed in to.
    assert sign_in(theirs).get(own).data == stranger.get(own).data


def test_renewed_and_revoked_addresses_answer_nothing(app, organisation, sign_in, address, send, read):
    ocmw = organisation()
    client, calendar = sign_in(ocmw), app.test_client()
    assert "Maak mijn adres" in read(client.get("/agenda/adres/"))
    first = address(client)
    second = address(client)
    assert first != second
    assert calendar.get(first).status_code == 404
    assert calendar.get(second).status_code == 200
    shown_again = client.get("/agenda/adres/").get_data(as_text=True)
    assert second not in shown_again
    assert "gemaakt op dinsdag 24 november 2026" in shown_again
    assert send(client, "/agenda/intrekken").status_code == 302
    assert calendar.get(second).status_code == 404


def test_only_the_hash_is_kept(organisation, sign_in, address, reading):
    ocmw = organisation()
    token = address(sign_in(ocmw)).rsplit("/", 1)[1].removesuffix(".ics")
    with reading(ocmw):
        stored = db.session.scalar(select(CalendarFeed.token_hash))
    assert len(token) >= 43
    assert token not in stored
    assert len(stored) == 64


def test_who_left_reads_no_more(app, organisation, sign_in, address, reading):
    ocmw = organisation(Role.SOCIAL_WORKER, Role.TEAM_LEAD)
    own = address(sign_in(ocmw, Role.TEAM_LEAD))
    with reading(ocmw), transaction() as session:
        session.execute(delete(Membership).where(Membership.user_id == ocmw.users[Role.TEAM_LEAD].id))
    assert app.test_client().get(own).status_code == 404


def test_what_stands_in_it_and_what_does_not(app, organisation, proceeding, sign_in, address, reading, case_row):
    ocmw = organisation(Role.SOCIAL_WORKER, Role.TEAM_LEAD)
    mine = proceeding(ocmw, "Vermeulen", hearing_at=datetime(2026, 12, 1, 9, 30), received_on=date(2026, 11, 23))
    team = proceeding(ocmw, "Haddad", received_on=date(2026, 11, 20), assigned_to=ocmw.users[Role.TEAM_LEAD].id)
    with reading(ocmw):
        me, lead = ocmw.users[Role.SOCIAL_WORKER].id, ocmw.users[Role.TEAM_LEAD].id
        for title, day, whose in (
            ("Dirk Vermeulen bellen", date(2026, 11, 24), me),
            ("iets van de leidinggevende", date(2026, 11, 25), lead),
        ):
            add_task(NewTask(title, day, TaskKind.VISIT, due_at=time(14), case_id=mine.case_id, assigned_to=whose))
    answer = app.test_client().get(address(sign_in(ocmw)))
    assert answer.mimetype == "text/calendar"
    assert answer.headers["Cache-Control"].startswith("private")
    for secret in ("Vermeulen", "Haddad", "Dirk", "bellen", "Torhout", "8400"):
        assert secret not in answer.text
    number, other = case_row(ocmw, mine.case_id).number, case_row(ocmw, team.case_id).number
    found = sorted(
        (str(e["summary"]), e["dtstart"].dt, e["categories"].to_ical().decode()) for e in events(answer).values()
    )
    brussels = {summary: start for summary, start, _category in found}
    assert brussels[f"Zitting Oostende 1 · {number}"].isoformat() == "2026-12-01T09:30:00+01:00"
    assert brussels[f"Afspraak · {number}"].isoformat() == "2026-11-24T14:00:00+01:00"
    assert (f"Eerste contact na verzoekschrift · {number}", date(2026, 11, 26), "Mijn dossiers") in found
    assert (f"Eerste contact na verzoekschrift · {other}", date(2026, 11, 25), "Team") in found
    visits = [(day, whose) for summary, day, whose in found if summary == f"Huisbezoek · {other}"]
    assert visits[0] == (date(2026, 11, 27), "Team")
    assert len(found) == 4 + sum(summary.startswith("Huisbezoek · ") for summary, _day, _whose in found)


def test_it_is_valid_for_calendar_programs(app, organisation, proceeding, sign_in, address):
    ocmw = organisation()
    proceeding(ocmw, hearing_at=datetime(2026, 12, 1, 9, 30))
    proceeding(ocmw, hearing_at=datetime(2026, 12, 2, 12), hearing_hour_known=False)
    raw = app.test_client().get(address(sign_in(ocmw))).data
    assert raw.endswith(b"\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    calendar = Calendar.from_ical(raw)
    assert calendar.errors == []
    assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Brussels"]
    assert str(calendar["version"]) == "2.0"
    for each in calendar.walk("VEVENT"):
        assert each.errors == []
        assert {"UID", "DTSTAMP", "DTSTART", "SUMMARY"} <= set(each)
        assert each["dtend"].dt > each["dtstart"].dt
    whole_days = [
        e for e in calendar.walk("VEVENT") if str(e["uid"]).startswith("hearing") and type(e["dtstart"].dt) is date
    ]
    assert [e["dtend"].dt - e["dtstart"].dt for e in whole_days] == [timedelta(days=1)]


def test_its_belgian_time_is_the_real_one(app, organisation, sign_in, address):
    raw = app.test_client().get(address(sign_in(organisation()))).data
    (zone,) = Calendar.from_ical(raw).walk("VTIMEZONE")
    told, real = zone.to_tz(lookup_tzid=False), ZoneInfo("Europe/Brussels")
    first = datetime(2024, 1, 1, 1)
    # The hour from two to three is left out: twice a year it is missing or doubled.
    hours = [first + timedelta(hours=n) for n in range(0, 5 * 366 * 24) if (first + timedelta(hours=n)).hour != 2]
    assert [m for m in hours if m.replace(tzinfo=told).utcoffset() != m.replace(tzinfo=real).utcoffset()] == []


def test_an_event_keeps_its_uid_when_it_moves(app, organisation, proceeding, sign_in, address, send):
    ocmw = organisation()
    made = proceeding(ocmw, received_on=date(2026, 11, 23))
    client = sign_in(ocmw)
    own, calendar = address(client), app.test_client()
    before = events(calendar.get(own))
    moved = {"kind": "petition", "court": "Oostende 1", "received_on": "2026-11-20"}
    assert send(client, f"/verzoekschriften/{made.petition_id}/", **moved).status_code == 302
    after = events(calendar.get(own))
    assert set(before) == set(after)
    (uid,) = (uid for uid in before if not uid.startswith("visit-"))
    assert (before[uid]["dtstart"].dt, after[uid]["dtstart"].dt) == (date(2026, 11, 26), date(2026, 11, 25))


def test_the_calendar_speaks_to_people_who_work_on_cases_only(organisation, sign_in):
    ocmw = organisation(Role.DPO)
    assert sign_in(ocmw, Role.DPO).get("/agenda/").status_code == 403
