"""Where a task comes from when it is a step of a scenario: read along with a list of tasks, and said in words."""

import uuid
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Row, Select, and_, select

from app.database import db
from playbook.scenarios.rules import OURS, WHO, Who
from tenants.cases.models import Task
from tenants.scenarios.models import CaseScenario, CaseStep


def with_origin(query: Select[Any]) -> Select[Any]:
    """The query over tasks with the columns that `origin` reads; by the case, of which a scenario has a few steps."""
    return (
        query.add_columns(CaseScenario.title.label("scenario"), CaseStep.step["who"].as_string().label("step_of"))
        .outerjoin(CaseStep, and_(CaseStep.case_id == Task.case_id, CaseStep.task_id == Task.id))
        .outerjoin(CaseScenario, CaseScenario.id == CaseStep.follow_id)
    )


def steps_among_tasks(case_id: uuid.UUID) -> set[uuid.UUID]:
    """The tasks of a case that are a step of a scenario."""
    return set(
        db.session.scalars(select(CaseStep.task_id).where(CaseStep.case_id == case_id, CaseStep.task_id.is_not(None)))
    )


def origin(row: Row[Any]) -> list[str]:
    """['uit het draaiboek: Van verzoekschrift tot zitting', 'wacht op: Verhuurder']; nothing for another task.

    A step of the organisation's own people waits for nobody else.
    """
    if not row.scenario:
        return []
    who = Who(row.step_of)
    waits = [] if who in OURS else [_("waits for: %(who)s", who=_(WHO[who]))]
    return [_("from the playbook: %(scenario)s", scenario=row.scenario), *waits]
