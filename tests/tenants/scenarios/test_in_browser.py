"""Following a scenario on a phone: axe, the keyboard, nothing wider than the screen."""

import threading

import pytest
from playwright.sync_api import expect, sync_playwright
from werkzeug.serving import make_server

from tests import axe

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def page(app, ocmw, sign_in):
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
        cookie = sign_in(ocmw).get_cookie("woonvast")
        context.add_cookies([{"name": "woonvast", "value": cookie.value, "url": base}])
        made = context.new_page()
        made.set_default_timeout(30_000)
        made.on("pageerror", lambda error: complaints.append(str(error)))
        made.on("console", lambda line: complaints.append(line.text) if "Policy" in line.text else None)
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


def test_from_the_picture_to_a_skipped_step(page, ocmw, proceeding):
    made = proceeding(ocmw)
    page.goto(f"/draaiboek/scenario/{ocmw.slug}/")
    expect(page.get_by_role("img", name="Wie is wanneer aan zet: Van verzoekschrift tot zitting")).to_be_visible()
    check(page)
    page.goto(f"/dossiers/{made.case_id}/")
    panel = page.locator("#scenario")
    panel.get_by_label("Een scenario volgen").select_option(label="Van verzoekschrift tot zitting")
    panel.get_by_role("button", name="Volgen").click()
    expect(panel.get_by_text("Wacht op: Maatschappelijk werker van het OCMW")).to_be_visible()
    panel.get_by_text("Nog 3 stappen daarna").focus()
    page.keyboard.press("Enter")
    check(page)
    panel.get_by_role("button", name="Contact zoeken").click()
    expect(panel.get_by_text("Wacht op: Verhuurder")).to_be_visible()
    panel.get_by_role("link", name="Antwoorden op ons voorstel").click()
    page.get_by_label("De partner kon of wilde niet").check()
    check(page)
    page.get_by_role("button", name="Overslaan").click()
    expect(panel.get_by_text("2 van 4 stappen afgehandeld")).to_be_visible()
    panel.get_by_role("link", name="Van verzoekschrift tot zitting").click()
    check(page)
