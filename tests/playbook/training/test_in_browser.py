"""Training on a phone and at a desk, in a real browser: take a place by keyboard, do the quiz; axe finds nothing."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from app import tenancy
from app.database import db
from app.security.models import utc_now
from app.security.roles import Role
from playbook.training import demo, enrolling, sessions
from playbook.training.sessions import NewSession
from tests.browsing import DESK, check

WORKER, LEAD, COORDINATOR = Role.SOCIAL_WORKER, Role.TEAM_LEAD, Role.REGIONAL_COORDINATOR


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


def test_a_place_and_a_quiz_by_keyboard(home, open_page, sign_in):
    session, quiz = f"/vorming/sessie/{home.session.id}/", "/vorming/cursus/gegevens-delen-met-zorg/toets/"
    page = open_page(sign_in(home, WORKER))
    for path in ("/vorming/", "/vorming/cursus/van-verzoekschrift-tot-zitting/"):
        page.goto(path)
        check(page)
    page.goto(session)
    page.get_by_role("button", name="Zet me op de wachtlijst").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Je staat op nummer 1 van de wachtlijst.")).to_be_visible()
    check(page)
    page.goto(quiz)
    for label in ("Hetzelfde doel", "Je cliënt weet het", "De ander is door beroepsgeheim", "Alleen wie er onder"):
        page.get_by_label(label).focus()
        page.keyboard.press("Space")
    page.get_by_role("button", name="Indienen").click()
    expect(page.get_by_text("Geslaagd: 100%.")).to_be_visible()  # and so the certificate: one follows it alone
    check(page)
    page.goto("/vorming/mijn/")
    expect(page.get_by_role("link", name="PDF Gegevens delen met zorg")).to_be_visible()
    page = open_page(sign_in(home, COORDINATOR), DESK)
    arrange = f"/vorming/beheer/sessie/{home.session.id}/"
    for path in (f"{arrange}lijst/", f"{arrange}code/"):
        page.goto(path)
        check(page)
