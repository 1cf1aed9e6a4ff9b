"""A forgotten password: one link by mail, once, for an hour, and no word about who has an account."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import message_from_string, policy
from pathlib import Path

import pytest
import time_machine
from flask_appbuilder.security.sqla.models import User
from flask_babel import force_locale

from app.database import db, transaction
from app.jobs import run_worker
from app.security import passwords
from app.security.models import LoginSession, utc_now
from app.security.roles import Role
from tests.conftest import PASSWORD

NEW = "paraplu onder de brug"


@pytest.fixture
def person(organisation):
    return organisation(Role.SOCIAL_WORKER).users[Role.SOCIAL_WORKER]


@pytest.fixture
def mails(app, settings):
    """Run the queue and read what was mailed since the test began."""
    run_worker(app, settings.database_url, wait=False)  # what other tests left in the queue
    seen = set(settings.outbox_dir.glob("*.eml"))

    def read():
        run_worker(app, settings.database_url, wait=False)
        return [path.read_text() for path in sorted(set(settings.outbox_dir.glob("*.eml")) - seen)]

    return read


@pytest.fixture
def ask(app, csrf):
    def post(email, address="10.0.0.1"):
        client = app.test_client()
        data = {"email": email, "csrf_token": csrf(client)}
        return client.post("/wachtwoord/vergeten/", data=data, environ_base={"REMOTE_ADDR": address})

    return post


def test_a_user_name_is_no_address(ask):
    answer = ask("medewerker.oostende")
    assert answer.status_code == 422
    assert "niet je gebruikersnaam" in answer.get_data(as_text=True)


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


def test_asking_again_and_again_fills_nobodys_mailbox(person, ask, mails):
    answers = {ask(person.email, f"10.7.0.{n}").status_code for n in range(6)}
    assert answers == {200}, "nothing is told"
    assert len(mails()) == 3


def test_an_address_that_asks_for_many_is_slowed_down(ask):
    statuses = [ask(f"iemand{n}@voorbeeld.test", "10.8.0.1").status_code for n in range(21)]
    assert statuses == [200] * 20 + [429]
    assert ask("iemand@voorbeeld.test", "10.8.0.2").status_code == 200


def test_without_csrf_token_nothing_is_asked(app, person):
    assert app.test_client().post("/wachtwoord/vergeten/", data={"email": person.email}).status_code == 400


@pytest.mark.parametrize(("email", "status"), [("", 422), ("x" * 400, 422), ("a\0@b.test", 200)])
def test_what_is_no_address_is_refused_plainly(ask, email, status):
    assert ask(email, "10.9.0.1").status_code == status


def test_the_link_leads_to_our_own_address_whatever_the_request_says(app, settings, person, mails):
    with app.test_request_context("/wachtwoord/vergeten/", base_url="http://evil.test"):
        passwords.request_reset(person.email)
        db.session.remove()
    (mail,) = mails()
    assert "evil.test" not in mail
    assert settings.base_url in mail.replace("=\n", "")


def test_a_new_password_lifts_a_lock(app, person, ask, mails, csrf):
    def login(password):
        client = app.test_client()
        data = {"username": person.username, "password": password, "csrf_token": csrf(client)}
        return client.post("/login/", data=data).status_code

    assert [login("fout") for _ in range(6)] == [422] * 5 + [429]
    ask(person.email)
    choose(app.test_client(), csrf, link_in(mails()[0]), NEW)
    assert login(NEW) == 302


def test_a_second_link_leaves_the_first_usable_and_using_one_ends_both(app, person, ask, mails, csrf):
    """A slow mail makes people ask twice; the first that arrives must serve."""
    ask(person.email)
    ask(person.email)
    first, second = (link_in(mail) for mail in mails())
    assert choose(app.test_client(), csrf, first, NEW).status_code == 302
    assert app.test_client().get(second).status_code == 404


def test_two_at_the_same_moment_can_not_both_use_it(app, person):
    with app.app_context():
        token = passwords.make_link_token(person)
        db.session.remove()

    def use(turn):
        with app.app_context():
            used = passwords.use_link(token, f"{NEW} {turn}")
            db.session.remove()
            return used

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(use, range(2))) == [False, True]


def test_who_was_invited_has_four_days(app, person, mails):
    with app.app_context(), transaction() as session:
        session.get(User, person.id).password = passwords.NO_PASSWORD
    with app.app_context(), force_locale("fr"):
        passwords.request_reset(person.email)
        db.session.remove()
    (mail,) = mails()
    link = link_in(mail)
    with time_machine.travel(utc_now() + timedelta(days=3, hours=23)):
        first = app.test_client().get(link)
        assert (first.status_code, "Kies je wachtwoord" in first.text) == (200, True)
    with time_machine.travel(utc_now() + timedelta(days=4, minutes=1)):
        assert app.test_client().get(link).status_code == 404


@pytest.mark.parametrize("locale", ["nl", "fr"])
@pytest.mark.parametrize("kind", ["reset", "welcome"])
def test_the_mail_reads_well(app, settings, organisation, mails, kind, locale):
    """The text of a mail is reviewed as text: `mails/<kind>.<locale>.txt`."""
    person = organisation(Role.SOCIAL_WORKER).users[Role.SOCIAL_WORKER]
    with app.app_context(), transaction() as session:
        user = session.get(User, person.id)
        user.username, user.first_name = f"marie.{kind}.{locale}", "Marie"
        if kind == "welcome":
            user.password = passwords.NO_PASSWORD
    with app.app_context(), force_locale(locale):
        passwords.request_reset(person.email)
        db.session.remove()
    message = message_from_string(mails()[0], policy=policy.default)
    text = f"Subject: {message['Subject']}\n\n{message.get_content()}"
    text = re.sub(r"/nieuw/[\w-]+/", "/nieuw/…/", text).replace(f"marie.{kind}.{locale}", "marie")
    assert text == (Path(__file__).parent / "mails" / f"{kind}.{locale}.txt").read_text()
    assert message["To"] == person.email
    assert message["From"] == settings.mail_from


def test_what_is_over_is_forgotten(app, person):
    from sqlalchemy import text

    from app.security import jobs

    tables = ("password_reset", "sign_in_attempt", "login_session")

    def rows():
        return [db.session.scalar(text(f"SELECT count(*) FROM {table}")) for table in tables]

    jobs.forget(timestamp=0)  # what other tests left behind is over by now, or is not
    with app.app_context():
        passwords.make_link_token(person)
        with pytest.raises(passwords.WrongCredentialsError):
            passwords.authenticate(person.username, "fout", "10.0.0.1")
        with transaction() as session:
            session.add(LoginSession(token_hash="e" * 64, user_id=person.id))
        before = rows()
        db.session.remove()
    jobs.forget(timestamp=0)
    with app.app_context():
        assert rows() == before, "what still counts stays"
        db.session.remove()
    with time_machine.travel(utc_now() + timedelta(days=800)):  # other tests may have lived in another year
        jobs.forget(timestamp=0)
    with app.app_context():
        assert rows() == [0, 0, 0]
        db.session.remove()
