"""The parts of a page in a real browser, at a desk and on a phone: axe, the keyboard, and what the script adds."""

import re

import pytest
from playwright.sync_api import expect

from tests import axe
from tests.browsing import DESK, PHONE, check, served

PAGES = ("/alles/", "/alles/formulier", "/alles/lijst", "/nergens")


@pytest.fixture
def server(ui_app):
    with served(ui_app) as address:
        yield address


@pytest.fixture
def show(open_page):
    """Open a path at a desk."""

    def shown(path, viewport=DESK, **options):
        page = open_page(None, viewport, **options)
        page.goto(path)
        return page

    return shown


def test_axe_finds_nothing_and_nothing_sticks_out(show):
    page = show(PAGES[0])
    for path in PAGES:
        page.goto(path)
        for viewport in (DESK, PHONE):
            page.set_viewport_size(viewport)
            check(page)


def test_refused_form_moves_to_what_is_wrong_and_is_accessible(show):
    page = show("/alles/formulier")
    page.get_by_role("button", name="Dossier maken").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    assert axe.violations(page) == []
    summary.get_by_role("link", name="Naam").click()
    expect(page.locator("#name")).to_be_focused()


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_targets_are_large_enough(show, viewport):
    page = show("/alles/formulier", viewport)
    for target in page.locator(
        "nav a, nav summary, .who summary, .btn, main input:not([type=hidden]), main select"
    ).all():
        if target.is_visible():
            area = target
            if target.get_attribute("type") in ("checkbox", "radio"):
                area = target.locator("xpath=..")  # the label is the target too
            assert area.bounding_box()["height"] >= 40, target.evaluate("it => it.outerHTML")


def test_keyboard_reaches_the_page_first_and_shows_where_it_is(show):
    page = show("/alles/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Ga naar de pagina")
    expect(skip).to_be_focused()
    assert skip.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"


def test_account_menu_works_by_keyboard(show):
    page = show("/alles/")
    menu = page.locator(".who")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    switch = page.get_by_role("button", name="OCMW Bredene")
    expect(switch).to_be_visible()
    assert axe.violations(page) == []
    page.keyboard.press("Escape")
    expect(switch).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()


def test_phone_opens_the_rest_of_the_menu(show):
    page = show("/alles/", PHONE)
    page.get_by_text("Meer", exact=True).click()
    expect(page.locator(".bar a[href='/draaiboek/']")).to_be_visible()
    assert axe.violations(page) == []
    page.locator("h1").click()
    expect(page.locator(".bar a[href='/draaiboek/']")).to_be_hidden()


def test_dialog_asks_and_does_nothing_when_told_so(show):
    page = show("/alles/")
    page.get_by_role("button", name="Dossier sluiten").click()
    dialog = page.get_by_role("dialog", name="Dossier sluiten?")
    expect(dialog).to_be_visible()
    assert axe.violations(page) == []
    dialog.get_by_role("button", name="Niets doen").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="Dossier sluiten")).to_be_focused()


def test_unsaved_changes_are_guarded_until_they_are_sent(show):
    page = show("/alles/formulier")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.locator("#name").fill("Vermeulen")
    page.get_by_role("link", name="Annuleren").click()
    expect(page).to_have_url(page.url)
    assert asked == ["beforeunload"]
    page.get_by_label("Brief").check()
    page.get_by_role("button", name="Dossier maken").click()
    expect(page.get_by_text("Bewaard.")).to_be_visible()
    assert asked == ["beforeunload"]


def test_form_is_sent_once_however_often_its_button_is_hit(show):
    page = show("/alles/formulier")
    page.locator("#name").fill("Vermeulen")
    page.get_by_label("Brief").check()
    posts = []
    page.on("request", lambda sent: posts.append(sent.url) if sent.method == "POST" else None)
    page.get_by_role("button", name="Dossier maken").dblclick()
    expect(page.get_by_text("Bewaard.")).to_be_visible()
    assert len(posts) == 1


def test_silent_person_is_asked_before_being_signed_out(show):
    page = show("/alles/formulier")
    page.clock.install()
    page.reload()
    page.clock.fast_forward("27:00")
    dialog = page.get_by_role("dialog", name="Ben je er nog?")
    expect(dialog).to_be_hidden()
    page.clock.fast_forward("01:30")
    expect(dialog).to_be_visible()
    assert axe.violations(page) == []
    with page.expect_response("**/aanwezig") as answer:
        dialog.get_by_role("button", name="Ik ben er nog").click()
    assert answer.value.status == 204
    expect(dialog).to_be_hidden()


def test_list_narrows_while_typing_and_says_how_many(show):
    page = show("/alles/lijst")
    box = page.get_by_label("Naam of adres")
    box.press_sequentially("haddad")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("#live")).to_have_text("1 dossiers")
    expect(box).to_be_focused()
    expect(page).to_have_url(re.compile("q=haddad"))


def test_list_narrows_without_script_too(show):
    page = show("/alles/lijst", java_script_enabled=False)
    page.get_by_label("Naam of adres").fill("haddad")
    page.get_by_role("button", name="Tonen").click()
    expect(page.locator("tbody tr")).to_have_count(1)


def test_menus_and_dialog_open_without_script(show):
    page = show("/alles/", java_script_enabled=False)
    page.locator(".who summary").click()
    expect(page.get_by_role("button", name="OCMW Bredene")).to_be_visible()
