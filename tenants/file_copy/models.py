"""Copies of a file that were made."""

import uuid
from datetime import datetime
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import DateTime, ForeignKey, Integer, LargeBinary, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import SealedJson
from app.security.models import utc_now
from app.tenancy import TenantOwned, index, points_to


class FileCopy(TenantOwned, Model):
    """A copy of the whole file of a case. purpose: code of rules.Purpose; state: waiting, working, ready, failed.

    paper: what is printed, with what is left out already gone; empty once the PDF is kept. done, total: pages, while
    it is made. left_out: places where something was taken out. sha256: of the PDF, which is file_id.
    """

    __tablename__ = "file_copy"
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    purpose: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    done: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int] = mapped_column(Integer, default=0)
    paper: Mapped[dict[str, Any] | None] = mapped_column(SealedJson)
    left_out: Mapped[int] = mapped_column(Integer, default=0)
    engine: Mapped[str | None] = mapped_column(String(100))
    sha256: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    file_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    asked_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    __table_args__ = (
        points_to("case_file", "case_id"),
        points_to("stored_file", "file_id", on_delete="RESTRICT"),
        index("ix_file_copy_case", "case_id", "asked_at"),
        index("ix_file_copy_file", "file_id"),
    )
