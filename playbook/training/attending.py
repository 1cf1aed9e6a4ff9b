"""Who was there: a code that the trainer shows and people scan, or the list that the trainer ticks."""

import uuid
from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

import segno
from flask import current_app
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer
from sqlalchemy import select

from app.database import db, transaction
from app.i18n import N_
from app.security.models import utc_now
from playbook.handbook.service import ours
from playbook.training import rules
from playbook.training.enrolling import mine, organisation, put_on_list
from playbook.training.models import Enrolment, Place
from playbook.training.rules import CODE_SECONDS, PlaceState, Present
from playbook.training.service import NotThereError, TrainingError, me
from playbook.training.sessions import count_free, locked


class OldCodeError(Exception):
    """The code was ours, but it is too old: the trainer shows a new one."""


class Arrival(StrEnum):
    """What scanning the code means for a person."""

    PRESENT = "present"
    HAS_PLACE = "has_place"
    CAN_JOIN = "can_join"
    FULL = "full"


def make_code(session_id: uuid.UUID) -> str:
    """A code that shows presence at a session for a quarter of an hour."""
    made = _serializer().dumps(session_id.hex)
    return made if isinstance(made, str) else made.decode()


def picture(address: str) -> str:
    """`address` as a QR code: the data address of a drawing."""
    drawn: str = segno.make(address, error="m").svg_data_uri(scale=8, border=2)
    return drawn


def read_code(code: str) -> uuid.UUID:
    """The session of a code. Raises NotThereError and OldCodeError."""
    try:
        return uuid.UUID(_serializer().loads(code, max_age=CODE_SECONDS))
    except SignatureExpired as error:
        raise OldCodeError from error
    except (BadSignature, ValueError) as error:
        raise NotThereError(code) from error


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="training presence")


def arrival(session_id: uuid.UUID) -> Arrival:
    """What the acting person, who scanned the code, can do."""
    own = mine(session_id)
    if own is not None and own.enrolment.present_at is not None:
        return Arrival.PRESENT
    if own is not None and own.place.state == PlaceState.TAKEN:
        return Arrival.HAS_PLACE
    return Arrival.CAN_JOIN if count_free(session_id) else Arrival.FULL


def arrive(session_id: uuid.UUID, now: datetime | None = None) -> None:
    """The acting person is there: the code was in front of them.

    Who was not on the list and finds a free chair is put on it. Raises NotThereError and TrainingError.
    """
    now, home = now or utc_now(), organisation()
    with transaction() as session:
        row = locked(session, session_id)
        if row.cancelled_at is not None:
            raise TrainingError([("", N_("This session was cancelled. Look for another date."))])
        if not rules.is_open_for_presence(now, row.starts_at, row.ends_at):
            message = N_("This code works from an hour before the session to two hours after it. Ask the trainer.")
            raise TrainingError([("", message)])
        own = mine(session_id)
        if own is None:
            place = Place(session_id=row.id, organisation_id=home, state=PlaceState.WAITING, asked_at=now)
            session.add(place)
            session.flush()
            enrolment = Enrolment(
                place_id=place.id, session_id=row.id, organisation_id=home, user_id=me(), enrolled_by=me()
            )
            put_on_list(session, enrolment)
        else:
            place, enrolment = own.place, own.enrolment
        if place.state != PlaceState.TAKEN:
            if not count_free(session_id):
                raise TrainingError([("", N_("All places are taken. Ask the trainer to put you on the list."))])
            place.state = PlaceState.TAKEN
        if enrolment.present_at is None:
            enrolment.present_at, enrolment.present_by = now, Present.CODE


def tick(session_id: uuid.UUID, shown: Collection[uuid.UUID], present: Collection[uuid.UUID]) -> None:
    """The trainer's list: of the enrolments `shown`, these were present. Raises NotThereError and TrainingError.

    Who came onto the list meanwhile, by the code, is not touched. Somebody of the waiting list who was there after
    all got a chair: they have a place then.
    """
    now = utc_now()
    with transaction() as session:
        row = locked(session, session_id)
        if not now >= row.starts_at - rules.BEFORE:
            raise TrainingError([("", N_("The session has not begun: tick who is there from an hour before it."))])
        query = (
            select(Enrolment, Place)
            .join(Place, (Place.network_id == Enrolment.network_id) & (Place.id == Enrolment.place_id))
            .where(ours(Enrolment), Enrolment.session_id == session_id, Enrolment.id.in_(shown))
        )
        for enrolment, place in session.execute(query).all():
            if enrolment.id not in present:
                enrolment.present_at = enrolment.present_by = None
            elif enrolment.present_at is None:
                enrolment.present_at, enrolment.present_by = now, Present.LIST
                place.state = PlaceState.TAKEN


def followed(user_id: int) -> set[uuid.UUID]:
    """The sessions at which somebody was present."""
    query = select(Enrolment.session_id).where(
        ours(Enrolment), Enrolment.user_id == user_id, Enrolment.present_at.is_not(None)
    )
    return set(db.session.scalars(query))
