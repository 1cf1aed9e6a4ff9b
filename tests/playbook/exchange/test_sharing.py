"""Questions, initiatives, meetings and the weekly mail, as a member, a neighbour, the coordinator and a stranger do."""

import re
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from urllib.parse import urlsplit

import pytest
import time_machine

from app import tenancy
from app.database import db
from app.jobs import run_worker
from app.security.models import utc_now
from app.security.roles import Role
from playbook.exchange import digest, initiatives, meetings, questions
from playbook.exchange.errors import ConflictError, NotYoursError
from playbook.exchange.initiatives import NewInitiative
from playbook.exchange.jobs import tell_people_of, weekly
from playbook.exchange.meetings import NewMeeting
from playbook.handbook import service as handbook

WORKER, COORDINATOR = Role.SOCIAL_WORKER, Role.REGIONAL_COORDINATOR
FORMS = {"page": "", "revision": "1"}


@pytest.fixture
def home(organisation):
    """Two organisations of one network with a page in its playbook, a question, an initiative and a meeting."""
    made = organisation(WORKER, COORDINATOR, name="OCMW Aalbeke")
    made.other = organisation(WORKER, network=made.network, name="OCMW Bissegem")
    made.alone = tenancy.Context(None, made.users[COORDINATOR].id, made.network.id)
    with made.app.app_context():
        with tenancy.acting(made.alone):
            chapter = handbook.create_chapter("Zitting")
            made.page = handbook.create_page(handbook.Draft("Naar de zitting", "Neem een bewijs mee.", chapter.id))
            made.initiative = initiatives.save(
                None, NewInitiative("Vroeg erbij", "Zij bellen na één maand.", tags="Outreach, private huur")
            )
            start = utc_now() + timedelta(days=3)
            made.meeting = meetings.plan(
                NewMeeting("Netwerkoverleg", start, start + timedelta(hours=2), "Zaal 2", agenda="## Cijfers")
            )
            db.session.commit()
        with made.acting():
            made.question = questions.ask("Wie betaalt de verhuis?", "Na een vonnis.", made.page.id)
            db.session.remove()
    made.at = f"/netwerk/vragen/{made.question.id}/"
    made.meeting_at = f"/netwerk/bijeenkomsten/{made.meeting.id}/"
    return made


@pytest.fixture
def post(csrf):
    def call(client, path, **values):
        return client.post(path, data={**FORMS, **values, "csrf_token": csrf(client)})

    return call


def test_a_neighbour_answers_and_who_asked_says_that_it_helped(home, sign_in, post):
    asker, neighbour = sign_in(home), sign_in(home.other)
    assert "nog geen antwoord" in neighbour.get("/netwerk/vragen/?q=verhuis").text
    assert "/draaiboek/naar-de-zitting/" in neighbour.get(home.at).text
    assert post(neighbour, home.at, body="Het OCMW, via het fonds.", page=str(home.page.id)).status_code == 302
    shown = asker.get(home.at).text
    assert "Het OCMW, via het fonds." in shown
    assert "OCMW Bissegem" in shown
    with home.app.app_context(), home.acting():
        given = questions.thread(home.question.id).answers[0].answer.id
        db.session.remove()
    accept = f"{home.at}antwoord/{given}/geholpen"
    assert post(neighbour, accept).status_code == 403
    assert post(asker, accept).status_code == 302
    assert "dit hielp" in asker.get(home.at).text
    assert "Wie betaalt" in asker.get("/netwerk/vragen/?stand=answered&q=fonds").text
    assert "Geen vraag gevonden" in asker.get("/netwerk/vragen/?stand=open").text
    assert post(neighbour, f"{home.at}sluiten").status_code == 403
    assert post(asker, f"{home.at}sluiten").status_code == 302
    late = post(neighbour, home.at, body="En nog iets.")
    assert late.status_code == 409
    assert "En nog iets." in late.text
    assert post(neighbour, f"{home.at}antwoord/{given}/verwijderen").status_code == 302
    assert "Het OCMW, via het fonds." not in asker.get(home.at).text
    assert post(sign_in(home, COORDINATOR), f"{home.at}verwijderen").status_code == 302
    assert asker.get(home.at).status_code == 404


