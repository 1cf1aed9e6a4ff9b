"""What is to be done today: a few indexed queries over all cases, none per row.

Whose: of one person that is their own work and what nobody carries yet, so that nothing falls between two chairs.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Row,
    Select,
    and_,
    bindparam,
    distinct,
    func,
    or_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from app.database import db
from tenants.cases.codes import CaseState
from tenants.cases.models import Case, Task
from tenants.outreach.codes import PlanState, StepState
from tenants.outreach.models import OutreachPlan, OutreachStep
from tenants.petitions.codes import DeadlineKind, StageKey
from tenants.petitions.models import DeadlineRow, Hearing, Petition
from tenants.petitions.service import local_to_utc
from tenants.scenarios.origin import with_origin
from tenants.today.rules import Horizon

Line = Row[*tuple[Any, ...]]
At = DateTime(timezone=True)

# What stays to be done when its day is over; the other days are then history.
STAYS = (DeadlineKind.FIRST_CONTACT, DeadlineKind.HEARING, DeadlineKind.GOODS_STORED)
# Days to come that ask for something. Hearings to come are shown per court and hour.
COMES = (
    DeadlineKind.FIRST_CONTACT, DeadlineKind.OPPOSITION, DeadlineKind.APPEAL, DeadlineKind.EARLIEST_EVICTION,
    DeadlineKind.EARLIEST_AFTER_NOTICE, DeadlineKind.PLANNED_EVICTION, DeadlineKind.GOODS_KEPT,
    DeadlineKind.GOODS_STORED,
)  # fmt: skip
# Plans to reach a household that ask for a step, or for a decision.
ASKING = (PlanState.RUNNING, PlanState.EXHAUSTED)
MOST = 30  # rows per group: more than anybody does in a day; the rest is counted
AHEAD = timedelta(days=21)  # the hearings beside the list


@dataclass(frozen=True)
class Counts:
    """How many things there are per group, all of them, shown or not."""

    late: int
    today: int


@dataclass(frozen=True)
class Session:
    """The cases that one court hears at one hour. names: 'Vermeulen, Dirk', by name."""

    at: datetime
    hour_known: bool
    court: str
    cases: int
    not_reached: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class NewCases:
    """Cases with a petition that nobody carries yet, and when the last of them came in.

    none_ever: the organisation has not opened a case yet; who starts needs another word than who is at rest.
    """

    count: int
    last_at: datetime | None
    none_ever: bool


def counts(now: date, user_id: int | None) -> Counts:
    """How much is late and how much is for today; of a person, or (None) of the team. One statement."""
    values = {"now": now, "first": _start_of(now), "after": _start_of(now + timedelta(days=1)), "me": user_id}
    if user_id is None:
        del values["me"]
    row = db.session.execute(_counting(user_id is not None), values).one()
    return Counts(row.late, row.today)


@cache
def _counting(of_person: bool) -> Select[*tuple[Any, ...]]:
    """The statement of `counts`, which every page asks for its menu: building it takes longer than its answer."""
    now, first, after = bindparam("now", type_=Date), bindparam("first", type_=At), bindparam("after", type_=At)
    me = bindparam("me", type_=Integer) if of_person else None
    late = _count(_stays(now, me)) + _count(_tasks(me).where(Task.due_on < now))
    late += _count(_plans(me).where(OutreachPlan.next_due_on < now))
    due = _deadlines(me).where(DeadlineRow.kind.in_(COMES), DeadlineRow.due_on == now)
    hearings = (
        select(func.count(distinct(tuple_(Hearing.at, Petition.court))))
        .select_from(_hearings())
        .where(*_to_come(first, after, me))
        .scalar_subquery()
    )
    asked = or_(Task.due_on == now, and_(Task.due_on > now, Task.remind_on <= now))
    today = _count(due) + _count(_tasks(me).where(asked)) + hearings
    today += _count(_plans(me).where(OutreachPlan.next_due_on == now))
    return select(late.label("late"), today.label("today"))


def _count(query: Select[*tuple[Any, ...]]) -> Any:
    return query.with_only_columns(func.count(), maintain_column_froms=True).scalar_subquery()


def deadlines(seen: Horizon, user_id: int | None) -> list[Line]:
    """The deadlines that are late (the most of them) and those up to the horizon, the soonest first."""
    late = _stays(seen.today, user_id).order_by(DeadlineRow.due_on, DeadlineRow.id).limit(MOST)
    coming = (
        _deadlines(user_id)
        .where(DeadlineRow.kind.in_(COMES), DeadlineRow.due_on.between(seen.today, seen.last))
        .order_by(DeadlineRow.due_on, DeadlineRow.id)
        .limit(2 * MOST)
    )
    return list(db.session.execute(union_all(late, coming)))


def _deadlines(user_id: int | BindParameter[int] | None) -> Select[*tuple[Any, ...]]:
    roll = (
        select(Petition.roll_number)
        .where(Petition.case_id == Case.id)
        .order_by(Petition.id.desc())
        .limit(1)
        .correlate(Case)
        .scalar_subquery()
    )
    return (
        select(
            DeadlineRow.kind,
            DeadlineRow.due_on,
            DeadlineRow.explanation,
            Case.id.label("case_id"),
            Case.display_name,
            Case.address_line,
            Case.reached_on,
            Case.attempts,
            roll.label("roll_number"),
        )
        .select_from(DeadlineRow)
        .join(Case, Case.id == DeadlineRow.case_id)
        .where(
            whose(Case.assigned_to, user_id),
            asked_by_deadline(),
        )
    )


def _stays(now: date | BindParameter[date], user_id: int | BindParameter[int] | None) -> Select[*tuple[Any, ...]]:
    return _deadlines(user_id).where(DeadlineRow.kind.in_(STAYS), DeadlineRow.due_on < now)


def plan_steps(seen: Horizon, user_id: int | None) -> list[Line]:
    """The next step of each outreach plan up to the horizon, the soonest first; `waiting`: how many are due by then."""
    waiting = (
        select(func.count())
        .where(
            OutreachStep.plan_id == OutreachPlan.id,
            OutreachStep.state == StepState.OPEN,
            OutreachStep.due_on <= seen.today,
        )
        .correlate(OutreachPlan)
        .scalar_subquery()
    )
    query = (
        _plans(user_id)
        .add_columns(waiting.label("waiting"))
        .where(OutreachPlan.next_due_on <= seen.last)
        .order_by(OutreachPlan.next_due_on, OutreachPlan.id)
    )
    return list(db.session.execute(query.limit(3 * MOST)))


def _plans(user_id: int | BindParameter[int] | None) -> Select[*tuple[Any, ...]]:
    """Plans that ask something (`asked_by_plan`)."""
    return (
        select(
            OutreachPlan.state,
            OutreachPlan.moment,
            OutreachPlan.next_channel,
            OutreachPlan.next_due_on.label("due_on"),
            Case.id.label("case_id"),
            Case.display_name,
            Case.address_line,
        )
        .select_from(OutreachPlan)
        .join(Case, Case.id == OutreachPlan.case_id)
        .where(asked_by_plan(), whose(Case.assigned_to, user_id))
    )


def asked_by_plan() -> ColumnElement[bool]:
    """The plan asks something. Where the first contact is due before the next step, that deadline asks it already;
    a plan that is used up asks more than that line does."""
    earlier = (
        select(DeadlineRow.id)
        .where(
            DeadlineRow.case_id == OutreachPlan.case_id,
            DeadlineRow.kind == DeadlineKind.FIRST_CONTACT,
            DeadlineRow.due_on < OutreachPlan.next_due_on,
        )
        .exists()
    )
    return and_(OutreachPlan.state.in_(ASKING), or_(OutreachPlan.state == PlanState.EXHAUSTED, ~earlier))


def asked_by_deadline() -> ColumnElement[bool]:
    """The deadline asks something: not a first contact of which the case's plan has a step on or before that day, or
    is used up; then the plan is what is shown."""
    plan = (
        select(OutreachPlan.id)
        .where(
            OutreachPlan.case_id == DeadlineRow.case_id,
            OutreachPlan.state.in_(ASKING),
            or_(OutreachPlan.state == PlanState.EXHAUSTED, OutreachPlan.next_due_on <= DeadlineRow.due_on),
        )
        .exists()
    )
    return or_(DeadlineRow.kind != DeadlineKind.FIRST_CONTACT, ~plan)


def tasks(seen: Horizon, user_id: int | None) -> list[Line]:
    """The open tasks up to the horizon and those that remind of themselves already, the soonest first; with the
    scenario of which they are a step (`scenarios.origin`)."""
    query = (
        with_origin(_tasks(user_id))
        .where(or_(Task.due_on <= seen.last, Task.remind_on <= seen.today))
        .order_by(Task.due_on, Task.due_at, Task.id)
    )
    return list(db.session.execute(query.limit(3 * MOST)))


def _tasks(user_id: int | BindParameter[int] | None) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Task.id,
            Task.kind,
            Task.title,
            Task.due_on,
            Task.due_at,
            Task.remind_on,
            Task.case_id,
            Case.display_name,
            Case.address_line,
        )
        .select_from(Task)
        .outerjoin(Case, Case.id == Task.case_id)
        .where(Task.done_at.is_(None), whose(Task.assigned_to, user_id))
    )


def sessions(now: date, user_id: int | None) -> list[Session]:
    """The hearings of the next weeks that nobody has recorded yet, per court and hour."""
    query = (
        select(
            Hearing.at,
            Hearing.hour_known,
            Petition.court,
            func.count(),
            func.count().filter(Case.reached_on.is_(None)),
            func.array_agg(aggregate_order_by(Case.display_name, Case.sort_key)),
        )
        .select_from(_hearings())
        .where(*_to_come(_start_of(now), _start_of(now + AHEAD + timedelta(days=1)), user_id))
        .group_by(Hearing.at, Hearing.hour_known, Petition.court)
        .order_by(Hearing.at, Petition.court)
    )
    return [Session(*row[:5], tuple(row[5])) for row in db.session.execute(query)]


def _hearings() -> Any:
    joined = Hearing.__table__.join(Petition.__table__, Petition.id == Hearing.petition_id)
    return joined.join(Case.__table__, Case.id == Hearing.case_id)


def _to_come(
    first: datetime | BindParameter[datetime],
    after: datetime | BindParameter[datetime],
    user_id: int | BindParameter[int] | None,
) -> tuple[ColumnElement[bool], ...]:
    return (
        Hearing.at >= first,
        Hearing.at < after,
        Hearing.recorded_at.is_(None),
        Case.state == CaseState.OPEN,
        Case.stage.in_([StageKey.PETITION, StageKey.HEARING]),
        whose(Case.assigned_to, user_id),
    )


def _start_of(day: date) -> datetime:
    return local_to_utc(datetime(day.year, day.month, day.day))


def new_cases() -> NewCases:
    """The cases that are still to be given to somebody."""
    with_petition = select(Petition.id).where(Petition.case_id == Case.id).exists()
    any_case = select(aliased(Case).id).exists()
    query = select(func.count(), func.max(Case.created_at), ~any_case).where(
        Case.state == CaseState.OPEN, Case.assigned_to.is_(None), with_petition
    )
    return NewCases(*db.session.execute(query).one())


def whose(column: Any, user_id: int | BindParameter[int] | None) -> ColumnElement[bool]:
    return true() if user_id is None else or_(column == user_id, column.is_(None))
