"""The parts of a page in a real browser, at a desk and on a phone: axe, the keyboard, and what the script adds."""

import re
import threading

import pytest
from playwright.sync_api import expect, sync_playwright
from werkzeug.serving import make_server

from tests import axe

PAGES = ("/alles/", "/alles/formulier", "/alles/lijst", "/nergens")
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
def server(ui_app):
    made = make_server("127.0.0.1", 0, ui_app, threaded=True)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{made.port}"
    made.shutdown()
    thread.join()


@pytest.fixture
def open_page(browser, server):
    """Open a path; what the page complains about (its policy, a script error) fails the test at the end."""
    contexts, complaints = [], []

    def opened(path, viewport=DESK, **options):
        context = browser.new_context(viewport=viewport, base_url=server, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if "Security Policy" in line.text else None)
        page.on("request", lambda sent: sent.url.startswith((server, "data:")) or complaints.append(sent.url))
        page.goto(server + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def test_axe_finds_nothing_and_nothing_sticks_out(open_page):
    page = open_page(PAGES[0])
    for path in PAGES:
        page.goto(path)
        for viewport in (DESK, PHONE):
            page.set_viewport_size(viewport)
            found = axe.violations(page)
            assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == [], (path, viewport)
            assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], path


def test_refused_form_moves_to_what_is_wrong_and_is_accessible(open_page):
    page = open_page("/alles/formulier")
    page.get_by_role("button", name="Dossier maken").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    assert axe.violations(page) == []
    summary.get_by_role("link", name="Naam").click()
    expect(page.locator("#name")).to_be_focused()


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_targets_are_large_enough(open_page, viewport):
    page = open_page("/alles/formulier", viewport)
    for target in page.locator(
        "nav a, nav summary, .who summary, .btn, main input:not([type=hidden]), main select"
    ).all():
        if target.is_visible():
            area = target
            if target.get_attribute("type") in ("checkbox", "radio"):
                area = target.locator("xpath=..")  # the label is the target too
            assert area.bounding_box()["height"] >= 40, target.evaluate("it => it.outerHTML")


def test_keyboard_reaches_the_page_first_and_shows_where_it_is(open_page):
    page = open_page("/alles/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Ga naar de pagina")
    expect(skip).to_be_focused()
    assert skip.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"


def test_account_menu_works_by_keyboard(open_page):
    page = open_page("/alles/")
    menu = page.locator(".who")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    switch = page.get_by_role("button", name="OCMW Bredene")
    expect(switch).to_be_visible()
    assert axe.violations(page) == []
    page.keyboard.press("Escape")
    expect(switch).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()


def test_phone_opens_the_rest_of_the_menu(open_page):
    page = open_page("/alles/", PHONE)
    page.get_by_text("Meer", exact=True).click()
    expect(page.locator(".bar a[href='/draaiboek/']")).to_be_visible()
    assert axe.violations(page) == []
    page.locator("h1").click()
    expect(page.locator(".bar a[href='/draaiboek/']")).to_be_hidden()


def test_dialog_asks_and_does_nothing_when_told_so(open_page):
    page = open_page("/alles/")
    page.get_by_role("button", name="Dossier sluiten").click()
    dialog = page.get_by_role("dialog", name="Dossier sluiten?")
    expect(dialog).to_be_visible()
    assert axe.violations(page) == []
    dialog.get_by_role("button", name="Niets doen").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="Dossier sluiten")).to_be_focused()


def test_unsaved_changes_are_guarded_until_they_are_sent(open_page):
    page = open_page("/alles/formulier")
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


def test_form_is_sent_once_however_often_its_button_is_hit(open_page):
    page = open_page("/alles/formulier")
    page.locator("#name").fill("Vermeulen")
    page.get_by_label("Brief").check()
    posts = []
    page.on("request", lambda sent: posts.append(sent.url) if sent.method == "POST" else None)
    page.get_by_role("button", name="Dossier maken").dblclick()
    expect(page.get_by_text("Bewaard.")).to_be_visible()
    assert len(posts) == 1


def test_silent_person_is_asked_before_being_signed_out(open_page):
    page = open_page("/alles/formulier")
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


def test_list_narrows_while_typing_and_says_how_many(open_page):
    page = open_page("/alles/lijst")
    box = page.get_by_label("Naam of adres")
    box.press_sequentially("haddad")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("#live")).to_have_text("1 dossiers")
    expect(box).to_be_focused()
    expect(page).to_have_url(re.compile("q=haddad"))


def test_list_narrows_without_script_too(open_page):
    page = open_page("/alles/lijst", java_script_enabled=False)
    page.get_by_label("Naam of adres").fill("haddad")
    page.get_by_role("button", name="Tonen").click()
    expect(page.locator("tbody tr")).to_have_count(1)


def test_menus_and_dialog_open_without_script(open_page):
    page = open_page("/alles/", java_script_enabled=False)
    page.locator(".who summary").click()
    expect(page.get_by_role("button", name="OCMW Bredene")).to_be_visible()
