"""The lists of petitions and of hearings: one query each, no sealed column is opened."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select

from app.database import db
from app.i18n import N_
from tenants.cases.codes import CaseState, Code
from tenants.cases.models import Case
from tenants.petitions.codes import StageKey
from tenants.petitions.course import local_day, today
from tenants.petitions.models import Hearing, Judgment, Petition
from tenants.petitions.service import local_to_utc

PAGE_SIZE = 25  # a screen and a half: one scrolls, one does not search
AHEAD = timedelta(days=42)  # six weeks: as far ahead as a canton plans
MOST = 200  # hearings on one page; a canton hears some twenty cases of one OCMW in a week

Line = Row[*tuple[Any, ...]]
OF_CASE = (
    Case.id.label("case_id"), Case.number, Case.display_name, Case.address_line, Case.state, Case.stage,
    Case.hearing_at, Case.reached_on, Case.attempts, Case.assigned_to,
)  # fmt: skip


class Period(Code):
    """When the copy came in."""

    MONTH = "month", N_("The last 30 days")
    QUARTER = "quarter", N_("The last 90 days")
    THIS_YEAR = "this_year", N_("This year")
    LAST_YEAR = "last_year", N_("Last year")


class Which(Code):
    """The petitions that still ask for something."""

    NOT_REACHED = "not_reached", N_("Not reached yet")
    UNASSIGNED = "unassigned", N_("Nobody carries it yet")


@dataclass(frozen=True)
class PetitionFilter:
    """What to show; None means: any."""

    court: str | None = None
    period: Period | None = None
    which: Which | None = None

    @classmethod
    def read(cls, args: Mapping[str, str]) -> "PetitionFilter":
        """The filter in an address's parameters; what is not understood is left out."""
        period, which = args.get("period"), args.get("which")
        return cls(
            court=args.get("court") or None,
            period=Period(period) if period in set(Period) else None,
            which=Which(which) if which in set(Which) else None,
        )

    def query(self) -> dict[str, str]:
        """The parameters that give this filter again."""
        return {name: str(value) for name, value in vars(self).items() if value}


@dataclass(frozen=True)
class PetitionPage:
    """A page of the list, its number from 1, and how many petitions there are in all."""

    rows: list[Line]
    page: int
    count: int


