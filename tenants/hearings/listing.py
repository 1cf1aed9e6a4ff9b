"""The sessions and what is heard in each: a fixed number of statements, whatever the number of cases.

A session is all that one court hears on one Belgian day.
"""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, Row, Select, and_, cast, func, or_, select

from app.database import db
from tenants.cases.codes import CaseState, JudgmentKind
from tenants.cases.models import Case
from tenants.hearings.models import HearingPreparation
from tenants.hearings.rules import Lawyer
from tenants.petitions.codes import StageKey
from tenants.petitions.course import today
from tenants.petitions.hearings import fitting
from tenants.petitions.models import Hearing, Judgment, Petition
from tenants.petitions.rules import BRUSSELS
from tenants.petitions.service import BY_DAY, local_to_utc

PAGE_SIZE = 25  # sessions: a screen and a half
AHEAD = timedelta(days=42)  # six weeks: as far ahead as a canton plans
MOST = 200  # hearings of one session; a canton hears some twenty cases of one OCMW in a day

Line = Row[*tuple[Any, ...]]


@dataclass(frozen=True)
class Session:
    """A session with what is counted of it. first_at: UTC, None when no hour is known.

    files: heard or to be heard; off: of a petition that ended before. The other numbers are out of `files`.
    """

    day: date
    court: str
    first_at: datetime | None
    files: int
    reached: int
    lawyer: int
    budget: int
    recorded: int
    off: int

    @property
    def to_record(self) -> int:
        return self.files - self.recorded


@dataclass(frozen=True)
class SessionPage:
    """A page of sessions, its number from 1, and how many there are in all."""

    rows: list[Session]
    page: int
    count: int


@dataclass(frozen=True)
class File:
    """One case in a session: the hearing, its petition, the case's row for lists, preparation and judgment."""

    hearing: Hearing
    petition: Petition
    case: Line
    preparation: HearingPreparation | None
    judgment: Judgment | None
    withdrawn: bool

    @property
    def is_off(self) -> bool:
        """Nobody will hear it: the petition ended, or the case did, before anything was recorded."""
        decided = self.case.stage not in (StageKey.PETITION, StageKey.HEARING)
        return self.hearing.recorded_at is None and (self.withdrawn or decided or self.case.state != CaseState.OPEN)


# ---------------------------------------------------------------- sessions

DAY = cast(func.timezone(BRUSSELS.key, Hearing.at), Date)


def coming(court: str | None = None) -> list[Session]:
    """The sessions from today on in which something is still heard, the soonest first."""
    first = today()
    within = (Hearing.at >= start_of(first), Hearing.at < start_of(first + AHEAD + timedelta(days=1)))
    query = _sessions(*within, *_of_court(court)).having(func.count().filter(_heard()) > 0)
    return _read(query.order_by(DAY, Petition.court))


def of_day(day: date) -> list[Session]:
    """All sessions of a day."""
    return _read(_sessions(*_on(day)).order_by(Petition.court))


def to_record(court: str | None = None) -> list[Session]:
    """The sessions that are over and of which a case is not recorded yet, the latest first."""
    waiting = (Hearing.at < start_of(today()), Hearing.recorded_at.is_(None), *_to_come())
    days = (
        select(DAY.label("day"), Petition.court.label("court"))
        .select_from(Hearing)
        .join(Petition, Petition.id == Hearing.petition_id)
        .join(Case, Case.id == Hearing.case_id)
        .where(*waiting, *_of_court(court))
        .distinct()
        .order_by(DAY.desc(), Petition.court)
        .limit(MOST)
    )
    keys = {(row.day, row.court) for row in db.session.execute(days)}
    if not keys:
        return []
    within = Hearing.at >= start_of(min(day for day, _court in keys)), Hearing.at < start_of(today())
    found = _read(_sessions(*within, *_of_court(court)).order_by(DAY.desc(), Petition.court))
    return [session for session in found if (session.day, session.court) in keys]


def waiting_count() -> int:
    """How many hearings are over and not recorded yet."""
    query = (
        select(func.count())
        .select_from(Hearing)
        .join(Case, Case.id == Hearing.case_id)
        .where(Hearing.at < start_of(today()), *_to_come())
    )
    return db.session.scalar(query) or 0


