"""From a closed case to a discussion on a phone and by keyboard: axe, nothing wider than the screen, nothing lost."""

import threading

import pytest
from playwright.sync_api import expect, sync_playwright
from werkzeug.serving import make_server

from app.security.roles import Role
from tests import axe
from tests.tenants.intervision.conftest import CLEAN

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def page(app, ocmw):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    base = f"http://127.0.0.1:{server.port}"
    complaints = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        context = browser.new_context(viewport=PHONE, base_url=base, locale="nl-BE")
        made = context.new_page()
        made.set_default_timeout(30_000)
        made.on("pageerror", lambda error: complaints.append(str(error)))
        made.on("console", lambda line: complaints.append(line.text) if "Policy" in line.text else None)
        made.base = base
        yield made
        browser.close()
    server.shutdown()
    thread.join()
    assert complaints == []


def check(page):
    """Nothing for axe, nothing wider than the screen."""
    found = axe.violations(page)
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == [], page.url
    assert axe.fits(page), page.url


def press(page, control, key="Enter"):
    control.focus()
    page.keyboard.press(key)


def be(page, client):
    """Go on as this person."""
    page.context.clear_cookies()
    page.context.add_cookies([{"name": "woonvast", "value": client.get_cookie("woonvast").value, "url": page.base}])


def test_told_checked_released_and_discussed(page, ocmw, closed_case, sign_in):
    be(page, sign_in(ocmw))
    page.goto(f"/dossiers/{closed_case(ocmw)}/")
    press(page, page.get_by_role("link", name="Bespreken met collega's"))
    page.get_by_label("Het verhaal in één zin").fill(CLEAN["title"])
    page.get_by_label("Het gezin, in algemene woorden").fill(CLEAN["household"])
    page.get_by_label("De vraag aan collega's").fill(CLEAN["question"])
    page.get_by_label("Wat al geprobeerd is").focus()
    page.keyboard.insert_text("Op 12 maart zat Vermeulen op een bank van Barco.")
    expect(page.locator("#kept")).to_contain_text("Bewaard om")  # without a button
    assert axe.fits(page)
    press(page, page.get_by_role("button", name="Bewaren en nakijken"))
    expect(page.get_by_role("heading", name="Dit moet weg")).to_be_visible()
    check(page)
    press(page, page.get_by_role("button", name="Doorgeven om na te lezen"))
    expect(page.get_by_role("alert")).to_contain_text("‘Vermeulen’")
    press(page, page.get_by_role("button", name="Alles vervangen"))
    expect(page.get_by_role("heading", name="Dit moet weg")).not_to_be_visible()
    press(page, page.get_by_label("Wijst niemand aan: Barco"), "Space")
    press(page, page.get_by_role("button", name="Doorgeven om na te lezen"))
    expect(page.get_by_text("In het voorjaar zat [de huurder] op een bank van")).to_be_visible()
    be(page, sign_in(ocmw, Role.TEAM_LEAD))
    page.reload()
    press(page, page.get_by_label("Ik las alles."), "Space")
    check(page)
    press(page, page.get_by_role("button", name="Vrijgeven voor het netwerk"))
    press(page, page.get_by_role("link", name="Naar de bespreking"))
    page.get_by_label("Je vraag, ervaring of idee").focus()
    page.keyboard.insert_text("Wij gaan met twee.")
    press(page, page.get_by_role("button", name="Opmerking plaatsen"))
    expect(page.get_by_text("Wij gaan met twee.")).to_be_visible()
    check(page)
