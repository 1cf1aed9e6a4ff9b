"""The door, enumerated: every address needs a right, save the few that are open by design."""

import uuid

from flask import url_for

from app.security import guard
from app.security.roles import LABELS, RIGHTS, Role

OPEN_BY_DESIGN = {
    "StartView.index",
    "SignInView.login",
    "SignInView.second_step",
    "SignInView.logout",
    "SignInView.switch",
    "SignInView.forgotten",
    "SignInView.new_password",
    "SignInView.oidc_start",
    "SignInView.oidc_back",
    "healthz",
    "ui.language",
    "ui.present",
    "PointView.index",  # the reporting point: whoever reports has no account
    "PointView.report",
    "PointView.step",
    "PointView.sent",
    "FollowView.index",
    "FollowView.add",
    "FollowView.receipt",
    "CertificateView.index",  # whoever is shown a certificate may ask whether it is real
    "CertificateView.verify",
    "DigestView.refuse",  # a signed address in the weekly mail, which stops that mail and nothing else
    "RouteView.worker",  # a script: a browser fetches it anew without a page
    "MeetingCalendarView.feed",  # a secret address too
    "CalendarView.feed",  # a secret address: calendars can't sign in
}
SHUT_BY_DESIGN = {"UtilView.back", "LocaleView.index"}  # Flask-AppBuilder's own, replaced by ours

SAMPLES = {"UUIDConverter": uuid.UUID(int=7), "IntegerConverter": 7, "default": "x"}


def endpoints(app):
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.endswith("static"):
            yield rule


def test_every_address_names_its_right(app):
    with app.app_context():
        rights = {rule.endpoint: guard.right_of(rule.endpoint) for rule in endpoints(app)}
    assert {endpoint for endpoint, right in rights.items() if right == ""} <= OPEN_BY_DESIGN
    assert {endpoint for endpoint, right in rights.items() if right is None} <= SHUT_BY_DESIGN


def test_every_right_belongs_to_some_role(app):
    given = {f"{area}.{act}" for areas in RIGHTS.values() for area, acts in areas.items() for act in acts}
    with app.app_context():
        for rule in endpoints(app):
            right = guard.right_of(rule.endpoint)
            assert not right or right in given, (rule.endpoint, right)


def test_a_stranger_is_sent_to_sign_in_everywhere(app):
    client = app.test_client()
    for rule in endpoints(app):
        if rule.endpoint in OPEN_BY_DESIGN | SHUT_BY_DESIGN:
            continue
        values = {name: SAMPLES.get(type(c).__name__, "x") for name, c in rule._converters.items()}
        with app.test_request_context():
            path = url_for(rule.endpoint, **values)
        if "GET" in rule.methods:
            answer = client.get(path)
            assert answer.status_code == 302, (rule.endpoint, answer.status_code)
            assert answer.headers["Location"].startswith("/login/?next="), rule.endpoint
        if "POST" in rule.methods:
            assert client.post(path).status_code in (400, 401), rule.endpoint


def test_every_role_is_described():
    assert set(LABELS) == set(RIGHTS) == set(Role)


def test_those_who_arrange_can_not_read_a_case():
    for role in (Role.TENANT_ADMIN, Role.REGIONAL_COORDINATOR, Role.PLATFORM_ADMIN, Role.PLAYBOOK_EDITOR, Role.DPO):
        assert "cases" not in RIGHTS[role]
