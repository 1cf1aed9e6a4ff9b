"""Signing in with an OpenID Connect provider: a real one on loopback."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import oidc_provider_mock
import pytest
import requests

from app.config import OidcProvider
from app.factory import create_app
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

    def go(client, subject, email, verified=True):
        requests.put(
            f"{provider}/users/{subject}", json={"email": email, "email_verified": verified}, timeout=10
        ).raise_for_status()
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
    assert answer.headers["Location"] == "/login/"
    assert client.get("/account/").status_code == 302


def test_an_answer_for_another_browser_is_refused(portal, organisation, go_there):
    person = organisation(Role.SOCIAL_WORKER).users[Role.SOCIAL_WORKER]
    client, thief = portal.test_client(), portal.test_client()
    thief.get("/login/oidc/")
    back = go_there(client, f"subject-{person.id}", person.email)
    assert thief.get(back).headers["Location"] == "/login/", "the state is the other browser's"
    assert thief.get("/account/").status_code == 302


def test_without_configuration_there_is_no_such_door(app):
    assert app.test_client().get("/login/oidc/").status_code == 404
