"""The minimal facts that a tenant publishes about a case: coded values only, no name, no day, no free text."""

import uuid
from datetime import date

from flask_appbuilder import Model
from sqlalchemy import JSON, Boolean, Date, Integer, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.tenancy import TenantOwned, index, points_to


class CaseFact(TenantOwned, Model):
    """One row per case. `id` is a keyed hash of the case's, so that it tells neither the case nor its hour.

    Months are stored as their first day; birth as its decade (1980).
    """

    __tablename__ = "case_fact"
    opened_month: Mapped[date] = mapped_column(Date)
    closed_month: Mapped[date | None] = mapped_column(Date)
    petition_month: Mapped[date | None] = mapped_column(Date)
    source: Mapped[str] = mapped_column(String(30))
    reason: Mapped[str] = mapped_column(String(20))
    market: Mapped[str] = mapped_column(String(10))
    composition: Mapped[str] = mapped_column(String(30))
    has_children: Mapped[bool | None] = mapped_column(Boolean)
    birth_decade: Mapped[int | None] = mapped_column(Integer)
    stage: Mapped[str] = mapped_column(String(12))
    reached: Mapped[bool] = mapped_column(Boolean)
    reached_before_hearing: Mapped[bool | None] = mapped_column(Boolean)  # none: no hearing is known
    attempts: Mapped[int] = mapped_column(Integer)
    judgment: Mapped[str | None] = mapped_column(String(20))
    tenant_present: Mapped[bool | None] = mapped_column(Boolean)
    evicted: Mapped[bool] = mapped_column(Boolean)
    housing_outcome: Mapped[str | None] = mapped_column(String(20))
    eviction_outcome: Mapped[str | None] = mapped_column(String(20))
    procedures: Mapped[list[str]] = mapped_column(JSON, default=list)  # 'fbu:refused': kind and state, each once
    pistes: Mapped[list[str]] = mapped_column(JSON, default=list)  # those that were explored
    helped: Mapped[list[str]] = mapped_column(JSON, default=list)  # what helped, as said at closing
    __table_args__ = (index("ix_case_fact_petition", "petition_month"),)


class ScenarioFact(TenantOwned, Model):
    """One row per step of a scenario in a case: how it stands. It hangs on the case's fact, and goes with it.

    `id` is a keyed hash. number: the version followed. state: waiting, open, done or skipped. days: from the event of
    the step to the day it was done, less than 0 when that came first.
    """

    __tablename__ = "scenario_fact"
    fact_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    scenario_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    number: Mapped[int] = mapped_column(Integer)
    step: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(10))
    days: Mapped[int | None] = mapped_column(Integer)
    skip_reason: Mapped[str | None] = mapped_column(String(20))
    __table_args__ = (
        points_to("case_fact", "fact_id"),
        index("ix_scenario_fact_case", "fact_id"),
        index("ix_scenario_fact_scenario", "scenario_id"),
    )
