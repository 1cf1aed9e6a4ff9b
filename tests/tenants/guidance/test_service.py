"""Procedures, pistes and aftercare in the database: what is kept, what is refused, and the facts in step."""

import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, text

from app.database import db, owner_engine
from app.security.roles import Role
from playbook.statistics.models import CaseFact
from tenants.cases import service as cases
from tenants.cases.codes import EvictionOutcome, HousingOutcome, LandlordKind, Market, TaskKind
from tenants.cases.facts import fact_id, rebuild
from tenants.cases.intake import NewHousehold
from tenants.cases.models import Case, Task
from tenants.cases.service import CaseError, ChangedMeanwhileError, Closing, LeftOpenError, NoSuchCaseError
from tenants.guidance import aftercare, checklist, service
from tenants.guidance.codes import (
    Condition,
    ContactAfter,
    Means,
    Piste,
    PisteState,
    ProcedureKind,
    ProcedureOutcome,
    ProcedureState,
    Step,
    StillThere,
    Verdict,
)
from tenants.guidance.models import ConditionAnswer, FollowUp, GuidanceProcedure
from tenants.guidance.rules.aftercare import Answer
from tenants.guidance.service import GuidanceError

TODAY, YESTERDAY = date(2026, 11, 24), date(2026, 11, 23)
AVOIDED = (HousingOutcome.STAYED, EvictionOutcome.AVOIDED)


def fact(ocmw, case_id):
    """The published fact of the case; a rebuild must agree with it."""
    assert rebuild(ocmw.tenant.id, write=False)[1] == []
    return db.session.get_one(CaseFact, fact_id(case_id))


def state_of(procedure_id):
    db.session.expire_all()
    return db.session.get_one(GuidanceProcedure, procedure_id).state


def test_what_began_before_it_was_noted_is_noted_as_it_was(make_case, inside):
    case_id = make_case()
    with inside():
        opened = db.session.get_one(Case, case_id).opened_on
        procedure = service.consider(case_id, ProcedureKind.HOUSING_DESK)
        with pytest.raises(GuidanceError) as refused:
            service.begin(procedure, opened - timedelta(days=1))
        assert refused.value.field == "on"
        service.begin(procedure, opened)
        row = db.session.get_one(GuidanceProcedure, procedure)
        assert (row.considered_on, row.decided_on) == (opened, opened)


def test_a_fund_procedure_from_consideration_to_its_end(ocmw, make_case, inside):
    case_id = make_case()
    with inside():
        procedure = service.consider(case_id, ProcedureKind.FBU)
        assert fact(ocmw, case_id).procedures == ["fbu:considered"]
        for condition in (Condition.LANDLORD_SIGNS, Condition.ACCEPTS_GUIDANCE, Condition.ACCEPTS_BUDGET_HELP):
            service.answer(case_id, condition, Verdict.MET, "aan tafel gezegd")
        with pytest.raises(GuidanceError) as refused:
            service.begin(procedure, TODAY)  # nobody knows yet whether the budget plan is positive
        assert refused.value.field == "reason"
        service.begin(procedure, TODAY, "Het budgetplan volgt morgen; comité akkoord")
        service.mark_step(procedure, Step.BUDGET_PLAN, done=True)
        service.mark_step(procedure, Step.BUDGET_PLAN, done=True)
        service.mark_step(procedure, Step.COMMITTEE, done=True)
        service.mark_step(procedure, Step.COMMITTEE, done=False)
        with pytest.raises(NoSuchCaseError):
            service.mark_step(procedure, Step.TALK_COMPANY, done=True)  # belongs to another procedure
        _case, seen = service.find(procedure)
        assert set(seen.done) == {Step.BUDGET_PLAN}
        with pytest.raises(GuidanceError):
            service.end(procedure, TODAY, ProcedureOutcome.ANSWERED)  # no end of the fund
        with pytest.raises(GuidanceError):
            service.end(procedure, YESTERDAY, ProcedureOutcome.REACHED)  # before it began
        service.end(procedure, TODAY, ProcedureOutcome.REACHED, "Blijft wonen")
        assert fact(ocmw, case_id).procedures == ["fbu:ended"]
        with pytest.raises(GuidanceError):
            service.mark_step(procedure, Step.STABLE, done=True)
        again = service.consider(case_id, ProcedureKind.FBU)  # a new one may follow
        assert fact(ocmw, case_id).procedures == ["fbu:considered", "fbu:ended"]
        service.drop(again, None)
        with pytest.raises(GuidanceError):
            service.drop(procedure, None)


