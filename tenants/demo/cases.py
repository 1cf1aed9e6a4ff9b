"""Writing the stories down through the services that people's own pages use."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from app import tenancy
from app.calendar.rules import next_working_day
from app.database import db, transaction
from app.demo import SEED, DemoRegion, acting_alone
from tenants.cases.codes import CaseState, ContactResult, Source, TaskKind
from tenants.cases.intake import NewCase
from tenants.cases.models import Case, Dwelling, Note
from tenants.cases.opening import open_cases
from tenants.cases.tasks import NewTask, add_task
from tenants.demo.invention import Home, invent_home, material, session_of
from tenants.demo.stories import STORIES, Story, Teller, planned
from tenants.organisations.service import colleagues
from tenants.outreach.service import NewAttempt, add_attempts
from tenants.petitions.models import Hearing, Judgment, Petition
from tenants.petitions.service import NewPetition, add_petitions, local_to_utc, recompute

# How many cases of an organisation get a final agreement.
AGREEMENTS = {"oostende": 3, "kortrijk": 2, "menen": 1, "bredene": 1}


@dataclass(frozen=True)
class Told:
    """A story with the household it happened to."""

    home: Home
    story: Story
    assigned_to: int | None


def load(region: DemoRegion, scale: float = 1.0) -> None:
    """Give every organisation that has no case yet its stories. scale: what share of the closed cases to tell."""
    for slug, tenant in region.tenants.items():
        worker = next((name for name, home in region.home_of.items() if home == slug), None)
        user_id = region.users[worker].id if worker else None
        context = tenancy.Context(tenant.id, user_id, tenant.network_id)
        with acting_alone(context):
            if db.session.scalar(select(Case.id).limit(1)) is None:
                _tell(slug, region.today, scale)


def agreement_cases(region: DemoRegion) -> dict[str, Sequence[uuid.UUID]]:
    """By organisation the open cases, reached and with all data, that deserve an agreement."""
    found: dict[str, Sequence[uuid.UUID]] = {}
    for slug, number in AGREEMENTS.items():
        tenant = region.tenants[slug]
        with tenancy.acting(tenancy.Context(tenant.id, None, tenant.network_id)), transaction() as session:
            query = (
                select(Case.id)
                .join(Dwelling, Dwelling.case_id == Case.id)
                .join(Petition, Petition.case_id == Case.id)
                .where(
                    Case.state == CaseState.OPEN,
                    Case.reached_on.is_not(None),
                    Case.source == Source.PETITION,
                    Dwelling.landlord_id.is_not(None),
                    Petition.arrears.is_not(None),
                )
                .order_by(Case.number)
                .limit(number)
            )
            found[slug] = session.scalars(query).all()
    return found


def _tell(slug: str, today: date, scale: float) -> None:
    random = Random(f"{SEED} {slug}")  # noqa: S311 - invents, protects nothing
    told = _stories(slug, random, today, scale)
    with transaction() as session:
        ids = open_cases([_new_case(t) for t in told])
        add_petitions(_petitions(told, ids))
        add_attempts([a for t, i in zip(told, ids, strict=True) for a in _attempts(t.story, i)])
        _record(session, told, ids)
        recompute(ids)
        notes = [note for one, case_id in zip(told, ids, strict=True) for note in _notes(random, one, case_id)]
        if notes:
            session.execute(insert(Note), notes)
        for one, case_id in zip(told, ids, strict=True):
            _promise(random, one, case_id, today)


def _stories(slug: str, random: Random, today: date, scale: float) -> list[Told]:
    carriers = [user.id for user in colleagues()]
    courts = material()["places"][slug]["courts"]
    told: list[Told] = []
    for kind, count in planned(slug, scale).items():
        for place in range(count):
            court = random.choice(courts)
            if kind.startswith("hearing_soon") and place % 3 < 2:
                # Most of these are heard at the very next session, so that this week has one.
                court = min(courts, key=lambda court: session_of(court, today))
            story = STORIES[kind](Teller(random, today, court))
            # The household as it was on that day: nobody's child is born after the case.
            home = replace(invent_home(random, slug, story.opened_on), court=court)
            fresh = kind == "new" and place % 2 == 0  # nobody took it yet
            told.append(Told(home, story, None if fresh or not carriers else carriers[len(told) % len(carriers)]))
    return sorted(told, key=lambda t: t.story.opened_on)  # so that numbers follow the days


def _new_case(told: Told) -> NewCase:
    home, story = told.home, told.story
    return NewCase(
        persons=home.persons,
        opened_on=story.opened_on,
        source=story.source,
        market=home.market,
        dwelling=home.dwelling,
        landlord=home.landlord,
        composition=home.composition,
        children=home.children,
        net_income=home.net_income if story.reached else None,
        assigned_to=told.assigned_to,
    )


def _petitions(told: Sequence[Told], ids: Sequence[uuid.UUID]) -> list[NewPetition]:
    """The petitions, with a roll number that counts within its year."""
    petitions, of_year = [], Counter[int]()
    for one, case_id in zip(told, ids, strict=True):
        registered_on = one.story.registered_on
        if registered_on is not None:
            of_year[registered_on.year] += 1
            roll = f"{registered_on:%y}A{1000 + 7 * of_year[registered_on.year]}"
            petitions.append(_petition(one, case_id, roll))
    return petitions


def _petition(told: Told, case_id: uuid.UUID, roll_number: str) -> NewPetition:
    home, story = told.home, told.story
    rent = home.dwelling.rent or Decimal(0)
    return NewPetition(
        case_id,
        court=home.court,
        roll_number=roll_number,
        registered_on=story.registered_on,
        received_on=story.opened_on,
        claimant=home.landlord.name,
        arrears=(rent * story.months).quantize(Decimal("0.01")),
        arrears_months=story.months,
        costs=Decimal(310),
        hearing_at=story.hearing_at,
        judgment_kind=story.judgment,
        pronounced_on=story.pronounced_on,
        judgment_served_on=story.served_on,
        notice_on=story.notice_on,
        planned_on=story.planned_on,
        evicted_on=story.evicted_on,
    )


def _attempts(story: Story, case_id: uuid.UUID) -> list[NewAttempt]:
    steps = material()["next_steps"]
    made = []
    for place, attempt in enumerate(story.attempts):
        last = place == len(story.attempts) - 1
        follow = last and attempt.result is not ContactResult.REACHED and story.end is None
        made.append(
            NewAttempt(
                case_id,
                local_to_utc(attempt.at),
                attempt.channel,
                attempt.result,
                attempt.moment,
                next_step=steps[place % len(steps)] if follow else None,
                next_step_on=attempt.day + timedelta(days=3) if follow else None,
            )
        )
    return made


def _record(session: Session, told: Sequence[Told], ids: Sequence[uuid.UUID]) -> None:
    """What was recorded of hearings and how cases ended: as the pages' services do, but for thousands at once."""
    by_id = dict(zip(ids, told, strict=True))
    held, decided = [], []
    for hearing_id, case_id, at in session.execute(
        select(Hearing.id, Hearing.case_id, Hearing.at).where(Hearing.case_id.in_(ids))
    ):
        one = by_id[case_id]
        if one.story.present is not None:
            recorded = {"when": at + timedelta(hours=2), "whom": one.assigned_to}
            held.append({"key": hearing_id, "who": [str(p) for p in one.story.present], **recorded})
            decided.append({"key": case_id, "hearing": hearing_id})
    ended = [
        {"key": i, "day": e.day, "housing": e.housing, "eviction": e.eviction}
        for i, one in by_id.items()
        if (e := one.story.end) is not None
    ]
    for statement, rows in ((_HELD, held), (_DECIDED, decided), (_ENDED, ended)):
        if rows:
            session.connection().execute(statement, rows)


