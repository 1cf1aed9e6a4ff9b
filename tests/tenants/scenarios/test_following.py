"""A case follows a scenario: its steps are tasks, move with its events, stay done through versions; facts agree."""

import threading
from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import select

from app import tenancy
from app.database import db
from app.security.roles import Role
from playbook.scenarios import rules as shared_rules
from playbook.scenarios import service as shared
from playbook.scenarios.rules import Event, Step, Who
from playbook.statistics.models import ScenarioFact
from tenants.cases import tasks
from tenants.cases.codes import JudgmentKind
from tenants.cases.facts import fact_id, rebuild
from tenants.cases.models import Task
from tenants.petitions import hearings
from tenants.scenarios import own, service
from tenants.scenarios.codes import SkipReason, StopReason
from tenants.scenarios.models import CaseScenario
from tenants.scenarios.service import FollowError, GoneError

pytestmark = pytest.mark.usefixtures("on_tuesday")
HEARING = datetime(2026, 12, 10, 9, 30)


@pytest.fixture
def following(ocmw, proceeding, reading):
    """A case with a petition and a hearing that follows the scenario."""
    made = proceeding(ocmw, hearing_at=HEARING)
    with reading(ocmw):
        made_id = service.start(made.case_id, ocmw.scenario_id)
    return made, made_id


def test_steps_become_tasks_with_their_days(ocmw, following, steps_of, reading):
    made, _follow = following
    assert steps_of(ocmw, made.case_id) == [
        ("Contact zoeken", "open", "11-24"),  # the term was over before the start: now
        ("Antwoorden op ons voorstel", "open", "11-30"),  # five days on is a Sunday
        ("Naar de zitting gaan", "open", "12-09"),
        ("Vonnis bespreken", "waiting", None),
    ]
    with reading(ocmw):
        found = [(task.title, task.due_on, task.assigned_to) for task in tasks.tasks_of(made.case_id)]
        me = ocmw.users["social_worker"].id
        assert found == [
            ("Contact zoeken", date(2026, 11, 24), me),
            ("Verhuurder: Antwoorden op ons voorstel", date(2026, 11, 30), me),
            ("Naar de zitting gaan", date(2026, 12, 9), me),
        ]
        (followed,) = service.followed_by(made.case_id)
        assert followed.turn.step.what == "Contact zoeken"
        assert not followed.can_move


def test_days_follow_the_events(ocmw, following, steps_of, step_called, reading):
    made, _follow = following
    with reading(ocmw):
        hearings.set_hearing(made.petition_id, datetime(2026, 12, 15, 9, 30), hearing_id=made.hearing_id)
    assert ("Naar de zitting gaan", "open", "12-14") in steps_of(ocmw, made.case_id)
    with reading(ocmw):
        task = db.session.scalar(select(Task).where(Task.case_id == made.case_id, Task.due_on == date(2026, 12, 14)))
        assert task.title == "Naar de zitting gaan"


def test_a_judgment_wakes_the_step_that_waited(ocmw, proceeding, reading, steps_of):
    made = proceeding(ocmw, judgment_kind=JudgmentKind.CONDITIONAL, pronounced_on=date(2026, 11, 20))
    with reading(ocmw):
        service.start(made.case_id, ocmw.scenario_id)
    assert ("Vonnis bespreken", "open", "11-25") in steps_of(ocmw, made.case_id)


def test_a_step_is_done_where_its_task_is(ocmw, following, steps_of, step_called, reading):
    made, _follow = following
    contact = step_called(ocmw, made.case_id, "Contact zoeken")
    with reading(ocmw):
        service.finish_step(made.case_id, contact)
    with reading(ocmw):
        answer = next(task for task in tasks.tasks_of(made.case_id) if "Antwoorden" in task.title)
        tasks.finish(answer.id)
        hearing = next(task for task in tasks.tasks_of(made.case_id) if "zitting" in task.title)
        tasks.drop_task(hearing.id, "hoeft niet", hearing.version)
    assert [state for _what, state, _day in steps_of(ocmw, made.case_id)] == ["done", "done", "skipped", "waiting"]
    with reading(ocmw):
        facts = db.session.scalars(select(ScenarioFact).where(ScenarioFact.fact_id == fact_id(made.case_id))).all()
        assert sorted((fact.state, fact.days, fact.skip_reason) for fact in facts if fact.state != "waiting") == [
            ("done", 0, None), ("done", 8, None), ("skipped", None, "other"),
        ]  # fmt: skip
        assert rebuild(ocmw.tenant.id, write=False)[1] == []
        tasks.unfinish(answer.id)
        assert rebuild(ocmw.tenant.id, write=False)[1] == []


def test_a_rebuild_puts_wrong_facts_right(ocmw, following, reading):
    made, _follow = following
    with reading(ocmw):
        fact = db.session.scalars(select(ScenarioFact).where(ScenarioFact.fact_id == fact_id(made.case_id))).first()
        wrong, fact.state = fact.id, "done"
        db.session.commit()
        assert rebuild(ocmw.tenant.id)[1] == [wrong]
        assert rebuild(ocmw.tenant.id, write=False)[1] == []


