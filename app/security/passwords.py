"""Passwords: how they are kept, checked against guessing, and replaced by a one-time link."""

import secrets
from datetime import datetime

from flask import current_app
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import delete, func, or_, select, text
from sqlalchemy.orm import Session
from werkzeug.security import check_password_hash, generate_password_hash

from app.crypto import keyed_hash
from app.database import db, transaction
from app.jobs import enqueue
from app.security.identity import end_other_sessions, token_hash
from app.security.models import PasswordReset, SignInAttempt, utc_now
from app.security.rules import ACCOUNT_FAILURES, ADDRESS_FAILURES, RESET_VALID, WINDOW, standing


class WrongCredentialsError(Exception):
    """The user name or the password is wrong; which of the two is not told."""


class LockedError(Exception):
    """Too many tries; `until` (UTC) is when the next one is possible."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


def hash_password(password: str) -> str:
    """scrypt with the parameters OWASP gives (N=2^15, r=8, p=3)."""
    return generate_password_hash(password, method=_method())


def _method() -> str:
    return str(current_app.config.get("PASSWORD_METHOD", "scrypt:32768:8:3"))


_NOBODYS_PASSWORD: dict[str, str] = {}


def _fake_hash() -> str:
    """Something to check against when there is no such person, so that the answer takes as long."""
    if _method() not in _NOBODYS_PASSWORD:
        _NOBODYS_PASSWORD[_method()] = hash_password(secrets.token_hex())
    return _NOBODYS_PASSWORD[_method()]


def authenticate(username: str, password: str, address: str) -> User:
    """The person with this user name (or e-mail address) and password.

    Raises LockedError or WrongCredentialsError. Every try is kept, as keyed hashes; tries for one account wait
    for each other, so that a hundred at once are no more than a hundred in a row.
    """
    name = username.strip().casefold()
    marks = keyed_hash(name, "sign-in name"), keyed_hash(address, "sign-in address")
    with transaction() as session:
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:mark, 0))"), {"mark": marks[0]})
        _check_standing(session, *marks)
        user = session.scalar(
            select(User).where(or_(func.lower(User.username) == name, func.lower(User.email) == name), User.active.is_(True))
        )
        usable = user is not None and user.password and user.password != "!"  # noqa: S105 - the mark of no password
        right = check_password_hash(user.password if user and usable else _fake_hash(), password) and bool(usable)
        session.add(SignInAttempt(username_hash=marks[0], address_hash=marks[1], succeeded=right))
        if user is not None and right:
            _note_success(user, password)
    if user is None or not right:
        raise WrongCredentialsError
    return user


def _check_standing(session: Session, name_mark: str, address_mark: str) -> None:
    now = utc_now()
    recent = select(SignInAttempt.at).where(SignInAttempt.at > now - WINDOW, SignInAttempt.succeeded.is_(False))
    last_success = session.scalar(
        select(func.max(SignInAttempt.at)).where(
            SignInAttempt.username_hash == name_mark, SignInAttempt.succeeded.is_(True)
        )
    )
    own = session.scalars(recent.where(SignInAttempt.username_hash == name_mark)).all()
    own = [moment for moment in own if last_success is None or moment > last_success]
    there = session.scalars(recent.where(SignInAttempt.address_hash == address_mark)).all()
    for failures, limit in ((own, ACCOUNT_FAILURES), (there, ADDRESS_FAILURES)):
        found = standing(failures, limit, now)
        if found.until is not None:
            raise LockedError(found.until)


def _note_success(user: User, password: str) -> None:
    user.last_login = utc_now().replace(tzinfo=None)  # FAB's column has no zone
    user.login_count = (user.login_count or 0) + 1
    if not (user.password or "").startswith(_method() + "$"):
        user.password = hash_password(password)  # kept with weaker parameters until now


def count_failure(mark: str, address: str) -> None:
    """Count a wrong code of the second step like a wrong password."""
    with transaction() as session:
        session.add(
            SignInAttempt(
                username_hash=keyed_hash(mark, "sign-in name"),
                address_hash=keyed_hash(address, "sign-in address"),
            )
        )


def check_not_locked(mark: str, address: str) -> None:
    """Raises LockedError when this account or address tried too often."""
    with transaction() as session:
        _check_standing(session, keyed_hash(mark, "sign-in name"), keyed_hash(address, "sign-in address"))


def set_password(user: User, password: str, keep_session: str | None = None) -> None:
    """Choose a new password: other sessions and open links end."""
    with transaction() as session:
        user.password = hash_password(password)
        session.add(user)
        session.execute(delete(PasswordReset).where(PasswordReset.user_id == user.id))
        end_other_sessions(user.id, keep_session)


def request_reset(email: str) -> None:
    """Mail a one-time link to whoever has this address; the answer is the same when nobody has it."""
    from app.security.jobs import send_reset_link

    with transaction() as session:
        user = session.scalar(select(User).where(func.lower(User.email) == email.strip().lower(), User.active.is_(True)))
        if user is not None:
            enqueue(send_reset_link, for_user=user.id)


def make_reset_token(user_id: int) -> str:
    """A new link's token; an earlier one stops working."""
    token = secrets.token_urlsafe(32)
    with transaction() as session:
        session.execute(delete(PasswordReset).where(PasswordReset.user_id == user_id))
        session.add(PasswordReset(token_hash=token_hash(token), user_id=user_id, valid_until=utc_now() + RESET_VALID))
    return token


def person_of_reset(token: str) -> User | None:
    """The person whose link this is, while it is valid."""
    row = db.session.get(PasswordReset, token_hash(token))
    if row is None or row.used_at is not None or row.valid_until < utc_now():
        return None
    return db.session.get(User, row.user_id)


def use_reset(token: str, password: str) -> bool:
    """Choose a new password by the link; False when it is no longer valid. Works once, also at the same moment."""
    with transaction() as session:
        row = session.scalar(
            select(PasswordReset).where(PasswordReset.token_hash == token_hash(token)).with_for_update()
        )
        if row is None or row.used_at is not None or row.valid_until < utc_now():
            return False
        user = session.get(User, row.user_id)
        if user is None:
            return False
        set_password(user, password)
        return True


def forget_old(now: datetime) -> None:
    """Delete tries of yesterday and links that expired."""
    with transaction() as session:
        session.execute(delete(SignInAttempt).where(SignInAttempt.at < now - WINDOW * 96))
        session.execute(delete(PasswordReset).where(PasswordReset.valid_until < now))
