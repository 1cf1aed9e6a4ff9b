"""A hand-over in the demo: a colleague who goes on leave gives a case away."""

from sqlalchemy import select

from app.database import db
from app.demo import DemoRegion
from tenants.caseload.models import Handover
from tenants.caseload.service import hand_over
from tenants.cases.codes import CaseState
from tenants.cases.models import Case

# Organisation: who gives and who receives.
PAIRS = {"oostende": ("collega.oostende", "medewerker.oostende"), "kortrijk": ("hoofd.kortrijk", "medewerker.kortrijk")}
NOTE = (
    "Ik ben drie weken met verlof. Het afbetalingsplan loopt, de volgende schijf is voor het einde van de maand.\n"
    "Bel liefst in de voormiddag. De verhuurder wil een bevestiging van de afspraken."
)


def load(demo: DemoRegion) -> None:
    """One hand-over per pair, when there is none yet and the giver carries something."""
    for slug, (giver, receiver) in PAIRS.items():
        if slug not in demo.tenants:
            continue
        with demo.acting(giver):
            mine = select(Case.id).where(Case.assigned_to == demo.users[giver].id, Case.state == CaseState.OPEN)
            case_id = db.session.scalar(mine.order_by(Case.number).limit(1))
            if case_id is None or db.session.scalar(select(Handover.id).limit(1)) is not None:
                continue
            title = f"De overdracht van {demo.users[giver].get_full_name()} lezen"
            hand_over(case_id, demo.users[receiver].id, NOTE, demo.users[giver].id, title)
