"""Following a scenario on a phone: axe, the keyboard, nothing wider than the screen."""

from playwright.sync_api import expect

from tests.browsing import check


def test_from_the_picture_to_a_skipped_step(open_page, sign_in, ocmw, proceeding):
    made = proceeding(ocmw)
    page = open_page(sign_in(ocmw))
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