def test_only_an_answer_to_the_question_itself_can_have_helped(home):
    with home.app.app_context(), home.acting():
        second = questions.ask("Nog een vraag?")
        given = questions.answer(second.id, "Ja.")
        with pytest.raises(questions.NotThereError):
            questions.accept(home.question.id, given.id)
        with home.other.acting(), pytest.raises(NotYoursError):
            questions.remove(second.id)
        db.session.remove()


def test_what_is_wrong_is_said_and_kept(home, sign_in, post):
    worker = sign_in(home)
    wrong = post(worker, "/netwerk/vragen/nieuw/", title=" ", body="Over 85.07.30-033.28 dan.")
    assert wrong.status_code == 422
    assert wrong.text.count('class="wrong"') == 2
    assert "85.07.30-033.28" in wrong.text
    assert post(worker, home.at, body="  ").status_code == 422
    coordinator = sign_in(home, COORDINATOR)
    bad = post(
        coordinator, "/netwerk/initiatieven/nieuw/", title="", summary="", url="javascript:alert(1)", tags="a" * 31
    )
    assert bad.status_code == 422
    assert bad.text.count('class="wrong"') == 4
    hours = {"day": "2030-03-05", "starts": "16:00", "ends": "14:00", "place": "", "online_url": ""}
    assert post(coordinator, "/netwerk/bijeenkomsten/nieuw/", title="Overleg", **hours).text.count('class="wrong"') == 2
    assert post(coordinator, f"{home.meeting_at}beslissing", text="", by_when="2030-01-01").status_code == 422
    for path in ("/netwerk/vragen/?pagina=nul&stand=x", "/netwerk/initiatieven/?pagina=99999999999999"):
        assert worker.get(path).status_code == 200


def test_a_member_arranges_nothing_and_a_stranger_sees_nothing(home, organisation, sign_in, post):
    stranger, member = sign_in(organisation(WORKER, COORDINATOR), COORDINATOR), sign_in(home)
    initiative = f"/netwerk/initiatieven/{home.initiative.id}/"
    for path in (
        initiative,
        f"{home.meeting_at}wijzigen/",
        f"{home.meeting_at}verslag/",
        "/netwerk/bijeenkomsten/nieuw/",
    ):
        assert member.get(path).status_code == 403
    assert post(member, f"{home.meeting_at}beslissing", text="Zo doen we het.").status_code == 403
    for path in (home.at, initiative, home.meeting_at):
        assert stranger.get(path).status_code == 404
    for path in ("vragen", "initiatieven", "bijeenkomsten", "nieuws"):
        text = stranger.get(f"/netwerk/{path}/").text
        for word in ("Wie betaalt", "Vroeg erbij", "Netwerkoverleg", "Naar de zitting"):
            assert word not in text


def test_initiatives_by_tag_and_words(home, sign_in, post):
    coordinator, member = sign_in(home, COORDINATOR), sign_in(home)
    new = {
        "title": "Nachtopvang",
        "summary": "Bedden in de winter.",
        "tags": "opvang, Opvang",
        "url": "https://nacht.example/",
    }
    assert post(coordinator, "/netwerk/initiatieven/nieuw/", **new).status_code == 302
    tagged = member.get("/netwerk/initiatieven/?trefwoord=private+huur").text
    assert "Vroeg erbij" in tagged
    assert "Nachtopvang" not in tagged
    assert "opvang (1)" in tagged
    assert "Nachtopvang" in member.get("/netwerk/initiatieven/?q=winter").text
    assert post(coordinator, f"/netwerk/initiatieven/{home.initiative.id}/verwijderen").status_code == 302
    assert "Vroeg erbij" not in member.get("/netwerk/initiatieven/").text


