"""A guest in another organisation's case: what is shared with us, and what we add to it.

`visiting` is the door, `glancing` looks through it: there the database answers as it does to a guest (app/guests.py).
A visit has transactions of its own, since the owner's trail is written for the owner's tenant when they commit.
"""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from app import tenancy
from app.audit.service import record_read
from app.database import db, read_once, transaction
from app.security.models import Tenant
from playbook.agreements.models import SharingAgreement
from playbook.agreements.rules import Part, State
from tenants.cases import notes, tasks
from tenants.cases.models import Case, Person, Task
from tenants.cases.service import NoSuchCaseError
from tenants.outreach.attempt import note_attempt
from tenants.outreach.service import NewAttempt
from tenants.petitions.course import today
from tenants.petitions.service import recompute
from tenants.sharing.codes import GrantState
from tenants.sharing.models import CaseGrant
from tenants.sharing.service import NoSuchGrantError, grant_state, parts_of

PAGE = 25


@dataclass(frozen=True)
class Guest:
    """A case that is shared with the acting organisation. `grant` is the row as a partner reads it."""

    grant: CaseGrant
    owner: Tenant
    agreement: SharingAgreement
    state: GrantState

    @property
    def parts(self) -> tuple[Part, ...]:
        return parts_of(self.grant.parts, self.agreement.parts)

    @property
    def is_open(self) -> bool:
        return self.state is GrantState.IN_FORCE


@dataclass(frozen=True)
class Line:
    """A shared case in the list. case: its own row's columns, None when it can't be read any more."""

    guest: Guest
    case: Any
    open_tasks: int


@contextmanager
def visiting(guest: Guest) -> Iterator[None]:
    """Act as a guest of the case's owner. What was open is committed first, what is done within at the end.

    Of the owner's rows nothing stays behind in the session, so that nobody finds them there later.
    """
    session, own, owner_id = db.session(), tenancy.current(), guest.owner.id
    session.commit()
    there = replace(own, tenant_id=owner_id, role=tenancy.PARTNER, partner_id=own.tenant_id)
    with tenancy.acting(there):
        try:
            yield
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            for row in [o for o in session if _is_of(o, owner_id)]:
                session.expunge(row)


@contextmanager
def glancing(owner_id: uuid.UUID) -> Iterator[None]:
    """Read columns as a guest of this owner, in the transaction that runs; nothing is written and nothing committed.

    For a page of our own that shows a line of theirs: the database answers as within `visiting`, then our own sight
    returns. What the page has pending waits outside, so that it is not written in the guest's name.
    """
    session, own = db.session(), tenancy.current()
    there = replace(own, tenant_id=owner_id, role=tenancy.PARTNER, partner_id=own.tenant_id)
    session.connection()  # begins the transaction as ourselves, if none runs
    with session.no_autoflush:
        tenancy.enter(there, session)
        try:
            yield
        except BaseException:
            tenancy.enter(own)  # the transaction is to be rolled back, and takes no word any more
            raise
        tenancy.enter(own, session)


def _is_of(row: object, owner_id: uuid.UUID) -> bool:
    """Whether the row is (or after a rollback may be) the owner's own; a grant is read by its partner too. Asks the
    database nothing: that would begin a transaction as a guest that outlives the visit."""
    if isinstance(row, CaseGrant) or not hasattr(type(row), "tenant_id"):
        return False
    return bool(vars(row).get("tenant_id", owner_id) == owner_id)


@contextmanager
def _for_the_owner() -> Iterator[None]:
    """Compute what follows from a guest's entry (deadlines, plans, facts) with the owner's own sight.

    A guest sees a part of the case only, and what is computed from a part would be wrong. Same transaction, same
    person in the trail; nothing that was asked by the guest is done in here, only what the portal itself computes.
    """
    guest, session = tenancy.current(), db.session()
    session.flush()
    tenancy.enter(replace(guest, role=tenancy.APP, partner_id=None), session)
    try:
        yield
        session.flush()
    except BaseException:
        tenancy.enter(guest)  # the transaction is to be rolled back, and takes no word any more
        raise
    tenancy.enter(guest, session)


def _recompute(case_ids: Iterable[uuid.UUID]) -> None:
    with _for_the_owner():
        recompute(case_ids)


# ---------------------------------------------------------------- what is shared with us

_JOINED = (
    select(CaseGrant, Tenant, SharingAgreement)
    .join(Tenant, Tenant.id == CaseGrant.tenant_id)
    .join(SharingAgreement, SharingAgreement.id == CaseGrant.agreement_id)
)


