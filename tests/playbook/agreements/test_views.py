"""The pages of the sharing agreements: the coordinator arranges, the network reads, another network sees nothing."""

import pytest
from sqlalchemy import select

from app import tenancy
from app.database import db
from app.security.roles import Role
from playbook.agreements.models import SharingAgreement, SharingEvent, SharingParty

DUO = {"title": "Duo-begeleiding", "parts": ["household"], "starts_on": "2026-01-01", "body": "## Doel\n\nSamen."}


@pytest.fixture
def post(csrf):
    def send(client, address, **fields):
        return client.post(address, data={**fields, "csrf_token": csrf(client)})

    return send


def test_from_draft_to_end(app, organisation, sign_in, post):
    ocmw = organisation(Role.SOCIAL_WORKER, Role.REGIONAL_COORDINATOR)
    caw, elsewhere = organisation(network=ocmw.network, name="CAW Proef"), organisation()
    coordinator, worker = sign_in(ocmw, Role.REGIONAL_COORDINATOR), sign_in(ocmw)
    assert "Nog geen" in worker.get("/afspraken/").get_data(as_text=True)
    parties = [str(ocmw.tenant.id), str(caw.tenant.id)]

    wrong = post(coordinator, "/afspraken/nieuw/", **DUO, parties=parties[:1])
    assert wrong.status_code == 422
    assert "Duo-begeleiding" in wrong.get_data(as_text=True)  # what was typed stays
    foreign = post(coordinator, "/afspraken/nieuw/", **DUO, parties=[parties[0], str(elsewhere.tenant.id)])
    assert foreign.status_code == 422
    address = post(coordinator, "/afspraken/nieuw/", **DUO, parties=parties).headers["Location"]

    changed = post(coordinator, f"{address}wijzigen", **DUO, parties=parties, version="1")
    assert changed.status_code == 302
    assert post(coordinator, f"{address}in-voege", version="1").status_code == 409
    assert post(coordinator, f"{address}in-voege", version="2").status_code == 302
    version = 3
    page = worker.get(address).get_data(as_text=True)
    assert "CAW Proef" in page
    assert "Samen." in page
    assert post(coordinator, f"{address}wijzigen", **DUO, parties=parties, version=str(version)).status_code == 422
    assert post(coordinator, f"{address}beeindigen", version=str(version), why=" ").status_code == 422
    assert post(coordinator, f"{address}beeindigen", version=str(version), why="Het project stopt").status_code == 302
    page = worker.get(address).get_data(as_text=True)
    assert "Het project stopt" in page
    assert "Deze afspraak geldt niet meer" in page

    assert post(worker, f"{address}beeindigen", version="9", why="x").status_code == 403
    assert sign_in(elsewhere).get(address).status_code == 404
    with app.app_context(), tenancy.acting(elsewhere.context()):
        for table in (SharingAgreement, SharingParty, SharingEvent):
            assert db.session.scalars(select(table)).all() == []
        db.session.remove()
