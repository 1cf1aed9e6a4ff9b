"""What stands in the calendar of a week or a month: hearings, visits, deadlines, tasks, trainings.

A capability adds its entries with `register_source`. Each source is one statement, and gives at most MOST_A_DAY
entries of a day with how many there are, so that a busy team's month costs no more than a quiet one's.
"""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from flask import Flask, current_app, url_for
from flask_babel import gettext as _
from sqlalchemy import Select, String, and_, cast, func, literal, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app import tenancy
from app.database import db
from app.i18n import N_
from app.ui.viewer import viewer
from playbook.training.models import Course, Enrolment, Place, TrainingSession
from playbook.training.rules import PlaceState
from tenants.cases.codes import CaseState, Channel, Code, TaskKind
from tenants.cases.models import Case, Task
from tenants.outreach.codes import StepState
from tenants.outreach.models import OutreachStep
from tenants.petitions.codes import DeadlineKind, Nature, StageKey
from tenants.petitions.models import DeadlineRow, Hearing, Petition
from tenants.petitions.rules import BRUSSELS
from tenants.petitions.service import local_to_utc
from tenants.today.rules import Span
from tenants.today.service import asked_by_deadline, whose

MOST_A_DAY = 20  # of one kind: more is a list of its own, to which the day leads
NAMES_SHOWN = 3  # of a session, in a narrow column


class EventKind(Code):
    HEARING = "hearing", N_("Hearings")
    VISIT = "visit", N_("Home visits")
    TASK = "task", N_("Tasks")
    DEADLINE = "deadline", N_("Deadlines")
    TRAINING = "training", N_("Trainings")


@dataclass(frozen=True)
class Event:
    """An entry of the calendar. hour: Belgian time, None: the whole day. who: about whom; href: where it leads.

    of_day: how many its source has on that day, when that is more than it gives.
    """

    kind: EventKind
    day: date
    title: str
    who: str = ""
    href: str | None = None
    hour: time | None = None
    of_day: int = 0


Source = Callable[[Span, int | None], Iterator[Event]]


def register_source(app: Flask, provide: Source) -> None:
    """Add a source of events: it is given the days and whose (None: the whole team's)."""
    sources = app.extensions.setdefault("agenda_sources", [])
    if provide not in sources:
        sources.append(provide)


@dataclass(frozen=True)
class Day:
    """A day with its events, by the hour; more: how many are not shown."""

    day: date
    events: tuple[Event, ...]
    more: int


def days(span: Span, user_id: int | None) -> list[Day]:
    """Every day of the span."""
    found: dict[date, list[Event]] = {day: [] for day in span.days}
    missing = dict.fromkeys(span.days, 0)
    for provide in current_app.extensions.get("agenda_sources", []):
        too_many: dict[date, int] = {}
        for event in provide(span, user_id):
            found[event.day].append(event)
            too_many[event.day] = max(event.of_day - MOST_A_DAY, 0)
        for day, number in too_many.items():
            missing[day] += number
    order = list(EventKind)

    def by_hour(event: Event) -> tuple[bool, time, int, str]:
        return event.hour is None, event.hour or time(), order.index(event.kind), event.title

    return [Day(day, tuple(sorted(listed, key=by_hour)), missing[day]) for day, listed in found.items()]


def _few_a_day(query: Any, day: Any, *order: Any) -> Select[Any]:
    """The first MOST_A_DAY rows of each day; `of_day`: how many that day has."""
    ranked = query.add_columns(
        func.row_number().over(partition_by=day, order_by=order).label("rank"),
        func.count().over(partition_by=day).label("of_day"),
    ).subquery()
    return select(ranked).where(ranked.c.rank <= MOST_A_DAY)


def _case(case_id: Any) -> str | None:
    return url_for("CaseView.show_case", case_id=case_id) if case_id else None


# ---------------------------------------------------------------- the sources of case work


def hearings(span: Span, user_id: int | None) -> Iterator[Event]:
    """Per court and hour: one case by its name, more as the session that they are."""
    undecided = Case.stage.in_([StageKey.PETITION, StageKey.HEARING])
    query = (
        select(
            Hearing.at,
            Hearing.hour_known,
            Petition.court,
            func.count().label("cases"),
            func.array_agg(aggregate_order_by(Case.display_name, Case.sort_key)).label("names"),
            func.min(cast(Case.id, String)).label("case_id"),
        )
        .select_from(Hearing)
        .join(Petition, Petition.id == Hearing.petition_id)
        .join(Case, Case.id == Hearing.case_id)
        .where(
            Hearing.at >= _start_of(span.first),
            Hearing.at < _start_of(span.after),
            Case.state == CaseState.OPEN,
            or_(undecided, Hearing.recorded_at.is_not(None)),
            whose(Case.assigned_to, user_id),
        )
        .group_by(Hearing.at, Hearing.hour_known, Petition.court)
        .order_by(Hearing.at, Petition.court)
    )
    for row in db.session.execute(query):
        local = row.at.astimezone(BRUSSELS)
        names = [name.split(",")[0] for name in row.names[:NAMES_SHOWN]]
        more = f" +{row.cases - NAMES_SHOWN}" if row.cases > NAMES_SHOWN else ""
        title = _("Hearing %(court)s", court=row.court) if row.court else _("Hearing")
        session = url_for("HearingView.session", day=local.date().isoformat(), vredegerecht=row.court)
        yield Event(
            EventKind.HEARING,
            local.date(),
            title,
            row.names[0] if row.cases == 1 else ", ".join(names) + more,
            _case(row.case_id) if row.cases == 1 else session,
            local.time() if row.hour_known else None,
        )


