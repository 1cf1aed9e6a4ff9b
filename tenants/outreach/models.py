"""Attempts to reach people (aanklampend werken): each has a channel, a result and a next step."""

import uuid
from datetime import date, datetime

from flask_appbuilder import Model
from sqlalchemy import Date, DateTime, ForeignKey, Integer, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import Sealed
from app.security.models import utc_now
from app.tenancy import TenantOwned, index, points_to


class OutreachAttempt(TenantOwned, Model):
    """One attempt. `at` is UTC; hour_known is false where a register gave only the day. Note is sealed."""

    __tablename__ = "outreach_attempt"
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    hour_known: Mapped[bool] = mapped_column(default=True)
    moment: Mapped[str] = mapped_column(String(20), default="petition")
    channel: Mapped[str] = mapped_column(String(20))
    result: Mapped[str | None] = mapped_column(String(20))  # None: the register does not say
    next_step: Mapped[str | None] = mapped_column(Sealed)
    next_step_on: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str | None] = mapped_column(Sealed)
    by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    __table_args__ = (points_to("case_file", "case_id"), index("ix_outreach_case", "case_id", "at"))
