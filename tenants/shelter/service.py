"""The night: giving a bed, another bed, leaving, turning away. One function is one use case, one transaction."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from app import tenancy
from app.database import db, transaction
from app.i18n import N_
from app.security.models import utc_now
from tenants.organisations.service import names
from tenants.shelter import guests, rules
from tenants.shelter.codes import TurnedAwayReason
from tenants.shelter.errors import ConflictError, KnownAlreadyError, NotFoundError, ShelterError
from tenants.shelter.guests import NewGuest
from tenants.shelter.models import Guest, Stay, TurnedAway
from tenants.shelter.seasons import seasons, tonight

# How far back something can still be noted: paper lists of a month are typed in when the network was down.
BACK = timedelta(days=31)


@dataclass(frozen=True)
class Board:
    """A night: how many beds there are, who has which, which are free, who has a bed too many, who was turned away.

    left: people who went before the morning; their beds are free again.
    """

    night: date
    beds: int
    season: str | None
    stays: tuple[Stay, ...]
    left: tuple[Stay, ...]
    free: tuple[int, ...]
    above: tuple[int, ...]
    turned_away: tuple[TurnedAway, ...]

    @property
    def turned_away_count(self) -> int:
        """How many people were turned away."""
        return sum(each.persons for each in self.turned_away)


def board(night: date) -> Board:
    """Everything about a night, in three statements."""
    known = seasons()
    season = rules.season_of(known, night)
    rows = list(
        db.session.scalars(
            select(Stay).where(Stay.night == night).options(joinedload(Stay.guest)).order_by(Stay.bed, Stay.at)
        )
    )
    inside = [each for each in rows if each.left_at is None]
    beds, taken = rules.beds_on(known, night), {each.bed for each in inside}
    turned = db.session.scalars(select(TurnedAway).where(TurnedAway.night == night).order_by(TurnedAway.at))
    return Board(
        night,
        beds,
        season.name if season else None,
        tuple(inside),
        tuple(each for each in rows if each.left_at is not None),
        tuple(rules.free_beds(beds, taken)),
        tuple(rules.beds_too_many(beds, taken)),
        tuple(turned),
    )


def register(guest_id: uuid.UUID, bed: int, night: date) -> Stay:
    """Give a bed to somebody of the register.

    Raises NotFoundError, ShelterError (no such bed or night), ConflictError (bed or person has one already).
    """
    try:
        with transaction() as session:
            _check(bed, night)
            if session.get(Guest, guest_id) is None:
                raise NotFoundError
            return _give(session, guest_id, bed, night)
    except IntegrityError as error:
        raise _conflict(night, bed, guest_id) from error


def register_new(new: NewGuest, bed: int, night: date, *, is_new: bool = False) -> Stay:
    """Add somebody to the register and give them a bed; neither without the other.

    Raises as `register`, and KnownAlreadyError when the register has them already.
    """
    try:
        with transaction() as session:
            _check(bed, night)
            guest = guests.add(session, new, is_new=is_new)
            return _give(session, guest.id, bed, night)
    except IntegrityError as error:
        if "insz" in (_constraint(error) or ""):  # two desks added the same person at the same moment
            raise KnownAlreadyError([], certain=True) from error
        raise _conflict(night, bed, None) from error


def _give(session: Session, guest_id: uuid.UUID, bed: int, night: date) -> Stay:
    given = Stay(guest_id=guest_id, night=night, bed=bed, by=tenancy.current().user_id)
    session.add(given)
    session.flush()
    return given


def _check(bed: int, night: date) -> None:
    now = tonight()
    if night > now:
        raise ShelterError(N_("That night is still to come. A bed is given on the evening itself."))
    if night < now - BACK:
        raise ShelterError(N_("That night is more than a month ago. What was not noted then can't be added any more."))
    beds = rules.beds_on(seasons(), night)
    if not 1 <= bed <= beds:
        raise ShelterError(
            N_("There is no bed %(bed)d in this night: there are %(beds)d beds. Choose another one."),
            bed=bed,
            beds=beds,
        )


def _constraint(error: IntegrityError) -> str | None:
    diagnosis = getattr(error.orig, "diag", None)
    return getattr(diagnosis, "constraint_name", None)


def _conflict(night: date, bed: int, guest_id: uuid.UUID | None) -> ConflictError:
    """In words what the database refused: the person has a bed already, or the bed is somebody else's."""
    inside = select(Stay).options(joinedload(Stay.guest)).where(Stay.night == night, Stay.left_at.is_(None))
    own = db.session.scalar(inside.where(Stay.guest_id == guest_id)) if guest_id else None
    if own is not None:
        return ConflictError(
            N_("%(name)s has bed %(bed)d already this night. Use ‘Other bed’ on the board to move."),
            name=own.guest.name,
            bed=own.bed,
        )
    other = db.session.scalar(inside.where(Stay.bed == bed))
    if other is None:  # whoever had it left again in between
        return ConflictError(N_("Bed %(bed)d was just taken and is free again. Try once more."), bed=bed)
    return ConflictError(
        N_("Bed %(bed)d was just given to %(name)s by %(colleague)s. Choose another bed: nothing is lost."),
        bed=bed,
        name=other.guest.name,
        colleague=names([other.by]).get(other.by or 0, "?"),
    )


