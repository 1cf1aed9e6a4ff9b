"""The procedures of a case: considered, begun or refused, followed step by step, ended. One function, one use case.

Every change goes with the facts of the case, which say which procedures ran in it.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import tenancy
from app.database import db, transaction
from app.i18n import N_
from app.security.models import utc_now
from app.ui.formats import today
from tenants.cases.codes import CaseState
from tenants.cases.models import Case
from tenants.cases.service import CaseError, ChangedMeanwhileError, NoSuchCaseError
from tenants.guidance.codes import Condition, ProcedureKind, ProcedureOutcome, ProcedureState, Step, Verdict
from tenants.guidance.models import ConditionAnswer, GuidanceProcedure, GuidanceStep
from tenants.guidance.own import own_rules
from tenants.guidance.reading import facts_of_case
from tenants.guidance.rules.procedures import (
    DESIGNS,
    OPEN,
    Check,
    Standing,
    check,
    checks,
    frozen,
    may_become,
    standing,
    thawed,
)
from tenants.petitions.service import recompute


class GuidanceError(CaseError):
    """A change of a procedure is refused; `field` is the form's field that is wrong, '' for the whole."""

    def __init__(self, message: str, field: str = "", **params: object) -> None:
        super().__init__(message, **params)
        self.field = field


@dataclass(frozen=True)
class Seen:
    """A procedure as its page shows it: its conditions (of now, or of when it was decided) and its steps done."""

    row: GuidanceProcedure
    checks: tuple[Check, ...]
    done: Mapping[Step, GuidanceStep]

    @property
    def kind(self) -> ProcedureKind:
        return ProcedureKind(self.row.kind)

    @property
    def state(self) -> ProcedureState:
        return ProcedureState(self.row.state)

    @property
    def standing(self) -> Standing:
        return standing(self.checks)


# ---------------------------------------------------------------- looking


def answers_of(case_id: uuid.UUID) -> dict[Condition, ConditionAnswer]:
    """What workers answered in this case, by condition."""
    query = select(ConditionAnswer).where(ConditionAnswer.case_id == case_id)
    return {Condition(row.condition): row for row in db.session.scalars(query)}


def procedures_of(case: Case) -> list[Seen]:
    """The procedures of the case, open ones first, then the newest; with their conditions and steps."""
    query = select(GuidanceProcedure).where(GuidanceProcedure.case_id == case.id)
    rows = list(db.session.scalars(query.order_by(GuidanceProcedure.id.desc())))
    if not rows:
        return []
    done: dict[uuid.UUID, dict[Step, GuidanceStep]] = {row.id: {} for row in rows}
    for step in db.session.scalars(select(GuidanceStep).where(GuidanceStep.case_id == case.id)):
        done[step.procedure_id][Step(step.step)] = step
    now = checks_now(case) if any(row.checks is None for row in rows) else {}
    seen = [
        Seen(row, now[ProcedureKind(row.kind)] if row.checks is None else thawed(row.checks), done[row.id])
        for row in rows
    ]
    return sorted(seen, key=lambda each: each.state not in OPEN)


def checks_now(case: Case) -> dict[ProcedureKind, tuple[Check, ...]]:
    """How the case stands towards the conditions of every procedure, today."""
    facts = facts_of_case(db.session(), case)
    given = {condition: row.yes for condition, row in answers_of(case.id).items()}
    own = own_rules()
    return {kind: checks(kind, facts, given, own) for kind in ProcedureKind}


def check_now(case: Case, condition: Condition) -> Check:
    """How the case stands towards one condition, today."""
    given = {each: row.yes for each, row in answers_of(case.id).items()}
    return check(condition, facts_of_case(db.session(), case), given, own_rules())


def arrears_of(case: Case) -> Decimal | None:
    """The arrears that the newest petition tells, in euro."""
    return facts_of_case(db.session(), case).arrears


def find(procedure_id: uuid.UUID) -> tuple[Case, Seen]:
    """The procedure with its case; raises NoSuchCaseError."""
    row = db.session.get(GuidanceProcedure, procedure_id)
    case = db.session.get(Case, row.case_id) if row else None
    if row is None or case is None:
        raise NoSuchCaseError
    return case, next(each for each in procedures_of(case) if each.row.id == procedure_id)