_HEARINGS, _JUDGMENTS, _CASES = Hearing.__table__, Judgment.__table__, Case.__table__
_HELD = (
    update(_HEARINGS)
    .where(_HEARINGS.c.id == bindparam("key"))
    .values(present=bindparam("who"), recorded_at=bindparam("when"), recorded_by=bindparam("whom"))
)
_DECIDED = update(_JUDGMENTS).where(_JUDGMENTS.c.case_id == bindparam("key")).values(hearing_id=bindparam("hearing"))
_ENDED = (
    update(_CASES)
    .where(_CASES.c.id == bindparam("key"))
    .values(
        state=CaseState.CLOSED,
        closed_on=bindparam("day"),
        housing_outcome=bindparam("housing"),
        eviction_outcome=bindparam("eviction"),
    )
)


def _notes(random: Random, told: Told, case_id: uuid.UUID) -> list[dict[str, Any]]:
    made = []
    for place, body in enumerate(random.sample(material()["notes"], k=told.story.notes)):
        day = told.story.opened_on + timedelta(days=2 + place)
        moment = local_to_utc(datetime.combine(day, time(14, 20)))
        made.append({"case_id": case_id, "body": body, "at": moment, "by": told.assigned_to})
    return made


def _promise(random: Random, told: Told, case_id: uuid.UUID, today: date) -> None:
    story = told.story
    title, kind = random.choice(material()["promises"])
    if story.promise_in is None or told.assigned_to is None:
        return
    hour = time(random.choice([9, 10, 11, 14, 15]), random.choice([0, 30])) if kind == TaskKind.VISIT else None
    due = today + timedelta(days=story.promise_in)
    due = next_working_day(due) if due > today else due
    add_task(NewTask(title, due, TaskKind(kind), hour, case_id, told.assigned_to))
