"""Who there is: networks, organisations, memberships, sessions and the traces of signing in.

`network`, `tenant` and FAB's `ab_user` are the registry that all share; what a person may do stands in a
membership of one tenant, or of a network as a whole.
"""

import uuid
from datetime import UTC, datetime
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import JSON, DateTime, ForeignKey, Index, Integer, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from app.identifiers import uuid7
from app.tenancy import TenantOwned, unique


def utc_now() -> datetime:
    return datetime.now(UTC)


class Network(Model):
    """A region whose organisations learn together, such as Zuid-West-Vlaanderen (W13)."""

    __tablename__ = "network"
    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))

    def __repr__(self) -> str:
        return self.name


class Tenant(Model):
    """An organisation with cases of its own: an OCMW or a CAW.

    slug: the municipality's name in lower case; prefix: of its file numbers; nis: of the municipality.
    settings: what the organisation chose (second factor required, working days to a first contact, address, …).
    """

    __tablename__ = "tenant"
    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    network_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("network.id"))
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(20))  # 'ocmw' or 'caw'
    nis: Mapped[str | None] = mapped_column(String(5))
    prefix: Mapped[str] = mapped_column(String(6))
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    network: Mapped[Network] = relationship(backref="tenants")

    def __repr__(self) -> str:
        return self.name


class Membership(TenantOwned, Model):
    """A person's role in one organisation; a person may have several."""

    __tablename__ = "membership"
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(40))
    since: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    tenant: Mapped[Tenant] = relationship(primaryjoin=lambda: Tenant.id == foreign(Membership.tenant_id))
    __table_args__ = (
        unique("user_id", "role", name="uq_membership"),
        Index("ix_membership_user", "user_id"),  # not by tenant: a person's own, to choose one
    )


class NetworkMembership(Model):
    """A person's role in a network as a whole (coordinator, editor, member, guest), or over all of them (platform).

    note: of a guest, as whom they read along ('vrederechter, kanton Kortrijk'). called: a guest's name as the
    coordinator wrote it; the one on the account would tell that there was one already.
    """

    __tablename__ = "network_membership"
    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    network_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("network.id"))
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(40))
    note: Mapped[str] = mapped_column(String(120), default="")
    called: Mapped[str] = mapped_column(String(130), default="", server_default="")
    since: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    network: Mapped[Network | None] = relationship()
    __table_args__ = (UniqueConstraint("network_id", "user_id", "role", name="uq_network_membership"),)


class LoginSession(Model):
    """A signed-in browser. The cookie holds a random token, the database only its hash."""

    __tablename__ = "login_session"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"), index=True)
    active_tenant: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    active_network: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    second_factor_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    started_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    # What the menu's badges said, by place; kept a minute, or until the person does something.
    badges: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class SignInAttempt(Model):
    """A try to sign in, kept for the lock-out and the rate limit; names and addresses only as keyed hashes."""

    __tablename__ = "sign_in_attempt"
    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    username_hash: Mapped[str] = mapped_column(String(64))
    address_hash: Mapped[str] = mapped_column(String(64))
    succeeded: Mapped[bool] = mapped_column(default=False)
    __table_args__ = (
        Index("ix_sign_in_attempt_username", "username_hash", "at"),
        Index("ix_sign_in_attempt_address", "address_hash", "at"),
    )


class PasswordReset(Model):
    """A one-time link to choose a new password; using it deletes all of the person's."""

    __tablename__ = "password_reset"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"), index=True)
    valid_until: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class SecondFactor(Model):
    """A person's authenticator app; the shared secret is encrypted with the portal's own key."""

    __tablename__ = "second_factor"
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[bytes]
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_step: Mapped[int] = mapped_column(default=0)  # a code works once


class RecoveryCode(Model):
    """A code for the day on which the phone is lost; each works once, only its hash is kept."""

    __tablename__ = "recovery_code"
    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))


class ExternalAccount(Model):
    """A person as an OpenID Connect provider knows them (issuer and subject)."""

    __tablename__ = "external_account"
    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"), index=True)
    issuer: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(200))
    __table_args__ = (UniqueConstraint("issuer", "subject", name="uq_external_account"),)
