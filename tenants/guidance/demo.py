"""Guidance in the demo: what was looked at and what helped in every closed case, and some cases under way.

Closed cases go by the hundreds, so their rows are written at once, by the same rules; the open ones through the
services that people use.
"""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.calendar.rules import next_working_day
from app.database import db, transaction
from app.demo import SEED, DemoRegion
from app.identifiers import uuid7
from tenants.cases.codes import (
    CaseState,
    EvictionOutcome,
    Helped,
    HousingOutcome,
    LandlordKind,
    Market,
    Reason,
    TaskKind,
)
from tenants.cases.facts import publish
from tenants.cases.models import Case, Dwelling, Household, Landlord, Task
from tenants.guidance import checklist, service
from tenants.guidance.codes import (
    Condition,
    ContactAfter,
    Means,
    Piste,
    PisteState,
    ProcedureKind,
    ProcedureOutcome,
    ProcedureState,
    Step,
    StillThere,
    Verdict,
)
from tenants.guidance.models import FollowUp, GuidanceProcedure, PisteAnswer
from tenants.guidance.rules.aftercare import AFTER
from tenants.guidance.rules.checklist import MEANS
from tenants.guidance.rules.conditions import CaseFacts
from tenants.guidance.rules.procedures import checks, frozen, standing
from tenants.money.rules import months_later
from tenants.petitions.models import Petition
from tenants.petitions.service import events_of, local_to_utc

NOTES: dict[tuple[Piste, PisteState], tuple[str, ...]] = {
    (Piste.RIGHTS, PisteState.RESULT): (
        "Huursubsidie aangevraagd, verhoogde tegemoetkoming in orde.",
        "Inkomensgarantie voor ouderen toegekend.",
    ),
    (Piste.RIGHTS, PisteState.NOT_APPLICABLE): ("Alle rechten zijn vorig jaar nagekeken.",),
    (Piste.MONEY, PisteState.RESULT): (
        "Afbetalingsplan van 12 maanden aanvaard door de verhuurder.",
        "Eerste schijf betaald met aanvullende steun.",
    ),
    (Piste.MONEY, PisteState.NOT_APPLICABLE): ("Er is geen achterstal, enkel overlast.",),
    (Piste.MEDIATION, PisteState.RESULT): ("Gesprek met de verhuurder: huur voortaan op de vijfde van de maand.",),
    (Piste.MEDIATION, PisteState.NOT_APPLICABLE): ("De verhuurder wil enkel nog via de advocaat.",),
    (Piste.INFORMATION, PisteState.RESULT): ("Doorverwezen naar Rechtenverkenning; pro-Deoadvocaat gekregen.",),
    (Piste.COOPERATION, PisteState.RESULT): ("CAW komt wekelijks langs.",),
    (Piste.COOPERATION, PisteState.NOT_APPLICABLE): ("Het gezin wil geen andere dienst.",),
}
# Of the households that were reached, this share asks for the fund; so often an answer of theirs or of the landlord's
# is yes. With the amounts that petitions have, one request in two becomes no FBU, as Oostende saw.
ASKS, YES = 0.8, 0.9
SOCIAL_TOO = ("brugge",)  # FBU Sociaal is Brugge's own
ASKED_SINCE = timedelta(days=400)  # whether a household lives there still is asked since last year
UNDER_WAY = ("oostende", "kortrijk")  # where open cases have procedures: enough to look at, quick to load
REFUSED = {
    Condition.TWO_TO_SIX_MONTHS: "De achterstal valt buiten wat het fonds toelaat.",
    Condition.LANDLORD_SIGNS: "De verhuurder wil niet mee tekenen: de woning wordt verkocht.",
    Condition.ACCEPTS_GUIDANCE: "Het gezin wil wel geld, maar geen begeleiding.",
    Condition.POSITIVE_BUDGET: "Het inkomen volstaat niet om de huur te blijven betalen.",
}


def load(demo: DemoRegion) -> None:
    """Fill every organisation of which somebody carries cases, and that has no piste yet."""
    for worker, home in demo.home_of.items():
        if home not in demo.tenants or not worker.startswith("medewerker"):
            continue
        with demo.acting(worker) as context:
            if db.session.scalar(select(PisteAnswer.id).limit(1)) is None:
                random = Random(f"{SEED} guidance {home}")  # noqa: S311 - invents, protects nothing
                _look_back(random, demo.today, context.user_id, has_social_fund=home in SOCIAL_TOO)
                if home in UNDER_WAY:
                    _look_ahead(demo.today, demo.agreement_cases.get(home, ()))


# ---------------------------------------------------------------- closed cases


