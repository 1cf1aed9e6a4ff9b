"""Guiding together in a real browser: the CAW logs an attempt on a phone, the OCMW reads who did it."""

import threading

import pytest
from playwright.sync_api import expect, sync_playwright
from werkzeug.serving import make_server

from tests import axe

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@pytest.fixture
def open_page(app, sign_in):
    """Open a path as an organisation's worker; complaints of the page fail the test at the end."""
    complaints = []
    made = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    server = f"http://127.0.0.1:{made.port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )

        def opened(path, viewport, organisation):
            context = browser.new_context(viewport=viewport, base_url=server)
            cookie = sign_in(organisation).get_cookie("woonvast")
            context.add_cookies([{"name": "woonvast", "value": cookie.value, "url": server}])
            page = context.new_page()
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda line: complaints.append(line.text) if "Security Policy" in line.text else None)
            page.goto(path)
            return page

        yield opened
        browser.close()
    made.shutdown()
    thread.join()
    assert complaints == []


def check(page):
    """Nothing for axe, nothing wider than the screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
    found = axe.violations(page)
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == [], page.url


def test_a_guest_logs_an_attempt_on_a_phone_and_the_owner_reads_whose_it_is(duo, open_page):
    made = duo()
    phone = open_page("/gedeeld/", PHONE, made.caw)
    check(phone)
    phone.get_by_role("main").get_by_role("link", name="Vermeulen", exact=False).first.click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Vermeulen")
    check(phone)
    phone.get_by_role("link", name="Poging noteren").click()
    phone.get_by_label("Huisbezoek").check()
    phone.get_by_label("Bereikt", exact=True).check()
    phone.locator("#note").fill("Samen aan tafel gezeten")
    phone.get_by_role("button", name="Bewaren").click()
    expect(phone.locator("#verloop")).to_contain_text("Samen aan tafel gezeten")

    desk = open_page(f"/dossiers/{made.case_id}/", DESK, made.ocmw)
    entry = desk.locator("#verloop li", has_text="Samen aan tafel gezeten")
    expect(entry).to_contain_text("CAW Proef")
    desk.get_by_role("link", name="Stoppen met delen").click()
    check(desk)
    desk.get_by_label("Waarom").fill("De begeleiding is rond")
    desk.get_by_role("button", name="Stoppen met delen").click()
    phone.reload()
    expect(phone.get_by_role("heading", level=1)).to_have_text("De samenwerking is afgelopen")
    check(phone)
