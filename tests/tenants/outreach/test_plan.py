"""A plan starts by itself, is ticked by attempts, changed by people, and ends."""

import threading
from datetime import date, datetime

import pytest

from app import tenancy
from app.database import db, transaction
from app.security.models import utc_now
from tenants.cases.codes import Channel, ContactResult, EvictionOutcome, HousingOutcome, JudgmentKind, Presence
from tenants.cases.service import Closing, close, reopen
from tenants.outreach import plan as plans
from tenants.outreach.attempt import note_attempt
from tenants.outreach.models import OutreachPlan
from tenants.outreach.service import NewAttempt
from tenants.petitions import changes, hearings
from tenants.petitions.service import recompute

pytestmark = pytest.mark.usefixtures("on_tuesday")
FUTURE = datetime(2026, 12, 10, 9, 30)


@pytest.fixture(scope="module")
def shared():
    return {}


@pytest.fixture
def ocmw(shared, organisation):
    if "ocmw" not in shared:
        shared["ocmw"] = organisation()
    return shared["ocmw"]


def attempt(ocmw, reading, case_id, channel, result=ContactResult.NOT_HOME):
    with reading(ocmw):
        note_attempt(NewAttempt(case_id, utc_now(), channel, result))


def test_a_petition_starts_a_plan_once(ocmw, proceeding, reading, steps_of, plans_of):
    made = proceeding(ocmw, hearing_at=FUTURE)
    assert steps_of(ocmw, made.case_id) == [
        ("letter", "11-24", "open"), ("home_visit", "11-27", "open"), ("postcard", "11-27", "open"),
        ("inquiry", "11-30", "open"), ("home_visit", "12-02", "open"), ("social_media", "12-02", "open"),
        ("hospital", "12-04", "open"),
    ]  # fmt: skip
    with reading(ocmw):
        recompute([made.case_id])
    assert plans_of(ocmw, made.case_id) == [("petition", "running", "letter")]