def past(page: int = 1, court: str | None = None) -> SessionPage:
    """A page of the sessions that are over, the latest first; a page past the last one shows the last one."""
    keys = (
        select(DAY.label("day"), Petition.court.label("court"))
        .select_from(Hearing)
        .join(Petition, Petition.id == Hearing.petition_id)
        .where(Hearing.at < start_of(today()), *_of_court(court))
        .distinct()
    )
    count = db.session.scalar(select(func.count()).select_from(keys.subquery())) or 0
    page = max(1, min(page, -(-count // PAGE_SIZE)))
    shown = keys.order_by(DAY.desc(), Petition.court).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    wanted = [(row.day, row.court) for row in db.session.execute(shown)]
    if not wanted:
        return SessionPage([], page, count)
    days = [day for day, _court in wanted]
    within = Hearing.at >= start_of(min(days)), Hearing.at < start_of(max(days) + timedelta(days=1))
    found = {(s.day, s.court): s for s in _read(_sessions(*within, *_of_court(court)))}
    return SessionPage([found[key] for key in wanted], page, count)


def session_of(day: date, court: str) -> Session | None:
    """One session with its numbers."""
    return next(iter(_read(_sessions(*_on(day), Petition.court == court))), None)


def _sessions(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    def number(*those: ColumnElement[bool]) -> Any:
        return func.count().filter(_heard(), *those)

    return (
        select(
            DAY.label("day"),
            Petition.court,
            func.min(Hearing.at).filter(Hearing.hour_known).label("first_at"),
            number().label("files"),
            number(Case.reached_on.is_not(None)).label("reached"),
            number(HearingPreparation.lawyer == Lawyer.FOUND).label("lawyer"),
            number(HearingPreparation.budget_ready.is_(True)).label("budget"),
            number(Hearing.recorded_at.is_not(None)).label("recorded"),
            func.count().filter(~_heard()).label("off"),
        )
        .select_from(Hearing)
        .join(Petition, Petition.id == Hearing.petition_id)
        .join(Case, Case.id == Hearing.case_id)
        .outerjoin(HearingPreparation, HearingPreparation.hearing_id == Hearing.id)
        .where(*conditions)
        .group_by(DAY, Petition.court)
    )


def _read(query: Select[*tuple[Any, ...]]) -> list[Session]:
    return [Session(**row._mapping) for row in db.session.execute(query)]


def _to_come() -> tuple[ColumnElement[bool], ...]:
    """Not recorded, in an open case that is not decided."""
    undecided = Case.stage.in_([StageKey.PETITION, StageKey.HEARING])
    return Hearing.recorded_at.is_(None), Case.state == CaseState.OPEN, undecided


def _heard() -> ColumnElement[bool]:
    """Recorded, or still to be heard."""
    return or_(Hearing.recorded_at.is_not(None), and_(*_to_come()))


def _of_court(court: str | None) -> tuple[ColumnElement[bool], ...]:
    return (Petition.court == court,) if court else ()


def _on(day: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Hearing.at >= start_of(day), Hearing.at < start_of(day + timedelta(days=1))


def start_of(day: date) -> datetime:
    """The first moment of a Belgian day, UTC."""
    return local_to_utc(datetime(day.year, day.month, day.day))


# ---------------------------------------------------------------- the files of one session

_OF_CASE = (
    Case.id, Case.number, Case.display_name, Case.address_line, Case.state, Case.stage,
    Case.reached_on, Case.attempts, Case.assigned_to,
)  # fmt: skip


def files_of(day: date, court: str) -> list[File]:
    """What the court hears that day, by hour and name. Two statements; at most MOST files."""
    return _files(*_on(day), Petition.court == court)


def file_of(hearing_id: uuid.UUID) -> File | None:
    """One of them."""
    return next(iter(_files(Hearing.id == hearing_id)), None)


def _files(*conditions: ColumnElement[bool]) -> list[File]:
    query = (
        select(Hearing, Petition, HearingPreparation, *_OF_CASE)
        .join(Petition, Petition.id == Hearing.petition_id)
        .join(Case, Case.id == Hearing.case_id)
        .outerjoin(HearingPreparation, HearingPreparation.hearing_id == Hearing.id)
        .where(*conditions)
        .order_by(Hearing.at, Case.sort_key, Hearing.id)
        .limit(MOST)
    )
    rows = list(db.session.execute(query))
    judgments = _judgments([row.Petition.id for row in rows])
    return [_file(row, judgments[row.Petition.id]) for row in rows]


def _file(row: Line, judgments: list[Judgment]) -> File:
    withdrawn = any(j.kind == JudgmentKind.WITHDRAWN and j.hearing_id != row.Hearing.id for j in judgments)
    judgment = fitting(judgments, row.Hearing)
    return File(row.Hearing, row.Petition, row, row.HearingPreparation, judgment, withdrawn)


def _judgments(petition_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Judgment]]:
    """Per petition its judgments, the last one first."""
    found: dict[uuid.UUID, list[Judgment]] = defaultdict(list)
    for judgment in db.session.scalars(
        select(Judgment).where(Judgment.petition_id.in_(petition_ids)).order_by(*BY_DAY)
    ):
        found[judgment.petition_id].insert(0, judgment)
    return found


def next_to_record(hearing_id: uuid.UUID) -> uuid.UUID | None:
    """The next hearing of the same session that nobody has recorded."""
    hearing = db.session.get(Hearing, hearing_id)
    petition = db.session.get(Petition, hearing.petition_id) if hearing else None
    if hearing is None or petition is None:
        return None
    day = hearing.at.astimezone(BRUSSELS).date()
    query = (
        select(Hearing.id)
        .join(Petition, Petition.id == Hearing.petition_id)
        .join(Case, Case.id == Hearing.case_id)
        .where(*_on(day), Petition.court == petition.court, Hearing.id != hearing_id, *_to_come())
        .order_by(Hearing.at, Case.sort_key, Hearing.id)
        .limit(1)
    )
    return db.session.scalar(query)
