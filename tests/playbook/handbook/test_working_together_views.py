"""Working on a text together, through the pages: who may do what, and what comes back when it is refused."""

import re

import pytest
from sqlalchemy import select

from app.database import db
from app.security.roles import Role
from playbook.handbook import service
from playbook.handbook.models import Remark
from playbook.handbook.service import Draft

EDITOR, WORKER, COORDINATOR = Role.PLAYBOOK_EDITOR, Role.SOCIAL_WORKER, Role.REGIONAL_COORDINATOR
BODY = "# Vooraf\n\nBel de griffie.\n\nGa mee."


@pytest.fixture
def home(organisation):
    made = organisation(EDITOR, WORKER, COORDINATOR)

    def write():
        made.chapter = service.create_chapter("De zitting")
        made.page = service.create_page(text(made, BODY))

    acted(made, write)
    return made


def acted(home, do):
    """What `do` returns, done by the editor."""
    with home.app.app_context(), home.acting(EDITOR):
        found = do()
        db.session.commit()
        db.session.remove()
    return found


def text(home, body, title="Naar de zitting", **more):
    return Draft(title, body, home.chapter.id, **more)


@pytest.fixture
def as_(home, sign_in, csrf):
    """as_(role): get(path) and post(path, **data) as that person."""

    def make(role):
        client = sign_in(home, role)

        def post(path, **data):
            return client.post(path, data={"csrf_token": csrf(client), **data})

        return client.get, post

    return make


PAGE = "/draaiboek/naar-de-zitting/"


def page_form(home, **changes):
    known = {"title": "Naar de zitting", "place": f"chapter:{home.chapter.id}", "position": "1", "base": "1"}
    return {**known, "body": BODY, "comment": "", "confirm": "no", **changes}


def test_a_member_comments_and_suggests_and_an_editor_decides(home, as_):
    get, post = as_(WORKER)
    talk = f"{PAGE}opmerkingen/"
    assert post(talk, block="2", seen="1", do="comment", text="Welk nummer?").status_code == 302
    assert post(talk, block="2", seen="1", do="suggest", text="", proposal="Bel de balie.").status_code == 302
    answer = get(talk).text
    assert "Welk nummer?" in answer
    assert "/aanvaarden" not in answer
    assert "#blok-2" in get(PAGE).text
    ids = {r.proposal is not None: r.id for r in acted(home, lambda: db.session.scalars(select(Remark)).all())}
    assert post(f"/draaiboek/opmerking/{ids[True]}/aanvaarden").status_code == 403
    get, post = as_(EDITOR)
    assert "Naar de zitting" in get("/draaiboek/").text
    assert post(f"/draaiboek/opmerking/{ids[False]}/antwoord", text="056 11 22 33").status_code == 302
    assert post(f"/draaiboek/opmerking/{ids[True]}/aanvaarden").status_code == 302
    assert post(f"/draaiboek/opmerking/{ids[True]}/weigeren", text="nee").status_code == 409
    assert "Bel de balie." in get(PAGE).text
    assert "056 11 22 33" in get(talk).text


def test_a_comment_on_a_text_that_just_changed_comes_back_with_its_words(home, as_):
    _get, post = as_(WORKER)
    talk = f"{PAGE}opmerkingen/"
    acted(home, lambda: service.save_page("naar-de-zitting", text(home, BODY + "\n\nMeer."), 1))
    answer = post(talk, block="2", seen="1", do="comment", text="Welk nummer?")
    assert answer.status_code == 409
    assert "Welk nummer?" in answer.text
    assert post(talk, block="2", seen="2", do="comment", text=" ").status_code == 422
    assert post(talk, block="99", seen="2", do="comment", text="x").status_code == 404


def test_a_draft_goes_its_way(home, as_):
    get, post = as_(EDITOR)
    where = post(f"{PAGE}bewerken/", **page_form(home, body=BODY + "\n\nUit het ontwerp.", do="draft")).location
    reader, say = as_(WORKER)
    assert reader(where).status_code == 404
    assert "Uit het ontwerp." not in reader(PAGE).text
    assert post(f"{where}nalezen", reviewer=str(home.users[COORDINATOR].id)).status_code == 302
    assert "Uit het ontwerp." in reader(where).text
    assert say(where, block="1", seen="1", do="comment", text="Mooi.").status_code == 302
    assert say(f"{where}oordeel", verdict="not_yet", note="").status_code == 422
    assert say(f"{where}oordeel", verdict="not_yet", note="Zet het hoger.").status_code == 302
    assert say(f"{where}publiceren").status_code == 403
    seen = get(where).text
    assert "/nieuwe-tekst" not in seen
    assert post(f"{where}nieuwe-tekst").status_code == 409
    changed = page_form(home, body=BODY + "\n\nUit het ontwerp. Hoger.", base="1", revision="1")
    assert post(f"{where}bewerken/", **changed).status_code == 302
    assert "/nieuwe-tekst" in get(where).text
    assert say(f"{where}nieuwe-tekst").status_code == 403
    assert post(f"{where}nieuwe-tekst").status_code == 302
    seen = get(where).text
    assert "/nieuwe-tekst" not in seen
    assert "Zet het hoger." in seen
    assert "Mooi." in seen
    assert post(f"{where}publiceren").status_code == 302
    assert post(f"{where}publiceren").status_code == 409
    assert "Uit het ontwerp." in reader(PAGE).text


