"""Which mails go out about a session, and to whom. A mail names the course, the day and a page; never a person.

A job acts for the organisation of the place it is about: whoever caused it need not see whose place it is.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select, update

from app import tenancy
from app.database import db, transaction
from app.jobs import enqueue
from app.security.models import utc_now
from playbook.handbook.service import ours
from playbook.training import rules
from playbook.training.models import Enrolment, Place, TrainingSession
from playbook.training.rules import PlaceState


class Mail(StrEnum):
    """Why somebody gets a mail about a session."""

    ENROLLED = "enrolled"  # by somebody else
    TAKEN_OFF = "taken_off"  # by somebody else
    MOVED_UP = "moved_up"  # from the waiting list
    CHANGED = "changed"  # another day, hour or place
    CANCELLED = "cancelled"
    REMINDER = "reminder"


@dataclass(frozen=True)
class Receiver:
    """Whom a mail is for; has_place: not on the waiting list."""

    user: User
    has_place: bool


def tell(place: Place, why: Mail) -> None:
    """Mail who has this place; the job finds out who that is."""
    from playbook.training.jobs import send_mail

    with tenancy.acting(_of_organisation(place.organisation_id)):
        enqueue(send_mail, session_id=str(place.session_id), place_id=str(place.id), why=why.value)


def tell_person(place: Place, user_id: int, why: Mail) -> None:
    """Mail somebody whose place is about to go."""
    from playbook.training.jobs import send_mail

    with tenancy.acting(_of_organisation(place.organisation_id)):
        enqueue(send_mail, session_id=str(place.session_id), person_id=user_id, why=why.value)


def tell_all(session_id: uuid.UUID, why: Mail) -> None:
    """Mail everybody who has a place in a session or waits for one."""
    for place in db.session.scalars(select(Place).where(ours(Place), Place.session_id == session_id)).all():
        tell(place, why)


def _of_organisation(organisation_id: uuid.UUID) -> tenancy.Context:
    return tenancy.Context(organisation_id, None, tenancy.current_network_id())


def receiver(place_id: uuid.UUID) -> Receiver | None:
    """Who has a place, for a job that acts for their organisation; None when it was given back meanwhile."""
    query = (
        select(User, Place.state)
        .join(Enrolment, Enrolment.user_id == User.id)
        .join(Place, (Place.network_id == Enrolment.network_id) & (Place.id == Enrolment.place_id))
        .where(ours(Enrolment), Enrolment.place_id == place_id)
    )
    found = db.session.execute(query).first()
    return Receiver(found[0], found[1] == PlaceState.TAKEN) if found else None


def remind(now: datetime | None = None) -> int:
    """Have the acting network's people reminded of the sessions of the coming days, once. Returns how many."""
    now = now or utc_now()
    with transaction() as session:
        query = (
            select(Place)
            .join(
                TrainingSession,
                (TrainingSession.network_id == Place.network_id) & (TrainingSession.id == Place.session_id),
            )
            .where(
                ours(Place),
                Place.state == PlaceState.TAKEN,
                Place.reminded_at.is_(None),
                TrainingSession.cancelled_at.is_(None),
                TrainingSession.starts_at > now,
                TrainingSession.starts_at <= now + rules.REMIND_BEFORE,
            )
            .with_for_update(of=Place, skip_locked=True)
        )
        places = session.scalars(query).all()
        for place in places:
            tell(place, Mail.REMINDER)
        session.execute(update(Place).where(Place.id.in_([place.id for place in places])).values(reminded_at=now))
    return len(places)
