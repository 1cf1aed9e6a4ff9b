"""Who referred a household, who waits for guidance, and when the order was not followed."""

import uuid
from datetime import date, datetime

from flask_appbuilder import Model
from sqlalchemy import Date, DateTime, ForeignKey, Integer, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import Sealed
from app.security.models import utc_now
from app.tenancy import TenantOwned, index, points_to


class Referral(TenantOwned, Model):
    """A referral (aanmelding) of a household by another service. Names, contact and question are sealed.

    referrer: code of Referrer; referred_by: the person and their service; informed: the household knows of it.
    """

    __tablename__ = "referral"
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    referrer: Mapped[str] = mapped_column(String(20))
    received_on: Mapped[date] = mapped_column(Date)
    referred_by: Mapped[str | None] = mapped_column(Sealed)
    contact: Mapped[str | None] = mapped_column(Sealed)
    question: Mapped[str] = mapped_column(Sealed)
    informed: Mapped[bool] = mapped_column(default=False)
    opened_case: Mapped[bool] = mapped_column(default=False)  # False: linked to a case that was there
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    __table_args__ = (
        points_to("case_file", "case_id"),
        index("ix_referral_case", "case_id"),
        index("ix_referral_received", "received_on", "id"),
    )


class WaitingPlace(TenantOwned, Model):
    """A household's place on the waiting list for guidance; a case has at most one that is open.

    since: the day from which it waits. left_at: when it left the list; given_to: the worker whose guidance began
    then, else `leaving` says why it left without (its note is sealed).
    """

    __tablename__ = "waiting_place"
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    guidance: Mapped[str] = mapped_column(String(20))
    since: Mapped[date] = mapped_column(Date)
    placed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    placed_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    left_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    left_by: Mapped[int | None] = mapped_column(Integer)
    given_to: Mapped[int | None] = mapped_column(Integer)
    leaving: Mapped[str | None] = mapped_column(String(20))
    leaving_note: Mapped[str | None] = mapped_column(Sealed)
    __table_args__ = (
        points_to("case_file", "case_id"),
        index("ix_waiting_place_case", "case_id", "left_at"),
        index("ix_waiting_place_open", "since", postgresql_where=text("left_at IS NULL")),
        index("uq_waiting_place_open", "case_id", unique=True, postgresql_where=text("left_at IS NULL")),
    )


class WaitingOverrule(TenantOwned, Model):
    """Somebody took another household than the one in front. Never changed or deleted; the reason is sealed.

    rank of waiting: the place that was taken, and how many waited. first_place_id: who was in front then.
    """

    __tablename__ = "waiting_overrule"
    place_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    first_place_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    rank: Mapped[int] = mapped_column(Integer)
    waiting: Mapped[int] = mapped_column(Integer)
    given_to: Mapped[int | None] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(Sealed)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    __table_args__ = (
        points_to("waiting_place", "place_id"),
        points_to("waiting_place", "first_place_id"),
        index("ix_waiting_overrule_place", "place_id"),
        index("ix_waiting_overrule_first", "first_place_id"),
        index("ix_waiting_overrule_at", "at"),
    )
