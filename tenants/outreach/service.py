"""Attempts to reach people, many at once as a register has them. One made by hand: see `attempt`."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from app import tenancy
from app.database import db, insert_rows, read_once, transaction
from tenants.cases.codes import Channel, ContactResult, Moment
from tenants.outreach.models import OutreachAttempt


@dataclass(frozen=True)
class NewAttempt:
    """An attempt to record; `at` in UTC. result None: not known (registers)."""

    case_id: uuid.UUID
    at: datetime
    channel: Channel
    result: ContactResult | None = None
    moment: Moment = Moment.PETITION
    hour_known: bool = True
    next_step: str | None = None
    next_step_on: date | None = None
    note: str | None = None


def add_attempts(new: Sequence[NewAttempt]) -> None:
    """Add attempts with one statement; `petitions.service.recompute` must follow for their cases."""
    if not new:
        return
    by = tenancy.current().user_id
    with transaction() as session:
        insert_rows(session, OutreachAttempt, [{**attempt.__dict__, "by": by} for attempt in new])


@read_once
def attempts_of(case_id: uuid.UUID) -> list[OutreachAttempt]:
    """The case's attempts, the newest first."""
    query = select(OutreachAttempt).where(OutreachAttempt.case_id == case_id)
    return list(db.session.scalars(query.order_by(OutreachAttempt.at.desc())))
