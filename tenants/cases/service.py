"""Changing a case: who and what it is about, who carries it, its end. One function is one use case.

Every change keeps what the case's own row repeats (`refresh_columns`), its deadlines and its facts in step.
Whoever edits names the `version` they saw: a change in between is told, never overwritten unseen.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session, joinedload

from app import tenancy
from app.crypto import blind_index
from app.database import db, transaction
from app.i18n import N_
from app.security.models import utc_now
from tenants.cases import closing as at_closing
from tenants.cases.codes import (
    CaseState,
    EvictionOutcome,
    Helped,
    HousingOutcome,
    Market,
    PersonRole,
    Reason,
    Source,
)
from tenants.cases.intake import NewCase, NewDwelling, NewHousehold, NewLandlord, NewPerson
from tenants.cases.models import Case, Dwelling, Household, Landlord, Person
from tenants.cases.opening import INSZ, landlord_ids, open_case, person_values
from tenants.cases.rules import address_line, display_name, search_text, sort_key
from tenants.organisations.service import colleagues
from tenants.petitions.models import Petition
from tenants.petitions.service import recompute


class CaseError(Exception):
    """A change of a case is refused; `message` is a msgid with `params`."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.params = params


class NoSuchCaseError(Exception):
    """There is no such case (or part of it) for the acting organisation."""


class ChangedMeanwhileError(CaseError):
    """Somebody else saved the case after this person opened it; `by` is their user id."""

    def __init__(self, by: int | None) -> None:
        super().__init__(N_("This case was changed in the meantime."))
        self.by = by


class LeftOpenError(CaseError):
    """Something in the case is not finished, and nobody said why it may stay so."""

    def __init__(self) -> None:
        super().__init__(N_("Say why you close the case while something is not finished."))


@dataclass(frozen=True)
class Grounds:
    """Why there is a case: where the sign came from and what threatens the home."""

    source: Source
    reason: Reason
    other_reasons: tuple[Reason, ...]
    market: Market
    opened_on: date


@dataclass(frozen=True)
class Closing:
    """How a case ends. `reason`: how it came to this, needed when an outcome is not known.

    left_open: why what nobody finished (`closing.left_open`) stays undone. answers: see `closing.Question`.
    """

    closed_on: date
    housing: HousingOutcome
    eviction: EvictionOutcome
    reason: str = ""
    helped: tuple[Helped, ...] = ()
    left_open: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LandlordDetails:
    """A landlord's own data. enterprise_number: KBO, ten digits; iban: checked, without spaces."""

    name: str
    kind: str
    enterprise_number: str | None = None
    contact_name: str | None = None
    address: str | None = None
    phone: str | None = None
    email: str | None = None
    iban: str | None = None


def find(case_id: uuid.UUID) -> Case:
    """The case, with its home and landlord, which every page of a case tells; raises NoSuchCaseError."""
    home = (joinedload(Case.household), joinedload(Case.dwelling).joinedload(Dwelling.landlord))
    case = db.session.get(Case, case_id, options=home)
    if case is None:
        raise NoSuchCaseError
    return case


def open_new(new: NewCase) -> uuid.UUID:
    """Open a case by hand, with its facts; its id."""
    with transaction():
        case_id = open_case(new)
        recompute([case_id])
    return case_id


@contextmanager
def changing(case_id: uuid.UUID, version: int | None) -> Iterator[tuple[Session, Case]]:
    """One change of a case, in one transaction; colleagues who change it too wait for its end.

    Raises NoSuchCaseError, and ChangedMeanwhileError when `version` is not the case's any more.
    """
    with transaction() as session:
        case = session.get(Case, case_id, with_for_update=True)
        if case is None:
            raise NoSuchCaseError
        if version is not None and case.version != version:
            raise ChangedMeanwhileError(case.changed_by)
        yield session, case
        case.changed_at, case.changed_by = utc_now(), tenancy.current().user_id
        session.flush()
        refresh_columns(session, case)
        session.flush()
        recompute([case.id])


