"""What the tests of outreach share: how a plan stands."""

import pytest
from sqlalchemy import select

from app.database import db
from tenants.cases.intake import NewPerson
from tenants.cases.service import find, save_person
from tenants.outreach.models import OutreachPlan, OutreachStep


@pytest.fixture
def steps_of(reading):
    """The steps of a case's newest plan: channel, day, state."""

    def look(organisation, case_id):
        with reading(organisation):
            plan = db.session.scalar(
                select(OutreachPlan).where(OutreachPlan.case_id == case_id).order_by(OutreachPlan.since.desc()).limit(1)
            )
            query = select(OutreachStep).where(OutreachStep.plan_id == plan.id)
            rows = db.session.scalars(query.order_by(OutreachStep.due_on, OutreachStep.position)).all()
            return [(row.channel, row.due_on.isoformat()[5:], row.state) for row in rows]

    return look


@pytest.fixture
def plans_of(reading):
    """(moment, state, next channel) of each plan of a case, the oldest first."""

    def look(organisation, case_id):
        with reading(organisation):
            query = select(OutreachPlan).where(OutreachPlan.case_id == case_id).order_by(OutreachPlan.since)
            return [(plan.moment, plan.state, plan.next_channel) for plan in db.session.scalars(query)]

    return look


@pytest.fixture
def step_id(reading):
    """The id of a case's open step of a channel."""

    def look(organisation, case_id, channel):
        with reading(organisation):
            query = select(OutreachStep.id).where(
                OutreachStep.case_id == case_id, OutreachStep.channel == channel, OutreachStep.state == "open"
            )
            return db.session.scalar(query.order_by(OutreachStep.due_on, OutreachStep.position).limit(1))

    return look


@pytest.fixture
def with_number(reading):
    """Give the household of a case a telephone number."""

    def give(organisation, case_id):
        with reading(organisation):
            person = find(case_id).persons[0]
            save_person(case_id, person.id, NewPerson(person.last_name, "Dirk", phone="059 12 34 56"), None)

    return give
