"""The reporting point in a real browser: at a desk, and without a script. The whole way on a phone: tests/journeys."""

import threading
from datetime import timedelta

import pytest
from playwright.sync_api import expect, sync_playwright
from sqlalchemy import select
from werkzeug.serving import make_server

from app.database import db
from app.security.models import utc_now
from app.security.roles import Role
from tenants.intake import gate
from tenants.intake.models import Report, ReportSlip
from tests import axe

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        yield started
        started.close()


@pytest.fixture
def server(app):
    made = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{made.port}"
    made.shutdown()
    thread.join()


@pytest.fixture
def open_page(browser, server, sign_in):
    """Open a path, as a stranger or as (organisation, role); complaints of the page fail the test at the end."""
    contexts, complaints = [], []

    def opened(path, viewport=DESK, who=None, **options):
        context = browser.new_context(viewport=viewport, base_url=server, **options)
        contexts.append(context)
        if who:
            cookie = sign_in(*who).get_cookie("woonvast")
            context.add_cookies([{"name": "woonvast", "value": cookie.value, "url": server}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if "Security Policy" in line.text else None)
        page.on("request", lambda sent: sent.url.startswith((server, "data:")) or complaints.append(sent.url))
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def check(page):
    """Nothing wider than the screen. For axe, the keyboard and a phone: tests/journeys."""
    assert axe.fits(page), page.url


def later(time_machine, seconds):
    """The server's clock that many seconds further, up to the test's end: nobody is really waited for."""
    time_machine.move_to(utc_now() + timedelta(seconds=seconds))


def fill_in(page, check=lambda page: None):
    """All three steps, up to the summary."""
    page.get_by_label("Je achternaam").fill("Feys")
    page.get_by_label("Je telefoonnummer").fill("056 12 34 56")
    check(page)
    page.get_by_role("button", name="Volgende").click()
    page.get_by_label("Achternaam van de huurder").fill("Vermeulen")
    page.get_by_label("Straat").fill("Budastraat")
    page.get_by_label("Nummer", exact=True).fill("12")
    page.get_by_label("Postcode").fill("8500")
    page.get_by_label("Gemeente").fill("Kortrijk")
    check(page)
    page.get_by_role("button", name="Volgende").click()
    page.get_by_label("Huurachterstal").check()
    page.get_by_label("Achterstal in maanden").fill("3")
    page.get_by_label("Nee, liever niet").check()
    check(page)
    page.get_by_role("button", name="Volgende").click()


def test_from_the_door_to_the_receipt(open_page, region, time_machine):
    page = open_page(f"/meldpunt/{region.slug}/")
    check(page)
    page.get_by_role("link", name="Melden als verhuurder").click()
    page.get_by_role("button", name="Volgende").click()
    expect(page.get_by_role("alert")).to_be_focused()
    check(page)
    fill_in(page, check)
    expect(page.get_by_text("Je melding gaat naar OCMW Kortrijk")).to_be_visible()
    expect(page.get_by_label("Hoeveel is")).to_be_hidden()
    check(page)
    later(time_machine, gate.SECONDS)
    page.get_by_role("button", name="Versturen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bedankt voor je melding")
    check(page)
    reference, code = (page.locator("#receipt dd").nth(n).inner_text() for n in (0, 1))
    with page.expect_download() as download:
        page.get_by_role("button", name="Bewaren als pdf").click()
    assert download.value.suggested_filename == f"{reference}.pdf"
    page.goto("/meldpunt/opvolgen/")
    check(page)
    page.get_by_label("Referentienummer").fill(reference)
    page.get_by_label("Code", exact=True).fill(code)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(reference)
    check(page)
    page.get_by_label("Wat wil je toevoegen?").fill("Hij betaalde 200 euro.")
    page.get_by_role("button", name="Toevoegen").click()
    expect(page.get_by_text("aan je melding toegevoegd")).to_be_visible()
    check(page)


def test_without_script_a_sum_and_patience_do(open_page, region, time_machine):
    page = open_page(f"/meldpunt/{region.slug}/verhuurder/", PHONE, java_script_enabled=False)
    fill_in(page)
    one, other = gate.question(page.locator("input[name=start]").get_attribute("value"))
    page.get_by_label("Hoeveel is").fill(str(one + other))
    page.get_by_role("button", name="Versturen").click()
    expect(page.get_by_text("Dat ging heel snel")).to_be_visible()
    page.get_by_label("Hoeveel is").fill(str(one + other))
    later(time_machine, gate.SECONDS_WITHOUT_PROOF)
    page.keyboard.press("Enter")  # sends, though buttons to change something come before the one to send
    expect(page.get_by_role("heading", level=1)).to_have_text("Bedankt voor je melding")


def test_the_pages_of_who_handles_reports(open_page, region, reported, reading):
    worker, coordinator = (region.kortrijk, Role.SOCIAL_WORKER), (region.kortrijk, Role.REGIONAL_COORDINATOR)
    check(open_page("/meldingen/", DESK, worker))
    reported()
    reported()
    held = reported(postcode="9000", municipality="Gent")
    with reading(region.kortrijk):
        report = db.session.scalar(select(Report.id))
        slip = db.session.scalar(select(ReportSlip.id).where(ReportSlip.reference == held.reference))
    check(open_page("/meldingen/", DESK, worker))
    page = open_page(f"/meldingen/{report}/", DESK, worker)
    check(page)
    page.get_by_role("button", name="Melding afsluiten").click()
    check(page)
    page = open_page("/meldingen/netwerk/", DESK, coordinator)
    check(page)
    page.goto(f"/meldingen/netwerk/{slip}/")
    check(page)
    page.get_by_role("button", name="Melding afsluiten").click()
    check(page)