def open_to(tenant_id: Any, day: Any = None) -> ColumnElement[bool]:
    """The grant opens its case to this organisation on this day, today by itself (the database decides so again for
    every row). Both may be parameters of a statement that is built once."""
    day = today() if day is None else day
    return and_(
        CaseGrant.partner_id == tenant_id,
        CaseGrant.ended_at.is_(None),
        CaseGrant.starts_on <= day,
        or_(CaseGrant.ends_on.is_(None), CaseGrant.ends_on >= day),
        SharingAgreement.state == State.IN_FORCE,
        SharingAgreement.starts_on <= day,
        or_(SharingAgreement.ends_on.is_(None), SharingAgreement.ends_on >= day),
    )


@read_once
def count_shared() -> int:
    """How many cases are open to the acting organisation as a guest."""
    tenant_id = tenancy.current().tenant_id
    if tenant_id is None:
        return 0
    query = select(func.count(CaseGrant.id)).join(SharingAgreement, SharingAgreement.id == CaseGrant.agreement_id)
    return int(db.session.scalar(query.where(open_to(tenant_id))) or 0)


def find(grant_id: uuid.UUID) -> Guest:
    """What is (or was) shared with the acting organisation under this grant; raises NoSuchGrantError."""
    query = _JOINED.where(CaseGrant.id == grant_id, CaseGrant.partner_id == tenancy.current().tenant_id)
    found = db.session.execute(query).one_or_none()
    if found is None:
        raise NoSuchGrantError
    return _guest(*found)


def _guest(grant: CaseGrant, owner: Tenant, agreement: SharingAgreement) -> Guest:
    return Guest(grant, owner, agreement, grant_state(grant, agreement, today()))


def shared_with_us(page: int = 1) -> list[Line]:
    """A page of the open cases by their owner, the latest shared first within one.

    One visit, of two statements, per owner on the page: the network has as many as it has organisations.
    """
    query = _JOINED.where(open_to(tenancy.current_tenant_id()))
    rows = db.session.execute(
        query.order_by(Tenant.name, CaseGrant.granted_at.desc()).limit(PAGE).offset((page - 1) * PAGE)
    )
    by_owner: dict[uuid.UUID, list[Guest]] = {}
    for row in rows:
        by_owner.setdefault(row.Tenant.id, []).append(_guest(*row))
    lines: list[Line] = []
    for guests in by_owner.values():
        with visiting(guests[0]):
            lines += _lines(guests)
    return lines


_COLUMNS = (
    Case.id, Case.number, Case.display_name, Case.address_line, Case.state, Case.stage, Case.next_due_on,
    Case.next_due_kind, Case.assigned_to, Case.reached_on, Case.attempts,
)  # fmt: skip


def _lines(guests: Sequence[Guest]) -> list[Line]:
    ids = [guest.grant.case_id for guest in guests]
    cases = {row.id: row for row in db.session.execute(select(*_COLUMNS).where(Case.id.in_(ids)))}
    counted = select(Task.case_id, func.count()).where(Task.case_id.in_(ids), Task.done_at.is_(None))
    open_tasks: dict[Any, int] = dict(db.session.execute(counted.group_by(Task.case_id)).tuples().all())
    return [Line(guest, cases.get(guest.grant.case_id), open_tasks.get(guest.grant.case_id, 0)) for guest in guests]


# ---------------------------------------------------------------- within a visit


def opened(guest: Guest) -> None:
    """Record in the owner's trail that the guest opens the case."""
    with transaction():
        record_read("case_file", guest.grant.case_id, guest.grant.case_id, "guidance together")


def persons_of(case_id: uuid.UUID) -> Sequence[Any]:
    """The household's persons, without the columns that no guest may read."""
    query = select(*_PERSON).where(Person.case_id == case_id).order_by(Person.position, Person.id)
    return db.session.execute(query).all()


_PERSON = (
    Person.id, Person.role, Person.first_name, Person.last_name, Person.birth_date, Person.phone, Person.email,
)  # fmt: skip


def note(guest: Guest, body: str | None, promise: tasks.NewTask | None) -> None:
    """Write a note, a task, or both in the case. Raises CaseError."""
    with visiting(guest), transaction():
        if body:
            notes.add_note(guest.grant.case_id, body)
        if promise is not None:
            tasks.add_task(promise)


def attempt(guest: Guest, new: NewAttempt, finished: Sequence[uuid.UUID] = ()) -> None:
    """Keep an attempt of ours to reach the household. Raises AttemptError, NoSuchCaseError."""
    with visiting(guest):
        note_attempt(new, finished, follow=_recompute)


def finish(guest: Guest, task_id: uuid.UUID) -> None:
    """Mark a task of the case as done. Raises NoSuchCaseError."""
    with visiting(guest), transaction():
        if tasks.find_task(task_id).case_id != guest.grant.case_id:
            raise NoSuchCaseError
        tasks.finish(task_id)
        _recompute([guest.grant.case_id])