def move(stay_id: uuid.UUID, bed: int) -> Stay:
    """Give somebody another bed in the same night. Raises as `register`."""
    night = stay(stay_id).night
    try:
        with transaction() as session:
            _check(bed, night)
            moved = session.get_one(Stay, stay_id, with_for_update=True)
            moved.bed = bed
            session.flush()
            return moved
    except IntegrityError as error:
        raise _conflict(night, bed, None) from error


def leave(stay_id: uuid.UUID) -> Stay:
    """Somebody goes: the bed is free. Who was gone already stays so. Raises NotFoundError."""
    with transaction() as session:
        gone = session.get(Stay, stay_id, with_for_update=True)
        if gone is None:
            raise NotFoundError
        if gone.left_at is None:
            gone.left_at, gone.left_by = utc_now(), tenancy.current().user_id
    return gone


def come_back(stay_id: uuid.UUID) -> Stay:
    """Take 'gone' back. Raises NotFoundError, and ConflictError when the bed was given to somebody else."""
    was = stay(stay_id)
    night, bed, guest_id = was.night, was.bed, was.guest_id
    try:
        with transaction() as session:
            found = session.get_one(Stay, stay_id, with_for_update=True)
            found.left_at = found.left_by = None
            session.flush()
            return found
    except IntegrityError as error:
        raise _conflict(night, bed, guest_id) from error


def stay(stay_id: uuid.UUID) -> Stay:
    """A bed given for a night; raises NotFoundError."""
    found = db.session.get(Stay, stay_id)
    if found is None:
        raise NotFoundError
    return found


def nights_of(guest_id: uuid.UUID, most: int = 60) -> list[Stay]:
    """The nights of somebody, the latest first; `most`: two months of nights fill a page."""
    query = select(Stay).where(Stay.guest_id == guest_id).order_by(Stay.night.desc(), Stay.at.desc()).limit(most)
    return list(db.session.scalars(query))


def turn_away(reason: TurnedAwayReason, persons: int, night: date, note: str | None = None) -> None:
    """Note that people got no bed in a night. Raises ShelterError for a night that can't be."""
    now = tonight()
    if not now - BACK <= night <= now:
        raise ShelterError(N_("Choose tonight or a night of the last month."))
    with transaction() as session:
        session.add(TurnedAway(night=night, reason=reason, persons=persons, note=note, by=tenancy.current().user_id))


def take_back(turned_id: uuid.UUID) -> date:
    """Erase a line that was noted by mistake; its night. Raises NotFoundError."""
    with transaction() as session:
        night: date | None = session.scalar(
            delete(TurnedAway).where(TurnedAway.id == turned_id).returning(TurnedAway.night)
        )
        if night is None:
            raise NotFoundError
        return night
