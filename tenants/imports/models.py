"""An import: the file as it came in (a batch), its rows as they wait to become cases, and the columns remembered."""

import uuid
from datetime import datetime
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import JSON, DateTime, ForeignKey, Integer, LargeBinary, String, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import Sealed, SealedJson
from app.i18n import N_
from app.security.models import utc_now
from app.tenancy import TenantOwned, index, points_to, unique
from tenants.cases.codes import Code


class BatchState(Code):
    """Where an import is on its way."""

    READING = "reading", N_("Being read")
    UNREADABLE = "unreadable", N_("Could not be read")
    READY = "ready", N_("To be checked")
    IMPORTING = "importing", N_("Being imported")
    DONE = "done", N_("Imported")
    UNDONE = "undone", N_("Undone")


class ImportBatch(TenantOwned, Model):
    """One file of petitions on its way into the register.

    `columns` says in which column (from 0) each field stands, `labels` are the headings, `examples` what stands
    below each; `header_row` counts from 1. `total` is how many rows are to be staged; what is staged so far is
    counted. `counts` is what the import did (petitions, attempts, left out). The rows are gone once the import
    is done, except the rejected ones.
    """

    __tablename__ = "import_batch"
    file_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    file_name: Mapped[str] = mapped_column(Sealed)
    state: Mapped[str] = mapped_column(String(12), default=BatchState.READING)
    sheet: Mapped[str] = mapped_column(Sealed, default="")
    header_row: Mapped[int] = mapped_column(Integer, default=0)
    labels: Mapped[list[str]] = mapped_column(SealedJson, default=list)
    columns: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    by_content: Mapped[list[str]] = mapped_column(JSON, default=list)
    examples: Mapped[list[list[str]]] = mapped_column(SealedJson, default=list)
    total: Mapped[int] = mapped_column(Integer, default=0)
    ignored: Mapped[int] = mapped_column(Integer, default=0)
    error: Mapped[dict[str, Any] | None] = mapped_column(SealedJson)  # {"message": msgid, "params": {…}}
    counts: Mapped[dict[str, int] | None] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    made_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now, onupdate=utc_now)
    begun_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # of the import itself
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    __table_args__ = (
        points_to("stored_file", "file_id", on_delete="RESTRICT"),
        index("ix_import_batch_made", "made_at"),
        index("ix_import_batch_file", "file_id"),
    )


class ImportRow(TenantOwned, Model):
    """One row of the file that is to be a petition. Its cells and problems are sealed.

    `keys` are keyed hashes of court and roll number and of national number and day, to find its like; `edited`
    when somebody repaired it here, `skipped` when somebody left it out.
    """

    __tablename__ = "import_row"
    batch_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    sheet_row: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(String(10))
    skipped: Mapped[bool] = mapped_column(default=False)
    edited: Mapped[bool] = mapped_column(default=False)
    cells: Mapped[list[Any]] = mapped_column(SealedJson)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(SealedJson, default=list)
    keys: Mapped[list[bytes]] = mapped_column(ARRAY(LargeBinary), default=list)
    __table_args__ = (
        points_to("import_batch", "batch_id"),
        unique("batch_id", "sheet_row", name="uq_import_row_place"),
        index("ix_import_row_status", "batch_id", "status", "sheet_row"),
    )


class ImportMapping(TenantOwned, Model):
    """Which column holds what in files with these headings, as somebody of the organisation pointed it out."""

    __tablename__ = "import_mapping"
    signature: Mapped[str] = mapped_column(String(64))
    columns: Mapped[dict[str, int]] = mapped_column(JSON)
    kept_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now, onupdate=utc_now)
    __table_args__ = (unique("signature", name="uq_import_mapping"),)
