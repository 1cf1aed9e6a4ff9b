"""The repayment plan of a case: begin it, note what was received, end it, and see in time that it is at risk."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app import tenancy
from app.database import db, read_once, transaction
from app.i18n import N_
from app.security.models import utc_now
from app.ui.formats import datum, euro, today
from tenants.cases import tasks
from tenants.cases.codes import CaseState, TaskKind
from tenants.cases.models import Case, Task
from tenants.cases.service import CaseError, ChangedMeanwhileError, NoSuchCaseError
from tenants.money.rules import Instalment, repayment_schedule
from tenants.organisations.service import colleagues
from tenants.repayment import rules
from tenants.repayment.codes import PlanState
from tenants.repayment.models import RepaymentInstalment, RepaymentPayment, RepaymentPlan


class RepaymentError(Exception):
    """A payment or a plan is refused; `problems` are pairs (field, msgid), a field '' is the whole."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(message for _field, message in problems))
        self.problems = problems


class NoSuchPlanError(Exception):
    """There is no such plan or payment for the acting organisation."""


@dataclass(frozen=True)
class NewPlan:
    """A plan to enter by hand: monthly from `first_due` on; give either `count` or `monthly`."""

    total: Decimal
    first_due: date
    count: int | None = None
    monthly: Decimal | None = None


@dataclass(frozen=True)
class Receipt:
    """What was received, as it was noted."""

    paid_on: date
    amount: Decimal | None
    note: str = ""


@dataclass(frozen=True)
class Shown:
    """A plan with its instalments as they stand, its payments (the latest first) and its balance today."""

    plan: RepaymentPlan
    lines: tuple[rules.Line, ...]
    payments: list[RepaymentPayment]
    balance: rules.Balance

    @property
    def is_running(self) -> bool:
        return self.plan.state == PlanState.RUNNING

    @property
    def next(self) -> rules.Line | None:
        return rules.next_open(self.lines)


# The running plan, else the one that ended last.
NEWEST = (RepaymentPlan.ended_at.desc().nulls_first(), RepaymentPlan.started_at.desc(), RepaymentPlan.id.desc())

# ------------------------------------------------------------------ read


@read_once
def plans_of(case_id: uuid.UUID) -> list[Shown]:
    """The plans of a case: the one that runs, then those that ended, the last first. Three statements."""
    query = select(RepaymentPlan).where(RepaymentPlan.case_id == case_id)
    plans = list(db.session.scalars(query.order_by(*NEWEST)))
    if not plans:
        return []
    rows = db.session.scalars(select(RepaymentInstalment).where(RepaymentInstalment.case_id == case_id)).all()
    paid = db.session.scalars(
        select(RepaymentPayment)
        .where(RepaymentPayment.case_id == case_id)
        .order_by(RepaymentPayment.paid_on.desc(), RepaymentPayment.id.desc())
    ).all()
    return [
        _shown(plan, [r for r in rows if r.plan_id == plan.id], [p for p in paid if p.plan_id == plan.id])
        for plan in plans
    ]


def current(case_id: uuid.UUID) -> Shown | None:
    """The plan of a case that counts: the one that runs, else the last."""
    return next(iter(plans_of(case_id)), None)


def _shown(
    plan: RepaymentPlan, instalments: Sequence[RepaymentInstalment], payments: Sequence[RepaymentPayment]
) -> Shown:
    due = [rules.Due(row.number, row.due_on, row.amount) for row in instalments]
    lines = rules.allocate(due, [rules.Paid(p.paid_on, p.amount) for p in payments if p.struck_at is None])
    return Shown(plan, lines, list(payments), rules.balance(lines, today()))


def _now(session: Session, plan: RepaymentPlan) -> Shown:
    """The plan as it stands in the database at this moment of the transaction."""
    session.flush()
    rows = session.scalars(select(RepaymentInstalment).where(RepaymentInstalment.plan_id == plan.id)).all()
    paid = session.scalars(select(RepaymentPayment).where(RepaymentPayment.plan_id == plan.id)).all()
    return _shown(plan, rows, paid)


# ------------------------------------------------------------------ begin and end


def start(case_id: uuid.UUID, new: NewPlan) -> uuid.UUID:
    """Begin a plan that was agreed elsewhere; its id. Raises NoSuchCaseError, CaseError (closed, or one runs already)
    and ScheduleError."""
    schedule = repayment_schedule(new.total, new.first_due, count=new.count, monthly=new.monthly)
    with transaction() as session:
        case = session.get(Case, case_id, with_for_update=True)
        if case is None:
            raise NoSuchCaseError
        if case.state != CaseState.OPEN:
            raise CaseError(N_("This case is closed. Open it again first."))
        if _running(session, case_id) is not None:
            raise CaseError(N_("A repayment plan runs in this case already. Stop that one first."))
        return _begin(session, case_id, schedule, None).id


