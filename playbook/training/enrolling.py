"""Taking a place in a session, giving it back, and the waiting list.

Every change of places locks the session's row first: two people who want the last place come one after the other,
and the second gets the first place of the waiting list.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import tenancy
from app.database import db, transaction
from app.i18n import N_
from app.security.models import Membership, utc_now
from playbook.handbook.service import ours
from playbook.training import mailing, rules
from playbook.training.mailing import Mail
from playbook.training.models import Enrolment, Place, TrainingSession
from playbook.training.rules import PlaceState
from playbook.training.service import NotThereError, TrainingError, me
from playbook.training.sessions import locked


@dataclass(frozen=True)
class Given:
    """What came of asking for a place: taken, or the rank on the waiting list (from 1)."""

    state: PlaceState
    rank: int = 0


@dataclass(frozen=True)
class Mine:
    """A place with who has it, as far as one may see."""

    enrolment: Enrolment
    place: Place


def organisation() -> uuid.UUID:
    """The organisation for which one acts; raises TrainingError when it is none."""
    tenant_id = tenancy.current().tenant_id
    if tenant_id is None:
        message = N_("You work for the network as a whole now. Choose your organisation at the top of the page first.")
        raise TrainingError([("", message)])
    return tenant_id


def colleagues() -> list[User]:
    """The people of the acting organisation, by name."""
    query = select(User).where(
        User.active.is_(True), User.id.in_(select(Membership.user_id).where(Membership.tenant_id == organisation()))
    )
    return list(db.session.scalars(query.order_by(User.last_name, User.first_name)))


def count(session: Session, session_id: uuid.UUID, state: PlaceState) -> int:
    """How many places of a session are taken, or waited for."""
    query = select(func.count()).where(ours(Place), Place.session_id == session_id, Place.state == state)
    return session.scalar(query) or 0


def enrol(session_id: uuid.UUID, user_id: int | None = None, now: datetime | None = None) -> Given:
    """Ask for a place for oneself, or for a colleague, who hears of it by mail. Raises NotThereError, TrainingError."""
    now = now or utc_now()
    home, person = organisation(), me() if user_id is None else user_id
    if person != me() and person not in {each.id for each in colleagues()}:
        raise NotThereError(str(user_id))
    with transaction() as session:
        row = locked(session, session_id)
        _check_open(row, now)
        known = select(Enrolment.id).where(ours(Enrolment), Enrolment.session_id == row.id)
        if session.scalar(known.where(Enrolment.user_id == person)) is not None:
            yours = N_("You are on the list of this session already.")
            theirs = N_("This person is on the list of this session already.")
            raise TrainingError([("", yours if person == me() else theirs)])
        state = rules.state_for(count(session, row.id, PlaceState.TAKEN), row.capacity)
        place = Place(session_id=row.id, organisation_id=home, state=state, asked_at=now)
        session.add(place)
        session.flush()
        put_on_list(
            session,
            Enrolment(place_id=place.id, session_id=row.id, organisation_id=home, user_id=person, enrolled_by=me()),
        )
        if person != me():
            mailing.tell(place, Mail.ENROLLED)
        waiting = count(session, row.id, PlaceState.WAITING)
    return Given(state, waiting if state is PlaceState.WAITING else 0)


def put_on_list(session: Session, enrolment: Enrolment) -> None:
    """Keep who has a place. Raises TrainingError for who is on the list for another organisation.

    One may work for two: what the other one enrolled is not seen from here, and the database tells.
    """
    session.add(enrolment)
    try:
        session.flush()
    except IntegrityError as error:
        if "uq_training_enrolment" not in str(error.orig):
            raise
        message = N_("This person is on the list already, for another organisation. Choose it at the top of the page.")
        raise TrainingError([("", message)]) from error


def _check_open(row: TrainingSession, now: datetime) -> None:
    if row.cancelled_at is not None:
        raise TrainingError([("", N_("This session was cancelled. Look for another date."))])
    if row.starts_at <= now:
        raise TrainingError([("", N_("This session has begun or is over. Look for another date."))])


def leave(session_id: uuid.UUID, user_id: int | None = None) -> None:
    """Give a place back, one's own or a colleague's; who waited longest gets it.

    Raises NotThereError and TrainingError.
    """
    person = me() if user_id is None else user_id
    with transaction() as session:
        row = locked(session, session_id)
        _check_open(row, utc_now())
        mine = _found(session, row.id, person)
        if mine is None and person == me():
            raise TrainingError([("", N_("You are not on the list of this session any more."))])
        if mine is None:
            raise NotThereError(str(session_id))
        if person != me():
            mailing.tell_person(mine.place, person, Mail.TAKEN_OFF)
        session.delete(mine.enrolment)
        session.flush()
        session.delete(mine.place)
        session.flush()
        move_up(session, row)


def take_off(session_id: uuid.UUID, enrolment_id: uuid.UUID) -> None:
    """Whoever arranges the session takes somebody off the list. Raises NotThereError and TrainingError."""
    query = select(Enrolment.user_id).where(
        ours(Enrolment), Enrolment.session_id == session_id, Enrolment.id == enrolment_id
    )
    user_id = db.session.scalar(query)
    if user_id is None:
        raise NotThereError(str(enrolment_id))
    leave(session_id, user_id)


def move_up(session: Session, row: TrainingSession) -> None:
    """Give the free places of a locked session to who waited longest, and tell them."""
    if row.cancelled_at is not None:
        return
    taken, waiting = (count(session, row.id, state) for state in (PlaceState.TAKEN, PlaceState.WAITING))
    number = rules.to_move_up(waiting, taken, row.capacity)
    query = select(Place).where(ours(Place), Place.session_id == row.id, Place.state == PlaceState.WAITING)
    for place in session.scalars(query.order_by(Place.asked_at, Place.id).limit(number)):
        place.state = PlaceState.TAKEN
        session.flush()
        mailing.tell(place, Mail.MOVED_UP)


def _found(session: Session, session_id: uuid.UUID, user_id: int) -> Mine | None:
    found = session.execute(_mine().where(Enrolment.session_id == session_id, Enrolment.user_id == user_id)).first()
    return Mine(*found) if found else None


def _mine() -> Any:  # a select of two tables, whose type says less than its name
    return (
        select(Enrolment, Place)
        .join(Place, (Place.network_id == Enrolment.network_id) & (Place.id == Enrolment.place_id))
        .where(ours(Enrolment))
    )


def mine(session_id: uuid.UUID) -> Mine | None:
    """The acting person's own place in a session."""
    return _found(db.session(), session_id, me())