def refresh_columns(session: Session, case: Case) -> None:
    """Write again what the case's row repeats of its persons, dwelling and roll numbers."""
    persons = _persons(session, case.id)
    dwelling = session.scalar(select(Dwelling).where(Dwelling.case_id == case.id))
    rolls = session.scalars(select(Petition.roll_number).where(Petition.case_id == case.id).order_by(Petition.id))
    names = [display_name(p.last_name, p.first_name) for p in persons]
    case.display_name = names[0]
    case.sort_key = sort_key(persons[0].last_name, persons[0].first_name)
    case.address_line = (
        address_line(dwelling.street, dwelling.house_number, dwelling.box, dwelling.postcode, dwelling.municipality)
        if dwelling
        else ""
    )
    case.search_text = search_text([*names, case.address_line, case.number, *rolls])


def _persons(session: Session, case_id: uuid.UUID) -> list[Person]:
    query = select(Person).where(Person.case_id == case_id).order_by(Person.position, Person.id)
    return list(session.scalars(query))


# ---------------------------------------------------------------- who lives there


def save_person(case_id: uuid.UUID, person_id: uuid.UUID | None, new: NewPerson, version: int | None) -> uuid.UUID:
    """Change a person of the household or (without `person_id`) add one; their id.

    There is one reference person: making somebody that turns the former one into another member.
    """
    with changing(case_id, version) as (session, _case):
        persons = _persons(session, case_id)
        person = next((p for p in persons if p.id == person_id), None)
        if person is None:
            if person_id is not None:
                raise NoSuchCaseError
            person = Person(case_id=case_id, position=len(persons))
            session.add(person)
            persons.append(person)
        for column, value in person_values(new).items():
            setattr(person, column, value)
        _put_in_order(persons, chosen=person)
    return person.id


def remove_person(case_id: uuid.UUID, person_id: uuid.UUID, version: int | None) -> None:
    """Take a person out of the household; the last one stays, since a case is about somebody."""
    with changing(case_id, version) as (session, _case):
        persons = _persons(session, case_id)
        person = next((p for p in persons if p.id == person_id), None)
        if person is None:
            raise NoSuchCaseError
        if len(persons) == 1:
            raise CaseError(N_("A case has at least one person. Change this person's data instead."))
        session.delete(person)
        _put_in_order([p for p in persons if p is not person])


def _put_in_order(persons: list[Person], chosen: Person | None = None) -> None:
    """The reference person first, and only one: `chosen` when that is their role, else the first who had it."""
    heads = [p for p in persons if p.role == PersonRole.REFERENCE] or persons[:1]
    head = chosen if chosen in heads else heads[0]
    head.role = PersonRole.REFERENCE
    for other in (p for p in heads if p is not head):
        other.role = PersonRole.OTHER
    for place, person in enumerate([head, *(p for p in persons if p is not head)]):
        person.position = place


def save_household(case_id: uuid.UUID, new: NewHousehold, version: int | None) -> None:
    """Change the household's composition, children, income and language."""
    with changing(case_id, version) as (session, _case):
        row = session.scalar(select(Household).where(Household.case_id == case_id))
        if row is None:
            row = Household(case_id=case_id)
            session.add(row)
        row.composition, row.children = new.composition, new.children
        row.net_income, row.language = new.net_income, new.language


def known_elsewhere(inszs: Sequence[str], except_case: uuid.UUID | None = None) -> list[Row[Any]]:
    """Other cases (id, number, display_name, state) in which one of these national numbers stands."""
    if not inszs:
        return []
    query = (
        select(Case.id, Case.number, Case.display_name, Case.state)
        .join(Person, Person.case_id == Case.id)
        .where(Person.insz_hash.in_([blind_index(insz, INSZ) for insz in inszs]))
        .distinct()
        .order_by(Case.number)
        .limit(10)  # a hint, not a list
    )
    if except_case is not None:
        query = query.where(Case.id != except_case)
    return list(db.session.execute(query))


# ---------------------------------------------------------------- the home and its owner


def save_dwelling(case_id: uuid.UUID, new: NewDwelling, landlord: NewLandlord | None, version: int | None) -> None:
    """Change the dwelling and whose it is: a landlord known by this name, else a new one; None takes it away."""
    with changing(case_id, version) as (session, _case):
        row = session.scalar(select(Dwelling).where(Dwelling.case_id == case_id))
        if row is None:
            row = Dwelling(case_id=case_id)
            session.add(row)
        for name, value in vars(new).items():
            setattr(row, name, value)
        ids = landlord_ids(session, [landlord]) if landlord else {}
        row.landlord_id = ids.get(sort_key(landlord.name)) if landlord else None


