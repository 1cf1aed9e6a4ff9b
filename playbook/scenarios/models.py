"""Cooperation scenarios of a network: the draft that is being written, and the versions that cases follow."""

import uuid
from datetime import datetime
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import (
    JSON,
    Boolean,
    Connection,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    event,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.network_guests import open_to_guests
from app.security.models import utc_now
from app.tenancy import APP, NetworkOwned, points_within_network
from playbook.handbook.markdown import STEPS
from playbook.handbook.models import Page


class Scenario(NetworkOwned, Model):
    """A scenario. draft: a rules.Definition as being written; draft_version counts its changes.

    state: see service.State. latest: the number of the newest version, 0 before the first. title repeats that of the
    newest version (of the draft before the first). withdrawn_at, withdrawn_why: since when no new case may start it.
    """

    __tablename__ = "scenario"
    slug: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(12), default="draft")
    draft: Mapped[dict[str, Any]] = mapped_column(JSON)
    draft_version: Mapped[int] = mapped_column(Integer, default=1)
    latest: Mapped[int] = mapped_column(Integer, default=0)
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    changed_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="SET NULL"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    withdrawn_why: Mapped[str] = mapped_column(String(300), default="", server_default="")
    withdrawn_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="SET NULL"))
    __table_args__ = (
        UniqueConstraint("network_id", "slug", name="uq_scenario_slug"),
        # Guests read the steps of a scenario that a page of theirs shows. A slug holds letters, digits and hyphens.
        open_to_guests(
            "EXISTS (SELECT FROM playbook_page p"
            f" WHERE p.body ~ ('(?n)' || replace('{STEPS}', '([a-z0-9-]+)', scenario.slug)))",
            columns=("network_id", "id", "slug", "latest", "withdrawn_at"),
        ),
    )


class ScenarioVersion(NetworkOwned, Model):
    """A version that was published, as it was; body is a rules.Definition. Nothing in it changes any more."""

    __tablename__ = "scenario_version"
    scenario_id: Mapped[uuid.UUID]
    number: Mapped[int] = mapped_column(Integer)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    comment: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="SET NULL"))
    __table_args__ = (
        points_within_network("scenario", "scenario_id"),
        UniqueConstraint("network_id", "scenario_id", "number", name="uq_scenario_version"),
        Index("ix_scenario_version_at", "network_id", "at"),
        open_to_guests(
            "EXISTS (SELECT FROM scenario s WHERE s.id = scenario_id AND s.latest = number)",
            columns=("network_id", "id", "scenario_id", "number", "body"),
        ),
    )


class SharedScenario(NetworkOwned, Model):
    """The newest version of a scenario as other networks read it while `published_to_all`: never its draft."""

    __tablename__ = "scenario_shared"
    scenario_id: Mapped[uuid.UUID]
    slug: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(120))
    number: Mapped[int] = mapped_column(Integer)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    published_to_all: Mapped[bool] = mapped_column(Boolean, default=False)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    __table_args__ = (
        points_within_network("scenario", "scenario_id"),
        UniqueConstraint("network_id", "scenario_id", name="uq_scenario_shared"),
        Index("ix_scenario_shared_published", "id", postgresql_where=text("published_to_all")),
    )


class ScenarioAdoption(NetworkOwned, Model):
    """That a scenario was taken over from another network, and what stood there then: what changed can be seen.

    source_network_id, source_scenario_id, source_slug: whose, and which; no key points to it, since that network may
    stop showing it. number, body: of the source as this network last took it over or looked at it.
    """

    __tablename__ = "scenario_adoption"
    scenario_id: Mapped[uuid.UUID]
    source_network_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("network.id"))
    source_scenario_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    source_slug: Mapped[str] = mapped_column(String(80), default="")
    number: Mapped[int] = mapped_column(Integer)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    __table_args__ = (
        points_within_network("scenario", "scenario_id"),
        UniqueConstraint("network_id", "scenario_id", name="uq_scenario_adoption"),
        UniqueConstraint("network_id", "source_scenario_id", name="uq_scenario_adoption_source"),
    )


Scenario.__table__.add_is_dependent_on(Page.__table__)  # its policy looks there


@event.listens_for(Table, "after_create")
def _keep_what_cases_follow(table: Table, connection: Connection, **_: Any) -> None:
    """Cases follow a version as it was: the portal's login can't change or delete it."""
    if table.name == "scenario_version":
        connection.execute(text(f"REVOKE UPDATE, DELETE ON scenario_version FROM {APP}"))
