"""Closing a case that is shared: the partner and their open work are told, and sharing ends unless it is kept."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.database import db
from app.security.roles import Role
from tenants.cases import service as cases
from tenants.cases import tasks
from tenants.cases.codes import EvictionOutcome, HousingOutcome
from tenants.cases.models import Case, Task
from tenants.money.rules import months_later
from tenants.petitions.course import today
from tenants.sharing import rules, service, visiting
from tenants.sharing.codes import GrantState
from tenants.sharing.models import CaseGrant

DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))


@given(DAYS, st.none() | DAYS, DAYS)
def test_what_is_kept_lasts_no_longer_than_it_did(starts_on, ends_on, follow_up):
    last = rules.kept_until(starts_on, ends_on, follow_up)
    if last is None:
        assert min(follow_up, ends_on or follow_up) < starts_on
    else:
        assert starts_on <= last <= follow_up
        assert ends_on is None or last <= ends_on


def promise(made, title):
    me = made.caw.users[Role.SOCIAL_WORKER].id
    with made.app.app_context(), made.caw.acting():
        new = tasks.NewTask(title, today() + timedelta(days=2), case_id=made.case_id, assigned_to=me)
        visiting.note(visiting.find(made.grant_id), None, new)
        db.session.remove()


def closing_form(made, reading, **more):
    with reading(made.ocmw):
        version = db.session.get_one(Case, made.case_id).version
    outcome = {"closed_on": today().isoformat(), "housing": "stayed", "eviction": "avoided", "left_open": "verhuisd"}
    return {**outcome, "version": str(version), **more}


def test_sharing_stops_with_the_case_unless_somebody_chooses_otherwise(duo, sign_in, send, read, reading):
    made = duo()
    promise(made, "attest opvragen")
    owner, guest = sign_in(made.ocmw), sign_in(made.caw)
    address, answer = f"/dossiers/{made.case_id}/sluiten", f"sharing-{made.grant_id}-answer"
    page = owner.get(address)
    assert "CAW Proef ziet dit dossier nog" in read(page)
    assert "attest opvragen, tegen" in read(page)
    assert re.findall(
        r'<input(?=[^>]*checked)(?=[^>]*name="sharing-)[^>]*value="(\w+)"', page.get_data(as_text=True)
    ) == ["end"]
    # A form that does not say it, as one opened before the case was shared, comes back.
    silent = send(owner, address, **closing_form(made, reading))
    assert silent.status_code == 422
    assert f'id="{answer}-error"' in silent.get_data(as_text=True)
    assert "verhuisd" in silent.get_data(as_text=True)
    assert guest.get(made.page).status_code == 200

    done = send(owner, address, **closing_form(made, reading, **{answer: "end"}))
    assert done.status_code == 302
    assert guest.get(made.page).status_code == 404
    course = read(owner.get(f"/dossiers/{made.case_id}/verloop"))
    assert "Gedeeld met CAW Proef" in course
    assert "Niet meer gedeeld met CAW Proef" in course
    assert "Het dossier werd gesloten." in course
    with reading(made.ocmw):
        task = next(task for task in db.session.scalars(select(Task)) if task.title == "attest opvragen")
        assert task.assigned_to == db.session.get_one(Case, made.case_id).assigned_to
        version = db.session.get_one(Case, made.case_id).version
    # Opened again it is not shared again: somebody has to ask the household anew.
    assert send(owner, f"/dossiers/{made.case_id}/heropenen", version=str(version)).status_code == 302
    assert guest.get(made.page).status_code == 404
    assert "Vroeger gedeeld" in read(owner.get(f"/dossiers/{made.case_id}/"))


def test_it_may_go_on_until_the_first_follow_up(duo, sign_in, send, read, reading):
    made = duo()
    owner, guest = sign_in(made.ocmw), sign_in(made.caw)
    address, answer = f"/dossiers/{made.case_id}/sluiten", f"sharing-{made.grant_id}-answer"
    old = closing_form(made, reading, **{answer: "keep"})
    assert send(owner, address, **closing_form(made, reading, **{answer: "keep"})).status_code == 302
    assert guest.get(made.page).status_code == 200
    with reading(made.ocmw):
        last = db.session.get_one(CaseGrant, made.grant_id).ends_on
    assert months_later(today(), 3) <= last <= months_later(today(), 3) + timedelta(days=6)
    again = send(owner, address, **old)
    assert again.status_code == 409
    assert "Van jou is nog niets bewaard" in read(again)


def test_what_comes_no_more_can_not_be_waited_for(duo, reading):
    made = duo()
    long_ago = today() - timedelta(days=800)
    with reading(made.ocmw):
        db.session.get_one(Case, made.case_id).opened_on = long_ago
        db.session.commit()
        answers = {service.asked_as(made.grant_id): service.KEEP}
        ended = (long_ago, HousingOutcome.STAYED, EvictionOutcome.AVOIDED)
        with pytest.raises(cases.CaseError):
            cases.close(made.case_id, cases.Closing(*ended, left_open="x", answers=answers), None)
        assert service.find(made.grant_id).state is GrantState.IN_FORCE
        assert db.session.get_one(Case, made.case_id).closed_on is None
        cases.close(made.case_id, cases.Closing(*ended, left_open="x"), None)
        assert service.find(made.grant_id).state is GrantState.ENDED
