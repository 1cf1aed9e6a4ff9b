"""Signing in with an OpenID Connect provider: a real one on loopback."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import oidc_provider_mock
import pyotp
import pytest
import requests
from flask_appbuilder.security.sqla.models import User

from app.config import OidcProvider
from app.database import db, transaction
from app.factory import create_app
from app.security import second_factor
from app.security.roles import Role


@pytest.fixture(scope="module")
def provider():
    with oidc_provider_mock.run_server_in_thread(require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(scope="module")
def portal(settings, provider):
    chosen = OidcProvider(
        name="oidc", issuer=provider, client_id="woonvast", client_secret="geheim", scope="openid email"
    )
    return create_app(replace(settings, oidc=chosen))


@pytest.fixture
def go_there(portal, provider):
    """Start at our door, say at the provider's who one is; the address to which it sends back."""

    def go(client, subject, email, verified=True, amr=None):
        claims = {"email": email, "email_verified": verified} | ({"amr": amr} if amr else {})
        requests.put(f"{provider}/users/{subject}", json=claims, timeout=10).raise_for_status()
        start = client.get("/login/oidc/?next=/dossiers/")
        asked = parse_qs(urlsplit(start.headers["Location"]).query)
        assert asked["code_challenge_method"] == ["S256"]
        assert asked["nonce"]
        answer = requests.post(start.headers["Location"], data={"sub": subject}, allow_redirects=False, timeout=10)
        back = urlsplit(answer.headers["Location"])
        return f"{back.path}?{back.query}"

    return go


def test_the_sign_in_page_offers_it(portal):
    assert "/login/oidc/" in portal.test_client().get("/login/").text


def test_a_known_person_gets_in_and_is_recognised_by_subject_later(portal, organisation, go_there):
    person = organisation(Role.SOCIAL_WORKER).users[Role.SOCIAL_WORKER]
    client = portal.test_client()
    answer = client.get(go_there(client, f"subject-{person.id}", person.email))
    assert answer.headers["Location"] == "/dossiers/"
    assert client.get("/account/").status_code == 200
    again = portal.test_client()
    assert again.get(go_there(again, f"subject-{person.id}", "nieuw@adres.test")).headers["Location"] == "/dossiers/"


@pytest.mark.parametrize(("email", "verified"), [("onbekend@voorbeeld.test", True), (None, False)])
def test_a_stranger_and_an_unverified_address_stay_out(portal, organisation, go_there, email, verified):
    person = organisation(Role.SOCIAL_WORKER).users[Role.SOCIAL_WORKER]
    client = portal.test_client()
    answer = client.get(go_there(client, f"vreemd-{person.id}", email or person.email, verified))
    assert answer.status_code == 403
    assert "ACM/IDM" in answer.text
    assert client.get("/account/").status_code == 302


def test_an_address_that_went_to_somebody_else_does_not_open_the_account(portal, organisation, go_there):
    person = organisation(Role.SOCIAL_WORKER).users[Role.SOCIAL_WORKER]
    first, other = portal.test_client(), portal.test_client()
    assert first.get(go_there(first, f"eerst-{person.id}", person.email)).status_code == 302
    assert other.get(go_there(other, f"later-{person.id}", person.email)).status_code == 403


def test_who_does_not_work_here_any_more_stays_out(app, portal, organisation, go_there):
    person = organisation(Role.SOCIAL_WORKER).users[Role.SOCIAL_WORKER]
    with app.app_context(), transaction() as session:
        session.get(User, person.id).active = False
    client = portal.test_client()
    assert client.get(go_there(client, f"weg-{person.id}", person.email)).status_code == 403


def test_an_answer_for_another_browser_is_refused(portal, organisation, go_there):
    person = organisation(Role.SOCIAL_WORKER).users[Role.SOCIAL_WORKER]
    client, thief = portal.test_client(), portal.test_client()
    thief.get("/login/oidc/")
    back = go_there(client, f"subject-{person.id}", person.email)
    assert thief.get(back).status_code == 400, "the state is the other browser's"
    assert thief.get("/account/").status_code == 302


def test_a_token_made_for_another_sign_in_is_refused(portal, organisation, go_there):
    person = organisation(Role.SOCIAL_WORKER).users[Role.SOCIAL_WORKER]
    client = portal.test_client()
    back = go_there(client, f"subject-{person.id}", person.email)
    with client.session_transaction() as stored:
        (key,) = [name for name in stored if name.startswith("_state_oidc_")]
        stored[key] = {**stored[key], "data": {**stored[key]["data"], "nonce": "van een ander"}}
    assert client.get(back).status_code == 400
    assert client.get("/account/").status_code == 302


def test_an_answer_works_once(portal, organisation, go_there):
    person = organisation(Role.SOCIAL_WORKER).users[Role.SOCIAL_WORKER]
    client = portal.test_client()
    back = go_there(client, f"subject-{person.id}", person.email)
    assert client.get(back).status_code == 302
    assert portal.test_client().get(back).status_code == 400


@pytest.mark.parametrize("query", ["", "?error=access_denied&state=x", "?code=verzonnen&state=verzonnen"])
def test_a_refusal_or_an_invented_answer_is_told(portal, query):
    answer = portal.test_client().get(f"/login/oidc/terug/{query}")
    assert answer.status_code == 400
    assert "notice-late" in answer.text


def test_the_provider_sends_back_to_our_own_address_whatever_the_request_says(portal, settings):
    start = portal.test_client().get("/login/oidc/", headers={"Host": "evil.test"})
    (back,) = parse_qs(urlsplit(start.headers["Location"]).query)["redirect_uri"]
    assert back == f"{settings.base_url}/login/oidc/terug/"


@pytest.mark.parametrize(("amr", "asked"), [(None, True), (["pwd", "mfa"], False)])
def test_our_own_second_step_is_asked_unless_the_provider_did(
    app, portal, provider, organisation, go_there, amr, asked
):
    person = organisation(Role.SOCIAL_WORKER).users[Role.SOCIAL_WORKER]
    with app.app_context():
        secret, _picture = second_factor.start_enrolment(person)
        second_factor.confirm(person.id, pyotp.TOTP(secret.replace(" ", "")).now())
        db.session.remove()
    client = portal.test_client()
    back = go_there(client, f"subject-{person.id}", person.email, amr=amr)
    assert client.get(back).headers["Location"] == ("/login/tweede-stap/" if asked else "/dossiers/")
    assert client.get("/account/").status_code == (302 if asked else 200)


def test_a_provider_that_is_away_is_told(settings):
    away = OidcProvider(name="oidc", issuer="http://localhost:9", client_id="woonvast", client_secret="geheim")
    answer = create_app(replace(settings, oidc=away)).test_client().get("/login/oidc/")
    assert answer.status_code == 503
    assert "ACM/IDM" in answer.text


def test_without_configuration_there_is_no_such_door(app):
    assert app.test_client().get("/login/oidc/").status_code == 404
