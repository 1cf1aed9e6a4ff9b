"""A whole session recorded with the keyboard alone, on a phone: each case saved on its own, axe after each step."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.database import db
from app.security.roles import Role
from tenants.cases.codes import JudgmentKind, Presence
from tenants.petitions.course import today
from tenants.petitions.hearings import HearingRecord, record_hearing
from tenants.petitions.models import Hearing, Judgment
from tests.browsing import check


@pytest.fixture
def page(open_page, sign_in, team):
    """A phone, signed in."""
    return open_page(sign_in(team))


@pytest.fixture
def team(organisation):
    return organisation(Role.SOCIAL_WORKER, Role.TEAM_LEAD)


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def test_a_session_is_recorded_with_the_keyboard(app, team, proceeding, page, reading):
    day = today() - timedelta(days=1)
    at, given = datetime(day.year, day.month, day.day, 9, 30), {"received_on": day - timedelta(days=10)}
    aerts, maes, peeters = (proceeding(team, name, hearing_at=at, **given) for name in ("Aerts", "Maes", "Peeters"))
    page.goto("/zittingen/?welke=te-noteren")
    page.get_by_role("link", name="Vredegerecht Oostende 1").focus()
    press(page, "Enter")
    first = page.locator("[data-first]").first
    first.wait_for()

    first.focus()
    press(page, "Space", "Tab", "Space", "Enter")  # who was there, but not what was decided
    alert = page.get_by_role("alert")
    expect(alert).to_be_focused()
    expect(alert).to_contain_text("Kies wat de vrederechter besliste")
    expect(page.get_by_label("Advocaat").first).to_be_checked()
    check(page)
    page.locator("input[type=radio]").first.focus()
    press(page, "Space", "Enter")
    expect(page.locator(".case-row").first).to_contain_text("Akkoord vastgelegd")
    expect(page.locator("#session-counts")).to_contain_text("1 genoteerd")
    expect(page.locator(f"#zaak-{maes.hearing_id} [data-first]")).to_be_focused()  # on to the next, by itself

    with reading(team, Role.TEAM_LEAD):  # a colleague is first
        record_hearing(maes.hearing_id, HearingRecord((Presence.TENANT,), JudgmentKind.CONDITIONAL, day))
    press(page, *["Tab"] * 4, "Space", "Tab", "Space", "ArrowDown", "Enter")  # nobody there; by default
    expect(alert).to_be_focused()
    expect(alert).to_contain_text("terwijl je bezig was")
    check(page)
    press(page, "Tab", "Tab", "Enter")  # past 'keep theirs': mine
    expect(page.locator(f"#zaak-{maes.hearing_id}")).to_contain_text("Ontbinding bij verstek")
    expect(page.locator(f"#zaak-{peeters.hearing_id} [data-first]")).to_be_focused()
    page.locator(f"#zaak-{peeters.hearing_id}").get_by_label("Uitgesteld").focus()
    press(page, "Space")
    expect(page.locator(f"#zaak-{peeters.hearing_id}").get_by_label("Volgende zitting op")).to_be_visible()
    check(page)
    with reading(team):
        kinds = dict(db.session.execute(select(Judgment.hearing_id, Judgment.kind)).all())
        assert kinds == {aerts.hearing_id: "agreement", maes.hearing_id: "default"}
        assert db.session.get(Hearing, peeters.hearing_id).recorded_at is None
