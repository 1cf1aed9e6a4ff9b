"""The lists of petitions: one query each, no sealed column is opened."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select

from app.database import db
from app.i18n import N_
from tenants.cases.codes import CaseState, Code
from tenants.cases.models import Case
from tenants.petitions.course import today
from tenants.petitions.models import Petition

PAGE_SIZE = 25  # a screen and a half: one scrolls, one does not search
TO_GIVE = 50  # cases on a page of those to hand out: one looks at each before ticking it

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


@dataclass(frozen=True)
class Unassigned:
    """A page of the cases that nobody carries, its number from 1, and how many there are in all."""

    rows: list[Line]
    page: int
    count: int


def unassigned(page: int = 1) -> Unassigned:
    """Open cases with a petition that nobody carries yet, the nearest hearing first; past the last page: the last."""
    with_petition = select(Petition.id).where(Petition.case_id == Case.id).exists()
    conditions = (Case.state == CaseState.OPEN, Case.assigned_to.is_(None), with_petition)
    count = db.session.scalar(select(func.count()).select_from(Case).where(*conditions)) or 0
    page = max(1, min(page, -(-count // TO_GIVE)))
    query = (
        select(*OF_CASE)
        .where(*conditions)
        .order_by(Case.hearing_at.asc().nulls_last(), Case.sort_key, Case.id)
        .limit(TO_GIVE)
        .offset((page - 1) * TO_GIVE)
    )
    return Unassigned(list(db.session.execute(query)) if count else [], page, count)
