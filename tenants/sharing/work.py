"""What the acting organisation has to do in cases that others share with it: read as a guest, owner by owner.

One statement tells which cases are open to us; only when there are any, each owner is looked at with one more.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Row, Select, and_, case, func, literal, or_, select

from app import tenancy
from app.database import db, read_once
from app.security.models import Membership, Tenant
from playbook.agreements.models import SharingAgreement
from tenants.cases.models import Case, Task
from tenants.sharing.models import CaseGrant
from tenants.sharing.visiting import glancing, open_to
from tenants.today.rules import Group, Horizon

MOST = 90  # tasks of one owner; more than anybody does in a week


@dataclass(frozen=True)
class SharedTask:
    """A task of ours in a case of another organisation. row: the task's columns with the case's name and address."""

    grant_id: uuid.UUID
    owner: str
    row: Row[Any]


def tasks(now: date, last: date, user_id: int | None) -> list[SharedTask]:
    """Our open tasks up to `last`, and those that remind of themselves already; of a person, or (None) of us all.

    A person's are their own and those that nobody took; tasks of the owner's own people are not ours.
    """
    due = or_(Task.due_on <= last, Task.remind_on <= now)
    return _listed(lambda: or_(_taken_by([user_id] if user_id is not None else _members()), _nobodys()), due)


def on_board(seen: Horizon, group: Group, *, everybody: bool, user_id: int | None) -> list[SharedTask]:
    """Our open tasks of a group of days: of everybody, of one person, or (user_id None) what nobody took."""
    day = _day(seen)
    due = {Group.LATE: day < seen.today, Group.TODAY: day == seen.today}.get(
        group, day.between(seen.after_today, seen.last)
    )
    if everybody:
        return _listed(lambda: or_(_taken_by(_members()), _nobodys()), due)
    return _listed(lambda: _nobodys() if user_id is None else _taken_by([user_id]), due)


def counted(seen: Horizon) -> list[tuple[int | None, int, int, int]]:
    """(whose, how many late, for today, for the rest of the week) of our open tasks, a line per person and owner."""
    day = _day(seen)

    def read(case_ids: Sequence[uuid.UUID], ours: ColumnElement[bool]) -> Rows:
        late, now, later = day < seen.today, day == seen.today, day > seen.today
        query: Any = select(Task.assigned_to, *(func.count().filter(each) for each in (late, now, later))).where(
            Task.case_id.in_(case_ids), Task.done_at.is_(None), ours, day <= seen.last
        )
        return db.session.execute(query.group_by(Task.assigned_to)).all()

    looked = _of_each_owner(lambda: or_(_taken_by(_members()), _nobodys()), read)
    return [(row[0], row[1], row[2], row[3]) for _name, _grants, rows in looked for row in rows]


def open_grants(tenant_id: Any, day: Any) -> Select[*tuple[Any, ...]]:
    """The grants that are open to an organisation on a day; asked within a statement of somebody else, of which both
    are parameters."""
    joined = select(CaseGrant.id).join(SharingAgreement, SharingAgreement.id == CaseGrant.agreement_id)
    return joined.where(open_to(tenant_id, day))


def _day(seen: Horizon) -> ColumnElement[date]:
    """The day under which a task stands; one that reminds of itself counts as for today."""
    reminds = and_(Task.due_on > seen.today, Task.remind_on <= seen.today)
    return case((reminds, literal(seen.today, Date)), else_=Task.due_on)


def _taken_by(people: Sequence[int]) -> ColumnElement[bool]:
    return Task.assigned_to.in_(people)


def _nobodys() -> ColumnElement[bool]:
    return and_(Task.assigned_to.is_(None), Task.by_tenant == tenancy.acting_organisation())


Mine = Callable[[], ColumnElement[bool]]  # asked as ourselves, before the first glance, and only when we are a guest
Rows = Sequence[Row[*tuple[Any, ...]]]


def _of_each_owner(
    mine: Mine, read: Callable[[Sequence[uuid.UUID], ColumnElement[bool]], Rows]
) -> list[tuple[str, dict[uuid.UUID, uuid.UUID], Rows]]:
    """Look at each owner in turn with a guest's sight: (its name, case -> grant, what `read` finds there of ours)."""
    owners = _owners()
    if not owners:
        return []
    ours, found = mine(), []
    for (owner_id, name), grants in owners.items():
        with glancing(owner_id):
            rows = read(list(grants), ours)
        found.append((name, grants, rows))
    return found


def _listed(mine: Mine, due: ColumnElement[bool]) -> list[SharedTask]:
    looked = _of_each_owner(mine, lambda case_ids, ours: _read(case_ids, ours, due))
    return [SharedTask(grants[row.case_id], name, row) for name, grants, rows in looked for row in rows]


@read_once
def _owners() -> dict[tuple[uuid.UUID, str], dict[uuid.UUID, uuid.UUID]]:
    """(owner, its name) -> case -> grant, of all that is open to the acting organisation now."""
    tenant_id = tenancy.current().tenant_id
    if tenant_id is None:
        return {}
    query = (
        select(CaseGrant.tenant_id, Tenant.name, CaseGrant.case_id, CaseGrant.id)
        .join(Tenant, Tenant.id == CaseGrant.tenant_id)
        .join(SharingAgreement, SharingAgreement.id == CaseGrant.agreement_id)
        .where(open_to(tenant_id))
        .order_by(Tenant.name)
    )
    found: dict[tuple[uuid.UUID, str], dict[uuid.UUID, uuid.UUID]] = {}
    for owner_id, name, case_id, grant_id in db.session.execute(query):
        found.setdefault((owner_id, name), {})[case_id] = grant_id
    return found


def _members() -> list[int]:
    query = select(Membership.user_id).where(Membership.tenant_id == tenancy.current_tenant_id())
    return list(db.session.scalars(query.distinct()))


def _read(case_ids: Sequence[uuid.UUID], mine: ColumnElement[bool], due: ColumnElement[bool]) -> Sequence[Row[Any]]:
    query: Any = (
        select(
            Task.id, Task.kind, Task.title, Task.due_on, Task.due_at, Task.remind_on, Task.case_id,
            Task.assigned_to, Case.display_name, Case.address_line,
        )
        .join(Case, Case.id == Task.case_id)
        .where(Task.case_id.in_(case_ids), Task.done_at.is_(None), mine, due)
        .order_by(Task.due_on, Task.due_at, Task.id)
    )  # fmt: skip
    return db.session.execute(query.limit(MOST)).all()
