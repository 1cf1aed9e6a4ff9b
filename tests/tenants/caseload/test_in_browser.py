"""An organisation's own rules on a phone, by keyboard alone: refused, saved, and back to the standard; axe on each."""

import pytest
from playwright.sync_api import expect

from app.security.roles import Role
from tests.browsing import check


@pytest.fixture
def phone(open_page, organisation, sign_in):
    """A page of a phone, signed in as the team lead."""
    return open_page(sign_in(organisation(Role.TEAM_LEAD), Role.TEAM_LEAD))


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
