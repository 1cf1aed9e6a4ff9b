"""The data-sharing agreements of the network in which somebody acts."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app import tenancy
from app.database import db, transaction
from app.i18n import N_
from app.security.models import Tenant
from playbook.agreements import rules
from playbook.agreements.models import SharingAgreement, SharingEvent, SharingParty
from playbook.agreements.rules import Part, State
from playbook.exchange.service import organisations


class AgreementError(Exception):
    """An agreement can't be kept as asked; `problems` are pairs (field, msgid), an empty field the whole."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(message for _field, message in problems))
        self.problems = problems


class NoSuchAgreementError(Exception):
    """There is no such agreement in the network."""


class ChangedMeanwhileError(Exception):
    """Somebody else changed the agreement after this person opened it."""


@dataclass(frozen=True)
class Draft:
    """What an agreement says; see models.SharingAgreement. Both days are included."""

    title: str
    parties: tuple[uuid.UUID, ...]
    parts: tuple[Part, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    body: str = ""


@dataclass(frozen=True)
class Agreement:
    """An agreement with its parties by name."""

    row: SharingAgreement
    parties: tuple[Tenant, ...]

    @property
    def parts(self) -> tuple[Part, ...]:
        """What it allows, the base first."""
        return (Part.GUIDANCE, *(part for part in rules.CHOSEN if part in self.row.parts))

    def state(self, day: date) -> State:
        return rules.state_on(self.row.state, self.row.starts_on, self.row.ends_on, day)


def agreements() -> list[Agreement]:
    """All agreements of the network, the newest first; two statements."""
    query = select(SharingAgreement).where(SharingAgreement.network_id == tenancy.current_network_id())
    return _with_parties(list(db.session.scalars(query.order_by(SharingAgreement.id.desc()))))


def find(agreement_id: uuid.UUID) -> Agreement:
    """The agreement; raises NoSuchAgreementError."""
    row = db.session.get(SharingAgreement, agreement_id)
    if row is None:
        raise NoSuchAgreementError
    return _with_parties([row])[0]


def in_force_for(tenant_id: uuid.UUID, day: date) -> list[Agreement]:
    """The agreements in force on `day` to which this organisation is a party, the oldest first."""
    own = select(SharingParty.agreement_id).where(SharingParty.organisation_id == tenant_id)
    query = select(SharingAgreement).where(SharingAgreement.id.in_(own), SharingAgreement.state == State.IN_FORCE)
    found = _with_parties(list(db.session.scalars(query.order_by(SharingAgreement.id))))
    return [each for each in found if each.state(day) is State.IN_FORCE]


def _with_parties(rows: Sequence[SharingAgreement]) -> list[Agreement]:
    query = (
        select(SharingParty.agreement_id, Tenant)
        .join(Tenant, Tenant.id == SharingParty.organisation_id)
        .where(SharingParty.agreement_id.in_([row.id for row in rows]))
        .order_by(Tenant.name)
    )
    parties: dict[uuid.UUID, list[Tenant]] = defaultdict(list)
    for agreement_id, tenant in db.session.execute(query) if rows else ():
        parties[agreement_id].append(tenant)
    return [Agreement(row, tuple(parties[row.id])) for row in rows]


def history(agreement_id: uuid.UUID) -> Sequence[SharingEvent]:
    """What happened to the agreement, the latest first."""
    query = select(SharingEvent).where(SharingEvent.agreement_id == agreement_id)
    return db.session.scalars(query.order_by(SharingEvent.at.desc(), SharingEvent.id.desc())).all()


def draw_up(draft: Draft) -> uuid.UUID:
    """A new draft; its id. Raises AgreementError."""
    _check(draft)
    with transaction() as session:
        row = SharingAgreement(title=draft.title, starts_on=draft.starts_on)
        _fill(session, row, draft)
        _happened(session, row.id, "made")
    return row.id


def change(agreement_id: uuid.UUID, draft: Draft, version: int) -> None:
    """Change a draft. Raises NoSuchAgreementError, ChangedMeanwhileError, AgreementError."""
    _check(draft)
    with transaction() as session:
        row = _locked(session, agreement_id, version)
        if row.state != State.DRAFT:
            raise AgreementError([("", N_("This agreement is not a draft any more. End it and draw up a new one."))])
        flag_modified(row, "title")  # other parties alone are a change too
        _fill(session, row, draft)
        _happened(session, row.id, "changed")


def put_in_force(agreement_id: uuid.UUID, version: int) -> None:
    """From its first day on the parties may share cases under it. Raises as `change`."""
    with transaction() as session:
        row = _locked(session, agreement_id, version)
        if row.state != State.DRAFT:
            raise AgreementError([("", N_("This agreement is not a draft any more. End it and draw up a new one."))])
        row.state = State.IN_FORCE
        _happened(session, row.id, "in_force")


def end(agreement_id: uuid.UUID, why: str, version: int) -> None:
    """End the agreement at once: what is shared under it closes with it. Raises as `change`."""
    if not why.strip():
        raise AgreementError([("why", N_("Say why it ends."))])
    with transaction() as session:
        row = _locked(session, agreement_id, version)
        if row.state == State.ENDED:
            raise AgreementError([("", N_("This agreement is ended already."))])
        row.state = State.ENDED
        _happened(session, row.id, "ended", why.strip())


def _check(draft: Draft) -> None:
    known = {each.id for each in organisations()}
    problems = rules.problems_of(draft.title, draft.parties, draft.starts_on, draft.ends_on, known)
    if problems:
        raise AgreementError(problems)


def _locked(session: Session, agreement_id: uuid.UUID, version: int) -> SharingAgreement:
    row = session.get(SharingAgreement, agreement_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NoSuchAgreementError
    if row.version != version:
        raise ChangedMeanwhileError
    return row


def _fill(session: Session, row: SharingAgreement, draft: Draft) -> None:
    row.title, row.body, row.ends_on = draft.title, draft.body, draft.ends_on
    if draft.starts_on is not None:
        row.starts_on = draft.starts_on
    row.parts = [part.value for part in rules.CHOSEN if part in draft.parts]
    session.add(row)
    session.flush()
    session.execute(delete(SharingParty).where(SharingParty.agreement_id == row.id))
    parties = dict.fromkeys(draft.parties)
    session.add_all([SharingParty(agreement_id=row.id, organisation_id=party) for party in parties])
    session.flush()


def _happened(session: Session, agreement_id: uuid.UUID, what: str, why: str | None = None) -> None:
    session.add(SharingEvent(agreement_id=agreement_id, what=what, why=why, by=tenancy.current().user_id))
    session.flush()
