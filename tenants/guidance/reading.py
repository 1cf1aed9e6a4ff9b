"""What the case says of itself, read for the rules of the conditions."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.cases.codes import JudgmentKind, LandlordKind, Market, Reason
from tenants.cases.models import Case
from tenants.guidance.rules.conditions import CaseFacts
from tenants.letters.models import Document
from tenants.letters.rules import AgreementKind
from tenants.petitions.events import ENDING
from tenants.petitions.service import events_of, petitions_of


def facts_of_case(session: Session, case: Case) -> CaseFacts:
    """The case's own facts: six queries, whatever the case holds."""
    petitions = petitions_of(case.id)
    events = events_of(session, [case.id])[case.id]
    owing = next((p for p in petitions if p.arrears is not None or p.arrears_months is not None), None)
    home, household = case.dwelling, case.household
    newest = petitions[0] if petitions else None
    kind = JudgmentKind(events.judgment_kind) if events.judgment_kind else None
    return CaseFacts(
        market=Market(case.market),
        landlord=LandlordKind(home.landlord.kind) if home and home.landlord else None,
        reasons=frozenset(Reason(each) for each in (case.reason, *(case.other_reasons or ()))),
        arrears=owing.arrears if owing else None,
        rent=home.rent if home else None,
        months=owing.arrears_months if owing else None,
        net_income=household.net_income if household else None,
        has_petition=newest is not None,
        petition_on=(newest.received_on or newest.registered_on or newest.served_on) if newest else None,
        claim_over=kind in ENDING and events.evicted_on is None,
        evicted_on=events.evicted_on,
        has_address=bool(home and home.street),
        signed_with_landlord=_is_signed_with_landlord(session, case.id),
    )


def _is_signed_with_landlord(session: Session, case_id: uuid.UUID) -> bool:
    query = select(Document.id).where(
        Document.case_id == case_id,
        Document.kind == AgreementKind.FBU,
        Document.signed_attachment_id.is_not(None),
    )
    return session.scalar(query.limit(1)) is not None
