"""Passwords: how they are kept, checked against guessing, and replaced by a one-time link."""

import secrets
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from flask import current_app
from flask_appbuilder.security.sqla.models import User
from flask_babel import get_locale
from sqlalchemy import delete, func, or_, select
from werkzeug.security import check_password_hash

from app.database import db, transaction
from app.jobs import enqueue
from app.security.attempts import LockedError, forgive, one_try
from app.security.identity import end_other_sessions, token_hash
from app.security.models import PasswordReset, utc_now
from app.security.rules import INVITATION_VALID, RESET_VALID, Kind

NO_PASSWORD = "!"  # noqa: S105 - in the place of a hash: nothing matches it
# Argon2id with twice the passes of OWASP's first choice (46 MiB, 1 pass, 1 lane): a tenth of a second. scrypt of
# the same strength (N=2^15, r=8, p=3) takes three times as long.
ARGON2ID_COST = (2, 47104, 1)  # passes, KiB, lanes


class WrongCredentialsError(Exception):
    """The user name or the password is wrong; which of the two is not told."""


def hash_password(password: str) -> str:
    """What is kept of a password: Argon2id with a salt of its own."""
    return _hasher().hash(password)


def _hasher() -> PasswordHasher:
    return PasswordHasher(*current_app.config.get("PASSWORD_COST", ARGON2ID_COST))  # the tests ask for a cheap one


def _matches(kept: str, password: str) -> bool:
    """Whether `kept` was made of `password`; earlier kinds (scrypt, as Flask-AppBuilder makes) count too."""
    if not kept.startswith("$argon2"):
        return check_password_hash(kept, password)
    try:
        return _hasher().verify(kept, password)
    except VerifyMismatchError:
        return False


def _nobodys_hash() -> str:
    """Matches nothing; checked when there is no such person or no password, so that the answer takes as long."""
    passes, memory, lanes = current_app.config.get("PASSWORD_COST", ARGON2ID_COST)
    return f"$argon2id$v=19$m={memory},t={passes},p={lanes}${'A' * 22}${'A' * 43}"


def has_password(user: User) -> bool:
    """False for who was invited and did not choose one yet, or signs in elsewhere only."""
    return user.password not in (None, "", NO_PASSWORD)


def authenticate(username: str, password: str, address: str) -> User:
    """The person with this user name (or e-mail address) and password.

    address: of the network, as the portal sees it. Raises LockedError or WrongCredentialsError.
    """
    name = username.strip().lower()
    called = or_(func.lower(User.username) == name, func.lower(User.email) == name)
    user: User | None = db.session.scalar(select(User).where(called, User.active.is_(True)))
    if not _right(user, password, str(user.id) if user else name, address):
        raise WrongCredentialsError
    assert user is not None  # noqa: S101 - nobody has no right password
    with transaction() as session:
        session.add(user)
        user.last_login = utc_now().replace(tzinfo=None)  # FAB's column has no zone
        user.login_count = (user.login_count or 0) + 1
        if _is_outdated(user.password or ""):
            user.password = hash_password(password)
    return user


def is_own_password(user: User, password: str, address: str) -> bool:
    """Whether a signed-in person knows their password; limited like signing in. Raises LockedError."""
    return _right(user, password, str(user.id), address)


def _right(user: User | None, password: str, who: str, address: str) -> bool:
    with one_try(Kind.PASSWORD, who, address) as attempt:
        known = user is not None and has_password(user)
        kept = str(user.password) if user is not None and known else _nobodys_hash()
        attempt.succeeded = _matches(kept, password) and known
    return attempt.succeeded


def _is_outdated(kept: str) -> bool:
    """Kept in another way than a new password would be."""
    return not kept.startswith("$argon2") or _hasher().check_needs_rehash(kept)


def set_password(user: User, password: str, keep_session: str | None = None) -> None:
    """Choose a new password: other sessions and open links end, a lock is lifted."""
    with transaction() as session:
        user.password = hash_password(password)
        session.add(user)
        session.execute(delete(PasswordReset).where(PasswordReset.user_id == user.id))
        end_other_sessions(user.id, keep_session)
        forgive(Kind.PASSWORD, str(user.id))


# ---------------------------------------------------------------- the one-time link


def ask_link(email: str, address: str) -> None:
    """A stranger asks for a link. Whoever has the address gets it, three times an hour at most; nothing is told.

    Raises LockedError when the network address asks too often.
    """
    try:
        with one_try(Kind.LINK, email.strip().lower(), address):
            pass
    except LockedError as error:
        if error.by_account:
            return
        raise
    request_reset(email)


def request_reset(email: str) -> None:
    """Mail a one-time link to whoever has this address (a job does), in the language of now.

    There is a job for an unknown address too: it does nothing, and asking takes as long.
    """
    from app.security.jobs import send_link

    wanted = select(User.id).where(func.lower(User.email) == email.strip().lower(), User.active.is_(True))
    with transaction() as session:
        enqueue(send_link, person_id=session.scalar(wanted), locale=str(get_locale() or "nl"))


def make_link_token(user: User) -> str:
    """The token of a new link for `user`."""
    token = secrets.token_urlsafe(32)
    valid = RESET_VALID if has_password(user) else INVITATION_VALID
    with transaction() as session:
        session.add(PasswordReset(token_hash=token_hash(token), user_id=user.id, valid_until=utc_now() + valid))
    return token


def person_of_link(token: str) -> User | None:
    """The person whose link this is, while it is valid."""
    row = db.session.get(PasswordReset, token_hash(token))
    return _owner(row)


def use_link(token: str, password: str) -> bool:
    """Choose a new password by the link; False when it is no longer valid. Works once, also at the same moment."""
    with transaction() as session:
        row = session.scalar(
            select(PasswordReset).where(PasswordReset.token_hash == token_hash(token)).with_for_update()
        )
        user = _owner(row)
        if user is None:
            return False
        set_password(user, password)
        return True


def _owner(row: PasswordReset | None) -> User | None:
    if row is None or row.valid_until < utc_now():
        return None
    user: User | None = db.session.get(User, row.user_id)
    return user if user is not None and user.active else None


def forget_old(now: datetime) -> None:
    """Delete the links that expired."""
    with transaction() as session:
        session.execute(delete(PasswordReset).where(PasswordReset.valid_until < now))
