"""Payments on the demo's plans, all invented: some households keep to theirs, one paid in parts, one is behind."""

import uuid
from datetime import date
from decimal import Decimal
from itertools import cycle

from sqlalchemy import select

from app.database import db
from app.demo import DemoRegion
from tenants.cases.codes import CaseState
from tenants.cases.models import Case
from tenants.money.rules import months_later
from tenants.petitions.codes import StageKey
from tenants.petitions.models import Petition
from tenants.repayment import service
from tenants.repayment.models import RepaymentPlan
from tenants.repayment.service import NewPlan, Receipt

WORKERS = (
    "medewerker.oostende", "medewerker.kortrijk", "medewerker.bredene", "medewerker.brugge", "collega.oostende",
)  # fmt: skip
MOST = 2  # plans of one person
MONTHS = (2, 1)  # since how long a plan runs: since the case was open, at most so long
# What was paid month by month, in parts of the instalment, and what was said with the last. Of a shorter plan the end.
HISTORIES: tuple[tuple[tuple[Decimal | int, ...], str], ...] = (
    ((1, Decimal("0.5")), "Werd ziek; belde zelf dat de rest volgende maand komt."),
    ((1, 1), ""),
    ((1, 2), "Premie ontvangen, twee keer tegelijk betaald."),
)


def load(demo: DemoRegion) -> None:
    """A plan with its payments in a few open cases that have none yet; then what stays out becomes a task."""
    histories = cycle(HISTORIES)
    for username in WORKERS:
        with demo.acting(username):
            for case_id, opened_on in _cases(demo, username):
                paid, note = next(histories)
                months = next(each for each in MONTHS if opened_on < months_later(demo.today, -each))
                _tell(case_id, months_later(demo.today, -months), paid[-months:], note)
            service.watch()


def _cases(demo: DemoRegion, username: str) -> list[tuple[uuid.UUID, date]]:
    """The oldest open cases of this person with arrears, open since before the first payment, in which they still live.
    None when one of them has such a plan already."""
    by_hand = (RepaymentPlan.document_id.is_(None), RepaymentPlan.started_by == demo.users[username].id)
    if db.session.scalar(select(RepaymentPlan.id).where(*by_hand).limit(1)):
        return []
    with_plan = select(RepaymentPlan.id).where(RepaymentPlan.case_id == Case.id).exists()
    owed = select(Petition.id).where(Petition.case_id == Case.id, Petition.arrears > 600).exists()
    query = select(Case.id, Case.opened_on).where(
        Case.state == CaseState.OPEN,
        Case.assigned_to == demo.users[username].id,
        owed,
        ~with_plan,
        Case.stage != StageKey.EVICTION,
        Case.opened_on < months_later(demo.today, -MONTHS[-1]),
    )
    query = query.order_by(Case.opened_on, Case.number).limit(MOST)
    return [(row.id, row.opened_on) for row in db.session.execute(query)]


def _tell(case_id: uuid.UUID, first: date, paid: tuple[Decimal | int, ...], note: str) -> None:
    service.start(case_id, NewPlan(Decimal(1440), first, count=12))
    for number, part in enumerate(paid):
        said = note if number == len(paid) - 1 else ""
        service.receive(case_id, Receipt(months_later(first, number), 120 * Decimal(part), said), None)
