"""The import with a real browser, at a desk and on a phone: axe on each state of the page, and by keyboard."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app import jobs
from app.security.roles import Role
from tests.browsing import check


@pytest.fixture
def page(open_page: Callable[..., Page], organisation: Callable[..., Any], sign_in: Any) -> Page:
    """A social worker's page."""
    return open_page(sign_in(organisation(Role.SOCIAL_WORKER)))


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
    check(page)
    page.get_by_label("Rekenblad met de verzoekschriften").set_input_files(file)
    page.get_by_role("button", name="Bestand lezen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Het bestand wordt gelezen")
    check(page)
    work(app, settings)

    expect(page.get_by_role("heading", level=1)).to_have_text("Kijk na wat we begrepen")
    check(page)
    row = page.locator("#row-21")
    expect(row).to_contain_text("31/02/2020")
    row.get_by_label("Datum ontvangst").fill("27/01/2020")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Rij 21 kan nu mee.")).to_be_visible()
    expect(page.get_by_text("35 verzoekschriften kunnen mee").first).to_be_visible()
    page.get_by_role("link", name="Al bekend 1").click()
    check(page)
    page.get_by_role("link", name="Hele rij 30").click()
    check(page)
    page.go_back()
    page.get_by_role("link", name="Kolommen").click()
    check(page)
    page.go_back()

    page.get_by_role("button", name="35 verzoekschriften inlezen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ingelezen", timeout=60_000)
    check(page)
    page.get_by_role("button", name="Dit ongedaan maken").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("35 dossiers")
    dialog.get_by_role("button", name="Ongedaan maken").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dit is ongedaan gemaakt", timeout=60_000)
    check(page)


def test_a_wrong_file_is_refused_beside_its_field(page: Page, tmp_path: Path) -> None:
    wrong = tmp_path / "register.xls"
    wrong.write_bytes(b"<html><table></table></html>")
    page.goto("/verzoekschriften/inlezen/")
    page.get_by_label("Rekenblad met de verzoekschriften").set_input_files(wrong)
    page.get_by_role("button", name="Bestand lezen").click()
    expect(page.get_by_text("Dit is geen rekenblad")).to_be_visible()
    check(page)
