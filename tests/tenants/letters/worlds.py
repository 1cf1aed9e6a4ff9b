"""What the tests of documents stand on: a case ready for an agreement under the fund, and its organisation."""

import uuid
from dataclasses import replace
from datetime import date
from decimal import Decimal

from app.database import transaction
from tenants.cases import service as cases
from tenants.cases.codes import LandlordKind, Market, PersonRole
from tenants.cases.intake import NewCase, NewDwelling, NewLandlord, NewPerson
from tenants.cases.models import Dwelling
from tenants.letters import service
from tenants.letters.letterhead import NewLetterhead, save_letterhead
from tenants.letters.rules import AgreementKind
from tenants.petitions.service import NewPetition, add_petitions, recompute

LETTERHEAD = NewLetterhead(
    street="Edith Cavellstraat 15",
    postcode="8400",
    city="Oostende",
    enterprise_number="0123456749",
    phone="059 00 00 00",
    email="wonen@oostende.voorbeeld.be",
    dpo="dpo@oostende.voorbeeld.be",
    representatives=("An Verbeke, voorzitter", "Tom Claeys, algemeen directeur"),
    retention_years=10,
)
NEW = NewCase(
    persons=(
        NewPerson("Vermeulen", "Dirk", birth_date=date(1985, 7, 30)),
        NewPerson("Öztürk", "Ayşe", role=PersonRole.PARTNER, birth_date=date(1987, 1, 2)),
        NewPerson("Vermeulen", "Emre", role=PersonRole.CHILD, birth_date=date(2015, 3, 4)),
    ),
    opened_on=date(2024, 2, 1),
    market=Market.PRIVATE,
    dwelling=NewDwelling(
        "Torhoutsesteenweg", "41", "3", "8400", "Oostende", rent=Decimal("700.00"), lease_start=date(2019, 9, 1)
    ),
    landlord=NewLandlord("Immo Kust", LandlordKind.PRIVATE_COMPANY),
)


def case_ready_for_the_fund(new: NewCase = NEW) -> uuid.UUID:
    """A case of the acting organisation in which nothing lacks; its id."""
    save_letterhead(LETTERHEAD)
    with transaction():
        case_id = cases.open_new(new)
        add_petitions(
            [
                NewPetition(
                    case_id,
                    court="Oostende 1",
                    roll_number=f"24A{uuid.uuid4().int % 10_000}",
                    received_on=date(2024, 2, 1),
                    arrears=Decimal("2800.00"),
                )
            ]
        )
        recompute([case_id])
    landlord_id = cases.find(case_id).dwelling.landlord_id
    cases.save_landlord(
        landlord_id,
        cases.LandlordDetails(
            "Immo Kust",
            LandlordKind.PRIVATE_COMPANY,
            enterprise_number="0456789059",
            contact_name="Karel Maes, zaakvoerder",
            address="Kerkstraat 3, 8400 Oostende",
            iban="BE71096123456769",
        ),
        None,
    )
    return case_id


def draft_ready(case_id: uuid.UUID, kind: AgreementKind = AgreementKind.FBU) -> uuid.UUID:
    """A draft of 2024 in which nothing lacks; its id."""
    document_id = service.start_agreement(case_id, kind)
    draft = service.draft(case_id, document_id)
    terms = replace(draft.terms, start=date(2024, 3, 1), first_due=date(2024, 3, 31), ocmw_payment=Decimal("1400.00"))
    service.save_draft(case_id, document_id, terms, draft.signers, draft.document.version)
    return document_id


def move_away(case_id: uuid.UUID) -> None:
    """The household moves: the case says so, a final document doesn't."""
    with transaction() as session:
        row = session.query(Dwelling).filter_by(case_id=case_id).one()
        row.street = "Elders"
