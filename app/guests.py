"""Guests: what the people of a partner organisation see and write of a case that is shared with them.

A guest acts with the role PARTNER for the tenant that owns the case. The policies of staff do not apply to that role:
it sees rows of the tables that say so (`shared` in their `__table_args__`), of the cases that a grant opens for the
guest's own organisation now (`guest_cases`), and writes what those tables let it write. Decided in ADR 6.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, event, text

from app.tenancy import IS_MINE, PARTNER

_GUEST = "(SELECT NULLIF(current_setting('app.partner_id', true), '')::uuid)"


@dataclass(frozen=True)
class Shared:
    """How far a table is open to guests.

    part: the part of a grant that opens it (playbook.agreements.rules.Part). by: the column that names the case; None
    for rows that every grant opens. reads: false where a guest only adds. hides: columns that they never read. adds:
    whether they may insert. changes: the columns that they may update. reaches: other tables whose rows such a row
    points to, with the column that does (table -> column).
    """

    part: str
    by: str | None = "case_id"
    reads: bool = True
    hides: Sequence[str] = ()
    adds: bool = False
    changes: Sequence[str] = ()
    reaches: Mapping[str, str] = field(default_factory=dict)


def shared(part: str, **how: Any) -> dict[str, Any]:
    """The last of a table's `__table_args__`: it is open to guests, see `Shared`."""
    return {"info": {"shared": Shared(part, **how)}}


# Runs as the owner, so that a guest needs no sight of grants and agreements themselves; the staff's policies hold
# within it, which leaves the grants of the tenant that is visited. The first migration makes it before any table.
FUNCTIONS = [
    """
CREATE OR REPLACE FUNCTION guest_today() RETURNS date LANGUAGE sql STABLE AS
  $$ SELECT (now() AT TIME ZONE 'Europe/Brussels')::date $$""",
    """
CREATE OR REPLACE FUNCTION guest_cases(wanted text) RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT g.case_id FROM case_grant g
    JOIN sharing_agreement a ON a.network_id = g.network_id AND a.id = g.agreement_id
    WHERE g.tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid
      AND g.partner_id = NULLIF(current_setting('app.partner_id', true), '')::uuid
      AND (wanted = 'guidance' OR wanted = ANY (g.parts) AND wanted = ANY (a.parts))
      AND g.ended_at IS NULL AND guest_today() BETWEEN g.starts_on AND coalesce(g.ends_on, 'infinity')
      AND a.state = 'in_force' AND guest_today() BETWEEN a.starts_on AND coalesce(a.ends_on, 'infinity');
END $$""",
]

# What a guest's page needs of the registry: names. Of people no more than that.
_REGISTRY = {"tenant": "SELECT", "ab_user": "SELECT (id, first_name, last_name)"}


def protection(table: Table, how: Shared) -> list[str]:
    """The DDL that opens `table` to guests as far as `how` says."""
    name = f'"{table.name}"'
    cases = f"(SELECT guest_cases('{how.part}'))"
    covered = f"{IS_MINE} AND {how.by} IN {cases}" if how.by else f"{IS_MINE} AND EXISTS {cases}"
    ddl = []
    if how.reads:
        ddl.append(f"CREATE POLICY partner ON {name} FOR SELECT TO {PARTNER} USING ({covered})")
    if how.adds:
        signed = f"{covered} AND by_tenant = {_GUEST}" if "by_tenant" in table.c else covered
        ddl.append(f"CREATE POLICY partner_adds ON {name} FOR INSERT TO {PARTNER} WITH CHECK ({signed})")
        ddl.append(f"GRANT INSERT ON {name} TO {PARTNER}")
    if how.changes:
        ddl.append(
            f"CREATE POLICY partner_changes ON {name} FOR UPDATE TO {PARTNER} USING ({covered}) WITH CHECK ({covered})"
        )
        ddl.append(f"GRANT UPDATE ({', '.join(how.changes)}) ON {name} TO {PARTNER}")
    for target, column in how.reaches.items():
        # The guest's own sight of `table` holds in the subselect too.
        seen = f"{IS_MINE} AND id IN (SELECT {column} FROM {name})"  # noqa: S608 - names of our own tables
        ddl.append(f'CREATE POLICY partner ON "{target}" FOR SELECT TO {PARTNER} USING ({seen})')
    return ddl


@event.listens_for(Table, "after_create")
def _open(table: Table, connection: Connection, **_: Any) -> None:
    """By construction: a guest may ask every tenant's table, and gets rows of those alone that are shared."""
    how: Shared | None = table.info.get("shared")
    if "tenant_id" in table.c:
        shown = [f'"{column.name}"' for column in table.c if how is None or column.name not in how.hides]
        columns = f" ({', '.join(shown)})" if how and how.hides else ""
        connection.execute(text(f'GRANT SELECT{columns} ON "{table.name}" TO {PARTNER}'))
    elif table.name in _REGISTRY:
        connection.execute(text(f'GRANT {_REGISTRY[table.name]} ON "{table.name}" TO {PARTNER}'))
    for statement in protection(table, how) if how else ():
        connection.execute(text(statement))


@event.listens_for(Table, "before_drop")
def _shut(table: Table, connection: Connection, **_: Any) -> None:
    """A policy that looks in another table would keep that one from being dropped."""
    how: Shared | None = table.info.get("shared")
    for target in how.reaches if how else ():
        connection.execute(text(f'DROP POLICY partner ON "{target}"'))
