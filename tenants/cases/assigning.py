"""Who carries which case: giving cases to a colleague, without undoing what another did a moment before."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update

from app import tenancy
from app.database import transaction
from app.i18n import N_
from tenants.cases.models import Case
from tenants.cases.service import CaseError, NoSuchCaseError
from tenants.organisations.service import colleagues


@dataclass(frozen=True)
class Seen:
    """A case as the page showed it: who carried it then (a user id, None for nobody)."""

    case_id: uuid.UUID
    assigned_to: int | None


@dataclass(frozen=True)
class Taken:
    """A case that somebody else got in the meantime. by: user id of who carries it now, None for nobody."""

    case_id: uuid.UUID
    display_name: str
    by: int | None


class AssignedMeanwhileError(CaseError):
    """A colleague gave these cases to somebody after the page was shown; nothing was changed."""

    def __init__(self, taken: Sequence[Taken]) -> None:
        super().__init__(N_("A colleague assigned this case in the meantime."))
        self.taken = tuple(taken)


def check_colleague(user_id: int | None) -> None:
    """Raises CaseError for somebody who carries no cases here. A partner's guest may take something upon themself."""
    me = tenancy.current()
    if me.partner_id is not None and user_id == me.user_id:
        return
    if user_id is not None and user_id not in {user.id for user in colleagues()}:
        raise CaseError(N_("This person does not carry cases in your organisation. Choose somebody from the list."))


def assign_seen(seen: Sequence[Seen], user_id: int | None) -> None:
    """Give the cases to a colleague (None: to nobody), all or none of them.

    Raises NoSuchCaseError, CaseError for somebody who is no colleague, and AssignedMeanwhileError. A case that is
    already whose it should become is no conflict: two people wanted the same. The version stays, as with `assign`.
    """
    check_colleague(user_id)
    before = {each.case_id: each.assigned_to for each in seen}
    table = Case.__table__
    with transaction() as session:
        # In one order, so that two people who tick the same cases wait for each other instead of locking up.
        locked = (
            select(table.c.id, table.c.display_name, table.c.assigned_to)
            .where(table.c.id.in_(before))
            .order_by(table.c.id)
            .with_for_update()
        )
        rows = session.execute(locked).all()
        if len(rows) != len(before):
            raise NoSuchCaseError
        changed = [row for row in rows if row.assigned_to not in (before[row.id], user_id)]
        if changed:
            raise AssignedMeanwhileError([Taken(row.id, row.display_name, row.assigned_to) for row in changed])
        session.execute(update(table).where(table.c.id.in_(before)).values(assigned_to=user_id))
        for case in [o for o in session.identity_map.values() if isinstance(o, Case)]:
            session.expire(case)
