"""The procedure before the justice of the peace: petition, hearing, judgment and service, notice and eviction."""

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import JSON, Date, DateTime, ForeignKey, Integer, Numeric, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import Sealed
from app.guests import shared
from app.security.models import utc_now
from app.tenancy import TenantOwned, index, points_to, unique

Euro = Numeric(12, 2)


class Petition(TenantOwned, Model):
    """A petition (verzoekschrift) or writ (dagvaarding) of which the OCMW got a copy. Amounts in euro.

    court: the canton as the register writes it in its plain form ('Oostende 2').
    registered_on: on the general roll; received_on: the copy at the OCMW; served_on: of a writ.
    """

    __tablename__ = "petition"
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(String(10), default="petition")
    court: Mapped[str] = mapped_column(String(80), default="")
    roll_number: Mapped[str | None] = mapped_column(String(20))
    registered_on: Mapped[date | None] = mapped_column(Date)
    received_on: Mapped[date | None] = mapped_column(Date)
    served_on: Mapped[date | None] = mapped_column(Date)
    claimant: Mapped[str] = mapped_column(String(200), default="")
    arrears: Mapped[Decimal | None] = mapped_column(Euro)
    arrears_months: Mapped[Decimal | None] = mapped_column(Numeric(5, 1))
    costs: Mapped[Decimal | None] = mapped_column(Euro)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    __table_args__ = (
        points_to("case_file", "case_id"),
        unique("court", "roll_number", name="uq_petition_roll"),
        index("ix_petition_case", "case_id"),
        index("ix_petition_received", "received_on"),
        shared("guidance"),
    )


class Hearing(TenantOwned, Model):
    """A hearing (zitting). present: codes of Presence; None while nothing is recorded. Note is sealed.

    referred_on: the household was referred to rights exploration (Rechtenverkenning) at the hearing.
    """

    __tablename__ = "hearing"
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    petition_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    hour_known: Mapped[bool] = mapped_column(default=True)
    present: Mapped[list[str] | None] = mapped_column(JSON)
    note: Mapped[str | None] = mapped_column(Sealed)
    recorded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    recorded_by: Mapped[int | None] = mapped_column(Integer)
    referred_on: Mapped[date | None] = mapped_column(Date)
    __table_args__ = (
        points_to("case_file", "case_id"),
        points_to("petition", "petition_id"),
        index("ix_hearing_at", "at"),
        index("ix_hearing_to_record", "at", postgresql_where=text("recorded_at IS NULL")),
        index("ix_hearing_case", "case_id"),
        index("ix_hearing_petition", "petition_id"),
        shared("guidance"),
    )


class Judgment(TenantOwned, Model):
    """A judgment (vonnis); served_on is its service (betekening) by the bailiff.

    hearing_id: the hearing with which it was recorded, None when it came by itself.
    """

    __tablename__ = "judgment"
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    petition_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    hearing_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(String(20))
    pronounced_on: Mapped[date | None] = mapped_column(Date)
    served_on: Mapped[date | None] = mapped_column(Date)
    terms: Mapped[str | None] = mapped_column(Sealed)
    __table_args__ = (
        points_to("case_file", "case_id"),
        points_to("petition", "petition_id"),
        points_to("hearing", "hearing_id"),
        index("ix_judgment_case", "case_id"),
        index("ix_judgment_hearing", "hearing_id"),
        index("ix_judgment_petition", "petition_id"),
        shared("guidance"),
    )


class Eviction(TenantOwned, Model):
    """The bailiff's notice (afroep) and the eviction (uitdrijving) itself."""

    __tablename__ = "eviction"
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    petition_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    notice_on: Mapped[date | None] = mapped_column(Date)
    planned_on: Mapped[date | None] = mapped_column(Date)
    carried_out_on: Mapped[date | None] = mapped_column(Date)
    __table_args__ = (
        points_to("case_file", "case_id"),
        points_to("petition", "petition_id"),
        unique("petition_id", name="uq_eviction_petition"),
        index("ix_eviction_case", "case_id"),
        shared("guidance"),
    )


class DeadlineRow(TenantOwned, Model):
    """A computed deadline as `rules.deadlines` gave it; rewritten whenever an event of the case changes.

    explanation: msgid of the reasoning and its parameters, so that every language says why.
    """

    __tablename__ = "deadline"
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(String(40))
    nature: Mapped[str] = mapped_column(String(20))
    due_on: Mapped[date] = mapped_column(Date)
    article: Mapped[str] = mapped_column(String(120))
    confidence: Mapped[str] = mapped_column(String(1))
    explanation: Mapped[dict[str, Any]] = mapped_column(JSON)
    __table_args__ = (
        points_to("case_file", "case_id"),
        index("ix_deadline_due", "kind", "due_on"),
        index("ix_deadline_case", "case_id"),
        shared("guidance"),
    )


class CalendarFeed(TenantOwned, Model):
    """A person's secret calendar address (ICS); only the hash of its token is kept. Revoked by deleting it."""

    __tablename__ = "calendar_feed"
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    __table_args__ = (
        unique("user_id", name="uq_calendar_feed_user"),
        index("ix_calendar_feed", "token_hash"),
    )
