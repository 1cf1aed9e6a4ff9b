"""Writing the facts (for the tenant that owns them) and counting them (for the region, as the statistics role)."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from playbook.statistics.models import CaseFact, ScenarioFact

Facts = type[CaseFact] | type[ScenarioFact]


def _own(facts: Facts) -> list[str]:
    return [c.name for c in facts.__table__.columns if c.name not in ("tenant_id", "id")]


def write_facts(session: Session, rows: Sequence[dict[str, Any]], facts: Facts = CaseFact) -> None:
    """Write the facts of the acting tenant; a fact that was there is replaced."""
    if not rows:
        return
    statement = insert(facts.__table__)
    statement = statement.on_conflict_do_update(
        index_elements=["tenant_id", "id"], set_={name: statement.excluded[name] for name in _own(facts)}
    )
    session.connection().execute(statement, list(rows))


def delete_facts(session: Session, fact_ids: Sequence[uuid.UUID], facts: Facts = CaseFact) -> None:
    """Take facts of the acting tenant back."""
    if fact_ids:
        session.execute(delete(facts).where(facts.id.in_(fact_ids)))


def differences(session: Session, expected: Sequence[dict[str, Any]], facts: Facts = CaseFact) -> list[uuid.UUID]:
    """Ids of the acting tenant's facts that are missing, too many, or differ from `expected`."""
    stored = {row.id: row._mapping for row in session.execute(select(*facts.__table__.columns))}
    wanted = {row["id"]: row for row in expected}
    own = _own(facts)
    wrong = [i for i in wanted if i not in stored or any(stored[i][c] != wanted[i][c] for c in own)]
    return wrong + [i for i in stored if i not in wanted]
