"""A person's secret calendar address (ICS, RFC 5545): hearings, visits, deadlines, promises and trainings, no name.

Whoever has the address can read it, and calendars keep copies; so it tells file numbers only. The database keeps
the hash of the token: an address is shown once, and a new one makes the old one worthless.
"""

import secrets
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard
from sqlalchemy import delete, or_, select

from app import tenancy
from app.crypto import keyed_hash
from app.database import db, transaction
from app.security.models import Membership, Tenant, utc_now
from app.security.roles import Role, may
from tenants.cases.codes import CaseState, Channel, TaskKind
from tenants.cases.models import Case, Task
from tenants.outreach.codes import StepState
from tenants.outreach.models import OutreachStep
from tenants.petitions.codes import DeadlineKind, Nature, StageKey
from tenants.petitions.models import CalendarFeed, DeadlineRow, Hearing, Petition
from tenants.petitions.rules import BRUSSELS
from tenants.petitions.service import local_to_utc
from tenants.today.agenda import own_trainings

PURPOSE = "calendar feed"
BEFORE, AHEAD = timedelta(days=31), timedelta(days=366)  # a calendar also shows last month
HEARING_TAKES = timedelta(hours=1)  # nobody knows; an hour keeps the morning visible
# Said by the portal itself as hearings, or only good to know.
NOT_SHOWN = frozenset({DeadlineKind.HEARING})


class NoFeedError(Exception):
    """There is no such calendar, or it was revoked, or its person may not see cases any more."""


@dataclass(frozen=True)
class Entry:
    """One event. uid is stable: the same fact keeps it. A day without an hour is an all-day event.

    end: of an event with an hour, None: not known.
    """

    uid: str
    title: str
    start: date | datetime
    mine: bool
    end: datetime | None = None
    place: str = ""


def renew() -> str:
    """Make the acting person's token, or a new one in place of the old; it can't be shown again."""
    token = secrets.token_urlsafe(32)
    with transaction() as session:
        _forget()
        user_id = tenancy.current().user_id
        session.add(CalendarFeed(user_id=user_id, token_hash=keyed_hash(token, PURPOSE)))
    return token


def revoke() -> None:
    """Make the acting person's address worthless."""
    with transaction():
        _forget()


def _forget() -> None:
    db.session.execute(delete(CalendarFeed).where(CalendarFeed.user_id == tenancy.current().user_id))


def made_at() -> datetime | None:
    """When the acting person's address was made; None when there is none."""
    query = select(CalendarFeed.made_at).where(CalendarFeed.user_id == tenancy.current().user_id)
    return db.session.scalar(query)


def act_as(slug: str, token: str) -> None:
    """Act for the person whose address it is, from here to the end of the request.

    Raises NoFeedError, after which whoever asked acts as before: the error page must not speak for another.
    """
    before = tenancy.current()
    try:
        _act_as(slug, token)
    except NoFeedError:
        tenancy.enter(before, db.session())
        raise


def _act_as(slug: str, token: str) -> None:
    tenant = db.session.scalar(select(Tenant).where(Tenant.slug == slug))
    if tenant is None:
        raise NoFeedError
    tenancy.enter(tenancy.Context(tenant_id=tenant.id), db.session())
    hashed = keyed_hash(token, PURPOSE)
    user_id = db.session.scalar(select(CalendarFeed.user_id).where(CalendarFeed.token_hash == hashed))
    if user_id is None:
        raise NoFeedError
    roles = db.session.scalars(
        select(Membership.role).where(Membership.user_id == user_id, Membership.tenant_id == tenant.id)
    )
    if not may(frozenset(Role(role) for role in roles), "read", "petitions"):
        raise NoFeedError
    tenancy.enter(tenancy.Context(tenant.id, user_id, tenant.network_id), db.session())


def feed(now: date) -> bytes:
    """The calendar of the acting person: the open cases of the organisation, and the promises that are theirs."""
    calendar = Calendar()
    calendar.add("prodid", "-//Woonvast//NL")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Woonvast")
    calendar.add("x-wr-timezone", BRUSSELS.key)
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    calendar.add_component(_belgium())
    stamp = utc_now()
    for entry in [*_hearings(now), *_visits(now), *_deadlines(now), *_tasks(now), *_trainings(now)]:
        calendar.add_component(_event(entry, stamp))
    return bytes(calendar.to_ical())


def _belgium() -> Timezone:
    """Belgian time by the rule of directive 2000/84/EC: summer from the last Sunday of March to that of October.

    Written out, since the one that icalendar makes from the zone lets summer start an hour late.
    """
    zone = Timezone()
    zone.add("tzid", BRUSSELS.key)
    for half, name, month, hour, before, after in (
        (TimezoneDaylight(), "CEST", 3, 2, 1, 2),
        (TimezoneStandard(), "CET", 10, 3, 2, 1),
    ):
        half.add("tzname", name)
        half.add("dtstart", datetime(2001, month, 25 if month == 3 else 28, hour))  # the directive's first year
        half.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        half.add("tzoffsetfrom", timedelta(hours=before))
        half.add("tzoffsetto", timedelta(hours=after))
        zone.add_component(half)
    return zone


