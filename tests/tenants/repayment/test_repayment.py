"""The repayment plan of a case: entered, paid in parts, at risk once, and told in the course and in the copy."""

from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from sqlalchemy import select

from app.database import db
from app.security.roles import Role
from tenants.cases.models import Case, Task
from tenants.cases.service import ChangedMeanwhileError
from tenants.cases.tasks import finish
from tenants.letters import service as letters
from tenants.letters.rules import AgreementKind
from tenants.money.rules import repayment_schedule
from tenants.repayment import jobs, service
from tenants.repayment.codes import PlanState
from tenants.repayment.models import RepaymentPlan
from tenants.repayment.service import NewPlan, Receipt, RepaymentError
from tests.conftest import make_organisation

pytestmark = pytest.mark.usefixtures("on_tuesday")  # 24 November 2026
TODAY = date(2026, 11, 24)
PLAN = NewPlan(Decimal(300), date(2026, 11, 1), count=3)
FORM = {"total": "300", "first_due": "2026-11-01", "count": "3"}


@pytest.fixture(scope="module")
def ocmw(app):
    return make_organisation(app, Role.SOCIAL_WORKER, Role.DPO)


@pytest.fixture
def case_id(ocmw, proceeding):
    return proceeding(ocmw).case_id


@contextmanager
def later(day):
    with time_machine.travel(datetime(day.year, day.month, day.day, 9, tzinfo=UTC), tick=False):
        yield


def promises(case_id):
    query = select(Task).where(Task.case_id == case_id, Task.done_at.is_(None))
    return [task for task in db.session.scalars(query) if "afbetaling" in task.title]


def watch(ocmw):
    jobs.watch_of(ocmw.tenant.id, ocmw.network.id)


def test_from_entering_the_plan_to_the_last_payment(ocmw, case_id, sign_in, send, read):
    client, base = sign_in(ocmw), f"/dossiers/{case_id}/afbetaling/"
    assert "Nog geen afbetalingsplan" in read(client.get(f"/dossiers/{case_id}/"))
    assert client.get(base).status_code == 404
    assert 'value="2340,00"' in client.get(f"{base}nieuw").get_data(as_text=True)  # the arrears of the petition
    for wrong in ({"count": ""}, {"monthly": "20"}, {"total": "-3"}, {"first_due": "31/02/2026"}, {"count": "500"}):
        answer = send(client, f"{base}nieuw", **FORM | wrong)
        assert answer.status_code == 422
    assert 'value="300"' in answer.get_data(as_text=True)
    assert send(client, f"{base}nieuw", **FORM).status_code == 302
    assert send(client, f"{base}nieuw", **FORM).status_code == 409

    page = read(client.get(f"/dossiers/{case_id}/"))
    assert "0,00 van € 300,00 betaald" in page.replace("\xa0", " ")
    assert "100,00 achter" in page
    assert "Gemist" in page
    # One click; a second one from the same page is told, and counts nothing.
    assert send(client, f"{base}ontvangen", version="1").location.endswith(f"/dossiers/{case_id}/#afbetaling")
    twice = send(client, f"{base}ontvangen", version="1")
    assert twice.status_code == 409
    assert "Van jou is nog niets bewaard" in read(twice)
    for wrong in ({"amount": "200,01"}, {"amount": "0"}, {"paid_on": "2026-11-25"}, {"amount": "veel"}):
        form = {"paid_on": "2026-11-20", "amount": "50", "note": "aan het loket", "version": "2", "van": "plan"}
        answer = send(client, f"{base}betaling", **form | wrong)
        assert answer.status_code == 422
        assert 'value="aan het loket"' in answer.get_data(as_text=True)
    assert send(client, f"{base}betaling", **form).location == base
    text = read(client.get(base)).replace("\xa0", " ")
    assert "€ 150,00 van € 300,00 betaald, nog € 150,00" in text
    assert "Op schema" in text
    assert send(client, f"{base}betaling", **form | {"amount": "150", "version": "3"}).location == base
    assert "Afbetaald" in read(client.get(base))
    assert send(client, f"{base}ontvangen", version="4").status_code == 422

    course = read(client.get(f"/dossiers/{case_id}/verloop?soort=money")).replace("\xa0", " ")
    for told in ("Afbetalingsplan begonnen", "Afbetaling ontvangen: € 50,00", "aan het loket", "plan: afbetaald"):
        assert told in course
    copy = client.get(f"/dossiers/{case_id}/afschrift")
    assert copy.status_code == 200
    assert "Afbetaling ontvangen: € 50,00" in read(copy).replace("\xa0", " ")


