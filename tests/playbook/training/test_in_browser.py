"""Training on a phone and at a desk, in a real browser: take a place by keyboard, do the quiz; axe finds nothing."""

import threading
from datetime import timedelta

import pytest
from playwright.sync_api import expect, sync_playwright
from werkzeug.serving import make_server

from app import tenancy
from app.database import db
from app.security.models import utc_now
from app.security.roles import Role
from playbook.training import demo, enrolling, sessions
from playbook.training.sessions import NewSession
from tests import axe

WORKER, LEAD, COORDINATOR = Role.SOCIAL_WORKER, Role.TEAM_LEAD, Role.REGIONAL_COORDINATOR
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture
def home(organisation):
    """A network with the start courses, and a session with one place."""
    made = organisation(WORKER, LEAD, COORDINATOR)
    with made.app.app_context():
        with tenancy.acting(tenancy.Context(None, made.users[COORDINATOR].id, made.network.id)):
            course = demo.fill()["fbu"]
            start = utc_now() + timedelta(days=9)
            made.session = sessions.plan(course.id, NewSession(start, start + timedelta(hours=3), "Zaal 2", "", 1))
            db.session.remove()
        with made.acting(LEAD):
            enrolling.enrol(made.session.id)
            db.session.remove()
    return made


@pytest.fixture
def address(app):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


def sound(page):
    """Nothing for axe to say, nothing that sticks out."""
    found = [(v["id"], [node["html"] for node in v["nodes"]]) for v in axe.violations(page)]
    assert found == [], page.url
    assert axe.fits(page), page.url


def test_a_place_and_a_quiz_by_keyboard(home, address, sign_in):
    session, quiz = f"/vorming/sessie/{home.session.id}/", "/vorming/cursus/gegevens-delen-met-zorg/toets/"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])

        def signed_in(role, viewport):
            context = browser.new_context(viewport=viewport)
            cookie = sign_in(home, role).get_cookie("woonvast").value
            context.add_cookies([{"name": "woonvast", "value": cookie, "url": address}])
            page = context.new_page()
            page.on("console", lambda line: complaints.append(line.text) if "Security Policy" in line.text else None)
            return page

        complaints = []
        page = signed_in(WORKER, PHONE)
        for path in ("/vorming/", "/vorming/cursus/van-verzoekschrift-tot-zitting/"):
            page.goto(address + path)
            sound(page)
        page.goto(address + session)
        page.get_by_role("button", name="Zet me op de wachtlijst").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("Je staat op nummer 1 van de wachtlijst.")).to_be_visible()
        sound(page)
        page.goto(address + quiz)
        for label in ("Hetzelfde doel", "Je cliënt weet het", "De ander is door beroepsgeheim", "Alleen wie er onder"):
            page.get_by_label(label).focus()
            page.keyboard.press("Space")
        page.get_by_role("button", name="Indienen").click()
        expect(page.get_by_text("Geslaagd: 100%.")).to_be_visible()  # and so the certificate: one follows it alone
        sound(page)
        page.goto(f"{address}/vorming/mijn/")
        expect(page.get_by_role("link", name="PDF Gegevens delen met zorg")).to_be_visible()
        page = signed_in(COORDINATOR, DESK)
        arrange = f"/vorming/beheer/sessie/{home.session.id}/"
        for path in (f"{arrange}lijst/", f"{arrange}code/"):
            page.goto(address + path)
            sound(page)
        browser.close()
    assert complaints == []
