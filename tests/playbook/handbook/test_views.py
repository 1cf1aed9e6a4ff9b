"""The pages under /draaiboek/, as people of the network and of another one see them."""

import re

import pytest
from sqlalchemy import event

from app.security.roles import Role
from playbook.handbook import service
from playbook.handbook.service import Draft

EDITOR = Role.PLAYBOOK_EDITOR
SECRET = "Bel de griffie vóór tien uur."


@pytest.fixture
def home(organisation):
    """A network with an editor, a social worker, one chapter and one page."""
    made = organisation(EDITOR, Role.SOCIAL_WORKER)
    with made.app.app_context(), made.acting(EDITOR):
        chapter = service.create_chapter("De zitting", "Van dagvaarding tot vonnis.")
        made.page = service.create_page(Draft("Naar de zitting", f"# Vooraf\n\n{SECRET}\n\nGa mee.", chapter.id))
        made.chapter = chapter
        service.db.session.remove()
    return made


def form(home, csrf, client, **changes):
    known = {"title": "Naar de zitting", "place": f"chapter:{home.chapter.id}", "position": "1", "base": "1"}
    return {**known, "body": SECRET, "comment": "", "csrf_token": csrf(client), **changes}


PATHS = (
    "/draaiboek/naar-de-zitting/",
    "/draaiboek/naar-de-zitting/bewerken/",
    "/draaiboek/naar-de-zitting/geschiedenis/",
    "/draaiboek/naar-de-zitting/geschiedenis/1/",
    "/draaiboek/hoofdstuk/de-zitting/",
)


@pytest.mark.parametrize("path", PATHS)
def test_another_network_sees_nothing(home, organisation, sign_in, path):
    stranger = sign_in(organisation(EDITOR), EDITOR)
    answer = stranger.get(path)
    assert answer.status_code == 404
    assert SECRET not in answer.text


def test_another_network_changes_nothing(home, organisation, sign_in, csrf):
    stranger = sign_in(organisation(EDITOR), EDITOR)
    for path in (PATHS[1], PATHS[3] + "terugzetten", PATHS[4]):
        assert stranger.post(path, data=form(home, csrf, stranger, body="weg")).status_code == 404
    with home.app.app_context(), home.acting(EDITOR):
        assert service.page_by_slug("naar-de-zitting").version == 1


def test_a_social_worker_of_another_network_finds_it_nowhere(home, organisation, sign_in):
    stranger = sign_in(organisation())
    assert "Naar de zitting" not in stranger.get("/draaiboek/").text
    assert SECRET not in stranger.get("/draaiboek/zoeken?q=griffie").text


def test_nobody_reads_it_without_signing_in(home, app):
    assert app.test_client().get("/draaiboek/").status_code == 302


def test_who_carries_cases_reads_but_does_not_write(home, sign_in, csrf):
    worker = sign_in(home)
    page = worker.get("/draaiboek/naar-de-zitting/")
    assert page.status_code == 200
    assert SECRET in page.text
    assert "/bewerken/" not in page.text
    assert worker.get(PATHS[1]).status_code == 403
    assert worker.post(PATHS[1], data=form(home, csrf, worker)).status_code == 403
    assert worker.post("/draaiboek/nieuw/", data=form(home, csrf, worker)).status_code == 403


def test_start_page_lists_chapters_pages_and_what_changed(home, sign_in):
    text = sign_in(home).get("/draaiboek/").text
    for part in ("1. De zitting", "Van dagvaarding tot vonnis.", "Naar de zitting", "1 pagina in 1 hoofdstuk"):
        assert part in text


def test_search_shows_the_words_marked(home, sign_in):
    text = sign_in(home).get("/draaiboek/zoeken?q=zittingen").text
    assert "Naar de zitting" in text
    assert "<mark>" in sign_in(home).get("/draaiboek/zoeken?q=griffie").text
    assert sign_in(home).get("/draaiboek/zoeken?q=%3Cscript%3E%00").status_code == 200


def test_saving_makes_a_version_that_shows_what_changed(home, sign_in, csrf):
    editor = sign_in(home, EDITOR)
    answer = editor.post(PATHS[1], data=form(home, csrf, editor, body="Bel de griffie vóór negen uur.", comment="uur"))
    assert answer.status_code == 302
    text = editor.get("/draaiboek/naar-de-zitting/geschiedenis/2/").text
    assert re.search(r"<del>.*tien</del><ins>.*negen</ins>", text)
    assert "uur" in editor.get("/draaiboek/naar-de-zitting/geschiedenis/").text


