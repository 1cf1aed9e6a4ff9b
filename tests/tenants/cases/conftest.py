"""A case to work with, and a browser's way of sending a form."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from app.database import db, transaction
from app.security.roles import Role
from tenants.cases import attachments, notes, tasks
from tenants.cases.codes import Composition, LandlordKind, Market, PersonRole
from tenants.cases.facts import rebuild
from tenants.cases.intake import NewCase, NewDwelling, NewLandlord, NewPerson
from tenants.cases.models import Case, Dwelling, Person
from tenants.cases.opening import open_case
from tenants.cases.rules import address_line, display_name, search_text, sort_key
from tenants.petitions.models import Petition
from tenants.petitions.service import NewPetition, add_petitions, recompute

VERMEULEN = NewCase(
    persons=(
        NewPerson(
            "Vermeulen", "Dirk", insz="85073003328", birth_date=date(1985, 7, 30), phone="0470 99 88 77",
            email="dirk@voorbeeld.test",
        ),
        NewPerson("Vermeulen", "Lotte", PersonRole.CHILD),
    ),
    opened_on=date(2026, 11, 16),
    market=Market.PRIVATE,
    dwelling=NewDwelling("Torhoutsesteenweg", "41", "3", "8400", "Oostende", Decimal("780.00")),
    landlord=NewLandlord("Immo Kust", LandlordKind.PRIVATE_COMPANY),
    composition=Composition.SINGLE_PARENT,
    children=1,
    note="Beloofd om terug te bellen",
)  # fmt: skip
SEALED = ("85073003328", "85.07.30-033.28", "0470 99 88 77", "dirk@voorbeeld.test", "Beloofd om terug te bellen")


@dataclass(frozen=True)
class Made:
    """A case with one of everything, and the ids of its parts."""

    case_id: uuid.UUID
    person_id: uuid.UUID
    landlord_id: uuid.UUID
    attachment_id: uuid.UUID
    task_id: uuid.UUID

    @property
    def page(self) -> str:
        return f"/dossiers/{self.case_id}/"


@pytest.fixture
def inside() -> Callable[..., Any]:
    """with inside(organisation): services and queries as its social worker. Between requests, never around one:
    a request made within an application context would share what it remembers."""

    @contextmanager
    def enter(ocmw: Any, role: str = Role.SOCIAL_WORKER) -> Iterator[Any]:
        with ocmw.app.app_context(), ocmw.acting(role):
            yield db.session
            db.session.remove()

    return enter


@pytest.fixture
def make_case(inside: Any) -> Callable[..., Made]:
    """make_case(organisation): the case of Dirk Vermeulen with petition, task, file and note."""

    def make(ocmw: Any, new: NewCase = VERMEULEN, roll: str = "26A1187") -> Made:
        with inside(ocmw):
            with transaction():
                case_id = open_case(new)
                petition = NewPetition(
                    case_id, court="Oostende 1", roll_number=roll, received_on=date(2026, 11, 16),
                    arrears=Decimal("2340"), costs=Decimal("270"), hearing_at=datetime(2026, 12, 1, 9, 30),
                )  # fmt: skip
                add_petitions([petition])
                recompute([case_id])
            notes.add_note(case_id, "Een geheime notitie")
            made = Made(
                case_id,
                db.session.scalars(
                    select(Person.id).where(Person.case_id == case_id).order_by(Person.position)
                ).first(),
                db.session.scalar(select(Dwelling.landlord_id).where(Dwelling.case_id == case_id)),
                attachments.attach(case_id, "verzoekschrift.pdf", b"%PDF-1.7 inhoud"),
                tasks.add_task(tasks.NewTask("loonfiche van Dirk opvragen", date(2026, 12, 4), case_id=case_id)),
            )
        return made

    return make


@pytest.fixture
def send(csrf: Any) -> Callable[..., Any]:
    """send(client, address, field=value, …): a form sent by POST, with its token."""

    def post(client: Any, address: str, **data: Any) -> Any:
        form = {"csrf_token": csrf(client), **data}
        return client.post(address, data=form, content_type="multipart/form-data")

    return post


@pytest.fixture
def in_step(inside: Any) -> Callable[..., Case]:
    """in_step(organisation, case_id): the case as stored, its repeated columns and its facts compared with the rest."""

    def check(ocmw: Any, case_id: uuid.UUID) -> Case:
        with inside(ocmw):
            case = db.session.get(Case, case_id)
            persons = db.session.scalars(
                select(Person).where(Person.case_id == case_id).order_by(Person.position)
            ).all()
            home = db.session.scalar(select(Dwelling).where(Dwelling.case_id == case_id))
            rolls = db.session.scalars(select(Petition.roll_number).where(Petition.case_id == case_id))
            names = [display_name(p.last_name, p.first_name) for p in persons]
            address = address_line(home.street, home.house_number, home.box, home.postcode, home.municipality)
            assert [p.position for p in persons] == list(range(len(persons)))
            assert [p.role for p in persons].count("reference") == 1
            assert persons[0].role == "reference"
            assert case.display_name == names[0]
            assert case.sort_key == sort_key(persons[0].last_name, persons[0].first_name)
            assert case.address_line == address
            assert sorted(case.search_text.split()) == sorted(
                search_text([*names, address, case.number, *rolls]).split()
            )
            assert rebuild(ocmw.tenant.id, write=False)[1] == []
            db.session.expunge_all()
        return case

    return check