def test_a_refusal_names_an_unmet_condition_and_why(ocmw, make_case, inside):
    case_id = make_case(market=Market.SOCIAL, landlord=LandlordKind.WOONMAATSCHAPPIJ)
    with inside():
        procedure = service.consider(case_id, ProcedureKind.SOCIAL_PREVENTION)
        with pytest.raises(GuidanceError):
            service.begin(procedure, TODAY, "toch")  # arrears alone don't qualify, whatever is explained
        for condition, why in ((Condition.LAST_CHANCE, "geen"), (Condition.NUISANCE, "  ")):
            with pytest.raises(GuidanceError):
                service.refuse(procedure, TODAY, condition, why)
        assert state_of(procedure) == ProcedureState.CONSIDERED
        service.refuse(procedure, TODAY, Condition.NUISANCE, "Er is enkel huurachterstal")
        row = db.session.get_one(GuidanceProcedure, procedure)
        assert (row.state, row.refused_for) == ("refused", "nuisance")
        assert fact(ocmw, case_id).procedures == ["social_prevention:refused"]
        service.reconsider(procedure)
        assert state_of(procedure) == ProcedureState.CONSIDERED
        assert db.session.get_one(GuidanceProcedure, procedure).reason is None


def test_a_decision_keeps_the_conditions_of_its_day(make_case, inside):
    case_id = make_case(income=Decimal(700))
    with inside():
        procedure = service.consider(case_id, ProcedureKind.FBU)
        service.refuse(procedure, TODAY, Condition.POSITIVE_BUDGET, "De huur is hoger dan het inkomen")
        cases.save_household(case_id, NewHousehold(net_income=Decimal(2400)), None)
        _case, seen = service.find(procedure)
        decided = {c.condition: c for c in seen.checks}[Condition.POSITIVE_BUDGET]
        assert decided.verdict is Verdict.NOT_MET
        assert decided.finding.params["income"] == Decimal(700)
        service.reconsider(procedure)
        _case, seen = service.find(procedure)
        assert {c.condition: c.verdict for c in seen.checks}[Condition.POSITIVE_BUDGET] is Verdict.UNKNOWN


def test_an_answer_is_kept_with_who_and_when_and_only_where_the_case_is_silent(ocmw, make_case, inside):
    case_id = make_case()
    with inside(Role.TEAM_LEAD):
        service.answer(case_id, Condition.ACCEPTS_GUIDANCE, Verdict.NOT_MET, "wil niemand over de vloer", version=0)
        row = service.answers_of(case_id)[Condition.ACCEPTS_GUIDANCE]
        assert (row.yes, row.by) == (False, ocmw.users[Role.TEAM_LEAD].id)
        assert row.at.date() == TODAY
        with pytest.raises(GuidanceError):
            service.answer(case_id, Condition.PRIVATE_MARKET, Verdict.NOT_MET)  # the case says so itself
        with pytest.raises(ChangedMeanwhileError):
            service.answer(case_id, Condition.ACCEPTS_GUIDANCE, Verdict.MET, version=0)
        service.answer(case_id, Condition.ACCEPTS_GUIDANCE, Verdict.UNKNOWN, version=row.version)
        assert service.answers_of(case_id) == {}
    with inside() as session:
        acts = session.scalars(
            text("SELECT act FROM audit_event WHERE subject = 'condition_answer' AND case_id = :c"),
            {"c": case_id},
        )
        assert sorted(acts) == ["delete", "insert"]  # the trail knows the answer and its end