def test_two_who_come_at_once_make_one_plan(app, ocmw, proceeding, reading, plans_of):
    made = proceeding(ocmw, hearing_at=FUTURE)
    with reading(ocmw), transaction() as session:
        session.delete(session.get(OutreachPlan, plans.plans_of(made.case_id)[0].row.id))
    together = threading.Barrier(2, timeout=20)

    def once():
        with app.app_context(), tenancy.acting(ocmw.context()):
            together.wait()
            recompute([made.case_id])
            db.session.remove()

    both = [threading.Thread(target=once) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert plans_of(ocmw, made.case_id) == [("petition", "running", "letter")]


def test_an_attempt_ticks_its_step_and_being_reached_ends_the_plan(ocmw, proceeding, reading, steps_of, plans_of):
    made = proceeding(ocmw, hearing_at=FUTURE)
    attempt(ocmw, reading, made.case_id, Channel.HOME_VISIT)
    assert ("home_visit", "11-27", "done") in steps_of(ocmw, made.case_id)
    assert ("home_visit", "12-02", "open") in steps_of(ocmw, made.case_id)
    attempt(ocmw, reading, made.case_id, Channel.LANDLORD, ContactResult.REACHED)
    assert plans_of(ocmw, made.case_id) == [("petition", "reached", None)]


def test_the_next_moments_start_their_own_plan(ocmw, proceeding, reading, plans_of):
    made = proceeding(ocmw, received_on=date(2026, 10, 1), reached_on=date(2026, 10, 5))
    assert plans_of(ocmw, made.case_id) == [("petition", "reached", None)]
    with reading(ocmw):
        changes.save_judgment(made.petition_id, JudgmentKind.DEFAULT, date(2026, 10, 20), date(2026, 10, 22), None)
    with reading(ocmw):
        changes.save_eviction(made.petition_id, date(2026, 11, 13), None, None)
    with reading(ocmw):
        changes.save_eviction(made.petition_id, date(2026, 11, 13), None, date(2026, 11, 24))
    assert plans_of(ocmw, made.case_id) == [
        ("petition", "reached", None),
        ("judgment", "overtaken", None),
        ("notice", "overtaken", None),
        ("eviction", "running", "inquiry"),
    ]


def test_a_withdrawn_petition_and_a_closed_case_end_the_plan(ocmw, proceeding, reading, plans_of):
    withdrawn = proceeding(ocmw, hearing_at=datetime(2026, 11, 23, 9, 30))
    with reading(ocmw):
        hearings.record_hearing(withdrawn.hearing_id, hearings.HearingRecord((Presence.OCMW,), JudgmentKind.WITHDRAWN))
    assert plans_of(ocmw, withdrawn.case_id) == [("petition", "over", None)]
    closed = proceeding(ocmw, hearing_at=FUTURE)
    with reading(ocmw):
        close(
            closed.case_id,
            Closing(
                date(2026, 11, 24), HousingOutcome.STAYED, EvictionOutcome.AVOIDED, left_open="zitting gaat niet door"
            ),
            None,
        )
    assert plans_of(ocmw, closed.case_id) == [("petition", "over", None)]
    with reading(ocmw):
        reopen(closed.case_id, None)
    assert plans_of(ocmw, closed.case_id) == [("petition", "running", "letter")]


def test_a_hearing_that_is_set_nearer_pulls_the_steps_forward(ocmw, proceeding, reading, steps_of):
    made = proceeding(ocmw, hearing_at=FUTURE)
    with reading(ocmw):
        hearings.set_hearing(made.petition_id, datetime(2026, 11, 27, 9, 30), hearing_id=made.hearing_id)
    assert {day for _channel, day, _state in steps_of(ocmw, made.case_id)} == {"11-24", "11-26"}


def test_an_old_register_starts_nothing(ocmw, proceeding, reading):
    made = proceeding(ocmw, received_on=date(2020, 3, 2))
    with reading(ocmw):
        assert plans.plans_of(made.case_id) == []


def test_a_worker_adds_moves_and_skips(ocmw, proceeding, sign_in, send, steps_of, step_id, read):
    made = proceeding(ocmw, hearing_at=FUTURE)
    client = sign_in(ocmw)
    case_page = client.get(f"/dossiers/{made.case_id}/")
    assert "Aanklampen: plan" in read(case_page)
    letter, visit = step_id(ocmw, made.case_id, "letter"), step_id(ocmw, made.case_id, "home_visit")
    assert client.get(f"/pogingen/stap/{letter}/").status_code == 200
    answer = send(client, f"/pogingen/stap/{letter}/", do="skip", reason="")
    assert (answer.status_code, "Zeg waarom" in read(answer)) == (422, True)
    assert send(client, f"/pogingen/stap/{letter}/", do="skip", reason="adres klopt niet").status_code == 302
    answer = send(client, f"/pogingen/stap/{visit}/", do="move", day="2026-11-23")
    assert (answer.status_code, "Die dag is voorbij" in read(answer)) == (422, True)
    late = send(client, f"/pogingen/stap/{visit}/", do="move", day="2026-11-30", seen="2026-11-25")
    assert late.status_code == 409  # it stands on another day than the form was opened with
    assert "Een collega plande deze stap intussen op een andere dag" in late.get_data(as_text=True)
    assert send(client, f"/pogingen/stap/{visit}/", do="move", day="2026-11-30", first="y").status_code == 302
    plan_page = next(part for part in case_page.get_data(as_text=True).split('"') if part.startswith("/pogingen/plan/"))
    assert send(client, plan_page, do="add", channel="partner", day="2026-11-25").status_code == 302
    assert steps_of(ocmw, made.case_id)[:5] == [
        ("letter", "11-24", "skipped"),
        ("partner", "11-25", "open"),
        ("postcard", "11-27", "open"),
        ("home_visit", "11-30", "open"),
        ("inquiry", "11-30", "open"),
    ]
    page = read(client.get(f"/dossiers/{made.case_id}/"))
    assert "Overgeslagen: adres klopt niet" in page
    answer = send(client, f"/pogingen/stap/{letter}/", do="skip", reason="nog eens")
    assert answer.status_code == 409
    assert "intussen gezet of overgeslagen" in read(answer)
    assert "nog eens" in answer.get_data(as_text=True)


def test_a_plan_that_is_used_up_says_what_remains_until_it_is_stopped(
    ocmw, proceeding, sign_in, send, reading, plans_of, read
):
    made = proceeding(ocmw, "Opgebruikt", hearing_at=datetime(2026, 11, 25, 9, 30))
    for channel in (Channel.HOME_VISIT, Channel.POSTCARD, Channel.INQUIRY):
        attempt(ocmw, reading, made.case_id, channel)
    assert plans_of(ocmw, made.case_id) == [("petition", "exhausted", None)]
    client = sign_in(ocmw)
    page = client.get(f"/dossiers/{made.case_id}/")
    assert "Elke stap is gezet en niemand is bereikt. Wat nog kan: Huisbezoek, Telefoon, Brief, Sms" in read(page)
    assert "Aanklampen: kies wat nog kan Opgebruikt, Dirk" in read(client.get("/vandaag/"))
    plan_page = next(part for part in page.get_data(as_text=True).split('"') if part.startswith("/pogingen/plan/"))
    assert send(client, plan_page, do="stop", reason="").status_code == 422
    assert send(client, plan_page, do="stop", reason="komt naar de zitting").status_code == 302
    assert plans_of(ocmw, made.case_id) == [("petition", "stopped", None)]
    assert "Opgebruikt" not in read(client.get("/vandaag/")).split("Vandaag")[1].split("Zitting")[0]


def test_a_step_that_is_due_stands_in_today(ocmw, proceeding, sign_in, with_number, read):
    made = proceeding(ocmw, "Beller", received_on=date(2026, 11, 24), hearing_at=FUTURE)
    page = sign_in(ocmw).get("/vandaag/")
    assert "Aanklampen: Brief Beller, Dirk · Torhoutsesteenweg 41 · Na het verzoekschrift" in read(page)
    assert f"/pogingen/dossier/{made.case_id}/nieuw?kanaal=letter&amp;van=vandaag" in page.get_data(as_text=True)


def test_a_plan_by_hand_where_none_starts_by_itself(ocmw, proceeding, sign_in, send, plans_of, read):
    made = proceeding(ocmw, received_on=date(2020, 3, 2))
    client = sign_in(ocmw)
    page = client.get(f"/dossiers/{made.case_id}/")
    assert "geen plan vanzelf gestart" in read(page)
    assert f'href="/pogingen/dossier/{made.case_id}/nieuw"' in page.text  # a call is noted without a plan too
    assert send(client, f"/pogingen/dossier/{made.case_id}/plan").status_code == 302
    assert plans_of(ocmw, made.case_id) == [("petition", "running", "letter")]
    answer = client.get(send(client, f"/pogingen/dossier/{made.case_id}/plan").headers["Location"])
    assert "Er is al een plan voor dit moment" in answer.get_data(as_text=True)


def test_another_organisation_changes_no_plan(ocmw, organisation, proceeding, sign_in, send, step_id, steps_of):
    made = proceeding(ocmw, hearing_at=FUTURE)
    step = step_id(ocmw, made.case_id, "letter")
    before = steps_of(ocmw, made.case_id)
    stranger = sign_in(organisation())
    assert send(stranger, f"/pogingen/stap/{step}/", do="skip", reason="x").status_code == 404
    assert send(stranger, f"/pogingen/dossier/{made.case_id}/plan").status_code == 404
    assert steps_of(ocmw, made.case_id) == before