def deadlines(span: Span, user_id: int | None) -> Iterator[Event]:
    """The days that a term sets, but not what the plan to reach the household asks already."""
    query = (
        select(DeadlineRow.kind, DeadlineRow.due_on.label("due_on"), Case.id.label("case_id"), Case.display_name)
        .join(Case, Case.id == DeadlineRow.case_id)
        .where(
            DeadlineRow.due_on.between(span.first, span.last),
            DeadlineRow.nature != Nature.INFORMATION,
            DeadlineRow.kind != DeadlineKind.HEARING,  # the hearing itself is shown
            Case.state == CaseState.OPEN,
            asked_by_deadline(),
            whose(Case.assigned_to, user_id),
        )
    )
    for row in db.session.execute(_few_a_day(query, DeadlineRow.due_on, Case.sort_key, Case.id)):
        title = _(DeadlineKind(row.kind).label)
        address = _case(row.case_id)
        yield Event(EventKind.DEADLINE, row.due_on, title, row.display_name, address, of_day=row.of_day)


def tasks(span: Span, user_id: int | None) -> Iterator[Event]:
    """What was promised or is to be done; a visit with its hour stands among the visits."""
    query = (
        select(Task.kind, Task.title, Task.due_on, Task.due_at, Case.id.label("case_id"), Case.display_name)
        .select_from(Task)
        .outerjoin(Case, Case.id == Task.case_id)
        .where(Task.done_at.is_(None), Task.due_on.between(span.first, span.last), whose(Task.assigned_to, user_id))
    )
    for row in db.session.execute(_few_a_day(query, Task.due_on, Task.due_at, Task.id)):
        kind = EventKind.VISIT if row.kind == TaskKind.VISIT else EventKind.TASK
        title = _("%(kind)s: %(title)s", kind=_(TaskKind(row.kind).label), title=row.title)
        address = _case(row.case_id) or url_for("TaskView.index")
        yield Event(kind, row.due_on, title, row.display_name or "", address, row.due_at, row.of_day)


def visits(span: Span, user_id: int | None) -> Iterator[Event]:
    """The home visits that the plans to reach a household foresee."""
    query = (
        select(OutreachStep.due_on, Case.id.label("case_id"), Case.display_name)
        .select_from(OutreachStep)
        .join(Case, Case.id == OutreachStep.case_id)
        .where(
            OutreachStep.state == StepState.OPEN,
            OutreachStep.channel == Channel.HOME_VISIT,
            OutreachStep.due_on.between(span.first, span.last),
            Case.state == CaseState.OPEN,
            whose(Case.assigned_to, user_id),
        )
    )
    for row in db.session.execute(_few_a_day(query, OutreachStep.due_on, Case.sort_key, OutreachStep.id)):
        title, address = _(Channel.HOME_VISIT.label), _case(row.case_id)
        yield Event(EventKind.VISIT, row.due_on, title, row.display_name, address, of_day=row.of_day)


def own_trainings(first: date, after: date) -> Select[uuid.UUID, datetime, datetime, str, str]:
    """The sessions before `after` in which the acting person has a place."""
    return (
        select(
            TrainingSession.id, TrainingSession.starts_at, TrainingSession.ends_at, TrainingSession.place, Course.title
        )
        .select_from(Enrolment)
        .join(Place, and_(Place.network_id == Enrolment.network_id, Place.id == Enrolment.place_id))
        .join(
            TrainingSession,
            and_(TrainingSession.network_id == Enrolment.network_id, TrainingSession.id == Enrolment.session_id),
        )
        .join(Course, and_(Course.network_id == TrainingSession.network_id, Course.id == TrainingSession.course_id))
        .where(
            Enrolment.user_id == literal(tenancy.current().user_id),
            Enrolment.network_id == tenancy.current_network_id(),
            Place.state == PlaceState.TAKEN,
            TrainingSession.cancelled_at.is_(None),
            TrainingSession.starts_at >= _start_of(first),
            TrainingSession.starts_at < _start_of(after),
        )
        .order_by(TrainingSession.starts_at)
    )


def trainings(span: Span, _user_id: int | None) -> Iterator[Event]:
    """The sessions in which the acting person has a place, whether they look at their own or the team's days."""
    if tenancy.current().network_id is None or not viewer.can("training.read"):
        return
    for row in db.session.execute(own_trainings(span.first, span.after)):
        local = row.starts_at.astimezone(BRUSSELS)
        address = url_for("LearnerView.mine")
        yield Event(EventKind.TRAINING, local.date(), row.title, row.place, address, local.time())


SOURCES = (hearings, visits, tasks, deadlines, trainings)


def _start_of(day: date) -> datetime:
    return local_to_utc(datetime(day.year, day.month, day.day))