def test_two_colleagues_who_consider_the_same_at_once_make_one(app, ocmw, make_case, settings):
    case_id = make_case()
    told, both = [], threading.Barrier(2)

    def consider():
        with app.app_context(), ocmw.acting():
            both.wait()
            try:
                service.consider(case_id, ProcedureKind.HOUSING_GUIDANCE)
                told.append("made")
            except GuidanceError as error:
                told.append(error.message)
            db.session.remove()

    threads = [threading.Thread(target=consider) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["This procedure is considered or running in this case already.", "made"]


def test_who_decides_on_an_older_page_is_told(make_case, inside):
    case_id = make_case()
    with inside():
        procedure = service.consider(case_id, ProcedureKind.CRISIS_MEDIATION)
        service.begin(procedure, TODAY, version=1)
        with pytest.raises(ChangedMeanwhileError):
            service.end(procedure, TODAY, ProcedureOutcome.REACHED, version=1)
        with pytest.raises(GuidanceError):
            service.begin(procedure, TODAY, version=2)
        for day in (date(2026, 11, 25), date(2026, 11, 1)):
            with pytest.raises(GuidanceError):
                service.end(procedure, day, ProcedureOutcome.REACHED)
        assert state_of(procedure) == ProcedureState.RUNNING


def test_pistes_are_kept_counted_and_never_overwritten_unseen(ocmw, make_case, inside):
    case_id = make_case()
    with inside():
        checklist.answer_piste(case_id, Piste.MONEY, PisteState.EXPLORED, [Means.REPAYMENT, Means.FUND], version=0)
        checklist.answer_piste(case_id, Piste.RIGHTS, PisteState.NOT_APPLICABLE, note="Alles loopt al")
        with pytest.raises(GuidanceError):
            checklist.answer_piste(case_id, Piste.MEDIATION, PisteState.RESULT)
        with pytest.raises(ChangedMeanwhileError):
            checklist.answer_piste(case_id, Piste.MONEY, PisteState.RESULT, note="plan", version=0)
        row = checklist.pistes_of(case_id)[Piste.MONEY]
        assert (row.means, row.state) == (["fund", "repayment"], "explored")
        assert fact(ocmw, case_id).pistes == ["money"]
        left = [(each.text, each.params["name"]) for each in checklist.left_open(case_id)]
        assert len(left) == 3
        assert left[0] == ("Piste not looked at: %(name)s.", "Mediation or conciliation")


def test_a_case_closes_with_an_open_end_only_for_a_reason(ocmw, make_case, inside):
    case_id = make_case()
    with inside():
        procedure = service.consider(case_id, ProcedureKind.HOUSING_DESK)
        for piste in Piste:
            checklist.answer_piste(case_id, piste, PisteState.NOT_APPLICABLE, note="zelf opgelost")
        assert [each.params["name"] for each in checklist.left_open(case_id)] == ["Question for the housing desk"]
        with pytest.raises(LeftOpenError):
            cases.close(case_id, Closing(TODAY, *AVOIDED, left_open="  "), None)
        assert db.session.get_one(Case, case_id).state == "open"
        assert aftercare.follow_ups_of(case_id) == []
        service.begin(procedure, TODAY)
        service.end(procedure, TODAY, ProcedureOutcome.ANSWERED)
        cases.close(case_id, Closing(TODAY, *AVOIDED), None)
        assert fact(ocmw, case_id).closed_month == date(2026, 11, 1)
        for change in (
            lambda: service.consider(case_id, ProcedureKind.FBU),
            lambda: service.answer(case_id, Condition.ACCEPTS_GUIDANCE, Verdict.MET),
            lambda: checklist.answer_piste(case_id, Piste.MONEY, PisteState.EXPLORED),
        ):
            with pytest.raises(GuidanceError, match="closed"):
                change()


def closed_case(make_case, inside):
    case_id = make_case()
    with inside():
        cases.close(case_id, Closing(TODAY, *AVOIDED, left_open="verhuisd"), None)
    return case_id


def questions(case_id):
    return [(each.months, each.due_on, each.task_id) for each in aftercare.follow_ups_of(case_id)]


def test_after_closing_people_are_asked_three_times_by_a_task(ocmw, make_case, inside):
    case_id = closed_case(make_case, inside)
    with inside():
        asked = questions(case_id)
        assert [months for months, _day, _task in asked] == [3, 6, 12]
        for _months, day, task_id in asked:
            task = db.session.get_one(Task, task_id)
            assert (task.kind, task.due_on, task.assigned_to) == (
                TaskKind.AFTERCARE, day, ocmw.users[Role.SOCIAL_WORKER].id,
            )  # fmt: skip
        first = asked[0][2]
        answer = Answer(ContactAfter.HOUSEHOLD, StillThere.NO, HousingOutcome.FAMILY, "bij de zus")
        with pytest.raises(GuidanceError) as refused:
            aftercare.answer(first, Answer(ContactAfter.NONE, StillThere.YES))
        assert refused.value.field == "still_there"
        aftercare.answer(first, answer)
        with pytest.raises(ChangedMeanwhileError):
            aftercare.answer(first, answer)
        row = aftercare.of_task(first)[1]
        assert (row.contact, row.still_there, row.housing, row.note) == ("household", "no", "family", "bij de zus")
        assert db.session.get_one(Task, first).done_at is not None


def test_who_wants_no_questions_gets_none(make_case, inside):
    case_id = closed_case(make_case, inside)
    with inside():
        first, *later = [task_id for _months, _day, task_id in questions(case_id)]
        aftercare.answer(first, Answer(ContactAfter.UNWANTED, StillThere.UNKNOWN))
        assert [task_id for _m, _d, task_id in questions(case_id)] == [first]
        assert all(db.session.get(Task, task_id) is None for task_id in later)


def test_opening_again_stops_the_questions_and_keeps_the_answers(make_case, inside):
    case_id = closed_case(make_case, inside)
    with inside():
        first = questions(case_id)[0][2]
        aftercare.answer(first, Answer(ContactAfter.OTHERS, StillThere.YES))
        cases.reopen(case_id, None)
        assert [task_id for _m, _d, task_id in questions(case_id)] == [first]
        assert db.session.scalars(select(Task.id).where(Task.case_id == case_id)).all() == [first]
        cases.close(case_id, Closing(TODAY, *AVOIDED, left_open="verhuisd"), None)
        assert [months for months, _d, _t in questions(case_id)] == [3, 3, 6, 12]


def test_a_refused_closing_plans_nothing(make_case, inside):
    case_id = make_case()
    with inside(), pytest.raises(CaseError):
        cases.close(case_id, Closing(date(2026, 11, 1), *AVOIDED, left_open="x"), None)
    with inside():
        assert db.session.scalars(select(FollowUp).where(FollowUp.case_id == case_id)).all() == []


def test_notes_are_sealed(make_case, inside, settings):
    case_id = make_case()
    with inside():
        service.answer(case_id, Condition.ACCEPTS_GUIDANCE, Verdict.MET, "geheime zin een")
        checklist.answer_piste(case_id, Piste.RIGHTS, PisteState.RESULT, note="geheime zin twee")
        procedure = service.consider(case_id, ProcedureKind.CRISIS_MEDIATION)
        service.begin(procedure, TODAY, "geheime zin drie")
    engine = owner_engine(settings)
    with engine.connect() as admin:
        for table in ("condition_answer", "piste", "guidance_procedure", "audit_event"):
            stored = admin.scalar(text(f"SELECT string_agg(t::text, '') FROM {table} t"))
            assert "geheime zin" not in (stored or ""), table
    engine.dispose()


def test_another_organisation_finds_none_of_it(app, organisation, make_case, inside):
    case_id = make_case()
    with inside():
        procedure = service.consider(case_id, ProcedureKind.CRISIS_MEDIATION)
    other = organisation()
    with app.app_context(), other.acting():
        for call in (
            lambda: service.find(procedure),
            lambda: service.consider(case_id, ProcedureKind.FBU),
            lambda: service.begin(procedure, TODAY),
            lambda: checklist.answer_piste(case_id, Piste.MONEY, PisteState.EXPLORED),
            lambda: aftercare.of_task(procedure),
        ):
            with pytest.raises(NoSuchCaseError):
                call()
        assert db.session.scalars(select(ConditionAnswer)).all() == []
        db.session.remove()
