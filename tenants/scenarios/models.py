"""Scenarios as cases follow them, and the own steps of an organisation."""

import uuid
from datetime import date, datetime
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    String,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.security.models import utc_now
from app.tenancy import TenantOwned, index, points_to


def points_to_scenario() -> ForeignKeyConstraint:
    """A foreign key to a scenario of a network."""
    return ForeignKeyConstraint(
        ["network_id", "scenario_id"], ["scenario.network_id", "scenario.id"], name="fk_scenario_id_scenario"
    )


class CaseScenario(TenantOwned, Model):
    """A case that follows version `number` of a scenario, from started_on to ended_on (None: it still does).

    stop_reason: see codes.StopReason.
    """

    __tablename__ = "case_scenario"
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    network_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    scenario_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    number: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(120))  # of the version followed
    started_on: Mapped[date] = mapped_column(Date)
    started_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    moved_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    moved_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    ended_on: Mapped[date | None] = mapped_column(Date)
    ended_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    stop_reason: Mapped[str | None] = mapped_column(String(20))
    __table_args__ = (
        points_to("case_file", "case_id"),
        points_to_scenario(),
        index("ix_case_scenario_case", "case_id"),
        index(
            "uq_case_scenario_followed",
            "case_id",
            "scenario_id",
            unique=True,
            postgresql_where=text("ended_on IS NULL"),
        ),
    )


class CaseStep(TenantOwned, Model):
    """A step in a case: `step` is the rules.Step as followed. Whether it is done stands in its task.

    basis_on, due_on: the day of its event and the day that follows from it; None while it waits. task_id has no
    foreign key: a task that a person deleted leaves it, and so tells that the step was skipped.
    """

    __tablename__ = "case_step"
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    follow_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    key: Mapped[str] = mapped_column(String(40))
    position: Mapped[int] = mapped_column(Integer)
    step: Mapped[dict[str, Any]] = mapped_column(JSON)
    is_own: Mapped[bool] = mapped_column(Boolean, default=False)
    is_kept: Mapped[bool] = mapped_column(Boolean, default=False)
    basis_on: Mapped[date | None] = mapped_column(Date)
    due_on: Mapped[date | None] = mapped_column(Date)
    task_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    skip_reason: Mapped[str | None] = mapped_column(String(20))
    skipped_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    skipped_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    __table_args__ = (
        points_to("case_file", "case_id"),
        points_to("case_scenario", "follow_id"),
        index("uq_case_step", "follow_id", "key", unique=True),
        index("ix_case_step_case", "case_id"),
    )


class OwnStep(TenantOwned, Model):
    """A step that an organisation adds for its own cases; after_key: after which step of the shared scenario."""

    __tablename__ = "own_scenario_step"
    network_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    scenario_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    after_key: Mapped[str | None] = mapped_column(String(40))
    step: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(Integer, default=1)
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    changed_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    __table_args__ = (points_to_scenario(), index("ix_own_scenario_step", "scenario_id"))
