"""Petitions, judgments and evictions as a person writes them down: one function per paper, each one transaction.

Every function checks the days against those that are known, writes, and has the deadlines, the stage and the
facts computed again. On an error nothing was written.
"""

import uuid
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import transaction
from app.i18n import N_
from tenants.cases.codes import JudgmentKind, PetitionKind
from tenants.cases.models import Case
from tenants.cases.service import find as find_case
from tenants.cases.service import refresh_columns
from tenants.petitions import seen
from tenants.petitions.checks import Course, Wrong
from tenants.petitions.course import (
    RollTakenError,
    course_of,
    eviction_of,
    local_day,
    locked,
    refuse,
    wrong_days,
)
from tenants.petitions.hearings import by_default_with_tenant
from tenants.petitions.models import Eviction, Hearing, Judgment, Petition
from tenants.petitions.service import NewPetition, add_petitions, recompute


@dataclass(frozen=True)
class PetitionDetails:
    """What the copy of a petition says, its hearings apart. Amounts in euro."""

    kind: PetitionKind = PetitionKind.PETITION
    court: str = ""
    roll_number: str | None = None
    registered_on: date | None = None
    received_on: date | None = None
    served_on: date | None = None
    claimant: str = ""
    arrears: Decimal | None = None
    arrears_months: Decimal | None = None
    costs: Decimal | None = None

    @property
    def days(self) -> dict[str, Any]:
        """The days among these details."""
        served = self.served_on if self.kind is PetitionKind.WRIT else None
        return {"registered_on": self.registered_on, "received_on": self.received_on, "served_on": served}


def add_petition(
    case_id: uuid.UUID, details: PetitionDetails, hearing_at: datetime | None = None, *, hour_known: bool = True
) -> uuid.UUID:
    """Add a petition to a case, with its hearing if the copy names one (local time); its id.

    Raises NoSuchCaseError, CourseError, RollTakenError.
    """
    with transaction() as session:
        find_case(case_id)
        days: dict[str, Any] = {**details.days, "hearing_on": hearing_at.date() if hearing_at else None}
        refuse(wrong_days(Course(**days), days))
        _require_free_roll(session, details, None)
        values = {**asdict(details), **details.days}
        petition = NewPetition(case_id, hearing_at=hearing_at, hearing_hour_known=hour_known, **values)
        (petition_id,) = add_petitions([petition])
        recompute([case_id])
    return petition_id


def change_petition(petition_id: uuid.UUID, details: PetitionDetails, before: str | None = None) -> None:
    """Change what the copy says. before: the mark (`seen`) of what it said when the form was opened.

    Raises NotThereError, CourseError, RollTakenError, ChangedMeanwhileError.
    """
    with transaction() as session:
        petition = locked(session, Petition, petition_id)
        seen.require_same(before, seen.of_petition(petition))
        refuse(wrong_days(replace(course_of(session, petition), **details.days), details.days))
        _require_free_roll(session, details, petition_id)
        for name, value in {**asdict(details), **details.days}.items():
            setattr(petition, name, value)
        session.flush()
        refresh_columns(session, find_case(petition.case_id))
        recompute([petition.case_id])


def _require_free_roll(session: Session, details: PetitionDetails, except_id: uuid.UUID | None) -> None:
    """A court gives a roll number once, so the same one means the same petition."""
    if details.roll_number is None:
        return
    query = (
        select(Case.id, Case.number, Case.display_name)
        .join(Petition, Petition.case_id == Case.id)
        .where(Petition.court == details.court, Petition.roll_number == details.roll_number)
    )
    if except_id is not None:
        query = query.where(Petition.id != except_id)
    other = session.execute(query).first()
    if other is not None:
        raise RollTakenError(*other)


WAS_THERE = N_(
    "At the hearing of %(day)s the tenant or a lawyer is noted as present, and by default means that nobody appeared "
    "for the tenant. Was it by default all the same? Then change what is recorded of that hearing: you can say so "
    "there."
)


def save_judgment(
    petition_id: uuid.UUID,
    kind: JudgmentKind,
    pronounced_on: date | None,
    served_on: date | None,
    terms: str | None,
    *,
    judgment_id: uuid.UUID | None = None,
    before: str | None = None,
) -> uuid.UUID:
    """Keep a judgment and its service by the bailiff, with `judgment_id` a known one; its id.

    before: the mark (`seen`) of that one, or of which there are. Raises NotThereError, CourseError and
    ChangedMeanwhileError.
    """
    days: dict[str, Any] = {"pronounced_on": pronounced_on, "judgment_served_on": served_on}
    with transaction() as session:
        petition = locked(session, Petition, petition_id)
        known = locked(session, Judgment, judgment_id) if judgment_id else None
        now = seen.of_judgment(known) if known else seen.of_judgments(session, petition_id)
        seen.require_same(before, now)
        course = replace(course_of(session, petition), judgment_kind=kind, **days)
        if kind is JudgmentKind.POSTPONED:
            course = replace(course, notice_on=None, planned_on=None, carried_out_on=None)
        wrong = wrong_days(course, days)
        if kind is JudgmentKind.POSTPONED and served_on:
            wrong.append(Wrong("judgment_served_on", N_("A postponement is not served: leave this empty."), {}))
        if known is not None and kind is JudgmentKind.DEFAULT and known.kind != kind and known.hearing_id:
            heard = session.get_one(Hearing, known.hearing_id)
            if by_default_with_tenant(kind, heard.present or ()):
                wrong.append(Wrong("kind", WAS_THERE, {"day": local_day(heard.at)}))
        refuse(wrong)
        judgment = known or Judgment(case_id=petition.case_id, petition_id=petition_id)
        session.add(judgment)
        judgment.kind, judgment.pronounced_on = kind, pronounced_on
        judgment.served_on, judgment.terms = served_on, terms
        recompute([petition.case_id])
    return judgment.id


def save_eviction(
    petition_id: uuid.UUID,
    notice_on: date | None,
    planned_on: date | None,
    carried_out_on: date | None,
    before: str | None = None,
) -> None:
    """Keep the bailiff's notice, the planned day and the eviction itself; all three empty takes them away.

    before: the mark (`seen`) of what was known. Raises NotThereError, CourseError, ChangedMeanwhileError.
    """
    days: dict[str, Any] = {"notice_on": notice_on, "planned_on": planned_on, "carried_out_on": carried_out_on}
    with transaction() as session:
        petition = locked(session, Petition, petition_id)
        row = eviction_of(session, petition_id)
        if row is not None:
            session.refresh(row)
        seen.require_same(before, seen.of_eviction(row))
        refuse(wrong_days(replace(course_of(session, petition), **days), days))
        if row is None and any(days.values()):
            row = Eviction(case_id=petition.case_id, petition_id=petition_id)
            session.add(row)
        if row is not None:
            row.notice_on, row.planned_on, row.carried_out_on = notice_on, planned_on, carried_out_on
            if not any(days.values()):
                session.delete(row)
        recompute([petition.case_id])
