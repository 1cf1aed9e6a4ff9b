"""Letters and postcards of many households in one PDF; they count as sent when somebody says that they were printed.

Until then the steps stay open and stand on the page of that print, so that a printer that fails loses nothing.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from flask_appbuilder.security.sqla.models import User
from jinja2 import Environment, PackageLoader, StrictUndefined
from sqlalchemy import Row, Select, and_, func, or_, select, update
from sqlalchemy.orm import Session, selectinload

from app import tenancy
from app.audit.service import record_export
from app.database import db, transaction
from app.documents.engine import render_pdf, unprintable
from app.documents.rules import short_day
from app.i18n import N_
from app.security.models import utc_now
from tenants.cases.codes import Channel, Moment, PersonRole
from tenants.cases.models import Case, Dwelling
from tenants.cases.service import NoSuchCaseError
from tenants.letters import letterhead
from tenants.outreach.codes import PlanState, StepState
from tenants.outreach.models import OutreachPlan, OutreachPrint, OutreachStep
from tenants.outreach.paper import Household, Sender, paper
from tenants.outreach.plan import GoneError, PlanError
from tenants.outreach.service import NewAttempt, add_attempts
from tenants.petitions.codes import DeadlineKind
from tenants.petitions.course import today
from tenants.petitions.models import DeadlineRow, Hearing, Petition
from tenants.petitions.rules import BRUSSELS
from tenants.petitions.service import recompute

ON_PAPER = (Channel.LETTER, Channel.POSTCARD)
MOST = 100  # in one PDF: it takes a few seconds to make, and as many envelopes as one fills at a time
ADDRESSED = (PersonRole.REFERENCE, PersonRole.PARTNER)
FIRST_EVICTION = (DeadlineKind.PLANNED_EVICTION, DeadlineKind.EARLIEST_AFTER_NOTICE, DeadlineKind.EARLIEST_EVICTION)


class NoLetterheadError(PlanError):
    """The organisation has no letterhead yet, so nobody would know whom to call."""


class UnprintableError(PlanError):
    """A name or an address holds signs that the font has no letter for; `signs` names them, `name` the household."""

    def __init__(self, name: str, signs: str) -> None:
        told = N_("‘%(name)s’ has signs that can't be printed: %(signs)s. Write it in Latin letters first.")
        super().__init__(told)
        self.name, self.signs = name, signs


@dataclass(frozen=True)
class Batch:
    """A print with its steps that are still open."""

    row: OutreachPrint
    steps: Sequence[Row[Any]]


def waiting(kind: Channel | None = None) -> list[Row[Any]]:
    """Letters and postcards that are due or next, of running plans, and not in a print yet: the first `MOST`."""
    chosen = (kind,) if kind else ON_PAPER
    return list(db.session.execute(_listed(_due(chosen)).limit(MOST)))


def counts() -> dict[str, int]:
    """How many wait, by channel."""
    query = (
        select(OutreachStep.channel, func.count())
        .join(OutreachPlan, OutreachPlan.id == OutreachStep.plan_id)
        .where(_due(ON_PAPER))
        .group_by(OutreachStep.channel)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def _due(channels: Collection[Channel]) -> Any:
    return and_(
        OutreachPlan.state == PlanState.RUNNING,
        OutreachStep.state == StepState.OPEN,
        OutreachStep.channel.in_(channels),
        OutreachStep.print_id.is_(None),
        or_(OutreachStep.due_on <= today(), OutreachStep.id == OutreachPlan.next_step_id),
    )


def _listed(condition: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(
            OutreachStep.id,
            OutreachStep.case_id,
            OutreachStep.channel,
            OutreachStep.due_on,
            OutreachPlan.moment,
            Case.display_name,
            Case.address_line,
            Case.number,
            and_(Dwelling.street != "", Dwelling.house_number != "", Dwelling.postcode != "").label("has_address"),
        )
        .join(OutreachPlan, OutreachPlan.id == OutreachStep.plan_id)
        .join(Case, Case.id == OutreachStep.case_id)
        .outerjoin(Dwelling, Dwelling.case_id == Case.id)
        .where(condition)
        .order_by(OutreachStep.channel, OutreachStep.due_on, Case.sort_key, OutreachStep.id)
    )


# ---------------------------------------------------------------- print


def make(step_ids: Collection[uuid.UUID]) -> uuid.UUID:
    """Put these letters and postcards in one print; its id. Each stands in one print at most.

    Raises PlanError (nothing chosen, too many, no letterhead, signs that can't be printed), GoneError.
    """
    if not step_ids:
        raise PlanError(N_("Choose at least one letter or postcard."))
    if len(step_ids) > MOST:
        raise PlanError(N_("At most 100 at a time. Print the first ones now and the rest after that."))
    with transaction() as session:
        steps = session.scalars(
            select(OutreachStep)
            .where(OutreachStep.id.in_(step_ids))
            .order_by(OutreachStep.channel, OutreachStep.due_on, OutreachStep.id)
            .with_for_update()
        ).all()
        if len(steps) != len(set(step_ids)):
            raise NoSuchCaseError
        if any(step.state != StepState.OPEN or step.print_id or step.channel not in ON_PAPER for step in steps):
            raise GoneError(N_("A colleague printed or noted one of these meanwhile. Look at the list again."))
        run = OutreachPrint(paper=_papers(session, steps), made_by=tenancy.current().user_id)
        session.add(run)
        session.flush()
        session.execute(update(OutreachStep).where(OutreachStep.id.in_(step_ids)).values(print_id=run.id))
        record_export([step.case_id for step in steps], "outreach print")
    return run.id


def _papers(session: Session, steps: Sequence[OutreachStep]) -> list[dict[str, Any]]:
    """What is printed, in the order of the list. A few questions for all of them, none per letter."""
    case_ids = [step.case_id for step in steps]
    cases = {
        case.id: case
        for case in session.scalars(
            select(Case).where(Case.id.in_(case_ids)).options(selectinload(Case.persons), selectinload(Case.dwelling))
        )
    }
    moments = _moments(session, steps)
    hearings, evictions = _hearings(session, case_ids), _evictions(session, case_ids)
    head, made = _sender(), []
    for step in steps:
        case = cases[step.case_id]
        to = _household(case, hearings.get(case.id), evictions.get(case.id))
        if not to.is_complete:
            raise PlanError(N_("One of these households has no complete address. Fill it in first, or leave it out."))
        content = paper(Channel(step.channel), Moment(moments[step.plan_id]), to, head, today())
        if signs := unprintable(" ".join([*content["address"], content["greeting"]])):
            raise UnprintableError(case.display_name, signs)
        made.append(content)
    return made


def _moments(session: Session, steps: Sequence[OutreachStep]) -> dict[uuid.UUID, str]:
    """The moment by plan."""
    query = select(OutreachPlan.id, OutreachPlan.moment).where(OutreachPlan.id.in_([s.plan_id for s in steps]))
    return dict(session.execute(query).tuples().all())


def _household(case: Case, hearing: Any, first_eviction: date | None) -> Household:
    people = [p for p in case.persons if p.role in ADDRESSED] or case.persons[:1]
    home = case.dwelling
    return Household(
        names=tuple(f"{p.first_name} {p.last_name}".strip() for p in people),
        first_names=tuple(p.first_name for p in people),
        street=home.street if home else "",
        number=home.house_number if home else "",
        bus=home.box if home else "",
        postcode=home.postcode if home else "",
        municipality=home.municipality if home else "",
        file_number=case.number,
        hearing_at=hearing.at.astimezone(BRUSSELS) if hearing else None,
        hour_known=hearing.hour_known if hearing else True,
        court=hearing.court if hearing else "",
        first_eviction=first_eviction,
    )


def _hearings(session: Session, case_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Any]:
    """The next hearing of each case."""
    query = (
        select(Hearing.case_id, Hearing.at, Hearing.hour_known, Petition.court)
        .join(Petition, Petition.id == Hearing.petition_id)
        .where(Hearing.case_id.in_(case_ids), Hearing.at >= utc_now(), Hearing.recorded_at.is_(None))
        .order_by(Hearing.at.desc())
    )
    return {row.case_id: row for row in session.execute(query)}  # the soonest comes last, and stays


def _evictions(session: Session, case_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, date]:
    query = select(DeadlineRow.case_id, DeadlineRow.due_on).where(
        DeadlineRow.case_id.in_(case_ids), DeadlineRow.kind.in_(FIRST_EVICTION), DeadlineRow.due_on >= today()
    )
    return dict(session.execute(query.order_by(DeadlineRow.due_on.desc())).tuples().all())


def _sender() -> Sender:
    head = letterhead.letterhead()
    if head is None or not (head.street and head.city and head.phone):
        raise NoLetterheadError(
            N_("The letterhead lacks an address or a telephone number. Ask the administrator to fill it in.")
        )
    me = db.session.get(User, tenancy.current().user_id)
    sender = Sender(letterhead.organisation().name, head.street, f"{head.postcode} {head.city}", head.phone, head.email)
    return replace(sender, worker=f"{me.first_name} {me.last_name}") if me else sender


@cache
def _templates() -> Environment:
    """Their own environment, not the pages': a document knows no request and no translation."""
    return Environment(
        loader=PackageLoader("tenants.outreach", "templates/outreach"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def pdf(print_id: uuid.UUID) -> bytes:
    """The print as one accessible PDF, the same bytes each time. Raises NoSuchCaseError."""
    row = find(print_id)
    title = f"Brieven en kaarten {short_day(row.made_at.astimezone(BRUSSELS).date())}"
    html = _templates().get_template("papers-1.html").render(papers=row.paper, title=title)
    return render_pdf(html, title=title, lang="nl-BE", identifier=row.id, created=row.made_at)


# ---------------------------------------------------------------- and then


def find(print_id: uuid.UUID) -> OutreachPrint:
    """The print; raises NoSuchCaseError."""
    row = db.session.get(OutreachPrint, print_id)
    if row is None:
        raise NoSuchCaseError
    return row


def batch(print_id: uuid.UUID) -> Batch:
    """The print with what still waits for 'I printed them'. Raises NoSuchCaseError."""
    row = find(print_id)
    return Batch(row, list(db.session.execute(_listed(OutreachStep.print_id == print_id))))


def unconfirmed() -> list[OutreachPrint]:
    """Prints of which nobody said yet whether they came out, the oldest first."""
    query = select(OutreachPrint).where(OutreachPrint.confirmed_at.is_(None)).order_by(OutreachPrint.made_at)
    return list(db.session.scalars(query))


def confirm(print_id: uuid.UUID, printed: Collection[uuid.UUID]) -> int:
    """These came out of the printer: note an attempt for each; the others wait for the next print. How many.

    What goes out counts also where the case was closed meanwhile. Raises NoSuchCaseError, GoneError.
    """
    with transaction() as session:
        row = session.get(OutreachPrint, print_id, with_for_update=True, populate_existing=True)
        if row is None:
            raise NoSuchCaseError
        if row.confirmed_at is not None:
            raise GoneError(N_("A colleague confirmed this print already: nothing was noted twice."))
        steps = session.scalars(select(OutreachStep).where(OutreachStep.print_id == print_id)).all()
        out = [step for step in steps if step.id in set(printed)]
        moments = _moments(session, out)
        now = utc_now()
        add_attempts([NewAttempt(s.case_id, now, Channel(s.channel), moment=Moment(moments[s.plan_id])) for s in out])
        for step in steps:
            step.print_id = None
        row.confirmed_at, row.confirmed_by = now, tenancy.current().user_id
        recompute(step.case_id for step in out)
    return len(out)
