"""A scenario's steps within a page: they follow what was published last, on screen, on paper and for guests."""

import io
from types import SimpleNamespace

import pikepdf
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app import tenancy
from app.database import db
from app.security.roles import Role
from playbook.handbook import service, showing
from playbook.handbook.markdown import StepLine, StepList, Words, render
from playbook.handbook.service import Draft
from playbook.scenarios import rules
from playbook.scenarios import service as scenarios

EDITOR, GUEST = Role.PLAYBOOK_EDITOR, Role.GUEST
EMBED = "::: stappen naar-de-zitting\n:::"
KNOWN = Words(steps=(StepList("a", "A & B", "1 step, version 1", (StepLine("CAW", "<b>bel</b>", "op tijd"),)),))


# ---------------------------------------------------------------- the text


def test_a_line_stands_for_a_list_in_order():
    html = render("voor\n\n::: stappen a\n:::\n\nna", KNOWN).html
    assert '<a href="/draaiboek/scenario/a/"' in html
    assert "A &amp; B" in html
    assert "<ol>\n<li><b>CAW</b>: &lt;b&gt;bel&lt;/b&gt; <em>op tijd</em></li>" in html.replace("&#47;", "/")
    assert html.index("voor") < html.index("<ol>") < html.index("na</p>")


@pytest.mark.parametrize(
    ("source", "blocks"),
    [
        ("::: stappen a\n:::\n\nna", 2),
        ("::: stappen a\n\nna", 2),  # an end that was forgotten swallows nothing
        ("voor\n::: stappen a\n:::\nna", 3),
        ("::: tip\n::: stappen a\n:::\n", 1),
        ("::: stappen\n:::", 1),  # no address: it is no list
        ("    ::: stappen a", 1),  # code
        ("::: stappen A b", 1),
    ],
)
def test_every_word_belongs_to_one_block(source, blocks):
    rendered = render(source, KNOWN)
    assert len(rendered.blocks) == blocks
    assert "".join(block.source for block in rendered.blocks).replace("\n", "") == source.replace("\n", "").rstrip()


def test_what_nobody_looked_up_shows_its_address_and_a_problem_its_words():
    assert "naar-de-zitting" in render(EMBED).html
    html = render("::: stappen a\n\nna", Words(steps=(StepList("a", problem="weg <i>"),))).html
    assert "weg &lt;i&gt;" in html
    assert "<p>na</p>" in html


# ---------------------------------------------------------------- the pages


def step(what: str) -> rules.Step:
    return rules.Step("", rules.Who.SOCIAL_WORKER, what, rules.Event.PETITION, 3)


@pytest.fixture(scope="module")
def made():
    return SimpleNamespace()


@pytest.fixture
def home(app, organisation, made):
    """A network with a scenario and two pages that show its steps, one of them for guests."""
    if not hasattr(made, "home"):
        made.home = home = organisation(EDITOR, GUEST, Role.SOCIAL_WORKER)
        with app.app_context(), home.acting(EDITOR):
            for title in ("Naar de zitting", "Naar", "Nog niet"):
                scenarios.create(rules.Definition(title, "", "als het zover is"))
            for slug in ("naar-de-zitting", "naar"):
                scenarios.save_step(slug, step(f"Bel {slug}"), 1)
                scenarios.publish(slug, "eerste", 2)
            chapter = service.create_chapter("De zitting")
            service.create_page(Draft("Open", f"Zo gaat het:\n\n{EMBED}", chapter.id, for_guests=True))
            service.create_page(Draft("Intern", "::: stappen naar\n\n::: stappen nog-niet\n\nEinde.", chapter.id))
            service.create_page(Draft("Gedeeld", f"{EMBED}\n\nEinde.", chapter.id, published_to_all=True))
            db.session.commit()
            db.session.remove()
    return made.home


def test_a_page_shows_who_does_what_within_how_long(home, sign_in):
    told = sign_in(home).get("/draaiboek/open/").text
    assert "Bel naar-de-zitting" in told
    assert "Maatschappelijk werker" in told
    assert "binnen 3 werkdagen na het verzoekschrift" in told
    assert "versie 1" in told


def test_what_is_not_published_is_told_and_the_page_stays_readable(home, sign_in):
    told = sign_in(home).get("/draaiboek/intern/").text
    assert "Bel naar" in told
    assert "nog-niet" in told
    assert "Einde." in told


def test_it_follows_the_newest_version(home, sign_in):
    with home.app.app_context(), home.acting(EDITOR):
        scenario = scenarios.by_slug("naar-de-zitting")
        scenarios.save_step(scenario.slug, step("Schrijf"), scenario.draft_version)
        db.session.remove()
        assert "Schrijf" not in showing.shown_text(EMBED).html, "a draft is no step yet"
        scenarios.publish(scenario.slug, "tweede", scenarios.by_slug(scenario.slug).draft_version)
        db.session.remove()
    assert "Schrijf" in sign_in(home).get("/draaiboek/open/").text


def test_it_stands_on_paper(home, sign_in):
    paper = sign_in(home).get("/draaiboek/open/pdf")
    with pikepdf.open(io.BytesIO(paper.data)) as pdf:
        assert "/LI" in str([str(each.get("/S", "")) for each in pdf.objects if isinstance(each, pikepdf.Dictionary)])


def test_another_network_is_told_where_the_steps_stand(home, organisation, sign_in):
    reader = sign_in(organisation())
    told = reader.get(f"/draaiboek/van/{home.network.slug}/gedeeld/").text
    assert "Einde." in told
    assert "Bel naar-de-zitting" not in told
    assert "het netwerk dat deze pagina schreef" in told


def test_guests_read_the_steps_of_what_their_pages_show_and_no_more(home, sign_in):
    told = sign_in(home, GUEST).get("/draaiboek/open/").text
    assert "Bel naar-de-zitting" in told
    assert "/draaiboek/scenario/" not in told
    context = tenancy.Context(user_id=home.users[GUEST].id, network_id=home.network.id, role=tenancy.GUEST)
    with home.app.app_context(), tenancy.acting(context), Session(db.engine) as session:
        assert session.scalars(text("SELECT slug FROM scenario")).all() == ["naar-de-zitting"]
        latest = session.scalar(text("SELECT latest FROM scenario"))
        assert session.scalars(text("SELECT number FROM scenario_version")).all() == [latest]


def test_the_editor_offers_published_scenarios(home, sign_in):
    told = sign_in(home, EDITOR).get("/draaiboek/nieuw/").text
    assert "Naar de zitting" in told
    assert "Nog niet" not in told
