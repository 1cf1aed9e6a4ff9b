"""The waiting list for guidance: its order, taking a household from it, and what is kept when the order is left."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from app import tenancy
from app.database import db, transaction
from app.i18n import N_
from app.security.models import utc_now
from app.ui.formats import today
from tenants.cases.assigning import check_colleague
from tenants.cases.codes import CaseState
from tenants.cases.models import Case
from tenants.cases.service import CaseError, NoSuchCaseError
from tenants.guidance.codes import ProcedureKind, ProcedureState
from tenants.guidance.models import GuidanceProcedure
from tenants.guidance.service import consider
from tenants.petitions.codes import DeadlineKind
from tenants.petitions.models import DeadlineRow
from tenants.referrals.codes import Leaving
from tenants.referrals.models import WaitingOverrule, WaitingPlace
from tenants.referrals.rules import Threat, Waiting, in_order, threat

PAGE = 50
# The deadlines of which `rules.threat` makes the threatening day.
THREATENING = (
    DeadlineKind.HEARING, DeadlineKind.EARLIEST_EVICTION, DeadlineKind.EARLIEST_AFTER_NOTICE,
    DeadlineKind.PLANNED_EVICTION,
)  # fmt: skip


class NoSuchPlaceError(Exception):
    """There is no such place on the waiting list of the acting organisation."""


class LeftMeanwhileError(CaseError):
    """The household left the list already. given_to: the worker who took it, None when it left without guidance."""

    def __init__(self, place: WaitingPlace) -> None:
        super().__init__(N_("This household is not on the waiting list any more."))
        self.given_to = place.given_to


class NotFirstError(CaseError):
    """Another household is in front (`first`), and no reason was given to take this one."""

    def __init__(self, first: "Place") -> None:
        super().__init__(N_("Say why this household goes first: the reason is kept with the waiting list."))
        self.first = first


@dataclass(frozen=True)
class Place:
    """A household on the list: its rank from 1, what it waits for and since when, and its case as a list shows it."""

    rank: int
    waiting: Waiting
    case_id: uuid.UUID
    number: str
    display_name: str
    address_line: str
    assigned_to: int | None

    @property
    def id(self) -> uuid.UUID:
        return self.waiting.id


def waiting_list() -> list[Place]:
    """Everybody who waits, in order; those whose case was closed do not. Two statements, however many wait."""
    open_places = (WaitingPlace.left_at.is_(None), Case.state == CaseState.OPEN)
    rows = db.session.execute(
        select(
            WaitingPlace.id, WaitingPlace.guidance, WaitingPlace.since,
            Case.id.label("case_id"), Case.number, Case.display_name, Case.address_line, Case.assigned_to,
        )
        .join(Case, Case.id == WaitingPlace.case_id)
        .where(*open_places)
    ).all()  # fmt: skip
    by_id = {row.id: row for row in rows}
    threats = _threats() if rows else {}
    ordered = in_order([Waiting(r.id, ProcedureKind(r.guidance), r.since, threats.get(r.case_id)) for r in rows])
    return [_place(rank, waiting, by_id[waiting.id]) for rank, waiting in enumerate(ordered, 1)]


def _place(rank: int, waiting: Waiting, row: Any) -> Place:
    return Place(rank, waiting, row.case_id, row.number, row.display_name, row.address_line, row.assigned_to)


def _threats() -> dict[uuid.UUID, Threat]:
    """The threatening day of every case on the list that has one."""
    waits = exists().where(WaitingPlace.case_id == DeadlineRow.case_id, WaitingPlace.left_at.is_(None))
    days: dict[uuid.UUID, dict[DeadlineKind, date]] = defaultdict(dict)
    query = select(DeadlineRow.case_id, DeadlineRow.kind, DeadlineRow.due_on)
    for row in db.session.execute(query.where(DeadlineRow.kind.in_(THREATENING), waits)):
        days[row.case_id][DeadlineKind(row.kind)] = row.due_on
    now = today()
    found = {case_id: threat(known, now) for case_id, known in days.items()}
    return {case_id: each for case_id, each in found.items() if each is not None}


def place_of(case_id: uuid.UUID) -> tuple[Place, int] | None:
    """The place of a case on the list and how many wait; None when it does not."""
    waits = select(WaitingPlace.id).where(WaitingPlace.case_id == case_id, WaitingPlace.left_at.is_(None))
    if db.session.scalar(waits) is None:
        return None
    listed = waiting_list()
    return next(((place, len(listed)) for place in listed if place.case_id == case_id), None)


def find(place_id: uuid.UUID) -> WaitingPlace:
    """The place; raises NoSuchPlaceError."""
    place = db.session.get(WaitingPlace, place_id)
    if place is None:
        raise NoSuchPlaceError
    return place


# ---------------------------------------------------------------- on and off the list


def put_on_list(case_id: uuid.UUID, guidance: ProcedureKind, since: date) -> uuid.UUID:
    """Let the household wait for guidance; one that waits already waits for the new one, from its own first day.

    Raises NoSuchCaseError, and CaseError when the case is closed.
    """
    with transaction() as session:
        case = session.get(Case, case_id, with_for_update=True)  # who does the same waits, so there is one place
        if case is None:
            raise NoSuchCaseError
        if case.state != CaseState.OPEN:
            raise CaseError(N_("This case is closed. Open it again first, or open a new case."))
        query = select(WaitingPlace).where(WaitingPlace.case_id == case_id, WaitingPlace.left_at.is_(None))
        place = session.scalar(query)
        if place is None:
            place = WaitingPlace(case_id=case_id, since=since, placed_by=tenancy.current().user_id)
            session.add(place)
        place.guidance, place.since = guidance, min(place.since, since)
        session.flush()
    return place.id


def take(place_id: uuid.UUID, user_id: int, reason: str = "") -> WaitingPlace:
    """ProcedureKind begins: the case is this colleague's and leaves the list.

    When another household is in front, the reason to pass it is needed, and kept. Raises NoSuchPlaceError, CaseError
    for somebody who is no colleague, LeftMeanwhileError, and NotFirstError.
    """
    check_colleague(user_id)
    with transaction() as session:
        place = _held(session, place_id)
        listed = waiting_list()
        mine = next((each for each in listed if each.id == place_id), None)
        if mine is None:
            raise CaseError(N_("This case is closed. Open it again first, or open a new case."))
        if mine.rank > 1:
            if not reason.strip():
                raise NotFirstError(listed[0])
            session.add(
                WaitingOverrule(
                    place_id=place_id,
                    first_place_id=listed[0].id,
                    rank=mine.rank,
                    waiting=len(listed),
                    given_to=user_id,
                    reason=reason.strip(),
                    by=tenancy.current().user_id,
                )
            )
        _end(place)
        place.given_to = user_id
        _consider(session, place)
        table = Case.__table__
        session.execute(update(table).where(table.c.id == place.case_id).values(assigned_to=user_id))
        session.expire(session.get_one(Case, place.case_id))
    return place


def _consider(session: Session, place: WaitingPlace) -> None:
    """The procedure that was waited for now stands in the case, its conditions to be looked at."""
    open_states = (ProcedureState.CONSIDERED, ProcedureState.RUNNING)
    is_open = select(GuidanceProcedure.id).where(
        GuidanceProcedure.case_id == place.case_id,
        GuidanceProcedure.kind == place.guidance,
        GuidanceProcedure.state.in_(open_states),
    )
    if session.scalar(is_open) is None:
        consider(place.case_id, ProcedureKind(place.guidance))


def leave(place_id: uuid.UUID, why: Leaving, note: str = "") -> WaitingPlace:
    """Off the list without guidance. Raises NoSuchPlaceError, LeftMeanwhileError, and CaseError without a reason."""
    if why is Leaving.OTHER and not note.strip():
        raise CaseError(N_("Say in a few words which reason."))
    with transaction() as session:
        place = _held(session, place_id)
        _end(place)
        place.leaving, place.leaving_note = why, note.strip() or None
    return place


def _held(session: Session, place_id: uuid.UUID) -> WaitingPlace:
    """The place, held until the end of the transaction: of two who take it the second is told."""
    place = session.get(WaitingPlace, place_id, with_for_update=True, populate_existing=True)
    if place is None:
        raise NoSuchPlaceError
    if place.left_at is not None:
        raise LeftMeanwhileError(place)
    return place


def _end(place: WaitingPlace) -> None:
    place.left_at, place.left_by = utc_now(), tenancy.current().user_id


# ---------------------------------------------------------------- what is kept


def list_overrules(page: int = 1) -> tuple[list[Row[Any]], int, int]:
    """A page of the times that the order was left, the latest first; its number and how many there are."""
    count = db.session.scalar(select(func.count()).select_from(WaitingOverrule)) or 0
    page = max(1, min(page, -(-count // PAGE)))
    taken, first = aliased(WaitingPlace), aliased(WaitingPlace)
    case, first_case = aliased(Case), aliased(Case)
    query = (
        select(
            WaitingOverrule, taken.guidance, first.guidance.label("first_guidance"),
            case.id.label("case_id"), case.display_name, first_case.id.label("first_case_id"),
            first_case.display_name.label("first_name"),
        )
        .join(taken, taken.id == WaitingOverrule.place_id)
        .join(case, case.id == taken.case_id)
        .join(first, first.id == WaitingOverrule.first_place_id)
        .join(first_case, first_case.id == first.case_id)
        .order_by(WaitingOverrule.at.desc(), WaitingOverrule.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )  # fmt: skip
    return (list(db.session.execute(query)) if count else []), page, count


def overrule_count() -> int:
    """How often the order was left."""
    return db.session.scalar(select(func.count()).select_from(WaitingOverrule)) or 0


def places_of(case_id: uuid.UUID) -> Sequence[WaitingPlace]:
    """The places that a case has or had on the list."""
    return db.session.scalars(select(WaitingPlace).where(WaitingPlace.case_id == case_id)).all()


def overrules_about(place_ids: Sequence[uuid.UUID]) -> Sequence[WaitingOverrule]:
    """The overrules by which these places were taken or passed."""
    if not place_ids:
        return []
    about = WaitingOverrule.place_id.in_(place_ids) | WaitingOverrule.first_place_id.in_(place_ids)
    return db.session.scalars(select(WaitingOverrule).where(about)).all()
