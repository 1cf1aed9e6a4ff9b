"""The pages of training as a worker, a team lead, the coordinator and a stranger use them."""

import io
import re
from datetime import timedelta

import page
import pikepdf
import pytest
from flask_appbuilder.security.sqla.models import User
from icalendar import Calendar

from app import tenancy
from app.database import db
from app.security.models import utc_now
from app.security.roles import Role
from playbook.training import attending, enrolling, learning, materials, service, sessions
from playbook.training.models import TrainingSession
from playbook.training.service import NewCourse, NewQuestion
from playbook.training.sessions import NewSession

WORKER, LEAD, COORDINATOR = Role.SOCIAL_WORKER, Role.TEAM_LEAD, Role.REGIONAL_COORDINATOR
PPTX = b"PK\x03\x04" + b" " * 26 + b"ppt/slides/slide1.xml"


@pytest.fixture
def home(organisation):
    """An organisation whose network has a course with a quiz, and a session of two places in half an hour."""
    made = organisation(WORKER, LEAD, COORDINATOR, name="OCMW Aalbeke")
    made.other = organisation(WORKER, network=made.network, name="OCMW Bissegem")
    made.alone = tenancy.Context(None, made.users[COORDINATOR].id, made.network.id)
    start = utc_now() + timedelta(minutes=30)
    with made.app.app_context(), tenancy.acting(made.alone):
        for who, name in ((made, "Werkmans"), (made.other, "Anders")):  # each a name of their own
            who.users[WORKER].last_name = name
            db.session.get(User, who.users[WORKER].id).last_name = name
        db.session.commit()
        made.course = service.save_course(None, NewCourse("Naar de zitting", "Wat je doet.", "## Eerst\n\n- bellen"))
        service.save_question(made.course.id, None, NewQuestion("Wie verzoent?", "* de rechter\nde griffier", "Wet."))
        made.session = sessions.plan(
            made.course.id,
            NewSession(start, start + timedelta(hours=2), "Zaal 2", "https://vergadering.example/x", 2),
        )
        db.session.remove()
    return made


@pytest.fixture
def at(home):
    return f"/vorming/sessie/{home.session.id}/", f"/vorming/beheer/sessie/{home.session.id}/"


def session_form(client, csrf, **changes):
    known = {"day": "2030-03-05", "starts": "13:30", "ends": "16:30", "place": "Zaal", "online_url": ""}
    return {**known, "capacity": "12", "trainer": "", "note": "", "csrf_token": csrf(client), **changes}


def test_a_stranger_sees_nothing_and_a_worker_arranges_nothing(home, at, organisation, sign_in, csrf):
    show, arrange = at
    outsider = sign_in(organisation(WORKER, COORDINATOR), COORDINATOR)
    assert "Naar de zitting" not in outsider.get("/vorming/").text
    for path in (
        show,
        f"{arrange}wijzigen/",
        f"{arrange}lijst/",
        f"{arrange}code/",
        "/vorming/cursus/naar-de-zitting/",
    ):
        assert outsider.get(path).status_code == 404
    worker = sign_in(home)
    for path in ("/vorming/beheer/", f"{arrange}lijst/", f"{arrange}code/", "/vorming/team/"):
        assert worker.get(path).status_code == 403
    assert home.app.test_client().get("/vorming/").status_code == 302


def test_a_worker_takes_and_gives_back_a_place(home, at, sign_in, csrf):
    show, _arrange = at
    worker = sign_in(home)
    before = worker.get(show).text
    assert "2 plaatsen vrij" in before
    assert "vergadering.example" not in before  # only who has a place sees the link
    told = worker.post(f"{show}inschrijven", data={"csrf_token": csrf(worker)}, follow_redirects=True).text
    assert "Je hebt een plaats." in told
    assert "vergadering.example" in told
    again = worker.post(f"{show}inschrijven", data={"csrf_token": csrf(worker)})
    assert again.status_code == 409
    assert "Je staat al op de lijst" in again.text
    assert "Naar de zitting" in worker.get("/vorming/mijn/").text
    gone = worker.post(f"{show}uitschrijven", data={"csrf_token": csrf(worker)}, follow_redirects=True).text
    assert "Je staat niet meer op de lijst" in gone
    late = worker.post(f"{show}uitschrijven", data={"csrf_token": csrf(worker)})  # from another tab
    assert late.status_code == 409
    assert "Je staat niet meer op de lijst" in late.text


