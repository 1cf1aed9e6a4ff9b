"""Signing in with a real browser, at a desk and on a phone: the whole way, by keyboard, and axe on each page."""

import re
import threading
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from playwright.sync_api import expect, sync_playwright
from werkzeug.serving import make_server

from app.factory import create_app
from app.security.models import utc_now
from app.security.roles import Role
from tests import axe
from tests.conftest import PASSWORD

PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def server(settings):
    portal = create_app(replace(settings, secure_cookies=False))
    portal.config.update(PASSWORD_COST=(1, 8, 1))
    made = make_server("127.0.0.1", 0, portal, threaded=True)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{made.port}"
    made.shutdown()
    thread.join()


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        yield started
        started.close()


@pytest.fixture
def page(browser, server):
    """A page whose complaints (its policy, a script error, a foreign address) fail the test at its end."""
    context, complaints = browser.new_context(viewport=PHONE, base_url=server), []
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if "Security Policy" in line.text else None)
    page.on("request", lambda sent: sent.url.startswith((server, "data:")) or complaints.append(sent.url))
    yield page
    context.close()
    assert complaints == []


def check(page):
    """Nothing for axe, nothing wider than the screen."""
    assert axe.fits(page), page.url
    if page.viewport_size == PHONE:  # the same elements, closer together; tests/app/ui looks at the desk's frame
        found = axe.violations(page)
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == [], page.url


def type_in(page, *words):
    """By keyboard alone: the first field gets the focus by itself."""
    expect(page.locator("input:focus")).to_have_count(1)
    for number, word in enumerate(words):
        if number:
            page.keyboard.press("Tab")
        page.keyboard.type(word)
    page.keyboard.press("Enter")


def test_from_a_wrong_password_to_the_second_step(page, organisation):
    person = organisation(Role.SOCIAL_WORKER).users[Role.SOCIAL_WORKER]
    page.goto("/account/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Aanmelden")
    check(page)
    type_in(page, person.username, "niet juist")
    expect(page.get_by_role("alert")).to_be_focused()
    check(page)
    page.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(person.get_full_name())
    check(page)

    page.get_by_role("link", name="Tweede stap instellen").click()
    check(page)
    key = page.locator("code").inner_text().replace(" ", "")
    page.get_by_label("Code", exact=True).fill(pyotp.TOTP(key).now())
    page.keyboard.press("Enter")
    expect(page.locator("li code")).to_have_count(8)
    check(page)

    page.goto("/account/")
    page.locator("details.who summary").click()
    page.get_by_role("button", name="Afmelden", exact=True).click()
    expect(page.get_by_text("Je bent afgemeld")).to_be_visible()
    type_in(page, person.username, PASSWORD)
    expect(page.get_by_label("Code", exact=True)).to_be_focused()
    check(page)
    type_in(page, pyotp.TOTP(key).at(utc_now() + timedelta(seconds=30)))
    page.wait_for_url(re.compile("/vandaag/$"))


def test_the_pages_of_a_forgotten_password(page, app, organisation):
    from app.database import db
    from app.security import passwords

    person = organisation(Role.SOCIAL_WORKER).users[Role.SOCIAL_WORKER]
    page.goto("/login/")
    page.get_by_role("link", name="Wachtwoord vergeten?").click()
    page.wait_for_url(lambda url: "/login" not in url)
    check(page)
    type_in(page, person.email)
    expect(page.get_by_role("heading", level=1)).to_have_text("Kijk in je mailbox")
    check(page)
    with app.app_context():
        token = passwords.make_link_token(person)
        db.session.remove()
    page.goto(f"/wachtwoord/nieuw/{token}/")
    check(page)
    type_in(page, "kort", "kort")
    expect(page.get_by_role("alert")).to_be_visible()
    check(page)
    page.get_by_label("Nieuw wachtwoord").fill("paraplu onder de brug")
    page.get_by_label("Nog eens hetzelfde").fill("paraplu onder de brug")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Aanmelden")
    page.goto(f"/wachtwoord/nieuw/{token}/")
    expect(page.get_by_role("link", name="Nieuwe link vragen")).to_be_visible()
    check(page)
