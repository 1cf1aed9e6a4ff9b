"""The playbook in the database: what is saved, who sees it, what two editors do to each other."""

import uuid

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app import tenancy
from app.database import db, transaction
from app.security.roles import Role
from playbook.handbook import history, service
from playbook.handbook.models import Chapter, Page, PageVersion
from playbook.handbook.search import search
from playbook.handbook.service import ConflictError, Draft, HandbookError, NotThereError

EDITOR = Role.PLAYBOOK_EDITOR


@pytest.fixture
def home(app_context, organisation):
    return organisation(EDITOR)


def chapter(title="Vooraf"):
    return service.create_chapter(title)


def draft(chapter, title="Bellen", body="Bel eerst.", **more):
    return Draft(title, body, chapter.id, **more)


def test_another_network_finds_nothing_and_changes_nothing(home, organisation):
    stranger = organisation(EDITOR)
    with home.acting(EDITOR):
        first = chapter()
        page = service.create_page(draft(first))
        db.session.remove()
    with stranger.acting(EDITOR):
        with pytest.raises(NotThereError):
            service.page_by_slug("bellen")
        assert db.session.scalar(select(Page).where(Page.id == page.id)) is None
        assert service.contents() == []
        assert [hit for hit in search("bel") if hit.network == home.network.name] == []
        with pytest.raises(HandbookError):
            service.create_page(draft(first))
        with transaction() as session:
            changed = session.execute(text("UPDATE playbook_page SET title = 'x' WHERE id = :id"), {"id": page.id})
            assert changed.rowcount == 0


def test_a_row_cannot_be_written_for_another_network(home, organisation):
    stranger = organisation(EDITOR)
    with home.acting(EDITOR), pytest.raises(DBAPIError, match="row-level security"), transaction() as session:
        session.add(Chapter(network_id=stranger.network.id, slug="x", title="x", position=1))


def test_a_page_cannot_point_into_another_network(home, organisation):
    stranger = organisation(EDITOR)
    with stranger.acting(EDITOR):
        theirs = chapter()
        db.session.remove()
    with home.acting(EDITOR), pytest.raises(IntegrityError), transaction() as session:
        session.add(Page(chapter_id=theirs.id, slug="x", title="x", body="x", plain="x", position=1))


def test_what_is_published_to_all_is_read_but_not_written_elsewhere(home, organisation):
    stranger = organisation(EDITOR)
    with home.acting(EDITOR):
        page = service.create_page(draft(chapter(), published_to_all=True))
        db.session.remove()
    with stranger.acting(EDITOR):
        network, found = service.page_of_network(home.network.slug, "bellen")
        assert (network.id, found.body) == (home.network.id, "Bel eerst.")
        assert home.network.id in {n.id for n, _page in service.published_elsewhere()}
        assert home.network.id in {hit.network.id for hit in search("bellen") if hit.network}
        with transaction() as session:
            changed = session.execute(text("UPDATE playbook_page SET title = 'x' WHERE id = :id"), {"id": page.id})
            assert changed.rowcount == 0


def test_nobody_reads_even_what_is_published_to_all(home):
    with home.acting(EDITOR):
        service.create_page(draft(chapter(), published_to_all=True))
        db.session.remove()
    assert db.session.scalar(text("SELECT count(*) FROM playbook_page")) == 0


def test_without_a_network_nothing_is_written(app_context):
    with pytest.raises(tenancy.NoNetworkError):
        chapter()


def test_every_save_is_a_version_with_its_author(home):
    with home.acting(EDITOR):
        first = chapter()
        service.create_page(draft(first))
        service.save_page("bellen", draft(first, body="Bel tweemaal.", comment="één keer is te weinig"), 1)
        page = service.page_by_slug("bellen")
        assert (page.version, page.body) == (2, "Bel tweemaal.")
        changes = history.of(page)
        assert [(c.number, c.comment) for c in changes] == [(2, "één keer is te weinig"), (1, "")]
        assert all(c.author == home.users[EDITOR].get_full_name() for c in changes)
        assert service.version_of(page, 1).body == "Bel eerst."


def test_an_unchanged_text_is_no_version(home):
    with home.acting(EDITOR):
        first = chapter()
        service.create_page(draft(first))
        assert service.save_page("bellen", draft(first, published_to_all=True), 1).version == 1


