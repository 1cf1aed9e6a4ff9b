"""What an OCMW does with the reports it received: look for the same household, link, open a case, or close."""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from sqlalchemy import Integer, Select, and_, bindparam, exists, func, or_, select, update
from sqlalchemy.orm import Session

from app import tenancy
from app.audit.service import record_read
from app.database import db, read_once, transaction
from app.i18n import N_
from app.jobs import enqueue
from app.security.models import utc_now
from app.ui.formats import today
from tenants.cases.intake import NewCase, NewDwelling, NewLandlord, NewPerson
from tenants.cases.models import Case, Dwelling, Person
from tenants.cases.service import open_new
from tenants.intake import rules
from tenants.intake.codes import ClosingReason, ReportState, Track
from tenants.intake.likeness import Because, KnownHome, KnownPerson, alike, beginnings
from tenants.intake.models import Report, ReportAddition, ReportSlip
from tenants.intake.rules import Told

PAGE = 50
MOST_SHOWN = 8  # likely duplicates: who needs more than these searches
SAME_REPORT_DAYS = 180  # half a year: later it is a new problem of the same household
MEASURED_DAYS = 90  # a quarter: enough reports to mean something, recent enough to act on


class NoSuchReportError(Exception):
    """There is no such report for the acting organisation."""


class ReportError(Exception):
    """A report can't be handled so; `message` is a msgid with `params`."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.params = params


@dataclass(frozen=True)
class Likely:
    """A case that may be about the same household, and why."""

    case: Case
    because: tuple[Because, ...]


# ---------------------------------------------------------------- the inbox


@dataclass(frozen=True)
class Line:
    """A report as the inbox shows it. has_news: the reporter added something that nobody saw; is_again: another report
    about the household came in within half a year before it."""

    report: Report
    has_news: bool
    is_again: bool


def inbox(state: ReportState | None, page: int = 1) -> list[Line]:
    """A page of the reports: the new ones first, then by moment, the newest first. One statement."""
    rows = db.session.execute(_lines(state is not None), {"state": state, "skip": (page - 1) * PAGE})
    return [Line(*row) for row in rows]


@cache
def _lines(of_one_state: bool) -> Select[Report, bool, bool]:
    """Built once per process: it is long, and asked all day."""
    of_state = [Report.state == bindparam("state")] if of_one_state else []
    twin = Report.__table__.alias("twin")
    has_news = exists().where(
        ReportAddition.tenant_id == Report.tenant_id,
        ReportAddition.report_id == Report.id,
        ReportAddition.seen_at.is_(None),
    )
    is_again = exists().where(
        and_(twin.c.tenant_id == Report.tenant_id, twin.c.id != Report.id),
        or_(twin.c.address_mark == Report.address_mark, twin.c.name_mark == Report.name_mark),
        twin.c.received_at > Report.received_at - timedelta(days=SAME_REPORT_DAYS),
        twin.c.received_at <= Report.received_at,
    )
    newest = (Report.state != ReportState.RECEIVED, Report.received_at.desc())
    query = select(Report, has_news, is_again).where(*of_state).order_by(*newest)
    return query.limit(PAGE).offset(bindparam("skip", type_=Integer))


def counts() -> dict[ReportState, int]:
    """How many reports there are of each state."""
    found = dict.fromkeys(ReportState, 0)
    for state, number in db.session.execute(select(Report.state, func.count()).group_by(Report.state)):
        found[ReportState(state)] = number
    return found


@read_once
def new_count() -> int:
    """How many nobody decided about yet (the navigation's badge)."""
    return db.session.scalar(select(func.count()).where(Report.state == ReportState.RECEIVED)) or 0


def first_contact() -> timedelta | None:
    """The median time from a report to the first decision about it, over the last quarter; None without any."""
    since = utc_now() - timedelta(days=MEASURED_DAYS)
    middle = func.percentile_cont(0.5).within_group((Report.first_act_at - Report.received_at).asc())
    return db.session.scalar(select(middle).where(Report.received_at > since, Report.first_act_at.is_not(None)))


# ---------------------------------------------------------------- one report


def find(report_id: uuid.UUID) -> Report:
    """The report; raises NoSuchReportError."""
    report: Report | None = db.session.scalar(select(Report).where(Report.id == report_id))
    if report is None:
        raise NoSuchReportError
    return report


def opened(report_id: uuid.UUID) -> tuple[Report, Sequence[ReportAddition]]:
    """The report with its additions, for who works on it; recorded in the trail. Raises NoSuchReportError."""
    with transaction() as session:
        report = find(report_id)
        record_read("report", report.id, report.case_id, "case work")
        query = select(ReportAddition).where(ReportAddition.report_id == report.id).order_by(ReportAddition.at)
        additions = session.scalars(query).all()
        session.execute(
            update(ReportAddition)
            .where(ReportAddition.report_id == report.id, ReportAddition.seen_at.is_(None))
            .values(seen_at=utc_now())
            .execution_options(synchronize_session=False)
        )
    return report, additions


def of_case(case_id: uuid.UUID) -> list[tuple[Report, Sequence[ReportAddition]]]:
    """The reports that were linked to a case, with their additions."""
    found = db.session.scalars(select(Report).where(Report.case_id == case_id)).all()
    if not found:
        return []
    added: dict[uuid.UUID, list[ReportAddition]] = {report.id: [] for report in found}
    query = select(ReportAddition).where(ReportAddition.report_id.in_(added)).order_by(ReportAddition.at)
    for each in db.session.scalars(query):
        added[each.report_id].append(each)
    return [(report, added[report.id]) for report in found]


def likely_cases(told: Told) -> list[Likely]:
    """The cases that may be about the same household, the likeliest first.

    Names are compared among those that begin alike (an index reads them), so that fifty thousand take no time.
    """
    # Ranges, not LIKE: row security lets an index read only what can't leak.
    starts = [and_(Person.sort_key >= start, Person.sort_key < end) for start, end in beginnings(told)]
    if told.born:
        starts.append(Person.birth_date == told.born)
    people = select(Person.case_id, Person.sort_key, Person.birth_date).where(or_(*starts))
    persons = [KnownPerson(*row) for row in db.session.execute(people)] if starts else []
    number = told.house_number
    near = select(Dwelling.case_id, Dwelling.street, Dwelling.box).where(
        Dwelling.postcode == told.postcode, Dwelling.house_number.in_({number, number.lower(), number.upper()})
    )
    homes = [KnownHome(*row) for row in db.session.execute(near)]
    found = alike(told, persons, homes)[:MOST_SHOWN]
    cases = {c.id: c for c in db.session.scalars(select(Case).where(Case.id.in_([each for each, _ in found])))}
    return [Likely(cases[case_id], because) for case_id, because in found if case_id in cases]


def same_reports(report: Report) -> Sequence[Report]:
    """Other recent reports about the same address or the same name, the newest first."""
    since = report.received_at - timedelta(days=SAME_REPORT_DAYS)
    query = select(Report).where(
        Report.id != report.id,
        Report.received_at > since,
        or_(Report.address_mark == report.address_mark, Report.name_mark == report.name_mark),
    )
    return db.session.scalars(query.order_by(Report.received_at.desc()).limit(MOST_SHOWN)).all()


# ---------------------------------------------------------------- deciding


@contextmanager
def _deciding(report_id: uuid.UUID) -> Iterator[tuple[Session, Report]]:
    """One decision about a report; colleagues who decide too wait, and are told when it was taken up meanwhile.

    Its end keeps the network's slip in step and tells the reporter how far it is.
    """
    with transaction() as session:
        report = session.scalar(select(Report).where(Report.id == report_id).with_for_update())
        if report is None:
            raise NoSuchReportError
        session.refresh(report)
        if report.case_id is not None:
            raise ReportError(N_("A colleague took this report up already. Open its case."))
        before = report.state
        yield session, report
        if report.first_act_at is None:
            report.first_act_at, report.first_act_by = utc_now(), tenancy.current().user_id
        slip = session.scalar(select(ReportSlip).where(ReportSlip.id == report.id))
        if slip is not None:
            slip.state = report.state
        if report.state != before:
            from tenants.intake.jobs import send_feedback

            enqueue(send_feedback, slip_id=str(report.id))


def link(report_id: uuid.UUID, case_id: uuid.UUID) -> None:
    """The report is about the household of an existing case. Raises NoSuchReportError and ReportError."""
    with _deciding(report_id) as (session, report):
        if session.scalar(select(Case.id).where(Case.id == case_id)) is None:
            raise ReportError(N_("There is no such case in your organisation. Check its number."))
        report.case_id, report.state, report.closing_reason = case_id, ReportState.TAKEN_UP, None


def case_numbered(number: str) -> uuid.UUID:
    """The case with this number; raises ReportError."""
    case_id = db.session.scalar(select(Case.id).where(Case.number == number.strip().upper()))
    if case_id is None:
        raise ReportError(N_("There is no such case in your organisation. Check its number."))
    return case_id


def open_case(report_id: uuid.UUID) -> uuid.UUID:
    """Open a case out of the report, carried by who opens it; the case's id. Raises as `link`."""
    with _deciding(report_id) as (_session, report):
        case_id = open_new(_new_case(report))
        report.case_id, report.state, report.closing_reason = case_id, ReportState.TAKEN_UP, None
    return case_id


def _new_case(report: Report) -> NewCase:
    told = report.told
    last, first = told.household
    landlord = rules.landlord_of(told)
    return NewCase(
        persons=(
            NewPerson(
                last,
                first,
                birth_date=told.born,
                phone=told.reporter_phone or None if told.in_person else None,
                email=told.reporter_email or None if told.in_person else None,
            ),
        ),
        opened_on=today(),
        source=rules.source_of(Track(report.track)),
        reason=told.main_reason,
        other_reasons=told.reasons[1:],
        market=rules.market_of(told),
        dwelling=NewDwelling(told.street, told.house_number, told.box, told.postcode, told.municipality),
        landlord=NewLandlord(*landlord) if landlord else None,
        assigned_to=tenancy.current().user_id,
    )


def close(report_id: uuid.UUID, reason: ClosingReason) -> None:
    """Close the report without a case. Raises NoSuchReportError and ReportError."""
    with _deciding(report_id) as (_session, report):
        if report.state == ReportState.CLOSED:
            raise ReportError(N_("This report is closed already."))
        report.state, report.closing_reason = ReportState.CLOSED, reason