def _look_back(random: Random, today: date, user_id: int | None, *, has_social_fund: bool) -> None:
    with transaction() as session:
        rows = _closed(session)
        made: dict[Any, list[dict[str, Any]]] = {GuidanceProcedure: [], PisteAnswer: [], Task: [], FollowUp: []}
        for row in rows:
            case: Case = row.Case
            by = case.assigned_to or user_id
            fund = fund_of(random, row, by) if has_social_fund or case.market != Market.SOCIAL else None
            made[GuidanceProcedure] += [fund] if fund else []
            made[PisteAnswer] += _pistes(random, case, by)
            for task, asked in _questions(random, case, by, today):
                made[Task].append(task)
                made[FollowUp].append(asked)
            case.helped = _helped(random, case, fund)
        for table, values in made.items():
            if values:
                session.execute(insert(table), values)
        session.flush()
        ids = [row.Case.id for row in rows]
        publish(session, ids, events_of(session, ids))  # deadlines and stages stay: only the facts tell more now


def _closed(session: Session) -> Sequence[Any]:
    """The closed cases with what the conditions ask; a case with two petitions comes with one of them."""
    query = (
        select(Case, Dwelling.rent, Landlord.kind, Household.net_income, Petition.arrears)
        .outerjoin(Dwelling, Dwelling.case_id == Case.id)
        .outerjoin(Landlord, Landlord.id == Dwelling.landlord_id)
        .outerjoin(Household, Household.case_id == Case.id)
        .outerjoin(Petition, Petition.case_id == Case.id)
        .where(Case.state == CaseState.CLOSED)
        .distinct(Case.id)
        .order_by(Case.id)
    )
    return session.execute(query).all()


def fund_of(random: Random, row: Any, by: int | None) -> dict[str, Any] | None:
    """An FBU that was asked: refused for a condition that is not met, or run to its end. None: nobody asked."""
    case = row.Case
    if case.reached_on is None or random.random() > ASKS:
        return None
    kind = ProcedureKind.FBU_SOCIAL if case.market == Market.SOCIAL else ProcedureKind.FBU
    facts = CaseFacts(
        market=Market(case.market),
        landlord=LandlordKind(row.kind) if row.kind else None,
        reasons=frozenset({Reason(case.reason)}),
        arrears=row.arrears,
        rent=row.rent,
        net_income=row.net_income,
        has_petition=row.arrears is not None,
    )
    answers = {each: random.random() < YES for each in Condition}
    found = checks(kind, facts, answers)
    unmet = standing(found).unmet
    asked = case.opened_on + timedelta(days=4)
    made = {
        "case_id": case.id, "kind": kind, "considered_on": asked, "decided_on": asked + timedelta(days=3),
        "checks": frozen(found), "created_by": by, "decided_by": by, "version": 2,
        "state": ProcedureState.REFUSED if unmet else ProcedureState.ENDED,
        "refused_for": unmet[0] if unmet else None, "reason": None, "ended_on": None, "outcome": None, "ended_by": None,
    }  # fmt: skip
    if unmet:
        return made | {"reason": REFUSED.get(unmet[0], "Het comité kon dit niet toekennen.")}
    kept = case.eviction_outcome == EvictionOutcome.AVOIDED
    outcome = ProcedureOutcome.REACHED if kept else ProcedureOutcome.BREACHED
    return made | {"outcome": outcome, "ended_on": case.closed_on, "ended_by": by}


def _pistes(random: Random, case: Case, by: int | None) -> list[dict[str, Any]]:
    made = []
    for place, piste in enumerate(Piste):
        if random.random() < 0.08:
            continue  # nobody looked
        state = random.choice([PisteState.RESULT, PisteState.EXPLORED, PisteState.EXPLORED, PisteState.NOT_APPLICABLE])
        notes = NOTES.get((piste, state), ())
        if state is not PisteState.EXPLORED and not notes:
            state = PisteState.EXPLORED
        means = [] if state is PisteState.NOT_APPLICABLE else [str(random.choice(MEANS[piste]))]
        at = local_to_utc(datetime.combine(case.opened_on + timedelta(days=2 + place), time(11, 15)))
        made.append({"case_id": case.id, "piste": piste, "state": state, "means": means, "at": at, "by": by,
                     "version": 1, "note": random.choice(notes) if notes else None})  # fmt: skip
    return made


