"""Training of a network: tracks, courses, sessions, and who takes part.

Whose rows are whose (ADR 7): courses, sessions and places are the network's, and say nothing about a person; an
enrolment names somebody, and is seen by the own organisation and by who arranges the training; what somebody
answered and finished is the organisation's own.
"""

import uuid
from datetime import date, datetime
from decimal import Decimal

from flask_appbuilder import Model
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, deferred, mapped_column

from app.security.models import NetworkMembership, utc_now
from app.security.roles import RIGHTS
from app.tenancy import APP, OWNER, NetworkOwned, TenantOwned, index, points_within_network, unique


def _user() -> ForeignKey:
    return ForeignKey("ab_user.id", ondelete="SET NULL")


class Track(NetworkOwned, Model):
    """A row of courses (traject) for people with these roles (app.security.roles.Role; none: for everybody)."""

    __tablename__ = "training_track"
    slug: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(String(400), default="")
    roles: Mapped[list[str]] = mapped_column(JSONB, default=list)
    is_onboarding: Mapped[bool] = mapped_column(Boolean, default=False)  # for who has just begun
    position: Mapped[int] = mapped_column(Integer)
    __table_args__ = (UniqueConstraint("network_id", "slug", name="uq_training_track_slug"),)


class Course(NetworkOwned, Model):
    """A course (vorming). body: Markdown. hours: length, for the certificate. pass_mark: percent of the quiz.

    has_sessions: one must be present at a session; if not, the materials and the quiz are the course.
    """

    __tablename__ = "training_course"
    slug: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(String(400), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    hours: Mapped[Decimal] = mapped_column(Numeric(4, 1))
    pass_mark: Mapped[int] = mapped_column(Integer, default=70)
    has_sessions: Mapped[bool] = mapped_column(Boolean, default=True)
    __table_args__ = (
        UniqueConstraint("network_id", "slug", name="uq_training_course_slug"),
        CheckConstraint("pass_mark BETWEEN 1 AND 100", name="ck_training_course_pass_mark"),
    )


class TrackCourse(NetworkOwned, Model):
    """A course's place in a track, from 1."""

    __tablename__ = "training_track_course"
    track_id: Mapped[uuid.UUID]
    course_id: Mapped[uuid.UUID]
    position: Mapped[int] = mapped_column(Integer)
    __table_args__ = (
        points_within_network("training_track", "track_id", on_delete="CASCADE"),
        points_within_network("training_course", "course_id", on_delete="CASCADE"),
        UniqueConstraint("network_id", "track_id", "course_id", name="uq_training_track_course"),
    )


class TrainingSession(NetworkOwned, Model):
    """A date of a course (sessie). Times in UTC. trainer: a name, of work. revision: for calendars."""

    __tablename__ = "training_session"
    course_id: Mapped[uuid.UUID]
    starts_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ends_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    place: Mapped[str] = mapped_column(String(200), default="")
    online_url: Mapped[str] = mapped_column(String(300), default="")
    capacity: Mapped[int] = mapped_column(Integer)
    trainer: Mapped[str] = mapped_column(String(120), default="")
    note: Mapped[str] = mapped_column(String(600), default="")
    cancelled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    cancelled_because: Mapped[str] = mapped_column(String(300), default="")
    revision: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    __table_args__ = (
        points_within_network("training_course", "course_id"),
        CheckConstraint("starts_at < ends_at", name="ck_training_session_hours"),
        CheckConstraint("capacity BETWEEN 1 AND 500", name="ck_training_session_capacity"),
        Index("ix_training_session_starts", "network_id", "starts_at"),
        Index("ix_training_session_course", "network_id", "course_id"),
    )


class Place(NetworkOwned, Model):
    """A place that somebody of an organisation has or waits for; who, says the enrolment. state: rules.PlaceState."""

    __tablename__ = "training_place"
    session_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("tenant.id"))
    state: Mapped[str] = mapped_column(String(8))
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    reminded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    __table_args__ = (
        points_within_network("training_session", "session_id", on_delete="CASCADE"),
        Index("ix_training_place_session", "network_id", "session_id", "state"),
    )


class Enrolment(NetworkOwned, Model):
    """Who has a place. Its policy is stricter than the network's: see `_guard_names` below and ADR 7."""

    __tablename__ = "training_enrolment"
    place_id: Mapped[uuid.UUID]
    session_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("tenant.id"))
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"))
    enrolled_by: Mapped[int | None] = mapped_column(Integer, _user())
    present_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    present_by: Mapped[str | None] = mapped_column(String(5))  # rules.Present
    has_evaluated: Mapped[bool] = mapped_column(Boolean, default=False)  # that, never what
    __table_args__ = (
        points_within_network("training_place", "place_id", on_delete="CASCADE"),
        points_within_network("training_session", "session_id", on_delete="CASCADE"),
        UniqueConstraint("network_id", "session_id", "user_id", name="uq_training_enrolment"),
        UniqueConstraint("network_id", "place_id", name="uq_training_enrolment_place"),
        Index("ix_training_enrolment_organisation", "network_id", "organisation_id", "user_id"),
    )


class Material(NetworkOwned, Model):
    """Something to read or watch with a course; what it is now is its latest version. kind: rules.MaterialKind."""

    __tablename__ = "training_material"
    course_id: Mapped[uuid.UUID]
    title: Mapped[str] = mapped_column(String(150))
    kind: Mapped[str] = mapped_column(String(5))
    __table_args__ = (points_within_network("training_course", "course_id", on_delete="CASCADE"),)


