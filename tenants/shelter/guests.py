"""The shelter's own register of people: finding somebody again, adding and changing them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import tenancy
from app.crypto import blind_index
from app.database import db, transaction
from app.i18n import N_
from tenants.cases.opening import INSZ
from tenants.cases.rules import looks_like_insz, normal_insz, search_text, search_words, sort_key
from tenants.shelter.errors import ConflictError, KnownAlreadyError, NotFoundError
from tenants.shelter.models import Guest, Stay

MOST = 20  # who is not among these is found by typing more of the name
PAGE = 50


@dataclass(frozen=True)
class NewGuest:
    """At least one of the names; insz: eleven digits, checked by whoever fills this in."""

    last_name: str = ""
    first_name: str = ""
    birth_date: date | None = None
    insz: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Listed:
    """Somebody in the register, with how often and when they were last there. last_bed: of that last night."""

    guest: Guest
    nights: int
    last_night: date | None
    last_bed: int | None


def find(guest_id: uuid.UUID) -> Guest:
    """The person; raises NotFoundError."""
    guest = db.session.get(Guest, guest_id)
    if guest is None:
        raise NotFoundError
    return guest


def search(query: str) -> list[Listed]:
    """People whose name has every word of `query`, or who have exactly this national register number.

    Raises InvalidInszError for eleven digits that are no such number.
    """
    if looks_like_insz(query):
        found = select(Guest).where(Guest.insz_hash == blind_index(normal_insz(query), INSZ))
        return _listed(found)
    words = search_words(query)
    if not words:
        return []
    found = select(Guest).where(*(Guest.search_text.contains(word, autoescape=True) for word in words))
    return _listed(found.order_by(Guest.sort_key, Guest.id).limit(MOST))


def page_of_all(page: int) -> tuple[list[Listed], int]:
    """A page (from 1) of the whole register by name, and how many people it has."""
    count = db.session.scalar(select(func.count()).select_from(Guest)) or 0
    query = select(Guest).order_by(Guest.sort_key, Guest.id).limit(PAGE).offset((page - 1) * PAGE)
    return _listed(query), count


def listed(ids: Sequence[uuid.UUID]) -> list[Listed]:
    """These people, with their nights."""
    return _listed(select(Guest).where(Guest.id.in_(ids)).order_by(Guest.sort_key, Guest.id))


def of_night(night: date) -> list[Listed]:
    """Who slept here in that night, by bed: who is likely to come again."""
    slept = select(Stay.guest_id).where(Stay.night == night)
    found = _listed(select(Guest).where(Guest.id.in_(slept)))
    return sorted(found, key=lambda each: each.last_bed or 0)


def _listed(query: Select[Guest]) -> list[Listed]:
    """The people of `query` with their nights: two statements, however many people."""
    people = list(db.session.scalars(query))
    latest = (
        select(
            Stay.guest_id,
            func.count(func.distinct(Stay.night)),
            func.max(Stay.night),
            func.array_agg(aggregate_order_by(Stay.bed, Stay.night.desc())),
        )
        .where(Stay.guest_id.in_([guest.id for guest in people]))
        .group_by(Stay.guest_id)
    )
    told = {row[0]: row for row in db.session.execute(latest)} if people else {}
    return [
        Listed(guest, told[guest.id][1], told[guest.id][2], told[guest.id][3][0])
        if guest.id in told
        else Listed(guest, 0, None, None)
        for guest in people
    ]


def add(session: Session, new: NewGuest, *, is_new: bool) -> Guest:
    """A new person in the caller's transaction. Raises KnownAlreadyError.

    is_new: somebody looked, and says that those with the same name are others. The same number is the same person.
    """
    known = _with_insz(session, new.insz)
    if known:
        raise KnownAlreadyError(known, certain=True)
    alike = [] if is_new else _alike(session, new)
    if alike:
        raise KnownAlreadyError(alike, certain=False)
    guest = Guest(created_by=tenancy.current().user_id)
    _fill(guest, new)
    session.add(guest)
    session.flush()
    return guest


def change(guest_id: uuid.UUID, new: NewGuest, version: int) -> None:
    """Change somebody's data. Raises NotFoundError, ConflictError (a colleague saved first), KnownAlreadyError."""
    try:
        with transaction() as session:
            guest = session.get(Guest, guest_id, with_for_update=True)
            if guest is None:
                raise NotFoundError
            if guest.version != version:
                raise ConflictError(
                    N_("A colleague changed this person in the meantime. Compare with what you typed and save again.")
                )
            others = [known for known in _with_insz(session, new.insz) if known.id != guest_id]
            if others:
                raise KnownAlreadyError(others, certain=True)
            _fill(guest, new)
    except IntegrityError as error:
        raise KnownAlreadyError([], certain=True) from error


def _fill(guest: Guest, new: NewGuest) -> None:
    guest.last_name, guest.first_name, guest.birth_date = new.last_name, new.first_name, new.birth_date
    guest.sort_key = sort_key(new.last_name or new.first_name, new.first_name if new.last_name else "")
    guest.search_text = search_text([new.last_name, new.first_name])
    guest.insz, guest.note = new.insz, new.note
    guest.insz_hash = blind_index(new.insz, INSZ) if new.insz else None


def _with_insz(session: Session, insz: str | None) -> list[Guest]:
    if not insz:
        return []
    return list(session.scalars(select(Guest).where(Guest.insz_hash == blind_index(insz, INSZ))))


def _alike(session: Session, new: NewGuest) -> list[Guest]:
    """People with the same name, unless both days of birth are known and differ."""
    key = sort_key(new.last_name or new.first_name, new.first_name if new.last_name else "")
    named: Sequence[Guest] = session.scalars(select(Guest).where(Guest.sort_key == key).limit(MOST)).all()
    return [g for g in named if not (g.birth_date and new.birth_date) or g.birth_date == new.birth_date]
