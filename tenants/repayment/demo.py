"""Payments on the demo's plans, all invented: some households keep to theirs, one paid in parts, one is behind."""

import uuid
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from app.database import db
from app.demo import DemoRegion
from tenants.cases.codes import CaseState
from tenants.cases.models import Case
from tenants.money.rules import months_later
from tenants.petitions.models import Petition
from tenants.repayment import service
from tenants.repayment.models import RepaymentPlan
from tenants.repayment.service import NewPlan, Receipt

WORKERS = ("medewerker.oostende", "medewerker.kortrijk")
# Since how many months each plan runs, and what was paid on it month by month, in parts of the instalment.
HISTORIES = (
    (4, (1, 1, 1, 1), ""),
    (5, (1, 1, Decimal("0.5"), 0), "Werd ziek; belde zelf dat hij de rest volgende maand betaalt."),
    (3, (1, 1, 2), "Premie ontvangen, twee keer tegelijk betaald."),
)


def load(demo: DemoRegion) -> None:
    """A plan with its payments in a few open cases that have none yet; then what stays out becomes a task."""
    for username in WORKERS:
        with demo.acting(username):
            if db.session.scalar(select(RepaymentPlan.id).where(RepaymentPlan.document_id.is_(None)).limit(1)):
                continue
            for case_id, (months, paid, note) in zip(_cases(demo, username), HISTORIES, strict=False):
                _tell(case_id, demo.today, months, paid, note)
            service.watch()


def _cases(demo: DemoRegion, username: str) -> list[uuid.UUID]:
    """Open cases of this person with arrears and without a plan."""
    with_plan = select(RepaymentPlan.id).where(RepaymentPlan.case_id == Case.id).exists()
    owed = select(Petition.id).where(Petition.case_id == Case.id, Petition.arrears > 600).exists()
    query = select(Case.id).where(
        Case.state == CaseState.OPEN, Case.assigned_to == demo.users[username].id, owed, ~with_plan
    )
    return list(db.session.scalars(query.order_by(Case.number.desc()).limit(len(HISTORIES))))


def _tell(case_id: uuid.UUID, today: date, months: int, paid: tuple[Decimal | int, ...], note: str) -> None:
    first = months_later(today, -months)
    service.start(case_id, NewPlan(Decimal(1440), first, count=12))
    for number, part in enumerate(paid):
        if not part:
            continue
        said = note if number == len(paid) - 1 or part != 1 else ""
        service.receive(case_id, Receipt(months_later(first, number), 120 * Decimal(part), said), None)
