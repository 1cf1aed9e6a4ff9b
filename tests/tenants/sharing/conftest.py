"""An OCMW and a CAW with an agreement in force between them, and a case that is shared. The real clock: the database
looks at its own."""

import uuid
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from app import tenancy
from app.database import db, transaction
from app.security.models import utc_now
from app.security.roles import Role
from playbook.agreements import service as agreements
from playbook.agreements.rules import CHOSEN
from tenants.cases import attachments, tasks
from tenants.cases.codes import Channel, ContactResult
from tenants.cases.intake import NewCase, NewDwelling, NewLandlord, NewPerson
from tenants.cases.opening import open_case
from tenants.outreach.service import NewAttempt, add_attempts
from tenants.petitions.course import today
from tenants.petitions.service import NewPetition, add_petitions, recompute
from tenants.repayment import service as repayment
from tenants.sharing import service
from tenants.sharing.codes import Consent
from tenants.sharing.service import NewGrant


@dataclass
class Duo:
    """The two organisations, the agreement, two cases of the OCMW, and the grant of the first."""

    app: Any
    ocmw: Any
    caw: Any
    agreement_id: uuid.UUID
    case_id: uuid.UUID
    other_id: uuid.UUID
    grant_id: uuid.UUID

    @property
    def page(self):
        return f"/gedeeld/{self.grant_id}/"

    def guest(self, *, partner=None) -> tenancy.Context:
        """How somebody of the CAW acts in a case of the OCMW."""
        own = (partner or self.caw).context()
        return replace(own, tenant_id=self.ocmw.tenant.id, role=tenancy.PARTNER, partner_id=own.tenant_id)


def opened(name, day):
    """A case with a row in every part that can be shared."""
    with transaction():
        case_id = open_case(
            NewCase(
                persons=(NewPerson(name, "Dirk", insz="85073003328", phone="0470 99 88 77"),),
                opened_on=day - timedelta(days=20),
                dwelling=NewDwelling("Torhoutsesteenweg", "41", "3", "8400", "Oostende", Decimal("780.00")),
                landlord=NewLandlord(f"Immo {name}"),
                note=f"Beloofd aan {name}",
            )
        )
        add_petitions(
            [NewPetition(case_id, court="Oostende 1", received_on=day - timedelta(days=9), arrears=Decimal(2340))]
        )
        at = utc_now() - timedelta(days=2)
        add_attempts([NewAttempt(case_id, at, Channel.LETTER, ContactResult.NOT_HOME, note=f"brief {name}")])
        tasks.add_task(tasks.NewTask(f"bellen naar {name}", day, case_id=case_id))
        attachments.attach(case_id, f"huurcontract {name}.pdf", b"%PDF-1.7 huur")
        repayment.start(case_id, repayment.NewPlan(Decimal(300), day - timedelta(days=30), count=3))
        repayment.receive(case_id, repayment.Receipt(day, Decimal(60), f"aan het loket {name}"), 1)
        recompute([case_id])
    return case_id


def new_grant(duo_or_case, partner, user_id, **changed) -> NewGrant:
    day = today()
    given = {
        "case_id": duo_or_case, "partner_id": partner.tenant.id, "parts": CHOSEN, "starts_on": day, "ends_on": None,
        "their_contact": "Pieter", "consent": Consent.SPOKEN, "consent_on": day, "consent_by": user_id,
    }  # fmt: skip
    return NewGrant(**{**given, **changed})


@pytest.fixture
def duo(app, organisation):
    """Make the two and their shared case: duo(parts=(Part.HOUSEHOLD,))."""

    def make(**changed) -> Duo:
        ocmw = organisation(Role.SOCIAL_WORKER, Role.REGIONAL_COORDINATOR, Role.DPO)
        caw = organisation(network=ocmw.network, name="CAW Proef")
        day = today()
        with app.app_context():
            with ocmw.acting(Role.REGIONAL_COORDINATOR):
                draft = agreements.Draft("Duo", (ocmw.tenant.id, caw.tenant.id), CHOSEN, day - timedelta(days=30))
                agreement_id = agreements.draw_up(draft)
                agreements.put_in_force(agreement_id, 1)
                db.session.remove()
            with ocmw.acting():
                case_id, other_id = opened("Vermeulen", day), opened("Geheimzwam", day)
                user_id = ocmw.users[Role.SOCIAL_WORKER].id
                grant_id = service.share(new_grant(case_id, caw, user_id, **changed))
                db.session.remove()
        return Duo(app, ocmw, caw, agreement_id, case_id, other_id, grant_id)

    return make
