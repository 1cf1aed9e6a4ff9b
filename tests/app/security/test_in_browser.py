"""Signing in with a real browser, at a desk and on a phone: the whole way, by keyboard, and axe on each page."""

import re
from datetime import timedelta

import pyotp
import pytest
from playwright.sync_api import expect

from app.security.models import utc_now
from app.security.roles import Role
from tests.browsing import check
from tests.conftest import PASSWORD


@pytest.fixture
def page(open_page):
    return open_page()


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