def list_petitions(wanted: PetitionFilter, page: int = 1) -> PetitionPage:
    """A page of the petitions, the newest first; a page past the last one shows the last one."""
    conditions = list(_conditions(wanted, today()))
    count = db.session.scalar(_joined(select(func.count())).where(*conditions)) or 0
    page = max(1, min(page, -(-count // PAGE_SIZE)))
    columns = (
        Petition.id, Petition.kind, Petition.court, Petition.roll_number, Petition.received_on,
        Petition.registered_on, Petition.claimant, Petition.arrears, *OF_CASE,
    )  # fmt: skip
    query = (
        _joined(select(*columns))
        .where(*conditions)
        .order_by(Petition.received_on.desc().nulls_last(), Petition.id.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    return PetitionPage(list(db.session.execute(query)) if count else [], page, count)


def _joined(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return query.select_from(Petition).join(Case, Case.id == Petition.case_id)


def _conditions(wanted: PetitionFilter, day: date) -> Iterable[ColumnElement[bool]]:
    if wanted.court:
        yield Petition.court == wanted.court
    if wanted.period is not None:
        first, last = _span(wanted.period, day)
        yield Petition.received_on.between(first, last)
    if wanted.which is not None:
        yield Case.state == CaseState.OPEN
        yield (Case.reached_on if wanted.which is Which.NOT_REACHED else Case.assigned_to).is_(None)


def _span(period: Period, day: date) -> tuple[date, date]:
    match period:
        case Period.MONTH:
            return day - timedelta(days=30), day
        case Period.QUARTER:
            return day - timedelta(days=90), day
        case Period.THIS_YEAR:
            return date(day.year, 1, 1), date(day.year, 12, 31)
    return date(day.year - 1, 1, 1), date(day.year - 1, 12, 31)


def courts() -> list[str]:
    """The courts of the organisation's petitions, by name."""
    query = select(Petition.court).where(Petition.court != "").distinct().order_by(Petition.court)
    return list(db.session.scalars(query))


def unassigned(limit: int = 100) -> list[Line]:
    """Open cases with a petition that nobody carries yet, the nearest hearing first."""
    with_petition = select(Petition.id).where(Petition.case_id == Case.id).exists()
    query = (
        select(*OF_CASE)
        .where(Case.state == CaseState.OPEN, Case.assigned_to.is_(None), with_petition)
        .order_by(Case.hearing_at.asc().nulls_last(), Case.sort_key)
        .limit(limit)
    )
    return list(db.session.execute(query))


# ---------------------------------------------------------------- hearings


@dataclass(frozen=True)
class Session:
    """The hearings of one court at one hour, each a row: who, where, whether reached, and what came of it."""

    at: datetime
    hour_known: bool
    court: str
    rows: tuple[Line, ...]

    @property
    def not_reached(self) -> int:
        """How many of the households nobody has reached yet."""
        return sum(row.reached_on is None for row in self.rows)


def coming_sessions() -> list[Session]:
    """The hearings from today on that still take place, by day, hour and court."""
    now = today()
    return _sessions(_between(now, now + AHEAD).where(*_to_come()).order_by(*_IN_ORDER))


def sessions_of(day: date) -> list[Session]:
    """All hearings of a day, recorded ones too."""
    return _sessions(_between(day, day).order_by(*_IN_ORDER))


def sessions_to_record() -> list[Session]:
    """Hearings that are over and of which nothing is written down, the latest first."""
    before = Hearing.at < _start_of(today())
    order = (Hearing.at.desc(), *_IN_ORDER[1:])
    return _sessions(_hearings().where(before, *_to_come()).order_by(*order))


def recorded_sessions() -> list[Session]:
    """The hearings that were recorded last."""
    order = (Hearing.at.desc(), *_IN_ORDER[1:])
    return _sessions(_hearings().where(Hearing.recorded_at.is_not(None)).order_by(*order))


def next_to_record(hearing_id: uuid.UUID) -> uuid.UUID | None:
    """The next hearing of the same session that nobody has recorded."""
    hearing = db.session.get(Hearing, hearing_id)
    petition = db.session.get(Petition, hearing.petition_id) if hearing else None
    if hearing is None or petition is None:
        return None
    same = (Hearing.at == hearing.at, Petition.court == petition.court, Hearing.id != hearing_id)
    query = _hearings().where(*same, *_to_come()).order_by(*_IN_ORDER)
    row = db.session.execute(query).first()
    return row.id if row else None


_IN_ORDER = (Hearing.at, Petition.court, Case.sort_key, Hearing.id)


def _hearings() -> Select[*tuple[Any, ...]]:
    columns = (
        Hearing.id, Hearing.at, Hearing.hour_known, Hearing.present, Hearing.recorded_at, Petition.court,
        Petition.roll_number, Judgment.kind.label("judgment"), *OF_CASE,
    )  # fmt: skip
    return (
        select(*columns)
        .select_from(Hearing)
        .join(Petition, Petition.id == Hearing.petition_id)
        .join(Case, Case.id == Hearing.case_id)
        .outerjoin(Judgment, Judgment.hearing_id == Hearing.id)
        .limit(MOST)
    )


def _between(first: date, last: date) -> Select[*tuple[Any, ...]]:
    return _hearings().where(Hearing.at >= _start_of(first), Hearing.at < _start_of(last + timedelta(days=1)))


def _to_come() -> tuple[ColumnElement[bool], ...]:
    """Not recorded, in an open case that is not decided."""
    undecided = Case.stage.in_([StageKey.PETITION, StageKey.HEARING])
    return Hearing.recorded_at.is_(None), Case.state == CaseState.OPEN, undecided


def _start_of(day: date) -> datetime:
    return local_to_utc(datetime(day.year, day.month, day.day))


def _sessions(query: Select[*tuple[Any, ...]]) -> list[Session]:
    rows = db.session.execute(query)

    def same(row: Line) -> tuple[datetime, bool, str]:
        # At the same hour of the same day in the same court; an hour that is not known is no hour.
        return row.at, row.hour_known, row.court

    return [Session(*key, tuple(found)) for key, found in groupby(rows, same)]


def days_of(sessions: list[Session]) -> list[tuple[date, list[Session]]]:
    """The sessions by day."""
    return [(day, list(found)) for day, found in groupby(sessions, lambda session: local_day(session.at))]