# ---------------------------------------------------------------- changing


def locked_open_case(session: Session, case_id: uuid.UUID) -> Case:
    """The case, held until the end of the transaction; a closed one is not changed any more."""
    case = session.get(Case, case_id, with_for_update=True, populate_existing=True)
    if case is None:
        raise NoSuchCaseError
    if case.state == CaseState.CLOSED:
        raise GuidanceError(N_("This case is closed. Open it again first, then note this."))
    return case


@contextmanager
def _changing(
    procedure_id: uuid.UUID, version: int | None, becomes: ProcedureState | None = None
) -> Iterator[tuple[Session, GuidanceProcedure, Seen]]:
    """One change of a procedure, in one transaction, with the facts of the case after it.

    Raises NoSuchCaseError, ChangedMeanwhileError, and GuidanceError when it can't go to `becomes`.
    """
    with transaction() as session:
        row = session.get(GuidanceProcedure, procedure_id)
        if row is None:
            raise NoSuchCaseError
        case = locked_open_case(session, row.case_id)
        session.refresh(row)
        if version is not None and row.version != version:
            raise ChangedMeanwhileError(row.ended_by or row.decided_by)
        if becomes is not None and not may_become(ProcedureState(row.state), becomes):
            raise GuidanceError(N_("This procedure is not in a state for that any more. Look at it once more."))
        seen = next(each for each in procedures_of(case) if each.row.id == procedure_id)
        before = row.state
        yield session, row, seen
        session.flush()
        if row not in session or row.state != before:  # deleted, or in another state: the facts tell it
            recompute([case.id])


def consider(case_id: uuid.UUID, kind: ProcedureKind, on: date | None = None) -> uuid.UUID:
    """Consider a procedure in the case; its id. Raises GuidanceError when one of its kind is open already."""
    with transaction() as session:
        locked_open_case(session, case_id)
        row = GuidanceProcedure(
            case_id=case_id, kind=kind, considered_on=on or today(), created_by=tenancy.current().user_id
        )
        session.add(row)
        try:
            session.flush()
        except IntegrityError:
            raise GuidanceError(N_("This procedure is considered or running in this case already.")) from None
        recompute([case_id])
    return row.id


def drop(procedure_id: uuid.UUID, version: int | None) -> None:
    """Take back that a procedure was considered: a wrong click leaves nothing but the trail."""
    with _changing(procedure_id, version) as (session, row, _seen):
        if row.state != ProcedureState.CONSIDERED:
            raise GuidanceError(N_("Only a procedure that is considered can be taken back."))
        session.delete(row)


def answer(
    case_id: uuid.UUID, condition: Condition, verdict: Verdict, note: str = "", version: int | None = None
) -> None:
    """Answer a condition that the case can't tell; UNKNOWN takes an answer back.

    version: of the answer that was seen, 0 for none. Raises GuidanceError when the case itself tells, and
    ChangedMeanwhileError when a colleague answered first.
    """
    with transaction() as session:
        case = locked_open_case(session, case_id)
        if not check(condition, facts_of_case(session, case), {}, own_rules()).answerable:
            raise GuidanceError(N_("The case itself tells this now. If it is wrong, change the case."))
        row = session.scalar(
            select(ConditionAnswer).where(ConditionAnswer.case_id == case_id, ConditionAnswer.condition == condition)
        )
        if version is not None and version != (row.version if row else 0):
            raise ChangedMeanwhileError(row.by if row else None)
        if verdict is Verdict.UNKNOWN:
            if row is not None:
                session.delete(row)
            return
        if row is None:
            row = ConditionAnswer(case_id=case_id, condition=condition)
            session.add(row)
        row.yes, row.note = verdict is Verdict.MET, note.strip() or None
        row.at, row.by = utc_now(), tenancy.current().user_id


