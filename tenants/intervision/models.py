"""Anonymous cases as their organisation writes and checks them; what the network reads is another table."""

import uuid
from datetime import datetime

from flask_appbuilder import Model
from sqlalchemy import JSON, CheckConstraint, DateTime, ForeignKey, Integer, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import Sealed, SealedJson
from app.security.models import utc_now
from app.tenancy import TenantOwned, index, points_to, unique


class DiscussionDraft(TenantOwned, Model):
    """A closed case told for colleagues of the network, one per case. Its texts are sealed, since they may still tell.

    left_out: codes of facts that stay out; confirmed: keys of findings that identify nobody, says the author; remark:
    why it was sent back; released_id: the case as the network reads it (playbook.intervision), where nothing points
    back. The database refuses that its author releases it.
    """

    __tablename__ = "discussion_draft"
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    author_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id"))
    state: Mapped[str] = mapped_column(String(10), default="draft")
    revision: Mapped[int] = mapped_column(Integer, default=1)
    title: Mapped[str] = mapped_column(Sealed, default="")
    household: Mapped[str] = mapped_column(Sealed, default="")
    arrival: Mapped[str] = mapped_column(Sealed, default="")
    tried: Mapped[str] = mapped_column(Sealed, default="")
    helped: Mapped[str] = mapped_column(Sealed, default="")
    question: Mapped[str] = mapped_column(Sealed, default="")
    left_out: Mapped[list[str]] = mapped_column(JSON, default=list)
    confirmed: Mapped[list[str]] = mapped_column(SealedJson, default=list)
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    handed_in_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    remark: Mapped[str | None] = mapped_column(Sealed)
    remark_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    released_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    released_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    released_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    __table_args__ = (
        points_to("case_file", "case_id"),
        unique("case_id", name="uq_discussion_draft_case"),
        index("ix_discussion_draft_state", "state"),
        CheckConstraint("released_by <> author_id", name="ck_discussion_draft_second_person"),
        CheckConstraint(
            "(state = 'released') = (released_id IS NOT NULL) AND (released_id IS NULL OR released_by IS NOT NULL)",
            name="ck_discussion_draft_released",
        ),
    )
