"""Navigation, language switch, messages and static files of the frame."""

import re
from dataclasses import replace

import pytest

from app.ui.language import own_path
from app.ui.viewer import ANONYMOUS

from .conftest import signed_in


def _page(ui_app, path="/alles/"):
    return ui_app.test_client().get(path).get_data(as_text=True)


def test_only_places_that_the_roles_allow_are_offered(ui_app):
    page = _page(ui_app)
    assert 'href="/dossiers/"' in page
    assert 'href="/beheer/"' not in page
    ui_app.extensions["viewer"] = lambda: signed_in("organisation.write")
    page = _page(ui_app)
    assert 'href="/dossiers/"' not in page
    assert 'href="/beheer/"' in page


def test_current_place_is_marked_also_on_the_pages_under_it(ui_app):
    for path in ("/alles/", "/alles/formulier"):
        side = re.search(r'<nav class="side".*?</nav>', _page(ui_app, path), re.S)[0]
        assert re.findall(r'<a href="([^"]*)" aria-current="page"', side) == ["/alles/"]


def test_badge_is_shown(ui_app):
    assert '<span class="n">3 nieuw</span>' in _page(ui_app)


def test_badge_that_is_known_is_not_asked_again_but_where_one_is(ui_app):
    kept = []
    known = {"/verzoekschriften/": "5 nieuw"}
    ui_app.extensions["viewer"] = lambda: replace(signed_in("cases.read"), badges=known, keep_badges=kept.append)
    assert '<span class="n">5 nieuw</span>' in _page(ui_app)
    assert kept == []
    ui_app.extensions["viewer"] = lambda: replace(signed_in("cases.read"), keep_badges=kept.append)
    assert '<span class="n">3 nieuw</span>' in _page(ui_app)
    assert kept == [{"/verzoekschriften/": "3 nieuw"}]


def test_network_and_organisation_name_their_sections(ui_app):
    ui_app.extensions["viewer"] = lambda: signed_in("organisation.write")
    page = _page(ui_app)
    assert ">Netwerk Oostende</p>" in page
    assert ">OCMW Oostende</p>" in page


def test_phone_has_four_places_and_the_rest_under_more(ui_app):
    bar = re.search(r'<nav class="bar".*?</nav>', _page(ui_app), re.S)[0]
    near, more = bar.split("<details")
    assert re.findall(r'href="([^"]*)"', near) == ["/alles/", "/dossiers/", "/verzoekschriften/", "/meldingen/"]
    assert re.findall(r'href="([^"]*)"', more) == ["/draaiboek/"]


def test_person_may_switch_organisation_and_sign_out(ui_app):
    page = _page(ui_app)
    assert 'action="/organisatie/wisselen"' in page
    assert re.search(r'name="organisation" value="1"[^>]*aria-current="true"', page)
    assert re.search(r'<form method="post" action="/logout/"><input type="hidden" name="csrf_token"', page)


def test_stranger_sees_no_navigation_and_no_search(ui_app):
    ui_app.extensions["viewer"] = lambda: ANONYMOUS
    page = _page(ui_app)
    assert 'class="side"' not in page
    assert 'class="bar"' not in page
    assert 'role="search"' not in page
    assert "/logout/" not in page


def _switch(ui_app, code, next_path="/alles/"):
    client = ui_app.test_client()
    token = re.search(r'name="csrf_token" value="([^"]*)"', client.get("/alles/").get_data(as_text=True))[1]
    answer = client.post(f"/taal/{code}", data={"next": next_path, "csrf_token": token})
    return client, answer


def test_language_is_switched_and_kept(ui_app):
    client, answer = _switch(ui_app, "fr")
    assert answer.location == "/alles/"
    assert '<html lang="fr">' in client.get("/alles/").get_data(as_text=True)


def test_language_that_we_do_not_have_is_not_found(ui_app):
    assert _switch(ui_app, "en")[1].status_code == 404


def test_language_switch_needs_its_token(ui_app):
    assert ui_app.test_client().post("/taal/fr").status_code == 400


@pytest.mark.parametrize(
    "target",
    ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)", "", None],
)
def test_no_form_sends_people_elsewhere(target):
    assert own_path(target) == "/"


def test_own_path_keeps_its_query():
    assert own_path("/dossiers/?q=a&p=2") == "/dossiers/?q=a&p=2"


def test_messages_travel_with_a_partial_answer_and_are_escaped(ui_app):
    page = ui_app.test_client().get("/melding", headers={"HX-Request": "true"}).get_data(as_text=True)
    assert page.startswith("<p>deel</p>")
    assert 'hx-swap-oob="true"' in page
    assert "Poging &lt;b&gt;genoteerd&lt;/b&gt;." in page
    assert "notice-good" in page


def test_messages_wait_for_the_next_page_otherwise(ui_app):
    client = ui_app.test_client()
    assert client.get("/melding").get_data(as_text=True) == "<p>deel</p>"
    assert "genoteerd" in client.get("/alles/").get_data(as_text=True)


def test_static_files_are_kept_because_their_address_changes_with_them(ui_app):
    client = ui_app.test_client()
    page = client.get("/alles/").get_data(as_text=True)
    addresses = re.findall(r'(?:href|src)="(/(?:static/ui|bootstrap)/[^"]*)"', page)
    assert len(addresses) >= 6
    for address in addresses:
        answer = client.get(address.replace("&amp;", "&"))
        assert answer.status_code == 200
        assert "max-age=31536000" in answer.headers["Cache-Control"]
        assert "?v=" in address or "/fonts/" in address