def test_minutes_decisions_and_who_does_what_by_when(home, sign_in, post):
    coordinator, member = sign_in(home, COORDINATOR), sign_in(home)
    assert "## Cijfers" in coordinator.get(f"{home.meeting_at}verslag/").text
    assert post(coordinator, f"{home.meeting_at}verslag/", minutes="## Cijfers\n\n- minder").status_code == 302
    clash = post(coordinator, f"{home.meeting_at}verslag/", minutes="iets anders")
    assert clash.status_code == 409
    assert "iets anders" in clash.text
    assert "- minder" in clash.text
    assert 'name="revision" type="hidden" value="2"' in clash.text
    decision = {"text": "Elk OCMW noemt een ambassadeur.", "who": "Alle OCMW's", "by_when": "2026-01-31"}
    assert post(coordinator, f"{home.meeting_at}beslissing", **decision).status_code == 302
    shown = member.get(home.meeting_at).text
    assert "<li>minder</li>" in shown.replace("<p>", "").replace("</p>", "")
    assert "te laat" in member.get("/netwerk/bijeenkomsten/").text
    with home.app.app_context(), home.acting():
        made = meetings.decisions(home.meeting.id)[0]
        decided = made.id
        assert (made.who, made.by_when) == ("Alle OCMW's", date(2026, 1, 31))
        with pytest.raises(ConflictError):
            meetings.remove(home.meeting.id)
        db.session.remove()
    assert post(coordinator, f"{home.meeting_at}beslissing/{decided}/gedaan").status_code == 302
    assert "Alles wat afgesproken is, is gedaan" in member.get("/netwerk/bijeenkomsten/").text
    assert post(coordinator, f"{home.meeting_at}verwijderen").status_code == 409


def mails_of(app, settings, home, moment, *, everybody=False):
    """What the periodic job (or its part for this network) and then the worker send at that moment to people of this
    network."""
    before = set(settings.outbox_dir.glob("*.eml"))
    with time_machine.travel(moment, tick=True):
        with app.app_context():
            if everybody:
                weekly.func(timestamp=0)
            else:
                tell_people_of(home.network.id)
            db.session.remove()
        run_worker(app, settings.database_url, wait=False)
    new = set(settings.outbox_dir.glob("*.eml")) - before
    raw = [path.read_bytes() for path in new]
    addressed = [each for each in raw if b"List-Unsubscribe:" in each]
    assert all(b"List-Unsubscribe: <http" in each for each in addressed), "mail programs read no encoded words there"
    sent = [message_from_bytes(each, policy=policy.default) for each in raw]
    own = {user.email for user in (*home.users.values(), *home.other.users.values())}
    return [mail for mail in sent if mail["To"] in own]


def test_the_weekly_mail_goes_once_to_who_wants_it_and_names_nobody(app, settings, home, sign_in, post):
    refuser = home.other.users[WORKER]
    client = sign_in(home.other)
    for _twice in range(2):
        assert post(client, "/netwerk/nieuws/", wants="no").status_code == 302
    shown = client.get("/netwerk/nieuws/").text
    assert "Mail aanzetten" in shown
    links = re.findall(r'<li><a href="([^"#]*)[^"]*">', shown)  # each title leads to what it is about
    assert {client.get(link).status_code for link in links} == {200}
    assert len(links) > 2
    soon = utc_now() + timedelta(minutes=5)
    mails = mails_of(app, settings, home, soon, everybody=True)
    assert sorted(mail["To"] for mail in mails) == sorted(user.email for user in home.users.values())
    body = mails[0].get_content()
    for word in ("Wie betaalt de verhuis?", "Vroeg erbij", "Netwerkoverleg", "Naar de zitting", "/netwerk/nieuws/"):
        assert word in body
    for word in ("Na een vonnis", "Marie", refuser.last_name, "Bissegem", "None"):
        assert word not in body
    assert mails_of(app, settings, home, datetime.now(UTC) + timedelta(days=60)) == []
    refuse_from_the_mail(app, settings, home, mails[0], soon)


def refuse_from_the_mail(app, settings, home, mail, moment):
    """One press in the mail program, or in a browser that is not signed in; opening the address alone does nothing."""
    address = mail["List-Unsubscribe"].strip("<>")
    assert (mail["List-Unsubscribe-Post"], address in mail.get_content()) == ("List-Unsubscribe=One-Click", True)
    path, anybody = urlsplit(address).path, app.test_client()
    assert "Stop de wekelijkse mail" in anybody.get(path).text
    assert len(mails_of(app, settings, home, moment)) == len(home.users)
    assert (
        "geen wekelijkse mail van dit netwerk meer" in anybody.post(path, data={"List-Unsubscribe": "One-Click"}).text
    )
    assert mail["To"] not in {each["To"] for each in mails_of(app, settings, home, moment)}
    assert anybody.post(path.rstrip("/")[:-2] + "/").status_code == 404


def test_an_empty_week_is_no_news(home):
    with home.app.app_context(), home.acting():
        assert digest.digest().is_something
        with time_machine.travel(utc_now() + timedelta(days=40)):
            assert not digest.digest().is_something
        db.session.remove()
