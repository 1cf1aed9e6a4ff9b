"""A morning of the team lead on a phone: a late task is given away. The rest of it: tests/journeys."""

import re
import threading
from datetime import timedelta

import pytest
from playwright.sync_api import expect, sync_playwright
from werkzeug.serving import make_server

from app.database import db
from app.security.models import utc_now
from app.security.roles import Role
from tenants.cases.tasks import NewTask, add_task
from tests import axe

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def server(app):
    made = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{made.port}"
    made.shutdown()
    thread.join()


def check(page):
    """Nothing for axe, nothing wider than the screen."""
    found = axe.violations(page)
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == [], page.url
    assert axe.fits(page), page.url


def test_a_morning_of_the_team_lead(server, organisation, proceeding, reading, sign_in):
    ocmw = organisation(Role.TEAM_LEAD, Role.SOCIAL_WORKER)
    today = utc_now().date()
    other = proceeding(ocmw, "Peeters", assigned_to=None, received_on=today).case_id
    with reading(ocmw):
        add_task(NewTask("huurcontract opvragen", today - timedelta(days=2), case_id=other))
        db.session.commit()
    worker = ocmw.users[Role.SOCIAL_WORKER].get_full_name()
    cookie = sign_in(ocmw, Role.TEAM_LEAD).get_cookie("woonvast")
    complaints = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        context = browser.new_context(viewport=PHONE, base_url=server, locale="nl-BE")
        context.add_cookies([{"name": "woonvast", "value": cookie.value, "url": server}])
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if "Policy" in line.text else None)

        page.goto("/team/")
        page.get_by_label("Beloofd: huurcontract opvragen").check()
        page.get_by_label("Geven aan").select_option(label=f"{worker} (0 dossiers, 0 punten)")
        check(page)
        page.get_by_role("button", name="Toewijzen").click()
        expect(page.get_by_text(f"1 lijn is nu voor {worker}.")).to_be_visible()
        page.get_by_role("link", name=re.compile("Wijzigen.*huurcontract")).click()
        expect(page.get_by_label("Wat", exact=False).first).to_have_value("huurcontract opvragen")
        browser.close()
    assert complaints == []
