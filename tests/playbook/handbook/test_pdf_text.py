"""The words of attached PDFs: found by the search, and no file stops or fools the portal."""

import io
from types import SimpleNamespace

import pikepdf
import pytest
from pikepdf import Dictionary, Encryption, Name

from app.database import db
from app.jobs import run_worker
from app.security.roles import Role
from playbook.handbook import adopting, files, pdf_text, service, shared_files
from playbook.handbook.search import search
from playbook.handbook.service import Draft

EDITOR, GUEST = Role.PLAYBOOK_EDITOR, Role.GUEST


def pdf(*pages: str, **how) -> bytes:
    """A PDF with a sentence on each page."""
    out = io.BytesIO()
    with pikepdf.new() as made:
        font = made.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        for words in pages:
            page = made.add_blank_page()
            page.Resources = Dictionary(Font=Dictionary(F1=font))
            page.Contents = made.make_stream(f"BT /F1 12 Tf 50 700 Td ({words}) Tj ET".encode("latin-1"))
        made.save(out, **how)
    return out.getvalue()


BROCHURE = pdf(
    "Deze brochure gaat over huren en verhuren.", "De vrederechter hoort beide partijen, vertelt Geheimzwam."
)
LOCKED = pdf("Alleen met een wachtwoord te lezen.", encryption=Encryption(owner="a", user="b"))


@pytest.mark.parametrize(
    ("content", "outcome"),
    [
        (BROCHURE, pdf_text.FOUND),
        (pdf("Tegen wijzigen beveiligd, maar leesbaar.", encryption=Encryption(owner="a", user="")), pdf_text.FOUND),
        (LOCKED, pdf_text.LOCKED),
        (pdf("", ""), pdf_text.NOTHING),
        (b"%PDF-1.7 rommel", pdf_text.DAMAGED),
        (b"%PDF-1.7\n" + b"[" * 300_000, pdf_text.DAMAGED),
        (BROCHURE.replace(b"/Kids [ ", b"/Kids [ 2 0 R "), None),  # a tree of pages that holds itself
    ],
)
def test_a_file_is_read_as_far_as_it_can_be(content, outcome):
    told, pages = pdf_text.words_of(content)
    assert told == outcome or (outcome is None and told in (pdf_text.FOUND, pdf_text.NOTHING, pdf_text.DAMAGED))
    assert sum(map(len, pages)) <= pdf_text.LONGEST_TEXT


def test_each_page_has_its_words():
    assert pdf_text.words_of(BROCHURE)[1] == [
        "Deze brochure gaat over huren en verhuren.",
        "De vrederechter hoort beide partijen, vertelt Geheimzwam.",
    ]


@pytest.fixture(scope="module")
def made():
    return SimpleNamespace()


@pytest.fixture
def home(app, settings, organisation, made):
    """A network with a page that links to a brochure, whose words were read, and a file with a password."""
    if not hasattr(made, "home"):
        made.home = home = organisation(EDITOR, GUEST, Role.SOCIAL_WORKER)
        with app.app_context(), home.acting(EDITOR):
            brochure = files.add("brochure.pdf", "Brochure huren", BROCHURE)
            files.add("slot.pdf", "Op slot", LOCKED)
            chapter = service.create_chapter("De zitting")
            link = f"Lees [de brochure](/draaiboek/bestand/{brochure.name})."
            service.create_page(Draft("Bij de griffie", link, chapter.id))
            service.create_page(Draft("Bij partijen", f"Beide partijen spreken. {link}", chapter.id))
            home.waiting = {each.title: each.words for each in files.all_of_network()}
            db.session.commit()
            db.session.remove()
        run_worker(app, settings.database_url, wait=False)
    return made.home


def test_the_search_says_in_which_file_and_on_which_page(home, sign_in):
    assert home.waiting == {"Brochure huren": shared_files.WAITING, "Op slot": shared_files.WAITING}
    with home.app.app_context(), home.acting():
        hits = search("vrederechters partijen")
        assert {hit.slug: (hit.file, hit.file_page) for hit in hits} == {
            "bij-de-griffie": ("Brochure huren", 2),
            "bij-partijen": ("Brochure huren", 2),
        }
        assert ("vrederechter", True) in hits[0].snippet
        db.session.remove()
    told = sign_in(home).get("/draaiboek/zoeken?q=vrederechter").text
    assert "in het bestand Brochure huren, bladzijde 2" in told
    assert "<mark>vrederechter</mark>" in told


