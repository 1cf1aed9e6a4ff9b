"""The shared area in a real browser, at a desk and on a phone: axe, the preview, nothing that sticks out."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from app import tenancy
from app.database import db, transaction
from app.demo import DemoRegion
from app.identifiers import uuid7
from app.security.roles import Role
from playbook.exchange import demo as exchange_demo
from playbook.handbook import demo as handbook_demo
from playbook.handbook import service
from playbook.handbook.markdown import render
from playbook.handbook.service import Draft
from playbook.statistics.service import write_facts
from tenants.organisations.service import create_tenant
from tests import axe
from tests.browsing import DESK, PHONE
from tests.conftest import make_organisation

EDITOR, COORDINATOR, ADMIN = Role.PLAYBOOK_EDITOR, Role.REGIONAL_COORDINATOR, Role.TENANT_ADMIN
PAGES = (
    (EDITOR, "/draaiboek/"),
    (EDITOR, "/draaiboek/welke-termijnen-lopen-er/"),
    (EDITOR, "/draaiboek/het-fonds-fbu/bewerken/"),
    (EDITOR, "/draaiboek/de-zitting-voorbereiden/geschiedenis/"),
    (EDITOR, "/draaiboek/de-zitting-voorbereiden/geschiedenis/2/"),
    (EDITOR, "/draaiboek/hoofdstuk/nieuw/"),
    (EDITOR, "/draaiboek/zoeken?q=uithuiszettingen"),
    (EDITOR, "/draaiboek/zoeken?q=xyz"),
    (EDITOR, "/draaiboek/welke-termijnen-lopen-er/opmerkingen/"),
    (EDITOR, "/draaiboek/bestanden/"),
    (COORDINATOR, "/netwerk/"),
    (COORDINATOR, "/netwerk/nieuw/"),
    (COORDINATOR, "/netwerk/initiatieven/"),
    (COORDINATOR, "/netwerk/bijeenkomsten/"),
    (ADMIN, "/cijfers/"),
    (COORDINATOR, "/cijfers/?jaar=alle"),
)


def facts(tenant, number, quarter):
    """Invented facts of `number` petitions."""
    month = date(2026, quarter * 3 - 1, 1)
    known = {
        "opened_month": month, "closed_month": None, "petition_month": month, "source": "petition",
        "reason": "rent_arrears", "market": "private", "composition": "single", "has_children": False,
        "birth_decade": 1980, "stage": "petition", "reached": True, "attempts": 1, "evicted": False,
        "housing_outcome": None, "eviction_outcome": None, "tenant_id": tenant.id,
    }  # fmt: skip
    kinds = ("default", "agreement", "conditional", None)
    return [
        {
            **known,
            "id": uuid7(),
            "judgment": kinds[i % 4],
            "tenant_present": (True, False, None)[i % 3],
            "reached_before_hearing": (True, True, False, None)[i % 4],
        }
        for i in range(number)
    ]


@pytest.fixture(scope="module")
def home(app):
    """A network of six OCMWs with the start playbook, contacts and petitions."""
    made = make_organisation(app, EDITOR, COORDINATOR, ADMIN, name="OCMW Aalbeke")
    with made.app.app_context():
        names = ("Bissegem", "Heule", "Kooigem", "Marke", "Rollegem")
        slug = made.tenant.slug
        others = [create_tenant(f"{slug}-{n.lower()}", f"OCMW {n}", network=made.network.slug) for n in names]
        region = DemoRegion(date(2026, 11, 16), {"w13": made.network}, {}, {"redacteur.w13": made.users[EDITOR]}, {})
        handbook_demo.load(region)
        exchange_demo.load(region)
        with made.acting(EDITOR):
            page = service.page_by_slug("de-zitting-voorbereiden")
            longer = Draft(page.title, page.body + "\n\nBel ook de griffie.", page.chapter_id, comment="griffie")
            service.save_page(page.slug, longer, page.version)
        for number, tenant in enumerate([made.tenant, *others]):
            with tenancy.acting(tenancy.Context(tenant_id=tenant.id)), transaction() as session:
                for quarter in (1, 2, 3, 4):
                    write_facts(session, facts(tenant, (3 + number * 4 + quarter) % 19, quarter))
        db.session.remove()
    return made


@pytest.fixture
def show(open_page, home, sign_in):
    """Open a path as somebody with a role."""

    def shown(role, path, viewport=DESK, **options):
        page = open_page(sign_in(home, role), viewport, **options)
        page.goto(path)
        return page

    return shown


def violations(page):
    return [(v["id"], [node["html"] for node in v["nodes"]]) for v in axe.violations(page)]


def test_axe_finds_nothing_and_nothing_sticks_out(show):
    """axe looks at the phone's page: the same elements, closer together."""
    found, pages = [], {}
    for role, path in PAGES:
        if role not in pages:
            pages[role] = show(role, path)
        page = pages[role]
        for viewport in (DESK, PHONE):
            page.set_viewport_size(viewport)
            if viewport == DESK:
                page.goto(path)
            if page.evaluate("document.documentElement.scrollWidth") > viewport["width"]:
                found.append((path, viewport["width"], "sticks out"))
        found += [(path, violation) for violation in violations(page)]
    assert found == []


