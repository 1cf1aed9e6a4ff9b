"""What the team has to do, of whom, and giving it to somebody else; as many statements, however many cases."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Row,
    Select,
    String,
    Time,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from app import tenancy
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
    rows = db.session.execute(_counting(), {**_days(seen), "tenant": tenancy.current_tenant_id()}).all()
    own = {user_id: found for user_id, *numbers, _guest in rows if (found := Counts(*numbers)) != Counts()}
    return Counted(own, _shared(seen) if any(row[-1] for row in rows) else {})


GUEST = "guest"  # a line that says no more than that others share a case with us: it has no day


def _whether_guest() -> Select[*tuple[Any, ...]]:
    open_one = work.open_grants(bindparam("tenant", type_=Uuid), _day("today")).limit(1).subquery()
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
    asked = {**_days(seen), "user_id": whose.user_id, "skipped": (page - 1) * PAGE}
    found = db.session.execute(_listing(group, whose.everybody), asked).all()
    details = {
        what: _details(what, [row.id for row in found if row.what == what])
        for what in (What.TASK, What.DEADLINE, What.PLAN)
    }
    lines = [
        Line(What(row.what), row.due_on, row.assigned_to, detail)
        for row in found
        if (detail := details[What(row.what)].get(row.id)) is not None
    ]
    return BoardPage(lines, page, count)


def _days(seen: Horizon) -> dict[str, date]:
    """The days by which the statements below know the horizon."""
    return {"today": seen.today, "yesterday": seen.yesterday, "after_today": seen.after_today, "last": seen.last}


# The statements are long to build and the board is asked all day: each is built once per process, and gets its days,
# its person and its organisation as parameters.
Span = tuple[tuple[DeadlineKind, ...], str | None, str]  # kinds of deadline; of `_days` the first (None: any), the last
SPANS: dict[Group, Span] = {
    Group.LATE: (STAYS, None, "yesterday"),
    Group.TODAY: (TO_COME, "today", "today"),
    Group.WEEK: (TO_COME, "after_today", "last"),
}


@cache
def _counting() -> Select[Any]:
    spans = [SPANS[Group.LATE], (TO_COME, "today", "last")]
    to_do = union_all(*_to_do(spans, everybody=True), _whether_guest()).subquery()
    day, today = to_do.c.due_on, _day("today")
    return select(
        to_do.c.assigned_to,
        func.count().filter(day < today),
        func.count().filter(day == today),
        func.count().filter(day > today),
        func.bool_or(to_do.c.what == GUEST),
    ).group_by(to_do.c.assigned_to)


@cache
def _listing(group: Group, everybody: bool) -> Select[Any]:
    to_do = union_all(*_to_do([SPANS[group]], everybody=everybody)).subquery()
    order = (to_do.c.due_on, to_do.c.due_at.asc().nulls_last(), to_do.c.id)
    return select(to_do).order_by(*order).limit(PAGE).offset(bindparam("skipped", type_=Integer))


def _to_do(spans: Sequence[Span], *, everybody: bool) -> list[Any]:
    """Tasks, deadlines and steps of plans in these spans: what, id, due_on, due_at, assigned_to."""
    # A task that reminds of itself already counts as one for today.
    reminds = and_(Task.due_on > _day("today"), Task.remind_on <= _day("today"))
    day = case((reminds, _day("today")), else_=Task.due_on)
    tasks = select(
        literal(What.TASK.value, String).label("what"), Task.id, day.label("due_on"), Task.due_at, Task.assigned_to
    )
    tasks = tasks.where(
        Task.done_at.is_(None), or_(*(_between(day, span) for span in spans)), *_whose(Task.assigned_to, everybody)
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
            *_whose(Case.assigned_to, everybody),
        )
    )
    step_on = OutreachPlan.next_due_on
    plans = (
        select(literal(What.PLAN.value, String), OutreachPlan.id, step_on, no_hour, Case.assigned_to)
        .join(Case, Case.id == OutreachPlan.case_id)
        .where(or_(*(_between(step_on, span) for span in spans)), asked_by_plan(), *_whose(Case.assigned_to, everybody))
    )
    return [tasks, deadlines, plans]


def _day(name: str) -> Any:
    return bindparam(name, type_=Date)


def _whose(column: Any, everybody: bool) -> tuple[ColumnElement[bool], ...]:
    return () if everybody else (column.is_not_distinct_from(bindparam("user_id", type_=Integer)),)


def _between(column: Any, span: Span) -> ColumnElement[bool]:
    _kinds, first, last = span
    before: ColumnElement[bool] = column <= _day(last)
    return before if first is None else and_(column >= _day(first), before)


def _details(what: What, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Row[Any]]:
    """The rows behind these lines, by their id."""
    return {row.id: row for row in db.session.execute(_detailing(what), {"ids": ids})} if ids else {}


@cache
def _detailing(what: What) -> Any:
    of_case = (Case.display_name, Case.number)
    match what:
        case What.TASK:
            columns = (Task.id, Task.kind, Task.title, Task.due_on, Task.due_at, Task.case_id, Task.assigned_to)
            tasks: Any = select(*columns, Task.version, *of_case).outerjoin(Case, Case.id == Task.case_id)
            return with_origin(tasks.where(_among(Task.id)))
        case What.DEADLINE:
            row = (DeadlineRow.id, DeadlineRow.kind, DeadlineRow.due_on, Case.id.label("case_id"), Case.assigned_to)
            deadlines: Any = select(*row, *of_case, Case.reached_on, Case.attempts)
            return deadlines.join(Case, Case.id == DeadlineRow.case_id).where(_among(DeadlineRow.id))
        case What.PLAN:
            step = (OutreachPlan.id, OutreachPlan.state, OutreachPlan.moment, OutreachPlan.next_channel)
            plans: Any = select(*step, Case.id.label("case_id"), Case.assigned_to, *of_case)
            return plans.join(Case, Case.id == OutreachPlan.case_id).where(_among(OutreachPlan.id))


def _among(column: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column.in_(bindparam("ids", expanding=True))
    return found


def give(tasks: Sequence[SeenTask], cases: Sequence[Seen], user_id: int | None) -> None:
    """Give tasks and cases to a colleague, all or none.

    Raises NoSuchCaseError, CaseError, ChangedMeanwhileError (a task) and AssignedMeanwhileError (a case).
    """
    with transaction():
        if tasks:
            give_tasks(tasks, user_id)
        if cases:
            assign_seen(cases, user_id)
