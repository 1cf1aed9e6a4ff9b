"""Every answer carries the policy, and nothing in a template or a static file would need a weaker one."""

import re

import pytest


def _policies(answer):
    return dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))


@pytest.mark.parametrize(
    "path", ["/alles/", "/alles/formulier", "/nergens", "/fout/500", "/fout/stuk", "/static/ui/app.js", "/melding"]
)
def test_every_answer_carries_the_headers(ui_app, path):
    answer = ui_app.test_client().get(path)
    policy = _policies(answer)
    assert policy["default-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == "'self'"
    assert policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert re.fullmatch(r"'self' 'nonce-[\w-]{22}'", policy["script-src"])
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=()" in answer.headers["Permissions-Policy"]


def test_nonce_is_the_page_own_and_new_each_time(ui_app):
    client = ui_app.test_client()
    seen = set()
    for _ in range(3):
        answer = client.get("/alles/")
        nonce = _policies(answer)["script-src"].removeprefix("'self' 'nonce-").removesuffix("'")
        assert set(re.findall(r'nonce="([^"]*)"', answer.get_data(as_text=True))) == {nonce}
        seen.add(nonce)
    assert len(seen) == 3


def test_pages_are_not_stored(ui_app):
    assert ui_app.test_client().get("/alles/").headers["Cache-Control"] == "no-store"


def test_stricter_policy_of_a_view_is_kept(ui_app):
    @ui_app.get("/bijlage")
    def attachment():
        return "x", {"Content-Security-Policy": "sandbox; default-src 'none'"}

    answer = ui_app.test_client().get("/bijlage")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_transport_security_only_where_there_is_transport_security(ui_app):
    client = ui_app.test_client()
    assert "Strict-Transport-Security" not in client.get("/alles/").headers
    assert "Strict-Transport-Security" in client.get("/alles/", base_url="https://localhost").headers


def test_whole_portal_sends_the_policy(app):
    """Every address of the real application that needs no argument, asked by a stranger."""
    client = app.test_client()
    asked = 0
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and not rule.arguments:
            answer = client.get(rule.rule)
            assert "script-src 'self' 'nonce-" in answer.headers["Content-Security-Policy"], rule.rule
            asked += 1
    assert asked
