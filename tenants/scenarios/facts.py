"""What a tenant publishes about the steps of its cases: coded, without a name or a day."""

import hashlib
import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import tenancy
from app.crypto import blind_index
from playbook.statistics.models import ScenarioFact
from playbook.statistics.service import delete_facts, write_facts
from tenants.cases.facts import fact_id
from tenants.cases.models import Task
from tenants.petitions.rules import BRUSSELS
from tenants.scenarios import rules
from tenants.scenarios.codes import SkipReason, StepState
from tenants.scenarios.models import CaseScenario, CaseStep


def publish(session: Session, case_ids: Sequence[uuid.UUID]) -> None:
    """Write the facts of the steps of these cases; those of steps that are gone go too.

    The facts of the cases themselves are there already: these hang on them.
    """
    session.flush()
    rows = facts_of(session, case_ids)
    ours = select(ScenarioFact.id).where(ScenarioFact.fact_id.in_([fact_id(i) for i in case_ids]))
    stale = set(session.scalars(ours)) - {row["id"] for row in rows}
    delete_facts(session, list(stale), ScenarioFact)
    write_facts(session, rows, ScenarioFact)


def step_fact_id(step_id: uuid.UUID) -> uuid.UUID:
    """A keyed hash, as of a case's fact."""
    return uuid.UUID(bytes=hashlib.sha256(blind_index(step_id.hex, "scenario fact")).digest()[:16])


def facts_of(session: Session, case_ids: Sequence[uuid.UUID]) -> list[dict[str, Any]]:
    """The facts as they follow from steps and tasks, one per shared step; own steps mean nothing to others."""
    query = (
        select(CaseStep, CaseScenario.scenario_id, CaseScenario.number, Task.id.label("task"), Task.done_at)
        .join(CaseScenario, CaseScenario.id == CaseStep.follow_id)
        .outerjoin(Task, Task.id == CaseStep.task_id)
        .where(CaseStep.case_id.in_(case_ids), CaseStep.is_own.is_(False))
    )
    return [_fact(*row) for row in session.execute(query)]


def _fact(step: CaseStep, scenario_id: uuid.UUID, number: int, task: uuid.UUID | None, done_at: Any) -> dict[str, Any]:
    dropped = step.task_id is not None and task is None
    state = rules.state_of(
        has_task=task is not None,
        is_done=done_at is not None,
        was_dropped=dropped,
        skip_reason=step.skip_reason,
    )
    done_on = done_at.astimezone(BRUSSELS).date() if done_at and state is StepState.DONE else None
    return {
        "tenant_id": tenancy.current_tenant_id(),
        "id": step_fact_id(step.id),
        "fact_id": fact_id(step.case_id),
        "scenario_id": scenario_id,
        "number": number,
        "step": step.key,
        "state": state.value,
        "days": rules.fact_days(step.basis_on, done_on),
        "skip_reason": (step.skip_reason or SkipReason.OTHER.value) if state is StepState.SKIPPED else None,
    }
