"""What the organisations of a network exchange: whom to call, questions, initiatives, meetings. Never a client."""

import uuid
from datetime import date, datetime

from flask_appbuilder import Model
from sqlalchemy import (
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.security.models import utc_now
from app.tenancy import NetworkOwned, points_within_network


class Contact(NetworkOwned, Model):
    """A contact person of an organisation of the network. kind: see rules.ContactKind.

    absent_from, absent_to: both days included; replacement_id: the contact who answers in the meantime.
    """

    __tablename__ = "exchange_contact"
    organisation_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("tenant.id"))
    kind: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(120))
    job: Mapped[str] = mapped_column(String(120), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(120), default="")
    absent_from: Mapped[date | None] = mapped_column(Date)
    absent_to: Mapped[date | None] = mapped_column(Date)
    replacement_id: Mapped[uuid.UUID | None]
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    changed_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="SET NULL"))
    __table_args__ = (
        points_within_network("exchange_contact", "replacement_id"),
        CheckConstraint("absent_from <= absent_to", name="ck_exchange_contact_absence"),
        CheckConstraint("replacement_id <> id", name="ck_exchange_contact_replacement"),
        Index("ix_exchange_contact_organisation", "network_id", "organisation_id"),
    )


class Question(NetworkOwned, Model):
    """A question to the colleagues of the network. body: plain text.

    organisation_id: for whom its author works, none for the network's own people; page_id: the page of the playbook
    it is about; accepted_id: the answer that helped; closed_at: nobody has to answer it any more.
    """

    __tablename__ = "exchange_question"
    title: Mapped[str] = mapped_column(String(150))
    body: Mapped[str] = mapped_column(Text, default="")
    page_id: Mapped[uuid.UUID | None]
    accepted_id: Mapped[uuid.UUID | None]
    author_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="SET NULL"))
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("tenant.id"))
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    __table_args__ = (
        points_within_network("playbook_page", "page_id"),
        # Only an answer to this very question can be the one that helped.
        ForeignKeyConstraint(
            ["network_id", "id", "accepted_id"],
            ["exchange_answer.network_id", "exchange_answer.question_id", "exchange_answer.id"],
            name="fk_accepted_id_exchange_question",
            use_alter=True,
        ),
        Index("ix_exchange_question_asked", "network_id", "asked_at"),
    )


class Answer(NetworkOwned, Model):
    """An answer to a question; author_id, organisation_id, page_id: as of a question."""

    __tablename__ = "exchange_answer"
    question_id: Mapped[uuid.UUID]
    body: Mapped[str] = mapped_column(Text)
    page_id: Mapped[uuid.UUID | None]
    author_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="SET NULL"))
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("tenant.id"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    __table_args__ = (
        points_within_network("exchange_question", "question_id", on_delete="CASCADE"),
        points_within_network("playbook_page", "page_id"),
        UniqueConstraint("network_id", "question_id", "id", name="uq_exchange_answer_question"),
    )


class Initiative(NetworkOwned, Model):
    """Something that works elsewhere. learned: what the network may take over; tags: see rules.tags_of."""

    __tablename__ = "exchange_initiative"
    title: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(120), default="")
    summary: Mapped[str] = mapped_column(String(800))
    learned: Mapped[str] = mapped_column(String(800), default="")
    url: Mapped[str] = mapped_column(String(300), default="")
    tags: Mapped[list[str]] = mapped_column(JSONB, default=list)
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    __table_args__ = (Index("ix_exchange_initiative_added", "network_id", "added_at"),)


class Meeting(NetworkOwned, Model):
    """A meeting of the network (netwerkoverleg). Times in UTC. agenda, minutes: Markdown, as in the playbook.

    revision: counts the times it was saved, so that two who write the minutes at once lose nothing.
    """

    __tablename__ = "exchange_meeting"
    title: Mapped[str] = mapped_column(String(120))
    starts_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ends_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    place: Mapped[str] = mapped_column(String(200), default="")
    online_url: Mapped[str] = mapped_column(String(300), default="")
    agenda: Mapped[str] = mapped_column(Text, default="")
    minutes: Mapped[str] = mapped_column(Text, default="")
    minutes_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    revision: Mapped[int] = mapped_column(Integer, default=1)
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="ck_exchange_meeting_hours"),
        Index("ix_exchange_meeting_starts", "network_id", "starts_at"),
    )


class Decision(NetworkOwned, Model):
    """What a meeting decided. who: an organisation or a colleague that follows it up; by_when: a day; both may lack."""

    __tablename__ = "exchange_decision"
    meeting_id: Mapped[uuid.UUID]
    text: Mapped[str] = mapped_column(String(500))
    who: Mapped[str] = mapped_column(String(120), default="")
    by_when: Mapped[date | None] = mapped_column(Date)
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    done_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    __table_args__ = (
        points_within_network("exchange_meeting", "meeting_id", on_delete="CASCADE"),
        Index("ix_exchange_decision_meeting", "network_id", "meeting_id"),
    )


class MeetingFeed(NetworkOwned, Model):
    """A person's secret calendar address (ICS); only the hash of its token is kept. Revoked by deleting it."""

    __tablename__ = "exchange_meeting_feed"
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    __table_args__ = (
        UniqueConstraint("network_id", "user_id", name="uq_exchange_meeting_feed_user"),
        Index("ix_exchange_meeting_feed", "network_id", "token_hash"),
    )


class DigestOptOut(NetworkOwned, Model):
    """A person who wants no weekly mail about the network; who has no row gets it."""

    __tablename__ = "exchange_digest_opt_out"
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"))
    since: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    __table_args__ = (UniqueConstraint("network_id", "user_id", name="uq_exchange_digest_opt_out"),)
