"""Isolation: which rows a transaction may see. The database decides, this module only tells it who asks.

Three parts, in the order in which they matter:
1. `Context`: who acts, for which tenant. It travels in a context variable and is told to PostgreSQL at the
   start of every transaction, for that transaction alone; so a pooled connection remembers nothing.
2. `TenantOwned`: the base of every tenant's table; its keys all start with the tenant. `NetworkOwned`: the same
   for what the organisations of a network share.
3. `protection`: row-level security on every table that one of them owns, made when the table is made.
Without a context a query sees no row and an insert fails.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Connection,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Table,
    UniqueConstraint,
    Uuid,
    event,
    text,
)
from sqlalchemy.orm import Mapped, Session, SessionTransaction, declared_attr, mapped_column

from app.identifiers import uuid7

OWNER, APP, STATISTICS, BACKUP = "woonvast_owner", "woonvast_app", "woonvast_statistics", "woonvast_backup"
PARTNER = "woonvast_partner"  # a guest in another tenant's cases; see app/guests.py
GUEST = "woonvast_guest"  # a guest of a network, who reads what is marked for guests; see app/network_guests.py

# ---------------------------------------------------------------- 1. who acts


@dataclass(frozen=True)
class Context:
    """Who acts: a user (`ab_user.id`), for one tenant, within one network. None means: not that.

    partner_id: a guest's own organisation, while they act with role PARTNER in the tenant that shares a case.
    """

    tenant_id: uuid.UUID | None = None
    user_id: int | None = None
    network_id: uuid.UUID | None = None
    role: str = APP
    partner_id: uuid.UUID | None = None

    def settings(self) -> dict[str, str]:
        """The transaction's settings; an empty one matches no row."""
        return {
            "role": self.role,
            "app.tenant_id": str(self.tenant_id or ""),
            "app.user_id": str(self.user_id or ""),
            "app.network_id": str(self.network_id or ""),
            "app.partner_id": str(self.partner_id or ""),
        }


NOBODY = Context()
_context: ContextVar[Context] = ContextVar("tenancy", default=NOBODY)


class NoTenantError(Exception):
    """A tenant's row was to be written while nobody acts for a tenant."""


class NoNetworkError(Exception):
    """A network's row was to be written while nobody acts within a network."""


def current() -> Context:
    return _context.get()


def current_tenant_id() -> uuid.UUID:
    """The acting tenant; raises NoTenantError when there is none."""
    tenant_id = current().tenant_id
    if tenant_id is None:
        raise NoTenantError
    return tenant_id


def acting_organisation() -> uuid.UUID | None:
    """The organisation whose person acts: the tenant, or for a guest their own."""
    return current().partner_id or current().tenant_id


def current_network_id() -> uuid.UUID:
    """The network within which somebody acts; raises NoNetworkError when there is none."""
    network_id = current().network_id
    if network_id is None:
        raise NoNetworkError
    return network_id


def enter(context: Context, session: Session | None = None) -> None:
    """Act as `context` from here on; an open transaction of `session` is told at once."""
    _context.set(context)
    if session is not None and session.in_transaction():
        _tell(session.connection(), context)


@contextmanager
def acting(context: Context) -> Iterator[Context]:
    """Act as `context` within the block (jobs, commands, tests); start no transaction outside and use it in."""
    token = _context.set(context)
    try:
        yield context
    finally:
        _context.reset(token)


_TELL = text(
    "SELECT set_config('role', :role, true), set_config('app.tenant_id', :tenant, true),"
    " set_config('app.user_id', :user, true), set_config('app.network_id', :network, true),"
    " set_config('app.partner_id', :partner, true)"
)


def _tell(connection: Connection, context: Context) -> None:
    s = context.settings()
    connection.execute(
        _TELL,
        {
            "role": s["role"],
            "tenant": s["app.tenant_id"],
            "user": s["app.user_id"],
            "network": s["app.network_id"],
            "partner": s["app.partner_id"],
        },
    )


