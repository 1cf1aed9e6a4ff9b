"""Signing in: it works, it tells nothing to a guesser, it locks, it rotates, it ends."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Response
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, select
from werkzeug.security import generate_password_hash

from app.database import db, transaction
from app.factory import create_app
from app.security import identity, passwords
from app.security.models import LoginSession, SignInAttempt, utc_now
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
    names = (person.username, person.email, person.username.upper(), f" {person.email} ", person.username)
    for turn, name in enumerate(names):
        assert try_login(name, "fout", address=f"10.1.0.{turn}")[1].status_code == 422
    client, locked = try_login(person.username, PASSWORD, address="10.1.0.9")
    assert locked.status_code == 429
    assert int(locked.headers["Retry-After"]) <= 901
    assert "Te veel pogingen" in locked.text
    assert client.get("/vandaag/").status_code == 302
    with time_machine.travel(utc_now() + timedelta(minutes=14, seconds=45)):
        assert try_login(person.username, PASSWORD)[1].status_code == 429
    with time_machine.travel(utc_now() + timedelta(minutes=15, seconds=2)):
        assert try_login(person.username, PASSWORD)[1].status_code == 302


def test_an_unknown_name_locks_alike(try_login):
    statuses = [try_login("zomaar.iemand", "fout", address=f"10.3.0.{n}")[1].status_code for n in range(6)]
    assert statuses == [422] * 5 + [429]


def test_the_right_password_starts_the_count_again(try_login, person):
    for password in ("fout", "fout", "fout", "fout", PASSWORD, "fout", "fout", "fout", "fout"):
        try_login(person.username, password, address="10.4.0.1")
    assert try_login(person.username, PASSWORD, address="10.4.0.1")[1].status_code == 302


def test_twenty_tries_at_once_are_no_more_than_five(app, person):
    def attempt(turn):
        with app.app_context():
            try:
                passwords.authenticate(person.username, f"gok {turn}", f"10.5.0.{turn}")
            except (passwords.WrongCredentialsError, passwords.LockedError) as error:
                return type(error).__name__
            finally:
                db.session.remove()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(attempt, range(20)))
    assert (answers.count("WrongCredentialsError"), answers.count("LockedError")) == (5, 15)


def test_no_name_and_no_address_lies_in_the_table_of_tries(app, try_login, person):
    try_login(person.username, "fout", address="10.6.0.77")
    with app.app_context():
        rows = db.session.execute(select(SignInAttempt.username_hash, SignInAttempt.address_hash)).all()
        db.session.remove()
    assert rows
    assert all(len(value) == 64 and set(value) <= set("0123456789abcdef") for row in rows for value in row)


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


def test_the_session_is_new_after_signing_in_and_the_old_one_dead(app, try_login, person):
    client, _answer = try_login(person.username, PASSWORD)
    with client.session_transaction() as stored:
        first = stored["token"]
    try_login(person.username, PASSWORD, client=client)
    with client.session_transaction() as stored:
        second = stored["token"]
    assert first != second
    for token, status in ((first, 302), (second, 200)):
        copied = app.test_client()
        with copied.session_transaction() as stored:
            stored["token"] = token
        assert copied.get("/account/").status_code == status


def test_what_lay_in_the_cookie_before_is_gone_save_the_language(try_login, person, app):
    client = app.test_client()
    with client.session_transaction() as stored:
        stored.update(token="gekozen door een ander", planted="x", locale="fr")
    try_login(person.username, PASSWORD, client=client)
    with client.session_transaction() as stored:
        assert stored["token"] != "gekozen door een ander"
        assert "planted" not in stored
        assert stored["locale"] == "fr"


def test_half_an_hour_of_silence_ends_the_session(try_login, person):
    client, _answer = try_login(person.username, PASSWORD)
    with time_machine.travel(utc_now() + timedelta(minutes=29)):
        assert client.get("/account/").status_code == 200
    with time_machine.travel(utc_now() + timedelta(minutes=58)):
        assert client.get("/account/").status_code == 200, "29 minutes after the last request"
    with time_machine.travel(utc_now() + timedelta(minutes=89)):
        assert client.get("/account/").status_code == 302


@pytest.mark.parametrize("secure", [False, True])
def test_the_cookie_is_for_the_server_only(settings, csrf, person, secure):
    client = create_app(replace(settings, secure_cookies=secure)).test_client()
    cookie = client.get("/login/", base_url="https://localhost").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires" not in cookie, "it ends with the browser"
    assert ("Secure" in cookie) is secure


def test_who_has_no_password_or_does_not_work_here_any_more_stays_out(app, try_login, person):
    with app.app_context(), transaction() as session:
        session.get(User, person.id).password = passwords.NO_PASSWORD
    assert try_login(person.username, passwords.NO_PASSWORD)[1].status_code == 422
    with app.app_context(), transaction() as session:
        user = session.get(User, person.id)
        user.password, user.active = passwords.hash_password(PASSWORD), False
    assert try_login(person.username, PASSWORD)[1].status_code == 422


def test_a_session_ends_when_its_account_is_closed(app, try_login, person):
    client, _answer = try_login(person.username, PASSWORD)
    with app.app_context(), transaction() as session:
        session.get(User, person.id).active = False
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize(
    ("name", "password"), [("", PASSWORD), ("x", ""), ("nul\0teken", "x"), ("x" * 400, "x"), ("é", "ë" * 300)]
)
def test_what_can_not_be_a_name_is_refused_plainly(try_login, name, password):
    assert try_login(name, password)[1].status_code == 422


def test_a_name_that_is_too_long_is_told_in_our_own_words(try_login):
    assert "Hier passen hoogstens 320 tekens." in try_login("x" * 321, "geheim")[1].text


def test_a_password_kept_in_an_older_way_is_kept_better_from_now_on(app, try_login, person):
    with app.app_context(), transaction() as session:
        session.get(User, person.id).password = generate_password_hash(PASSWORD, "scrypt:1024:8:1")
    assert try_login(person.username, "fout wachtwoord")[1].status_code == 422
    for _turn in range(2):
        assert try_login(person.username, PASSWORD)[1].status_code == 302
        with app.app_context():
            assert db.session.get(User, person.id).password.startswith("$argon2id$")
            db.session.remove()


def test_the_real_cost_is_argon2id_of_46_mebibyte(settings):
    with create_app(settings).app_context():
        assert passwords.hash_password("woonvast-demo").startswith("$argon2id$v=19$m=47104,t=2,p=1$")


def test_an_unknown_name_costs_as_much_as_a_wrong_password(app):
    """The decoy is checked with the cost of now, so that the time tells nothing."""
    with app.app_context():
        assert not passwords._is_outdated(passwords._nobodys_hash())
        assert passwords._matches(passwords._nobodys_hash(), "wat dan ook") is False


def test_signing_in_is_noted(app, try_login, person):
    client, _answer = try_login(person.username, PASSWORD)
    with app.app_context():
        user = db.session.get(User, person.id)
        assert user.login_count == 1
        assert user.last_login is not None
        open_now = select(func.count()).select_from(LoginSession).where(LoginSession.user_id == person.id)
        assert db.session.scalar(open_now) == 1
        db.session.remove()
    assert client.get("/login/").headers["Location"] == "/", "who is in need not sign in"


@pytest.mark.parametrize(("method", "status"), [("GET", 200), ("POST", 422)])
def test_what_a_page_left_undone_is_not_kept_with_the_menus_numbers(app, try_login, person, method, status):
    client, _answer = try_login(person.username, PASSWORD)
    cookie = f"woonvast={client.get_cookie('woonvast').value}"
    with app.test_request_context("/account/", method=method, headers={"Cookie": cookie}):
        identity.identify()
        identity.identity().user.first_name = "Half"
        identity.note_badges({"/vandaag/": 1})
        identity.keep_badges(Response(status=status))
        db.session.remove()
    with app.app_context():
        stored = db.session.scalar(select(LoginSession.badges).where(LoginSession.user_id == person.id))
        assert stored == {"/vandaag/": 1}
        assert db.session.get(User, person.id).first_name != "Half"
        db.session.remove()
