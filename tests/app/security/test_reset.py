"""A forgotten password: one link by mail, once, for an hour, and no word about who has an account."""

import re
from datetime import timedelta

import pytest
import time_machine

from app.jobs import run_worker
from app.security.models import utc_now
from app.security.roles import Role
from tests.conftest import PASSWORD

NEW = "paraplu onder de brug"


@pytest.fixture
def person(organisation):
    return organisation(Role.SOCIAL_WORKER).users[Role.SOCIAL_WORKER]


@pytest.fixture
def mails(app, settings):
    """Run the queue and read what was mailed since the test began."""
    seen = set(settings.outbox_dir.glob("*.eml"))

    def read():
        run_worker(app, settings.database_url, wait=False)
        return [path.read_text() for path in sorted(set(settings.outbox_dir.glob("*.eml")) - seen)]

    return read


@pytest.fixture
def ask(app, csrf):
    def post(email):
        client = app.test_client()
        return client.post("/wachtwoord/vergeten/", data={"email": email, "csrf_token": csrf(client)})

    return post


def link_in(mail):
    return re.search(r"/wachtwoord/nieuw/[\w=\n-]+/", mail.replace("=\n", "")).group()


def choose(client, csrf, link, password):
    return client.post(link, data={"password": password, "again": password, "csrf_token": csrf(client)})


def test_the_link_sets_a_new_password_once(app, person, ask, mails, csrf):
    known, unknown = ask(person.email), ask("niemand@voorbeeld.test")
    assert known.status_code == unknown.status_code == 200
    assert known.text.split("<main")[1] == unknown.text.split("<main")[1]
    (mail,) = mails()
    assert person.email in mail
    link, client = link_in(mail), app.test_client()
    assert client.get(link).status_code == 200
    assert choose(client, csrf, link, NEW).status_code == 302
    assert client.get(link).status_code == 404
    assert choose(client, csrf, link, NEW).status_code == 404
    for password, status in ((PASSWORD, 422), (NEW, 302)):
        data = {"username": person.username, "password": password, "csrf_token": csrf(client)}
        assert client.post("/login/", data=data).status_code == status


def test_a_new_password_ends_the_sessions(app, organisation, ask, mails, csrf, sign_in):
    ocmw = organisation()
    open_session = sign_in(ocmw)
    assert open_session.get("/account/").status_code == 200
    ask(ocmw.users[Role.SOCIAL_WORKER].email)
    assert choose(app.test_client(), csrf, link_in(mails()[0]), NEW).status_code == 302
    assert open_session.get("/account/").status_code == 302


def test_the_link_lives_for_an_hour(app, person, ask, mails):
    ask(person.email)
    link = link_in(mails()[0])
    with time_machine.travel(utc_now() + timedelta(minutes=61)):
        assert app.test_client().get(link).status_code == 404


@pytest.mark.parametrize("password", ["kort", "wachtwoord123", "marie is lief 12", "aaaaaaaaaaaaaa"])
def test_a_weak_password_is_refused_with_the_reason(app, person, ask, mails, csrf, password):
    ask(person.email)
    client, link = app.test_client(), link_in(mails()[0])
    answer = choose(client, csrf, link, password)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert client.get(link).status_code == 200, "the link is not used up"


def test_no_token_and_no_address_lies_in_the_queue(app, person, ask, mails, app_context):
    from sqlalchemy import text

    from app.database import db

    ask(person.email)
    token = link_in(mails()[0]).split("/")[3]
    for arguments in db.session.scalars(text("SELECT args::text FROM procrastinate_jobs")):
        assert token not in arguments
        assert person.email not in arguments
