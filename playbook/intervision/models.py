"""Anonymous cases that a network discusses. Nothing here says whose case it was, nor which organisation brought it."""

import uuid
from datetime import date, datetime
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import Date, DateTime, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.security.models import utc_now
from app.tenancy import NetworkOwned, points_within_network


class DiscussionCase(NetworkOwned, Model):
    """A case as it was released: checked text and coarse facts (rules.Fact -> code). No author, no organisation."""

    __tablename__ = "discussion_case"
    title: Mapped[str] = mapped_column(String(150))
    household: Mapped[str] = mapped_column(Text)
    arrival: Mapped[str] = mapped_column(Text, default="")
    tried: Mapped[str] = mapped_column(Text)
    helped: Mapped[str] = mapped_column(Text, default="")
    question: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    released_on: Mapped[date] = mapped_column(Date)
    __table_args__ = (Index("ix_discussion_case_released", "network_id", "released_on"),)


class DiscussionRemark(NetworkOwned, Model):
    """What somebody says about it; without author_id they chose to stay unnamed (who brought the case may want to)."""

    __tablename__ = "discussion_remark"
    discussion_id: Mapped[uuid.UUID]
    text: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("tenant.id"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    __table_args__ = (
        points_within_network("discussion_case", "discussion_id", on_delete="CASCADE"),
        Index("ix_discussion_remark_case", "network_id", "discussion_id"),
    )


class DiscussionProposal(NetworkOwned, Model):
    """That a remark or a suggestion in the playbook came out of a discussion: the link between the two."""

    __tablename__ = "discussion_proposal"
    discussion_id: Mapped[uuid.UUID]
    remark_id: Mapped[uuid.UUID]
    __table_args__ = (
        points_within_network("discussion_case", "discussion_id", on_delete="CASCADE"),
        points_within_network("playbook_remark", "remark_id", on_delete="CASCADE"),
        UniqueConstraint("network_id", "remark_id", name="uq_discussion_proposal_remark"),
        Index("ix_discussion_proposal_case", "network_id", "discussion_id"),
    )
