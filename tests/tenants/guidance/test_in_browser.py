"""From the first piste to aftercare on a phone: axe, the keyboard, nothing wider than the screen."""

import threading

import pytest
from playwright.sync_api import expect, sync_playwright
from werkzeug.serving import make_server

from tests import axe

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def on_tuesday():
    """The browser keeps its own time, so the server keeps the real one."""
    return None


@pytest.fixture
def page(app, ocmw, sign_in):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    base = f"http://127.0.0.1:{server.port}"
    complaints = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        context = browser.new_context(viewport=PHONE, base_url=base, locale="nl-BE")
        cookie = sign_in(ocmw).get_cookie("woonvast")
        context.add_cookies([{"name": "woonvast", "value": cookie.value, "url": base}])
        made = context.new_page()
        made.set_default_timeout(30_000)
        made.on("pageerror", lambda error: complaints.append(str(error)))
        made.on("console", lambda line: complaints.append(line.text) if "Policy" in line.text else None)
        yield made
        browser.close()
    server.shutdown()
    thread.join()
    assert complaints == []


def check(page):
    """Nothing for axe, nothing wider than the screen."""
    found = axe.violations(page)
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url


def test_from_the_first_piste_to_the_closing(page, make_case):
    case_id = make_case()
    page.goto(f"/dossiers/{case_id}/")
    pistes = page.locator("#pistes")
    link = pistes.get_by_role("link", name="Bemiddeling of verzoening")
    link.focus()
    page.keyboard.press("Enter")
    expect(pistes.get_by_role("heading", level=3)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")  # the first answer: explored
    expect(pistes.get_by_label("Verkend")).to_be_checked()
    pistes.get_by_label("Gaf resultaat").check()
    pistes.get_by_role("button", name="Bewaren").click()
    expect(pistes.get_by_role("alert")).to_be_focused()
    check(page)
    pistes.get_by_label("Bemiddeling met de verhuurder").check()
    pistes.get_by_label("Resultaat, of waarom niet").fill("De verhuurder wacht tot de zitting")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(pistes.get_by_text("1 van 5 bekeken").first).to_be_visible()
    expect(pistes.get_by_role("link", name="Bemiddeling of verzoening")).to_be_focused()
    page.get_by_role("link", name="Procedure overwegen").click()
    page.locator("#fbu summary").click()
    check(page)
    page.locator("#fbu").get_by_role("button", name="Overwegen").click()
    signs = page.locator("#voorwaarden li", has_text="De verhuurder tekent de overeenkomst mee")
    signs.get_by_role("link", name="Antwoorden").click()
    check(page)
    page.get_by_label("Nee").check()
    page.get_by_label("Notitie").fill("Wil verkopen")
    page.get_by_role("button", name="Bewaren").click()
    expect(page.get_by_text("Zoals het dossier nu is, kan dit niet beginnen.")).to_be_visible()
    check(page)
    page.get_by_label("De verhuurder tekent de overeenkomst mee").check()
    page.get_by_label("Waarom, zoals je het aan het gezin vertelt").fill("De verhuurder tekent niet mee")
    page.get_by_role("button", name="Deze procedure weigeren").click()
    expect(page.get_by_text("Geweigerd. Niet voldaan: De verhuurder tekent de overeenkomst mee.")).to_be_visible()
    page.goto(f"/dossiers/{case_id}/sluiten")
    expect(page.get_by_text("Piste nog niet bekeken: Rechten en inkomen.")).to_be_visible()
    page.get_by_label("Waar ze nu wonen").select_option("stayed")
    page.get_by_label("De uithuiszetting", exact=True).select_option("avoided")
    page.get_by_label("Bemiddeling met de verhuurder").check()
    page.get_by_label("Waarom dit zo blijft").fill("Het gezin wilde niet meer")
    check(page)
    page.get_by_role("button", name="Dossier afsluiten").click()
    nazorg = page.locator("#nazorg")
    expect(nazorg.get_by_text("Na 12 maanden", exact=True)).to_be_visible()
    check(page)
    nazorg.get_by_role("link", name="Invullen").first.click()
    check(page)
    page.get_by_label("Met het gezin gesproken").check()
    page.get_by_label("Ja, nog altijd").check()
    page.get_by_role("button", name="Bewaren").click()
    page.wait_for_url("**/vandaag/")
