"""The playbook (draaiboek) of a network: chapters, pages in a tree, and every version of every page."""

import uuid
from datetime import datetime
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Computed,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, deferred, mapped_column

from app.security.models import utc_now
from app.tenancy import APP, NetworkOwned, points_within_network


class Chapter(NetworkOwned, Model):
    """A chapter (hoofdstuk). `position` counts from 1."""

    __tablename__ = "playbook_chapter"
    slug: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(String(300), default="")
    position: Mapped[int] = mapped_column(Integer)
    __table_args__ = (UniqueConstraint("network_id", "slug", name="uq_playbook_chapter_slug"),)


class Page(NetworkOwned, Model):
    """A page as it reads now: it repeats the latest version, so that reading and searching touch one row.

    position: among the pages under the same parent, from 1. slug: its address, which stays when the title changes.
    plain: the body without Markdown's signs, for the search and its snippets. version: the latest one's number.
    search has no index: under row-level security PostgreSQL tests the policy first and would not use it (the
    operator @@ is not leakproof); through the network's own keys 2,000 pages take 20 ms.
    """

    __tablename__ = "playbook_page"
    chapter_id: Mapped[uuid.UUID]
    parent_id: Mapped[uuid.UUID | None]
    position: Mapped[int] = mapped_column(Integer)
    slug: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = deferred(mapped_column(Text))
    plain: Mapped[str] = deferred(mapped_column(Text))
    version: Mapped[int] = mapped_column(Integer, default=1)
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    changed_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="SET NULL"))
    published_to_all: Mapped[bool] = mapped_column(Boolean, default=False)
    search: Mapped[Any] = deferred(
        mapped_column(
            TSVECTOR,
            Computed(
                "setweight(to_tsvector('dutch'::regconfig, title), 'A')"
                " || setweight(to_tsvector('dutch'::regconfig, plain), 'B')",
                persisted=True,
            ),
        )
    )
    __table_args__ = (
        UniqueConstraint("network_id", "slug", name="uq_playbook_page_slug"),
        UniqueConstraint("network_id", "chapter_id", "id", name="uq_playbook_page_chapter"),
        points_within_network("playbook_chapter", "chapter_id"),
        # A page stands in the chapter of the page above it, also when that one moves.
        ForeignKeyConstraint(
            ["network_id", "chapter_id", "parent_id"],
            ["playbook_page.network_id", "playbook_page.chapter_id", "playbook_page.id"],
            onupdate="CASCADE",
            name="fk_parent_id_playbook_page",
        ),
        CheckConstraint("parent_id <> id", name="ck_playbook_page_not_under_itself"),
        Index("ix_playbook_page_published", "id", postgresql_where=text("published_to_all")),
    )


class PageVersion(NetworkOwned, Model):
    """A version of a page as somebody saved it; it never changes and is never deleted."""

    __tablename__ = "playbook_page_version"
    page_id: Mapped[uuid.UUID]
    number: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = deferred(mapped_column(Text))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    author_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="SET NULL"))
    comment: Mapped[str] = mapped_column(String(200), default="")
    restored_from: Mapped[int | None] = mapped_column(Integer)  # the number of the version it brought back
    __table_args__ = (
        UniqueConstraint("network_id", "page_id", "number", name="uq_playbook_page_version_number"),
        points_within_network("playbook_page", "page_id"),
        Index("ix_playbook_page_version_at", "network_id", "at"),
    )


@event.listens_for(Table, "after_create")
def _keep_everything(table: Table, connection: Connection, **_: Any) -> None:
    """Nothing is ever lost: the portal's login can't change or delete a version, nor delete a page."""
    if table.name == "playbook_page_version":
        connection.execute(text(f"REVOKE UPDATE, DELETE ON playbook_page_version FROM {APP}"))
    if table.name == "playbook_page":
        connection.execute(text(f"REVOKE DELETE ON playbook_page FROM {APP}"))