class MaterialVersion(NetworkOwned, Model):
    """A version of a material, from 1; older ones stay. url: of a link; the rest: of a file."""

    __tablename__ = "training_material_version"
    material_id: Mapped[uuid.UUID]
    number: Mapped[int] = mapped_column(Integer)
    url: Mapped[str] = mapped_column(String(600), default="")
    media_type: Mapped[str] = mapped_column(String(100), default="")
    extension: Mapped[str] = mapped_column(String(5), default="")
    size: Mapped[int] = mapped_column(Integer, default=0)
    content: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    comment: Mapped[str] = mapped_column(String(200), default="")
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    added_by: Mapped[int | None] = mapped_column(Integer, _user())
    __table_args__ = (
        points_within_network("training_material", "material_id", on_delete="CASCADE"),
        UniqueConstraint("network_id", "material_id", "number", name="uq_training_material_version"),
    )


class Question(NetworkOwned, Model):
    """A question of a course's quiz; choices, and the numbers of the right ones, from 0."""

    __tablename__ = "training_question"
    course_id: Mapped[uuid.UUID]
    position: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(String(500))
    choices: Mapped[list[str]] = mapped_column(JSONB)
    right: Mapped[list[int]] = mapped_column(JSONB)
    explanation: Mapped[str] = mapped_column(String(600), default="")
    __table_args__ = (points_within_network("training_course", "course_id", on_delete="CASCADE"),)


class Evaluation(NetworkOwned, Model):
    """What somebody thought of a session: by nobody. No user, no organisation, no time; id is random (UUIDv4).

    useful, clear, pace: 1 (not at all) to 5 (very).
    """

    __tablename__ = "training_evaluation"
    session_id: Mapped[uuid.UUID]
    useful: Mapped[int] = mapped_column(Integer)
    clear: Mapped[int] = mapped_column(Integer)
    pace: Mapped[int] = mapped_column(Integer)
    remark: Mapped[str] = mapped_column(String(600), default="")
    __table_args__ = (
        points_within_network("training_session", "session_id", on_delete="CASCADE"),
        CheckConstraint("useful BETWEEN 1 AND 5 AND clear BETWEEN 1 AND 5 AND pace BETWEEN 1 AND 5", name="ck_scale"),
    )


class Certificate(NetworkOwned, Model):
    """A certificate (attest) as it can be verified: of which course, not of whom. It stays when the course changes.

    name_hash: keyed; who holds the paper can have the name on it confirmed, nobody can read it here.
    """

    __tablename__ = "training_certificate"
    number: Mapped[str] = mapped_column(String(70))
    course_id: Mapped[uuid.UUID]
    course_title: Mapped[str] = mapped_column(String(120))
    hours: Mapped[Decimal] = mapped_column(Numeric(4, 1))
    organisation_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("tenant.id"))
    given_on: Mapped[date] = mapped_column(Date)
    name_hash: Mapped[str] = mapped_column(String(64))
    __table_args__ = (
        points_within_network("training_course", "course_id"),
        UniqueConstraint("network_id", "number", name="uq_training_certificate_number"),
        Index("ix_training_certificate_organisation", "network_id", "organisation_id", "course_id"),
    )


def _to_shared(table: str, column: str) -> ForeignKeyConstraint:
    """From a tenant's own row to one of its network."""
    return ForeignKeyConstraint(
        ["network_id", column], [f"{table}.network_id", f"{table}.id"], name=f"fk_{column}_{table}"
    )


class Attempt(TenantOwned, Model):
    """A quiz that somebody handed in. score: percent."""

    __tablename__ = "training_attempt"
    network_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    course_id: Mapped[uuid.UUID]
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    score: Mapped[int] = mapped_column(Integer)
    passed: Mapped[bool] = mapped_column(Boolean)
    __table_args__ = (
        _to_shared("training_course", "course_id"),
        index("ix_training_attempt_user", "user_id", "course_id"),
    )


class Completion(TenantOwned, Model):
    """That somebody of this organisation finished a course. name: as it stands on the certificate."""

    __tablename__ = "training_completion"
    network_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    course_id: Mapped[uuid.UUID]
    certificate_id: Mapped[uuid.UUID]
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(130))
    completed_on: Mapped[date] = mapped_column(Date)
    __table_args__ = (
        _to_shared("training_course", "course_id"),
        _to_shared("training_certificate", "certificate_id"),
        unique("user_id", "course_id", name="uq_training_completion"),
    )


# ---------------------------------------------------------------- who sees a name

# The roles that arrange training for a network, by name: the policy asks the registry whether the person has one.
_ARRANGING = ", ".join(f"'{role}'" for role, areas in RIGHTS.items() if "write" in areas.get("training", ()))
_NETWORK = "(SELECT NULLIF(current_setting('app.network_id', true), '')::uuid)"
_ORGANISATION = "(SELECT NULLIF(current_setting('app.tenant_id', true), '')::uuid)"
_ME = "(SELECT NULLIF(current_setting('app.user_id', true), '')::integer)"
_ARRANGES = (
    f"EXISTS (SELECT FROM network_membership m WHERE m.role IN ({_ARRANGING})"
    f" AND m.network_id = {_NETWORK} AND m.user_id = {_ME})"
)
NAMES_SEEN_BY = f"network_id = {_NETWORK} AND (organisation_id = {_ORGANISATION} OR {_ARRANGES})"

Enrolment.__table__.add_is_dependent_on(NetworkMembership.__table__)


@event.listens_for(Enrolment.__table__, "after_create")
def _guard_names(table: Table, connection: Connection, **_: object) -> None:
    """Within the network a name is seen by the own organisation and by who arranges; everybody else sees places."""
    connection.execute(text(f"DROP POLICY network ON {table.name}"))
    connection.execute(
        text(
            f"CREATE POLICY network ON {table.name} TO {APP}, {OWNER}"
            f" USING ({NAMES_SEEN_BY}) WITH CHECK ({NAMES_SEEN_BY})"
        )
    )
