"""Writing the facts (for the tenant that owns them) and counting them (for the region, as the statistics role)."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from playbook.statistics.models import CaseFact

_TABLE = CaseFact.__table__
_OWN = [c.name for c in _TABLE.columns if c.name not in ("tenant_id", "id")]


def write_facts(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Write the facts of the acting tenant; a fact that was there is replaced."""
    if not rows:
        return
    statement = insert(_TABLE)
    statement = statement.on_conflict_do_update(
        index_elements=["tenant_id", "id"], set_={name: statement.excluded[name] for name in _OWN}
    )
    session.connection().execute(statement, list(rows))


def delete_facts(session: Session, fact_ids: Sequence[uuid.UUID]) -> None:
    """Take facts of the acting tenant back."""
    if fact_ids:
        session.execute(delete(CaseFact).where(CaseFact.id.in_(fact_ids)))


def differences(session: Session, expected: Sequence[dict[str, Any]]) -> list[uuid.UUID]:
    """Ids of the acting tenant's facts that are missing, too many, or differ from `expected`."""
    stored = {row.id: row._mapping for row in session.execute(select(*_TABLE.columns))}
    wanted = {row["id"]: row for row in expected}
    wrong = [i for i in wanted if i not in stored or any(stored[i][c] != wanted[i][c] for c in _OWN)]
    return wrong + [i for i in stored if i not in wanted]
