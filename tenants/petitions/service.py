"""The procedure of a case: its events are written here, and everything that follows from them is computed again."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from app import tenancy
from app.database import db, insert_rows, read_once, transaction
from app.identifiers import uuid7
from tenants.after_eviction.models import AfterEviction
from tenants.after_eviction.rules import STORED_ELSEWHERE, GoodsPlace
from tenants.cases.codes import CaseState, ContactResult, JudgmentKind, PetitionKind
from tenants.cases.models import Case
from tenants.cases.rules import plain
from tenants.organisations.service import setting
from tenants.outreach.models import OutreachAttempt
from tenants.petitions.models import DeadlineRow, Eviction, Hearing, Judgment, Petition
from tenants.petitions.rules import (
    BRUSSELS,
    PetitionSettings,
    ProcedureEvents,
    StageState,
    current_stage,
    deadlines,
    explain,
    is_to_act,
)


@dataclass(frozen=True)
class NewPetition:
    """A petition with what is known of its course. Days are Belgian; amounts in euro; hearing_at local or aware."""

    case_id: uuid.UUID
    court: str = ""
    kind: PetitionKind = PetitionKind.PETITION
    roll_number: str | None = None
    registered_on: date | None = None
    received_on: date | None = None
    served_on: date | None = None
    claimant: str = ""
    arrears: Decimal | None = None
    arrears_months: Decimal | None = None
    costs: Decimal | None = None
    hearing_at: datetime | None = None
    hearing_hour_known: bool = True
    judgment_kind: JudgmentKind | None = None
    pronounced_on: date | None = None
    judgment_served_on: date | None = None
    notice_on: date | None = None
    planned_on: date | None = None
    evicted_on: date | None = None


def local_to_utc(moment: datetime) -> datetime:
    """A Belgian local time (or an aware one) as UTC, as the database keeps it."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=BRUSSELS)
    return aware.astimezone(UTC)


def day_to_utc(day: date) -> datetime:
    """A day of which the hour is not known: noon, so that no clock change moves it to another day."""
    return local_to_utc(datetime.combine(day, time(12)))


def add_petitions(new: Sequence[NewPetition]) -> list[uuid.UUID]:
    """Add petitions with their hearings, judgments and evictions; their ids. `recompute` must follow."""
    rows: dict[type, list[dict[str, Any]]] = {t: [] for t in (Petition, Hearing, Judgment, Eviction)}
    ids = []
    for petition in new:
        petition_id = uuid7()
        ids.append(petition_id)
        _petition_rows(petition_id, petition, rows)
    with transaction() as session:
        for table, values in rows.items():
            insert_rows(session, table, values)
        _make_searchable(session, new)
    return ids


def _petition_rows(petition_id: uuid.UUID, new: NewPetition, rows: dict[type, list[dict[str, Any]]]) -> None:
    both = {"case_id": new.case_id, "petition_id": petition_id}
    own = ("case_id", "kind", "court", "roll_number", "registered_on", "received_on", "served_on", "claimant",
           "arrears", "arrears_months", "costs")  # fmt: skip
    rows[Petition].append({"id": petition_id, **{name: getattr(new, name) for name in own}})
    if new.hearing_at is not None:
        at = local_to_utc(new.hearing_at)
        rows[Hearing].append({**both, "at": at, "hour_known": new.hearing_hour_known})
    if new.judgment_kind or new.pronounced_on or new.judgment_served_on:
        rows[Judgment].append(
            {
                **both,
                "kind": new.judgment_kind or JudgmentKind.DEFAULT,
                "pronounced_on": new.pronounced_on,
                "served_on": new.judgment_served_on,
            }
        )
    if new.notice_on or new.planned_on or new.evicted_on:
        rows[Eviction].append(
            {
                **both,
                "notice_on": new.notice_on,
                "planned_on": new.planned_on,
                "carried_out_on": new.evicted_on,
            }
        )


_ADD_ROLLS = text("""
UPDATE case_file c SET search_text = c.search_text || v.rolls
FROM unnest(CAST(:ids AS uuid[]), CAST(:rolls AS text[])) AS v (id, rolls)
WHERE c.tenant_id = :tenant AND c.id = v.id
""")


def _make_searchable(session: Session, new: Sequence[NewPetition]) -> None:
    """Let the search find a case by its roll numbers."""
    rolls: dict[uuid.UUID, str] = defaultdict(str)
    for petition in new:
        if petition.roll_number:
            rolls[petition.case_id] += " " + plain(petition.roll_number)
    if rolls:
        values = {"ids": list(rolls), "rolls": list(rolls.values()), "tenant": tenancy.current_tenant_id()}
        session.execute(_ADD_ROLLS, values)


