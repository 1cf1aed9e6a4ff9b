"""The contact list as the network, its coordinator, an organisation's administrator and a stranger use it."""

from datetime import timedelta

import pytest

from app.database import db
from app.security.models import utc_now
from app.security.roles import Role
from playbook.exchange import service
from playbook.exchange.rules import ContactKind
from playbook.exchange.service import Entry
from tenants.organisations.service import create_tenant

ADMIN, COORDINATOR, WORKER = Role.TENANT_ADMIN, Role.REGIONAL_COORDINATOR, Role.SOCIAL_WORKER


@pytest.fixture
def home(organisation):
    """An organisation with an administrator, a worker, its network's coordinator and one contact; and a neighbour."""
    made = organisation(ADMIN, COORDINATOR, WORKER)
    with made.app.app_context():
        made.neighbour = create_tenant(f"{made.tenant.slug}-buur", "OCMW Buur", network=made.network.slug)
        with made.acting(COORDINATOR):
            made.contact = service.add(entry(made.tenant.id))
            made.other = service.add(entry(made.neighbour.id, name="Piet Buur"))
            db.session.remove()
    return made


def entry(organisation_id, **more):
    known = {"kind": ContactKind.CENTRAL, "name": "Els Baert", "phone": "056 12 34 56"}
    return Entry(organisation_id=organisation_id, **{**known, **more})


def form(organisation_id, csrf, client, **changes):
    known = {"organisation": str(organisation_id), "kind": "central", "name": "Els Baert", "phone": "056 12 34 56"}
    empty = {"job": "", "email": "", "absent_from": "", "absent_to": "", "replacement": ""}
    return {**known, **empty, "csrf_token": csrf(client), **changes}


def paths(prefix, contact):
    return f"/netwerk{prefix}/{contact.id}/", f"/netwerk{prefix}/{contact.id}/verwijderen"


def test_another_network_sees_and_changes_nothing(home, organisation, sign_in, csrf):
    elsewhere = organisation(ADMIN, COORDINATOR)
    for role, prefix in ((COORDINATOR, ""), (ADMIN, "/eigen")):
        stranger = sign_in(elsewhere, role)
        assert "Els Baert" not in stranger.get("/netwerk/").text
        edit, remove = paths(prefix, home.contact)
        assert stranger.get(edit).status_code == 404
        assert stranger.post(edit, data=form(home.tenant.id, csrf, stranger)).status_code == 404
        assert stranger.post(remove, data={"csrf_token": csrf(stranger)}).status_code == 404
        refused = stranger.post(f"/netwerk{prefix}/nieuw/", data=form(home.tenant.id, csrf, stranger))
        assert refused.status_code == 422


def test_everybody_of_the_network_reads_the_list_and_does_not_change_it(home, sign_in, csrf):
    worker = sign_in(home)
    text = worker.get("/netwerk/").text
    assert "Els Baert" in text
    assert "Piet Buur" in text
    assert 'href="tel:056123456"' in text
    for prefix in ("", "/eigen"):
        edit, remove = paths(prefix, home.contact)
        assert worker.get(edit).status_code == 403
        assert worker.post(remove, data={"csrf_token": csrf(worker)}).status_code == 403


def test_an_administrator_changes_the_own_organisation_only(home, sign_in, csrf):
    admin = sign_in(home, ADMIN)
    edit, _remove = paths("/eigen", home.contact)
    assert admin.post(edit, data=form(home.tenant.id, csrf, admin, job="Hoofd sociale dienst")).status_code == 302
    assert "Hoofd sociale dienst" in admin.get("/netwerk/").text
    other_edit, other_remove = paths("/eigen", home.other)
    assert admin.get(other_edit).status_code == 404
    assert admin.post(other_remove, data={"csrf_token": csrf(admin)}).status_code == 404
    assert admin.get(paths("", home.contact)[0]).status_code == 403
    moved = admin.post(edit, data=form(home.neighbour.id, csrf, admin))
    assert moved.status_code == 422
    added = admin.post("/netwerk/eigen/nieuw/", data=form(home.neighbour.id, csrf, admin))
    assert added.status_code == 422


def test_the_coordinator_changes_and_removes_any(home, sign_in, csrf):
    coordinator = sign_in(home, COORDINATOR)
    edit, remove = paths("", home.other)
    assert coordinator.post(edit, data=form(home.neighbour.id, csrf, coordinator, name="Pia Buur")).status_code == 302
    assert "Pia Buur" in coordinator.get("/netwerk/").text
    assert coordinator.post(remove, data={"csrf_token": csrf(coordinator)}).status_code == 302
    assert "Pia Buur" not in coordinator.get("/netwerk/").text


def test_who_is_absent_is_replaced_until_the_replacement_leaves(home, sign_in, csrf):
    coordinator = sign_in(home, COORDINATOR)
    today = utc_now().date()
    away = form(home.tenant.id, csrf, coordinator, replacement=str(home.other.id))
    away |= {"absent_from": str(today - timedelta(days=1)), "absent_to": str(today + timedelta(days=9))}
    assert coordinator.post(paths("", home.contact)[0], data=away).status_code == 302
    text = coordinator.get("/netwerk/").text
    assert "afwezig tot en met" in text
    assert "Bel Piet Buur" in text
    token = {"csrf_token": csrf(coordinator)}
    assert coordinator.post(paths("", home.other)[1], data=token).status_code == 302
    assert "Bel Piet Buur" not in coordinator.get("/netwerk/").text


def test_what_is_wrong_comes_back_at_its_field(home, sign_in, csrf):
    coordinator = sign_in(home, COORDINATOR)
    wrong = form(home.tenant.id, csrf, coordinator, name=" ", phone="bel", email="x")
    answer = coordinator.post(paths("", home.contact)[0], data=wrong)
    assert answer.status_code == 422
    assert answer.text.count('class="wrong"') == 3
    itself = form(home.tenant.id, csrf, coordinator, replacement=str(home.contact.id))
    assert coordinator.post(paths("", home.contact)[0], data=itself).status_code == 422


def test_organisations_without_a_central_contact_are_named_to_who_can_help_it(home, sign_in, csrf):
    coordinator = sign_in(home, COORDINATOR)
    coordinator.post(paths("", home.other)[1], data={"csrf_token": csrf(coordinator)})
    assert "heeft nog geen centrale contactpersoon" in coordinator.get("/netwerk/").text
    assert "heeft nog geen centrale contactpersoon" not in sign_in(home).get("/netwerk/").text
