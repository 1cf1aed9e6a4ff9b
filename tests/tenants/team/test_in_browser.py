"""A morning of the team lead on a phone: a late task is given away. The rest of it: tests/journeys."""

import re
from datetime import timedelta

from playwright.sync_api import expect

from app.database import db
from app.security.models import utc_now
from app.security.roles import Role
from tenants.cases.tasks import NewTask, add_task
from tests.browsing import check


def test_a_morning_of_the_team_lead(open_page, organisation, proceeding, reading, sign_in):
    ocmw = organisation(Role.TEAM_LEAD, Role.SOCIAL_WORKER)
    today = utc_now().date()
    other = proceeding(ocmw, "Peeters", assigned_to=None, received_on=today).case_id
    with reading(ocmw):
        add_task(NewTask("huurcontract opvragen", today - timedelta(days=2), case_id=other))
        db.session.commit()
    worker = ocmw.users[Role.SOCIAL_WORKER].get_full_name()
    page = open_page(sign_in(ocmw, Role.TEAM_LEAD))

    page.goto("/team/")
    page.get_by_label("Beloofd: huurcontract opvragen").check()
    page.get_by_label("Geven aan").select_option(label=f"{worker} (0 dossiers, 0 punten)")
    check(page)
    page.get_by_role("button", name="Toewijzen").click()
    expect(page.get_by_text(f"1 lijn is nu voor {worker}.")).to_be_visible()
    page.get_by_role("link", name=re.compile("Wijzigen.*huurcontract")).click()
    expect(page.get_by_label("Wat", exact=False).first).to_have_value("huurcontract opvragen")
