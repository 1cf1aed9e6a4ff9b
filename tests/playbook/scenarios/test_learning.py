"""What a network learns of a scenario: sums over organisations, nothing small, nothing of another network."""

from datetime import date

import pytest

from app.database import db, transaction
from app.identifiers import uuid7
from app.security.roles import Role
from playbook.scenarios import learning, service
from playbook.scenarios.intervals import share
from playbook.scenarios.rules import Definition, Event, Step, Who
from playbook.statistics.models import CaseFact, ScenarioFact
from playbook.statistics.service import write_facts

MONTH = date(2026, 3, 1)


def case_fact(tenant_id, outcome):
    return {
        "tenant_id": tenant_id, "id": uuid7(), "opened_month": MONTH, "closed_month": MONTH if outcome else None,
        "petition_month": MONTH, "source": "petition", "reason": "rent_arrears", "market": "private",
        "composition": "single", "has_children": None, "birth_decade": None, "stage": "petition", "reached": True,
        "reached_before_hearing": None, "attempts": 1, "judgment": None, "tenant_present": None, "evicted": False,
        "housing_outcome": None, "eviction_outcome": outcome, "procedures": [], "pistes": [], "helped": [],
    }  # fmt: skip


def publish(organisation, scenario_id, key, number, state, outcome=None, *, days=None, why=None):
    """So many cases of an organisation in which the step stands so."""
    tenant = organisation.tenant.id
    with organisation.app.app_context(), organisation.acting():
        with transaction() as session:
            cases = [case_fact(tenant, outcome) for _ in range(number)]
            write_facts(session, cases, CaseFact)
            steps = [
                {
                    "tenant_id": tenant, "id": uuid7(), "fact_id": case["id"], "scenario_id": scenario_id, "number": 1,
                    "step": key, "state": state, "days": days, "skip_reason": why,
                }
                for case in cases
            ]  # fmt: skip
            write_facts(session, steps, ScenarioFact)
        db.session.remove()


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"), [(8, 10, 0.490, 0.943), (0, 5, 0.0, 0.434), (5, 5, 0.566, 1.0)]
)
def test_an_interval(part, whole, low, high):
    found = share(part, whole)
    assert (round(found.low, 3), round(found.high, 3)) == (low, high)
    assert share(0, 0) is None


def test_lessons_of_a_network(app, organisation, sign_in):
    first = organisation(Role.SOCIAL_WORKER, Role.PLAYBOOK_EDITOR)
    others = [organisation(network=first.network) for _ in range(2)]
    elsewhere = organisation()
    with app.app_context(), first.acting(Role.PLAYBOOK_EDITOR):
        scenario = service.create(Definition("Samen", "", "Er is een melding"))
        for number, what in enumerate(("Bellen", "Schrijven"), 1):
            service.save_step(scenario.slug, Step("", Who.CAW, what, Event.OPENED, 3), number)
        service.publish(scenario.slug, "", 3)
        call, write = service.newest(scenario.id).definition.steps
        db.session.remove()
    address = f"/draaiboek/scenario/{scenario.slug}/geleerd/"
    assert "Nog te weinig dossiers" in sign_in(first).get(address).text
    for each in (first, *others):
        publish(each, scenario.id, call.key, 6, "done", "avoided", days=4)
        publish(each, scenario.id, call.key, 5, "done", "carried_out", days=2)
        publish(each, scenario.id, call.key, 5, "skipped", "avoided", why="partner")
        publish(each, scenario.id, call.key, 7, "skipped", "carried_out", why="not_reached")
        publish(each, scenario.id, call.key, 4, "open")
    publish(elsewhere, scenario.id, call.key, 50, "done", "avoided", days=99)
    publish(first, scenario.id, write.key, 3, "done", days=1)
    with app.app_context(), first.acting():
        known = learning.lessons(scenario.id)
        db.session.remove()
    lesson = known[call.key]
    assert (lesson.done, lesson.skipped, lesson.open, lesson.days) == (33, 36, 12, 4)
    assert lesson.why == (("not_reached", 21), ("partner", 15))
    assert (lesson.with_it.part, lesson.with_it.whole) == (18, 33)
    assert (lesson.without_it.part, lesson.without_it.whole) == (15, 36)
    assert known[write.key].is_empty  # three cases: not even that there are any
    page = sign_in(first).get(address).text
    assert "18 van 33" in page
    assert "33" in page
    assert sign_in(elsewhere).get(address).status_code == 404