def start_from_agreement(case_id: uuid.UUID, document_id: uuid.UUID, schedule: Sequence[Instalment]) -> None:
    """Begin the plan of an agreement that becomes final; one that ran is replaced. Nothing when nothing is owed."""
    if not schedule:
        return
    with transaction() as session:
        session.get(Case, case_id, with_for_update=True)  # two agreements that become final at once come one by one
        before = _running(session, case_id)
        if before is not None:
            _end(session, before, PlanState.REPLACED, None)
        _begin(session, case_id, schedule, document_id)


def stop(case_id: uuid.UUID, reason: str, version: int | None) -> None:
    """End the running plan before all is paid. Raises NoSuchPlanError, RepaymentError, ChangedMeanwhileError."""
    if not reason.strip():
        raise RepaymentError([("reason", N_("Say why the plan stops."))])
    with transaction() as session:
        plan = _held(session, case_id, version)
        if plan.state != PlanState.RUNNING:
            raise RepaymentError([("", N_("This plan does not run any more."))])
        _end(session, plan, PlanState.STOPPED, reason.strip())


def _running(session: Session, case_id: uuid.UUID) -> RepaymentPlan | None:
    query = select(RepaymentPlan).where(RepaymentPlan.case_id == case_id, RepaymentPlan.state == PlanState.RUNNING)
    return session.scalar(query.with_for_update())


def _begin(
    session: Session, case_id: uuid.UUID, schedule: Sequence[Instalment], document_id: uuid.UUID | None
) -> RepaymentPlan:
    me = tenancy.current().user_id
    plan = RepaymentPlan(
        case_id=case_id, document_id=document_id, next_due_on=schedule[0].due, started_by=me, changed_by=me
    )
    session.add(plan)
    session.flush()
    session.add_all(
        RepaymentInstalment(case_id=case_id, plan_id=plan.id, number=row.number, due_on=row.due, amount=row.amount)
        for row in schedule
    )
    session.flush()
    return plan


def _end(session: Session, plan: RepaymentPlan, state: PlanState, reason: str | None) -> None:
    plan.state, plan.end_reason = state, reason
    plan.ended_at, plan.ended_by = utc_now(), tenancy.current().user_id
    _touch(plan)
    _answer_task(session, plan)
    session.flush()


def _touch(plan: RepaymentPlan) -> None:
    plan.version, plan.changed_by = plan.version + 1, tenancy.current().user_id


# ------------------------------------------------------------------ what comes in


def receive(case_id: uuid.UUID, receipt: Receipt, version: int | None) -> Shown:
    """Note a payment, in part or more than one instalment; how the plan then stands.

    Raises NoSuchPlanError, RepaymentError, and ChangedMeanwhileError when somebody noted one in between.
    """
    with transaction() as session:
        plan = _held(session, case_id, version)
        return _receive(session, plan, receipt)


def receive_next(case_id: uuid.UUID, version: int | None) -> Shown:
    """Note that the rest of the oldest open instalment came in today. Raises as `receive`."""
    with transaction() as session:
        plan = _held(session, case_id, version)
        line = _now(session, plan).next
        return _receive(session, plan, Receipt(today(), line.left if line else None))


def strike(case_id: uuid.UUID, payment_id: uuid.UUID, reason: str, version: int | None) -> None:
    """Strike off a payment that was noted by mistake; it stays with its reason. Raises as `receive`."""
    if not reason.strip():
        raise RepaymentError([("reason", N_("Say what was wrong with this payment."))])
    with transaction() as session:
        plan = _held(session, case_id, version)
        payment = session.get(RepaymentPayment, payment_id)
        if payment is None or payment.plan_id != plan.id or payment.struck_at is not None:
            raise NoSuchPlanError
        if plan.state not in (PlanState.RUNNING, PlanState.PAID):
            raise RepaymentError([("", N_("This plan does not run any more."))])
        payment.struck_at, payment.struck_by = utc_now(), tenancy.current().user_id
        payment.struck_reason = reason.strip()
        plan.state, plan.ended_at, plan.ended_by = PlanState.RUNNING, None, None
        _settle(session, plan)


def _held(session: Session, case_id: uuid.UUID, version: int | None) -> RepaymentPlan:
    """The plan that counts, held to the end of the transaction."""
    query = select(RepaymentPlan).where(RepaymentPlan.case_id == case_id)
    newest = query.order_by(*NEWEST).limit(1)
    held = newest.with_for_update().execution_options(populate_existing=True)
    plan: RepaymentPlan | None = session.scalar(held)
    if plan is None:
        raise NoSuchPlanError
    if version is not None and plan.version != version:
        raise ChangedMeanwhileError(plan.changed_by)
    return plan