def test_a_page_s_own_words_come_first_and_each_page_once(home):
    with home.app.app_context(), home.acting():
        hits = search("partijen")
        assert [(hit.slug, hit.file) for hit in hits] == [("bij-partijen", None), ("bij-de-griffie", "Brochure huren")]


def test_what_can_not_be_searched_is_told_beside_the_file(home, sign_in):
    told = sign_in(home, EDITOR).get("/draaiboek/bestanden/").text
    assert told.count("Geen doorzoekbare tekst") == 1


def test_another_network_finds_nothing_and_a_guest_only_what_is_marked(home, organisation, sign_in):
    assert "Brochure" not in sign_in(organisation()).get("/draaiboek/zoeken?q=vrederechter").text
    guest = sign_in(home, GUEST)
    assert "Brochure" not in guest.get("/draaiboek/zoeken?q=vrederechter").text
    with home.app.app_context(), home.acting(EDITOR):
        page = service.page_by_slug("bij-de-griffie")
        service.save_page(page.slug, Draft(page.title, page.body, page.chapter_id, for_guests=True), page.version)
        db.session.remove()
    told = guest.get("/draaiboek/zoeken?q=vrederechter").text
    assert "Bij de griffie" in told
    assert "in het bestand Brochure huren" in told
    assert "Bij partijen" not in told


def test_other_networks_find_words_of_files_of_published_pages_and_of_those_only(
    app, settings, home, organisation, sign_in, saved
):
    """Published: found, with the file and its page. Published no more: gone, also at the file's own address."""
    theirs = organisation(EDITOR)
    reader = sign_in(theirs, EDITOR)
    with app.app_context(), home.acting(EDITOR):
        link = "/draaiboek/bestand/" + next(f.name for f in files.all_of_network() if f.title == "Brochure huren")
        db.session.remove()

    def told():
        return reader.get("/draaiboek/zoeken?q=vrederechters").text

    assert "Brochure" not in told()
    saved("bij-partijen", published_to_all=True)
    page = told()
    assert f"/draaiboek/van/{home.network.slug}/bij-partijen/" in page
    assert "in het bestand Brochure huren, bladzijde 2" in page
    assert "Bij de griffie" not in page, "the other page with this file is theirs alone"
    assert reader.get(link).status_code == 200
    # Who takes the page over keeps a copy, and finds its words in the own page.
    with app.app_context(), theirs.acting(EDITOR):
        chapter = service.create_chapter("Overgenomen")
        adopting.adopt(home.network.slug, "bij-partijen", chapter.id)
        db.session.commit()
        db.session.remove()
    run_worker(app, settings.database_url, wait=False)
    saved("bij-partijen", published_to_all=False)
    page = told()
    assert "/draaiboek/bij-partijen/" in page
    assert f"/draaiboek/van/{home.network.slug}" not in page
    assert reader.get(link).status_code == 200
    third = sign_in(organisation())
    assert third.get(link).status_code == 404
    assert "Brochure" not in third.get("/draaiboek/zoeken?q=vrederechters").text
    # A text that does not link to it any more shows it no more.
    saved("bij-partijen", published_to_all=True)
    assert "Brochure" in third.get("/draaiboek/zoeken?q=vrederechters").text
    saved("bij-partijen", body="Beide partijen spreken.", published_to_all=True)
    assert "Brochure" not in third.get("/draaiboek/zoeken?q=vrederechters").text
    assert third.get(link).status_code == 404


@pytest.fixture
def saved(app, home):
    """Save a page of the network as its editor does."""

    def save(slug, body=None, **how):
        with app.app_context(), home.acting(EDITOR):
            page = service.page_by_slug(slug)
            service.save_page(slug, Draft(page.title, body or page.body, page.chapter_id, **how), page.version)
            db.session.commit()
            db.session.remove()

    return save
