"""Writing the stories down through the services that people's own pages use."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import tenancy
from app.database import db, transaction
from app.demo import SEED, DemoRegion, acting_alone
from tenants.cases.codes import CaseState, ContactResult, Source, TaskKind
from tenants.cases.intake import NewCase
from tenants.cases.models import Case, Dwelling, Note
from tenants.cases.opening import open_cases
from tenants.cases.tasks import NewTask, add_task
from tenants.demo.invention import Home, invent_home, material, session_of
from tenants.demo.stories import STORIES, Story, Teller
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


def load(region: DemoRegion) -> None:
    """Give every organisation that has no case yet its stories."""
    for slug, tenant in region.tenants.items():
        worker = next((name for name, home in region.home_of.items() if home == slug), None)
        user_id = region.users[worker].id if worker else None
        context = tenancy.Context(tenant.id, user_id, tenant.network_id)
        with acting_alone(context):
            if db.session.scalar(select(Case.id).limit(1)) is None:
                _tell(slug, region.today)


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


def _tell(slug: str, today: date) -> None:
    random = Random(f"{SEED} {slug}")  # noqa: S311 - invents, protects nothing
    told = _stories(slug, random, today)
    with transaction() as session:
        ids = open_cases([_new_case(t) for t in told])
        petitions = [p for t, i, n in zip(told, ids, range(1, len(told) + 1), strict=True) if (p := _petition(t, i, n))]
        add_petitions(petitions)
        add_attempts([a for t, i in zip(told, ids, strict=True) for a in _attempts(t.story, i)])
        _record(session, told, ids)
        recompute(ids)
        for one, case_id in zip(told, ids, strict=True):
            _write_notes(random, one, case_id)
            _promise(random, one, case_id, today)


def _stories(slug: str, random: Random, today: date) -> list[Told]:
    counts = material()["counts"]
    carriers = [user.id for user in colleagues()]
    told: list[Told] = []
    for kind, count in counts.get(slug, counts["others"]).items():
        for place in range(count):
            home = invent_home(random, slug, today)
            if kind.startswith("hearing_soon") and place % 3 < 2:
                # Most of these are heard at the very next session, so that this week has one.
                courts = material()["places"][slug]["courts"]
                home = replace(home, court=min(courts, key=lambda court: session_of(court, today)))
            story = STORIES[kind](Teller(random, today, home.court))
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


def _petition(told: Told, case_id: uuid.UUID, number: int) -> NewPetition | None:
    home, story = told.home, told.story
    if story.registered_on is None:
        return None
    rent = home.dwelling.rent or Decimal(0)
    return NewPetition(
        case_id,
        court=home.court,
        roll_number=f"{story.registered_on:%y}A{1000 + 7 * number}",
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
    """What was recorded of hearings and how cases ended: as the pages' services do, but for hundreds at once."""
    by_id = dict(zip(ids, told, strict=True))
    judgments = {row.case_id: row for row in session.scalars(select(Judgment).where(Judgment.case_id.in_(ids)))}
    for hearing in session.scalars(select(Hearing).where(Hearing.case_id.in_(ids))).all():
        one = by_id[hearing.case_id]
        if one.story.present is not None:
            hearing.present = [str(p) for p in one.story.present]
            hearing.recorded_at, hearing.recorded_by = hearing.at + timedelta(hours=2), one.assigned_to
            if hearing.case_id in judgments:
                judgments[hearing.case_id].hearing_id = hearing.id
    for case in session.scalars(select(Case).where(Case.id.in_(ids))).all():
        end = by_id[case.id].story.end
        if end is not None:
            case.state, case.closed_on = CaseState.CLOSED, end.day
            case.housing_outcome, case.eviction_outcome = end.housing, end.eviction
    session.flush()


def _write_notes(random: Random, told: Told, case_id: uuid.UUID) -> None:
    bodies = random.sample(material()["notes"], k=told.story.notes)
    for place, body in enumerate(bodies):
        day = told.story.opened_on + timedelta(days=2 + place)
        moment = local_to_utc(datetime.combine(day, time(14, 20)))
        db.session.add(Note(case_id=case_id, body=body, at=moment, by=told.assigned_to))


def _promise(random: Random, told: Told, case_id: uuid.UUID, today: date) -> None:
    story = told.story
    title, kind = random.choice(material()["promises"])
    if story.promise_in is None or told.assigned_to is None:
        return
    hour = time(random.choice([9, 10, 11, 14, 15]), random.choice([0, 30])) if kind == TaskKind.VISIT else None
    due = today + timedelta(days=story.promise_in)
    add_task(NewTask(title, due, TaskKind(kind), hour, case_id, told.assigned_to))
