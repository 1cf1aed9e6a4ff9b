"""Drafts, reading along, remarks, suggestions and what was typed, in the database."""

import pytest
from sqlalchemy import func, select

from app.database import db
from app.security.roles import Role
from playbook.handbook import drafts, history, remarks, service
from playbook.handbook.models import Autosave, PageDraft
from playbook.handbook.remarks import AlreadyDecidedError, SuggestionConflictError
from playbook.handbook.review import DraftState, RemarkState, Verdict
from playbook.handbook.service import ConflictError, Draft, HandbookError, NotThereError

EDITOR, WORKER, COORDINATOR = Role.PLAYBOOK_EDITOR, Role.SOCIAL_WORKER, Role.REGIONAL_COORDINATOR
BODY = "# Vooraf\n\nBel de griffie.\n\nGa mee."


@pytest.fixture
def home(app_context, organisation):
    made = organisation(EDITOR, WORKER, COORDINATOR)
    with made.acting(EDITOR):
        made.chapter = service.create_chapter("De zitting")
        made.page = service.create_page(Draft("Naar de zitting", BODY, made.chapter.id))
        db.session.commit()
    return made


def text(home, body, title="Naar de zitting", **more):
    return Draft(title, body, home.chapter.id, **more)


# ---------------------------------------------------------------- drafts


def test_a_draft_of_a_new_page_becomes_a_page_and_only_then_is_found(home):
    with home.acting(EDITOR):
        row = drafts.keep(text(home, "Het beloofde fonds.", "Fonds"), None, 0)
        assert [each.title for part in service.contents() for _depth, each in part.pages] == ["Naar de zitting"]
        page = drafts.publish(row.id)
        assert (page.slug, page.version, drafts.find(row.id).state) == ("fonds", 1, DraftState.PUBLISHED)
        with pytest.raises(HandbookError):
            drafts.publish(row.id)


def test_those_asked_read_along_and_a_change_asks_them_again(home):
    reviewer = home.users[COORDINATOR].id
    with home.acting(EDITOR):
        row = drafts.keep(text(home, BODY + "\n\nNeem mee."), home.page, 1)
        drafts.ask(row.id, [reviewer, home.users[WORKER].id])  # the worker has no role in the network itself
        db.session.commit()
    with home.acting(COORDINATOR):
        assert [each.asks_me for each in drafts.waiting()] == [True]
        with pytest.raises(HandbookError):
            drafts.judge(row.id, Verdict.NOT_YET, "  ")
        with pytest.raises(HandbookError) as refused:
            drafts.judge(row.id, Verdict.AGREED, "a" * 1001)
        assert [each.params for each in refused.value.problems] == [{"limit": 1000}]
        drafts.judge(row.id, Verdict.AGREED, "")
        db.session.commit()
    with home.acting(EDITOR):
        row = drafts.find(row.id)
        assert drafts.still_waits_for(row, drafts.opinions(row)) == 0
        drafts.change(row.id, text(home, BODY + "\n\nNeem alles mee."), 1, 1)
        row = drafts.find(row.id)
        assert drafts.still_waits_for(row, drafts.opinions(row)) == 1
        assert drafts.publish(row.id).body.endswith("Neem alles mee.")


def test_two_editors_of_a_draft_lose_no_word(home):
    with home.acting(EDITOR):
        row = drafts.keep(text(home, BODY), home.page, 1)
        drafts.change(row.id, text(home, BODY + "\n\nVan de eerste."), 1, 1)
        with pytest.raises(ConflictError) as caught:
            drafts.change(row.id, text(home, "Van de tweede.\n\n" + BODY), 1, 1)
        assert caught.value.current.body.endswith("Van de eerste.")
        assert db.session.scalar(select(func.count()).select_from(PageDraft)) == 1


def test_a_draft_of_a_page_that_changed_is_not_published_over_it(home):
    with home.acting(EDITOR):
        row = drafts.keep(text(home, BODY + "\n\nUit het ontwerp."), home.page, 1)
        service.save_page("naar-de-zitting", text(home, "Eerst dit.\n\n" + BODY), 1)
        with pytest.raises(ConflictError):
            drafts.publish(row.id)
        assert drafts.find(row.id).state == DraftState.DRAFT
        assert service.page_by_slug("naar-de-zitting").version == 2


# ---------------------------------------------------------------- remarks


def test_a_suggestion_accepted_is_a_new_version_also_after_another_change(home):
    with home.acting(WORKER):
        made = remarks.suggest(home.page, 2, "Bel de griffie vóór tien uur.", "Daarna is er niemand.")
        db.session.commit()
    with home.acting(EDITOR):
        service.save_page("naar-de-zitting", text(home, BODY + "\n\nNoteer het."), 1)
        remarks.accept(made.id, "Voorstel van Marie")
        page = service.page_by_slug("naar-de-zitting")
        assert page.body == "# Vooraf\n\nBel de griffie vóór tien uur.\n\nGa mee.\n\nNoteer het."
        assert history.of(page)[0].comment == "Voorstel van Marie"
        assert remarks.find(made.id).state == RemarkState.ACCEPTED
        with pytest.raises(AlreadyDecidedError):
            remarks.decline(made.id, "te laat")


def test_a_suggestion_for_a_rewritten_paragraph_waits_for_a_person(home):
    with home.acting(WORKER):
        made = remarks.suggest(home.page, 2, "Bel de griffie morgen.")
    with home.acting(EDITOR):
        service.save_page("naar-de-zitting", text(home, BODY.replace("Bel", "Mail")), 1)
        with pytest.raises(SuggestionConflictError) as caught:
            remarks.accept(made.id, "")
        assert "Bel de griffie morgen." in caught.value.wanted
        assert remarks.find(made.id).state == RemarkState.OPEN
        assert "Mail de griffie." in service.page_by_slug("naar-de-zitting").body


def test_another_network_sees_and_decides_nothing(home, organisation):
    with home.acting(EDITOR):
        remark = remarks.comment(home.page, 1, "Klopt dit?").id
        draft = drafts.keep(text(home, "x", "X"), None, 0).id
        db.session.commit()
    with organisation(EDITOR).acting(EDITOR):
        for call in (
            lambda: remarks.find(remark),
            lambda: remarks.settle(remark),
            lambda: remarks.reply(remark, "x"),
            lambda: drafts.find(draft),
            lambda: drafts.publish(draft),
            lambda: drafts.ask(draft, []),
        ):
            with pytest.raises(NotThereError):
                call()


@pytest.mark.parametrize("proposal", ["Bel de griffie.", "<script>x</script>", "x" * 9000])
def test_a_suggestion_that_says_nothing_new_or_too_much_is_refused(home, proposal):
    with home.acting(WORKER), pytest.raises(HandbookError):
        remarks.suggest(home.page, 2, proposal)


# ---------------------------------------------------------------- what was typed


def test_what_is_typed_is_kept_once_per_place_and_per_person(home):
    with home.acting(EDITOR):
        drafts.autosave("pagina/naar-de-zitting", "Titel", "een", "1")
        drafts.autosave("pagina/naar-de-zitting", "Titel", "een twee", "1")
        assert drafts.autosaved("pagina/naar-de-zitting").body == "een twee"
        assert db.session.scalar(select(func.count()).select_from(Autosave)) == 1
        db.session.commit()
    with home.acting(COORDINATOR):
        assert drafts.autosaved("pagina/naar-de-zitting") is None
    with home.acting(EDITOR):
        drafts.forget_autosave("pagina/naar-de-zitting")
        assert drafts.autosaved("pagina/naar-de-zitting") is None
