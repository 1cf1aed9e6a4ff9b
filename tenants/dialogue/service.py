"""Keeping the partners of the dialogue, whom to call there, and the yearly talk. One function is one use case."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import tenancy
from app.database import db, transaction
from app.i18n import N_
from app.security.models import Tenant
from tenants.cases.codes import CaseState, LandlordKind, TaskKind
from tenants.cases.models import Case, Dwelling, Landlord, Task
from tenants.cases.rules import plain, search_text, search_words, sort_key
from tenants.cases.tasks import NewTask, add_task, finish
from tenants.dialogue import rules
from tenants.dialogue.cantons import known
from tenants.dialogue.codes import ContactRole, PartnerKind
from tenants.dialogue.errors import ChangedError, DialogueError, NotFoundError
from tenants.dialogue.models import DialogueAgreement, DialogueContact, FollowUp, Meeting, Partner
from tenants.petitions.codes import StageKey
from tenants.petitions.course import today
from tenants.petitions.models import Petition

PAGE = 25
T = TypeVar("T", Partner, DialogueAgreement, Meeting)


@dataclass(frozen=True)
class NewPartner:
    """canton: of a court, one of the packaged list; landlord_id: of a landlord, as the cases know it."""

    kind: PartnerKind
    name: str
    canton: str | None = None
    landlord_id: uuid.UUID | None = None
    note: str | None = None


@dataclass(frozen=True)
class NewContact:
    """At work only: phone, e-mail or both."""

    role: ContactRole
    name: str
    phone: str | None = None
    email: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Files:
    """The files with a partner: open cases, and how many per stage (only stages that occur)."""

    open: int
    stages: tuple[tuple[str, int], ...]


# ---------------------------------------------------------------- partners


def find(partner_id: uuid.UUID) -> Partner:
    """The partner; raises NotFoundError."""
    partner = db.session.get(Partner, partner_id)
    if partner is None:
        raise NotFoundError
    return partner


def partners(kind: PartnerKind, query: str, page: int) -> tuple[list[Partner], int]:
    """A page (from 1) of the partners in whose data every word of `query` stands, by name; and how many there are.

    The municipalities of a court's canton count as its data, as they are known now.
    """
    covered = [(each.canton, plain(each.municipality)) for each in known() if each.holds_on(today())] if query else []
    words = [
        Partner.search_text.contains(word, autoescape=True)
        | Partner.canton.in_({canton for canton, municipality in covered if word in municipality})
        for word in search_words(query)
    ]
    found = select(Partner).where(Partner.kind == kind, *words)
    count = db.session.scalar(select(func.count()).select_from(found.subquery())) or 0
    rows = db.session.scalars(found.order_by(Partner.sort_key).limit(PAGE).offset((page - 1) * PAGE))
    return list(rows), count


def save_partner(partner_id: uuid.UUID | None, new: NewPartner, version: int | None = None) -> uuid.UUID:
    """Add a partner or change one; the id.

    Raises NotFoundError, ChangedError, DialogueError (a name that is there already, an unknown canton).
    """
    if new.canton and new.canton not in rules.cantons():
        raise DialogueError(N_("Choose a canton from the list."))
    try:
        with transaction() as session:
            row = changing(session, Partner, partner_id, version) if partner_id else Partner(kind=new.kind)
            if new.landlord_id and session.get(Landlord, new.landlord_id) is None:
                raise NotFoundError
            row.name, row.sort_key, row.note = new.name, sort_key(new.name), new.note
            row.canton, row.landlord_id = new.canton, new.landlord_id
            session.add(row)
            session.flush()
            refresh_search(session, row)
            return row.id
    except IntegrityError as error:
        raise DialogueError(N_("There is a partner with this name already. Open that one.")) from error


def changing(session: Session, model: type[T], row_id: uuid.UUID, version: int | None) -> T:
    """The row to change, locked. Raises NotFoundError, and ChangedError when `version` is not the row's any more."""
    row = session.get(model, row_id, with_for_update=True)
    if row is None:
        raise NotFoundError
    if version is not None and row.version != version:
        raise ChangedError
    return row


def refresh_search(session: Session, partner: Partner) -> None:
    """Write again what the search looks in: names, canton, contacts, agreements."""
    session.flush()
    names = session.scalars(select(DialogueContact.name).where(DialogueContact.partner_id == partner.id))
    titles = session.scalars(select(DialogueAgreement.title).where(DialogueAgreement.partner_id == partner.id))
    partner.search_text = search_text([partner.name, partner.canton, *names, *titles])


def court_of(canton: str) -> uuid.UUID | None:
    """The organisation's partner for this canton, if it has one."""
    query = select(Partner.id).where(Partner.kind == PartnerKind.COURT, Partner.canton == canton)
    found: uuid.UUID | None = db.session.scalar(query.order_by(Partner.sort_key).limit(1))
    return found


def own_cantons() -> list[str]:
    """The cantons of the organisation's municipality that it has no partner for yet."""
    tenant = db.session.get(Tenant, tenancy.current_tenant_id())
    followed = set(db.session.scalars(select(Partner.canton).where(Partner.kind == PartnerKind.COURT)))
    near = rules.cantons_of(tenant.nis, today(), known()) if tenant and tenant.nis else []
    return [canton for canton in near if canton not in followed]


def other_landlords() -> list[Row[Any]]:
    """Social landlords (id, name) of cases that are not followed yet, by name."""
    followed = select(Partner.id).where(Partner.landlord_id == Landlord.id).exists()
    query = select(Landlord.id, Landlord.name).where(Landlord.kind == LandlordKind.WOONMAATSCHAPPIJ, ~followed)
    return list(db.session.execute(query.order_by(Landlord.sort_key).limit(50)))


