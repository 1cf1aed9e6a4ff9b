"""The demo's preparations: the next sessions are partly ready, as they are on a Friday."""

from collections.abc import Sequence

from sqlalchemy import select

from app import tenancy
from app.database import transaction
from app.demo import DemoRegion, acting_alone
from tenants.cases.codes import CaseState
from tenants.cases.models import Case
from tenants.hearings.listing import start_of
from tenants.hearings.models import HearingPreparation
from tenants.hearings.rules import Lawyer
from tenants.hearings.service import Preparation, prepare
from tenants.petitions.models import Hearing

# None: nothing is prepared yet.
PREPARED: Sequence[Preparation | None] = (
    Preparation(
        Lawyer.FOUND,
        budget_ready=True,
        goes_along=True,
        proposal="De achterstal in 12 maanden, samen met de huur op de 5de van elke maand.\n"
        "Eerste betaling volgende maand.",
        to_ask="Akkoord opnemen zonder ontbinding zolang het plan gevolgd wordt.",
    ),
    Preparation(Lawyer.ASKED, budget_ready=True, proposal="€ 100 per maand, na de eerste uitkering."),
    None,
    Preparation(Lawyer.NONE, goes_along=True, to_ask="Uitstel van twee weken: de aanvraag bij het fonds (FBU) loopt."),
    Preparation(),
)


def load(region: DemoRegion) -> None:
    """Prepare the hearings to come of households that were reached, where nothing is prepared yet."""
    for slug, tenant in region.tenants.items():
        worker = next((region.users[name].id for name, home in region.home_of.items() if home == slug), None)
        with acting_alone(tenancy.Context(tenant.id, worker, tenant.network_id)), transaction() as session:
            if session.scalar(select(HearingPreparation.id).limit(1)) is not None:
                continue
            reached = (
                select(Hearing.id)
                .join(Case, Case.id == Hearing.case_id)
                .where(
                    Hearing.at >= start_of(region.today),
                    Case.reached_on.is_not(None),
                    Case.state == CaseState.OPEN,
                )
                .order_by(Hearing.at, Hearing.id)
            )
            for place, hearing_id in enumerate(session.scalars(reached).all()):
                prepared = PREPARED[place % len(PREPARED)]
                if prepared is not None:
                    prepare(hearing_id, prepared)
