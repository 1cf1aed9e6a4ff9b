"""Signing in with an OpenID Connect provider such as ACM/IDM: authorization code with PKCE, state and nonce."""

from collections.abc import Mapping
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Flask, current_app
from flask.typing import ResponseReturnValue
from flask_appbuilder.security.sqla.models import User
from joserfc.errors import JoseError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.config import OidcProvider
from app.database import transaction
from app.security.models import ExternalAccount

PROVIDER_SECONDS = 10  # somebody waits before the screen


class UnknownPersonError(Exception):
    """The provider vouches for somebody who has no account here."""


class RefusedError(Exception):
    """The provider's answer proves nothing: an error, another browser's answer, a bad signature."""


class ProviderAwayError(Exception):
    """The provider does not answer."""


def provider() -> OidcProvider | None:
    """The provider that is set, if any."""
    found: OidcProvider | None = current_app.extensions["settings"].oidc
    return found


def init_app(app: Flask) -> None:
    """Register the provider that the settings name; its addresses come from its discovery document."""
    chosen: OidcProvider | None = app.extensions["settings"].oidc
    if chosen is None:
        return
    oauth = OAuth(app)
    oauth.register(
        chosen.name,
        client_id=chosen.client_id,
        client_secret=chosen.client_secret,
        server_metadata_url=f"{chosen.issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": chosen.scope,
            "code_challenge_method": "S256",
            "default_timeout": PROVIDER_SECONDS,
        },
    )
    app.extensions["oidc"] = oauth


def start(known: OidcProvider, back: str) -> ResponseReturnValue:
    """The redirect to the provider, which will send the person `back`. Raises ProviderAwayError."""
    try:
        answer: ResponseReturnValue = _client(known).authorize_redirect(back)
    except requests.RequestException as error:
        raise ProviderAwayError from error
    return answer


def verified_claims(known: OidcProvider) -> Mapping[str, Any]:
    """What the provider says of the person in the answer that this request brings, once all of it is checked:
    state, code, signature, issuer, audience, time and nonce. Raises RefusedError and ProviderAwayError.
    """
    try:
        token = _client(known).authorize_access_token()
    except requests.RequestException as error:
        raise ProviderAwayError from error
    except (AuthlibBaseError, JoseError, ValueError) as error:
        raise RefusedError(type(error).__name__) from error
    claims: Mapping[str, Any] | None = token.get("userinfo")
    if claims is None:
        raise RefusedError("no ID token")
    return claims


def _client(known: OidcProvider) -> Any:
    return current_app.extensions["oidc"].create_client(known.name)


def took_second_step(known: OidcProvider, claims: Mapping[str, Any]) -> bool:
    """Whether the person proved two things at the provider: it always asks, or says so now (RFC 8176: 'mfa')."""
    return known.second_step or "mfa" in (claims.get("amr") or ())


def person(claims: Mapping[str, Any]) -> User:
    """The account that belongs to these verified claims.

    Known by issuer and subject; the first time by the e-mail address, if the provider verified it. Nobody gets
    an account or a role by signing in: raises UnknownPersonError.
    """
    issuer, subject = str(claims["iss"]), str(claims["sub"])
    with transaction() as session:
        link = session.scalar(
            select(ExternalAccount).where(ExternalAccount.issuer == issuer, ExternalAccount.subject == subject)
        )
        user = session.get(User, link.user_id) if link is not None else _newcomer(session, issuer, claims)
        if user is None or not user.active:
            raise UnknownPersonError
        if link is None:
            session.add(ExternalAccount(user_id=user.id, issuer=issuer, subject=subject))
        return user


def _newcomer(session: Session, issuer: str, claims: Mapping[str, Any]) -> User | None:
    """Who has this verified address, unless the provider knew that account as somebody else before: an address
    that went to another person must not open the account of the first."""
    if claims.get("email_verified") is not True or not claims.get("email"):
        return None
    address = str(claims["email"]).strip().lower()
    linked = select(ExternalAccount.user_id).where(ExternalAccount.issuer == issuer)
    wanted = select(User).where(func.lower(User.email) == address, User.id.not_in(linked))
    found: User | None = session.scalar(wanted)
    return found