@event.listens_for(Session, "after_begin")
def _at_begin(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    """Tell every transaction who acts. The settings end with it, so PgBouncer may hand the connection on."""
    if not transaction.nested:
        _tell(connection, current())


# ---------------------------------------------------------------- 2. what a tenant owns, what a network shares


class TenantOwned:
    """Mixin of every tenant's table: primary key (tenant_id, id), `id` a UUIDv7.

    The ORM knows a row by `id` alone, so that addresses stay simple; the database holds the pair.
    """

    @declared_attr
    def tenant_id(cls) -> Mapped[uuid.UUID]:  # noqa: N805
        return mapped_column(Uuid, ForeignKey("tenant.id"), primary_key=True, default=current_tenant_id)

    @declared_attr
    def id(cls) -> Mapped[uuid.UUID]:  # noqa: N805
        return mapped_column(Uuid, primary_key=True, default=uuid7)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        return {"primary_key": ["id"]}


def points_to(table: str, column: str, *, on_delete: str | None = "CASCADE") -> ForeignKeyConstraint:
    """A foreign key to another table of the same tenant: the pair (tenant_id, `column`)."""
    return ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{table}.tenant_id", f"{table}.id"],
        ondelete=on_delete,
        name=f"fk_{column}_{table}",
    )


def unique(*columns: str, name: str | None = None) -> UniqueConstraint:
    """A unique constraint within the tenant."""
    return UniqueConstraint("tenant_id", *columns, name=name)


def index(name: str, *columns: str, **options: Any) -> Index:
    """An index that starts with the tenant, since every query does."""
    return Index(name, "tenant_id", *columns, **options)


class NetworkOwned:
    """Mixin of every table that a network shares: primary key (network_id, id), as for a tenant's.

    The key is what marks such a table: others (`tenant`, `network_membership`) merely mention a network.
    With a column `published_to_all` the rows that say so can be read, not written, from every other network.
    """

    @declared_attr
    def network_id(cls) -> Mapped[uuid.UUID]:  # noqa: N805
        return mapped_column(Uuid, ForeignKey("network.id"), primary_key=True, default=current_network_id)

    @declared_attr
    def id(cls) -> Mapped[uuid.UUID]:  # noqa: N805
        return mapped_column(Uuid, primary_key=True, default=uuid7)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        return {"primary_key": ["id"]}


def points_within_network(table: str, column: str, *, on_delete: str | None = None) -> ForeignKeyConstraint:
    """A foreign key to another table of the same network: the pair (network_id, `column`)."""
    return ForeignKeyConstraint(
        ["network_id", column],
        [f"{table}.network_id", f"{table}.id"],
        ondelete=on_delete,
        name=f"fk_{column}_{table}",
    )


# ---------------------------------------------------------------- 3. what the database holds

# Who works in the tables; a guest is neither, so that these policies give them nothing.
_STAFF = f"{APP}, {OWNER}"
# A subselect makes the setting a constant of the plan, so that the index on tenant_id is used.
IS_MINE = "tenant_id = (SELECT NULLIF(current_setting('app.tenant_id', true), '')::uuid)"
# A person's own memberships and the like, whatever the tenant: needed to choose one after signing in.
_IS_ME = "user_id = (SELECT NULLIF(current_setting('app.user_id', true), '')::integer)"
# The same for what a network shares; "published to all" still asks for somebody who is in a network.
_NETWORK = "(SELECT NULLIF(current_setting('app.network_id', true), '')::uuid)"
IS_OURS = f"network_id = {_NETWORK}"
_IS_FOR_ALL = f"published_to_all AND {_NETWORK} IS NOT NULL"
READABLE_BY_THEIR_USER = frozenset({"membership"})
READABLE_BY_STATISTICS = frozenset({"case_fact", "scenario_fact"})


def _forced(table: str) -> list[str]:
    return [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
    ]