def test_saving_says_everything_that_is_wrong_and_keeps_what_was_typed(home, sign_in, csrf):
    editor = sign_in(home, EDITOR)
    answer = editor.post(PATHS[1], data=form(home, csrf, editor, title="", body="mijn woorden", position="0"))
    assert answer.status_code == 422
    assert answer.text.count('class="wrong"') == 2
    assert "mijn woorden" in answer.text


def test_a_megabyte_is_refused(home, sign_in, csrf):
    editor = sign_in(home, EDITOR)
    answer = editor.post(PATHS[1], data=form(home, csrf, editor, body="a" * 450_000))
    assert answer.status_code in (413, 422)
    with home.app.app_context(), home.acting(EDITOR):
        assert service.page_by_slug("naar-de-zitting").version == 1


def test_script_in_a_page_is_shown_as_text(home, sign_in, csrf):
    editor = sign_in(home, EDITOR)
    editor.post(PATHS[1], data=form(home, csrf, editor, body="<script>alert(1)</script> [x](javascript:alert(1))"))
    page = editor.get("/draaiboek/naar-de-zitting/").text
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def test_an_address_that_a_reader_may_not_open_is_no_link(home, sign_in, csrf):
    editor = sign_in(home, EDITOR)
    body = "Kijk bij [je dossiers](/dossiers/), [de cijfers](/cijfers/) en [nergens](/nergens/)."
    editor.post(PATHS[1], data=form(home, csrf, editor, body=body))
    theirs, ours = editor.get(PATHS[0]).text, sign_in(home).get(PATHS[0]).text
    assert 'href="/dossiers/">je dossiers' not in theirs.replace(' rel="noopener noreferrer"', "")
    assert "je dossiers <small>(je hebt er geen toegang toe)</small>" in theirs
    for each in (theirs, ours):
        assert 'href="/nergens/"' in each
    assert 'href="/cijfers/"' in theirs
    assert "je hebt er geen toegang toe" in editor.get(f"{PATHS[0]}geschiedenis/2/").text
    assert '<a href="/dossiers/" rel="noopener noreferrer">je dossiers</a>' in ours
    assert "geen toegang" not in ours


@pytest.mark.parametrize("path", ["geschiedenis/99999999999/", "sinds/99999999999/", "%00/", "geschiedenis/%00/"])
def test_an_address_that_no_database_could_hold_is_not_there(home, sign_in, path):
    assert sign_in(home, EDITOR).get(PATHS[0] + path).status_code == 404


def test_of_a_number_that_is_none_one_thing_is_said(home, sign_in, csrf):
    editor = sign_in(home, EDITOR)
    for typed, told in (("veel", "Schrijf het in cijfers"), ("0", "Gebruik een getal van 1 tot en met 999.")):
        page = editor.post(PATHS[1], data=form(home, csrf, editor, position=typed)).text
        assert re.findall(r'<p class="wrong" id="position-error">(.*?)</p>', page, re.S)[0].count(".") <= 2
        assert told in page
        assert page.count("Gebruik een getal van 1 tot en met 999.") == (
            2 if typed == "0" else 0
        )  # in the summary, at the field


def test_two_editors_at_once_see_both_texts_and_save_the_two(home, sign_in, csrf):
    editor = sign_in(home, EDITOR)
    editor.post(PATHS[1], data=form(home, csrf, editor, body=f"# Vooraf\n\n{SECRET}\n\nGa altijd mee."))
    answer = editor.post(PATHS[1], data=form(home, csrf, editor, body="# Lang vooraf\n\nBel de balie.\n\nGa mee."))
    assert answer.status_code == 409
    merged = re.search(r'<textarea[^>]*name="body"[^>]*>\s*(.*?)</textarea>', answer.text, re.S)[1]
    assert [part.strip() for part in merged.split("\n\n")] == ["# Lang vooraf", "Bel de balie.", "Ga altijd mee."]
    assert '<h2 id="deel-lang-vooraf">Lang vooraf</h2><p>' in re.sub(r">\s+<", "><", answer.text)  # yours, as it reads
    assert "<p>Ga mee.</p>" in answer.text
    assert "<p>Ga altijd mee.</p>" in answer.text
    assert "readonly" not in answer.text
    base = re.search(r'name="base"[^>]*value="(\d+)"', answer.text)[1]
    saved = editor.post(PATHS[1], data=form(home, csrf, editor, body=merged, base=base))
    assert saved.status_code == 302
    with home.app.app_context(), home.acting(EDITOR):
        page = service.page_by_slug("naar-de-zitting")
        assert (page.version, page.body) == (3, "# Lang vooraf\n\nBel de balie.\n\nGa altijd mee.")


