"""Attempts to reach people (aanklampend werken), the plans they follow, and what is printed for them."""

import uuid
from datetime import date, datetime
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import Date, DateTime, ForeignKey, Integer, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import Sealed, SealedJson
from app.guests import shared
from app.security.models import utc_now
from app.tenancy import TenantOwned, acting_organisation, index, points_to


class OutreachAttempt(TenantOwned, Model):
    """One attempt. `at` is UTC; hour_known is false where a register gave only the day. Note is sealed.

    by_tenant: the organisation of who tried (a partner's, if the case is shared).
    """

    __tablename__ = "outreach_attempt"
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    hour_known: Mapped[bool] = mapped_column(default=True)
    moment: Mapped[str] = mapped_column(String(20), default="petition")
    channel: Mapped[str] = mapped_column(String(20))
    result: Mapped[str | None] = mapped_column(String(20))  # None: the register does not say
    next_step: Mapped[str | None] = mapped_column(Sealed)
    next_step_on: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str | None] = mapped_column(Sealed)
    by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    by_tenant: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("tenant.id"), default=acting_organisation)
    __table_args__ = (
        points_to("case_file", "case_id"),
        index("ix_outreach_case", "case_id", "at"),
        shared("guidance", adds=True),
    )


class OutreachPlan(TenantOwned, Model):
    """How a household is sought at one of the four moments; one per petition and moment.

    since: the day of the moment, from which attempts count. state, next_step_id, next_channel and next_due_on repeat
    what the steps say, so that a list is one query; `planning.follow` keeps them.
    """

    __tablename__ = "outreach_plan"
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    petition_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)  # None: started by hand, before any petition
    moment: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10), default="running")
    since: Mapped[date] = mapped_column(Date)
    started_on: Mapped[date] = mapped_column(Date)
    ended_on: Mapped[date | None] = mapped_column(Date)
    stop_reason: Mapped[str | None] = mapped_column(Sealed)
    next_step_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    next_channel: Mapped[str | None] = mapped_column(String(20))
    next_due_on: Mapped[date | None] = mapped_column(Date)
    __table_args__ = (
        points_to("case_file", "case_id"),
        points_to("petition", "petition_id"),
        UniqueConstraint(
            "tenant_id", "case_id", "petition_id", "moment",
            name="uq_outreach_plan", postgresql_nulls_not_distinct=True,
        ),
        index("ix_outreach_plan_due", "state", "next_due_on"),
        index("ix_outreach_plan_petition", "petition_id"),
        shared("guidance"),
    )  # fmt: skip


class OutreachStep(TenantOwned, Model):
    """A step of a plan; what came of it stands in the attempt that ticked it.

    by_hand: a worker added it or chose its day. print_id: the paper it was printed on. carried_on, carried_by: the
    day on which somebody has it on their route.
    """

    __tablename__ = "outreach_step"
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    plan_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    position: Mapped[int] = mapped_column(Integer)
    channel: Mapped[str] = mapped_column(String(20))
    due_on: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(10), default="open")
    by_hand: Mapped[bool] = mapped_column(default=False)
    attempt_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    skip_reason: Mapped[str | None] = mapped_column(Sealed)
    settled_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    print_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    carried_on: Mapped[date | None] = mapped_column(Date)
    carried_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    __table_args__ = (
        points_to("case_file", "case_id"),
        points_to("outreach_plan", "plan_id"),
        points_to("outreach_attempt", "attempt_id", on_delete="SET NULL (attempt_id)"),
        points_to("outreach_print", "print_id", on_delete="SET NULL (print_id)"),
        index("ix_outreach_step_case", "case_id"),
        index("ix_outreach_step_plan", "plan_id"),
        index("ix_outreach_step_due", "state", "channel", "due_on"),
        index("ix_outreach_step_attempt", "attempt_id"),
        index("ix_outreach_step_print", "print_id"),
        index("ix_outreach_step_carried", "carried_on", "carried_by"),
        shared("guidance"),
    )


class OutreachPrint(TenantOwned, Model):
    """Letters and postcards printed together. paper: all that is printed, frozen, so that it can be printed again.

    confirmed_at: somebody said that they lie on the table; only then they count as sent.
    """

    __tablename__ = "outreach_print"
    paper: Mapped[list[dict[str, Any]]] = mapped_column(SealedJson)
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    made_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    confirmed_by: Mapped[int | None] = mapped_column(Integer)
    __table_args__ = (index("ix_outreach_print_made", "confirmed_at", "made_at"),)
