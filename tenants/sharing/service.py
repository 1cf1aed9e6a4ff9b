"""Sharing a case with a partner, and ending it: what the organisation that owns the case does."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app import tenancy
from app.database import db, read_once, transaction
from app.i18n import N_
from app.security.models import Tenant, utc_now
from playbook.agreements import service as agreements
from playbook.agreements.models import SharingAgreement
from playbook.agreements.rules import CHOSEN, Part, State
from playbook.agreements.rules import state_on as agreement_state
from playbook.agreements.service import Agreement
from tenants.cases.assigning import check_colleague
from tenants.cases.codes import CaseState
from tenants.cases.models import Case
from tenants.cases.service import CaseError, NoSuchCaseError
from tenants.petitions.course import today
from tenants.sharing import rules
from tenants.sharing.codes import Consent, GrantState
from tenants.sharing.models import CaseGrant


class SharingError(Exception):
    """A case can't be shared (or a grant ended) as asked; `problems` are pairs (field, msgid)."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(message for _field, message in problems))
        self.problems = problems


class SharedMeanwhileError(Exception):
    """A colleague shared the case with this partner, or ended it, a moment before."""


class NoSuchGrantError(Exception):
    """There is no such grant for the acting organisation."""


@dataclass(frozen=True)
class Choice:
    """A partner with whom an agreement is in force."""

    partner: Tenant
    agreement: Agreement


@dataclass(frozen=True)
class NewGrant:
    """A case to share; see models.CaseGrant. Both days are included."""

    case_id: uuid.UUID
    partner_id: uuid.UUID
    parts: tuple[Part, ...]
    starts_on: date
    ends_on: date | None
    their_contact: str
    consent: Consent
    consent_on: date
    consent_by: int


@dataclass(frozen=True)
class Shown:
    """A grant with its partner and agreement, and where it stands today."""

    grant: CaseGrant
    partner: Tenant
    agreement: SharingAgreement
    state: GrantState

    @property
    def parts(self) -> tuple[Part, ...]:
        return parts_of(self.grant.parts, self.agreement.parts)


def parts_of(granted: Sequence[str], allowed: Sequence[str]) -> tuple[Part, ...]:
    """What a grant opens: the base, and of the rest what its agreement allows too."""
    return (Part.GUIDANCE, *(part for part in CHOSEN if part in granted and part in allowed))


def grant_state(grant: CaseGrant, agreement: SharingAgreement, day: date) -> GrantState:
    """Where a grant stands on `day` (the database holds the same in `guest_cases`)."""
    in_force = agreement_state(agreement.state, agreement.starts_on, agreement.ends_on, day) is State.IN_FORCE
    return rules.state_on(
        grant.starts_on,
        grant.ends_on,
        is_ended=grant.ended_at is not None,
        is_agreement_in_force=in_force,
        day=day,
    )


def choices() -> list[Choice]:
    """The partners with whom cases may be shared today, by name; of several agreements the one that allows most."""
    me, found = tenancy.current_tenant_id(), {}
    for agreement in sorted(agreements.in_force_for(me, today()), key=lambda each: len(each.parts)):
        for party in agreement.parties:
            if party.id != me:
                found[party.id] = Choice(party, agreement)
    return sorted(found.values(), key=lambda choice: choice.partner.name)


@read_once
def grants_of(case_id: uuid.UUID) -> list[Shown]:
    """The grants of a case, the newest first."""
    query = (
        select(CaseGrant, Tenant, SharingAgreement)
        .join(Tenant, Tenant.id == CaseGrant.partner_id)
        .join(SharingAgreement, SharingAgreement.id == CaseGrant.agreement_id)
        .where(CaseGrant.case_id == case_id, CaseGrant.tenant_id == tenancy.current_tenant_id())
        .order_by(CaseGrant.granted_at.desc())
    )
    return [
        Shown(grant, partner, agreement, grant_state(grant, agreement, today()))
        for grant, partner, agreement in db.session.execute(query)
    ]


def find(grant_id: uuid.UUID) -> Shown:
    """A grant of the acting organisation; raises NoSuchGrantError."""
    row = db.session.get(CaseGrant, grant_id)
    if row is None or row.tenant_id != tenancy.current().tenant_id:
        raise NoSuchGrantError
    return next(shown for shown in grants_of(row.case_id) if shown.grant.id == grant_id)


def share(new: NewGrant) -> uuid.UUID:
    """Share a case with a partner; the grant's id.

    Raises NoSuchCaseError, SharingError, CaseError (who asked is no colleague), SharedMeanwhileError.
    """
    choice = next((each for each in choices() if each.partner.id == new.partner_id), None)
    if choice is None:
        raise SharingError([("partner", N_("There is no agreement in force with this partner. Choose another one."))])
    row = choice.agreement.row
    problems = rules.problems_of(new.parts, row.parts, new.starts_on, new.ends_on, row.ends_on, new.consent_on, today())
    if problems:
        raise SharingError(problems)
    check_colleague(new.consent_by)
    try:
        with transaction() as session:
            case = session.get(Case, new.case_id)
            if case is None:
                raise NoSuchCaseError
            if case.state != CaseState.OPEN:
                raise CaseError(N_("This case is closed. Open it again first."))
            _close_what_is_over(new.case_id, new.partner_id)
            grant = CaseGrant(
                **{name: getattr(new, name) for name in _COPIED},
                parts=[part.value for part in CHOSEN if part in new.parts],
                network_id=row.network_id,
                agreement_id=row.id,
                granted_by=tenancy.current().user_id,
            )
            session.add(grant)
            session.flush()
    except IntegrityError as error:
        raise SharedMeanwhileError from error
    return grant.id


_COPIED = ("case_id", "partner_id", "starts_on", "ends_on", "their_contact", "consent", "consent_on", "consent_by")


def _close_what_is_over(case_id: uuid.UUID, partner_id: uuid.UUID) -> None:
    """A grant that ran out makes room for a new one."""
    for shown in grants_of(case_id):
        if shown.partner.id == partner_id and shown.state is GrantState.OVER:
            _end(shown.grant.id, None)


def end(grant_id: uuid.UUID, reason: str) -> Shown:
    """End a grant at once. Raises NoSuchGrantError, SharingError, SharedMeanwhileError when it ended already."""
    shown = find(grant_id)
    if not reason.strip():
        raise SharingError([("reason", N_("Say why it ends."))])
    if not _end(grant_id, reason.strip()):
        raise SharedMeanwhileError
    return shown


def _end(grant_id: uuid.UUID, reason: str | None) -> bool:
    values = {"ended_at": utc_now(), "ended_by": tenancy.current().user_id, "end_reason": reason}
    open_one = (
        CaseGrant.id == grant_id,
        CaseGrant.tenant_id == tenancy.current_tenant_id(),
        CaseGrant.ended_at.is_(None),
    )
    with transaction() as session:
        ended = session.execute(update(CaseGrant).where(*open_one).values(values).returning(CaseGrant.id)).one_or_none()
    return ended is not None
