"""What the tests of the daily work share: a case with a procedure, a browser that sends forms, a fixed day."""

import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.database import db, transaction
from app.security.roles import Role
from tenants.cases.codes import Channel, ContactResult
from tenants.cases.facts import rebuild
from tenants.cases.intake import NewCase, NewDwelling, NewPerson
from tenants.cases.models import Case
from tenants.cases.opening import open_case
from tenants.outreach.service import NewAttempt, add_attempts
from tenants.petitions.models import DeadlineRow, Hearing
from tenants.petitions.service import NewPetition, add_petitions, day_to_utc, recompute

# A Tuesday, ten o'clock in Belgium.
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Proceeding:
    """A case with a petition, and its first hearing if it has one."""

    case_id: uuid.UUID
    petition_id: uuid.UUID
    hearing_id: uuid.UUID | None


@pytest.fixture
def on_tuesday() -> Iterator[None]:
    """It is Tuesday 24 November 2026, ten o'clock."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def proceeding(app: Flask) -> Callable[..., Proceeding]:
    """Open a case with a petition: proceeding(ocmw, "Vermeulen", hearing_at=…, reached_on=…, assigned_to=…)."""

    def make(
        organisation: Any,
        name: str = "Vermeulen",
        *,
        role: str = Role.SOCIAL_WORKER,
        reached_on: date | None = None,
        assigned_to: Any = "me",
        **petition: Any,
    ) -> Proceeding:
        user = organisation.users[role].id
        given = {"court": "Oostende 1", "received_on": date(2026, 11, 16), "arrears": Decimal("2340.00")} | petition
        with app.app_context(), organisation.acting(role), transaction() as session:
            case_id = open_case(
                NewCase(
                    persons=(NewPerson(name, "Dirk"),),
                    opened_on=date(2026, 11, 16),
                    dwelling=NewDwelling("Torhoutsesteenweg", "41", "", "8400", "Oostende"),
                    assigned_to=user if assigned_to == "me" else assigned_to,
                )
            )
            (petition_id,) = add_petitions([NewPetition(case_id, **given)])
            if reached_on:
                at = day_to_utc(reached_on)
                add_attempts([NewAttempt(case_id, at, Channel.PHONE, ContactResult.REACHED)])
            recompute([case_id])
            hearing_id = session.scalar(select(Hearing.id).where(Hearing.petition_id == petition_id))
        with app.app_context():
            db.session.remove()
        return Proceeding(case_id, petition_id, hearing_id)

    return make


@pytest.fixture
def reading(app: Flask) -> Callable[..., Any]:
    """Look in the database as an organisation: `with reading(ocmw): ...`."""

    @contextmanager
    def look(organisation: Any, role: str = Role.SOCIAL_WORKER) -> Iterator[None]:
        with app.app_context(), organisation.acting(role):
            yield
            db.session.remove()

    return look


@pytest.fixture
def deadlines_of(reading: Any) -> Callable[..., dict[str, date]]:
    """The deadlines of a case by kind; asserts on the way that the facts agree with the case."""

    def look(organisation: Any, case_id: uuid.UUID) -> dict[str, date]:
        with reading(organisation):
            assert rebuild(organisation.tenant.id, write=False)[1] == []
            rows = db.session.scalars(select(DeadlineRow).where(DeadlineRow.case_id == case_id))
            return {row.kind: row.due_on for row in rows}

    return look


@pytest.fixture
def case_row(reading: Any) -> Callable[..., Case]:
    """The row of a case, as lists show it."""

    def look(organisation: Any, case_id: uuid.UUID) -> Case:
        with reading(organisation):
            found = db.session.get(Case, case_id)
            assert found is not None
            db.session.expunge(found)
            return found

    return look


@pytest.fixture
def send(csrf: Callable[[FlaskClient], str]) -> Callable[..., Any]:
    """Send a form as a browser does: send(client, address, day="2026-11-24", present=["tenant"])."""

    def post(client: FlaskClient, address: str, **fields: Any) -> Any:
        return client.post(address, data={**fields, "csrf_token": csrf(client)})

    return post


def words(page: Any) -> str:
    """What a reader sees of a page: its main part without tags, in single spaces."""
    text = page.get_data(as_text=True)
    main = text[text.index("<main") : text.index("</main>")] if "<main" in text else text
    return " ".join(re.sub(r"<[^>]+>", " ", main).replace("&#39;", "'").replace("&amp;", "&").split())


@pytest.fixture
def read() -> Callable[[Any], str]:
    """What a reader sees of a page."""
    return words
