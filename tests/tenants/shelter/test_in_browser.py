"""An evening at the shelter's door on a phone: two taps, somebody new, a bed given twice, nobody left; axe on each."""

import threading
from datetime import timedelta

import pytest
from playwright.sync_api import expect, sync_playwright
from werkzeug.serving import make_server

from app.security.roles import Role
from tenants.shelter.rules import Season
from tenants.shelter.seasons import save_season, tonight
from tests import axe


@pytest.fixture
def phone(app, shelter, sign_in, reading):
    """A page of a phone, signed in as the social worker of a shelter with three beds: (page, organisation)."""
    ocmw = shelter(None)
    with reading(ocmw):
        save_season(None, Season("Winter", tonight() - timedelta(days=10), 3))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.port}"
    complaints = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=address)
        cookie = sign_in(ocmw, Role.SOCIAL_WORKER).get_cookie("woonvast")
        context.add_cookies([{"name": "woonvast", "value": cookie.value, "url": address}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if "Security Policy" in line.text else None)
        yield page, ocmw
        browser.close()
    server.shutdown()
    thread.join()
    assert complaints == []


def check(page):
    """Nothing for axe, nothing wider than the screen."""
    found = axe.violations(page)
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == [], page.url
    assert axe.fits(page), page.url


def test_an_evening_at_the_door(phone, sleeping):
    page, ocmw = phone
    night = tonight()
    sleeping(ocmw, "Lena Maes", 2, night - timedelta(days=1))
    page.goto("/nachtopvang/")
    check(page)
    page.get_by_role("link", name="Bed 3").click()  # the first tap
    check(page)
    page.get_by_role("button", name="Bed 3 geven Lena Maes").click()  # the second
    expect(page.get_by_text("Lena Maes heeft bed 3.")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Een bed geven").press("Enter")
    page.get_by_label("Voornaam").fill("Rik")
    sleeping(ocmw, "An Baert", 1, night)  # at the other desk, meanwhile
    page.get_by_role("button", name="Toevoegen en bed geven").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Bed 1 is net aan An Baert gegeven")
    expect(page.get_by_label("Voornaam")).to_have_value("Rik")
    check(page)
    page.get_by_role("button", name="Toevoegen en bed geven").press("Enter")
    expect(page.get_by_text("Rik heeft bed 2.")).to_be_visible()
    expect(page.get_by_text("Elk bed is bezet")).to_be_visible()
    page.get_by_role("link", name="Weigering noteren").click()
    expect(page.get_by_label("Geen bed vrij")).to_be_checked()
    check(page)
    page.get_by_role("button", name="Bewaren").press("Enter")
    expect(page.get_by_text("1 persoon is geweigerd")).to_be_visible()
    page.get_by_role("button", name="Vertrokken Rik").press("Enter")
    expect(page.get_by_role("button", name="Terug Rik")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Cijfers", exact=True).first.click()
    check(page)
