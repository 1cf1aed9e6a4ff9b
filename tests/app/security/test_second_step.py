"""The second step: set up, asked for at sign-in, every code once, required by an organisation."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
import time_machine
from flask_appbuilder.security.sqla.models import User

from app.audit import service as audit
from app.crypto import keyring
from app.database import db
from app.security import passwords, second_factor
from app.security.models import utc_now
from app.security.roles import Role
from tenants.organisations import people, service
from tests.conftest import PASSWORD


@pytest.fixture
def ocmw(organisation):
    return organisation(Role.SOCIAL_WORKER, Role.TENANT_ADMIN)


def key_on(page):
    """The key that the page of enrolling shows, as the app would have it."""
    return re.search(r"<code>((?:[A-Z2-7]{4} ?){8})</code>", page).group(1).replace(" ", "")


@pytest.fixture
def enrolled(ocmw, sign_in, csrf):
    """(key of the app, recovery codes) of the social worker."""
    client = sign_in(ocmw)
    page = client.get("/account/tweede-stap/").text
    key = key_on(page)
    assert "data:image/svg+xml" in page
    wrong = client.post("/account/tweede-stap/", data={"code": "000000", "csrf_token": csrf(client)})
    assert wrong.status_code == 422
    done = client.post("/account/tweede-stap/", data={"code": pyotp.TOTP(key).now(), "csrf_token": csrf(client)})
    return key, re.findall(r"<code>((?:[0-9a-f]{4}-){4}[0-9a-f]{4})</code>", done.text)


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
    key = key_on(page)
    client.post("/account/tweede-stap/", data={"code": pyotp.TOTP(key).now(), "csrf_token": csrf(client)})
    assert client.get("/dossiers/").status_code == 200


def test_what_is_no_code_is_refused_plainly(enrolled, at_second_step, csrf):
    client = at_second_step()
    for code in ("", "１２３４５６", "é", "12 34", "x" * 41):
        assert give(client, csrf, code).status_code == 422


def test_one_code_lets_in_one_of_two_at_the_same_moment(app, ocmw, enrolled):
    key, _codes = enrolled
    user_id = ocmw.users[Role.SOCIAL_WORKER].id
    code = pyotp.TOTP(key).at(utc_now() + timedelta(seconds=30))

    def attempt(_turn):
        with app.app_context():
            right = second_factor.pass_step(user_id, code, "10.0.0.1")
            db.session.remove()
            return right

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, range(2))) == [False, True]


def test_a_new_password_ends_a_sign_in_that_is_half_done(app, ocmw, enrolled, at_second_step, csrf):
    key, _codes = enrolled
    client = at_second_step()
    with app.app_context():
        passwords.set_password(db.session.get(User, ocmw.users[Role.SOCIAL_WORKER].id), "een heel ander woord")
        db.session.remove()
    code = pyotp.TOTP(key).at(utc_now() + timedelta(seconds=30))
    assert give(client, csrf, code).headers["Location"] == "/login/"


def test_setting_it_up_ends_the_sessions_that_a_password_alone_opened(ocmw, sign_in, csrf):
    here, elsewhere = sign_in(ocmw), sign_in(ocmw)
    key = key_on(here.get("/account/tweede-stap/").text)
    here.post("/account/tweede-stap/", data={"code": pyotp.TOTP(key).now(), "csrf_token": csrf(here)})
    assert here.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302


def test_its_owner_takes_it_away_with_a_code(ocmw, enrolled, sign_in, csrf):
    _key, codes = enrolled
    client = sign_in(ocmw)
    path = "/account/tweede-stap/weg/"
    assert client.get(path).status_code == 200
    assert client.post(path, data={"code": "000000", "csrf_token": csrf(client)}).status_code == 422
    assert client.post(path, data={"code": codes[3], "csrf_token": csrf(client)}).status_code == 302
    assert client.get("/account/tweede-stap/").status_code == 200, "it can be set up again"


def test_the_administrator_takes_it_away_and_it_stands_in_the_trail(app, ocmw, enrolled, sign_in, csrf):
    worker, admin = sign_in(ocmw), sign_in(ocmw, Role.TENANT_ADMIN)
    path = f"/beheer/mensen/{ocmw.users[Role.SOCIAL_WORKER].id}/"
    assert f"{path}tweede-stap/weg/" in admin.get(path).text
    assert admin.post(f"{path}tweede-stap/weg/", data={"csrf_token": csrf(admin)}).headers["Location"] == path
    assert worker.get("/account/").status_code == 302, "signed out"
    assert f"{path}tweede-stap/weg/" not in admin.get(path).text
    with app.app_context(), ocmw.acting(Role.DPO):
        assert [e.why for e in audit.events() if e.act == "update"] == ["second step taken away"]
        db.session.remove()


def test_nobody_else_takes_it_away(ocmw, enrolled, organisation, sign_in, csrf):
    path = f"/beheer/mensen/{ocmw.users[Role.SOCIAL_WORKER].id}/tweede-stap/weg/"
    elsewhere, colleague = sign_in(organisation(Role.TENANT_ADMIN), Role.TENANT_ADMIN), sign_in(ocmw)
    assert elsewhere.post(path, data={"csrf_token": csrf(elsewhere)}).status_code == 404
    assert colleague.post(path, data={"csrf_token": csrf(colleague)}).status_code == 403


def test_one_organisation_that_requires_it_is_enough(app, ocmw, organisation, csrf):
    """Otherwise one would work without it for the other, in the same browser."""
    other, user = organisation(), ocmw.users[Role.SOCIAL_WORKER]
    with app.app_context():
        service.add_member(other.tenant, user, [Role.SOCIAL_WORKER])
        with other.acting():
            people.save_settings(first_contact_working_days=3, second_factor_required=True)
        db.session.remove()
    client = app.test_client()
    client.post("/login/", data={"username": user.username, "password": PASSWORD, "csrf_token": csrf(client)})
    assert client.get("/dossiers/").headers["Location"] == "/account/tweede-stap/"
    asked = client.post("/zoeken/", data={"q": "x", "csrf_token": csrf(client)})
    assert (asked.status_code, asked.headers["Location"]) == (303, "/account/tweede-stap/")
    part = client.get("/dossiers/", headers={"HX-Request": "true"})
    assert (part.status_code, part.headers["HX-Redirect"]) == (403, "/account/tweede-stap/")
    assert client.post("/logout/", data={"csrf_token": csrf(client)}).status_code == 302


def test_a_new_master_key_locks_nobody_out(app, settings, enrolled, at_second_step, csrf):
    key, _codes = enrolled
    renewed = replace(settings, master_key=b"n" * 32, previous_master_keys=(settings.master_key,))
    client = at_second_step()
    keyring.configure(renewed)
    try:
        code = pyotp.TOTP(key).at(utc_now() + timedelta(seconds=30))
        assert give(client, csrf, code).headers["Location"] == "/dossiers/"
    finally:
        keyring.configure(settings)