def test_who_reads_a_draft_while_it_is_published_goes_on_at_its_page(home, as_):
    get, post = as_(EDITOR)
    where = post(f"{PAGE}bewerken/", **page_form(home, body=BODY + "\n\nUit het ontwerp.", do="draft")).location
    post(f"{where}nalezen")
    post(f"{where}publiceren")
    reader, say = as_(WORKER)
    assert reader(where).location == PAGE
    assert say(f"{where}oordeel", verdict="agreed", note="").location == PAGE
    assert get(where).status_code == 200  # an editor reads what became of it
    late = {"block": "2", "seen": "1", "proposal": "Bel de griffie."}
    for answer in (
        say(where, **late, do="comment", text="Welk nummer?"),
        post(where, **late, do="comment", text="Welk nummer?"),
        say(f"{where}oordeel", verdict="not_yet", note="Welk nummer?"),
    ):
        assert answer.status_code == 409
        assert ">Welk nummer?</textarea>" in answer.text
        assert f'action="{PAGE}opmerkingen/"' in answer.text
    assert not acted(home, lambda: db.session.scalars(select(Remark)).all())


def test_publishing_a_draft_of_a_page_that_changed_shows_both_and_goes_on_as_a_draft(home, as_):
    _get, post = as_(EDITOR)
    where = post(f"{PAGE}bewerken/", **page_form(home, body=BODY + "\n\nUit het ontwerp.", do="draft")).location
    acted(home, lambda: service.save_page("naar-de-zitting", text(home, "Eerst dit.\n\n" + BODY), 1))
    answer = post(f"{where}publiceren")
    assert answer.status_code == 409
    both = f"Eerst dit.\n\n{BODY}\n\nUit het ontwerp."
    assert both in answer.text.replace("\r\n", "\n")
    again = page_form(home, body=both, base="2", revision="1")
    assert post(f"{where}bewerken/", **again).status_code == 302
    assert post(f"{where}publiceren").status_code == 302
    assert acted(home, lambda: service.page_by_slug("naar-de-zitting").body) == both


def test_what_was_typed_comes_back_after_a_crash(home, as_):
    get, post = as_(EDITOR)
    typed = {"place": "pagina/naar-de-zitting", "title": "Naar de zitting", "body": "Half werk", "base": "1"}
    assert post("/draaiboek/tussentijds/", **typed).status_code == 200
    assert post("/draaiboek/tussentijds/", **{**typed, "body": "x" * 200_000}).status_code == 422
    assert "?herstel=1" in get(f"{PAGE}bewerken/").text
    assert "Half werk" in get(f"{PAGE}bewerken/?herstel=1").text
    assert post("/draaiboek/tussentijds/weg/", place="pagina/naar-de-zitting").location == f"{PAGE}bewerken/"
    assert "?herstel=1" not in get(f"{PAGE}bewerken/").text
    post("/draaiboek/tussentijds/", **typed)
    post(f"{PAGE}bewerken/", **page_form(home, body="Af."))
    assert "?herstel=1" not in get(f"{PAGE}bewerken/").text
    assert as_(WORKER)[1]("/draaiboek/tussentijds/", **typed).status_code == 403


def test_words_at_a_part_come_back_until_they_are_sent_or_dropped(home, as_):
    get, post = as_(WORKER)
    talk, keep = f"{PAGE}opmerkingen/", "/draaiboek/opmerking/tussentijds/"
    place = re.search(r'name="place" value="([^"]+/2)"', get(talk).text)[1]
    typed = {"place": place, "title": "Wie " * 400, "body": "Bel de balie.", "base": "1"}
    assert post(keep, **typed).status_code == 200
    back = get(talk).text
    assert "Wie " * 400 in back
    assert back.count(">Bel de balie.</textarea>") == 1
    assert back.count('value="drop"') == 1
    assert "Bel de balie." not in as_(EDITOR)[0](talk).text  # it is theirs alone
    acted(home, lambda: service.save_page("naar-de-zitting", text(home, "# Vooraf"), 1))
    assert "Bel de balie." in get(talk).text  # also when its part is gone
    assert post(talk, block="1", seen="2", place=place, do="suggest", text="", proposal="Bel nu.").status_code == 302
    assert "Bel de balie." not in get(talk).text
    post(keep, **typed)
    assert post(talk, block="1", place=place, do="drop").status_code == 302
    assert "Bel de balie." not in get(talk).text
    assert post(keep, **{**typed, "place": "pagina/naar-de-zitting"}).status_code == 400
