"""The month by keyboard: one day in the tab order, arrows through days and weeks, PageDown to the next month; axe."""

import threading
from datetime import date, time

import pytest
from playwright.sync_api import expect, sync_playwright
from werkzeug.serving import make_server

from app.security.roles import Role
from tenants.cases.codes import TaskKind
from tenants.cases.tasks import NewTask, add_task
from tests import axe


@pytest.fixture
def server(app):
    made = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{made.port}"
    made.shutdown()
    thread.join()


def test_a_month_by_keys(server, organisation, reading, sign_in):
    ocmw = organisation()
    with reading(ocmw):
        me = ocmw.users[Role.SOCIAL_WORKER].id
        for day in (date(2026, 11, 5), date(2026, 11, 25)):
            add_task(NewTask("koffie", day, TaskKind.VISIT, time(14), assigned_to=me))
    cookie = sign_in(ocmw).get_cookie("woonvast")
    complaints = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=server, locale="nl-BE")
        context.add_cookies([{"name": "woonvast", "value": cookie.value, "url": server}])
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if "Policy" in line.text else None)

        def is_at(day):
            expect(page.locator(f"#dag-{day}")).to_be_focused()
            assert page.locator("[data-day][tabindex='0']").evaluate_all("all => all.map(a => a.dataset.day)") == [day]

        page.goto("/agenda/?zicht=maand&dag=2026-11-11")
        page.locator("#dag-2026-11-11").focus()
        is_at("2026-11-11")
        for key, day in (
            ("ArrowRight", "2026-11-12"), ("ArrowDown", "2026-11-19"), ("ArrowLeft", "2026-11-18"),
            ("ArrowUp", "2026-11-11"), ("Home", "2026-11-09"), ("End", "2026-11-15"), ("PageDown", "2026-12-15"),
            ("PageUp", "2026-11-15"),
        ):  # fmt: skip
            page.keyboard.press(key)
            is_at(day)
        assert axe.violations(page) == []
        page.goto("/agenda/?zicht=maand&dag=2027-01-31#dag-2027-01-31")
        is_at("2027-01-31")
        page.keyboard.press("ArrowRight")  # past the last day on the page
        is_at("2027-02-01")
        page.goto("/agenda/?zicht=maand&dag=2027-01-31#dag-2027-01-31")
        page.keyboard.press("PageDown")
        is_at("2027-02-28")
        page.keyboard.press("Enter")
        page.wait_for_url("**zicht=week**")

        page.set_viewport_size({"width": 390, "height": 844})
        page.goto("/agenda/?zicht=maand&dag=2026-11-05#dag-2026-11-05")
        is_at("2026-11-05")
        page.keyboard.press("ArrowDown")  # the days between have nothing and are left out on a phone
        is_at("2026-11-25")
        assert axe.violations(page) == []
        assert axe.fits(page)
        assert complaints == []
        browser.close()