def _event(entry: Entry, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", stamp)
    event.add("summary", entry.title)
    event.add("categories", [_("My cases") if entry.mine else _("Team")])
    event.add("class", "CONFIDENTIAL")
    if isinstance(entry.start, datetime):
        belgian = ZoneInfo(BRUSSELS.key)
        event.add("dtstart", entry.start.astimezone(belgian))
        event.add("dtend", (entry.end or entry.start + HEARING_TAKES).astimezone(belgian))
    else:
        event.add("dtstart", entry.start)
        event.add("dtend", entry.start + timedelta(days=1))
        event.add("transp", "TRANSPARENT")  # a deadline does not make anybody busy
    if entry.place:
        event.add("location", entry.place)
    return event


def _uid(kind: str, row_id: uuid.UUID) -> str:
    return f"{kind}-{row_id}@woonvast"


def _mine(assigned_to: int | None) -> bool:
    return assigned_to is not None and assigned_to == tenancy.current().user_id


def _hearings(now: date) -> Iterator[Entry]:
    undecided = Case.stage.in_([StageKey.PETITION, StageKey.HEARING])
    query = (
        select(Hearing.id, Hearing.at, Hearing.hour_known, Petition.court, Case.number, Case.assigned_to)
        .join(Petition, Petition.id == Hearing.petition_id)
        .join(Case, Case.id == Hearing.case_id)
        .where(
            Hearing.at.between(_start_of(now - BEFORE), _start_of(now + AHEAD)),
            Case.state == CaseState.OPEN,
            or_(undecided, Hearing.recorded_at.is_not(None)),
        )
        .order_by(Hearing.at, Hearing.id)
    )
    for row in db.session.execute(query):
        start = row.at if row.hour_known else row.at.astimezone(BRUSSELS).date()
        title = _("Hearing %(court)s · %(number)s", court=row.court, number=row.number)
        yield Entry(_uid("hearing", row.id), " ".join(title.split()), start, _mine(row.assigned_to))


def _visits(now: date) -> Iterator[Entry]:
    """The home visits that the plans to reach a household foresee."""
    query = (
        select(OutreachStep.id, OutreachStep.due_on, Case.number, Case.assigned_to)
        .join(Case, Case.id == OutreachStep.case_id)
        .where(
            OutreachStep.state == StepState.OPEN,
            OutreachStep.channel == Channel.HOME_VISIT,
            OutreachStep.due_on.between(now - BEFORE, now + AHEAD),
            Case.state == CaseState.OPEN,
        )
        .order_by(OutreachStep.due_on, OutreachStep.id)
    )
    for row in db.session.execute(query):
        title = f"{_(Channel.HOME_VISIT.label)} · {row.number}"
        yield Entry(_uid("visit", row.id), title, row.due_on, _mine(row.assigned_to))


def _deadlines(now: date) -> Iterator[Entry]:
    query = (
        select(DeadlineRow.case_id, DeadlineRow.kind, DeadlineRow.due_on, Case.number, Case.assigned_to)
        .join(Case, Case.id == DeadlineRow.case_id)
        .where(
            DeadlineRow.due_on.between(now - BEFORE, now + AHEAD),
            DeadlineRow.nature != Nature.INFORMATION,
            DeadlineRow.kind.not_in(NOT_SHOWN),
            Case.state == CaseState.OPEN,
        )
        .order_by(DeadlineRow.due_on, DeadlineRow.case_id)
    )
    for row in db.session.execute(query):
        title = f"{_(DeadlineKind(row.kind).label)} · {row.number}"
        # A deadline's row is written anew at each computation, so its case and kind name it.
        yield Entry(_uid(row.kind, row.case_id), title, row.due_on, _mine(row.assigned_to))


def _tasks(now: date) -> Iterator[Entry]:
    """The person's own and the team's; what was promised may name people, so only its kind is told."""
    user_id = tenancy.current().user_id
    query = (
        select(Task.id, Task.kind, Task.due_on, Task.due_at, Task.assigned_to, Case.number)
        .outerjoin(Case, Case.id == Task.case_id)
        .where(
            Task.done_at.is_(None),
            Task.due_on.between(now - BEFORE, now + AHEAD),
            or_(Task.assigned_to == user_id, Task.assigned_to.is_(None)),
        )
        .order_by(Task.due_on, Task.id)
    )
    for row in db.session.execute(query):
        start = local_to_utc(datetime.combine(row.due_on, row.due_at)) if row.due_at else row.due_on
        title = " · ".join(filter(None, [_(TaskKind(row.kind).label), row.number]))
        yield Entry(_uid("task", row.id), title, start, _mine(row.assigned_to))


def _trainings(now: date) -> Iterator[Entry]:
    """The sessions in which the person has a place."""
    if tenancy.current().network_id is None:
        return
    for row in db.session.execute(own_trainings(now - BEFORE, now + AHEAD)):
        yield Entry(_uid("training", row.id), row.title, row.starts_at, mine=True, end=row.ends_at, place=row.place)


def _start_of(day: date) -> datetime:
    return local_to_utc(datetime(day.year, day.month, day.day))
