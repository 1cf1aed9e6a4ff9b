"""Who works for two organisations sees one at a time, and chooses which."""

import re

import pytest

from app.database import db
from app.security.roles import Role
from tenants.organisations import service


@pytest.fixture
def two(app, organisation):
    """(one, other): a social worker of the first is administrator of the second."""
    one, other = organisation(name="OCMW Aalter"), organisation(name="OCMW Beernem")
    with app.app_context():
        service.add_member(other.tenant, one.users[Role.SOCIAL_WORKER], [Role.TENANT_ADMIN])
        db.session.remove()
    return one, other


def switch(client, csrf, place):
    return client.post("/organisatie/wisselen", data={"organisation": str(place), "csrf_token": csrf(client)})


def test_the_form_of_the_page_leads_to_the_other_organisation_and_its_rights(two, sign_in, csrf):
    one, other = two
    client = sign_in(one)
    page = client.get("/account/").text
    offered = re.findall(r'name="organisation" value="([^"]+)"', page)
    assert offered == [str(one.tenant.id), str(other.tenant.id)]
    assert client.get("/dossiers/").status_code == 200
    assert client.get("/beheer/").status_code == 403
    assert switch(client, csrf, offered[1]).headers["Location"] == "/"
    assert client.get("/").headers["Location"] == "/beheer/"
    assert client.get("/dossiers/").status_code == 403
    assert "OCMW Beernem" in client.get("/beheer/").text


def test_another_browser_of_the_same_person_stays_where_it_is(two, sign_in, csrf):
    one, other = two
    here, elsewhere = sign_in(one), sign_in(one)
    switch(here, csrf, other.tenant.id)
    assert elsewhere.get("/dossiers/").status_code == 200


@pytest.mark.parametrize("place", ["", "x", "platform"])
def test_what_is_not_theirs_is_refused(two, sign_in, csrf, organisation, place):
    client = sign_in(two[0])
    assert switch(client, csrf, place or organisation().tenant.id).status_code == 404
    assert client.get("/dossiers/").status_code == 200


def test_a_stranger_and_a_form_of_another_site_change_nothing(app, two, sign_in, csrf):
    stranger, client = app.test_client(), sign_in(two[0])
    assert switch(stranger, csrf, two[1].tenant.id).headers["Location"] == "/login/"
    answer = client.post("/organisatie/wisselen", data={"organisation": str(two[1].tenant.id)})
    assert answer.status_code == 400
    assert client.get("/dossiers/").status_code == 200


def test_a_membership_that_ended_is_no_place_any_more(app, two, sign_in, csrf):
    from tenants.organisations import people

    one, other = two
    client = sign_in(one)
    switch(client, csrf, other.tenant.id)
    user_id = one.users[Role.SOCIAL_WORKER].id
    with app.app_context(), other.acting():
        service.add_member(
            other.tenant,
            service.create_user("opvolger", None, first_name="An", last_name="Maes", email="opvolger@voorbeeld.test"),
            [Role.TENANT_ADMIN],
        )
        people.set_roles(user_id, [Role.SOCIAL_WORKER])
        db.session.remove()
    assert client.get("/beheer/").status_code == 403, "the role is asked for at every request"
