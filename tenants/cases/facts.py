"""What a tenant publishes about its cases: minimal coded facts, in the same transaction as the case."""

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import tenancy
from app.crypto import blind_index
from app.database import transaction
from playbook.statistics.service import delete_facts, write_facts
from tenants.cases.codes import JudgmentKind, Presence
from tenants.cases.models import Case, Household, Person
from tenants.guidance.codes import PisteState
from tenants.guidance.models import GuidanceProcedure, PisteAnswer
from tenants.petitions.models import Hearing, Petition
from tenants.petitions.rules import ProcedureEvents


def fact_id(case_id: uuid.UUID) -> uuid.UUID:
    """The case's identifier among the facts: a keyed hash, since a UUIDv7 would tell the hour of its making."""
    return uuid.UUID(bytes=hashlib.sha256(blind_index(case_id.hex, "fact")).digest()[:16])


def publish(session: Session, case_ids: Sequence[uuid.UUID], events: dict[uuid.UUID, ProcedureEvents]) -> None:
    """Write the facts of these cases (the row of each is replaced)."""
    write_facts(session, facts_of(session, case_ids, events))


def withdraw(session: Session, case_ids: Sequence[uuid.UUID]) -> None:
    """Take back the facts of cases that are deleted."""
    delete_facts(session, [fact_id(case_id) for case_id in case_ids])


def _month(day: date | None) -> date | None:
    return day.replace(day=1) if day else None


def facts_of(
    session: Session, case_ids: Sequence[uuid.UUID], events: dict[uuid.UUID, ProcedureEvents]
) -> list[dict[str, Any]]:
    """The facts as they follow from the case's tables, one dict per case with the columns of `case_fact`."""
    households = {h.case_id: h for h in session.scalars(select(Household).where(Household.case_id.in_(case_ids)))}
    births = _births(session, case_ids)
    petition_days = _petition_days(session, case_ids)
    present = _tenant_present(session, case_ids)
    procedures, pistes = _procedures(session, case_ids), _pistes(session, case_ids)
    rows = []
    for case in session.scalars(select(Case).where(Case.id.in_(case_ids))):
        known = events[case.id]
        household = households.get(case.id)
        children = household.children if household else None
        birth = births.get(case.id)
        kind = known.judgment_kind
        rows.append(
            {
                "tenant_id": tenancy.current_tenant_id(),
                "id": fact_id(case.id),
                "opened_month": _month(case.opened_on),
                "closed_month": _month(case.closed_on),
                "petition_month": _month(petition_days.get(case.id)),
                "source": case.source,
                "reason": case.reason,
                "market": case.market,
                "composition": household.composition if household else "unknown",
                "has_children": None if children is None else children > 0,
                "birth_decade": birth.year // 10 * 10 if birth else None,
                "stage": case.stage,
                "reached": case.reached_on is not None,
                "reached_before_hearing": _reached_before_hearing(known),
                "attempts": case.attempts,
                "judgment": JudgmentKind(kind) if kind else None,
                "tenant_present": present.get(case.id),
                "evicted": known.evicted_on is not None,
                "housing_outcome": case.housing_outcome,
                "eviction_outcome": case.eviction_outcome,
                "procedures": procedures.get(case.id, []),
                "pistes": pistes.get(case.id, []),
                "helped": sorted(case.helped or ()),
            }
        )
    return rows


def _reached_before_hearing(known: ProcedureEvents) -> bool | None:
    """Whether somebody was spoken to before the day of the (last) hearing; None when no hearing is known."""
    hearing = known.hearing_local.date() if known.hearing_local else known.hearing_held_on
    if hearing is None:
        return None
    return known.first_contact_on is not None and known.first_contact_on < hearing


def _births(session: Session, case_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, date]:
    query = select(Person.case_id, Person.birth_date).where(
        Person.case_id.in_(case_ids), Person.position == 0, Person.birth_date.is_not(None)
    )
    return {row.case_id: row.birth_date for row in session.execute(query)}


def _petition_days(session: Session, case_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, date]:
    """The day of the case's first petition, by which the region counts it."""
    query = select(Petition.case_id, Petition.received_on, Petition.registered_on).where(Petition.case_id.in_(case_ids))
    days: dict[uuid.UUID, date] = {}
    for row in session.execute(query.order_by(Petition.id.desc())):
        day = row.received_on or row.registered_on
        if day:
            days[row.case_id] = day
    return days


def _procedures(session: Session, case_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    query = select(GuidanceProcedure.case_id, GuidanceProcedure.kind, GuidanceProcedure.state)
    return _sorted_codes(
        (row.case_id, f"{row.kind}:{row.state}")
        for row in session.execute(query.where(GuidanceProcedure.case_id.in_(case_ids)))
    )


def _pistes(session: Session, case_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    query = select(PisteAnswer.case_id, PisteAnswer.piste).where(
        PisteAnswer.case_id.in_(case_ids), PisteAnswer.state != PisteState.NOT_APPLICABLE
    )
    return _sorted_codes((row.case_id, row.piste) for row in session.execute(query))


def _sorted_codes(pairs: Iterable[tuple[uuid.UUID, str]]) -> dict[uuid.UUID, list[str]]:
    """Each case's codes once, in one order, so that a rebuild compares alike."""
    found: dict[uuid.UUID, set[str]] = defaultdict(set)
    for case_id, code in pairs:
        found[case_id].add(code)
    return {case_id: sorted(codes) for case_id, codes in found.items()}


def _tenant_present(session: Session, case_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, bool]:
    query = select(Hearing.case_id, Hearing.present).where(
        Hearing.case_id.in_(case_ids), Hearing.recorded_at.is_not(None)
    )
    there = {Presence.TENANT, Presence.LAWYER}
    return {row.case_id: bool(there & set(row.present or [])) for row in session.execute(query.order_by(Hearing.at))}


def rebuild(tenant_id: uuid.UUID, *, write: bool = True) -> tuple[int, list[uuid.UUID]]:
    """Compute all facts of a tenant again: (how many, the ids of facts that differed, were missing or too many)."""
    from playbook.statistics.models import ScenarioFact
    from playbook.statistics.service import differences
    from tenants.petitions.service import events_of
    from tenants.scenarios.facts import facts_of as step_facts_of

    with tenancy.acting(tenancy.Context(tenant_id=tenant_id)), transaction() as session:
        ids = list(session.scalars(select(Case.id)))
        expected = facts_of(session, ids, events_of(session, ids)) if ids else []
        steps = step_facts_of(session, ids) if ids else []
        wrong = differences(session, expected)
        wrong_steps = differences(session, steps, ScenarioFact)
        if write and (wrong or wrong_steps):
            delete_facts(session, wrong)  # and with them the facts of their steps
            write_facts(session, [row for row in expected if row["id"] in set(wrong)])
            delete_facts(session, wrong_steps, ScenarioFact)
            write_facts(session, steps, ScenarioFact)
        return len(expected) + len(steps), wrong + wrong_steps
