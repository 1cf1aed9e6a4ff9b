"""An agreement out of the database: the terms of a draft with the parties as the case knows them now."""

from datetime import date, timedelta
from decimal import Decimal

from flask_appbuilder.security.sqla.models import User

from app import tenancy
from app.database import db
from tenants.cases.codes import LandlordKind, Market, PersonRole
from tenants.cases.models import Case, Landlord
from tenants.letters import drafts, fund_amounts, letterhead
from tenants.letters.fund import FUND_SINCE, ocmw_payment
from tenants.letters.models import Document
from tenants.letters.rules import Address, Agreement, AgreementKind, Lease, Tenant, Terms
from tenants.letters.rules import Landlord as LandlordParty
from tenants.money.rules import months_later
from tenants.petitions.service import petitions_of

SIGN_BY_DEFAULT = (PersonRole.REFERENCE, PersonRole.PARTNER)  # who usually rents together
A_YEAR = 12  # months: the longest that counts for the fund, and a plan that most households can carry


def agreement_of(case: Case, document: Document) -> Agreement:
    """The agreement as it would be printed now."""
    chosen = set(document.agreement.signers)
    return Agreement(
        file_number=case.number,
        organisation=letterhead.organisation(),
        tenants=tuple(
            Tenant(" ".join(filter(None, [p.first_name, p.last_name])), p.birth_date)
            for p in case.persons
            if str(p.id) in chosen
        ),
        landlord=_landlord(case.dwelling.landlord if case.dwelling else None),
        lease=_lease(case),
        terms=drafts.from_json(document.agreement.terms),
        fund_rules=fund_amounts.rules(),
    )


def _landlord(row: Landlord | None) -> LandlordParty:
    if row is None:
        return LandlordParty()
    return LandlordParty(
        name=row.name,
        is_company=row.kind not in (LandlordKind.PRIVATE_PERSON, LandlordKind.OTHER),
        kbo=letterhead.shown_kbo(row.enterprise_number or ""),
        representative=row.contact_name or "",
        address=row.address or "",
    )


def _lease(case: Case) -> Lease:
    home = case.dwelling
    if home is None:
        return Lease()
    street = " ".join(filter(None, [home.street, home.house_number, f"bus {home.box}" if home.box else ""]))
    is_social = {Market.SOCIAL: True, Market.PRIVATE: False}.get(Market(case.market))
    return Lease(
        address=Address(street if home.street and home.house_number else "", home.postcode, home.municipality),
        since=home.lease_start,
        rent=home.rent,
        is_social=is_social,
    )


def signers_of(case: Case) -> list[str]:
    """Ids of the persons who sign unless somebody chooses otherwise."""
    return [str(person.id) for person in case.persons if person.role in SIGN_BY_DEFAULT]


def first_terms(case: Case, kind: AgreementKind, today: date) -> Terms:
    """The terms a new draft starts with: what the case, the petition and the letterhead already know."""
    petition = next((each for each in petitions_of(case.id) if each.arrears), None)
    landlord = case.dwelling.landlord if case.dwelling else None
    arrears = petition.arrears if petition else None
    contact = db.session.get(User, case.assigned_to or tenancy.current().user_id)
    head = letterhead.letterhead()
    return Terms(
        kind=kind,
        arrears=arrears,
        arrears_on=(petition.registered_on or petition.received_on) if petition else None,
        ocmw_payment=_payment(kind, arrears, today),
        instalment_count=A_YEAR if arrears else None,
        first_due=_first_due(today) if arrears else None,
        pay_to=(landlord.iban or "") if landlord else "",
        start=today,
        months=A_YEAR,
        contact_name=f"{contact.first_name} {contact.last_name}" if contact else "",
        contact_phone=head.phone if head else "",
        contact_email=contact.email if contact else "",
        place=head.city if head else "",
    )


def _first_due(start: date) -> date:
    """The last day of the agreement's first month, so that a year's instalments end with its last day."""
    return months_later(start, 1) - timedelta(days=1)


def _payment(kind: AgreementKind, arrears: Decimal | None, day: date) -> Decimal | None:
    if kind is not AgreementKind.FBU or arrears is None or day < FUND_SINCE:
        return None
    return ocmw_payment(arrears, day, fund_amounts.rules()).amount
