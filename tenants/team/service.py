"""What the team has to do, of whom, and giving it to somebody else; as many statements, however many cases."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Row,
    Select,
    String,
    Time,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from app.database import db, transaction
from tenants.cases.assigning import Seen, assign_seen
from tenants.cases.models import Case, Task
from tenants.cases.tasks import SeenTask, give_tasks
from tenants.outreach.models import OutreachPlan
from tenants.petitions.codes import DeadlineKind
from tenants.petitions.models import DeadlineRow
from tenants.scenarios.origin import with_origin
from tenants.sharing import work
from tenants.today.rules import Group, Horizon
from tenants.today.service import COMES, STAYS, asked_by_deadline, asked_by_plan

PAGE = 50
# A hearing stands here case by case: somebody of the team goes along to each.
TO_COME = (*COMES, DeadlineKind.HEARING)


@dataclass(frozen=True)
class Whose:
    """Of whom the board shows the work: of everybody, of one person, or (user_id None) what nobody carries."""

    everybody: bool = True
    user_id: int | None = None

    def of(self, column: Any) -> tuple[ColumnElement[bool], ...]:
        return () if self.everybody else (column.is_not_distinct_from(self.user_id),)


EVERYBODY = Whose()


@dataclass(frozen=True)
class Counts:
    """How much is late, for today, and for the rest of the week."""

    late: int = 0
    today: int = 0
    week: int = 0

    def of(self, group: Group) -> int:
        return {Group.LATE: self.late, Group.TODAY: self.today, Group.WEEK: self.week}[group]

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.late + other.late, self.today + other.today, self.week + other.week)


class What(StrEnum):
    """What kind of line it is: a task, a deadline of a case, or the next step of its outreach plan."""

    TASK = "task"
    DEADLINE = "deadline"
    PLAN = "plan"


@dataclass(frozen=True)
class Line:
    """Something to do. assigned_to: whose it is; row: the columns of the task, of the deadline or of the plan."""

    what: What
    due_on: date
    assigned_to: int | None
    row: Row[Any]


@dataclass(frozen=True)
class BoardPage:
    """A page of a group, and how many lines there are in all."""

    lines: list[Line]
    page: int
    count: int


@dataclass(frozen=True)
class Counted:
    """How much there is to do by whom it is (None: nobody's): in our own cases, and in those that others share."""

    own: dict[int | None, Counts]
    shared: dict[int | None, Counts]

    def of(self, whose: Whose) -> tuple[Counts, Counts]:
        """(in our own cases, in those of others)."""
        pair = []
        for counted in (self.own, self.shared):
            listed = counted.values() if whose.everybody else [counted.get(whose.user_id, Counts())]
            pair.append(sum(listed, Counts()))
        return pair[0], pair[1]

    def together(self) -> dict[int | None, Counts]:
        nothing = Counts()
        return {who: self.own.get(who, nothing) + self.shared.get(who, nothing) for who in {**self.own, **self.shared}}


def counts(seen: Horizon) -> Counted:
    """What everybody has to do up to the horizon. One statement, unless the organisation is a guest somewhere."""
    spans = [_late(seen), _coming(seen.today, seen.last)]
    to_do = union_all(*_to_do(seen, spans, EVERYBODY), _whether_guest()).subquery()
    is_guest, day = to_do.c.what == GUEST, to_do.c.due_on
    query = select(
        to_do.c.assigned_to,
        func.count().filter(day < seen.today),
        func.count().filter(day == seen.today),
        func.count().filter(day > seen.today),
        func.bool_or(is_guest),
    ).group_by(to_do.c.assigned_to)
    rows = db.session.execute(query).all()
    own = {user_id: found for user_id, *numbers, _guest in rows if (found := Counts(*numbers)) != Counts()}
    return Counted(own, _shared(seen) if any(row[-1] for row in rows) else {})


GUEST = "guest"  # a line that says no more than that others share a case with us: it has no day


def _whether_guest() -> Select[*tuple[Any, ...]]:
    open_one = work.open_to_us().limit(1).subquery()
    empty = [cast(null(), kind) for kind in (Date, Time, Integer)]
    return select(literal(GUEST, String).label("what"), open_one.c.id, *empty)


def _shared(seen: Horizon) -> dict[int | None, Counts]:
    found: dict[int | None, Counts] = {}
    for user_id, *numbers in work.counted(seen):
        found[user_id] = found.get(user_id, Counts()) + Counts(*numbers)
    return found


def shared_lines(seen: Horizon, group: Group, whose: Whose) -> list[work.SharedTask]:
    """What is to be done as a guest, of the group that the board shows; asked when `counts` tells of any."""
    return work.on_board(seen, group, everybody=whose.everybody, user_id=whose.user_id)


def board(seen: Horizon, group: Group, whose: Whose, count: int, page: int = 1) -> BoardPage:
    """A page of what is to be done, the soonest first; `count` is of `counts`. At most four statements."""
    page = max(1, min(page, -(-count // PAGE)))
    if not count:
        return BoardPage([], 1, 0)
    spans = {
        Group.LATE: _late(seen),
        Group.TODAY: _coming(seen.today, seen.today),
        Group.WEEK: _coming(seen.after_today, seen.last),
    }
    to_do = union_all(*_to_do(seen, [spans[group]], whose)).subquery()
    order = (to_do.c.due_on, to_do.c.due_at.asc().nulls_last(), to_do.c.id)
    found = db.session.execute(select(to_do).order_by(*order).limit(PAGE).offset((page - 1) * PAGE)).all()
    details = {
        what: read([row.id for row in found if row.what == what])
        for what, read in ((What.TASK, _tasks), (What.DEADLINE, _deadlines), (What.PLAN, _plans))
    }
    lines = [
        Line(What(row.what), row.due_on, row.assigned_to, detail)
        for row in found
        if (detail := details[What(row.what)].get(row.id)) is not None
    ]
    return BoardPage(lines, page, count)


Span = tuple[tuple[DeadlineKind, ...], date | None, date]  # kinds of deadline, first day (None: any), last day


def _late(seen: Horizon) -> Span:
    return STAYS, None, seen.yesterday


def _coming(first: date, last: date) -> Span:
    return TO_COME, first, last


def _to_do(seen: Horizon, spans: Sequence[Span], whose: Whose) -> list[Any]:
    """Tasks, deadlines and steps of plans in these spans: what, id, due_on, due_at, assigned_to."""
    # A task that reminds of itself already counts as one for today.
    reminds = and_(Task.due_on > seen.today, Task.remind_on <= seen.today)
    day = case((reminds, literal(seen.today, Date)), else_=Task.due_on)
    tasks = select(
        literal(What.TASK.value, String).label("what"), Task.id, day.label("due_on"), Task.due_at, Task.assigned_to
    )
    tasks = tasks.where(
        Task.done_at.is_(None), or_(*(_between(day, span) for span in spans)), *whose.of(Task.assigned_to)
    )
    no_hour = cast(null(), Time).label("due_at")
    deadlines = (
        select(
            literal(What.DEADLINE.value, String).label("what"),
            DeadlineRow.id,
            DeadlineRow.due_on,
            no_hour,
            Case.assigned_to,
        )
        .join(Case, Case.id == DeadlineRow.case_id)
        .where(
            or_(*(and_(DeadlineRow.kind.in_(span[0]), _between(DeadlineRow.due_on, span)) for span in spans)),
            asked_by_deadline(),
            *whose.of(Case.assigned_to),
        )
    )
    step_on = OutreachPlan.next_due_on
    plans = (
        select(literal(What.PLAN.value, String), OutreachPlan.id, step_on, no_hour, Case.assigned_to)
        .join(Case, Case.id == OutreachPlan.case_id)
        .where(or_(*(_between(step_on, span) for span in spans)), asked_by_plan(), *whose.of(Case.assigned_to))
    )
    return [tasks, deadlines, plans]


def _between(column: Any, span: Span) -> ColumnElement[bool]:
    _kinds, first, last = span
    before: ColumnElement[bool] = column <= last
    return before if first is None else and_(column >= first, before)


def _tasks(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Row[Any]]:
    query: Any = (
        select(
            Task.id, Task.kind, Task.title, Task.due_on, Task.due_at, Task.case_id, Task.assigned_to, Task.version,
            Case.display_name, Case.number,
        )
        .outerjoin(Case, Case.id == Task.case_id)
        .where(Task.id.in_(ids))
    )  # fmt: skip
    return {row.id: row for row in db.session.execute(with_origin(query))} if ids else {}


def _deadlines(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Row[Any]]:
    query: Any = (
        select(
            DeadlineRow.id, DeadlineRow.kind, DeadlineRow.due_on, Case.id.label("case_id"), Case.assigned_to,
            Case.display_name, Case.number, Case.reached_on, Case.attempts,
        )
        .join(Case, Case.id == DeadlineRow.case_id)
        .where(DeadlineRow.id.in_(ids))
    )  # fmt: skip
    return {row.id: row for row in db.session.execute(query)} if ids else {}


def _plans(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Row[Any]]:
    query: Any = (
        select(
            OutreachPlan.id, OutreachPlan.state, OutreachPlan.moment, OutreachPlan.next_channel,
            Case.id.label("case_id"), Case.assigned_to, Case.display_name, Case.number,
        )
        .join(Case, Case.id == OutreachPlan.case_id)
        .where(OutreachPlan.id.in_(ids))
    )  # fmt: skip
    return {row.id: row for row in db.session.execute(query)} if ids else {}


def give(tasks: Sequence[SeenTask], cases: Sequence[Seen], user_id: int | None) -> None:
    """Give tasks and cases to a colleague, all or none.

    Raises NoSuchCaseError, CaseError, ChangedMeanwhileError (a task) and AssignedMeanwhileError (a case).
    """
    with transaction():
        if tasks:
            give_tasks(tasks, user_id)
        if cases:
            assign_seen(cases, user_id)
