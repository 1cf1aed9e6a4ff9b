"""The shared area in a real browser, at a desk and on a phone: axe, the preview, nothing that sticks out."""

import re
import threading
from datetime import date

import pytest
from playwright.sync_api import expect, sync_playwright
from werkzeug.serving import make_server

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
from tests.conftest import make_organisation

EDITOR, COORDINATOR, ADMIN = Role.PLAYBOOK_EDITOR, Role.REGIONAL_COORDINATOR, Role.TENANT_ADMIN
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
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


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        yield started
        started.close()


@pytest.fixture
def open_page(app, browser, home, sign_in):
    """Open a path as somebody with a role; complaints of the page (its policy, a script) fail the test at the end."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.port}"
    contexts, complaints = [], []

    def opened(role, path, viewport=DESK, **options):
        context = browser.new_context(viewport=viewport, base_url=address, **options)
        contexts.append(context)
        cookie = sign_in(home, role).get_cookie("woonvast")
        context.add_cookies([{"name": "woonvast", "value": cookie.value, "url": address}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if "Security Policy" in line.text else None)
        page.on("request", lambda sent: sent.url.startswith((address, "data:")) or complaints.append(sent.url))
        page.goto(address + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    server.shutdown()
    thread.join()
    assert complaints == []


def violations(page):
    return [(v["id"], [node["html"] for node in v["nodes"]]) for v in axe.violations(page)]


def test_axe_finds_nothing_and_nothing_sticks_out(open_page):
    """axe looks at the phone's page: the same elements, closer together."""
    found, pages = [], {}
    for role, path in PAGES:
        if role not in pages:
            pages[role] = open_page(role, path)
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


def test_preview_appears_under_the_form_and_what_was_typed_stays(open_page):
    page = open_page(EDITOR, "/draaiboek/het-meldpunt/bewerken/")
    signs(page).fill("# Nieuw\n\n**Bel eerst.**")
    page.get_by_role("button", name="Voorbeeld tonen").click()
    expect(page.locator("#preview strong")).to_have_text("Bel eerst.")
    expect(page.locator("textarea#body")).to_have_value("# Nieuw\n\n**Bel eerst.**")
    assert violations(page) == []


def test_preview_works_without_script(open_page):
    page = open_page(EDITOR, "/draaiboek/het-meldpunt/bewerken/", java_script_enabled=False)
    page.get_by_label("Tekst", exact=True).fill("**Bel eerst.**")
    page.get_by_role("button", name="Voorbeeld tonen").click()
    expect(page.locator("#preview strong")).to_have_text("Bel eerst.")


def test_who_is_overtaken_sees_both_texts_and_saves_them(open_page):
    path = "/draaiboek/het-meldpunt/bewerken/"
    late, early = open_page(EDITOR, path), open_page(EDITOR, path)
    for page, words in ((early, "Van de eerste."), (late, "Van de tweede.")):
        text = signs(page)
        text.fill(f"{text.input_value()}\n\n{words}" if page is early else f"{words}\n\n{text.input_value()}")
        page.get_by_role("button", name="Publiceren").click()
    expect(late.get_by_role("heading", level=1)).to_contain_text("bewaarde deze pagina terwijl je schreef")
    assert violations(late) == []
    late.get_by_role("button", name="De tekst van beiden bewaren").click()
    expect(late.locator("article")).to_contain_text("Van de eerste.")
    expect(late.locator("article")).to_contain_text("Van de tweede.")


def test_the_formatted_editor_stores_markdown_and_loses_nothing(open_page):
    page = open_page(EDITOR, "/draaiboek/nieuw/")
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
    page.get_by_role("button", name="Publiceren").click()
    expect(page.locator("article strong")).to_have_text("Bel")
