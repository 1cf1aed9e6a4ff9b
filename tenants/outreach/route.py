"""Home visits as a route: chosen at the desk, taken along on a phone, and what came of them, kept once.

A phone may be without a network for hours. What is logged there bears an id that the phone made: however often it
arrives, it is one attempt. It is kept whatever became of the case meanwhile, since the visit did take place.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, and_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from app import tenancy
from app.audit.service import record_export
from app.crypto import keyed_hash
from app.database import db, transaction
from app.i18n import N_
from app.security.models import utc_now
from tenants.cases.codes import CaseState, Channel, ContactResult
from tenants.cases.models import Case, Dwelling
from tenants.cases.service import NoSuchCaseError
from tenants.outreach.codes import PlanState, StepState
from tenants.outreach.models import OutreachAttempt, OutreachPlan, OutreachStep
from tenants.outreach.plan import GoneError, PlanError
from tenants.outreach.rules import moment_of, street_order
from tenants.petitions.codes import StageKey
from tenants.petitions.course import today
from tenants.petitions.service import recompute

AHEAD = timedelta(days=7)  # visits of the coming week may be taken along when one is in the street anyway
MOST = 200  # visits listed
KEPT_FOR = 14  # days for which a phone that was off-line can still hand in what it holds
LATEST_NOTE = 4000  # signs, as in the form of an attempt


class Outcome(StrEnum):
    """What became of a visit that a phone handed in. REFUSED stays on the phone; the others are safe here."""

    KEPT = "kept"
    KEPT_CLOSED = "kept_closed"
    KEPT_AFTER_OTHERS = "kept_after_others"
    KNOWN = "known"
    REFUSED = "refused"


TOLD = {
    Outcome.KEPT: N_("Noted."),
    Outcome.KEPT_CLOSED: N_(
        "This case was closed in the meantime. Your visit is kept in it all the same; tell whoever closed it."
    ),
    Outcome.KEPT_AFTER_OTHERS: N_(
        "A colleague noted or skipped this step in the meantime. Your visit is kept beside it as its own attempt."
    ),
    Outcome.KNOWN: N_("This visit had arrived already: it was not noted twice."),
    Outcome.REFUSED: N_("This case is not of your organisation (any more). Your note stays on this phone; copy it."),
}


@dataclass(frozen=True)
class Visit:
    """A visit as the phone logged it. `id`: made by the phone; `at`: with a time zone."""

    id: uuid.UUID
    case_id: uuid.UUID
    step_id: uuid.UUID | None
    at: datetime
    result: ContactResult
    note: str


# ---------------------------------------------------------------- the route


def visits() -> list[Row[Any]]:
    """The next home visit of each running plan up to a week ahead, in the order of the streets."""
    before = aliased(OutreachStep)
    has_earlier = (
        select(before.id)
        .where(
            before.plan_id == OutreachStep.plan_id,
            before.channel == Channel.HOME_VISIT,
            before.state == StepState.OPEN,
            tuple_(before.due_on, before.position) < tuple_(OutreachStep.due_on, OutreachStep.position),
        )
        .exists()
    )
    wanted = and_(
        OutreachPlan.state == PlanState.RUNNING,
        OutreachStep.state == StepState.OPEN,
        OutreachStep.channel == Channel.HOME_VISIT,
        OutreachStep.due_on <= today() + AHEAD,
        ~has_earlier,
    )
    return _listed(wanted)


def carried() -> list[Row[Any]]:
    """What the acting person has on the route of today, done or not, in the order of the streets."""
    return _listed(and_(OutreachStep.carried_on == today(), OutreachStep.carried_by == tenancy.current().user_id))


def _listed(condition: Any) -> list[Row[Any]]:
    query = (
        select(
            OutreachStep.id,
            OutreachStep.case_id,
            OutreachStep.due_on,
            OutreachStep.state,
            OutreachStep.carried_on,
            OutreachStep.carried_by,
            OutreachPlan.moment,
            Case.display_name,
            Case.address_line,
            Case.hearing_at,
            Case.attempts,
            Case.number,
            Dwelling.street,
            Dwelling.house_number,
            Dwelling.box,
            Dwelling.municipality,
        )
        .join(OutreachPlan, OutreachPlan.id == OutreachStep.plan_id)
        .join(Case, Case.id == OutreachStep.case_id)
        .outerjoin(Dwelling, Dwelling.case_id == Case.id)
        .where(condition)
        .order_by(OutreachStep.due_on, OutreachStep.id)
        .limit(MOST)
    )
    rows: list[Any] = list(db.session.execute(query))
    return sorted(
        rows,
        key=lambda row: street_order(row.municipality or "", row.street or "", row.house_number or "", row.box or ""),
    )


def carry(step_ids: Collection[uuid.UUID]) -> int:
    """Make these the acting person's route of today, in place of what was on it; how many. Recorded as taken along.

    Raises NoSuchCaseError, GoneError.
    """
    me, now = tenancy.current().user_id, today()
    with transaction() as session:
        steps = session.scalars(select(OutreachStep).where(OutreachStep.id.in_(step_ids)).with_for_update()).all()
        if len(steps) != len(set(step_ids)) or any(step.channel != Channel.HOME_VISIT for step in steps):
            raise NoSuchCaseError
        if any(step.state != StepState.OPEN for step in steps):
            raise GoneError(N_("A colleague noted or skipped one of these visits meanwhile. Look at the list again."))
        mine = and_(OutreachStep.carried_on == now, OutreachStep.carried_by == me, OutreachStep.state == StepState.OPEN)
        session.execute(update(OutreachStep).where(mine).values(carried_on=None, carried_by=None))
        session.execute(update(OutreachStep).where(OutreachStep.id.in_(step_ids)).values(carried_on=now, carried_by=me))
        record_export([step.case_id for step in steps], "visit route")
    return len(steps)


# ---------------------------------------------------------------- on the phone


def owner() -> str:
    """A mark of the acting person at this organisation that tells nobody who it is."""
    return keyed_hash(_me(), "visit route owner")[:32]


def keys(last_day: date) -> dict[str, str]:
    """By day the key (hex, 256 bits) under which the acting person's phone keeps that day's visits.

    The portal can always give it again to the same person, so a phone may throw it away when they sign out: what is
    not handed in yet stays there, unreadable to anybody else.
    """
    days = [(last_day - timedelta(days=ago)).isoformat() for ago in range(KEPT_FOR)]
    return {day: keyed_hash(f"{_me()}:{day}", "visit route key") for day in days}


def _me() -> str:
    return f"{tenancy.current_tenant_id()}:{tenancy.current().user_id}"


def keep(visit: Visit) -> Outcome:
    """Keep a visit that was logged on a phone, once. A clock that runs ahead is put right."""
    with transaction() as session:
        case = session.get(Case, visit.case_id)
        if case is None or case.tenant_id != tenancy.current_tenant_id():
            return Outcome.REFUSED
        step, plan = _step_of(session, visit)
        moment = plan.moment if plan else moment_of(StageKey(case.stage))
        row = {
            "id": visit.id,
            "case_id": case.id,
            "at": min(visit.at, utc_now()),
            "moment": moment,
            "channel": Channel.HOME_VISIT,
            "result": visit.result,
            "note": visit.note or None,
            "by": tenancy.current().user_id,
        }
        added = session.scalar(
            insert(OutreachAttempt).values(row).on_conflict_do_nothing().returning(OutreachAttempt.id)
        )
        if added is None:
            return Outcome.KNOWN
        overtaken = step is not None and (step.state != StepState.OPEN or plan is None or plan.state != "running")
        closed = case.state == CaseState.CLOSED
        recompute([case.id])
    if closed:
        return Outcome.KEPT_CLOSED
    return Outcome.KEPT_AFTER_OTHERS if overtaken else Outcome.KEPT


def _step_of(session: Session, visit: Visit) -> tuple[OutreachStep | None, OutreachPlan | None]:
    """The step that the phone had on its list, when it is one of that case."""
    step = session.get(OutreachStep, visit.step_id) if visit.step_id else None
    if step is None or step.case_id != visit.case_id:
        return None, None
    return step, session.get(OutreachPlan, step.plan_id)


def read_visit(sent: Any) -> Visit:
    """A visit out of what a phone sent (JSON); raises PlanError for what can't be one."""
    try:
        at = datetime.fromisoformat(str(sent["at"]).replace("Z", "+00:00"))
        step = sent.get("step_id")
        note = str(sent.get("note") or "").strip()
        visit = Visit(
            uuid.UUID(str(sent["id"])),
            uuid.UUID(str(sent["case_id"])),
            uuid.UUID(str(step)) if step else None,
            at,
            ContactResult(sent["result"]),
            note,
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise PlanError(N_("This visit can't be read. Note it by hand in the case.")) from None
    if at.tzinfo is None or at.year < 2000 or len(note) > LATEST_NOTE or not note.replace("\x00", "") == note:
        raise PlanError(N_("This visit can't be read. Note it by hand in the case."))
    return visit
