"""Guests of a network (a justice of the peace, a housing company): what they read of what the network shares.

Not to be mixed up with guests of a case (app/guests.py). A guest of the network belongs to no organisation and acts
with the role GUEST. The policies of staff do not apply to that role: it sees rows of the tables that say so
(`for_guests` in their `__table_args__`), and writes nothing at all. Decided in ADR 8.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, event, text

from app.tenancy import GUEST, IS_OURS

# What a page needs of the registry: the network's name. Of people nothing.
_REGISTRY = ("network",)


@dataclass(frozen=True)
class Seen:
    """Which rows guests read: `condition` in SQL, within their own network; `columns` of them, none: all."""

    condition: str
    columns: Sequence[str] = ()


@dataclass(frozen=True)
class ForGuests:
    """How far a table is open to guests. reaches: tables made before it whose rows it leads to (table -> which)."""

    seen: Seen
    reaches: Mapping[str, Seen] = field(default_factory=dict)


def open_to_guests(condition: str, *, columns: Sequence[str] = (), **reaches: Seen) -> dict[str, Any]:
    """The last of a table's `__table_args__`: guests of the network read it, see `ForGuests`."""
    return {"info": {"for_guests": ForGuests(Seen(condition, columns), reaches)}}


def protection(table: str, seen: Seen) -> list[str]:
    """The DDL that opens `table` to guests as far as `seen` says. A guest's own sight holds within the condition."""
    columns = f" ({', '.join(seen.columns)})" if seen.columns else ""
    return [
        f'CREATE POLICY guest ON "{table}" FOR SELECT TO {GUEST} USING ({IS_OURS} AND ({seen.condition}))',
        f'GRANT SELECT{columns} ON "{table}" TO {GUEST}',
    ]


@event.listens_for(Table, "after_create")
def _open(table: Table, connection: Connection, **_: Any) -> None:
    """By construction: a table that does not say so stays shut; the role was granted nothing there."""
    how: ForGuests | None = table.info.get("for_guests")
    if table.name in _REGISTRY:
        connection.execute(text(f'GRANT SELECT ON "{table.name}" TO {GUEST}'))
    opened = {table.name: how.seen, **how.reaches} if how else {}
    for name, seen in opened.items():
        for statement in protection(name, seen):
            connection.execute(text(statement))


@event.listens_for(Table, "before_drop")
def _shut(table: Table, connection: Connection, **_: Any) -> None:
    """A policy that looks in another table would keep that one from being dropped."""
    how: ForGuests | None = table.info.get("for_guests")
    for name in how.reaches if how else ():
        connection.execute(text(f'DROP POLICY guest ON "{name}"'))