def signs(page):
    """The text box with the Markdown, instead of the formatted editor."""
    page.get_by_role("button", name="Tekens tonen").click()
    return page.locator("textarea#body")


def test_preview_appears_under_the_form_and_what_was_typed_stays(show):
    page = show(EDITOR, "/draaiboek/het-meldpunt/bewerken/")
    signs(page).fill("# Nieuw\n\n**Bel eerst.**")
    page.get_by_role("button", name="Voorbeeld tonen").click()
    expect(page.locator("#preview strong")).to_have_text("Bel eerst.")
    expect(page.locator("textarea#body")).to_have_value("# Nieuw\n\n**Bel eerst.**")
    assert violations(page) == []


def test_preview_works_without_script(show):
    page = show(EDITOR, "/draaiboek/het-meldpunt/bewerken/", java_script_enabled=False)
    page.get_by_label("Tekst", exact=True).fill("**Bel eerst.**")
    page.get_by_role("button", name="Voorbeeld tonen").click()
    expect(page.locator("#preview strong")).to_have_text("Bel eerst.")


def test_who_is_overtaken_sees_both_texts_and_saves_them(show):
    path = "/draaiboek/het-meldpunt/bewerken/"
    late, early = show(EDITOR, path), show(EDITOR, path)
    for page, words in ((early, "Van de eerste."), (late, "Van de tweede.")):
        text = signs(page)
        text.fill(f"{text.input_value()}\n\n{words}" if page is early else f"{words}\n\n{text.input_value()}")
        page.get_by_role("button", name="Publiceren").click()
    expect(late.get_by_role("heading", level=1)).to_contain_text("bewaarde deze pagina terwijl je schreef")
    assert violations(late) == []
    late.get_by_role("button", name="De tekst van beiden bewaren").click()
    expect(late.locator("article")).to_contain_text("Van de eerste.")
    expect(late.locator("article")).to_contain_text("Van de tweede.")


def test_the_formatted_editor_stores_markdown_and_loses_nothing(show):
    page = show(EDITOR, "/draaiboek/nieuw/")
    texts = [path.read_text(encoding="utf-8").partition("\n")[2].strip() for path in handbook_demo.START.rglob("*.md")]
    texts += ["# K\n\n* a\n* b\n\n    - c", "|a|b|\n|:-:|-:|\n|`x\\|y`|**z**|", "a\\\nb ~~c~~", "[a][b]", "&amp; 1 < 2"]
    texts += [
        "a\n\n::: stappen naar-de-zitting\n:::\n\nb",
        "- a\n\n::: stappen weg\n\n::: tip\nb\n:::",
    ]
    same = page.evaluate("ts => ts.map(t => HandbookEditor.write(HandbookEditor.read(t)))", texts)
    assert same == texts
    again = page.evaluate("ts => ts.map(HandbookEditor.rewritten)", texts)  # as if every block had been edited
    for text, written in zip(texts, again, strict=True):
        assert " ".join(render(written).html.split()) == " ".join(render(text).html.split())

    page.get_by_label("Titel").fill("Eerste hulp")
    editor = page.get_by_role("textbox", name="Tekst")
    editor.click()
    page.keyboard.type("# Vooraf")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+b")
    page.keyboard.type("Bel")
    page.keyboard.press("Control+b")
    page.keyboard.type(" eerst.")
    page.keyboard.press("Enter")
    page.keyboard.type("- een")
    page.keyboard.press("Enter")
    page.keyboard.type("twee")
    page.keyboard.press("Alt+F10")  # to the buttons; the arrows go along them
    page.keyboard.press("End")
    page.keyboard.press("Escape")
    expect(editor).to_be_focused()
    expect(page.locator("textarea#body")).to_have_value("# Vooraf\n\n**Bel** eerst.\n\n- een\n- twee")
    page.get_by_role("button", name="Tabel").press("Enter")
    for word in ("Wat", "Dagen", "Brief"):  # Tab goes from cell to cell, from the first one on
        page.keyboard.type(word)
        page.keyboard.press("Tab")
    page.keyboard.press("Control+Enter")
    page.keyboard.type("Eronder.")
    table = "| Wat | Dagen |\n| --- | --- |\n| Brief |  |\n|  |  |"
    expect(page.locator("textarea#body")).to_have_value(re.compile(re.escape(table + "\n\nEronder.")))
    expect(page.locator("#kept")).to_contain_text("tussentijds bewaard")
    assert violations(page) == []
    editor.press("End")  # what was typed a moment before the page is sent is not kept as if it were not
    page.keyboard.type(" Af.")
    page.get_by_role("button", name="Publiceren").click()
    expect(page.locator("article strong")).to_have_text("Bel")
    page.goto("/draaiboek/nieuw/")
    expect(page.get_by_role("heading", name="Nieuwe pagina")).to_be_visible()
    expect(page.get_by_role("button", name="Weggooien")).to_have_count(0)
