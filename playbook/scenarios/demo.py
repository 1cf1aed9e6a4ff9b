"""The scenarios with which a network starts; in W13 the first gets a second version, and a draft waits for readers."""

from dataclasses import replace

from sqlalchemy import select

from app import tenancy
from app.database import transaction
from app.demo import DemoRegion, acting_alone
from app.identifiers import uuid7
from playbook.handbook.rules import slug_of
from playbook.scenarios import adopting, service
from playbook.scenarios.models import Scenario, ScenarioVersion
from playbook.scenarios.rules import Event, Step, Who, definition_of
from playbook.scenarios.start import LEGAL_HELP, SCENARIOS, TO_HEARING

EDITORS = {"w13": "redacteur.w13"}
SHOWN_BY = "oostende"  # the network whose last scenario the others may take over
COMMENT = "Juridische hulp toegevoegd, en een dag meer voor het antwoord van de verhuurder"


def load(demo: DemoRegion) -> None:
    """The four scenarios in every network that has none."""
    for slug, network in demo.networks.items():
        editor = demo.users.get(EDITORS.get(slug, ""))
        with acting_alone(tenancy.Context(None, editor.id if editor else None, network.id)):
            if not service.scenarios():
                fill()
                if slug == SHOWN_BY:
                    scenario = service.by_slug(slug_of(SCENARIOS[-1].title))
                    adopting.share(scenario.slug, wanted=True, seen=scenario.draft_version)


def fill() -> None:
    """Publish the first version of each; their keys are those of `start`, so that figures can be compared."""
    by = tenancy.current().user_id
    with transaction() as session:
        for definition in SCENARIOS:
            slug = slug_of(definition.title)
            stored = definition.as_json()
            scenario = Scenario(
                id=uuid7(),
                slug=slug,
                title=definition.title,
                state=service.State.PUBLISHED,
                draft=stored,
                latest=1,
                changed_by=by,
            )
            session.add(scenario)
            session.flush()
            comment = "Eerste versie, na het overleg van het netwerk"
            session.add(
                ScenarioVersion(id=uuid7(), scenario_id=scenario.id, number=1, body=stored, comment=comment, by=by)
            )


def a_year_later(demo: DemoRegion) -> None:
    """The second version of the first scenario in W13, and a draft of another that colleagues are asked to read."""
    if "redacteur.w13" not in demo.users:
        return
    with demo.acting("redacteur.w13"):
        scenario = service.by_slug(slug_of(TO_HEARING.title))
        if scenario.latest > 1:
            return
        service.save_step(scenario.slug, replace(LEGAL_HELP, key=""), scenario.draft_version)
        scenario = service.by_slug(scenario.slug)
        steps = definition_of(scenario.draft).steps
        service.move_step(scenario.slug, steps[-1].key, -5, scenario.draft_version)
        answer = next(step for step in steps if step.key == "verhuurder")
        scenario = service.by_slug(scenario.slug)
        service.save_step(scenario.slug, replace(answer, number=1), scenario.draft_version)
        scenario = service.by_slug(scenario.slug)
        service.publish(scenario.slug, COMMENT, scenario.draft_version)
        other = service.by_slug("sociale-huur-de-laatste-kans")
        service.save_step(
            other.slug,
            Step("", Who.SOCIAL_WORKER, "Na zes maanden nog eens langsgaan", Event.STARTED, 120),
            other.draft_version,
        )
        other = service.by_slug(other.slug)
        service.ask_review(other.slug, other.draft_version)


def scenario_called(title: str) -> Scenario | None:
    """The scenario of the acting network with this title."""
    with transaction() as session:
        query = select(Scenario).where(Scenario.network_id == tenancy.current_network_id(), Scenario.title == title)
        found: Scenario | None = session.scalar(query)
    return found