def social_landlords() -> list[tuple[uuid.UUID, str]]:
    """All social landlords that cases know, to choose from."""
    query = select(Landlord.id, Landlord.name).where(Landlord.kind == LandlordKind.WOONMAATSCHAPPIJ)
    return [(row.id, row.name) for row in db.session.execute(query.order_by(Landlord.sort_key).limit(500))]


def files_of(listed: list[Partner]) -> dict[uuid.UUID, Files]:
    """The open cases of every partner, counted by the database: with that landlord, or before that court.

    Two statements, however many partners.
    """
    landlords = {p.landlord_id: p.id for p in listed if p.landlord_id}
    courts = {p.canton: p.id for p in listed if p.canton}
    of_landlord = (
        select(Dwelling.landlord_id, Case.stage, func.count())
        .join(Case, Case.id == Dwelling.case_id)
        .where(Dwelling.landlord_id.in_(landlords), Case.state == CaseState.OPEN)
        .group_by(Dwelling.landlord_id, Case.stage)
    )
    of_court = (
        select(Petition.court, Case.stage, func.count(Case.id.distinct()))
        .join(Case, Case.id == Petition.case_id)
        .where(Petition.court.in_(courts), Case.state == CaseState.OPEN)
        .group_by(Petition.court, Case.stage)
    )
    counted: dict[uuid.UUID, list[tuple[str, int]]] = {}
    for ids, query in ((landlords, of_landlord), (courts, of_court)):
        for key, stage, number in db.session.execute(query) if ids else ():
            counted.setdefault(ids[key], []).append((stage, number))
    return {p.id: _files(counted.get(p.id, [])) for p in listed}


def _files(stages: list[tuple[str, int]]) -> Files:
    """In the order of the procedure."""
    order = [str(stage) for stage in StageKey]
    return Files(sum(number for _stage, number in stages), tuple(sorted(stages, key=lambda each: order.index(each[0]))))


# ---------------------------------------------------------------- whom to call


def contacts_of(partner_id: uuid.UUID) -> list[DialogueContact]:
    """Whom to call there, by name."""
    query = select(DialogueContact).where(DialogueContact.partner_id == partner_id)
    return list(db.session.scalars(query.order_by(DialogueContact.name, DialogueContact.id)))


def find_contact(contact_id: uuid.UUID) -> DialogueContact:
    """The contact; raises NotFoundError."""
    contact = db.session.get(DialogueContact, contact_id)
    if contact is None:
        raise NotFoundError
    return contact


def save_contact(partner_id: uuid.UUID, contact_id: uuid.UUID | None, new: NewContact) -> None:
    """Add a contact of a partner or change one. Raises NotFoundError."""
    with _searchable(partner_id) as session:
        row = session.get(DialogueContact, contact_id) if contact_id else DialogueContact(partner_id=partner_id)
        if row is None:
            raise NotFoundError
        row.role, row.name, row.phone, row.email, row.note = new.role, new.name, new.phone, new.email, new.note
        session.add(row)


def remove_contact(contact_id: uuid.UUID) -> uuid.UUID:
    """Take a contact off; the partner's id. Raises NotFoundError."""
    partner_id = find_contact(contact_id).partner_id
    with _searchable(partner_id) as session:
        session.execute(delete(DialogueContact).where(DialogueContact.id == contact_id))
    return partner_id


@contextmanager
def _searchable(partner_id: uuid.UUID) -> Iterator[Session]:
    """A change of what belongs to a partner; afterwards the search finds it."""
    with transaction() as session:
        partner = session.get(Partner, partner_id, with_for_update=True)
        if partner is None:
            raise NotFoundError
        yield session
        refresh_search(session, partner)


# ---------------------------------------------------------------- the yearly talk


def plan_talk(partner_id: uuid.UUID, on: date | None, title: str) -> None:
    """Set when the next yearly talk is due; it stands as a task in Today under `title`. None: no talk is planned.

    Raises NotFoundError, and DialogueError for a day that is over.
    """
    if on is not None and on < today():
        raise DialogueError(N_("This day is over. Choose today or a day to come."))
    with transaction() as session:
        partner = session.get(Partner, partner_id, with_for_update=True)
        if partner is None:
            raise NotFoundError
        partner.next_talk_on = on
        task_id = _open_talk(session, partner_id)
        if on is None:
            if task_id is not None:
                finish(task_id)
        elif task_id is not None:
            session.execute(update(Task).where(Task.id == task_id).values(due_on=on))
        else:
            me = tenancy.current().user_id
            task_id = add_task(NewTask(title, on, TaskKind.FOLLOW_UP, assigned_to=me))
            session.add(FollowUp(partner_id=partner_id, task_id=task_id))


def talk_held(session: Session, partner: Partner, held_on: date, title: str) -> None:
    """The yearly talk took place: its task is done, the next one is due a year later; in the caller's transaction."""
    task_id = _open_talk(session, partner.id)
    if task_id is not None:
        finish(task_id)
    plan_talk(partner.id, max(rules.a_year_later(held_on), today()), title)


def _open_talk(session: Session, partner_id: uuid.UUID) -> uuid.UUID | None:
    query = (
        select(Task.id)
        .join(FollowUp, FollowUp.task_id == Task.id)
        .where(FollowUp.partner_id == partner_id, FollowUp.decision_id.is_(None), Task.done_at.is_(None))
    )
    found: uuid.UUID | None = session.scalar(query.limit(1))
    return found
