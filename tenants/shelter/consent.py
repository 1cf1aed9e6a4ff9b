"""The eviction before the shelter: a link to a case, with the person's consent only, and the time that was lost."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select
from sqlalchemy.exc import IntegrityError

from app import tenancy
from app.database import db, transaction
from app.i18n import N_
from app.security.models import utc_now
from tenants.cases.models import Case, Person
from tenants.organisations.service import names
from tenants.petitions.models import Eviction
from tenants.petitions.rules import BRUSSELS
from tenants.shelter import guests, rules
from tenants.shelter.errors import ConflictError, NotFoundError, ShelterError
from tenants.shelter.models import EvictionLink, Guest, Stay

# Consent is asked in a talk and noted soon after; an older one was another talk, about another question.
OLDEST_CONSENT = timedelta(days=365)


@dataclass(frozen=True)
class Asked:
    """A consent: who asked and when. case and evicted_on: None once it was withdrawn.

    days: from the eviction to the first night in the shelter after it; None when there was no night yet.
    """

    link: EvictionLink
    asker: str
    case: Case | None
    evicted_on: date | None
    first_night: date | None
    days: int | None


def asked_of(guest_id: uuid.UUID) -> list[Asked]:
    """The consents of somebody, the one that holds first, then those withdrawn."""
    query = (
        select(EvictionLink, Case, _evicted_on().label("evicted_on"))
        .outerjoin(Case, Case.id == EvictionLink.case_id)
        .where(EvictionLink.guest_id == guest_id)
        .order_by(EvictionLink.withdrawn_at.desc().nulls_first(), EvictionLink.recorded_at.desc())
    )
    rows = db.session.execute(query).all()
    called = names(row.EvictionLink.asked_by for row in rows)
    nights = list(db.session.scalars(select(Stay.night).where(Stay.guest_id == guest_id))) if rows else []
    return [
        _asked(row.EvictionLink, called.get(row.EvictionLink.asked_by, ""), row.Case, row.evicted_on, nights)
        for row in rows
    ]


def _asked(link: EvictionLink, asker: str, case: Case | None, evicted_on: date | None, nights: list[date]) -> Asked:
    days = rules.days_lost(evicted_on, nights) if evicted_on else None
    first = evicted_on + timedelta(days=days) if evicted_on and days is not None else None
    return Asked(link, asker, case, evicted_on, first, days)


def _evicted_on() -> Any:
    """The day of the last eviction of the case in the query."""
    return select(func.max(Eviction.carried_out_on)).where(Eviction.case_id == Case.id).scalar_subquery()


def link(guest_id: uuid.UUID, case_id: uuid.UUID, asked_on: date) -> None:
    """Keep that the person agreed, asked by whoever acts, and link the case of the eviction.

    Raises NotFoundError, ShelterError (day, or a case without an eviction), ConflictError (linked already).
    """
    now = datetime.now(BRUSSELS).date()
    if not now - OLDEST_CONSENT <= asked_on <= now:
        raise ShelterError(N_("Consent is noted for today or a day of the last year. Check the day."))
    asker = tenancy.current().user_id
    try:
        with transaction() as session:
            if session.get(Guest, guest_id) is None or session.get(Case, case_id) is None or asker is None:
                raise NotFoundError
            if session.scalar(select(_evicted_on()).where(Case.id == case_id)) is None:
                raise ShelterError(
                    N_("No eviction is recorded in this case. Record it there first, with its day; then link it here.")
                )
            session.add(EvictionLink(guest_id=guest_id, case_id=case_id, asked_by=asker, asked_on=asked_on))
            session.flush()
    except IntegrityError as error:
        raise ConflictError(
            N_("A case is linked already. Withdraw that consent first when it is the wrong case.")
        ) from error


def withdraw(link_id: uuid.UUID) -> uuid.UUID:
    """The person takes consent back: the link is gone at once, that it was asked remains. The person's id.

    Raises NotFoundError.
    """
    with transaction() as session:
        found = session.get(EvictionLink, link_id, with_for_update=True)
        if found is None:
            raise NotFoundError
        if found.withdrawn_at is None:
            found.case_id, found.withdrawn_at, found.withdrawn_by = None, utc_now(), tenancy.current().user_id
    return found.guest_id


def case_numbered(number: str) -> uuid.UUID:
    """The case with this number; raises ShelterError."""
    found = db.session.scalar(select(Case.id).where(func.upper(Case.number) == number.strip().upper()))
    if found is None:
        raise ShelterError(N_("There is no case with this number. Copy it from the page of the case."))
    return found


def likely_cases(guest_id: uuid.UUID) -> list[Row[Any]]:
    """Cases (id, number, address_line, evicted_on) with an eviction of somebody with the same number, or the same
    name and day of birth; the last eviction first. To be looked for only when the person agreed."""
    guest = guests.find(guest_id)
    same: list[ColumnElement[bool]] = []
    if guest.insz_hash:
        same.append(Person.insz_hash == guest.insz_hash)
    if guest.birth_date:
        same.append(and_(Person.sort_key == guest.sort_key, Person.birth_date == guest.birth_date))
    if not same:
        return []
    day = func.max(Eviction.carried_out_on)
    query = (
        select(Case.id, Case.number, Case.address_line, day.label("evicted_on"))
        .join(Person, Person.case_id == Case.id)
        .join(Eviction, Eviction.case_id == Case.id)
        .where(or_(*same), Eviction.carried_out_on.is_not(None))
        .group_by(Case.tenant_id, Case.id)
        .order_by(day.desc())
        .limit(5)
    )
    return list(db.session.execute(query))


def of_case(case_id: uuid.UUID) -> list[Asked]:
    """The consents that hold for a case: for its timeline."""
    query = (
        select(EvictionLink, Case, _evicted_on().label("evicted_on"), func.array_agg(Stay.night).label("nights"))
        .join(Case, Case.id == EvictionLink.case_id)
        .join(Stay, Stay.guest_id == EvictionLink.guest_id)
        .where(EvictionLink.case_id == case_id)
        .group_by(EvictionLink.tenant_id, EvictionLink.id, Case.tenant_id, Case.id)
    )
    return [_asked(row.EvictionLink, "", row.Case, row.evicted_on, row.nights) for row in db.session.execute(query)]


def all_delays() -> list[int]:
    """Days lost of everybody whose consent holds and who came after the eviction. One statement."""
    query = (
        select(_evicted_on().label("evicted_on"), func.array_agg(Stay.night).label("nights"))
        .select_from(EvictionLink)
        .join(Case, Case.id == EvictionLink.case_id)
        .join(Stay, Stay.guest_id == EvictionLink.guest_id)
        .group_by(EvictionLink.tenant_id, EvictionLink.id, Case.tenant_id, Case.id)
    )
    found = [rules.days_lost(row.evicted_on, row.nights) for row in db.session.execute(query) if row.evicted_on]
    return [days for days in found if days is not None]
