"""Preparing a hearing."""

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import tenancy
from app.database import db, transaction
from app.security.models import utc_now
from tenants.hearings.models import HearingPreparation
from tenants.hearings.rules import Lawyer
from tenants.petitions.course import locked
from tenants.petitions.models import Hearing


@dataclass(frozen=True)
class Preparation:
    """What is prepared for a hearing."""

    lawyer: Lawyer = Lawyer.UNKNOWN
    budget_ready: bool = False
    goes_along: bool = False
    proposal: str | None = None
    to_ask: str | None = None


class PreparedMeanwhileError(Exception):
    """Somebody changed the preparation after the form was opened. Nothing was written."""


def preparation_of(hearing_id: uuid.UUID) -> HearingPreparation | None:
    """What is prepared for the hearing, None for nothing yet."""
    return _find(db.session(), hearing_id)


def _find(session: Session, hearing_id: uuid.UUID) -> HearingPreparation | None:
    query = select(HearingPreparation).where(HearingPreparation.hearing_id == hearing_id)
    return session.scalar(query.execution_options(populate_existing=True))


def prepare(hearing_id: uuid.UUID, wanted: Preparation, version: int = 0) -> None:
    """Keep what is prepared. version: the one the form was opened with, 0 for none yet.

    Raises NotThereError, PreparedMeanwhileError.
    """
    with transaction() as session:
        locked(session, Hearing, hearing_id)  # who prepares it too waits
        row = _find(session, hearing_id)
        if version != (row.version if row else 0):
            raise PreparedMeanwhileError
        if row is None:
            row = HearingPreparation(hearing_id=hearing_id, version=0)
            session.add(row)
        for name, value in vars(wanted).items():
            setattr(row, name, value)
        row.version, row.changed_at, row.changed_by = row.version + 1, utc_now(), tenancy.current().user_id