def events_of(session: Session, case_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, ProcedureEvents]:
    """What is known of each case's newest petition; a case without one has no events."""
    petitions = _petitions(session, case_ids)
    newest = {case_id: own[-1] for case_id, own in petitions.items()}
    ids = [petition.id for petition in newest.values()]
    hearings = _latest(session, Hearing, ids, Hearing.at)
    judgments = _latest(session, Judgment, ids, *BY_DAY)
    evictions = _latest(session, Eviction, ids, Eviction.id)
    held = _held(session, ids)
    goods = _goods(session, case_ids)
    contacts = _first_contacts(session, case_ids, petitions)
    found = {}
    for case_id in case_ids:
        petition = newest.get(case_id)
        petition_id = petition.id if petition else None
        hearing, judgment = hearings.get(petition_id), judgments.get(petition_id)
        eviction = evictions.get(petition_id)
        writ = petition is not None and petition.kind == PetitionKind.WRIT
        found[case_id] = ProcedureEvents(
            registered_on=petition.registered_on if petition else None,
            received_on=petition.received_on if petition else None,
            writ_served_on=petition.served_on if petition and writ else None,
            first_contact_on=contacts.get(case_id),
            hearing_at=hearing.at if hearing else None,
            hearing_hour_known=hearing.hour_known if hearing else True,
            hearing_held_on=held.get(petition_id) if petition_id else None,
            pronounced_on=judgment.pronounced_on if judgment else None,
            judgment_kind=JudgmentKind(judgment.kind) if judgment else None,
            served_on=judgment.served_on if judgment else None,
            notice_on=eviction.notice_on if eviction else None,
            planned_eviction_on=eviction.planned_on if eviction else None,
            evicted_on=eviction.carried_out_on if eviction else None,
            **goods.get(case_id, {}),
        )
    return found


def _goods(session: Session, case_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, dict[str, Any]]:
    """Per case where the goods are that were left, as far as it sets a term (see `ProcedureEvents`)."""
    found: dict[uuid.UUID, dict[str, Any]] = {}
    for row in session.scalars(select(AfterEviction).where(AfterEviction.case_id.in_(case_ids))):
        kept = row.goods_gone_on is None and row.goods_place in (GoodsPlace.UNKNOWN, GoodsPlace.MUNICIPALITY)
        elsewhere = row.goods_gone_on is None and row.goods_place in STORED_ELSEWHERE
        found[row.case_id] = {
            "goods_since": row.goods_since if kept else None,
            "goods_until": row.goods_until if elsewhere else None,
            "goods_settled": not kept,
        }
    return found


def newest_petitions(session: Session, case_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """The id of each case's newest petition; a case without one is left out."""
    return {case_id: own[-1].id for case_id, own in _petitions(session, case_ids).items()}


def first_day(petition: Petition) -> date | None:
    """The first day that is known of a petition."""
    return min(filter(None, (petition.registered_on, petition.received_on, petition.served_on)), default=None)


def _petitions(session: Session, case_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Petition]]:
    """The petitions of each case, the newest last: by their own days, not by when they were typed in."""
    found: dict[uuid.UUID, list[Petition]] = defaultdict(list)
    for petition in session.scalars(select(Petition).where(Petition.case_id.in_(case_ids))):
        found[petition.case_id].append(petition)
    for own in found.values():
        own.sort(key=lambda petition: (first_day(petition) or date.min, petition.id))
    return found


# The last judgment is the one of the latest day, whenever it was written down; one without a day counts as the last.
BY_DAY = (Judgment.pronounced_on.asc().nulls_last(), Judgment.id)


def _latest(session: Session, model: Any, petition_ids: Sequence[uuid.UUID], *order: Any) -> dict[Any, Any]:
    """Per petition the last row of `model` in this order."""
    rows = session.scalars(select(model).where(model.petition_id.in_(petition_ids)).order_by(*order))
    return {row.petition_id: row for row in rows}  # a later row replaces an earlier one


def _first_contacts(
    session: Session, case_ids: Sequence[uuid.UUID], petitions: dict[uuid.UUID, list[Petition]]
) -> dict[uuid.UUID, date]:
    """The day on which each household was first reached; after a second petition it must be reached again."""
    query = (
        select(OutreachAttempt.case_id, OutreachAttempt.at)
        .where(OutreachAttempt.case_id.in_(case_ids), OutreachAttempt.result == ContactResult.REACHED)
        .order_by(OutreachAttempt.at)
    )
    contacts: dict[uuid.UUID, date] = {}
    for row in session.execute(query):
        day = row.at.astimezone(BRUSSELS).date()
        own = petitions.get(row.case_id, [])
        since = first_day(own[-1]) if len(own) > 1 else None
        if since is None or day >= since:
            contacts.setdefault(row.case_id, day)
    return contacts


def _held(session: Session, petition_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, date]:
    query = (
        select(Hearing.petition_id, Hearing.at)
        .where(Hearing.petition_id.in_(petition_ids), Hearing.recorded_at.is_not(None))
        .order_by(Hearing.at)
    )
    return {row.petition_id: row.at.astimezone(BRUSSELS).date() for row in session.execute(query)}


