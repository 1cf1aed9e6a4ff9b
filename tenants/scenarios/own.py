"""The steps that an organisation adds to a shared scenario, for its own cases; the shared text stays untouched."""

import uuid
from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import tenancy
from app.database import db, transaction
from app.i18n import N_
from app.identifiers import uuid7
from app.security.models import utc_now
from playbook.scenarios import rules as shared
from playbook.scenarios.models import Scenario
from playbook.scenarios.rules import Step, step_of
from playbook.scenarios.service import ChangedMeanwhileError, NoSuchScenarioError, ScenarioError
from tenants.scenarios.models import OwnStep

MOST = 10  # own steps for a scenario: more of them is a scenario of its own


def steps_by_scenario(scenario_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[tuple[str | None, Step]]]:
    """Own steps with the key of the shared step that each comes after, as `rules.with_own` takes them."""
    found: dict[uuid.UUID, list[tuple[str | None, Step]]] = defaultdict(list)
    if scenario_ids:
        query = select(OwnStep).where(OwnStep.scenario_id.in_(scenario_ids)).order_by(OwnStep.id)
        for row in db.session.scalars(query):
            found[row.scenario_id].append((row.after_key, step_of(row.step)))
    return found


def of(scenario: Scenario) -> Sequence[OwnStep]:
    """The own steps for a scenario."""
    query = select(OwnStep).where(OwnStep.scenario_id == scenario.id).order_by(OwnStep.id)
    return db.session.scalars(query).all()


def find(scenario: Scenario, own_id: uuid.UUID) -> OwnStep:
    """One of them; raises NoSuchScenarioError."""
    row = db.session.get(OwnStep, own_id)
    if row is None or row.scenario_id != scenario.id:
        raise NoSuchScenarioError(str(own_id))
    return row


def save(scenario: Scenario, step: Step, after_key: str | None, own_id: uuid.UUID | None = None, seen: int = 0) -> None:
    """Add a step, or change the one with `own_id`. New cases get it; those that follow already see it as a change.

    Raises ScenarioError, ChangedMeanwhileError, NoSuchScenarioError.
    """
    problems = shared.problems_of(step)
    if problems:
        raise ScenarioError(problems)
    with transaction() as session:
        if own_id is None:
            if len(of(scenario)) >= MOST:
                raise ScenarioError(
                    [("", N_("There are ten own steps already. Take one away first, or propose a change to all."))]
                )
            row = OwnStep(id=uuid7(), network_id=scenario.network_id, scenario_id=scenario.id)
            row.step = shared.renamed(step, uuid7().hex).as_json()
            session.add(row)
        else:
            row = _held(session, scenario, own_id, seen)
            row.step = shared.renamed(step, row.step["key"]).as_json()
            row.version += 1
        row.after_key = after_key
        row.changed_at, row.changed_by = utc_now(), tenancy.current().user_id


def remove(scenario: Scenario, own_id: uuid.UUID, seen: int) -> None:
    """Take an own step away; cases that follow see it as a change. Raises as `save`."""
    with transaction() as session:
        session.delete(_held(session, scenario, own_id, seen))


def _held(session: Session, scenario: Scenario, own_id: uuid.UUID, seen: int) -> OwnStep:
    query = select(OwnStep).where(OwnStep.id == own_id, OwnStep.scenario_id == scenario.id)
    row: OwnStep | None = session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if row is None:
        raise NoSuchScenarioError(str(own_id))
    if row.version != seen:
        raise ChangedMeanwhileError
    return row
