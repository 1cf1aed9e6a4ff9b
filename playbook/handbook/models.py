"""The playbook (draaiboek) of a network: chapters, pages in a tree, and every version of every page."""

import uuid
from datetime import date, datetime
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Computed,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, deferred, mapped_column

from app.network_guests import Seen, open_to_guests
from app.security.models import utc_now
from app.tenancy import APP, NetworkOwned, points_within_network

_IS_OPEN = text("state = 'open'")


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
    for_guests: Mapped[bool] = mapped_column(Boolean, default=False)
    # Whoever confirmed this version or a later one has 'read and understood' the page; none: nobody is asked to.
    confirm_from: Mapped[int | None] = mapped_column(Integer)
    # The names of the files that the text shows or links to.
    files: Mapped[list[str]] = mapped_column(ARRAY(String(80)), default=list, server_default="{}")
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
        # Of its chapter guests read what it is called, no more. Of its pictures and files: see PlaybookFile.
        open_to_guests(
            "for_guests",
            playbook_chapter=Seen(
                "id IN (SELECT chapter_id FROM playbook_page)", ("network_id", "id", "slug", "title", "position")
            ),
        ),
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


class PageDraft(NetworkOwned, Model):
    """A text that is not in the playbook yet: of a new page (`page_id` is none) or the next one of a page.

    base_version: the version of the page it was made from, 0 for a new page; revision: counts the times it was
    saved; state: see review.DraftState. handed_in_revision, handed_in_at: which text those who read along were last
    asked to read, and since when (0: it was never in review).
    """

    __tablename__ = "playbook_draft"
    page_id: Mapped[uuid.UUID | None]
    chapter_id: Mapped[uuid.UUID]
    parent_id: Mapped[uuid.UUID | None]
    position: Mapped[int | None] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = deferred(mapped_column(Text))
    comment: Mapped[str] = mapped_column(String(200), default="")
    published_to_all: Mapped[bool] = mapped_column(Boolean, default=False)
    for_guests: Mapped[bool] = mapped_column(Boolean, default=False)
    base_version: Mapped[int] = mapped_column(Integer, default=0)
    revision: Mapped[int] = mapped_column(Integer, default=1)
    state: Mapped[str] = mapped_column(String(12), default="draft")
    handed_in_revision: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    handed_in_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    changed_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="SET NULL"))
    __table_args__ = (
        points_within_network("playbook_page", "page_id"),
        points_within_network("playbook_chapter", "chapter_id"),
        points_within_network("playbook_page", "parent_id"),
        Index("ix_playbook_draft_state", "network_id", "state"),
    )


class Proposal(NetworkOwned, Model):
    """A page that a member would add; state: see proposals.State. draft_id: the draft that was made of it."""

    __tablename__ = "playbook_proposal"
    chapter_id: Mapped[uuid.UUID]
    draft_id: Mapped[uuid.UUID | None]
    title: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = deferred(mapped_column(Text))
    why: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[str] = mapped_column(String(12), default="open")
    answer: Mapped[str] = mapped_column(String(500), default="")
    proposer_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    decided_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    __table_args__ = (
        points_within_network("playbook_chapter", "chapter_id"),
        points_within_network("playbook_draft", "draft_id"),
        Index("ix_playbook_proposal_open", "network_id", "at", postgresql_where=_IS_OPEN),
        Index("ix_playbook_proposal_proposer", "network_id", "proposer_id"),
        Index("ix_playbook_proposal_draft", "network_id", "draft_id"),
    )


class Review(NetworkOwned, Model):
    """What somebody who was asked, or who offered, thinks of a draft; revision: the one they read."""

    __tablename__ = "playbook_review"
    draft_id: Mapped[uuid.UUID]
    reviewer_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"))
    verdict: Mapped[str] = mapped_column(String(12), default="asked")
    note: Mapped[str] = mapped_column(String(1000), default="")
    revision: Mapped[int] = mapped_column(Integer, default=0)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    __table_args__ = (
        UniqueConstraint("network_id", "draft_id", "reviewer_id", name="uq_playbook_review"),
        points_within_network("playbook_draft", "draft_id"),
    )


class Remark(NetworkOwned, Model):
    """A comment at a block of a page or of a draft, an answer to one, or (with `proposal`) a suggested text.

    quote: the block's Markdown when it was made; block: its number then; version: of the page, or the draft's
    revision; state: see review.RemarkState.
    """

    __tablename__ = "playbook_remark"
    page_id: Mapped[uuid.UUID | None]
    draft_id: Mapped[uuid.UUID | None]
    reply_to: Mapped[uuid.UUID | None]
    version: Mapped[int] = mapped_column(Integer)
    block: Mapped[int] = mapped_column(Integer)
    quote: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text, default="")
    proposal: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12), default="open")
    author_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    decided_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    answer: Mapped[str] = mapped_column(String(500), default="")
    __table_args__ = (
        CheckConstraint("num_nonnulls(page_id, draft_id) = 1", name="ck_playbook_remark_on_one_thing"),
        points_within_network("playbook_page", "page_id"),
        points_within_network("playbook_draft", "draft_id"),
        points_within_network("playbook_remark", "reply_to"),
        Index("ix_playbook_remark_page", "network_id", "page_id"),
        Index("ix_playbook_remark_draft", "network_id", "draft_id"),
        Index("ix_playbook_remark_open", "network_id", "at", postgresql_where=_IS_OPEN),
    )