def test_a_payment_by_mistake_is_struck_off_and_stays_told(ocmw, case_id, sign_in, send, read, reading):
    with reading(ocmw):
        service.start(case_id, PLAN)
        shown = service.receive(case_id, Receipt(TODAY, Decimal(300)), 1)
        assert shown.plan.state == PlanState.PAID
        payment_id = service.current(case_id).payments[0].id
    client, base = sign_in(ocmw), f"/dossiers/{case_id}/afbetaling/"
    address = f"{base}{payment_id}/schrappen"
    assert send(client, address, reason=" ", version="2").status_code == 422
    assert send(client, address, reason="ander dossier", version="2", van="plan").location == base
    assert send(client, address, reason="ander dossier", version="3").status_code == 404
    page = read(client.get(base))
    assert "ander dossier" in page
    assert "100,00 achter" in page
    assert "geschrapt" in read(client.get(f"/dossiers/{case_id}/verloop?soort=money"))
    assert send(client, f"{base}stoppen", reason="", version="3").status_code == 422
    assert send(client, f"{base}stoppen", reason="verhuisd", version="3").status_code == 302
    page = read(client.get(base))
    assert "Gestopt verhuisd" in page
    assert "Betaling noteren" not in page


def test_what_stays_out_stands_in_vandaag_once_and_goes_when_it_is_paid(ocmw, case_id, sign_in, reading):
    with reading(ocmw):
        service.start(case_id, PLAN)
        with later(date(2026, 11, 6)):
            watch(ocmw)
            assert promises(case_id) == []  # within the days of grace
        with later(date(2026, 11, 7)):
            watch(ocmw)
            watch(ocmw)
            (task,) = promises(case_id)
            assert (task.kind, task.due_on) == ("promise", date(2026, 11, 7))
            assert task.assigned_to == ocmw.users[Role.SOCIAL_WORKER].id
        service.receive(case_id, Receipt(TODAY, Decimal(40)), None)  # a part: it says less, and stays
        assert "60,00" in promises(case_id)[0].title
    assert "60,00 achter: komt het akkoord in gevaar?" in sign_in(ocmw).get("/vandaag/").get_data(as_text=True)
    with reading(ocmw):
        service.receive_next(case_id, None)
        assert promises(case_id) == []
        watch(ocmw)
        assert promises(case_id) == []
    assert "komt het akkoord in gevaar" not in sign_in(ocmw).get("/vandaag/").get_data(as_text=True)


def test_who_answered_is_asked_again_only_for_the_next_one(ocmw, case_id, reading):
    with reading(ocmw):
        service.start(case_id, PLAN)
        watch(ocmw)
        finish(promises(case_id)[0].id)
        watch(ocmw)
        assert promises(case_id) == []
        with later(date(2026, 12, 9)):
            watch(ocmw)
            assert "200,00" in promises(case_id)[0].title
        with later(date(2027, 1, 9)):  # still open: the same task says more
            watch(ocmw)
            assert "300,00" in promises(case_id)[0].title
            service.stop(case_id, "nieuw akkoord", None)
            assert promises(case_id) == []


def test_no_task_for_a_closed_case(ocmw, case_id, reading):
    with reading(ocmw):
        service.start(case_id, PLAN)
        db.session.get_one(Case, case_id).state = "closed"
        db.session.commit()
        watch(ocmw)
        assert promises(case_id) == []


