"""The network's meetings for calendar programs: a file each, and a secret address per person that can be taken back."""

import re
from datetime import timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import delete, select

from app import tenancy
from app.database import db, transaction
from app.security.models import Membership, NetworkMembership, utc_now
from app.security.roles import Role
from playbook.exchange import meetings
from playbook.exchange.meetings import NewMeeting
from playbook.exchange.models import MeetingFeed
from tests.conftest import make_organisation

WORKER, COORDINATOR, GUEST, MEMBER = Role.SOCIAL_WORKER, Role.REGIONAL_COORDINATOR, Role.GUEST, Role.NETWORK_MEMBER
OWN = "/netwerk/bijeenkomsten/adres/"


@pytest.fixture(scope="module")
def home(app):
    """A network with a meeting ahead and one of long ago."""
    made = make_organisation(app, WORKER, COORDINATOR, GUEST, Role.TEAM_LEAD)
    with app.app_context(), tenancy.acting(tenancy.Context(None, made.users[COORDINATOR].id, made.network.id)):
        start, hours = utc_now() + timedelta(days=3), timedelta(hours=2)
        new = NewMeeting("Overleg over de griffie", start, start + hours, "Zaal 2", "https://meet.test/x", "An Claes")
        made.meeting_id = meetings.plan(new).id
        meetings.plan(
            NewMeeting("Lang geleden", start - timedelta(days=99), start - timedelta(days=99) + hours, "Zaal 3")
        )
        db.session.commit()
        db.session.remove()
    return made


@pytest.fixture
def address(csrf):
    def make(client):
        page = client.post(f"{OWN}vernieuwen", data={"csrf_token": csrf(client)}).get_data(as_text=True)
        return re.search(r'value="http://localhost(/netwerk/[^"]+\.ics)"', page)[1]

    return make


def events(answer):
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    return list(Calendar.from_ical(answer.data).walk("VEVENT"))


def test_one_meeting_is_a_file(home, sign_in, organisation):
    path = f"/netwerk/bijeenkomsten/{home.meeting_id}/"
    client = sign_in(home)
    assert f"{path}agenda.ics" in client.get(path).text
    (event,) = events(client.get(f"{path}agenda.ics"))
    assert (str(event["summary"]), str(event["location"])) == ("Overleg over de griffie", "Zaal 2")
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(hours=2)
    assert "https://meet.test/x" in event["description"]
    assert sign_in(organisation()).get(f"{path}agenda.ics").status_code == 404
    assert sign_in(home, GUEST).get(f"{path}agenda.ics").status_code == 403


def test_the_address_tells_what_when_and_where_and_no_more(app, home, sign_in, address):
    client = sign_in(home)
    assert OWN in client.get("/netwerk/bijeenkomsten/").text
    answer = app.test_client().get(address(client))
    (event,) = events(answer)
    assert str(event["summary"]) == "Overleg over de griffie"
    assert str(event["url"]).endswith(f"/netwerk/bijeenkomsten/{home.meeting_id}/")
    me = home.users[WORKER]
    for secret in ("An Claes", "meet.test", me.last_name, me.email, "ATTENDEE", "ORGANIZER", "Lang geleden"):
        assert secret not in answer.text
    assert answer.headers["Cache-Control"].startswith("private")


def test_it_moves_with_the_meeting(app, home, sign_in, address):
    own, stranger = address(sign_in(home)), app.test_client()
    (before,) = events(stranger.get(own))
    with app.app_context(), tenancy.acting(tenancy.Context(None, home.users[COORDINATOR].id, home.network.id)):
        row = meetings.one(home.meeting_id)
        later = (row.starts_at + timedelta(days=1), row.ends_at + timedelta(days=1))
        meetings.change(row.id, NewMeeting(row.title, *later, row.place, row.online_url, row.agenda), row.revision)
        db.session.commit()
        db.session.remove()
    (after,) = events(stranger.get(own))
    assert before["uid"] == after["uid"]
    assert after["dtstart"].dt - before["dtstart"].dt == timedelta(days=1)
    assert after["sequence"] > before["sequence"]


def test_a_new_address_and_taking_it_back_end_the_old_one(app, home, sign_in, address, csrf, organisation):
    client, stranger = sign_in(home), app.test_client()
    first, second = address(client), address(client)
    assert stranger.get(first).status_code == 404
    assert stranger.get(second).status_code == 200
    assert second not in client.get(OWN).text
    token, other = second.rsplit("/", 1)[1], organisation()
    for wrong in (f"{other.network.slug}/{token}", f"bestaat-niet/{token}", f"{home.network.slug}/{token[:-5]}x.ics"):
        assert stranger.get(f"/netwerk/bijeenkomsten/agenda/{wrong}").status_code == 404, wrong
    with app.app_context(), home.acting():
        kept = db.session.scalars(select(MeetingFeed.token_hash)).all()
        assert not any(token.removesuffix(".ics") in each for each in kept)
        db.session.remove()
    assert client.post(f"{OWN}intrekken", data={"csrf_token": csrf(client)}).status_code == 302
    assert stranger.get(second).status_code == 404


def test_who_left_the_network_reads_no_more_and_a_guest_gets_none(app, home, sign_in, address, csrf):
    guest = sign_in(home, GUEST)
    assert guest.get(OWN).status_code == 403
    assert guest.post(f"{OWN}vernieuwen", data={"csrf_token": csrf(guest)}).status_code == 403
    stranger = app.test_client()
    lead, coordinator = address(sign_in(home, Role.TEAM_LEAD)), address(sign_in(home, COORDINATOR))
    assert stranger.get(lead).status_code == stranger.get(coordinator).status_code == 200
    with app.app_context(), home.acting(), transaction() as session:
        session.execute(delete(Membership).where(Membership.user_id == home.users[Role.TEAM_LEAD].id))
        theirs = NetworkMembership.user_id == home.users[COORDINATOR].id
        session.execute(delete(NetworkMembership).where(theirs))
    assert stranger.get(lead).status_code == 404
    assert stranger.get(coordinator).status_code == 404
