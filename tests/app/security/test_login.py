"""Signing in: it works, it tells nothing to a guesser, it locks, it rotates, it ends."""

from datetime import timedelta

import pytest
import time_machine

from app.security.models import utc_now
from app.security.roles import Role
from tests.conftest import PASSWORD


@pytest.fixture
def person(organisation):
    return organisation(Role.SOCIAL_WORKER).users[Role.SOCIAL_WORKER]


@pytest.fixture
def try_login(app, csrf):
    def attempt(username, password, client=None, path="/login/", address="10.0.0.1"):
        client = client or app.test_client()
        return client, client.post(
            path,
            data={"username": username, "password": password, "csrf_token": csrf(client)},
            environ_base={"REMOTE_ADDR": address},
        )

    return attempt


def test_the_right_password_opens_the_start_page(try_login, person):
    client, answer = try_login(person.username, PASSWORD)
    assert answer.status_code == 302
    assert client.get("/").headers["Location"] == "/vandaag/"


def test_the_email_address_serves_as_a_name_too(try_login, person):
    assert try_login(person.email.upper(), PASSWORD)[1].status_code == 302


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(try_login, person):
    texts = []
    for name in (person.username, "bestaat.niet"):
        client, answer = try_login(name, "fout wachtwoord!")
        assert answer.status_code == 422
        texts.append(answer.text.replace(name, "").split("<main")[1].split("csrf_token")[0])
        assert client.get("/vandaag/").status_code == 302
    assert texts[0] == texts[1]


def test_without_csrf_token_nothing_happens(app, person):
    answer = app.test_client().post("/login/", data={"username": person.username, "password": PASSWORD})
    assert answer.status_code == 400


def test_five_wrong_tries_lock_the_account_for_a_quarter(try_login, person):
    for turn in range(5):
        assert try_login(person.username, "fout", address=f"10.1.0.{turn}")[1].status_code == 422
    client, locked = try_login(person.username, PASSWORD, address="10.1.0.9")
    assert locked.status_code == 429
    assert int(locked.headers["Retry-After"]) <= 901
    assert client.get("/vandaag/").status_code == 302
    with time_machine.travel(utc_now() + timedelta(minutes=15, seconds=2)):
        assert try_login(person.username, PASSWORD)[1].status_code == 302


def test_an_address_that_tries_many_names_is_slowed_down(try_login, person):
    statuses = [try_login(f"naam{n}", "fout", address="10.2.0.1")[1].status_code for n in range(61)]
    assert statuses[:60] == [422] * 60
    assert statuses[60] == 429
    assert try_login(person.username, PASSWORD, address="10.2.0.2")[1].status_code == 302


@pytest.mark.parametrize(
    "target", ["https://evil.test/", "//evil.test", "/\\evil.test", "/login/", "\thttps://evil.test"]
)
def test_the_next_page_is_one_of_ours(try_login, person, target):
    from urllib.parse import quote

    _client, answer = try_login(person.username, PASSWORD, path=f"/login/?next={quote(target)}")
    assert answer.headers["Location"] == "/"


def test_the_next_page_is_remembered(try_login, person):
    assert try_login(person.username, PASSWORD, path="/login/?next=/dossiers/")[1].headers["Location"] == "/dossiers/"


def test_the_session_is_new_after_signing_in_and_dead_after_signing_out(app, try_login, csrf, person):
    client, _answer = try_login(person.username, PASSWORD)
    with client.session_transaction() as stored:
        first = stored["token"]
    try_login(person.username, PASSWORD, client=client)
    with client.session_transaction() as stored:
        second = stored["token"]
    assert first != second
    thief = app.test_client()
    with thief.session_transaction() as stored:
        stored["token"] = second
    assert thief.get("/account/").status_code == 200
    assert client.post("/logout/", data={"csrf_token": csrf(client)}).status_code == 302
    assert thief.get("/account/").status_code == 302


def test_half_an_hour_of_silence_ends_the_session(try_login, person):
    client, _answer = try_login(person.username, PASSWORD)
    with time_machine.travel(utc_now() + timedelta(minutes=29)):
        assert client.get("/account/").status_code == 200
    with time_machine.travel(utc_now() + timedelta(minutes=58)):
        assert client.get("/account/").status_code == 200, "29 minutes after the last request"
    with time_machine.travel(utc_now() + timedelta(minutes=89)):
        assert client.get("/account/").status_code == 302


def test_the_cookie_is_for_the_server_only(try_login, person):
    _client, answer = try_login(person.username, PASSWORD)
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires" not in cookie