def _receive(session: Session, plan: RepaymentPlan, receipt: Receipt) -> Shown:
    if plan.state != PlanState.RUNNING:
        raise RepaymentError([("", N_("This plan does not run any more."))])
    wrong = rules.problems(receipt.amount, receipt.paid_on, _now(session, plan).balance.left, today())
    if wrong:
        raise RepaymentError(wrong)
    payment = RepaymentPayment(
        case_id=plan.case_id, plan_id=plan.id, paid_on=receipt.paid_on, amount=receipt.amount,
        note=receipt.note.strip() or None, by=tenancy.current().user_id,
    )  # fmt: skip
    session.add(payment)
    return _settle(session, plan)


def _settle(session: Session, plan: RepaymentPlan) -> Shown:
    """Keep in step what follows from the payments: the next day, the end, the task about what stayed out."""
    shown = _now(session, plan)
    plan.next_due_on = shown.next.due.due_on if shown.next else None
    if shown.next is None:
        plan.state, plan.ended_at, plan.ended_by = PlanState.PAID, utc_now(), tenancy.current().user_id
    _touch(plan)
    task = _open_task(session, plan)
    if shown.balance.behind == 0:
        _answer_task(session, plan)
    elif task is not None:
        _retell(task, _at_risk(shown))
    session.flush()
    return shown


# ------------------------------------------------------------------ at risk


def watch() -> int:
    """Make a task of every plan of which an instalment stayed out too long, once for each instalment; how many.

    Only in open cases. While such a task is open, no other one comes beside it.
    """
    day, made = today(), 0
    last = day - rules.GRACE
    query = (
        select(RepaymentPlan)
        .join(Case, Case.id == RepaymentPlan.case_id)
        .where(
            RepaymentPlan.state == PlanState.RUNNING,
            RepaymentPlan.next_due_on < last,
            Case.state == CaseState.OPEN,
            or_(RepaymentPlan.asked_until.is_(None), RepaymentPlan.asked_until < _newest_missed(last)),
        )
        .with_for_update(of=RepaymentPlan)
    )
    with transaction() as session:
        carrying = {user.id for user in colleagues()}
        for plan in session.scalars(query).all():
            made += _ask(session, plan, day, carrying)
    return made


def _newest_missed(last: date) -> Any:
    """The day of the newest instalment of the plan that is missed when those before it are."""
    return (
        select(func.max(RepaymentInstalment.due_on))
        .where(RepaymentInstalment.plan_id == RepaymentPlan.id, RepaymentInstalment.due_on < last)
        .correlate(RepaymentPlan)
        .scalar_subquery()
    )


def _ask(session: Session, plan: RepaymentPlan, day: date, carrying: set[int]) -> bool:
    """A task about what stayed out; the one that is still open says the new amount instead."""
    shown = _now(session, plan)
    late = rules.missed(shown.lines, day)
    if not late:
        return False
    title, task = _at_risk(shown), _open_task(session, plan)
    plan.asked_until = late[-1].due.due_on
    if task is not None:
        _retell(task, title)
        return False
    carrier = session.scalar(select(Case.assigned_to).where(Case.id == plan.case_id))
    new = tasks.NewTask(
        title, day, TaskKind.PROMISE, case_id=plan.case_id, assigned_to=carrier if carrier in carrying else None
    )
    plan.task_id = tasks.add_task(new)
    return True


def _at_risk(shown: Shown) -> str:
    """What the task says: 'afbetaling van di 1 dec niet ontvangen, € 120,00 achter …'."""
    late = rules.missed(shown.lines, today())
    return _(
        "repayment of %(day)s not received, %(amount)s behind: is the agreement at risk?",
        day=datum(late[0].due.due_on),
        amount=euro(shown.balance.behind),
    )


def _open_task(session: Session, plan: RepaymentPlan) -> Task | None:
    task = session.get(Task, plan.task_id) if plan.task_id else None
    return task if task is not None and task.done_at is None else None


def _retell(task: Task, title: str) -> None:
    if task.title != title:
        task.title, task.version = title, task.version + 1


def _answer_task(session: Session, plan: RepaymentPlan) -> None:
    """Nothing stays out any more: the task about it is done, and what stays out later is asked anew."""
    task = _open_task(session, plan)
    if task is not None:
        tasks.finish(task.id)
    plan.task_id = plan.asked_until = None
