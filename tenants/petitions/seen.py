"""Whether what a form was opened with still stands: two people may write down the same paper at the same time.

The form carries a mark of what it was opened with; who saves compares it, while the row is held, with what stands
there then. So the later of the two is told, and overwrites nothing unseen.
"""

import uuid
from collections.abc import Iterable
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.cases.service import ChangedMeanwhileError
from tenants.petitions.models import Eviction, Hearing, Judgment, Petition


def _mark(values: Iterable[object]) -> str:
    return sha256("\x1f".join(str(value) for value in values).encode()).hexdigest()[:32]


def of_petition(row: Petition) -> str:
    return _mark(
        (row.kind, row.court, row.roll_number, row.registered_on, row.received_on, row.served_on, row.claimant,
         row.arrears, row.arrears_months, row.costs)
    )  # fmt: skip


def of_hearing(row: Hearing) -> str:
    return _mark((row.at.timestamp(), row.hour_known))


def of_eviction(row: Eviction | None) -> str:
    """None: nothing was written down yet."""
    return _mark((row.notice_on, row.planned_on, row.carried_out_on) if row else ())


def of_judgment(row: Judgment) -> str:
    return _mark((row.kind, row.pronounced_on, row.served_on, row.terms))


def of_judgments(session: Session, petition_id: uuid.UUID) -> str:
    """Of which judgments there are: who adds one is told of one that a colleague added meanwhile."""
    return _mark(sorted(session.scalars(select(Judgment.id).where(Judgment.petition_id == petition_id))))


def require_same(before: str | None, now: str) -> None:
    """Raise ChangedMeanwhileError when the form was opened with something else; None: nobody looked."""
    if before is not None and before != now:
        raise ChangedMeanwhileError(None)
