"""The list of cases: one query on one table, since `case_file` repeats what a list shows. And the kept filters."""

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from app import tenancy
from app.database import db, transaction
from app.identifiers import uuid7
from tenants.cases.codes import CaseState
from tenants.cases.filters import CaseFilter, Reached, Shown, Sort, Whose
from tenants.cases.models import Case, SavedFilter
from tenants.cases.rules import search_words

PAGE_SIZE = 25  # a screen and a half: one scrolls, one does not search
LIST = "cases"  # the name of this list among kept filters

CaseRow = Row[*tuple[Any, ...]]  # with the columns below

# Only these: a list opens no sealed column.
COLUMNS = (
    Case.id, Case.number, Case.state, Case.display_name, Case.address_line, Case.stage, Case.hearing_at,
    Case.next_due_on, Case.next_due_kind, Case.reached_on, Case.attempts, Case.reason, Case.market,
    Case.assigned_to, Case.opened_on, Case.closed_on,
)  # fmt: skip
ORDER: dict[Sort, tuple[ColumnElement[Any], ...]] = {
    Sort.DUE: (Case.next_due_on.asc(), Case.id.asc()),  # a case without a next day comes last
    Sort.NAME: (Case.sort_key.asc(), Case.id.asc()),
    Sort.NEWEST: (Case.opened_on.desc(), Case.id.desc()),
}


@dataclass(frozen=True)
class CasePage:
    """A page of the list: rows with the columns of `COLUMNS`, its number from 1, and how many there are in all."""

    rows: list[CaseRow]
    page: int
    count: int


def list_cases(wanted: CaseFilter, page: int = 1) -> CasePage:
    """A page of the cases that `wanted` asks for; a page past the last one shows the last one."""
    conditions = _conditions(wanted)
    count = db.session.scalar(select(func.count()).select_from(Case).where(*conditions)) or 0
    page = max(1, min(page, -(-count // PAGE_SIZE)))
    query = _ordered(wanted, conditions).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    return CasePage(list(db.session.execute(query)) if count else [], page, count)


def all_cases(wanted: CaseFilter) -> list[CaseRow]:
    """Every case that `wanted` asks for, to export."""
    return list(db.session.execute(_ordered(wanted, _conditions(wanted))))


def _ordered(wanted: CaseFilter, conditions: list[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    return select(*COLUMNS).where(*conditions).order_by(*ORDER[wanted.sort])


def _conditions(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        Case.search_text.contains(word, autoescape=True) for word in search_words(wanted.q)
    ]
    if wanted.state is not Shown.ALL:
        found.append(Case.state == (CaseState.OPEN if wanted.state is Shown.OPEN else CaseState.CLOSED))
    if wanted.whose == Whose.NOBODY:
        found.append(Case.assigned_to.is_(None))
    elif wanted.whose != Whose.TEAM:
        found.append(Case.assigned_to == _user_id(wanted))
    for column, code in ((Case.stage, wanted.stage), (Case.reason, wanted.reason), (Case.market, wanted.market)):
        if code is not None:
            found.append(column == code)
    if wanted.reached is not None:
        reached = Case.reached_on.is_not(None)
        found.append(reached if wanted.reached is Reached.YES else ~reached)
    if wanted.opened_from is not None:
        found.append(Case.opened_on >= wanted.opened_from)
    if wanted.opened_to is not None:
        found.append(Case.opened_on <= wanted.opened_to)
    return found


def _user_id(wanted: CaseFilter) -> int | None:
    return tenancy.current().user_id if wanted.whose == Whose.MINE else int(wanted.whose)


# ---------------------------------------------------------------- filters that a person keeps


def kept_filters() -> list[SavedFilter]:
    """The acting person's filters of this list, by name."""
    query = select(SavedFilter).where(SavedFilter.user_id == tenancy.current().user_id, SavedFilter.list_name == LIST)
    return list(db.session.scalars(query.order_by(SavedFilter.name)))


def keep_filter(name: str, wanted: CaseFilter) -> None:
    """Keep the filter under a name; the same name replaces what it stood for."""
    row = {
        "tenant_id": tenancy.current_tenant_id(),
        "id": uuid7(),
        "user_id": tenancy.current().user_id,
        "list_name": LIST,
        "name": name,
        "query": wanted.query(),
    }
    statement = insert(SavedFilter).values(row)
    replaced = statement.on_conflict_do_update(constraint="uq_saved_filter", set_={"query": statement.excluded.query})
    with transaction() as session:
        session.execute(replaced)


def forget_filter(filter_id: uuid.UUID) -> bool:
    """Forget one of the acting person's filters; False when they have no such one."""
    own = (SavedFilter.id == filter_id, SavedFilter.user_id == tenancy.current().user_id)
    with transaction() as session:
        return session.execute(delete(SavedFilter).where(*own).returning(SavedFilter.id)).first() is not None
