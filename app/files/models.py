"""Stored uploads: the bytes lie encrypted under the data directory, the row says what they are."""

import uuid
from datetime import datetime

from flask_appbuilder import Model
from sqlalchemy import BigInteger, DateTime, Integer, LargeBinary, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import Sealed
from app.guests import shared
from app.security.models import utc_now
from app.tenancy import TenantOwned, index


class StoredFile(TenantOwned, Model):
    """An upload or a made document. `sha256` is of the plain bytes; `name` may tell of a person, so it is sealed."""

    __tablename__ = "stored_file"
    name: Mapped[str] = mapped_column(Sealed)
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    case_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)  # whose file it belongs to, for the trail
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    made_by: Mapped[int | None] = mapped_column(Integer)
    __table_args__ = (index("ix_stored_file_case", "case_id"), shared("documents"))
