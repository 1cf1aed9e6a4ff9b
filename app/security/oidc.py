"""Signing in with an OpenID Connect provider such as ACM/IDM: authorization code with PKCE, state and nonce."""

from authlib.integrations.flask_client import OAuth
from flask import Flask, current_app
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.config import OidcProvider
from app.database import transaction
from app.security.models import ExternalAccount


class UnknownPersonError(Exception):
    """The provider vouches for somebody who has no account here."""


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
        client_kwargs={"scope": chosen.scope, "code_challenge_method": "S256"},
    )
    app.extensions["oidc"] = oauth


def person(claims: dict[str, object]) -> User:
    """The account that belongs to these verified claims.

    Known by issuer and subject; the first time by the e-mail address, if the provider verified it. Nobody gets
    an account or a role by signing in: raises UnknownPersonError.
    """
    issuer, subject = str(claims["iss"]), str(claims["sub"])
    with transaction() as session:
        link = session.scalar(
            select(ExternalAccount).where(ExternalAccount.issuer == issuer, ExternalAccount.subject == subject)
        )
        if link is not None:
            user = session.get(User, link.user_id)
        else:
            user = _by_email(session, claims)
            if user is not None:
                session.add(ExternalAccount(user_id=user.id, issuer=issuer, subject=subject))
        if user is None or not user.active:
            raise UnknownPersonError
        return user


def _by_email(session: Session, claims: dict[str, object]) -> User | None:
    if claims.get("email_verified") is not True or not claims.get("email"):
        return None
    address = str(claims["email"]).strip().lower()
    found: User | None = session.scalar(select(User).where(func.lower(User.email) == address))
    return found
