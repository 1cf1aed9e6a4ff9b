"""Cases of the demo that follow a scenario: some under way, some from before a newer version, and many closed ones.

Closed cases go by the dozen, so their rows are written at once, by the same rules as those that people start.
"""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select

from app.calendar.rules import next_working_day
from app.database import db, transaction
from app.demo import SEED, DemoRegion
from app.identifiers import uuid7
from playbook.scenarios import demo as shared_demo
from playbook.scenarios.models import Scenario
from playbook.scenarios.rules import Event, Step, Who, due_on
from playbook.scenarios.start import LAST_CHANCE, REPORT, TO_EVICTION, TO_HEARING
from tenants.cases import tasks
from tenants.cases.codes import CaseState, EvictionOutcome, Market, Source, TaskKind
from tenants.cases.models import Case, Task
from tenants.demo.invention import back_to_working_day
from tenants.petitions.codes import StageKey
from tenants.petitions.events import ProcedureEvents
from tenants.petitions.service import events_of, local_to_utc, recompute
from tenants.scenarios import facts, own, rules, service
from tenants.scenarios.codes import SkipReason, StopReason
from tenants.scenarios.following import title_of
from tenants.scenarios.models import CaseScenario, CaseStep

WORKERS = {"kortrijk": "medewerker.kortrijk", "menen": "medewerker.menen", "oostende": "medewerker.oostende"}
EACH = 2  # open cases that follow each scenario, in each organisation
CLOSED = 60  # closed cases in each that followed the first scenario
OWN = Step("", Who.SOCIAL_WORKER, "Nakijken bij de nachtopvang of het gezin daar bekend is", Event.PETITION, 4)
SKIPS = (SkipReason.NOT_REACHED, SkipReason.NOT_REACHED, SkipReason.NOT_REACHED, SkipReason.NO_TIME, SkipReason.NO_TIME)


def load(demo: DemoRegion) -> None:
    """Let cases follow; then the network publishes its second version, so that the difference shows."""
    for slug, worker in WORKERS.items():
        if slug not in demo.tenants or worker not in demo.users:
            continue
        with demo.acting(worker):
            if db.session.scalar(select(CaseScenario.id).limit(1)) is not None:
                continue
            first = shared_demo.scenario_called(TO_HEARING.title)
            if first is None:
                continue
            if slug == "oostende":
                own.save(first, OWN, "contact")
            _closed(first)
            followed = {}
            for title, cases in _open_cases(demo.users[worker].id).items():
                scenario = shared_demo.scenario_called(title)
                for case_id in cases if scenario else ():
                    followed[case_id] = _under_way(case_id, scenario.id)  # type: ignore[union-attr]
            _some_time_ago(list(followed.values()), demo.today)
    shared_demo.a_year_later(demo)


def _open_cases(worker: int) -> dict[str, Sequence[uuid.UUID]]:
    """Which open cases follow which scenario: those for which it was written, first those of this worker."""
    order = ((Case.assigned_to == worker).desc().nulls_last(), Case.next_due_on.desc(), Case.id)
    still = select(Case.id).where(Case.state == CaseState.OPEN).order_by(*order).limit(EACH)
    chosen = {
        TO_HEARING.title: still.where(Case.stage == StageKey.PETITION, Case.hearing_at.is_not(None)),
        REPORT.title: still.where(Case.source == Source.MELDPUNT_LANDLORD),
        TO_EVICTION.title: still.where(Case.stage.in_([StageKey.JUDGMENT, StageKey.SERVICE, StageKey.NOTICE])),
        LAST_CHANCE.title: still.where(Case.market == Market.SOCIAL, Case.source != Source.PETITION),
    }
    return {title: db.session.scalars(query).all() for title, query in chosen.items()}


