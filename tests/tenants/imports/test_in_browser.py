"""The import with a real browser, at a desk and on a phone: axe on each state of the page, and by keyboard."""

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect, sync_playwright
from werkzeug.serving import make_server

from app import jobs
from app.factory import create_app
from app.security.roles import Role
from tests import axe

PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def server(settings: Any) -> Iterator[str]:
    portal = create_app(replace(settings, secure_cookies=False))
    made = make_server("127.0.0.1", 0, portal, threaded=True)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{made.port}"
    made.shutdown()
    thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        yield started
        started.close()


@pytest.fixture
def page(browser: Any, server: str, organisation: Callable[..., Any], sign_in: Any) -> Iterator[Page]:
    """A social worker's page; what its policy forbids, a script error or a foreign address fails the test."""
    client = sign_in(organisation(Role.SOCIAL_WORKER))
    cookie = client.get_cookie("woonvast")
    context, complaints = browser.new_context(viewport=PHONE, base_url=server), []
    context.add_cookies([{"name": "woonvast", "value": cookie.value, "url": server}])
    page = context.new_page()
    page.set_default_timeout(120_000)  # of no concern to a machine that does one thing at a time
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if "Security Policy" in line.text else None)
    page.on("request", lambda sent: sent.url.startswith((server, "data:")) or complaints.append(sent.url))
    yield page
    context.close()
    assert complaints == []


def check(page: Page, name: str) -> None:
    """Nothing for axe, nothing wider than the screen."""
    if folder := os.environ.get("PICTURES"):
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=f"{folder}/{name}-{width}.png")
    assert axe.fits(page), name
    if page.viewport_size == PHONE:  # the same elements, closer together; tests/app/ui looks at the desk's frame
        found = axe.violations(page)
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == [], name


def work(app: Any, settings: Any) -> None:
    """Let the worker do what waits; in a thread, since the browser's loop runs in this one."""
    worker = threading.Thread(target=jobs.run_worker, args=(app, settings.database_url), kwargs={"wait": False})
    worker.start()
    worker.join()


def test_a_register_is_read_in_repaired_and_undone(
    page: Page, app: Any, settings: Any, short: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "register.xlsx"
    file.write_bytes(short)
    page.goto("/verzoekschriften/inlezen/")
    check(page, "choose")
    page.get_by_label("Rekenblad met de verzoekschriften").set_input_files(file)
    page.get_by_role("button", name="Bestand lezen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Het bestand wordt gelezen")
    check(page, "busy")
    work(app, settings)

    expect(page.get_by_role("heading", level=1)).to_have_text("Kijk na wat we begrepen")
    check(page, "errors")
    row = page.locator("#row-21")
    expect(row).to_contain_text("31/02/2020")
    row.get_by_label("Datum ontvangst").fill("27/01/2020")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Rij 21 kan nu mee.")).to_be_visible()
    expect(page.get_by_text("35 verzoekschriften kunnen mee").first).to_be_visible()
    page.get_by_role("link", name="Al bekend 1").click()
    check(page, "duplicates")
    page.get_by_role("link", name="Hele rij 30").click()
    check(page, "row")
    page.go_back()
    page.get_by_role("link", name="Kolommen").click()
    check(page, "columns")
    page.go_back()

    page.get_by_role("button", name="35 verzoekschriften inlezen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ingelezen", timeout=60_000)
    check(page, "done")
    page.get_by_role("button", name="Dit ongedaan maken").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("35 dossiers")
    dialog.get_by_role("button", name="Ongedaan maken").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dit is ongedaan gemaakt", timeout=60_000)
    check(page, "undone")


def test_a_wrong_file_is_refused_beside_its_field(page: Page, tmp_path: Path) -> None:
    wrong = tmp_path / "register.xls"
    wrong.write_bytes(b"<html><table></table></html>")
    page.goto("/verzoekschriften/inlezen/")
    page.get_by_label("Rekenblad met de verzoekschriften").set_input_files(wrong)
    page.get_by_role("button", name="Bestand lezen").click()
    expect(page.get_by_text("Dit is geen rekenblad")).to_be_visible()
    check(page, "wrong")
