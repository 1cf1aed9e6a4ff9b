"""The reporting point in a real browser: at a desk, and without a script. The whole way on a phone: tests/journeys."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.database import db
from app.security.models import utc_now
from app.security.roles import Role
from tenants.intake import gate
from tenants.intake.models import Report, ReportSlip
from tests import axe
from tests.browsing import DESK, PHONE


@pytest.fixture
def show(open_page, sign_in):
    """Open a path, as a stranger or as (organisation, role)."""

    def shown(path, viewport=DESK, who=None, **options):
        page = open_page(sign_in(*who) if who else None, viewport, **options)
        page.goto(path)
        return page

    return shown


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


def test_from_the_door_to_the_receipt(show, region, time_machine):
    page = show(f"/meldpunt/{region.slug}/")
    check(page)
    page.get_by_role("link", name="Melden als verhuurder").click()
    page.get_by_role("button", name="Volgende").click()
    expect(page.get_by_role("alert")).to_be_focused()
    check(page)
    fill_in(page, check)
    for _ in range(2):  # the browser's own Back and Forward: no question, and nothing is lost
        page.go_back()
    expect(page.get_by_label("Straat")).to_have_value("Budastraat")
    page.get_by_label("Straat").fill("Budastraat 😀")
    page.go_back()
    expect(page.get_by_label("Je achternaam")).to_have_value("Feys")
    page.go_forward()
    expect(page.get_by_label("Straat")).to_have_value("Budastraat 😀")
    for _ in range(2):
        page.go_forward()
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


def test_without_script_a_sum_and_patience_do(show, region, time_machine):
    page = show(f"/meldpunt/{region.slug}/verhuurder/", PHONE, java_script_enabled=False)
    fill_in(page)
    one, other = gate.question(page.locator("input[name=start]").get_attribute("value"))
    page.get_by_label("Hoeveel is").fill(str(one + other))
    page.get_by_role("button", name="Versturen").click()
    expect(page.get_by_text("Dat ging heel snel")).to_be_visible()
    page.get_by_label("Hoeveel is").fill(str(one + other))
    later(time_machine, gate.SECONDS_WITHOUT_PROOF)
    page.keyboard.press("Enter")  # sends, though buttons to change something come before the one to send
    expect(page.get_by_role("heading", level=1)).to_have_text("Bedankt voor je melding")


def test_the_pages_of_who_handles_reports(show, region, reported, reading):
    worker, coordinator = (region.kortrijk, Role.SOCIAL_WORKER), (region.kortrijk, Role.REGIONAL_COORDINATOR)
    check(show("/meldingen/", DESK, worker))
    reported()
    reported()
    held = reported(postcode="9000", municipality="Gent")
    with reading(region.kortrijk):
        report = db.session.scalar(select(Report.id))
        slip = db.session.scalar(select(ReportSlip.id).where(ReportSlip.reference == held.reference))
    check(show("/meldingen/", DESK, worker))
    page = show(f"/meldingen/{report}/", DESK, worker)
    check(page)
    page.get_by_role("button", name="Melding afsluiten").click()
    check(page)
    page = show("/meldingen/netwerk/", DESK, coordinator)
    check(page)
    page.goto(f"/meldingen/netwerk/{slip}/")
    check(page)
    page.get_by_role("button", name="Melding afsluiten").click()
    check(page)