def recompute(case_ids: Iterable[uuid.UUID]) -> None:
    """Compute again what follows from the events of these cases: deadlines, stage, next day, outreach plans, steps of
    scenarios, facts.

    Called in the transaction of whatever changed an event, or opened or closed a case: in a closed one nothing
    runs, so it has no deadlines. Facts are published by `tenants.cases.facts`.
    """
    from tenants.cases.facts import publish  # the facts read the events too
    from tenants.outreach.planning import follow  # and so do the plans by which people are sought
    from tenants.scenarios import facts as step_facts  # and the scenarios that cases follow
    from tenants.scenarios import following

    wanted = list(dict.fromkeys(case_ids))
    if not wanted:
        return
    with transaction() as session:
        session.flush()
        chosen = chosen_settings()
        running = set(session.scalars(select(Case.id).where(Case.id.in_(wanted), Case.state == CaseState.OPEN)))
        events = events_of(session, wanted)
        attempts = _attempts(session, wanted)
        deadline_rows, case_rows = [], []
        for case_id, known in events.items():
            rows = _deadline_rows(case_id, known, chosen) if case_id in running else []
            deadline_rows.extend(rows)
            case_rows.append({"id": case_id, **_summary(known, chosen, rows), "attempts": attempts[case_id]})
        session.execute(delete(DeadlineRow).where(DeadlineRow.case_id.in_(wanted)))
        insert_rows(session, DeadlineRow, deadline_rows)
        _update_cases(session, case_rows)
        follow(session, events, deadline_rows)
        following.follow(session, events)
        publish(session, wanted, events)
        step_facts.publish(session, wanted)


def chosen_settings() -> PetitionSettings:
    """What the acting organisation set itself."""
    days = setting(tenancy.current_tenant_id(), "first_contact_working_days", 3)
    return PetitionSettings(first_contact_working_days=days)


def _attempts(session: Session, case_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    counts: dict[uuid.UUID, int] = defaultdict(int)
    for case_id in session.scalars(select(OutreachAttempt.case_id).where(OutreachAttempt.case_id.in_(case_ids))):
        counts[case_id] += 1
    return counts


def _deadline_rows(case_id: uuid.UUID, events: ProcedureEvents, chosen: PetitionSettings) -> list[dict[str, Any]]:
    rows = []
    for deadline in deadlines(events, chosen):
        msgid, params = explain(deadline)
        shown = {k: v.isoformat() if isinstance(v, date) else v for k, v in params.items()}
        rows.append(
            {
                "case_id": case_id,
                "kind": deadline.kind,
                "nature": deadline.nature,
                "due_on": deadline.due_on,
                "article": deadline.article,
                "confidence": deadline.confidence,
                "explanation": {"msgid": msgid, "params": shown},
            }
        )
    return rows


def _summary(events: ProcedureEvents, chosen: PetitionSettings, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What the case's own row repeats, for lists. The next day is one on which somebody must act or appear."""
    stages = current_stage(events, chosen)
    reached = [s for s in stages if s.state is StageState.DONE]
    to_act = [r for r in rows if is_to_act(r["kind"], r["nature"], r["due_on"], events)] or list(rows)
    return {
        "stage": (reached[-1] if reached else stages[0]).key,
        "hearing_at": events.hearing_at,
        "next_due_on": to_act[0]["due_on"] if to_act else None,
        "next_due_kind": to_act[0]["kind"] if to_act else None,
        "reached_on": events.first_contact_on,
    }


# One statement for all, since ten thousand of them after an import would each be planned anew.
_SUMMARISE = text("""
UPDATE case_file c SET stage = v.stage, hearing_at = v.hearing_at, next_due_on = v.next_due_on,
  next_due_kind = v.next_due_kind, reached_on = v.reached_on, attempts = v.attempts
FROM unnest(CAST(:id AS uuid[]), CAST(:stage AS text[]), CAST(:hearing_at AS timestamptz[]),
  CAST(:next_due_on AS date[]), CAST(:next_due_kind AS text[]), CAST(:reached_on AS date[]),
  CAST(:attempts AS integer[])) AS v (id, stage, hearing_at, next_due_on, next_due_kind, reached_on, attempts)
WHERE c.tenant_id = :tenant AND c.id = v.id
""")
_SUMMARY = ("id", "stage", "hearing_at", "next_due_on", "next_due_kind", "reached_on", "attempts")


def _update_cases(session: Session, rows: list[dict[str, Any]]) -> None:
    columns = {name: [_plain(row[name]) for row in rows] for name in _SUMMARY}
    session.execute(_SUMMARISE, columns | {"tenant": tenancy.current_tenant_id()})
    for case in [o for o in session.identity_map.values() if isinstance(o, Case)]:
        session.expire(case)


def _plain(value: Any) -> Any:
    """A code as its text: an array has one type."""
    return str(value) if isinstance(value, StrEnum) else value


@read_once
def petitions_of(case_id: uuid.UUID) -> list[Petition]:
    """The case's petitions, the newest first."""
    return list(reversed(_petitions(db.session(), [case_id])[case_id]))
