"""Overleg: with whom there is a dialogue, whom to call there, what was agreed, what was said and decided."""

import uuid
from datetime import date, datetime

from flask_appbuilder import Model
from sqlalchemy import Boolean, Date, DateTime, ForeignKey, Index, Integer, String, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import Sealed
from app.security.models import utc_now
from app.tenancy import NetworkOwned, TenantOwned, index, points_to, unique


class Partner(TenantOwned, Model):
    """A canton's justice of the peace with the registry, or a social landlord (`landlord_id`: as cases know it).

    search_text repeats the names of contacts, agreements and municipalities, so that one box finds them all.
    """

    __tablename__ = "dialogue_partner"
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(200))
    sort_key: Mapped[str] = mapped_column(String(200))
    canton: Mapped[str | None] = mapped_column(String(40))
    landlord_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    note: Mapped[str | None] = mapped_column(Sealed)
    next_talk_on: Mapped[date | None] = mapped_column(Date)
    search_text: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(Integer, default=1)
    __table_args__ = (
        points_to("landlord", "landlord_id", on_delete="RESTRICT"),
        unique("kind", "sort_key", name="uq_dialogue_partner"),
        index("ix_dialogue_partner_landlord", "landlord_id"),
    )
    __mapper_args__ = {"primary_key": ["id"], "version_id_col": version}


class DialogueContact(TenantOwned, Model):
    """Somebody to call at a court or a landlord, at work. Phone and e-mail are sealed."""

    __tablename__ = "dialogue_contact"
    partner_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    role: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str | None] = mapped_column(Sealed)
    email: Mapped[str | None] = mapped_column(Sealed)
    note: Mapped[str | None] = mapped_column(Sealed)
    __table_args__ = (
        points_to("dialogue_partner", "partner_id"),
        index("ix_dialogue_contact_partner", "partner_id"),
    )


class DialogueAgreement(TenantOwned, Model):
    """Something agreed (werkafspraak), such as: the registry sends every petition by e-mail. Body is sealed.

    It holds from agreed_on until ended_on; replaced_by: the agreement that came in its place.
    """

    __tablename__ = "dialogue_agreement"
    partner_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str | None] = mapped_column(Sealed)
    agreed_on: Mapped[date] = mapped_column(Date)
    ended_on: Mapped[date | None] = mapped_column(Date)
    end_reason: Mapped[str | None] = mapped_column(Sealed)
    replaced_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    version: Mapped[int] = mapped_column(Integer, default=1)
    __table_args__ = (
        points_to("dialogue_partner", "partner_id"),
        points_to("dialogue_agreement", "replaced_by"),
        index("ix_dialogue_agreement_partner", "partner_id", "agreed_on"),
        index("ix_dialogue_agreement_replaced", "replaced_by"),
    )
    __mapper_args__ = {"primary_key": ["id"], "version_id_col": version}


class Meeting(TenantOwned, Model):
    """A talk with a partner: who was there, what was said (sealed). is_yearly: it was the yearly talk."""

    __tablename__ = "dialogue_meeting"
    partner_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    held_on: Mapped[date] = mapped_column(Date)
    present: Mapped[str] = mapped_column(String(300), default="")
    notes: Mapped[str | None] = mapped_column(Sealed)
    is_yearly: Mapped[bool] = mapped_column(Boolean, default=False)
    by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    version: Mapped[int] = mapped_column(Integer, default=1)
    __table_args__ = (
        points_to("dialogue_partner", "partner_id"),
        index("ix_dialogue_meeting_partner", "partner_id", "held_on"),
    )
    __mapper_args__ = {"primary_key": ["id"], "version_id_col": version}


class Decision(TenantOwned, Model):
    """Something decided in a meeting; its text is sealed."""

    __tablename__ = "dialogue_decision"
    meeting_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    text: Mapped[str] = mapped_column(Sealed)
    position: Mapped[int] = mapped_column(Integer, default=0)
    __table_args__ = (
        points_to("dialogue_meeting", "meeting_id"),
        index("ix_dialogue_decision_meeting", "meeting_id", "position"),
    )


class FollowUp(TenantOwned, Model):
    """A task that follows from a decision, or (decision_id: None) reminds of the yearly talk."""

    __tablename__ = "dialogue_follow_up"
    partner_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    decision_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    task_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    __table_args__ = (
        points_to("dialogue_partner", "partner_id"),
        points_to("dialogue_decision", "decision_id"),
        points_to("task", "task_id"),
        index("ix_dialogue_follow_up_partner", "partner_id"),
        index("ix_dialogue_follow_up_decision", "decision_id"),
        index("ix_dialogue_follow_up_task", "task_id"),
    )


class CantonStatement(NetworkOwned, Model):
    """What an organisation found out about a municipality and a canton: it goes before the packaged list.

    The network shares it, since nobody should ask a registry twice; there is no personal data in it. Nothing is
    overwritten: who corrects one ends it (ended_at) and states another. covers: see codes.Coverage.
    """

    __tablename__ = "canton_statement"
    canton: Mapped[str] = mapped_column(String(40))
    nis: Mapped[str] = mapped_column(String(5))
    covers: Mapped[str] = mapped_column(String(8))
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    source: Mapped[str] = mapped_column(String(200))
    organisation_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("tenant.id"))
    stated_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="SET NULL"))
    stated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    __table_args__ = (
        # Two that state something at once: the second one is told, so that it can compare.
        Index(
            "uq_canton_statement",
            "network_id",
            "canton",
            "nis",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