def _questions(random: Random, case: Case, by: int | None, today: date) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """The three questions with their tasks: those of the past are answered, save a fresh one now and then."""
    if case.closed_on is None or case.closed_on < today - ASKED_SINCE:
        return []
    made, stays = [], case.housing_outcome == HousingOutcome.STAYED
    for months in AFTER:
        due = next_working_day(months_later(case.closed_on, months))
        task_id = uuid7()
        answered = due < today - timedelta(days=2) or (due < today and random.random() < 0.5)
        at = local_to_utc(datetime.combine(due, time(14, 5))) if answered else None
        task = {
            "id": task_id, "case_id": case.id, "kind": TaskKind.AFTERCARE, "due_on": due,
            "assigned_to": case.assigned_to,
            "title": f"woont het gezin er nog, na {months} maanden?", "done_at": at, "done_by": by if at else None,
            "version": 1,
        }  # fmt: skip
        asked = {"id": uuid7(), "case_id": case.id, "task_id": task_id, "months": months, "due_on": due,
                 "contact": None, "still_there": None, "housing": None, "answered_at": None,
                 "answered_by": None}  # fmt: skip
        if at is not None:
            asked |= {"answered_at": at, "answered_by": by} | _found_out(random, stays)
        made.append((task, asked))
    return made


def _found_out(random: Random, stays: bool) -> dict[str, Any]:
    chance = random.random()
    if chance < 0.2:
        return {"contact": ContactAfter.NONE, "still_there": StillThere.UNKNOWN}
    contact = ContactAfter.HOUSEHOLD if chance < 0.7 else ContactAfter.OTHERS
    if stays and random.random() < 0.85:
        return {"contact": contact, "still_there": StillThere.YES}
    housing = random.choice([HousingOutcome.MOVED_OWN_CHOICE, HousingOutcome.SOCIAL_DWELLING, HousingOutcome.FAMILY])
    return {"contact": contact, "still_there": StillThere.NO, "housing": housing}


def _helped(random: Random, case: Case, fund: dict[str, Any] | None) -> list[str]:
    if case.eviction_outcome != EvictionOutcome.AVOIDED:
        return [str(Helped.NOTHING)] if random.random() < 0.4 else []
    found = {Helped.REACHED if case.reached_on else Helped.LEGAL_HELP, random.choice([Helped.REPAYMENT, Helped.BUDGET])}
    if fund and fund["state"] == ProcedureState.ENDED:
        found.add(Helped.FUND)
    if case.hearing_at and random.random() < 0.5:
        found.add(Helped.CONCILIATION)
    return sorted(found)


# ---------------------------------------------------------------- cases under way


def _look_ahead(today: date, signed: Sequence[uuid.UUID]) -> None:
    """Three open cases whose household was reached: one FBU that waits for answers, one that runs, one refused.

    signed: cases with an agreement; there is nothing to ask the landlord any more.
    """
    query = (
        select(Case.id)
        .where(Case.state == CaseState.OPEN, Case.reached_on.is_not(None), Case.market == Market.PRIVATE)
        .where(Case.id.not_in(signed))
        .order_by(Case.number)
        .limit(3)
    )
    cases = list(db.session.scalars(query))
    for case_id, tell in zip(cases, (_waiting, _running, _refused), strict=False):
        tell(case_id, today)


def _waiting(case_id: uuid.UUID, today: date) -> None:
    service.consider(case_id, ProcedureKind.FBU, today - timedelta(days=2))
    service.answer(case_id, Condition.ACCEPTS_GUIDANCE, Verdict.MET, "Wil graag dat er iemand langskomt.")
    note = "Huursubsidie aangevraagd, antwoord tegen volgende maand."
    checklist.answer_piste(case_id, Piste.RIGHTS, PisteState.RESULT, [Means.INCOME], note)
    checklist.answer_piste(case_id, Piste.MEDIATION, PisteState.EXPLORED, [Means.LANDLORD])


def _running(case_id: uuid.UUID, today: date) -> None:
    procedure = service.consider(case_id, ProcedureKind.CRISIS_MEDIATION, today - timedelta(days=6))
    _case, seen = service.find(procedure)
    why = "" if seen.standing.is_clear else "De verhuurder kondigde een verzoekschrift aan."
    service.begin(procedure, today - timedelta(days=5), why)
    service.mark_step(procedure, Step.SPEAK, done=True, on=today - timedelta(days=5))
    service.mark_step(procedure, Step.PROPOSAL, done=True, on=today - timedelta(days=1))
    checklist.answer_piste(
        case_id, Piste.INFORMATION, PisteState.RESULT, [Means.LEGAL_HELP], "Pro-Deoadvocaat via Rechtenverkenning."
    )


def _refused(case_id: uuid.UUID, today: date) -> None:
    procedure = service.consider(case_id, ProcedureKind.FBU, today - timedelta(days=8))
    reason = REFUSED[Condition.LANDLORD_SIGNS]
    service.answer(case_id, Condition.LANDLORD_SIGNS, Verdict.NOT_MET, "Mondeling gezegd op kantoor.")
    service.refuse(procedure, today - timedelta(days=6), Condition.LANDLORD_SIGNS, reason)
    service.consider(case_id, ProcedureKind.HOUSING_GUIDANCE, today - timedelta(days=6))
