"""An evening at the shelter's door on a phone: two taps, somebody new, a bed given twice, nobody left; axe on each."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from app.security.roles import Role
from tenants.shelter.rules import Season
from tenants.shelter.seasons import save_season, tonight
from tests.browsing import check


@pytest.fixture
def phone(open_page, shelter, sign_in, reading):
    """A page of a phone, signed in as the social worker of a shelter with three beds: (page, organisation)."""
    ocmw = shelter(None)
    with reading(ocmw):
        save_season(None, Season("Winter", tonight() - timedelta(days=10), 3))
    return open_page(sign_in(ocmw, Role.SOCIAL_WORKER)), ocmw


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
