"""An organisation's own rules on a phone, by keyboard alone: refused, saved, and back to the standard; axe on each."""

import threading

import pytest
from playwright.sync_api import expect, sync_playwright
from werkzeug.serving import make_server

from app.security.roles import Role
from tests import axe


@pytest.fixture
def phone(app, organisation, sign_in):
    """A page of a phone, signed in as the team lead."""
    ocmw = organisation(Role.TEAM_LEAD)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address, complaints = f"http://127.0.0.1:{server.port}", []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=address)
        cookie = sign_in(ocmw, Role.TEAM_LEAD).get_cookie("woonvast")
        context.add_cookies([{"name": "woonvast", "value": cookie.value, "url": address}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if "Security Policy" in line.text else None)
        yield page
        browser.close()
    server.shutdown()
    thread.join()
    assert complaints == []


def check(page):
    """Nothing for axe, nothing wider than the screen."""
    expect(page.locator("main")).to_be_visible()
    found = axe.violations(page)
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == [], page.url
    assert axe.fits(page), page.url


def tab_to(page, target):
    """Go on with Tab until the focus is there, as somebody without a mouse does."""
    for _press in range(60):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab never came at {target}")


def test_the_team_lead_sets_conditions_without_a_mouse(phone):
    page = phone
    page.goto("/eigen-regels/")
    check(page)
    least = page.get_by_label("Vanaf hoeveel keer de huur?")
    tab_to(page, least)
    page.keyboard.press("Control+A")
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    # A rule of one's own needs its source: what is wrong has the focus, and leads to its field.
    alert = page.get_by_role("alert")
    expect(alert).to_be_focused()
    expect(least).to_have_value("3")
    check(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    source = page.get_by_label("Waar is dit beslist?")
    tab_to(page, source)
    page.keyboard.type("BCSD van 12 maart 2026")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Jouw organisatie wijkt af van de standaard.")).to_be_visible()
    check(page)
    back = page.get_by_role("button", name="Terug naar de standaard")
    tab_to(page, back)
    page.keyboard.press("Enter")
    expect(page.get_by_text("De standaard telt opnieuw.")).to_be_visible()
    expect(least).to_have_value("2")
    points = page.get_by_role("link", name="Punten van de caseload")
    tab_to(page, points)
    page.keyboard.press("Enter")
    page.wait_for_url("**/eigen-regels/gewichten/")
    check(page)
