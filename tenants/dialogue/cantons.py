"""Which municipality lies in which canton: the packaged list, corrected by what the network's organisations found out.

One function is one use case.
"""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import tenancy
from app.audit.models import AuditEvent
from app.database import db, read_once, transaction
from app.i18n import N_
from app.security.models import Tenant, utc_now
from tenants.dialogue import rules
from tenants.dialogue.codes import Coverage
from tenants.dialogue.errors import DialogueError, NotedError, NotFoundError
from tenants.dialogue.models import CantonStatement
from tenants.intake.places import municipality_of
from tenants.petitions.course import today

OCMW = "ocmw"


@dataclass(frozen=True)
class NewStatement:
    """What a registry answered. source: of whom, how and when ('griffie, telefoon 12/03/2026'); days both included."""

    canton: str
    nis: str
    covers: Coverage
    source: str
    valid_from: date | None = None
    valid_to: date | None = None


@read_once
def known() -> rules.Known:
    """The packaged list with what the acting network knows better. One statement for a whole page."""
    return rules.with_statements(rules.covered(), tuple(_covered(row) for row in statements()))


def of_postcode(postcode: str) -> list[str]:
    """The cantons in which an address may lie, by its postcode; none for a place that the portal does not know."""
    place = municipality_of(postcode or "")
    return rules.cantons_of(place.nis, today(), known()) if place else []


def statements(canton: str | None = None) -> list[CantonStatement]:
    """What the acting network's organisations stated and did not take back."""
    query = select(CantonStatement).where(
        CantonStatement.network_id == tenancy.current().network_id, CantonStatement.ended_at.is_(None)
    )
    if canton is not None:
        query = query.where(CantonStatement.canton == canton)
    return list(db.session.scalars(query.order_by(CantonStatement.stated_at)))


def _covered(row: CantonStatement) -> rules.Covered:
    place = rules.places().get(row.nis)
    return rules.Covered(
        row.canton,
        place.name if place else row.nis,
        row.nis,
        row.covers == Coverage.PART,
        "",
        row.source,
        row.valid_from,
        row.valid_to,
        excluded=row.covers == Coverage.NONE,
        stated=row.id,
    )


def to_ask() -> list[tuple[rules.Place, list[str]]]:
    """The municipalities of the network's OCMWs of which no canton is known, or only one to be asked, with that one."""
    codes = db.session.scalars(
        select(Tenant.nis).where(
            Tenant.network_id == tenancy.current().network_id, Tenant.kind == OCMW, Tenant.nis.is_not(None)
        )
    )
    now, day = known(), today()
    return [
        (place, rules.cantons_of(place.nis, day, now))
        for place in rules.to_ask((nis for nis in codes if nis), day, now)
    ]


def current(canton: str, nis: str) -> CantonStatement | None:
    """What is stated of this municipality and canton now."""
    return next((row for row in statements(canton) if row.nis == nis), None)


def state(new: NewStatement, seen: uuid.UUID | None) -> uuid.UUID:
    """Write down what was found out; the statement that stood there (`seen`) ends, and stays readable.

    Raises DialogueError (unknown canton or municipality, days that cannot be), and NotedError when something else
    than `seen` stands there now.
    """
    _check(new)
    try:
        with transaction() as session:
            before = current(new.canton, new.nis)
            if (before.id if before else None) != seen:
                raise NotedError
            if before is not None:
                _end(session, before)
            row = CantonStatement(
                canton=new.canton,
                nis=new.nis,
                covers=new.covers,
                valid_from=new.valid_from,
                valid_to=new.valid_to,
                source=new.source,
                organisation_id=tenancy.current_tenant_id(),
                stated_by=tenancy.current().user_id,
            )
            session.add(row)
            session.flush()
            _trail(session, "insert", row)
            return row.id
    except IntegrityError as error:
        if "uq_canton_statement" not in str(error.orig):
            raise
        raise NotedError from error


def _check(new: NewStatement) -> None:
    if new.canton not in rules.cantons():
        raise DialogueError(N_("Choose a canton from the list."))
    if new.nis not in rules.places():
        raise DialogueError(N_("We do not know this municipality. Choose one from the list."))
    if new.valid_from and new.valid_to and new.valid_to < new.valid_from:
        raise DialogueError(N_("The last day comes before the first one. Correct one of the two."))
    if new.covers == Coverage.NONE and (new.valid_from or new.valid_to):
        raise DialogueError(
            N_("Does it stop on a day? Choose the whole or a part, with the last day. If not, leave the days empty.")
        )


def withdraw(statement_id: uuid.UUID) -> str:
    """Take back a statement: what the list says counts again; the canton. Raises NotFoundError."""
    with transaction() as session:
        row = session.get(CantonStatement, statement_id, with_for_update=True)
        if row is None or row.ended_at is not None:
            raise NotFoundError
        _end(session, row)
        return row.canton


def _end(session: Session, row: CantonStatement) -> None:
    row.ended_at = utc_now()
    session.flush()
    _trail(session, "update", row)


def _trail(session: Session, act: str, row: CantonStatement) -> None:
    """Into the acting organisation's own trail: the triggers watch only what an organisation owns."""
    changes: dict[str, Any] = {"ended_at": [None, str(row.ended_at)]}
    if act == "insert":
        columns = ("canton", "nis", "covers", "valid_from", "valid_to", "source")
        changes = {name: [None, str(getattr(row, name))] for name in columns if getattr(row, name) is not None}
    session.add(AuditEvent(act=act, subject="canton_statement", subject_id=row.id, changes=changes, at=utc_now()))
