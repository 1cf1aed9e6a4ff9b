"""Handing a case over from one worker to another."""

import uuid
from datetime import datetime

from flask_appbuilder import Model
from sqlalchemy import DateTime, ForeignKey, Integer, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import Sealed
from app.security.models import utc_now
from app.tenancy import TenantOwned, index, points_to


class Handover(TenantOwned, Model):
    """A case that went from one worker to another, with what the next one has to know (sealed).

    from_user: who carried it, None when nobody did; by: who handed it over, mostly the same.
    """

    __tablename__ = "handover"
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    from_user: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    to_user: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id"))
    note: Mapped[str] = mapped_column(Sealed)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    __table_args__ = (
        points_to("case_file", "case_id"),
        index("ix_handover_case", "case_id", "at"),
        index("ix_handover_to", "to_user", "at"),
        index("ix_handover_from", "from_user", "at"),
    )