def test_a_version_can_be_neither_changed_nor_deleted(home):
    with home.acting(EDITOR):
        service.create_page(draft(chapter()))
        for statement in (
            "UPDATE playbook_page_version SET body = ''",
            "DELETE FROM playbook_page_version",
            "DELETE FROM playbook_page",
        ):
            with pytest.raises(DBAPIError, match="permission denied"), transaction() as session:
                session.execute(text(statement))


def test_restoring_adds_a_version(home):
    with home.acting(EDITOR):
        first = chapter()
        service.create_page(draft(first))
        service.save_page("bellen", draft(first, body="Bel niet."), 1)
        page = service.restore("bellen", 1)
        assert (page.version, page.body) == (3, "Bel eerst.")
        assert history.of(page)[0].restored_from == 1


def test_two_editors_at_once_get_a_conflict_with_both_texts(home):
    with home.acting(EDITOR):
        first = chapter()
        service.create_page(draft(first))
        service.save_page("bellen", draft(first, body="Bel eerst, dan langs."), 1)
        with pytest.raises(ConflictError) as conflict:
            service.save_page("bellen", draft(first, body="Bel eerst, dan brief."), 1)
        assert conflict.value.base.body == "Bel eerst."
        assert conflict.value.current.body == "Bel eerst, dan langs."
        assert service.page_by_slug("bellen").version == 2


def test_pages_stand_in_their_order_and_move_with_their_subpages(home):
    with home.acting(EDITOR):
        one, two = chapter("Een"), chapter("Twee")
        a = service.create_page(draft(one, "A"))
        b = service.create_page(draft(one, "B", position=1))
        service.create_page(draft(one, "C", parent_id=a.id))
        titles = [(depth, page.title) for depth, page in service.contents()[0].pages]
        assert titles == [(0, "B"), (0, "A"), (1, "C")]
        service.save_page("a", draft(two, "A"), 1)
        db.session.expire_all()
        contents = service.contents()
        assert [[page.title for _d, page in c.pages] for c in contents] == [["B"], ["A", "C"]]
        assert b.position == 1


def test_a_page_cannot_be_put_under_its_own_subpage(home):
    with home.acting(EDITOR):
        first = chapter()
        a = service.create_page(draft(first, "A"))
        b = service.create_page(draft(first, "B", parent_id=a.id))
        with pytest.raises(HandbookError) as refused:
            service.save_page("a", draft(first, "A", parent_id=b.id), 1)
        assert [p.field for p in refused.value.problems] == ["place"]
        assert service.page_by_slug("a").parent_id is None


def test_everything_that_is_wrong_is_said_at_once_and_nothing_is_written(home):
    with home.acting(EDITOR):
        with pytest.raises(HandbookError) as refused:
            service.create_page(Draft(" ", "", uuid.uuid4()))
        assert [p.field for p in refused.value.problems] == ["title", "body", "place"]
        assert db.session.scalar(select(PageVersion)) is None


def test_search_knows_dutch_words_and_marks_them(home):
    with home.acting(EDITOR):
        first = chapter()
        service.create_page(draft(first, "Uithuiszettingen voorkomen", "Begin vroeg."))
        service.create_page(draft(first, "Afspraken", "Een **afbetalingsplan** helpt tegen uithuiszetting.\x02"))
        hits = search("uithuiszettingen")
        assert [hit.slug for hit in hits] == ["uithuiszettingen-voorkomen", "afspraken"]
        assert ("uithuiszetting", True) in hits[1].snippet
        assert "**" not in "".join(piece for piece, _marked in hits[1].snippet)
        service.create_page(draft(first, "Lang", "Begin hier. " * 40 + "Zo leest de griffie " + "verder " * 40))
        cut = "".join(piece for piece, _marked in search("griffie")[0].snippet)
        assert cut.startswith("… ") or cut[0].isupper()
        assert cut.endswith(" …")
        assert search("'); DROP TABLE playbook_page; --") == []
        assert search('"begin vroeg"')[0].slug == "uithuiszettingen-voorkomen"


def test_titles_that_are_alike_get_addresses_of_their_own(home):
    with home.acting(EDITOR):
        first = chapter()
        assert [service.create_page(draft(first)).slug for _ in range(3)] == ["bellen", "bellen-2", "bellen-3"]


def test_chapters_change_places(home):
    with home.acting(EDITOR):
        for title in ("Een", "Twee", "Drie"):
            chapter(title)
        service.change_chapter("drie", "Derde", "Wat eerst komt.", 1)
        found = [(c.chapter.title, c.chapter.position) for c in service.contents()]
        assert found == [("Derde", 1), ("Een", 2), ("Twee", 3)]
