"""The second step: set up, asked for at sign-in, every code once, required by an organisation."""

import re
from datetime import timedelta

import pyotp
import pytest
import time_machine

from app.database import db
from app.security.models import utc_now
from app.security.roles import Role
from tenants.organisations import people
from tests.conftest import PASSWORD


@pytest.fixture
def ocmw(organisation):
    return organisation(Role.SOCIAL_WORKER, Role.TENANT_ADMIN)


@pytest.fixture
def enrolled(ocmw, sign_in, csrf):
    """(key of the app, recovery codes) of the social worker."""
    client = sign_in(ocmw)
    page = client.get("/account/tweede-stap/").text
    key = re.search(r"<code>([A-Z2-7]{32})</code>", page).group(1)
    assert "data:image/svg+xml" in page
    wrong = client.post("/account/tweede-stap/", data={"code": "000000", "csrf_token": csrf(client)})
    assert wrong.status_code == 422
    done = client.post("/account/tweede-stap/", data={"code": pyotp.TOTP(key).now(), "csrf_token": csrf(client)})
    return key, re.findall(r"<code>([0-9a-f]{6}-[0-9a-f]{6})</code>", done.text)


@pytest.fixture
def at_second_step(app, csrf, ocmw):
    def start():
        client = app.test_client()
        name = ocmw.users[Role.SOCIAL_WORKER].username
        data = {"username": name, "password": PASSWORD, "csrf_token": csrf(client)}
        answer = client.post("/login/?next=/dossiers/", data=data)
        assert answer.headers["Location"] == "/login/tweede-stap/"
        assert client.get("/account/").status_code == 302, "the password alone opens nothing"
        return client

    return start


def give(client, csrf, code):
    return client.post("/login/tweede-stap/", data={"code": code, "csrf_token": csrf(client)})


def test_the_code_lets_in_and_works_once(enrolled, at_second_step, csrf):
    key, _codes = enrolled
    later = utc_now() + timedelta(minutes=2)
    with time_machine.travel(later):
        code = pyotp.TOTP(key).now()
        assert give(at_second_step(), csrf, code).headers["Location"] == "/dossiers/"
        assert give(at_second_step(), csrf, code).status_code == 422


def test_a_recovery_code_works_once(enrolled, at_second_step, csrf):
    _key, codes = enrolled
    assert len(codes) == 8
    assert give(at_second_step(), csrf, codes[0]).status_code == 302
    assert give(at_second_step(), csrf, codes[0]).status_code == 422


def test_guessing_codes_is_stopped(enrolled, at_second_step, csrf):
    client = at_second_step()
    assert [give(client, csrf, f"{n:06d}").status_code for n in range(6)] == [422] * 5 + [429]


def test_the_step_must_follow_soon(enrolled, at_second_step, csrf):
    key, _codes = enrolled
    client = at_second_step()
    with time_machine.travel(utc_now() + timedelta(minutes=6)):
        answer = give(client, csrf, pyotp.TOTP(key).now())
        assert answer.headers["Location"] == "/login/"


def test_the_key_is_not_readable_in_the_database(enrolled, app_context):
    from sqlalchemy import text

    for secret in db.session.scalars(text("SELECT secret FROM second_factor")):
        assert enrolled[0].encode() not in bytes(secret)


def test_an_organisation_can_require_it(app, ocmw, csrf):
    with app.app_context(), ocmw.acting(Role.TENANT_ADMIN):
        people.save_settings(first_contact_working_days=3, second_factor_required=True)
        db.session.remove()
    client = app.test_client()
    name = ocmw.users[Role.SOCIAL_WORKER].username
    client.post("/login/", data={"username": name, "password": PASSWORD, "csrf_token": csrf(client)})
    for path in ("/vandaag/", "/dossiers/", "/draaiboek/"):
        assert client.get(path).headers["Location"] == "/account/tweede-stap/"
    page = client.get("/account/tweede-stap/").text
    key = re.search(r"<code>([A-Z2-7]{32})</code>", page).group(1)
    client.post("/account/tweede-stap/", data={"code": pyotp.TOTP(key).now(), "csrf_token": csrf(client)})
    assert client.get("/dossiers/").status_code == 200
