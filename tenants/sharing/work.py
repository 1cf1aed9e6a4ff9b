"""What the acting organisation has to do in cases that others share with it: read as a guest, owner by owner.

One statement tells which cases are open to us; only when there are any, each owner is looked at with one more.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, or_, select

from app import tenancy
from app.database import db, read_once
from app.security.models import Membership, Tenant
from playbook.agreements.models import SharingAgreement
from tenants.cases.models import Case, Task
from tenants.sharing.models import CaseGrant
from tenants.sharing.visiting import glancing, open_to

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
    owners = _owners()
    if not owners:
        return []
    ours = tenancy.current_tenant_id()
    people = [user_id] if user_id is not None else _members()
    mine = or_(Task.assigned_to.in_(people), and_(Task.assigned_to.is_(None), Task.by_tenant == ours))
    due = or_(Task.due_on <= last, Task.remind_on <= now)
    found = []
    for (owner_id, name), grants in owners.items():
        with glancing(owner_id):
            rows = _read(list(grants), mine, due)
        found += [SharedTask(grants[row.case_id], name, row) for row in rows]
    return found


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
            Case.display_name, Case.address_line,
        )
        .join(Case, Case.id == Task.case_id)
        .where(Task.case_id.in_(case_ids), Task.done_at.is_(None), mine, due)
        .order_by(Task.due_on, Task.due_at, Task.id)
    )  # fmt: skip
    return db.session.execute(query.limit(MOST)).all()
