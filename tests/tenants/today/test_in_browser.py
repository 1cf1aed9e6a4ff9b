"""The month by keyboard: one day in the tab order, arrows through days and weeks, PageDown to the next month; axe."""

from datetime import date, time

from playwright.sync_api import expect

from app.security.roles import Role
from tenants.cases.codes import TaskKind
from tenants.cases.tasks import NewTask, add_task
from tests.browsing import DESK, PHONE, check


def test_a_month_by_keys(open_page, organisation, reading, sign_in):
    ocmw = organisation()
    with reading(ocmw):
        me = ocmw.users[Role.SOCIAL_WORKER].id
        for day in (date(2026, 11, 5), date(2026, 11, 25)):
            add_task(NewTask("koffie", day, TaskKind.VISIT, time(14), assigned_to=me))
    page = open_page(sign_in(ocmw), DESK)

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
    check(page)
    page.goto("/agenda/?zicht=maand&dag=2027-01-31#dag-2027-01-31")
    is_at("2027-01-31")
    page.keyboard.press("ArrowRight")  # past the last day on the page
    is_at("2027-02-01")
    page.goto("/agenda/?zicht=maand&dag=2027-01-31#dag-2027-01-31")
    page.keyboard.press("PageDown")
    is_at("2027-02-28")
    page.keyboard.press("Enter")
    page.wait_for_url("**zicht=week**")

    page.set_viewport_size(PHONE)
    page.goto("/agenda/?zicht=maand&dag=2026-11-05#dag-2026-11-05")
    is_at("2026-11-05")
    page.keyboard.press("ArrowDown")  # the days between have nothing and are left out on a phone
    is_at("2026-11-25")
    check(page)