def test_a_lead_enrols_colleagues_and_nobody_elses(home, at, sign_in, csrf):
    show, _arrange = at
    lead, worker = sign_in(home, LEAD), sign_in(home)
    person, stranger = home.users[WORKER].id, home.other.users[WORKER].id
    token = {"csrf_token": csrf(lead)}
    assert (
        worker.post(f"{show}collega/{home.users[LEAD].id}/inschrijven", data={"csrf_token": csrf(worker)}).status_code
        == 403
    )
    assert lead.post(f"{show}collega/{stranger}/inschrijven", data=token).status_code == 404
    told = lead.post(f"{show}collega/{person}/inschrijven", data=token, follow_redirects=True).text
    assert "Je collega heeft een plaats" in told
    assert "Werkmans" in told
    with home.app.app_context(), home.other.acting():
        enrolling.enrol(home.session.id)
        db.session.remove()
    assert "Anders" not in lead.get(show).text
    assert lead.post(f"{show}collega/{stranger}/uitschrijven", data=token).status_code == 404
    assert lead.post(f"{show}collega/{person}/uitschrijven", data=token).status_code == 302
    team = lead.get("/vorming/team/").text
    assert "Werkmans" in team
    assert "Anders" not in team


def test_a_scan_signs_in_and_makes_present_and_the_quiz_gives_the_certificate(home, at, sign_in, csrf):
    _show, arrange = at
    shown = sign_in(home, COORDINATOR).get(f"{arrange}code/").text
    assert "data:image/svg+xml" in shown
    with home.app.app_context():
        code = attending.make_code(home.session.id)
    path = f"/vorming/aanwezig/{code}/"
    assert home.app.test_client().get(path).headers["Location"].startswith("/login/?next=/vorming/aanwezig/")
    worker = sign_in(home)
    assert "Ik ben er" in worker.get(path).text
    assert worker.post("/vorming/aanwezig/vals/", data={"csrf_token": csrf(worker)}).status_code == 404
    assert "je bent er" in worker.post(path, data={"csrf_token": csrf(worker)}, follow_redirects=True).text
    quiz = "/vorming/cursus/naar-de-zitting/toets/"
    assert worker.post(quiz, data={"csrf_token": csrf(worker)}).status_code == 422
    assert "Nog niet: 0%" in worker.post(quiz, data={"csrf_token": csrf(worker), "q0": "1"}).text
    assert "Geslaagd: 100%" in worker.post(quiz, data={"csrf_token": csrf(worker), "q0": "0"}).text
    made = worker.get(f"/vorming/mijn/attest/{home.course.id}.pdf")
    assert made.status_code == 200
    assert sign_in(home, LEAD).get(f"/vorming/mijn/attest/{home.course.id}.pdf").status_code == 404
    is_real(home, made, csrf)


def is_real(home, made, csrf):
    """The paper conforms, bears the name, and its number is verified by who is not signed in."""
    report = page.validate_pdf_bytes(made.data, profile="ua1")
    assert [(failure.rule_id, failure.message) for failure in report.failures] == []
    with pikepdf.open(io.BytesIO(made.data)) as opened:
        assert str(opened.Root.Lang) == "nl-BE"
        assert len(opened.pages) == 1
    number = re.search(r"attest-([\w-]+)\.pdf", made.headers["Content-Disposition"])[1]
    anybody = home.app.test_client()
    assert anybody.get("/vorming/attest/").status_code == 200
    assert anybody.get(f"/vorming/attest/?nummer={number}x").status_code == 404
    found = anybody.get(f"/vorming/attest/?nummer={number}", follow_redirects=True).text
    assert "Dit attest is echt." in found
    assert "Naar de zitting" in found
    user = home.users[WORKER]
    assert user.last_name not in found
    ask = f"/vorming/attest/{number}/"
    for name, answer in (
        (f"{user.first_name} {user.last_name}", "Ja: dit attest"),
        ("Jan Janssens", "Neen: dit attest"),
    ):
        assert answer in anybody.post(ask, data={"csrf_token": csrf(anybody), "name": name}).text
    guesser = {"REMOTE_ADDR": "192.0.2.66"}
    for _guess in range(10):
        last = anybody.post(ask, data={"csrf_token": csrf(anybody), "name": "Piet Piers"}, environ_base=guesser)
    assert last.status_code == 429
    right = {"csrf_token": csrf(anybody), "name": f"{user.first_name} {user.last_name}"}
    refused = anybody.post(ask, data=right, environ_base=guesser)
    assert (refused.status_code, "Ja: dit attest" in refused.text) == (429, False)
    assert int(refused.headers["Retry-After"]) > 60
    assert anybody.get(ask).status_code == 200  # the certificate itself stays there to be verified
    wrong = [anybody.get(f"/vorming/attest/vals{n}/", environ_base=guesser).status_code for n in range(21)]
    assert wrong == [404] * 20 + [429]


