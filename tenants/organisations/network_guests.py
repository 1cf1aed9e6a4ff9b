"""Guests of a network: a justice of the peace, a housing company. Its coordinator lets them in and out."""

from dataclasses import dataclass
from datetime import datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ColumnElement, delete, func, select

from app import tenancy
from app.database import db, transaction
from app.i18n import N_
from app.identifiers import uuid7
from app.security.identity import end_other_sessions
from app.security.models import NetworkMembership, utc_now
from app.security.roles import Role
from tenants.organisations.service import OrganisationError, create_user


@dataclass(frozen=True)
class NetworkGuest:
    """Somebody who reads along. note: as whom ('vrederechter, kanton Kortrijk')."""

    user: User
    note: str
    since: datetime


def guests() -> list[NetworkGuest]:
    """The guests of the acting network, by name."""
    rows = db.session.execute(
        select(User, NetworkMembership)
        .join(NetworkMembership, NetworkMembership.user_id == User.id)
        .where(*_of_network())
        .order_by(User.last_name, User.first_name, User.id)
    )
    return [NetworkGuest(user, membership.note, membership.since) for user, membership in rows]


def guest(user_id: int) -> NetworkGuest | None:
    """One guest of the acting network, or None when this person is not one."""
    return next((each for each in guests() if each.user.id == user_id), None)


def invite(first_name: str, last_name: str, email: str, note: str) -> tuple[User, bool]:
    """Let somebody read along: (the person, whether the account is new). Raises OrganisationError.

    Who has an account already keeps it, recognised by the e-mail address; what they may do elsewhere stays.
    """
    address = email.strip().lower()
    with transaction() as session:
        user = session.scalar(select(User).where(func.lower(User.email) == address))
        is_new = user is None
        if user is None:
            user = create_user(address, None, first_name=first_name, last_name=last_name, email=address)
            session.flush()
        if guest(user.id) is not None:
            raise OrganisationError(N_("%(name)s is a guest already."), name=user.get_full_name())
        session.add(
            NetworkMembership(
                id=uuid7(),
                network_id=tenancy.current_network_id(),
                user_id=user.id,
                role=Role.GUEST,
                note=" ".join(note.split())[:120],
                since=utc_now(),
            )
        )
    return user, is_new


def end(user_id: int) -> bool:
    """Let a guest read along no more, in a browser that is open neither. False when they were none."""
    with transaction() as session:
        gone = session.scalars(
            delete(NetworkMembership)
            .where(*_of_network(), NetworkMembership.user_id == user_id)
            .returning(NetworkMembership.user_id)
        ).all()
        if gone:
            end_other_sessions(user_id)
    return bool(gone)


def _of_network() -> tuple[ColumnElement[bool], ...]:
    return (NetworkMembership.network_id == tenancy.current_network_id(), NetworkMembership.role == Role.GUEST)
