"""The words of one file, read out of its tables for the detector, and its coarse facts."""

import re
import uuid
from functools import cache

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.security.models import Tenant
from playbook.intervision.rules import Fact, only_known
from tenants.cases.codes import PersonRole
from tenants.cases.models import Case
from tenants.intake.models import Report
from tenants.intake.places import municipalities
from tenants.intervision import rules
from tenants.intervision.codes import A_CHILD, A_MEMBER, THE_PARTNER, THE_TENANT
from tenants.intervision.ordinary import OTHER_PLACES
from tenants.intervision.own import FileWords, Named, every
from tenants.petitions.models import Eviction, Hearing, Judgment, Petition
from tenants.petitions.rules import BRUSSELS
from tenants.referrals.models import Referral

INSTEAD = {
    PersonRole.REFERENCE: THE_TENANT,
    PersonRole.PARTNER: THE_PARTNER,
    PersonRole.CHILD: A_CHILD,
    PersonRole.OTHER: A_MEMBER,
}


def words_of(session: Session, case: Case, author_id: int | None) -> FileWords:
    """Everything in the file of `case` that tells whose it is; author_id: who writes about it."""
    petitions = _of(session, Petition, case.id)
    landlord = case.dwelling.landlord if case.dwelling else None
    home, owners = case.dwelling, [landlord] if landlord else []
    told = [report.told for report in _of(session, Report, case.id)]
    referrals = _of(session, Referral, case.id)
    workers = session.scalars(select(User).where(User.id.in_([i for i in (case.assigned_to, author_id) if i])))
    tenant = session.get_one(Tenant, case.tenant_id)
    return FileWords(
        people=tuple(Named(p.first_name, p.last_name, INSTEAD[PersonRole(p.role)]) for p in case.persons),
        parties=every(
            [
                *(p.claimant for p in petitions),
                *(n for o in owners for n in (o.name, o.contact_name)),
                *(r.referred_by for r in referrals),
                *(n for t in told for n in (f"{t.reporter_first} {t.reporter_last}", t.reporter_organisation)),
            ]
        ),
        workers=tuple(Named(each.first_name, each.last_name) for each in workers),
        organisations=(tenant.name,),
        streets=every([home.street if home else "", *(_street(o.address) for o in owners)]),
        house_numbers=every([home.house_number, home.box] if home else []),
        places=every([home.municipality if home else "", *(re.sub(r"\d+", "", p.court) for p in petitions)]),
        postcodes=every([home.postcode] if home else []),
        numbers=every(
            [
                case.number,
                *(p.roll_number for p in petitions),
                *(p.insz for p in case.persons),
                *(n for o in owners for n in (o.enterprise_number, o.iban)),
            ]
        ),
        phones=every([*(p.phone for p in case.persons), *(o.phone for o in owners), *(t.reporter_phone for t in told)]),
        emails=every([*(p.email for p in case.persons), *(o.email for o in owners), *(t.reporter_email for t in told)]),
        dates=frozenset(filter(None, _days(session, case, petitions))),
        amounts=frozenset(filter(None, _amounts(case, petitions))),
    )


def _of(session: Session, model: type, case_id: uuid.UUID) -> list:  # type: ignore[type-arg]
    return list(session.scalars(select(model).where(model.case_id == case_id).order_by(model.id)))  # type: ignore[attr-defined]


def _street(address: str | None) -> str:
    """'Kerkstraat' of 'Kerkstraat 12, 8400 Oostende'."""
    return re.split(r"[\d,\n]", address or "")[0].strip()


def _days(session: Session, case: Case, petitions: list[Petition]) -> list:  # type: ignore[type-arg]
    days = [case.opened_on, case.closed_on, case.dwelling.lease_start if case.dwelling else None]
    days += [person.birth_date for person in case.persons]
    for each in petitions:
        days += [each.registered_on, each.received_on, each.served_on]
    days += [hearing.at.astimezone(BRUSSELS).date() for hearing in _of(session, Hearing, case.id)]
    for judgment in _of(session, Judgment, case.id):
        days += [judgment.pronounced_on, judgment.served_on]
    for eviction in _of(session, Eviction, case.id):
        days += [eviction.notice_on, eviction.planned_on, eviction.carried_out_on]
    return days


def _amounts(case: Case, petitions: list[Petition]) -> list:  # type: ignore[type-arg]
    known = [case.dwelling.rent if case.dwelling else None, case.household.net_income if case.household else None]
    return known + [amount for each in petitions for amount in (each.arrears, each.costs)]


def facts_of(session: Session, case: Case) -> dict[str, str]:
    """The coarse facts of a case (playbook.intervision.rules.Fact -> code); what is not known is left out."""
    petition = next((p for p in reversed(_of(session, Petition, case.id)) if p.arrears is not None), None)
    rent = case.dwelling.rent if case.dwelling else None
    arrears = rules.arrears_band(petition.arrears, rent, petition.arrears_months) if petition else None
    return only_known(
        {
            Fact.HOUSEHOLD: case.household.composition if case.household else None,
            Fact.MARKET: case.market,
            Fact.REASON: case.reason,
            Fact.STAGE: case.stage if petition else None,
            Fact.ARREARS: arrears,
            Fact.DURATION: rules.duration_band(case.opened_on, case.closed_on),
            Fact.EVICTION: case.eviction_outcome,
            Fact.HOUSING: case.housing_outcome,
        }
    )


@cache
def places() -> frozenset[str]:
    """Names of municipalities and their parts, folded: in a text they tell where it happened."""
    return frozenset(place for each in municipalities() for place in each.places) | OTHER_PLACES