def begin(procedure_id: uuid.UUID, on: date, reason: str = "", version: int | None = None) -> None:
    """Begin a procedure. An unmet condition forbids it; what is not known, or unmet locally, asks for a reason."""
    with _changing(procedure_id, version, ProcedureState.RUNNING) as (session, row, seen):
        _not_before(on, session.get_one(Case, row.case_id).opened_on, BEFORE_CASE)
        if seen.standing.blocked_by:
            raise GuidanceError(N_("A condition is not met, so this can't begin: refuse it, or put the case right."))
        if seen.standing.to_explain and not reason.strip():
            raise GuidanceError(N_("Not all conditions are met or known. Say why you begin all the same."), "reason")
        _decide(row, ProcedureState.RUNNING, on, seen.checks, reason)


def refuse(procedure_id: uuid.UUID, on: date, condition: Condition, reason: str, version: int | None = None) -> None:
    """Refuse a procedure for one of its unmet conditions."""
    with _changing(procedure_id, version, ProcedureState.REFUSED) as (session, row, seen):
        _not_before(on, session.get_one(Case, row.case_id).opened_on, BEFORE_CASE)
        if condition not in seen.standing.unmet:
            raise GuidanceError(N_("Choose a condition that is not met."), "condition")
        if not reason.strip():
            raise GuidanceError(N_("Say why, in words that you would tell the household."), "reason")
        _decide(row, ProcedureState.REFUSED, on, seen.checks, reason)
        row.refused_for = condition


def reconsider(procedure_id: uuid.UUID, version: int | None = None) -> None:
    """Consider a refused procedure again; the trail keeps the refusal."""
    with _changing(procedure_id, version, ProcedureState.CONSIDERED) as (session, row, _seen):
        row.state, row.considered_on = ProcedureState.CONSIDERED, today()
        row.decided_on = row.decided_by = row.refused_for = row.reason = None
        row.checks = None
        try:
            session.flush()
        except IntegrityError:
            raise GuidanceError(N_("This procedure is considered or running in this case already.")) from None


def end(
    procedure_id: uuid.UUID, on: date, outcome: ProcedureOutcome, result: str = "", version: int | None = None
) -> None:
    """End a running procedure with what it came to."""
    with _changing(procedure_id, version, ProcedureState.ENDED) as (_session, row, seen):
        _not_before(on, row.decided_on, N_("This can't be before the day on which the procedure began."))
        if outcome not in DESIGNS[seen.kind].outcomes:
            raise GuidanceError(N_("Choose from the list."), "outcome")
        row.state, row.ended_on, row.outcome = ProcedureState.ENDED, on, outcome
        row.result, row.ended_by = result.strip() or None, tenancy.current().user_id


def mark_step(procedure_id: uuid.UUID, step: Step, *, done: bool, on: date | None = None) -> None:
    """Mark a step of a running procedure as done, or take that back; twice is once."""
    with _changing(procedure_id, None) as (session, row, seen):
        if row.state != ProcedureState.RUNNING:
            raise GuidanceError(N_("Steps are noted while the procedure runs: begin it first."))
        if step not in DESIGNS[seen.kind].steps:
            raise NoSuchCaseError
        known = seen.done.get(step)
        if done and known is None:
            day, by = on or today(), tenancy.current().user_id
            session.add(GuidanceStep(case_id=row.case_id, procedure_id=row.id, step=step, done_on=day, by=by))
        elif not done and known is not None:
            session.delete(known)


def _decide(row: GuidanceProcedure, state: ProcedureState, on: date, found: Sequence[Check], reason: str) -> None:
    """Often it is noted afterwards: what began last week was considered by then too."""
    row.state, row.decided_on, row.decided_by = state, on, tenancy.current().user_id
    row.considered_on = min(row.considered_on, on)
    row.reason, row.checks = reason.strip() or None, frozen(found)


BEFORE_CASE = N_("This can't be before the day on which the case was opened.")


def _not_before(on: date, earliest: date | None, message: str) -> None:
    """`on`: the day that the form's field of that name gives; `message` when it comes before `earliest`."""
    if on > today():
        raise GuidanceError(N_("This day is still to come. Fill in today or earlier."), "on")
    if earliest is not None and on < earliest:
        raise GuidanceError(message, "on")
