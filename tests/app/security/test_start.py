"""The root address: everybody starts where their day starts."""

import pytest

from app.database import transaction
from app.security.models import Membership
from app.security.roles import Role
from app.security.views import LANDINGS


@pytest.mark.parametrize(
    ("role", "path"),
    [
        (Role.SOCIAL_WORKER, "/vandaag/"),
        (Role.TEAM_LEAD, "/vandaag/"),
        (Role.DPO, "/toegangen/"),
        (Role.TENANT_ADMIN, "/beheer/"),
        (Role.PLATFORM_ADMIN, "/platform/"),
        (Role.PLAYBOOK_EDITOR, "/draaiboek/"),
        (Role.NETWORK_MEMBER, "/draaiboek/"),
        (Role.REGIONAL_COORDINATOR, "/cijfers/"),
    ],
)
def test_each_role_starts_at_its_own_page(organisation, sign_in, role, path):
    client = sign_in(organisation(role), role)
    assert client.get("/").headers["Location"] == path
    assert client.get(path).status_code == 200


def test_every_first_page_exists(app):
    addresses = {rule.rule for rule in app.url_map.iter_rules()}
    assert {path for _right, path in LANDINGS} <= addresses


def test_a_stranger_goes_to_the_door(app):
    assert app.test_client().get("/").headers["Location"] == "/login/"


def test_who_has_no_role_is_told_whom_to_ask(app, organisation, sign_in, csrf):
    ocmw = organisation()
    client = sign_in(ocmw)
    with app.app_context(), ocmw.acting(), transaction() as session:
        session.query(Membership).filter_by(tenant_id=ocmw.tenant.id).delete()
    answer = client.get("/")
    assert answer.status_code == 403
    assert "beheerder" in answer.text
    assert client.get("/dossiers/").status_code == 403
    assert client.post("/logout/", data={"csrf_token": csrf(client)}).status_code == 302
