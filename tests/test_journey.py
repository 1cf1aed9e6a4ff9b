"""The main job, as one person does it: from the spreadsheet to an agreement ready to sign, in a real browser.

Marie signs in, imports the register, logs an attempt from her phone, records the hearing and makes the agreement.
A colleague of a neighbouring OCMW sees none of it, an editor changes the playbook, the coordinator sees a count and no
person. axe looks at each page; nothing may leave the server's own origin or break the page's policy.
"""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from app.database import db
from app.jobs import run_worker
from app.security.models import utc_now
from app.security.roles import Role
from playbook.handbook import service as handbook
from tenants.petitions.service import NewPetition, add_petitions, recompute
from tests.browsing import DESK, PHONE, check
from tests.conftest import PASSWORD
from tests.tenants.letters.worlds import case_ready_for_the_fund

REGISTER = Path(__file__).parent / "data" / "verzoekschriften_2020_oostende_stijl.xlsx"


@pytest.fixture
def region(app, organisation):
    """(Marie's OCMW, with a case that has all an agreement needs; a neighbour in the same network)."""
    ours = organisation(Role.SOCIAL_WORKER, Role.PLAYBOOK_EDITOR, Role.REGIONAL_COORDINATOR)
    theirs = organisation(Role.SOCIAL_WORKER, network=ours.network)
    with app.app_context():
        with ours.acting():
            case_id = case_ready_for_the_fund()
            add_petitions(
                [
                    NewPetition(
                        case_id,
                        court="Oostende 2",
                        roll_number="26A4321",
                        received_on=utc_now().date() - timedelta(days=9),
                        claimant="Immo Kust",
                        hearing_at=utc_now() - timedelta(hours=2),
                    )
                ]
            )
            recompute([case_id])
            db.session.commit()
            db.session.remove()
        with ours.acting(Role.PLAYBOOK_EDITOR):
            chapter = handbook.create_chapter("Van verzoekschrift tot zitting")
            handbook.create_page(handbook.Draft("Eerste contact", "Bel binnen drie werkdagen.", chapter.id))
            db.session.commit()
            db.session.remove()
    return ours, theirs, case_id


@pytest.fixture
def visit(open_page):
    """visit(person, viewport): a page on which that person has just signed in by the form."""

    def start(person, viewport=DESK):
        page = open_page(None, viewport)
        page.goto("/login/")
        expect(page.locator("#username")).to_be_focused()  # it is, but a slow machine paints later than it loads
        page.keyboard.type(person.username)
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/login" not in url)
        return page

    return start


def import_the_register(page, app, settings):
    page.get_by_role("link", name="Register inlezen").click()
    check(page)
    page.set_input_files("input[type=file]", REGISTER)
    page.locator("main form button.btn-primary").click()
    # the browser's driver has an event loop in this thread; the worker brings one of its own
    worker = threading.Thread(target=run_worker, args=(app, settings.database_url), kwargs={"wait": False})
    worker.start()
    worker.join()
    page.get_by_text("Rij 21", exact=False).first.wait_for()
    check(page)
    assert "31/02/2020" in page.inner_text("main")
    page.get_by_role("button", name="244 verzoekschriften inlezen").click()
    page.get_by_text("244 verzoekschriften zijn nu dossiers").wait_for()
    check(page)


def log_an_attempt_from_the_phone(page, case_id):
    page.goto(f"/pogingen/dossier/{case_id}/nieuw")
    check(page)
    page.get_by_label("Telefoon", exact=True).check()
    page.get_by_label("Bereikt", exact=True).check()
    page.locator("main form button.btn-primary").click()
    page.wait_for_url(f"**/dossiers/{case_id}/**")
    expect(page.locator("#verloop")).to_contain_text("Telefoon: Bereikt")
    check(page)


def record_the_hearing(page, case_id):
    page.goto("/zittingen/")
    check(page)
    page.goto(f"/dossiers/{case_id}/")
    page.locator("a[href$='/noteren'][href^='/zittingen/']").first.click()
    check(page)
    page.get_by_label("Huurder aanwezig").check()
    page.locator("input[name=result][value=agreement]").check()
    page.locator("main form button.btn-primary").click()
    page.goto(f"/dossiers/{case_id}/")
    expect(page.locator("#verloop")).to_contain_text("Akkoord")


def make_the_agreement(page, case_id):
    page.goto(f"/dossiers/{case_id}/documenten/")
    check(page)
    page.get_by_role("button", name="Met het fonds (FBU)").click()
    page.wait_for_load_state()
    check(page)
    return page.inner_text("main")


def test_from_spreadsheet_to_agreement(app, settings, region, visit):
    ours, theirs, case_id = region
    page = visit(ours.users[Role.SOCIAL_WORKER])
    assert page.url.endswith("/vandaag/")
    check(page)
    import_the_register(page, app, settings)
    log_an_attempt_from_the_phone(visit(ours.users[Role.SOCIAL_WORKER], PHONE), case_id)
    record_the_hearing(page, case_id)
    said = make_the_agreement(page, case_id)
    assert "Vermeulen" in said

    stranger = visit(theirs.users[Role.SOCIAL_WORKER])
    stranger.goto("/dossiers/")
    assert "Vermeulen" not in stranger.inner_text("main")
    assert stranger.goto(f"/dossiers/{case_id}/").status == 404
    check(stranger)


def test_the_editor_changes_a_page_and_all_read_it(region, visit):
    ours, theirs, _case_id = region
    page = visit(ours.users[Role.PLAYBOOK_EDITOR])
    page.goto("/draaiboek/eerste-contact/bewerken/")
    check(page)
    page.get_by_role("button", name="Tekens tonen (Markdown)").click()
    page.locator("textarea").first.fill("Bel binnen **twee** werkdagen.")
    page.get_by_role("button", name="Publiceren", exact=True).click()
    page.wait_for_url("**/draaiboek/eerste-contact/")
    check(page)
    reader = visit(theirs.users[Role.SOCIAL_WORKER], PHONE)
    reader.goto("/draaiboek/eerste-contact/")
    assert "Bel binnen twee werkdagen." in reader.inner_text("main")
    check(reader)


def test_the_coordinator_sees_counts_and_no_person(region, visit):
    ours, _theirs, case_id = region
    page = visit(ours.users[Role.REGIONAL_COORDINATOR])
    assert page.url.endswith("/cijfers/")
    check(page)
    assert "Vermeulen" not in page.inner_text("main")
    page.set_viewport_size(PHONE)
    check(page)
    for number in page.locator("table.figures tbody tr:first-child td").all():  # every quarter is on the screen
        box = number.bounding_box()
        assert box["x"] + box["width"] <= PHONE["width"]
    assert page.goto(f"/dossiers/{case_id}/").status == 403