class Adoption(NetworkOwned, Model):
    """That a page was taken over from another network, and what stood there then: what changed since can be seen.

    source_network_id, source_page_id, source_slug: whose page, and which; no key points to it, since that network may
    stop showing it. version, body: of the source as this network last took it over or looked at it.
    """

    __tablename__ = "playbook_adoption"
    page_id: Mapped[uuid.UUID]
    source_network_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("network.id"))
    source_page_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    source_slug: Mapped[str] = mapped_column(String(80), default="")
    version: Mapped[int] = mapped_column(Integer)
    body: Mapped[str] = deferred(mapped_column(Text))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    __table_args__ = (
        points_within_network("playbook_page", "page_id"),
        UniqueConstraint("network_id", "page_id", name="uq_playbook_adoption_page"),
        UniqueConstraint("network_id", "source_page_id", name="uq_playbook_adoption_source"),
    )


class Autosave(NetworkOwned, Model):
    """What somebody typed and did not save yet, one per editor's screen (`place`, its path without the frame).

    At a part of a text (see talk_showing): title is what they say about it, body the words they suggest.
    """

    __tablename__ = "playbook_autosave"
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"))
    place: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text, default="")
    base: Mapped[str] = mapped_column(String(40), default="")
    saved_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    __table_args__ = (UniqueConstraint("network_id", "user_id", "place", name="uq_playbook_autosave"),)


class Reader(NetworkOwned, Model):
    """What a person and a page have together: the version last seen, whether they follow it, what they confirmed."""

    __tablename__ = "playbook_reader"
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"))
    page_id: Mapped[uuid.UUID]
    seen_version: Mapped[int] = mapped_column(Integer, default=0)
    seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    follows: Mapped[bool] = mapped_column(Boolean, default=False)
    confirmed_version: Mapped[int | None] = mapped_column(Integer)
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    __table_args__ = (
        UniqueConstraint("network_id", "user_id", "page_id", name="uq_playbook_reader"),
        points_within_network("playbook_page", "page_id"),
        Index("ix_playbook_reader_page", "network_id", "page_id"),
    )


class Visit(NetworkOwned, Model):
    """When a person was last in the playbook: `last_at` of this visit, `before_at` of the one before."""

    __tablename__ = "playbook_visit"
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"))
    before_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    __table_args__ = (UniqueConstraint("network_id", "user_id", name="uq_playbook_visit"),)


class GuestRead(NetworkOwned, Model):
    """That a guest of the network opened a page: at most once a day, at the first time. Kept for a year."""

    __tablename__ = "playbook_guest_read"
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"))
    page_id: Mapped[uuid.UUID]
    day: Mapped[date] = mapped_column(Date)  # in Belgium
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    __table_args__ = (
        UniqueConstraint("network_id", "user_id", "day", "page_id", name="uq_playbook_guest_read"),
        points_within_network("playbook_page", "page_id"),
        Index("ix_playbook_guest_read_at", "network_id", "at"),
    )


class NewsMail(NetworkOwned, Model):
    """Whether a person wants mail about the playbook (no row: yes), and until when the last one told everything."""

    __tablename__ = "playbook_news_mail"
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"))
    wants: Mapped[bool] = mapped_column(Boolean, default=True)
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    __table_args__ = (UniqueConstraint("network_id", "user_id", name="uq_playbook_news_mail"),)


class PlaybookFile(NetworkOwned, Model):
    """A picture or a document that pages show or link to. `name` is made of its bytes, so an address never changes.

    words: of a PDF, whether its text can be searched (see pdf_text), 'waiting' until it was read; else nothing.
    """

    __tablename__ = "playbook_file"
    name: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(150))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(Integer)
    words: Mapped[str] = mapped_column(String(8), default="")
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    published_to_all: Mapped[bool] = mapped_column(Boolean, default=False)  # a page that all may read shows it
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    added_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="SET NULL"))
    __table_args__ = (
        UniqueConstraint("network_id", "name", name="uq_playbook_file"),
        # Guests get what a page of theirs shows or links to.
        open_to_guests("EXISTS (SELECT FROM playbook_page p WHERE playbook_file.name = ANY (p.files))"),
    )


PlaybookFile.__table__.add_is_dependent_on(Page.__table__)  # its policy looks there


class FilePage(NetworkOwned, Model):
    """The words on one page of a PDF, for the search; whoever may have the file may read them (published_to_all)."""

    __tablename__ = "playbook_file_page"
    file_id: Mapped[uuid.UUID]
    number: Mapped[int] = mapped_column(Integer)
    plain: Mapped[str] = deferred(mapped_column(Text))
    search: Mapped[Any] = deferred(
        mapped_column(TSVECTOR, Computed("to_tsvector('dutch'::regconfig, plain)", persisted=True))
    )
    published_to_all: Mapped[bool] = mapped_column(Boolean, default=False)
    __table_args__ = (
        Index("ix_playbook_file_page_published", "id", postgresql_where=text("published_to_all")),
        UniqueConstraint("network_id", "file_id", "number", name="uq_playbook_file_page"),
        points_within_network("playbook_file", "file_id"),
        open_to_guests("EXISTS (SELECT FROM playbook_file f WHERE f.id = file_id)"),
    )


class Print(NetworkOwned, Model):
    """A PDF of a chapter or of the whole playbook, made by a job. done and total: its progress, in pages."""

    __tablename__ = "playbook_print"
    chapter_id: Mapped[uuid.UUID | None]
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    done: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int] = mapped_column(Integer, default=0)
    content: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    asked_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="SET NULL"))
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    __table_args__ = (points_within_network("playbook_chapter", "chapter_id"),)


@event.listens_for(Table, "after_create")
def _keep_everything(table: Table, connection: Connection, **_: Any) -> None:
    """Nothing is ever lost: the portal's login can't change or delete a version, nor delete a page."""
    if table.name == "playbook_page_version":
        connection.execute(text(f"REVOKE UPDATE, DELETE ON playbook_page_version FROM {APP}"))
    if table.name == "playbook_page":
        connection.execute(text(f"REVOKE DELETE ON playbook_page FROM {APP}"))
