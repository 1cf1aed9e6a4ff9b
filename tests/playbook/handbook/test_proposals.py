"""Members propose a page; an editor makes a draft of it or says why not, and the history names who proposed it."""

import pytest
from sqlalchemy import func, select

from app.database import db
from app.security.roles import Role
from playbook.handbook import drafts, proposals, service
from playbook.handbook.models import PageDraft, Proposal
from playbook.handbook.proposals import AlreadyDecidedError
from playbook.handbook.service import Draft
from tests.conftest import make_organisation

EDITOR, WORKER, COORDINATOR, GUEST = (
    Role.PLAYBOOK_EDITOR, Role.SOCIAL_WORKER, Role.REGIONAL_COORDINATOR, Role.GUEST
)  # fmt: skip
NEW = "/draaiboek/voorstel/nieuw/"


@pytest.fixture(scope="module")
def home(app):
    made = make_organisation(app, EDITOR, WORKER, COORDINATOR, GUEST)
    with app.app_context(), made.acting(EDITOR):
        made.chapter = service.create_chapter("De zitting")
        db.session.commit()
        db.session.remove()
    return made


@pytest.fixture
def as_(home, sign_in, csrf):
    """as_(role): get(path) and post(path, **data) as that person."""

    def make(role):
        client = sign_in(home, role)
        return client.get, lambda path, **data: client.post(path, data={"csrf_token": csrf(client), **data})

    return make


def proposal(home, **changes):
    return {"title": "De tolk", "chapter": str(home.chapter.id), "body": "Bel de tolk.", "why": "Vaak nodig", **changes}


def counted(home, model):
    with home.app.app_context(), home.acting(EDITOR):
        return db.session.scalar(select(func.count()).select_from(model).where(service.ours(model)))


def test_a_proposal_becomes_a_page_whose_history_names_who_proposed_it(home, as_):
    get, post = as_(WORKER)
    assert NEW in get("/draaiboek/").text
    where = post(NEW, **proposal(home)).location
    for path in (where, "/draaiboek/"):
        assert "De tolk" in get(path).text
    assert post(f"{where}aanvaarden").status_code == 403
    assert post(f"{where}weigeren", answer="nee").status_code == 403
    edit, decide = as_(EDITOR)
    assert where in edit("/draaiboek/").text
    assert "Vaak nodig" in edit(where).text
    draft = decide(f"{where}aanvaarden").location
    assert decide(f"{where}aanvaarden").status_code == 409
    late = decide(f"{where}weigeren", answer="Staat er al.")
    assert late.status_code == 409
    assert "Staat er al." in late.text
    assert where not in edit("/draaiboek/").text.split("Wat je zelf")[0]
    author = home.users[WORKER]
    assert f"{author.first_name} {author.last_name}" in edit(draft).text
    # An editor may say something else about the change: the proposer stays named.
    text = {"title": "De tolk", "place": f"chapter:{home.chapter.id}", "body": "Bel de tolk op tijd.", "confirm": "no"}
    assert decide(f"{draft}bewerken/", **text, base="0", revision="1", comment="uur erbij").status_code == 302
    page = decide(f"{draft}publiceren").location
    history = get(f"{page}geschiedenis/").text
    assert f"Voorstel van {author.first_name} {author.last_name}. uur erbij" in history
    assert page in get(where).text


def test_a_refusal_has_a_reason_that_the_proposer_reads(home, as_):
    get, post = as_(WORKER)
    where = post(NEW, **proposal(home, title="Het weer")).location
    other, _post = as_(COORDINATOR)
    assert other(where).status_code == 404, "a proposal is between who made it and the editors"
    edit, decide = as_(EDITOR)
    answer = decide(f"{where}weigeren", answer="  ")
    assert answer.status_code == 422
    assert "/weigeren" in answer.text
    assert decide(f"{where}weigeren", answer="Dat staat bij 'De zitting'.").status_code == 302
    assert "Dat staat bij" in get(where).text
    assert "geweigerd" in get("/draaiboek/").text
    assert where not in edit("/draaiboek/").text
    assert decide(f"{where}aanvaarden").status_code == 409


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": " "},
        {"title": "x" * 121},
        {"body": ""},
        {"body": "<script>alert(1)</script>"},
        {"body": "x" * 100_001},
        {"chapter": "01900000-0000-7000-8000-000000000000"},
        {"chapter": "nergens"},
        {"why": "y" * 201},
    ],
)
def test_what_cannot_be_a_page_comes_back_with_its_words(home, as_, wrong):
    _get, post = as_(WORKER)
    before = counted(home, Proposal)
    answer = post(NEW, **proposal(home, **{"body": "Bel Onze Tolk.", **wrong}))
    assert answer.status_code == 422
    assert "aria-invalid" in answer.text
    assert "body" in wrong or "Bel Onze Tolk." in answer.text
    assert counted(home, Proposal) == before


def test_what_was_typed_is_kept_for_who_typed_it_until_it_is_sent(home, as_):
    keep = "/draaiboek/voorstel/tussentijds/"
    get, post = as_(WORKER)
    typed = {"place": "pagina/de-zitting", "title": "Half", "body": "Half **werk**"}
    assert post(keep, **typed).status_code == 200
    assert post(keep, **{**typed, "body": "x" * 200_000}).status_code == 422
    assert "?herstel=1" in get(NEW).text
    assert "Half **werk**" in get(f"{NEW}?herstel=1").text
    assert "?herstel=1" not in as_(COORDINATOR)[0](NEW).text
    assert as_(GUEST)[1](keep, **typed).status_code == 403
    seen = post(NEW, **proposal(home, body="Half **werk**", do="preview")).text
    assert "<strong>werk</strong>" in seen
    assert post(f"{keep}weg/").location == NEW
    assert "?herstel=1" not in get(NEW).text
    post(keep, **typed)
    assert post(NEW, **proposal(home, title="Af")).status_code == 302
    assert "?herstel=1" not in get(NEW).text


def test_a_guest_proposes_nothing_and_another_network_sees_nothing(app, home, as_, organisation, sign_in):
    _get, post = as_(WORKER)
    where = post(NEW, **proposal(home, title="Ons voorstel")).location
    guest, _post = as_(GUEST)
    assert guest(NEW).status_code == 403
    assert guest(where).status_code == 403
    assert "voorstel" not in guest("/draaiboek/").text
    assert sign_in(organisation(EDITOR), EDITOR).get(where).status_code == 404


def test_two_editors_at_once_make_one_draft(home):
    with home.app.app_context(), home.acting(WORKER):
        made = proposals.propose(Draft("Eén keer", "Zo.", home.chapter.id)).id
        db.session.commit()
        db.session.remove()
    before = counted(home, PageDraft)
    with home.app.app_context(), home.acting(EDITOR):
        draft = proposals.accept(made)
        with pytest.raises(AlreadyDecidedError):
            proposals.accept(made)
        assert drafts.find(draft.id).changed_by == home.users[WORKER].id
        db.session.commit()
        db.session.remove()
    assert counted(home, PageDraft) == before + 1
