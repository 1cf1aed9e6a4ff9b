"""Sharing a case with a partner, and ending it: what the organisation that owns the case does."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

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
from tenants.cases.models import Case, Task
from tenants.cases.service import CaseError, NoSuchCaseError
from tenants.cases.tasks import tasks_of
from tenants.guidance.rules.aftercare import plan
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


OPEN = (GrantState.IN_FORCE, GrantState.TO_COME)


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
    return _grants_now(case_id)


def open_grants(case_id: uuid.UUID) -> list[Shown]:
    """The grants of a case that open it to a partner, now or later."""
    return [shown for shown in grants_of(case_id) if shown.state in OPEN]


def _grants_now(case_id: uuid.UUID) -> list[Shown]:
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
            # Whoever closes the case waits, or has been first: then it is not shared any more.
            case = session.get(Case, new.case_id, with_for_update={"read": True})
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


def left_to(partner_id: uuid.UUID, case_id: uuid.UUID) -> list[Task]:
    """What the partner's people took on in the case and have not done yet, the soonest first."""
    return [task for task in tasks_of(case_id) if task.done_at is None and task.by_tenant == partner_id]


KEEP = "keep"  # the answer at the closing that lets a grant go on; any other ends it


def asked_as(grant_id: uuid.UUID) -> str:
    """The name of the question about this grant when its case is closed."""
    return f"sharing-{grant_id}"


def close_with_case(case: Case, closed_on: date, answers: Mapping[str, str]) -> None:
    """End the grants of a case that is being closed, or let them go on until its first follow-up, as answered.

    Raises CaseError when there is no follow-up any more to wait for.
    """
    follow_up = next((planned.due_on for planned in plan(closed_on, today())), None)
    for shown in _grants_now(case.id):
        if shown.state not in OPEN:
            continue
        grant, last = shown.grant, None
        if answers.get(asked_as(grant.id)) == KEEP:
            if follow_up is None:
                raise CaseError(N_("This case ended so long ago that no follow-up comes any more. Stop sharing it."))
            last = rules.kept_until(grant.starts_on, grant.ends_on, follow_up)
        if last is None:
            _end(grant.id, _("The case was closed."))
        else:
            grant.ends_on = last


def _end(grant_id: uuid.UUID, reason: str | None) -> bool:
    values = {"ended_at": utc_now(), "ended_by": tenancy.current().user_id, "end_reason": reason}
    open_one = (
        CaseGrant.id == grant_id,
        CaseGrant.tenant_id == tenancy.current_tenant_id(),
        CaseGrant.ended_at.is_(None),
    )
    with transaction() as session:
        ended = update(CaseGrant).where(*open_one).values(values).returning(CaseGrant.case_id, CaseGrant.partner_id)
        row = session.execute(ended).one_or_none()
        if row is not None:
            _take_over(session, row.case_id, row.partner_id)
    return row is not None


def _take_over(session: Session, case_id: uuid.UUID, partner_id: uuid.UUID) -> None:
    """What the partner's people still had to do passes to who carries the case: they see it no more."""
    carrier = select(Case.assigned_to).where(Case.id == case_id).scalar_subquery()
    theirs = (Task.case_id == case_id, Task.by_tenant == partner_id, Task.done_at.is_(None))
    values = {"assigned_to": carrier, "version": Task.version + 1}
    session.execute(update(Task).where(*theirs).values(values).execution_options(synchronize_session=False))