def _some_time_ago(follow_ids: Sequence[uuid.UUID], today: date) -> None:
    """Half of them began some days ago, so that steps are late, for today and still to come."""
    with transaction() as session:
        rows = session.scalars(select(CaseScenario).where(CaseScenario.id.in_(follow_ids[::2]))).all()
        for place, row in enumerate(rows):
            row.started_on = today - timedelta(days=4 + 3 * (place % 3))
        session.flush()
        recompute([row.case_id for row in rows])
        query = select(Task).join(CaseStep, CaseStep.task_id == Task.id).order_by(Task.due_on, Task.id).limit(1)
        still = CaseStep.follow_id.in_(follow_ids[::2]), Task.done_at.is_(None)
        first = session.scalars(query.where(*still)).first()
        if first is not None and first.due_on >= today:  # somebody took an earlier day, and did not get to it
            tasks.move_tasks([tasks.SeenTask(first.id, first.version)], back_to_working_day(today - timedelta(days=1)))


def _under_way(case_id: uuid.UUID, scenario_id: uuid.UUID) -> uuid.UUID:
    """Follow it; the first step is done, another was skipped where the partner did not answer."""
    follow_id = service.start(case_id, scenario_id)
    steps = service.find(case_id, follow_id).steps
    todo = [step for step in steps if step.task_id]
    if todo:
        service.finish_step(case_id, todo[0].id)
    if len(todo) > 2:
        service.skip_step(case_id, todo[1].id, SkipReason.DONE_BEFORE)
    return follow_id


def _closed(scenario: Scenario) -> None:
    """The last closed cases with a petition followed the first version, to their end."""
    chance = Random(SEED)  # noqa: S311 - invents, protects nothing
    with transaction() as session:
        query = select(Case).where(Case.state == CaseState.CLOSED, Case.closed_on.is_not(None))
        closed = session.scalars(query.order_by(Case.closed_on.desc(), Case.id).limit(CLOSED)).all()
        events = events_of(session, [case.id for case in closed])
        rows: dict[type, list[dict[str, Any]]] = {CaseScenario: [], Task: [], CaseStep: []}
        for case in closed:
            _one_closed(case, scenario, events[case.id], chance, rows)
        for model, values in rows.items():
            if values:
                session.execute(insert(model), values)
        facts.publish(session, [case.id for case in closed])


def _one_closed(
    case: Case, scenario: Scenario, events: ProcedureEvents, chance: Random, rows: dict[type, list[dict[str, Any]]]
) -> None:
    started = case.opened_on
    ended = case.closed_on or started
    follow_id = uuid7()
    rows[CaseScenario].append(
        {
            "id": follow_id,
            "case_id": case.id,
            "network_id": scenario.network_id,
            "scenario_id": scenario.id,
            "number": 1,
            "title": scenario.title,
            "started_on": started,
            "ended_on": ended,
            "stop_reason": StopReason.FINISHED,
        }
    )
    days = rules.days_of(events, case.opened_on, started)
    avoided = case.eviction_outcome == EvictionOutcome.AVOIDED
    for place, step in enumerate(TO_HEARING.steps):
        due, task_id, skipped = due_on(step, days), None, None
        if due is not None and due <= ended:
            if chance.random() < (0.75 if avoided else 0.55):
                task_id = uuid7()
                done = min(ended, next_working_day(max(started, due - timedelta(days=chance.randint(0, 3)))))
                rows[Task].append(_task(task_id, case, step, due, done))
            else:
                skipped = chance.choice(SKIPS)
        rows[CaseStep].append(
            {
                "id": uuid7(),
                "case_id": case.id,
                "follow_id": follow_id,
                "position": place,
                **rules.as_columns(step),
                "basis_on": days.get(step.event),
                "due_on": due,
                "task_id": task_id,
                "skip_reason": skipped,
            }
        )


def _task(task_id: uuid.UUID, case: Case, step: Step, due: date, done: date) -> dict[str, Any]:
    at = local_to_utc(datetime.combine(done, time(16)))
    return {
        "id": task_id,
        "case_id": case.id,
        "kind": TaskKind.TODO,
        "title": title_of(step),
        "due_on": due,
        "assigned_to": case.assigned_to,
        "done_at": at,
        "done_by": case.assigned_to,
        "created_at": at,
    }
