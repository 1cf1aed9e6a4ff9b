"""What is known of one petition's course, and the refusal of days that can't be right. For `changes` and `hearings`."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import db
from tenants.cases.codes import JudgmentKind, PetitionKind
from tenants.petitions.checks import Course, Wrong, check
from tenants.petitions.models import Eviction, Hearing, Judgment, Petition
from tenants.petitions.rules import BRUSSELS
from tenants.petitions.service import BY_DAY

T = TypeVar("T")


class CourseError(Exception):
    """What was filled in can't be right; `wrong` tells all of it. Nothing was written."""

    def __init__(self, wrong: Iterable[Wrong]) -> None:
        self.wrong = tuple(wrong)
        super().__init__(", ".join(each.field for each in self.wrong))


class RollTakenError(Exception):
    """Another petition of this organisation has this court and roll number: it stands in this case."""

    def __init__(self, case_id: uuid.UUID, number: str, display_name: str) -> None:
        super().__init__(number)
        self.case_id, self.number, self.display_name = case_id, number, display_name


class NotThereError(Exception):
    """There is no such petition, hearing or judgment for the acting organisation."""


def find(model: type[T], row_id: uuid.UUID) -> T:
    """The petition, hearing or judgment; raises NotThereError."""
    return _found(db.session.get(model, row_id))


def locked(session: Session, model: type[T], row_id: uuid.UUID) -> T:
    """The same, held until the end of the transaction: who changes it too waits."""
    return _found(session.get(model, row_id, with_for_update=True, populate_existing=True))


def _found(row: T | None) -> T:
    if row is None:
        raise NotThereError
    return row


def today() -> date:
    """The day it is in Belgium."""
    return datetime.now(BRUSSELS).date()


def local_day(moment: datetime) -> date:
    """The Belgian day of a moment."""
    return moment.astimezone(BRUSSELS).date()


def hearings_of(session: Session, petition_id: uuid.UUID) -> list[Hearing]:
    """The petition's hearings, the first one first."""
    return list(session.scalars(select(Hearing).where(Hearing.petition_id == petition_id).order_by(Hearing.at)))


def judgments_of(session: Session, petition_id: uuid.UUID) -> list[Judgment]:
    """The petition's judgments and postponements, the last one first."""
    own = select(Judgment).where(Judgment.petition_id == petition_id).order_by(*BY_DAY)
    return list(reversed(session.scalars(own).all()))


def eviction_of(session: Session, petition_id: uuid.UUID) -> Eviction | None:
    """The petition's notice and eviction, if any."""
    return session.scalar(select(Eviction).where(Eviction.petition_id == petition_id))


def course_of(session: Session, petition: Petition) -> Course:
    """The days known of a petition. Of several judgments the last one that is no postponement counts."""
    hearings = [local_day(h.at) for h in hearings_of(session, petition.id)]
    decided = [j for j in judgments_of(session, petition.id) if j.kind != JudgmentKind.POSTPONED]
    judgment = decided[0] if decided else None
    eviction = eviction_of(session, petition.id)
    return Course(
        registered_on=petition.registered_on,
        received_on=petition.received_on,
        served_on=petition.served_on if petition.kind == PetitionKind.WRIT else None,
        hearing_on=min(hearings, default=None),
        pronounced_on=judgment.pronounced_on if judgment else None,
        judgment_kind=JudgmentKind(judgment.kind) if judgment else None,
        judgment_served_on=judgment.served_on if judgment else None,
        notice_on=eviction.notice_on if eviction else None,
        planned_on=eviction.planned_on if eviction else None,
        carried_out_on=eviction.carried_out_on if eviction else None,
    )


def wrong_days(course: Course, filled_in: Collection[str], *, as_field: str | None = None) -> list[Wrong]:
    """What is wrong with the days in the fields `filled_in`; `as_field` is the form's own name for it."""
    found = check(course, today(), filled_in)
    return [replace(each, field=as_field) for each in found] if as_field else found


def refuse(wrong: Collection[Wrong]) -> None:
    """Raise CourseError when something is wrong."""
    if wrong:
        raise CourseError(wrong)
