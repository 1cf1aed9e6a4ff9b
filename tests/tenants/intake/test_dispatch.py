"""The coordinator: reads what has no OCMW yet, hands it over, and then keeps nothing of the household."""

import uuid

import pytest
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.database import db
from app.security.roles import Role
from tenants.intake import dispatch, service
from tenants.intake.models import Report, ReportAddition, ReportSlip

COORDINATOR = Role.REGIONAL_COORDINATOR
GHENT = {"postcode": "9000", "municipality": "Gent"}


@pytest.fixture
def held(region, reported, reading):
    """(receipt, slip id) of a report without an OCMW."""
    receipt = reported(**GHENT)
    with reading(region.kortrijk):
        return receipt, db.session.scalar(select(ReportSlip.id).where(ReportSlip.reference == receipt.reference))


def test_another_networks_coordinator_finds_nothing(organisation, held, sign_in, send):
    stranger = sign_in(organisation(COORDINATOR), COORDINATOR)
    assert held[0].reference not in stranger.get("/meldingen/netwerk/").get_data(as_text=True)
    assert stranger.get(f"/meldingen/netwerk/{held[1]}/").status_code == 404
    assert send(stranger, f"/meldingen/netwerk/{held[1]}/sluiten").status_code == 404


def test_social_workers_do_not_read_what_waits(region, held, sign_in):
    worker = sign_in(region.kortrijk, Role.SOCIAL_WORKER)
    assert worker.get("/meldingen/netwerk/").status_code == 403
    assert worker.get(f"/meldingen/netwerk/{held[1]}/").status_code == 403


def test_before_dispatch_the_list_is_bare_and_the_page_tells(region, held, sign_in, read):
    client = sign_in(region.kortrijk, COORDINATOR)
    listed = client.get("/meldingen/netwerk/")
    assert held[0].reference in read(listed)
    for word in ("Vermeulen", "Budastraat", "Gent", "Feys"):
        assert word not in read(listed)
    assert "Vermeulen" in read(client.get(f"/meldingen/netwerk/{held[1]}/"))


def test_after_dispatch_only_the_slip_is_left(region, held, sign_in, send, reading, stored):
    client = sign_in(region.kortrijk, COORDINATOR)
    receipt, slip_id = held
    path = f"/meldingen/netwerk/{slip_id}/"
    assert send(client, path, organisation="").status_code == 422
    assert send(client, path, organisation=str(uuid.uuid4())).status_code == 422
    assert send(client, path, organisation=str(region.menen.tenant.id)).status_code == 302
    assert client.get(path).status_code == 404
    listed = client.get("/meldingen/netwerk/").get_data(as_text=True)
    assert receipt.reference in listed
    assert "OCMW Menen" in listed
    assert "Vermeulen" not in listed
    assert stored("SELECT held, handled_by IS NOT NULL FROM report_slip WHERE id = :i", i=slip_id) == [(None, True)]
    with reading(region.menen):
        (report,) = db.session.scalars(select(Report)).all()
        assert (report.reference, report.outside, report.told.last_name) == (receipt.reference, True, "Vermeulen")
        reads = db.session.scalars(select(AuditEvent).where(AuditEvent.why == "dispatch")).all()
        assert [e.actor_id for e in reads] == [region.kortrijk.users[COORDINATOR].id]
    with reading(region.kortrijk):
        assert db.session.scalars(select(Report)).all() == []


def test_an_ocmw_of_another_network_can_not_get_it(organisation, region, held, app):
    elsewhere = organisation()
    with app.app_context(), region.kortrijk.acting(COORDINATOR), pytest.raises(dispatch.DispatchError):
        dispatch.dispatch(held[1], elsewhere.tenant.id)


def test_what_was_added_before_travels_along(app, region, held, reading):
    receipt, slip_id = held
    with app.app_context():
        service.add_words(service.follow(receipt.reference, receipt.code, "192.0.2.1"), "Hij belde terug.")
        db.session.remove()
    with app.app_context(), region.kortrijk.acting(COORDINATOR):
        assert [each["body"] for each in dispatch.open_held(slip_id).additions] == ["Hij belde terug."]
        dispatch.dispatch(slip_id, region.menen.tenant.id)
        db.session.remove()
    with reading(region.menen):
        assert db.session.scalars(select(ReportAddition.body)).all() == ["Hij belde terug."]


def test_closing_erases_and_an_addition_is_refused_in_words(app, region, held, sign_in, send, stored, stranger, read):
    receipt, slip_id = held
    assert send(sign_in(region.kortrijk, COORDINATOR), f"/meldingen/netwerk/{slip_id}/sluiten").status_code == 302
    assert stored("SELECT state, held FROM report_slip WHERE id = :i", i=slip_id) == [("closed", None)]
    given = {"reference": receipt.reference, "code": receipt.code}
    answer = stranger().post("/meldpunt/opvolgen/aanvullen", **given, words="nog iets")
    assert answer.status_code == 422
    assert "nieuwe melding" in read(answer)


def test_a_network_may_let_its_coordinator_read_first(region, sign_in, send, reported, reading, stored):
    client = sign_in(region.kortrijk, COORDINATOR)
    assert send(client, "/meldingen/netwerk/keuze", coordinator_first="yes").status_code == 302
    receipt = reported()
    assert receipt.receiver is None
    slip = stored("SELECT id FROM report_slip WHERE reference = :r", r=receipt.reference)[0][0]
    with reading(region.kortrijk, COORDINATOR):
        assert dispatch.open_held(slip).suggested == region.kortrijk.tenant.id
    assert reported(region.menen.tenant.slug).receiver == "OCMW Kortrijk", "an OCMW's own page goes on as before"
    send(client, "/meldingen/netwerk/keuze", coordinator_first="no")
    assert reported().receiver == "OCMW Kortrijk"