def protection(table: str) -> list[str]:
    """The DDL that isolates a tenant's `table`; to be run once, when the table is made."""
    ddl = [
        *_forced(table),
        f'CREATE POLICY tenant ON "{table}" TO {_STAFF} USING ({IS_MINE}) WITH CHECK ({IS_MINE})',
        f'CREATE POLICY backup ON "{table}" FOR SELECT TO {BACKUP} USING (true)',
    ]
    if table in READABLE_BY_THEIR_USER:
        ddl.append(f'CREATE POLICY own ON "{table}" FOR SELECT TO {_STAFF} USING ({_IS_ME})')
    if table in READABLE_BY_STATISTICS:
        ddl.append(f'CREATE POLICY statistics ON "{table}" FOR SELECT TO {STATISTICS} USING (true)')
        ddl.append(f'GRANT SELECT ON "{table}" TO {STATISTICS}')
    return ddl


def network_protection(table: str, *, has_published: bool) -> list[str]:
    """The DDL that keeps a network's `table` to that network, save what is published to all."""
    ddl = [
        *_forced(table),
        f'CREATE POLICY network ON "{table}" TO {_STAFF} USING ({IS_OURS}) WITH CHECK ({IS_OURS})',
        f'CREATE POLICY backup ON "{table}" FOR SELECT TO {BACKUP} USING (true)',
    ]
    if has_published:
        ddl.append(f'CREATE POLICY published ON "{table}" FOR SELECT TO {_STAFF} USING ({_IS_FOR_ALL})')
    return ddl


def is_shared_by_network(table: Table) -> bool:
    """True for a table of `NetworkOwned`: the network is part of its key."""
    return "network_id" in table.primary_key.columns


@event.listens_for(Table, "after_create")
def _protect(table: Table, connection: Connection, **_: Any) -> None:
    """By construction: no table that a tenant or a network owns comes into being without its policy."""
    ddl: list[str] = []
    if "tenant_id" in table.c:
        ddl = protection(table.name)
    elif is_shared_by_network(table):
        ddl = network_protection(table.name, has_published="published_to_all" in table.c)
    for statement in ddl:
        connection.execute(text(statement))


def role_ddl(database: str) -> list[str]:
    """The cluster's roles, each made when missing; needs a login that may create roles.

    `woonvast_app` does not inherit: it must say that it wants to be `woonvast_statistics` (or `woonvast_partner`, or
    `woonvast_guest`), and then is only that.
    """
    create = "DO $$ BEGIN CREATE ROLE {0} {1}; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
    return [
        create.format(OWNER, "NOLOGIN"),
        create.format(APP, "LOGIN NOINHERIT"),
        create.format(STATISTICS, "NOLOGIN"),
        create.format(BACKUP, "NOLOGIN"),
        create.format(PARTNER, "NOLOGIN"),
        create.format(GUEST, "NOLOGIN"),
        f"GRANT {STATISTICS}, {PARTNER}, {GUEST} TO {APP}",
        f'GRANT CREATE ON DATABASE "{database}" TO {OWNER}',
        f"GRANT ALL ON SCHEMA public TO {OWNER}",
        f"GRANT USAGE ON SCHEMA public TO {APP}, {STATISTICS}, {BACKUP}, {PARTNER}, {GUEST}",
        f"GRANT {OWNER}, {BACKUP} TO CURRENT_USER",
    ]


def default_privileges_ddl(*, given: bool = True) -> list[str]:
    """What the app and the backup may do with tables that the owner makes from now on; not `given`: nothing."""
    as_owner = f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public {'GRANT' if given else 'REVOKE'}"
    to = "TO" if given else "FROM"
    return [
        f"{as_owner} SELECT, INSERT, UPDATE, DELETE ON TABLES {to} {APP}",
        f"{as_owner} USAGE, SELECT ON SEQUENCES {to} {APP}",
        f"{as_owner} SELECT ON TABLES {to} {BACKUP}",
        f"{as_owner} SELECT ON SEQUENCES {to} {BACKUP}",
    ]
