"""How a hearing is prepared: what the sheet to take along needs beyond what the case knows."""

import uuid
from datetime import datetime

from flask_appbuilder import Model
from sqlalchemy import DateTime, Integer, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import Sealed
from app.security.models import utc_now
from app.tenancy import TenantOwned, points_to, unique


class HearingPreparation(TenantOwned, Model):
    """The preparation of one hearing. lawyer: a code of `Lawyer`. Proposal and questions are sealed.

    budget_ready: income and charges are on paper. goes_along: somebody of the OCMW will be there.
    """

    __tablename__ = "hearing_preparation"
    hearing_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    lawyer: Mapped[str] = mapped_column(String(10), default="unknown")
    budget_ready: Mapped[bool] = mapped_column(default=False)
    goes_along: Mapped[bool] = mapped_column(default=False)
    proposal: Mapped[str | None] = mapped_column(Sealed)
    to_ask: Mapped[str | None] = mapped_column(Sealed)
    version: Mapped[int] = mapped_column(Integer, default=1)
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    changed_by: Mapped[int | None] = mapped_column(Integer)
    __table_args__ = (points_to("hearing", "hearing_id"), unique("hearing_id", name="uq_hearing_preparation"))