def rank(place: Place) -> int:
    """Where a waiting place stands, from 1."""
    before = select(func.count()).where(
        ours(Place), Place.session_id == place.session_id, Place.state == PlaceState.WAITING,
        (Place.asked_at < place.asked_at) | ((Place.asked_at == place.asked_at) & (Place.id <= place.id)),
    )  # fmt: skip
    return db.session.scalar(before) or 1


def all_mine() -> list[Mine]:
    """All places of the acting person."""
    return [Mine(*found) for found in db.session.execute(_mine().where(Enrolment.user_id == me()))]


def of_organisation(session_id: uuid.UUID) -> list[tuple[User, Mine]]:
    """The people of the acting organisation in a session, by name."""
    tenant_id = tenancy.current().tenant_id
    return [each for each in listed(session_id) if each[1].enrolment.organisation_id == tenant_id]


def listed(session_id: uuid.UUID) -> list[tuple[User, Mine]]:
    """Who is on the list of a session, as far as one may see: the database decides. By name."""
    query = _mine().add_columns(User).join(User, User.id == Enrolment.user_id)
    rows = db.session.execute(query.where(Enrolment.session_id == session_id).order_by(User.last_name, User.first_name))
    return [(user, Mine(enrolment, place)) for enrolment, place, user in rows]


def sessions_with(places: Sequence[Mine]) -> dict[uuid.UUID, Mine]:
    """Places by their session."""
    return {each.place.session_id: each for each in places}