def test_the_list_names_everybody_for_the_coordinator(home, at, sign_in, csrf):
    show, arrange = at
    for who in (home, home.other):
        with home.app.app_context(), who.acting():
            enrolling.enrol(home.session.id)
            db.session.remove()
    with home.app.app_context(), home.acting(LEAD):
        assert enrolling.enrol(home.session.id).rank == 1
        db.session.remove()
    coordinator = sign_in(home, COORDINATOR)
    text = coordinator.get(f"{arrange}lijst/").text
    assert "Werkmans" in text
    assert "Anders" in text
    shown = re.findall(r'name="shown" value="([^"]+)"', text)
    assert len(shown) == 3
    data = {"csrf_token": csrf(coordinator), "shown": shown, "present": [shown[1], "geen-id"]}
    kept = coordinator.post(f"{arrange}lijst/", data=data, follow_redirects=True).text
    assert "1 van 2 aanwezig" in kept
    off = coordinator.post(f"{arrange}lijst/{shown[0]}/afvoeren", data=data, follow_redirects=True).text
    assert "Van de lijst gehaald" in off
    assert "Wachtlijst" not in off  # the lead moved up
    counts = coordinator.get("/vorming/beheer/").text
    assert "Naar de zitting" in counts
    assert "Werkmans" not in counts
    assert "3 mensen" not in coordinator.get(show).text


def test_forms_say_what_is_wrong_and_keep_what_was_typed(home, at, sign_in, csrf):
    _show, arrange = at
    coordinator = sign_in(home, COORDINATOR)
    new = "/vorming/beheer/cursus/naar-de-zitting/sessie/nieuw/"
    for changes, told in (
        ({"ends": "12:00"}, "eindigt voor ze begint"),
        ({"place": "", "trainer": "Annelies"}, "Zeg waar het is"),
        ({"day": "32/13/2030"}, "Dit is geen datum."),
        ({"day": "2999-12-31"}, "Kijk het jaar na"),
        ({"starts": "half tien"}, "Dit is geen uur."),
        ({"capacity": "veel"}, "Schrijf het in cijfers"),
        ({"place": "x" * 201}, "hoogstens 200 tekens"),
        ({"online_url": "javascript:alert(1)"}, "begint met https://"),
    ):
        refused = coordinator.post(new, data=session_form(coordinator, csrf, **changes))
        assert refused.status_code == 422, changes
        assert told in refused.text
        assert all(value in refused.text for value in changes.values() if value and len(value) < 50)
    assert coordinator.post(new, data=session_form(coordinator, csrf)).status_code == 302
    for who in (home, home.other):
        with home.app.app_context(), who.acting():
            enrolling.enrol(home.session.id)
            db.session.remove()
    few = coordinator.post(f"{arrange}wijzigen/", data=session_form(coordinator, csrf, capacity="1"))
    assert few.status_code == 422
    assert "Er zijn al 2 plaatsen bezet" in few.text
    course = {"csrf_token": csrf(coordinator), "title": "", "hours": "2,5", "pass_mark": "170", "has_sessions": "y"}
    refused = coordinator.post("/vorming/beheer/cursus/nieuw/", data=course)
    assert refused.status_code == 422
    assert "titel" in refused.text
    assert "tussen 1 en 100" in refused.text
    unread = coordinator.post("/vorming/beheer/cursus/nieuw/", data={**course, "hours": "lang"})
    assert "Geef de duur in uren, zoals 3 of 2,5." in unread.text
    assert "titel" in unread.text  # what is wrong is said in one go
    made = coordinator.post("/vorming/beheer/cursus/nieuw/", data={**course, "title": "Over FBU", "pass_mark": "60"})
    assert made.headers["Location"] == "/vorming/cursus/over-fbu/"
    assert "2,5 uur" in coordinator.get("/vorming/cursus/over-fbu/").text
    again = coordinator.get("/vorming/beheer/cursus/over-fbu/wijzigen/").text
    assert re.search(r'<input [^>]*id="hours"[^>]*type="text"[^>]*value="2,5"', again)
    assert re.search(r'<textarea [^>]*id="body"[^>]*rows="10"', again)
    track = {
        "csrf_token": csrf(coordinator),
        "title": "Basis",
        "roles": ["social_worker"],
        "courses": [str(home.course.id)],
    }
    assert coordinator.post("/vorming/beheer/traject/nieuw/", data={**track, "courses": ["x"]}).status_code == 422
    assert coordinator.post("/vorming/beheer/traject/nieuw/", data={**track, "title": "a\x00b"}).status_code == 400
    assert coordinator.post("/vorming/beheer/traject/nieuw/", data=track).status_code == 302
    assert "Basis" in sign_in(home).get("/vorming/").text
    assert "0 van 1" in sign_in(home, LEAD).get("/vorming/team/").text
    begin = {**track, "title": "De eerste weken", "roles": [], "is_onboarding": "y"}
    assert "De eerste weken" not in sign_in(home).get("/vorming/mijn/").text
    assert coordinator.post("/vorming/beheer/traject/nieuw/", data=begin).status_code == 302
    for who, path in ((sign_in(home), "/vorming/mijn/"), (sign_in(home, LEAD), "/vorming/team/")):
        assert re.search(r"De eerste weken.*?0 van 1", who.get(path).text, re.S)  # nobody followed anything yet


