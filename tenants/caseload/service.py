"""Who carries how much, and handing a case over."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, func, or_, select

from app import tenancy
from app.calendar.rules import next_working_day
from app.database import db, transaction
from app.i18n import N_
from app.ui.formats import today
from tenants.caseload.models import Handover
from tenants.caseload.rules import Weights, departures, weight, with_departures
from tenants.cases.assigning import Seen, assign_seen
from tenants.cases.codes import CaseState, TaskKind
from tenants.cases.models import Case
from tenants.cases.service import CaseError, NoSuchCaseError
from tenants.cases.tasks import NewTask, add_task
from tenants.guidance.codes import ProcedureKind, ProcedureState
from tenants.guidance.models import GuidanceProcedure
from tenants.organisations.own import Own, own, set_own
from tenants.petitions.codes import StageKey

WEIGHTS = "caseload_weights"  # the name in the organisation's settings
SHOWN = 50  # hand-overs on the page: what is older stands in the case itself


@dataclass(frozen=True)
class Load:
    """What somebody carries: open cases, and their points together (`rules.weight`)."""

    cases: int = 0
    points: int = 0


def weights() -> tuple[Weights, Own]:
    """The points that count in this organisation, and what of them it set itself."""
    kept = own(WEIGHTS)
    return with_departures(kept.values), kept


def set_weights(chosen: Weights, seen: int) -> None:
    """Keep the organisation's own points; they count at once. seen: the version that was looked at.

    Raises SetMeanwhileError.
    """
    set_own(WEIGHTS, departures(chosen), seen)


def loads() -> dict[int | None, Load]:
    """The load of everybody who carries an open case; None: of nobody. One statement, however many cases."""
    counting, _own = weights()
    found: dict[int | None, Load] = defaultdict(Load)
    for user_id, stage, kinds, cases in db.session.execute(_carried()):
        points = weight(StageKey(stage), [ProcedureKind(kind) for kind in kinds or ()], counting)
        before = found[user_id]
        found[user_id] = Load(before.cases + cases, before.points + cases * points)
    return dict(found)


@cache
def _carried() -> Select[Any]:
    """Open cases by who carries them, their stage and the procedures that run; built once per process."""
    running = (
        select(GuidanceProcedure.case_id, func.array_agg(GuidanceProcedure.kind).label("kinds"))
        .where(GuidanceProcedure.state == ProcedureState.RUNNING)
        .group_by(GuidanceProcedure.case_id)
        .subquery()
    )
    return (
        select(Case.assigned_to, Case.stage, running.c.kinds, func.count())
        .outerjoin(running, running.c.case_id == Case.id)
        .where(Case.state == CaseState.OPEN)
        .group_by(Case.assigned_to, Case.stage, running.c.kinds)
    )


def hand_over(case_id: uuid.UUID, to_user: int, note: str, seen: int | None, task_title: str) -> uuid.UUID:
    """Give the case to a colleague with a note, and a task to read it; the hand-over's id.

    seen: who carried the case on the page (None: nobody). task_title: in the language of who hands over. Raises
    NoSuchCaseError, CaseError (no note, the same person, nobody of the team), and AssignedMeanwhileError.
    """
    if not note.strip():
        raise CaseError(N_("Write what your colleague has to know: how far it is, and what presses."))
    if to_user == seen:
        raise CaseError(N_("This colleague carries the case already. Choose somebody else."))
    with transaction() as session:
        case = session.get(Case, case_id)
        if case is None:
            raise NoSuchCaseError
        if case.state != CaseState.OPEN:
            raise CaseError(N_("This case is closed. Open it again first, then hand it over."))
        assign_seen([Seen(case_id, seen)], to_user)
        handover = Handover(
            case_id=case_id, from_user=seen, to_user=to_user, note=note.strip(), by=tenancy.current().user_id
        )
        session.add(handover)
        day = next_working_day(today())
        add_task(NewTask(task_title, day, TaskKind.TODO, case_id=case_id, assigned_to=to_user))
        session.flush()
    return handover.id


def handovers_of(case_id: uuid.UUID) -> Sequence[Handover]:
    """The hand-overs of a case, the latest first."""
    query = select(Handover).where(Handover.case_id == case_id).order_by(Handover.at.desc())
    return db.session.scalars(query).all()


def handovers(user_id: int | None) -> list[tuple[Handover, str, str]]:
    """The latest hand-overs to or from a person (None: of the whole team), each with the case's name and number."""
    query = select(Handover, Case.display_name, Case.number).join(Case, Case.id == Handover.case_id)
    if user_id is not None:
        query = query.where(or_(Handover.to_user == user_id, Handover.from_user == user_id, Handover.by == user_id))
    rows = db.session.execute(query.order_by(Handover.at.desc(), Handover.id.desc()).limit(SHOWN))
    return [(row[0], row[1], row[2]) for row in rows]
