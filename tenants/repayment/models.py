"""The repayment plan of a case, its instalments, and what was received."""

import uuid
from datetime import date, datetime
from decimal import Decimal

from flask_appbuilder import Model
from sqlalchemy import CheckConstraint, Date, DateTime, Integer, Numeric, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import Sealed
from app.guests import shared
from app.security.models import utc_now
from app.tenancy import TenantOwned, index, points_to, unique


class RepaymentPlan(TenantOwned, Model):
    """A plan (afbetalingsplan), of `PlanState`; document_id: the agreement that it stands in, None: entered by hand.

    next_due_on: the day of the oldest instalment that is not paid in full. asked_until: the last instalment about which
    a task was made; task_id: that task, while it may still be open. end_reason is sealed.
    """

    __tablename__ = "repayment_plan"
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    document_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    state: Mapped[str] = mapped_column(String(10), default="running")
    next_due_on: Mapped[date | None] = mapped_column(Date)
    asked_until: Mapped[date | None] = mapped_column(Date)
    task_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    started_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    started_by: Mapped[int | None] = mapped_column(Integer)
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_by: Mapped[int | None] = mapped_column(Integer)
    end_reason: Mapped[str | None] = mapped_column(Sealed)
    version: Mapped[int] = mapped_column(Integer, default=1)
    changed_by: Mapped[int | None] = mapped_column(Integer)
    __table_args__ = (
        points_to("case_file", "case_id"),
        points_to("document", "document_id", on_delete="SET NULL (document_id)"),
        points_to("task", "task_id", on_delete="SET NULL (task_id)"),
        index("uq_repayment_plan_running", "case_id", unique=True, postgresql_where=text("state = 'running'")),
        index("ix_repayment_plan_case", "case_id"),
        index("ix_repayment_plan_document", "document_id"),
        index("ix_repayment_plan_task", "task_id"),
        index("ix_repayment_plan_due", "next_due_on", postgresql_where=text("state = 'running'")),
        shared("repayment"),
    )


class RepaymentInstalment(TenantOwned, Model):
    """One payment as it was agreed: euro, on a day."""

    __tablename__ = "repayment_instalment"
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    plan_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    number: Mapped[int] = mapped_column(Integer)
    due_on: Mapped[date] = mapped_column(Date)
    amount: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    __table_args__ = (
        points_to("case_file", "case_id"),
        points_to("repayment_plan", "plan_id"),
        unique("plan_id", "number", name="uq_repayment_instalment"),
        index("ix_repayment_instalment_case", "case_id"),
        CheckConstraint("amount > 0", name="ck_repayment_instalment_amount"),
        shared("repayment"),
    )


class RepaymentPayment(TenantOwned, Model):
    """What was received: euro, on a day. One noted by mistake is struck off and stays, with why. Notes are sealed."""

    __tablename__ = "repayment_payment"
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    plan_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    paid_on: Mapped[date] = mapped_column(Date)
    amount: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    note: Mapped[str | None] = mapped_column(Sealed)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    by: Mapped[int | None] = mapped_column(Integer)
    struck_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    struck_by: Mapped[int | None] = mapped_column(Integer)
    struck_reason: Mapped[str | None] = mapped_column(Sealed)
    __table_args__ = (
        points_to("case_file", "case_id"),
        points_to("repayment_plan", "plan_id"),
        index("ix_repayment_payment_plan", "plan_id"),
        index("ix_repayment_payment_case", "case_id"),
        CheckConstraint("amount > 0", name="ck_repayment_payment_amount"),
        shared("repayment"),
    )
