"""From a closed case to a discussion on a phone and by keyboard: axe, nothing wider than the screen, nothing lost."""

from playwright.sync_api import expect

from app.security.roles import Role
from tests import axe
from tests.browsing import become, check
from tests.tenants.intervision.conftest import CLEAN


def press(page, control, key="Enter"):
    control.focus()
    page.keyboard.press(key)


def test_told_checked_released_and_discussed(open_page, server, ocmw, closed_case, sign_in):
    page = open_page(sign_in(ocmw))
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
    become(page, sign_in(ocmw, Role.TEAM_LEAD), server)
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
