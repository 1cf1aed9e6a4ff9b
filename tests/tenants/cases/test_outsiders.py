"""Every address of a case, asked for by another organisation, by a role without the right, and by a stranger."""

import pytest

from app.security.roles import Role

OURS = (
    "CaseListView",
    "CaseView",
    "CasePartView",
    "LandlordView",
    "NoteView",
    "TaskView",
    "AttachmentView",
    "SearchView",
)
SECRETS = ("Vermeulen", "Torhoutsesteenweg", "Immo Kust", "loonfiche", "verzoekschrift.pdf", "26A1187", "85073003328")


def addresses(app, made):
    """(method, address, needs an id) of every address of this capability, with the ids of a case filled in."""
    ids = vars(made) | {"filter_id": made.case_id}
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.endpoint.split(".")[0] in OURS and not rule.endpoint.endswith("static"):
            address = adapter.build(rule.endpoint, {name: ids[name] for name in rule.arguments})
            for method in sorted(rule.methods & {"GET", "POST"}):
                yield method, address, bool(rule.arguments)


FORM = {"version": "1", "format": "csv", "q": "vermeulen"}


def call(client, method, address, token):
    return client.get(address) if method == "GET" else client.post(address, data={**FORM, "csrf_token": token})


def test_a_neighbour_gets_nothing(app, organisation, sign_in, csrf, make_case):
    ours, theirs = organisation(), organisation()
    made = make_case(ours)
    neighbour = sign_in(theirs)
    token = csrf(neighbour)
    seen = list(addresses(app, made))
    assert len(seen) > 25
    for method, address, of_a_case in seen:
        answer = call(neighbour, method, address, token)
        page = answer.get_data(as_text=True)
        assert not [secret for secret in SECRETS if secret in page], (method, address)
        if of_a_case:
            assert answer.status_code == 404, (method, address)


@pytest.mark.parametrize("role", [Role.TENANT_ADMIN, Role.DPO, Role.NETWORK_MEMBER])
def test_other_roles_of_the_house_are_refused(app, organisation, sign_in, csrf, make_case, role):
    ours = organisation(Role.SOCIAL_WORKER, role)
    made = make_case(ours)
    client = sign_in(ours, role)
    token = csrf(client)
    for method, address, _of_a_case in addresses(app, made):
        answer = call(client, method, address, token)
        assert answer.status_code == 403, (method, address)
        assert "Vermeulen" not in answer.get_data(as_text=True)


def test_a_stranger_is_sent_to_sign_in(app, organisation, csrf, make_case):
    made = make_case(organisation())
    client = app.test_client()
    token = csrf(client)
    for method, address, _of_a_case in addresses(app, made):
        answer = call(client, method, address, token)
        assert answer.status_code == (302 if method == "GET" else 401), (method, address)


def test_without_its_token_no_form_is_taken(app, organisation, sign_in, make_case):
    ours = organisation()
    made = make_case(ours)
    client = sign_in(ours)
    for method, address, _of_a_case in addresses(app, made):
        if method == "POST":
            assert client.post(address, data={"version": "1"}).status_code == 400, address
