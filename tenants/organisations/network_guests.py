"""Guests of a network: a justice of the peace, a housing company. Its coordinator lets them in and out.

Whether somebody had an account already is nobody's business but their own: what the coordinator sees is the same.
"""

from dataclasses import dataclass
from datetime import datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import tenancy
from app.database import db, transaction
from app.i18n import N_
from app.identifiers import uuid7
from app.jobs import enqueue
from app.security.identity import end_other_sessions, places_of
from app.security.models import NetworkMembership, utc_now
from app.security.passwords import has_password, request_reset
from app.security.roles import Role
from tenants.organisations.jobs import tell_guest
from tenants.organisations.service import OrganisationError, create_user


@dataclass(frozen=True)
class NetworkGuest:
    """Somebody who reads along. name: as the coordinator wrote it; note: as whom ('vrederechter, kanton Kortrijk')."""

    user: User
    name: str
    note: str
    since: datetime


def guests() -> list[NetworkGuest]:
    """The guests of the acting network, by name."""
    rows = db.session.execute(
        select(User, NetworkMembership)
        .join(NetworkMembership, NetworkMembership.user_id == User.id)
        .where(*_of_network())
        .order_by(NetworkMembership.id)
    )
    found = [
        NetworkGuest(user, membership.called or user.get_full_name(), membership.note, membership.since)
        for user, membership in rows
    ]
    return sorted(found, key=lambda each: each.name.casefold())  # the name of the account would tell by its place


def guest(user_id: int) -> NetworkGuest | None:
    """One guest of the acting network, or None when this person is not one."""
    return next((each for each in guests() if each.user.id == user_id), None)


def invite(first_name: str, last_name: str, email: str, note: str) -> NetworkGuest:
    """Let somebody read along, who hears of it by mail. Raises OrganisationError for who is a guest already.

    Who has an account keeps it, recognised by the e-mail address, and reads so in the mail; what they may do elsewhere
    stays. Who has none gets one, and a link to choose a password.
    """
    try:
        return _invite(first_name, last_name, email, note)
    except IntegrityError as error:
        if "uq_network_membership" not in str(error.orig):
            raise
        name = f"{first_name.strip()} {last_name.strip()}"  # a colleague invited them at the same moment
        raise OrganisationError(N_("%(name)s is a guest already."), name=name) from error


def _invite(first_name: str, last_name: str, email: str, note: str) -> NetworkGuest:
    address, name = email.strip().lower(), f"{first_name.strip()} {last_name.strip()}"
    with transaction() as session:
        theirs = or_(func.lower(User.email) == address, func.lower(User.username) == address)
        user = session.scalar(select(User).where(theirs).order_by(func.lower(User.email) != address).limit(1))
        if user is None:
            user = create_user(address, None, first_name=first_name, last_name=last_name, email=address)
            session.flush()
        known = guest(user.id)
        if known is not None:
            raise OrganisationError(N_("%(name)s is a guest already."), name=known.name)
        session.add(
            NetworkMembership(
                id=uuid7(),
                network_id=tenancy.current_network_id(),
                user_id=user.id,
                role=Role.GUEST,
                note=" ".join(note.split())[:120],
                called=name,
                since=utc_now(),
            )
        )
        session.flush()
        if has_password(user):
            enqueue(tell_guest, person_id=user.id)
        else:
            request_reset(user.email)
        invited = guest(user.id)
    assert invited is not None  # noqa: S101 - just added
    return invited


def end(user_id: int) -> bool:
    """Let a guest read along no more, in a browser that is open neither. False when they were none.

    Who works elsewhere stays signed in there: who invited them may not send them away.
    """
    with transaction() as session:
        gone = session.scalars(
            delete(NetworkMembership)
            .where(*_of_network(), NetworkMembership.user_id == user_id)
            .returning(NetworkMembership.user_id)
        ).all()
        if gone and not _is_somewhere(session, user_id):
            end_other_sessions(user_id)
    return bool(gone)


def _is_somewhere(session: Session, user_id: int) -> bool:
    """Whether a person has a place in the portal: only they themselves see all of theirs."""
    before = tenancy.current()
    tenancy.enter(tenancy.Context(user_id=user_id), session)
    try:
        return bool(places_of(user_id))
    finally:
        tenancy.enter(before, session)


def _of_network() -> tuple[ColumnElement[bool], ...]:
    return (NetworkMembership.network_id == tenancy.current_network_id(), NetworkMembership.role == Role.GUEST)