def test_materials_have_versions_and_are_what_they_seem(home, sign_in, csrf):
    coordinator, worker = sign_in(home, COORDINATOR), sign_in(home)
    new = "/vorming/materiaal/cursus/naar-de-zitting/nieuw/"
    token = csrf(coordinator)

    def send(path, **data):
        return coordinator.post(path, data={"csrf_token": token, **data}, content_type="multipart/form-data")

    for name, content, told in (
        ("dia.pptx", b"<html><script>alert(1)</script>", "webpagina"),
        ("dia.exe", b"MZ\x90\x00", "Dit soort bestand"),
        ("leeg.pdf", b"", "leeg"),
    ):
        refused = send(new, title="Dia's", file=(io.BytesIO(content), name))
        assert refused.status_code == 422, name
        assert told in refused.text
        assert "Dia&#39;s" in refused.text
    assert send(new, title="Niets").status_code == 422
    assert send(new, title="Kwaad", url="javascript:alert(1)").status_code == 422
    assert send(new, title="Dia's", file=(io.BytesIO(PPTX), "dia.pptx")).status_code == 302
    with home.app.app_context(), tenancy.acting(home.alone):
        (shown,) = materials.of_course(home.course.id)
        path = f"/vorming/materiaal/{shown.material.id}/"
        db.session.remove()
    renewed = send(f"{path}versie", file=(io.BytesIO(PPTX + b"2"), "dia.pptx"), comment="nieuwe cijfers")
    assert renewed.status_code == 302
    text = worker.get(path).text
    assert "versie 2" in text
    assert "nieuwe cijfers" in text
    assert "Nieuwe versie" not in text
    for number, content in ((1, PPTX), (2, PPTX + b"2")):
        answer = worker.get(f"{path}{number}/")
        assert answer.data == content
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert worker.get(f"{path}3/").status_code == 404


def test_an_evaluation_is_given_once_and_shown_from_five(home, at, sign_in, csrf):
    show, _arrange = at
    worker = sign_in(home)
    assert worker.get(f"{show}evaluatie/").status_code == 404
    with home.app.app_context(), home.acting():
        attending.arrive(home.session.id)
        db.session.remove()
    refused = worker.post(f"{show}evaluatie/", data={"csrf_token": csrf(worker), "useful": "9", "remark": "meer tijd"})
    assert refused.status_code == 422
    assert "meer tijd" in refused.text
    said = {"csrf_token": csrf(worker), "useful": "5", "clear": "4", "pace": "3", "remark": "meer tijd"}
    assert worker.post(f"{show}evaluatie/", data=said).status_code == 302
    assert worker.post(f"{show}evaluatie/", data=said).status_code == 404
    with home.app.app_context(), tenancy.acting(home.alone):
        row = db.session.get(TrainingSession, home.session.id)
        row.starts_at, row.ends_at = utc_now() - timedelta(hours=3), utc_now() - timedelta(hours=1)
        db.session.commit()
        assert learning.opinion(home.session.id)[0] == 1
        db.session.remove()
    text = sign_in(home, COORDINATOR).get(show).text
    assert "Tot nu toe 1 antwoord" in text
    assert "meer tijd" not in text


def test_the_calendar_file_says_when_and_where(home, at, sign_in):
    show, _arrange = at
    answer = sign_in(home).get(f"{show}agenda.ics")
    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert event.decoded("dtstart").replace(microsecond=0) == home.session.starts_at.replace(microsecond=0)
    assert event["location"] == "Zaal 2"
    assert event["status"] == "CONFIRMED"
    assert "vergadering.example" not in answer.text  # the link is for who has a place
    assert event["sequence"] == 0


def test_a_cancelled_session_says_why(home, at, sign_in, csrf):
    show, arrange = at
    coordinator = sign_in(home, COORDINATOR)
    token = csrf(coordinator)
    assert (
        "Zeg waarom" in coordinator.post(f"{arrange}annuleren", data={"csrf_token": token}, follow_redirects=True).text
    )
    data = {"csrf_token": token, "why": "De zaal is niet vrij"}
    assert coordinator.post(f"{arrange}annuleren", data=data).status_code == 302
    worker = sign_in(home)
    text = worker.get(show).text
    assert "De zaal is niet vrij" in text
    assert "Inschrijven" not in text
    (event,) = Calendar.from_ical(worker.get(f"{show}agenda.ics").data).walk("VEVENT")
    assert (event["status"], event["sequence"]) == ("CANCELLED", 1)  # a calendar takes it away
    assert worker.post(f"{show}inschrijven", data={"csrf_token": csrf(worker)}).status_code == 409
