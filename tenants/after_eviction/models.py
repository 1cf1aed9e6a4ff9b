"""What became of a household after its eviction."""

import uuid
from datetime import date, datetime

from flask_appbuilder import Model
from sqlalchemy import Date, DateTime, Integer, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import Sealed
from app.security.models import utc_now
from app.tenancy import TenantOwned, index, points_to, unique


class AfterEviction(TenantOwned, Model):
    """The goods and the night shelter, one row a case. Codes of `GoodsPlace` and `ReachedShelter`.

    goods_since: stored from this day; goods_until: as agreed with who stores them; goods_gone_on: fetched.
    goods_where (an address, a phone number) is sealed.
    """

    __tablename__ = "after_eviction"
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    goods_place: Mapped[str] = mapped_column(String(20), default="unknown")
    goods_where: Mapped[str | None] = mapped_column(Sealed)
    goods_since: Mapped[date | None] = mapped_column(Date)
    goods_until: Mapped[date | None] = mapped_column(Date)
    goods_gone_on: Mapped[date | None] = mapped_column(Date)
    shelter: Mapped[str] = mapped_column(String(10), default="unknown")
    shelter_on: Mapped[date | None] = mapped_column(Date)
    version: Mapped[int] = mapped_column(Integer, default=1)
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    changed_by: Mapped[int | None] = mapped_column(Integer)
    __table_args__ = (points_to("case_file", "case_id"), unique("case_id", name="uq_after_eviction_case"))


class Whereabouts(TenantOwned, Model):
    """Where the household is since a day: a code of `Place`. Note is sealed."""

    __tablename__ = "whereabouts"
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    place: Mapped[str] = mapped_column(String(20))
    since: Mapped[date] = mapped_column(Date)
    note: Mapped[str | None] = mapped_column(Sealed)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    by: Mapped[int | None] = mapped_column(Integer)
    __table_args__ = (points_to("case_file", "case_id"), index("ix_whereabouts_case", "case_id", "since"))


class RelocationHelp(TenantOwned, Model):
    """Help to find and to set up another home: a code of `HelpKind`. Note is sealed."""

    __tablename__ = "relocation_help"
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(String(20))
    given_on: Mapped[date] = mapped_column(Date)
    note: Mapped[str | None] = mapped_column(Sealed)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    by: Mapped[int | None] = mapped_column(Integer)
    __table_args__ = (points_to("case_file", "case_id"), index("ix_relocation_help_case", "case_id", "given_on"))