def test_skipping_is_coded_and_can_be_taken_back(ocmw, following, steps_of, step_called, reading):
    made, _follow = following
    answer = step_called(ocmw, made.case_id, "Antwoorden op ons voorstel")
    with reading(ocmw):
        service.skip_step(made.case_id, answer, SkipReason.PARTNER)
        with pytest.raises(GoneError):
            service.skip_step(made.case_id, answer, SkipReason.PARTNER)
        with pytest.raises(GoneError):
            service.finish_step(made.case_id, answer)
        assert "Verhuurder: Antwoorden op ons voorstel" not in [t.title for t in tasks.tasks_of(made.case_id)]
        assert rebuild(ocmw.tenant.id, write=False)[1] == []
    assert steps_of(ocmw, made.case_id)[1] == ("Antwoorden op ons voorstel", "skipped", None)
    with reading(ocmw):
        service.take_up(made.case_id, answer)
    assert steps_of(ocmw, made.case_id)[1] == ("Antwoorden op ons voorstel", "open", "11-30")


def test_a_case_follows_a_scenario_once(app, ocmw, proceeding, reading):
    made = proceeding(ocmw)
    together, answers = threading.Barrier(2, timeout=20), []

    def once():
        with app.app_context(), tenancy.acting(ocmw.context()):
            together.wait()
            try:
                service.start(made.case_id, ocmw.scenario_id)
                answers.append("started")
            except FollowError:
                answers.append("refused")
            db.session.remove()

    threads = [threading.Thread(target=once) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == ["refused", "started"]
    with reading(ocmw):
        rows = db.session.scalars(select(CaseScenario).where(CaseScenario.case_id == made.case_id)).all()
        assert len(rows) == 1


def test_stopping_takes_the_open_tasks_and_keeps_what_was_done(ocmw, following, step_called, steps_of, reading):
    made, follow_id = following
    with reading(ocmw):
        service.finish_step(made.case_id, step_called(ocmw, made.case_id, "Contact zoeken"))
        service.stop(made.case_id, follow_id, StopReason.SOLVED)
        assert [task.title for task in tasks.tasks_of(made.case_id)] == ["Contact zoeken"]
        with pytest.raises(GoneError):
            service.stop(made.case_id, follow_id, StopReason.SOLVED)
        assert rebuild(ocmw.tenant.id, write=False)[1] == []
    assert [state for _w, state, _d in steps_of(ocmw, made.case_id)] == ["done", "waiting", "waiting", "waiting"]


def test_a_new_version_is_offered_and_what_is_done_stays(
    app, organisation, ocmw, kept, proceeding, steps_of, step_called, reading
):
    kept.clear()  # the version that comes here is not the others'
    made = proceeding(ocmw, hearing_at=HEARING)
    with reading(ocmw):
        follow_id = service.start(made.case_id, ocmw.scenario_id)
        service.finish_step(made.case_id, step_called(ocmw, made.case_id, "Contact zoeken"))
    with reading(ocmw, Role.PLAYBOOK_EDITOR):
        draft = shared_rules.definition_of(shared.by_slug(ocmw.slug).draft)
        contact, answer, hearing, _judgment = draft.steps
        shared.save_step(ocmw.slug, replace(hearing, number=2, what="Samen naar de zitting"), 6)
        shared.remove_step(ocmw.slug, contact.key, 7)
        shared.remove_step(ocmw.slug, answer.key, 8)
        shared.save_step(ocmw.slug, Step("", Who.CAW, "Mee op huisbezoek", Event.STARTED, 3), 9)
        assert shared.publish(ocmw.slug, "Na het overleg", 10) == 2
    with reading(ocmw, Role.TEAM_LEAD):
        own.save(shared.by_slug(ocmw.slug), Step("", Who.TEAM_LEAD, "Teamoverleg", Event.STARTED, 1), hearing.key)
    with reading(ocmw):
        followed = service.find(made.case_id, follow_id)
        assert followed.can_move
        assert sorted((each.kind.value, (each.new or each.old).what) for each in followed.changes) == [
            ("added", "Mee op huisbezoek"),
            ("added", "Teamoverleg"),
            ("changed", "Samen naar de zitting"),
            ("removed", "Antwoorden op ons voorstel"),
        ]
        with pytest.raises(GoneError):
            service.move_over(made.case_id, follow_id, 1)
        service.move_over(made.case_id, follow_id, 2)
        assert not service.find(made.case_id, follow_id).can_move
    assert steps_of(ocmw, made.case_id) == [
        ("Samen naar de zitting", "open", "12-08"),
        ("Teamoverleg", "open", "11-25"),
        ("Vonnis bespreken", "waiting", None),
        ("Mee op huisbezoek", "open", "11-27"),
        ("Contact zoeken", "done", "11-24"),
    ]
    with reading(ocmw):
        titles = {task.title for task in tasks.tasks_of(made.case_id)}
        assert titles == {
            "Samen naar de zitting",
            "Hoofdmaatschappelijk werker: Teamoverleg",
            "CAW: Mee op huisbezoek",
            "Contact zoeken",
        }
        assert rebuild(ocmw.tenant.id, write=False)[1] == []
        own_facts = db.session.scalars(select(ScenarioFact.step).where(ScenarioFact.fact_id == fact_id(made.case_id)))
        assert len(own_facts.all()) == 4  # an own step means nothing to others
