"""Agreements under which organisations of a network may share a case: who, which parts, from when until when."""

import uuid
from datetime import date, datetime

from flask_appbuilder import Model
from sqlalchemy import ARRAY, CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.security.models import utc_now
from app.tenancy import NetworkOwned, points_within_network


class SharingAgreement(NetworkOwned, Model):
    """A data-sharing agreement. body: Markdown, as in the playbook; parts: see rules.Part, the base always in it.

    starts_on, ends_on: both days included. A draft may change; in force it only ends. The policies of the database
    read this table (`tenancy.GUEST_FUNCTIONS`), so a day or a state that passes closes every case shared under it.
    """

    __tablename__ = "sharing_agreement"
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text, default="")
    parts: Mapped[list[str]] = mapped_column(ARRAY(String(20)), default=list)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(10), default="draft")
    version: Mapped[int] = mapped_column(Integer, default=1)
    __table_args__ = (CheckConstraint("starts_on <= ends_on", name="ck_sharing_agreement_days"),)
    __mapper_args__ = {"primary_key": ["id"], "version_id_col": version}


class SharingParty(NetworkOwned, Model):
    """An organisation that is a party to an agreement."""

    __tablename__ = "sharing_party"
    agreement_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    organisation_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("tenant.id"))
    __table_args__ = (
        points_within_network("sharing_agreement", "agreement_id", on_delete="CASCADE"),
        Index("ix_sharing_party_agreement", "network_id", "agreement_id"),
        Index("ix_sharing_party_organisation", "network_id", "organisation_id"),
    )


class SharingEvent(NetworkOwned, Model):
    """What happened to an agreement: made, changed, put in force, ended; why says it for an end."""

    __tablename__ = "sharing_event"
    agreement_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    what: Mapped[str] = mapped_column(String(10))
    why: Mapped[str | None] = mapped_column(String(300))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="SET NULL"))
    __table_args__ = (
        points_within_network("sharing_agreement", "agreement_id", on_delete="CASCADE"),
        Index("ix_sharing_event_agreement", "network_id", "agreement_id", "at"),
    )
