"""The calendar, the course of a case, the copy of its file and its repayment on a phone, by keyboard where it counts;
axe on each."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from app.security.roles import Role
from tenants.cases.codes import TaskKind
from tenants.cases.notes import add_note
from tenants.cases.tasks import NewTask, add_task
from tenants.petitions.course import today
from tenants.repayment import service as repayment
from tests.browsing import check


@pytest.fixture
def phone(open_page, organisation, proceeding, reading, sign_in):
    """A page of a phone, signed in as the social worker of a case with a hearing, notes and a task for today."""
    ocmw = organisation(Role.SOCIAL_WORKER)
    coming = datetime.combine(today() + timedelta(days=1), datetime.min.time()).replace(hour=9, minute=30)
    made = proceeding(ocmw, "Vermeulen", received_on=today(), hearing_at=coming)
    with reading(ocmw):
        add_note(made.case_id, "Buurvrouw Roos Tack belde over de loonfiche")
        me = ocmw.users[Role.SOCIAL_WORKER].id
        repayment.start(made.case_id, repayment.NewPlan(Decimal(300), today() - timedelta(days=10), count=3))
        add_task(NewTask("terugbellen", today(), TaskKind.PROMISE, None, made.case_id, me))
    return open_page(sign_in(ocmw)), made.case_id


def test_from_the_calendar_to_a_copy_of_the_file_and_a_payment(phone):
    page, case_id = phone
    page.goto("/agenda/?zicht=maand")
    check(page)
    page.get_by_role("link", name="Toon de week").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Beloofd: terugbellen")).to_be_visible()
    check(page)
    page.goto("/vandaag/")
    badge = page.locator("#nav-vandaag .n")
    before = int(badge.text_content())
    page.locator("#agenda button", has_text="Beloofd: terugbellen").click()
    expect(page.get_by_text("Beloofd: terugbellen")).to_have_count(0)
    expect(badge).to_have_text(str(before - 1) if before > 1 else "")
    page.goto(f"/dossiers/{case_id}/verloop")
    check(page)
    page.get_by_label("Woorden in het verloop").fill("loonfiche")
    expect(page.get_by_role("heading", name="1 van")).to_be_visible()
    page.goto(f"/dossiers/{case_id}/afschrift")
    check(page)
    page.get_by_label("Woorden die je overal weglaat").fill("Roos Tack")
    page.get_by_role("button", name="Toon wat nu wegvalt").click()
    expect(page.locator("mark")).to_have_count(1)
    page.get_by_role("button", name="Maak de pdf").click()
    expect(page.get_by_role("link", name="PDF downloaden")).to_be_visible()
    check(page)
    page.goto(f"/dossiers/{case_id}/afbetaling/")
    check(page)
    expect(page.get_by_role("progressbar")).to_have_count(1)
    page.get_by_label("Bedrag").fill("60")
    page.get_by_label("Bedrag").press("Enter")
    expect(page.get_by_text("60,00 van")).to_be_visible()
    check(page)
    page.goto(f"/dossiers/{case_id}/sluiten")
    expect(page.get_by_text("Er loopt nog een afbetalingsplan")).to_be_visible()
    check(page)
