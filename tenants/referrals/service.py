"""Referrals: another service refers a household; the case is opened or linked, and may wait for guidance."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select

from app import tenancy
from app.database import db, transaction
from app.i18n import N_
from tenants.cases.codes import CaseState
from tenants.cases.intake import NewCase
from tenants.cases.models import Case
from tenants.cases.service import CaseError, NoSuchCaseError, open_new
from tenants.guidance.codes import ProcedureKind
from tenants.intake.rules import Told
from tenants.intake.triage import Likely, likely_cases
from tenants.referrals.codes import Referrer
from tenants.referrals.models import Referral
from tenants.referrals.waiting import put_on_list

PAGE = 25


@dataclass(frozen=True)
class NewReferral:
    """A referral to keep. guidance: what the household waits for; None: it does not go on the waiting list."""

    referrer: Referrer
    received_on: date
    question: str
    referred_by: str | None = None
    contact: str | None = None
    informed: bool = False
    guidance: ProcedureKind | None = None


@dataclass(frozen=True)
class ReferralPage:
    """A page of the referrals, the newest first; `count` is of all of them."""

    rows: list[Row[Any]]
    page: int
    count: int


def refer(new: NewReferral, about: uuid.UUID | NewCase) -> uuid.UUID:
    """Keep the referral with the case it is about, or with the one that it opens; the case's id.

    Raises NoSuchCaseError, and CaseError when that case is closed.
    """
    with transaction() as session:
        opens = isinstance(about, NewCase)
        case_id = open_new(about) if isinstance(about, NewCase) else _open_case(about)
        session.add(
            Referral(
                case_id=case_id,
                referrer=new.referrer,
                received_on=new.received_on,
                referred_by=new.referred_by,
                contact=new.contact,
                question=new.question,
                informed=new.informed,
                opened_case=opens,
                by=tenancy.current().user_id,
            )
        )
        if new.guidance is not None:
            put_on_list(case_id, new.guidance, new.received_on)
    return case_id


def _open_case(case_id: uuid.UUID) -> uuid.UUID:
    case = db.session.get(Case, case_id)
    if case is None:
        raise NoSuchCaseError
    if case.state != CaseState.OPEN:
        raise CaseError(N_("This case is closed. Open it again first, or open a new case."))
    return case_id


def case_numbered(number: str) -> uuid.UUID:
    """The case with this number; raises CaseError."""
    case_id = db.session.scalar(select(Case.id).where(Case.number == number.strip().upper()))
    if case_id is None:
        raise CaseError(N_("There is no such case in your organisation. Check its number."))
    return case_id


def likely(new: NewCase) -> list[Likely]:
    """The cases that may be about the same household, with the reasons: those that the meldpunt's triage would show."""
    first, home = new.persons[0], new.dwelling
    return likely_cases(
        Told(
            first_name=first.first_name,
            last_name=first.last_name,
            born=first.birth_date,
            street=home.street,
            house_number=home.house_number,
            box=home.box,
            postcode=home.postcode,
            municipality=home.municipality,
        )
    )


def list_referrals(page: int = 1) -> ReferralPage:
    """A page of the referrals with their cases; a page past the last one shows the last one."""
    count = db.session.scalar(select(func.count()).select_from(Referral)) or 0
    page = max(1, min(page, -(-count // PAGE)))
    query = (
        select(
            Referral.id, Referral.referrer, Referral.received_on, Referral.opened_case, Referral.case_id,
            Case.display_name, Case.number, Case.state, Case.assigned_to,
        )
        .join(Case, Case.id == Referral.case_id)
        .order_by(Referral.received_on.desc(), Referral.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )  # fmt: skip
    return ReferralPage(list(db.session.execute(query)) if count else [], page, count)


def referrals_of(case_id: uuid.UUID) -> Sequence[Referral]:
    """The referrals of a case."""
    return db.session.scalars(select(Referral).where(Referral.case_id == case_id)).all()
