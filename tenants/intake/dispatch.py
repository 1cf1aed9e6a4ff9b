"""What the coordinator of a network does with reports that have no organisation yet."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app import tenancy
from app.audit.service import record_read
from app.database import db, transaction
from app.i18n import N_
from app.security.models import Tenant, utc_now
from tenants.intake.codes import ReportState
from tenants.intake.models import ReportAddition, ReportingPoint, ReportSlip
from tenants.intake.places import municipality_of
from tenants.intake.rules import Told
from tenants.intake.service import acting_for, held, new_report, tell_of_new

PAGE = 50


class NoSuchSlipError(Exception):
    """There is no such report in the network."""


class DispatchError(Exception):
    """A report can't be dispatched so; `message` is a msgid."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Held:
    """A report that waits for the coordinator, with its content; suggested: the OCMW of its municipality, if any."""

    slip: ReportSlip
    told: Told
    additions: list[dict[str, Any]]  # at: UTC; body
    suggested: uuid.UUID | None


def waiting() -> Sequence[ReportSlip]:
    """The reports that no organisation has, the oldest first."""
    return db.session.scalars(_waiting().order_by(ReportSlip.received_at)).all()


def waiting_count() -> int:
    return db.session.scalar(select(func.count()).select_from(_waiting().subquery())) or 0


def _waiting() -> Any:
    return select(ReportSlip).where(ReportSlip.held.is_not(None), ReportSlip.network_id == tenancy.current_network_id())


def gone(page: int = 1) -> Sequence[ReportSlip]:
    """The other slips: reference, track, state and organisation; the newest first."""
    query = (
        select(ReportSlip)
        .where(ReportSlip.held.is_(None), ReportSlip.network_id == tenancy.current_network_id())
        .options(joinedload(ReportSlip.organisation))
    )
    return db.session.scalars(query.order_by(ReportSlip.received_at.desc()).limit(PAGE).offset((page - 1) * PAGE)).all()


def gone_count() -> int:
    query = select(func.count()).where(ReportSlip.held.is_(None), ReportSlip.network_id == tenancy.current_network_id())
    return db.session.scalar(query) or 0


def organisations() -> Sequence[Tenant]:
    """The OCMWs of the network, by name."""
    query = select(Tenant).where(Tenant.network_id == tenancy.current_network_id(), Tenant.kind == "ocmw")
    return db.session.scalars(query.order_by(Tenant.name)).all()


def open_held(slip_id: uuid.UUID) -> Held:
    """A waiting report with its content; raises NoSuchSlipError, also when it left the coordinator's hands."""
    slip = db.session.scalar(_waiting().where(ReportSlip.id == slip_id))
    if slip is None or slip.held is None:
        raise NoSuchSlipError
    told, additions = held(slip.held)
    place = municipality_of(told.postcode)
    local = next((o.id for o in organisations() if place and o.nis == place.nis), None)
    read = [{"at": datetime.fromisoformat(each["at"]), "body": each["body"]} for each in additions]
    return Held(slip, told, read, local)


def dispatch(slip_id: uuid.UUID, organisation_id: uuid.UUID) -> Tenant:
    """Hand a waiting report to an OCMW of the network; from here on only the slip is left with the coordinator.

    Who opened and dispatched it stands in the trail of the OCMW. Raises NoSuchSlipError and DispatchError.
    """
    receiver = next((each for each in organisations() if each.id == organisation_id), None)
    if receiver is None:
        raise DispatchError(N_("Choose an OCMW of your network."))
    here = tenancy.current()
    context = tenancy.Context(receiver.id, here.user_id, here.network_id)
    with acting_for(context) as session:
        slip = _locked(session, slip_id)
        told, additions = held(slip.held or b"")
        place = municipality_of(told.postcode)
        values = {name: getattr(slip, name) for name in ("id", "reference", "track", "received_at")}
        session.add(new_report(values, told, outside=place is None or place.nis != receiver.nis))
        session.flush()
        for each in additions:
            at = datetime.fromisoformat(each["at"])
            session.add(ReportAddition(report_id=slip.id, at=at, body=each["body"]))
        record_read("report", slip.id, None, "dispatch")
        slip.organisation_id, slip.held = receiver.id, None
        slip.handled_by, slip.handled_at = here.user_id, utc_now()
        tell_of_new(slip.id, with_receipt=False)
    return receiver


def close(slip_id: uuid.UUID) -> None:
    """Close a waiting report that belongs to no OCMW of the network; its content is erased. Raises NoSuchSlipError."""
    with transaction() as session:
        slip = _locked(session, slip_id)
        slip.state, slip.held = ReportState.CLOSED, None
        slip.handled_by, slip.handled_at = tenancy.current().user_id, utc_now()


def _locked(session: Session, slip_id: uuid.UUID) -> ReportSlip:
    slip: ReportSlip | None = session.scalar(_waiting().where(ReportSlip.id == slip_id).with_for_update())
    if slip is None:
        raise NoSuchSlipError
    session.refresh(slip)
    if slip.held is None:
        raise NoSuchSlipError
    return slip


def coordinator_first() -> bool:
    """Whether every report of the network's page passes the coordinator."""
    return bool(db.session.scalar(select(ReportingPoint.coordinator_first)))


def choose_coordinator_first(chosen: bool) -> None:
    """Keep what the network chose."""
    with transaction() as session:
        row = session.scalar(select(ReportingPoint).with_for_update())
        if row is None:
            row = ReportingPoint()
            session.add(row)
        row.coordinator_first = chosen
