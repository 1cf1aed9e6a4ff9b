"""Reports: what an OCMW received, and the slip that the network keeps of each."""

import uuid
from datetime import datetime
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import Boolean, DateTime, ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from app.crypto import Sealed, SealedJson
from app.security.models import Tenant, utc_now
from app.tenancy import NetworkOwned, TenantOwned, index, points_to, unique
from tenants.cases.models import Case
from tenants.intake.rules import Told, from_json


class Report(TenantOwned, Model):
    """A report that an OCMW received. `id` is that of its slip.

    outside: the address lies in a municipality that is not this OCMW's. first_act_at: when somebody first decided
    something about it. content: rules.Told as JSON. address_mark, name_mark: recognise the same household again.
    """

    __tablename__ = "report"
    reference: Mapped[str] = mapped_column(String(60))
    track: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12), default="received")
    received_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    outside: Mapped[bool] = mapped_column(Boolean, default=False)
    content: Mapped[dict[str, Any]] = mapped_column(SealedJson)
    address_mark: Mapped[bytes] = mapped_column(LargeBinary(32))
    name_mark: Mapped[bytes] = mapped_column(LargeBinary(32))
    case_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    closing_reason: Mapped[str | None] = mapped_column(String(20))
    first_act_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    first_act_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    case: Mapped[Case | None] = relationship(primaryjoin=lambda: foreign(Report.case_id) == Case.id, viewonly=True)
    __table_args__ = (
        # The reporter's words outlive a case that is taken back (an import that is undone): the report is free again.
        points_to("case_file", "case_id", on_delete="SET NULL (case_id)"),
        unique("reference", name="uq_report_reference"),
        index("ix_report_state", "state", "received_at"),
        index("ix_report_case", "case_id"),
        index("ix_report_address", "address_mark"),
        index("ix_report_name", "name_mark"),
    )

    @property
    def told(self) -> Told:
        return from_json(self.content)

    def __repr__(self) -> str:
        return self.reference


class ReportAddition(TenantOwned, Model):
    """What the reporter added later. seen_at: when somebody opened the report after that."""

    __tablename__ = "report_addition"
    report_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    body: Mapped[str] = mapped_column(Sealed)
    seen_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    __table_args__ = (points_to("report", "report_id"), index("ix_report_addition", "report_id", "at"))


class ReportSlip(NetworkOwned, Model):
    """What the network keeps of a report: where it went and how far it is, nothing of whom it is about.

    organisation_id: the OCMW that has it; None: it waits for the coordinator, its content sealed in `held` with the
    portal's key (told, additions). Once dispatched or closed `held` is empty. (Not called tenant_id: the row is the
    network's own.)
    """

    __tablename__ = "report_slip"
    reference: Mapped[str] = mapped_column(String(60))
    track: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12), default="received")
    received_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("tenant.id"))
    held: Mapped[bytes | None] = mapped_column(LargeBinary)
    handled_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    handled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    organisation: Mapped[Tenant | None] = relationship(Tenant, viewonly=True)
    __table_args__ = (
        UniqueConstraint("network_id", "reference", name="uq_report_slip_reference"),
        Index("ix_report_slip_received", "network_id", "received_at"),
    )


class ReportingPoint(NetworkOwned, Model):
    """What a network chose for its reporting point. coordinator_first: every report passes the coordinator."""

    __tablename__ = "reporting_point"
    coordinator_first: Mapped[bool] = mapped_column(Boolean, default=False)
    __table_args__ = (UniqueConstraint("network_id", name="uq_reporting_point"),)


class ReportDraft(Model):
    """What a stranger is filling in; nobody's until it is sent. See tenants.intake.drafts.

    id: a keyed hash of the draft's name and its browser's secret. content: sealed with a key that hangs on both.
    """

    __tablename__ = "report_draft"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now, index=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
