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


def test_an_organisation_is_not_made_without_its_administrator(organisation, sign_in, csrf):
    made = organisation(Role.PLATFORM_ADMIN)
    client = sign_in(made, Role.PLATFORM_ADMIN)

    def ask(slug, email):
        fields = {"name": "OCMW", "slug": slug, "network": made.network.slug, "kind": "ocmw", "nis": ""}
        person = {"admin_first_name": "An", "admin_last_name": "Maes", "admin_email": email}
        token = {"csrf_token": csrf(client)}
        return client.post("/platform/organisaties/nieuw/", data={**fields, **person, **token})

    assert ask("half-een", "an@half-een.be").status_code == 302
    refused = ask("half-twee", "An@half-een.be")
    assert (refused.status_code, "is al bezet" in refused.text) == (422, True)
    assert ask("half-twee", f"{'a' * 60}@half-twee.be").status_code == 422  # it becomes the user name too
    assert ask("half-twee", "an@half-twee.be").status_code == 302  # nothing of the refused stands in the way
