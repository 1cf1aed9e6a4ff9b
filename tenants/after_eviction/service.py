"""Keeping what became of a household after its eviction. One function is one transaction."""

import uuid
from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import tenancy
from app.database import db, transaction
from app.security.models import utc_now
from tenants.after_eviction.models import AfterEviction, RelocationHelp, Whereabouts
from tenants.after_eviction.rules import Aftermath, wrong_with
from tenants.cases.models import Case
from tenants.cases.service import NoSuchCaseError
from tenants.petitions.course import refuse, today
from tenants.petitions.models import Eviction
from tenants.petitions.service import recompute


class NotEvictedError(Exception):
    """No eviction stands in the case (any more), so nothing comes after it."""


class ChangedMeanwhileError(Exception):
    """Somebody saved after the form was opened. Nothing was written."""


def evicted_on(case_id: uuid.UUID) -> date | None:
    """The day of the last eviction of the case."""
    query = select(func.max(Eviction.carried_out_on)).where(Eviction.case_id == case_id)
    return db.session.scalar(query)


def known_of(case_id: uuid.UUID) -> AfterEviction | None:
    """The goods and the night shelter, None while nothing is filled in."""
    query = select(AfterEviction).where(AfterEviction.case_id == case_id)
    return db.session.scalar(query.execution_options(populate_existing=True))


def whereabouts_of(case_id: uuid.UUID) -> Sequence[Whereabouts]:
    """Where the household has been, the last place first."""
    order = (Whereabouts.since.desc(), Whereabouts.id.desc())
    return db.session.scalars(select(Whereabouts).where(Whereabouts.case_id == case_id).order_by(*order)).all()


def help_of(case_id: uuid.UUID) -> Sequence[RelocationHelp]:
    """The help that was given, the last first."""
    order = (RelocationHelp.given_on.desc(), RelocationHelp.id.desc())
    return db.session.scalars(select(RelocationHelp).where(RelocationHelp.case_id == case_id).order_by(*order)).all()


def save(case_id: uuid.UUID, given: Aftermath, version: int = 0) -> None:
    """Keep what was filled in. version: the one the form was opened with, 0 for none yet.

    A place or a help that stands there already is not added again. The deadline of the goods follows.
    Raises NoSuchCaseError, NotEvictedError, ChangedMeanwhileError, CourseError.
    """
    with transaction() as session:
        if session.get(Case, case_id, with_for_update=True) is None:
            raise NoSuchCaseError
        evicted = evicted_on(case_id)
        if evicted is None:
            raise NotEvictedError
        row = known_of(case_id)
        if version != (row.version if row else 0):
            raise ChangedMeanwhileError
        refuse(wrong_with(given, evicted, today()))
        if row is None:
            row = AfterEviction(case_id=case_id, version=0)
            session.add(row)
        row.goods_place, row.goods_where = given.goods_place, given.goods_where
        row.goods_since, row.goods_until = given.goods_since, given.goods_until
        row.goods_gone_on = given.goods_gone_on
        row.shelter, row.shelter_on = given.shelter, given.shelter_on
        row.version, row.changed_at, row.changed_by = row.version + 1, utc_now(), tenancy.current().user_id
        _add_place(session, case_id, given)
        _add_help(session, case_id, given)
        recompute([case_id])


def _add_place(session: Session, case_id: uuid.UUID, given: Aftermath) -> None:
    if given.place is None or given.since is None:
        return
    same = select(Whereabouts).where(Whereabouts.case_id == case_id, Whereabouts.place == given.place)
    there = session.scalar(same.where(Whereabouts.since == given.since))
    if there is None:
        there = Whereabouts(case_id=case_id, place=given.place, since=given.since, by=tenancy.current().user_id)
        session.add(there)
    there.note = given.place_note


def _add_help(session: Session, case_id: uuid.UUID, given: Aftermath) -> None:
    if given.help_kind is None or given.given_on is None:
        return
    same = select(RelocationHelp).where(RelocationHelp.case_id == case_id, RelocationHelp.kind == given.help_kind)
    there = session.scalar(same.where(RelocationHelp.given_on == given.given_on))
    if there is None:
        there = RelocationHelp(case_id=case_id, kind=given.help_kind, given_on=given.given_on)
        there.by = tenancy.current().user_id
        session.add(there)
    there.note = given.help_note
