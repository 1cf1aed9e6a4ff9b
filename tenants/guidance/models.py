"""Procedures of a case with their steps and answered conditions, pistes, and the questions after closing."""

import uuid
from datetime import date, datetime
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import JSON, Date, DateTime, ForeignKey, Integer, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import Sealed
from app.guests import shared
from app.security.models import utc_now
from app.tenancy import TenantOwned, index, points_to, unique


class GuidanceProcedure(TenantOwned, Model):
    """A procedure in a case. kind, state, outcome: codes of `codes.py`; at most one open procedure of a kind.

    checks: the conditions as they were when it began or was refused (`rules.procedures.frozen`), None before.
    refused_for: the unmet condition. reason: why it was refused, or begun although not all was clear; result: how it
    went. Both are sealed.
    """

    __tablename__ = "guidance_procedure"
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(12), default="considered")
    considered_on: Mapped[date] = mapped_column(Date)
    decided_on: Mapped[date | None] = mapped_column(Date)
    ended_on: Mapped[date | None] = mapped_column(Date)
    refused_for: Mapped[str | None] = mapped_column(String(24))
    reason: Mapped[str | None] = mapped_column(Sealed)
    outcome: Mapped[str | None] = mapped_column(String(12))
    result: Mapped[str | None] = mapped_column(Sealed)
    checks: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
    created_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    decided_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    ended_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    version: Mapped[int] = mapped_column(Integer, default=1)
    __table_args__ = (
        points_to("case_file", "case_id"),
        index("ix_guidance_procedure_case", "case_id"),
        index(
            "uq_guidance_procedure_open", "case_id", "kind",
            unique=True, postgresql_where=text("state IN ('considered', 'running')"),
        ),
        shared("guidance"),
    )  # fmt: skip
    __mapper_args__ = {"primary_key": ["id"], "version_id_col": version}


class GuidanceStep(TenantOwned, Model):
    """A step of a procedure that was done."""

    __tablename__ = "guidance_step"
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    procedure_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    step: Mapped[str] = mapped_column(String(20))
    done_on: Mapped[date] = mapped_column(Date)
    by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    __table_args__ = (
        points_to("case_file", "case_id"),
        points_to("guidance_procedure", "procedure_id"),
        unique("procedure_id", "step", name="uq_guidance_step"),
        index("ix_guidance_step_case", "case_id"),
        shared("guidance"),
    )


class ConditionAnswer(TenantOwned, Model):
    """A worker's answer to a condition that the case itself can't tell; it holds for all procedures of the case."""

    __tablename__ = "condition_answer"
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    condition: Mapped[str] = mapped_column(String(24))
    yes: Mapped[bool] = mapped_column()
    note: Mapped[str | None] = mapped_column(Sealed)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    version: Mapped[int] = mapped_column(Integer, default=1)
    __table_args__ = (
        points_to("case_file", "case_id"),
        unique("case_id", "condition", name="uq_condition_answer"),
    )
    __mapper_args__ = {"primary_key": ["id"], "version_id_col": version}


class PisteAnswer(TenantOwned, Model):
    """How a piste of the case was explored; an untouched one has no row. note: what came of it, or why not."""

    __tablename__ = "piste"
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    piste: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    means: Mapped[list[str]] = mapped_column(JSON, default=list)
    note: Mapped[str | None] = mapped_column(Sealed)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    version: Mapped[int] = mapped_column(Integer, default=1)
    __table_args__ = (
        points_to("case_file", "case_id"),
        unique("case_id", "piste", name="uq_piste"),
        shared("guidance"),
    )
    __mapper_args__ = {"primary_key": ["id"], "version_id_col": version}


class FollowUp(TenantOwned, Model):
    """A question some months after a case was closed; answered_at is None until somebody filled it in.

    task_id: the task that asks it; None once that was deleted. housing: of HousingOutcome, when they moved.
    """

    __tablename__ = "follow_up"
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    task_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    months: Mapped[int] = mapped_column(Integer)
    due_on: Mapped[date] = mapped_column(Date)
    contact: Mapped[str | None] = mapped_column(String(12))
    still_there: Mapped[str | None] = mapped_column(String(10))
    housing: Mapped[str | None] = mapped_column(String(20))
    note: Mapped[str | None] = mapped_column(Sealed)
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    answered_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    __table_args__ = (
        points_to("case_file", "case_id"),
        # Only the reference goes when a colleague deletes the task; the tenant, the other half of the pair, stays.
        points_to("task", "task_id", on_delete="SET NULL (task_id)"),
        index("ix_follow_up_case", "case_id"),
        index("ix_follow_up_task", "task_id"),
    )