def landlord_names() -> list[str]:
    """The names of the organisation's landlords, to choose from; past 500 one types the name."""
    return list(db.session.scalars(select(Landlord.name).order_by(Landlord.sort_key).limit(500)))


def find_landlord(landlord_id: uuid.UUID) -> Landlord:
    """The landlord; raises NoSuchCaseError."""
    landlord = db.session.get(Landlord, landlord_id)
    if landlord is None:
        raise NoSuchCaseError
    return landlord


def cases_of_landlord(landlord_id: uuid.UUID) -> list[Row[Any]]:
    """The cases (id, number, display_name, state) of the landlord's dwellings, open ones first."""
    query = (
        select(Case.id, Case.number, Case.display_name, Case.state)
        .join(Dwelling, Dwelling.case_id == Case.id)
        .where(Dwelling.landlord_id == landlord_id)
        .order_by(Case.state.desc(), Case.sort_key)
        .limit(200)
    )
    return list(db.session.execute(query))


def save_landlord(landlord_id: uuid.UUID, new: LandlordDetails, version: int | None) -> None:
    """Change a landlord's data, in all its cases at once."""
    with transaction() as session:
        row = session.get(Landlord, landlord_id, with_for_update=True)
        if row is None:
            raise NoSuchCaseError
        if version is not None and row.version != version:
            raise ChangedMeanwhileError(None)
        for name, value in vars(new).items():
            setattr(row, name, value)
        row.sort_key = sort_key(new.name)


# ---------------------------------------------------------------- why, who, and the end


def save_grounds(case_id: uuid.UUID, new: Grounds, version: int | None) -> None:
    """Change where the sign came from, the reasons, the market and the day of opening."""
    with changing(case_id, version) as (_session, case):
        if case.closed_on is not None and new.opened_on > case.closed_on:
            raise CaseError(N_("The case can't have been opened after it was closed."))
        case.source, case.reason, case.market = new.source, new.reason, new.market
        case.other_reasons = [str(r) for r in new.other_reasons if r != new.reason]
        case.opened_on = new.opened_on


def assign(case_id: uuid.UUID, user_id: int | None) -> None:
    """Give the case to a colleague, or to nobody. The version stays: it hinders nobody who is typing in the case."""
    if user_id is not None and user_id not in {user.id for user in colleagues()}:
        raise CaseError(N_("This person does not carry cases in your organisation. Choose somebody from the list."))
    with transaction() as session:
        table = Case.__table__
        found = session.execute(
            update(table).where(table.c.id == case_id).values(assigned_to=user_id).returning(table.c.id)
        ).one_or_none()
        if found is None:
            raise NoSuchCaseError


def close(case_id: uuid.UUID, closing: Closing, version: int | None) -> None:
    """Close the case with its outcome."""
    unknown = closing.housing is HousingOutcome.UNKNOWN or closing.eviction is EvictionOutcome.UNKNOWN
    with changing(case_id, version) as (_session, case):
        if case.state == CaseState.CLOSED:
            raise CaseError(N_("This case is closed already."))
        if closing.closed_on < case.opened_on:
            raise CaseError(N_("The case can't be closed before it was opened."))
        if unknown and not closing.reason.strip():
            raise CaseError(N_("Say why the outcome is not known."))
        if at_closing.left_open(case_id) and not closing.left_open.strip():
            raise LeftOpenError
        case.state, case.closed_on = CaseState.CLOSED, closing.closed_on
        case.housing_outcome, case.eviction_outcome = closing.housing, closing.eviction
        case.closing_reason = closing.reason.strip() or None
        case.helped = sorted(closing.helped)
        case.left_open_reason = closing.left_open.strip() or None
        for watcher in at_closing.watchers():
            watcher.closed(case, closing.closed_on, closing.answers)


def reopen(case_id: uuid.UUID, version: int | None) -> None:
    """Open a closed case again; its outcome is taken back (the trail keeps it)."""
    with changing(case_id, version) as (_session, case):
        if case.state == CaseState.OPEN:
            raise CaseError(N_("This case is open already."))
        case.state, case.closed_on = CaseState.OPEN, None
        case.housing_outcome = case.eviction_outcome = case.closing_reason = case.left_open_reason = None
        case.helped = []
        for watcher in at_closing.watchers():
            watcher.reopened(case)