def test_a_clash_left_in_the_text_is_not_saved(home, sign_in, csrf):
    editor = sign_in(home, EDITOR)
    editor.post(PATHS[1], data=form(home, csrf, editor, body="Bel de balie."))
    answer = editor.post(PATHS[1], data=form(home, csrf, editor, body="Bel de rechter."))
    merged = re.search(r'<textarea[^>]*name="body"[^>]*>\s*(.*?)</textarea>', answer.text, re.S)[1]
    merged = merged.replace("&lt;", "<").replace("&gt;", ">")
    assert "Bel de balie." in merged
    assert "Bel de rechter." in merged
    again = editor.post(PATHS[1], data=form(home, csrf, editor, body=merged, base="2"))
    assert again.status_code == 422


def test_preview_shows_the_text_and_saves_nothing(home, sign_in, csrf):
    editor = sign_in(home, EDITOR)
    answer = editor.post(PATHS[1], data=form(home, csrf, editor, body="Kijk **eerst**.", do="preview"))
    assert answer.status_code == 200
    assert "<strong>eerst</strong>" in answer.text
    with home.app.app_context(), home.acting(EDITOR):
        assert service.page_by_slug("naar-de-zitting").version == 1


def test_a_new_page_is_written_and_put_back(home, sign_in, csrf):
    editor = sign_in(home, EDITOR)
    place = f"page:{home.page.id}"
    answer = editor.post("/draaiboek/nieuw/", data=form(home, csrf, editor, title="Wat neem je mee?", place=place))
    assert answer.headers["Location"] == "/draaiboek/wat-neem-je-mee/"
    assert "Naar de zitting" in editor.get("/draaiboek/wat-neem-je-mee/").text
    circle = form(home, csrf, editor, place=f"page:{home.page.id}")
    assert editor.post(PATHS[1], data=circle).status_code == 422
    token = {"csrf_token": csrf(editor)}
    assert editor.post("/draaiboek/wat-neem-je-mee/geschiedenis/1/terugzetten", data=token).status_code == 302
    assert editor.post("/draaiboek/wat-neem-je-mee/geschiedenis/9/terugzetten", data=token).status_code == 404


def test_a_page_for_all_networks_is_read_elsewhere_but_not_edited(home, organisation, sign_in, csrf):
    editor = sign_in(home, EDITOR)
    editor.post(PATHS[1], data=form(home, csrf, editor, published_to_all="y"))
    stranger = sign_in(organisation(EDITOR), EDITOR)
    address = f"/draaiboek/van/{home.network.slug}/naar-de-zitting/"
    assert SECRET in stranger.get(address).text
    assert address in stranger.get("/draaiboek/").text
    assert stranger.get(PATHS[1]).status_code == 404


def test_a_chapter_is_made_and_changed(home, sign_in, csrf):
    editor = sign_in(home, EDITOR)
    token = csrf(editor)
    made = editor.post("/draaiboek/hoofdstuk/nieuw/", data={"title": "Vooraf", "position": "1", "csrf_token": token})
    assert made.headers["Location"] == "/draaiboek/nieuw/?hoofdstuk=vooraf"
    changed = {"title": "Vooraf", "summary": "Wat eerst komt.", "position": "", "csrf_token": token}
    assert editor.post("/draaiboek/hoofdstuk/vooraf/", data=changed).status_code == 302
    assert "2. Vooraf" in editor.get("/draaiboek/").text
    assert editor.post("/draaiboek/hoofdstuk/nieuw/", data={"title": " ", "csrf_token": token}).status_code == 422


@pytest.mark.parametrize("path", ["/draaiboek/bestaat-niet/", "/draaiboek/naar-de-zitting/geschiedenis/7/"])
def test_what_is_missing_answers_404(home, sign_in, path):
    assert sign_in(home).get(path).status_code == 404


def test_opening_a_page_asks_few_questions_whatever_stands_around_it(home, sign_in):
    """One statement for the page and what the reader has with it, two for what stands around it (see opening.py)."""
    client, path = sign_in(home), "/draaiboek/naar-de-zitting/"
    client.get(path)  # the first time notes that it was read
    with home.app.app_context(), home.acting(EDITOR):
        for number in range(20):
            service.create_page(
                Draft(f"Erna {number}", "Noteer.", home.chapter.id, home.page.id if number % 2 else None)
            )
        service.db.session.remove()
        engine = service.db.engine
    asked = []
    listener = lambda *args: asked.append(args[2])  # noqa: E731
    event.listen(engine, "before_cursor_execute", listener)
    assert client.get(path).status_code == 200
    event.remove(engine, "before_cursor_execute", listener)
    assert len([statement for statement in asked if "playbook_" in statement]) == 3
