"""Error pages say in plain words what is wrong and what to do, in the form that was asked for."""

import json

import pytest

from app.ui.errors import EXPLANATIONS


@pytest.mark.parametrize("code", sorted(EXPLANATIONS))
def test_page_explains_in_dutch(ui_app, code):
    answer = ui_app.test_client().get(f"/fout/{code}")
    assert answer.status_code == code
    page = answer.get_data(as_text=True)
    assert '<html lang="nl">' in page
    assert ("Aanmelden in een nieuw tabblad" if code == 401 else "Naar de eerste pagina") in page
    for msgid in EXPLANATIONS[code]:
        assert msgid not in page


def test_page_explains_in_french(ui_app):
    client = ui_app.test_client()
    with client.session_transaction() as session:
        session["locale"] = "fr"
    assert "n’existe pas" in client.get("/nergens").get_data(as_text=True)


def test_own_words_of_a_view_are_shown(ui_app):
    assert "Kies eerst een dossier." in ui_app.test_client().get("/fout/eigen").get_data(as_text=True)


def test_breakdown_tells_no_detail_and_asks_nothing_of_what_may_be_broken(ui_app):
    def gone():
        raise ConnectionError("database away")

    ui_app.extensions["viewer"] = gone
    answer = ui_app.test_client().get("/fout/stuk")
    assert answer.status_code == 500
    assert "geheim detail" not in answer.get_data(as_text=True)
    assert "Er ging iets mis aan onze kant" in answer.get_data(as_text=True)


def test_htmx_gets_a_notice_in_the_messages(ui_app):
    answer = ui_app.test_client().get("/fout/403", headers={"HX-Request": "true"})
    assert answer.status_code == 403
    assert answer.headers["HX-Retarget"] == "#messages"
    page = answer.get_data(as_text=True)
    assert "<html" not in page
    assert 'role="alert"' in page


def test_api_gets_json(ui_app):
    answer = ui_app.test_client().get("/api/v1/nergens")
    assert answer.status_code == 404
    assert answer.json["message"].startswith("Het adres klopt niet")


def test_old_form_is_explained(ui_app):
    answer = ui_app.test_client().post("/alles/formulier", data={"csrf_token": "oud"})
    assert answer.status_code == 400
    assert "De pagina stond te lang open" in answer.get_data(as_text=True)


def test_who_was_signed_out_meanwhile_hears_how_to_lose_nothing(ui_app):
    page = ui_app.test_client().get("/fout/401")
    assert page.status_code == 401
    assert "ga één pagina terug en verstuur opnieuw" in page.get_data(as_text=True)
    assert 'href="/login/" target="_blank"' in page.get_data(as_text=True)
    client = ui_app.test_client()
    with client.session_transaction() as session:
        session["_flashes"] = [("warning", "Je bent afgemeld omdat er een tijd niets gebeurde.")]
    part = client.get("/fout/401", headers={"HX-Request": "true"})
    assert (part.status_code, part.headers["HX-Retarget"]) == (401, "#messages")
    assert "Wat je invulde, staat hier nog" in part.get_data(as_text=True)
    assert "omdat er een tijd niets gebeurde" not in part.get_data(as_text=True)


def test_an_old_form_within_a_page_gets_a_token_that_counts(ui_app):
    client = ui_app.test_client()
    old = client.post("/alles/formulier", data={"csrf_token": "oud"}, headers={"HX-Request": "true"})
    assert "Bewaar nog één keer" in old.get_data(as_text=True)
    fresh = json.loads(old.headers["HX-Trigger"])["fresh-token"]
    again = client.post("/alles/formulier", data={"csrf_token": fresh}, headers={"HX-Request": "true"})
    assert "Bewaar nog één keer" not in again.get_data(as_text=True)


def test_method_not_allowed_keeps_its_header(ui_app):
    assert "GET" in ui_app.test_client().delete("/alles/").headers["Allow"]


def test_a_file_that_is_too_large_leads_back_to_its_form(ui_app):
    size = ui_app.config["MAX_CONTENT_LENGTH"]
    ui_app.config["MAX_CONTENT_LENGTH"] = 100
    try:
        answer = ui_app.test_client().post("/alles/formulier?van=lijst", data={"csrf_token": "x" * 200})
    finally:
        ui_app.config["MAX_CONTENT_LENGTH"] = size
    assert answer.status_code == 413
    assert 'href="/alles/formulier?van=lijst">Terug naar het formulier' in answer.get_data(as_text=True)
