"""What the tests of scenarios share: a network with a published scenario, and how the steps of a case stand."""

import pytest

from app.calendar.rules import Unit
from app.database import db
from app.security.roles import Role
from playbook.scenarios import service as shared
from playbook.scenarios.rules import Definition, Event, Step, Who
from tenants.scenarios import service

STEPS = (
    Step("", Who.SOCIAL_WORKER, "Contact zoeken", Event.PETITION, 2),
    Step("", Who.LANDLORD, "Antwoorden op ons voorstel", Event.STARTED, 5, Unit.DAYS, if_not="Bel opnieuw"),
    Step("", Who.SOCIAL_WORKER, "Naar de zitting gaan", Event.HEARING, 1, before=True),
    Step("", Who.SOCIAL_WORKER, "Vonnis bespreken", Event.JUDGMENT, 3),
)


@pytest.fixture(scope="module")
def kept():
    """One organisation for all tests of a module, with editor and team lead."""
    return {}


@pytest.fixture
def ocmw(kept, organisation, app):
    if "ocmw" not in kept:
        made = organisation(Role.SOCIAL_WORKER, Role.TEAM_LEAD, Role.PLAYBOOK_EDITOR)
        with app.app_context(), made.acting(Role.PLAYBOOK_EDITOR):
            scenario = shared.create(Definition("Van verzoekschrift tot zitting", "Samen", "Er is een verzoekschrift"))
            for number, step in enumerate(STEPS, 1):
                shared.save_step(scenario.slug, step, number)
            shared.publish(scenario.slug, "Eerste versie", len(STEPS) + 1)
            made.scenario_id, made.slug = scenario.id, scenario.slug
            db.session.remove()
        kept["ocmw"] = made
    return kept["ocmw"]


@pytest.fixture
def steps_of(reading):
    """(what, state, day) of each step of the scenario that a case follows."""

    def look(organisation, case_id):
        with reading(organisation):
            followed = service.followed_by(case_id)[0]
            return [
                (each.step.what, each.state.value, each.due_on.isoformat()[5:] if each.due_on else None)
                for each in followed.steps
            ]

    return look


@pytest.fixture
def step_called(reading):
    """The id of a step by what it says."""

    def look(organisation, case_id, what):
        with reading(organisation):
            return next(s.id for each in service.followed_by(case_id) for s in each.steps if s.step.what == what)

    return look