def test_closing_tells_that_a_plan_runs_and_a_hearing_is_to_come(ocmw, proceeding, sign_in, send, read, reading):
    made = proceeding(ocmw, hearing_at=datetime(2026, 12, 3, 9, tzinfo=UTC))
    client, page = sign_in(ocmw), f"/dossiers/{made.case_id}"
    assert "Er loopt nog een afbetalingsplan" not in read(client.get(f"{page}/sluiten"))
    with reading(ocmw):
        service.start(made.case_id, PLAN)
    shown = read(client.get(f"{page}/sluiten")).replace("\xa0", " ")
    assert "Er komt nog een zitting, op donderdag 3 december 2026. Die verdwijnt uit de zittingslijst" in shown
    assert "Er loopt nog een afbetalingsplan: € 0,00 van € 300,00 betaald" in shown
    assert "do 3 dec" in read(client.get("/zittingen/"))
    assert "gesloten sinds" not in read(client.get(f"{page}/noteren"))
    end = {
        "closed_on": "2026-11-24",
        "housing": "stayed",
        "eviction": "avoided",
        "left_open": "Verhuisd",
        "version": "1",
    }
    answer = send(client, f"{page}/sluiten", **end)
    assert answer.status_code == 302, read(answer)
    assert "do 3 dec" not in read(client.get("/zittingen/"))  # as was told
    for form in (f"{page}/noteren", f"{page}/bijlagen/nieuw", f"/pogingen/dossier/{made.case_id}/nieuw"):
        assert "Dit dossier is gesloten sinds dinsdag 24 november 2026." in read(client.get(form)), form
    with reading(ocmw):
        assert service.receive(made.case_id, Receipt(TODAY, Decimal(100)), 1).is_running  # as was told


def test_the_plan_of_an_agreement_replaces_the_one_before(ocmw, case_id, reading):
    with reading(ocmw):
        service.start(case_id, PLAN)
        service.receive_next(case_id, None)
        document_id = letters.start_agreement(case_id, AgreementKind.GUIDANCE)
        service.start_from_agreement(case_id, document_id, ())  # nothing is owed: the plan goes on
        assert service.current(case_id).plan.document_id is None
        service.start_from_agreement(case_id, document_id, repayment_schedule(Decimal(500), TODAY, count=5))
        new, old = service.plans_of(case_id)
        assert (new.plan.document_id, new.plan.state, old.plan.state) == (document_id, "running", "replaced")
        assert (new.balance.total, new.balance.received, old.balance.received) == (500, 0, 100)


def test_what_can_not_be_is_refused_and_leaves_nothing(ocmw, case_id, reading):
    with reading(ocmw):
        service.start(case_id, PLAN)
        for refused in (
            lambda: service.receive(case_id, Receipt(TODAY, Decimal("300.01")), None),
            lambda: service.receive(case_id, Receipt(date(2026, 11, 25), Decimal(1)), None),
            lambda: service.stop(case_id, " ", None),
        ):
            with pytest.raises(RepaymentError):
                refused()
        with pytest.raises(ChangedMeanwhileError):
            service.receive(case_id, Receipt(TODAY, Decimal(1)), 7)
        shown = service.current(case_id)
        assert (shown.payments, shown.plan.version) == ([], 1)


def test_nobody_else_sees_or_changes_it(ocmw, case_id, organisation, sign_in, send, reading):
    with reading(ocmw):
        service.start(case_id, PLAN)
    base = f"/dossiers/{case_id}/afbetaling/"
    other, reader = sign_in(organisation()), sign_in(ocmw, Role.DPO)
    for path in ("", "nieuw", "stoppen"):
        assert other.get(base + path).status_code == 404
    assert send(other, f"{base}ontvangen", version="1").status_code == 404
    assert send(reader, f"{base}ontvangen", version="1").status_code == 403
    with reading(ocmw):
        assert db.session.scalars(select(RepaymentPlan.version).where(RepaymentPlan.case_id == case_id)).all() == [1]
