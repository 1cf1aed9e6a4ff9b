"""The residential places: dwellings of Housing First, and places in the group shelter."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from app.database import db, transaction
from app.i18n import N_
from tenants.petitions.rules import BRUSSELS
from tenants.shelter.codes import ResidenceKind
from tenants.shelter.errors import ConflictError, NotFoundError, ShelterError
from tenants.shelter.models import Guest, Residence
from tenants.shelter.seasons import places


@dataclass(frozen=True)
class Places:
    """The places of a kind: how many there are, who lives there (by place), which are free."""

    kind: ResidenceKind
    number: int
    taken: tuple[Residence, ...]
    free: tuple[int, ...]


def overview() -> list[Places]:
    """Both kinds with who lives there now. Two statements."""
    query = select(Residence).where(Residence.until.is_(None)).options(joinedload(Residence.guest))
    living = list(db.session.scalars(query.order_by(Residence.place)))
    found = []
    for kind, number in places().items():
        taken = tuple(each for each in living if each.kind == kind)
        used = {each.place for each in taken}
        found.append(Places(kind, number, taken, tuple(n for n in range(1, number + 1) if n not in used)))
    return found


def history_of(guest_id: uuid.UUID) -> list[Residence]:
    """Where somebody lived, the latest first."""
    query = select(Residence).where(Residence.guest_id == guest_id).order_by(Residence.since.desc())
    return list(db.session.scalars(query))


def move_in(guest_id: uuid.UUID, kind: ResidenceKind, since: date) -> int:
    """Give somebody the first free place of a kind; its number.

    Raises NotFoundError, ShelterError (no place free, a day to come), ConflictError (has a place, or just taken).
    """
    if since > datetime.now(BRUSSELS).date():
        raise ShelterError(N_("This day is still to come. Fill in today or earlier."))
    try:
        with transaction() as session:
            if session.get(Guest, guest_id) is None:
                raise NotFoundError
            free = next(each.free for each in overview() if each.kind is kind)
            if not free:
                raise ShelterError(N_("No place of this kind is free. First end the stay of somebody who left."))
            session.add(Residence(guest_id=guest_id, kind=kind, place=free[0], since=since))
            session.flush()
            return free[0]
    except IntegrityError as error:
        raise ConflictError(
            N_("This person has a place already, or a colleague just gave away the last one. Look at the list.")
        ) from error


def find(residence_id: uuid.UUID) -> Residence:
    """A stay in a place; raises NotFoundError."""
    row = db.session.get(Residence, residence_id)
    if row is None:
        raise NotFoundError
    return row


def move_out(residence_id: uuid.UUID, until: date) -> None:
    """Somebody leaves a place. Raises NotFoundError, ShelterError for a day before the first or still to come."""
    with transaction() as session:
        row = session.get(Residence, residence_id, with_for_update=True)
        if row is None:
            raise NotFoundError
        if row.until is not None:
            return
        if not row.since <= until <= datetime.now(BRUSSELS).date():
            raise ShelterError(N_("The last day lies between the first day and today. Check it."))
        row.until = until
