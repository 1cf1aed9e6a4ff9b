"""Whom to call in the other organisations of the network: professional data of staff, never of clients."""

import uuid
from datetime import date, datetime

from flask_appbuilder import Model
from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.security.models import utc_now
from app.tenancy import NetworkOwned, points_within_network


class Contact(NetworkOwned, Model):
    """A contact person of an organisation of the network. kind: see rules.ContactKind.

    absent_from, absent_to: both days included; replacement_id: the contact who answers in the meantime.
    """

    __tablename__ = "exchange_contact"
    organisation_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("tenant.id"))
    kind: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(120))
    job: Mapped[str] = mapped_column(String(120), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(120), default="")
    absent_from: Mapped[date | None] = mapped_column(Date)
    absent_to: Mapped[date | None] = mapped_column(Date)
    replacement_id: Mapped[uuid.UUID | None]
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    changed_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="SET NULL"))
    __table_args__ = (
        points_within_network("exchange_contact", "replacement_id"),
        CheckConstraint("absent_from <= absent_to", name="ck_exchange_contact_absence"),
        CheckConstraint("replacement_id <> id", name="ck_exchange_contact_replacement"),
        Index("ix_exchange_contact_organisation", "network_id", "organisation_id"),
    )
