"""Noting an attempt, from the case and from Vandaag."""

import re
from datetime import date, datetime

import pytest
from sqlalchemy import func, select

from app.database import db
from tenants.cases.models import Task
from tenants.outreach.models import OutreachAttempt
from tenants.outreach.service import attempts_of

pytestmark = pytest.mark.usefixtures("on_tuesday")
VISIT = {"channel": "home_visit", "result": "not_home", "day": "2026-11-24", "hour": "09:15"}


def address(made, query=""):
    return f"/pogingen/dossier/{made.case_id}/nieuw{query}"


def test_another_organisation_cannot_note_here(organisation, proceeding, sign_in, send, reading):
    ours, theirs = organisation(), organisation()
    made = proceeding(ours)
    client = sign_in(theirs)
    assert client.get(address(made)).status_code == 404
    assert send(client, address(made), **VISIT).status_code == 404
    with reading(ours):
        assert attempts_of(made.case_id) == []


def test_an_attempt_without_success(organisation, proceeding, sign_in, send, reading, case_row, deadlines_of, read):
    ocmw = organisation()
    made = proceeding(ocmw)
    client = sign_in(ocmw)
    form = client.get(address(made, "?kanaal=home_visit")).get_data(as_text=True)
    assert 'value="2026-11-24"' in form
    assert 'value="10:00"' in form
    assert "checked" in form
    answer = send(client, address(made), **VISIT, note="Gordijnen dicht")
    assert answer.headers["Location"] == f"/dossiers/{made.case_id}/"
    with reading(ocmw):
        (attempt,) = attempts_of(made.case_id)
        assert attempt.at.isoformat() == "2026-11-24T08:15:00+00:00"
        assert (attempt.moment, attempt.note, attempt.by) == (
            "petition",
            "Gordijnen dicht",
            ocmw.users["social_worker"].id,
        )
    assert (case_row(ocmw, made.case_id).attempts, case_row(ocmw, made.case_id).reached_on) == (1, None)
    assert deadlines_of(ocmw, made.case_id) == {"first_contact": date(2026, 11, 19)}
    page = read(client.get(f"/dossiers/{made.case_id}/"))
    assert "Huisbezoek: Niet thuis" in page
    assert "poging 1" in page


def test_reached_ends_the_term_of_the_first_contact(organisation, proceeding, sign_in, send, case_row, deadlines_of):
    ocmw = organisation()
    made = proceeding(ocmw)
    client = sign_in(ocmw)
    fields = {"channel": "phone", "result": "reached", "day": "2026-11-20", "hour": ""}
    assert send(client, address(made, "?van=vandaag"), **fields).headers["Location"] == "/vandaag/"
    assert case_row(ocmw, made.case_id).reached_on == date(2026, 11, 20)
    assert deadlines_of(ocmw, made.case_id) == {}


def test_the_moment_follows_the_stage(organisation, proceeding, sign_in, send, reading):
    ocmw = organisation()
    made = proceeding(ocmw, judgment_kind="default", pronounced_on=date(2026, 9, 1), notice_on=date(2026, 11, 20))
    assert send(sign_in(ocmw), address(made), **VISIT).status_code == 302
    with reading(ocmw):
        assert attempts_of(made.case_id)[0].moment == "notice"


def test_the_next_step_appears_today_and_is_done_by_the_next_attempt(
    organisation, proceeding, sign_in, send, reading, read
):
    ocmw = organisation()
    made = proceeding(ocmw, reached_on=date(2026, 11, 18))
    client = sign_in(ocmw)
    send(client, address(made), **VISIT, next_step="terugkomen na zes uur", next_step_on="2026-11-24")
    page = client.get("/vandaag/")
    assert "Volgende stap: terugkomen na zes uur" in read(page)
    with reading(ocmw):
        task = db.session.scalar(select(Task))
    assert f"taak={task.id}" in page.get_data(as_text=True)
    form = client.get(address(made, f"?taak={task.id}&van=vandaag"))
    assert "terugkomen na zes uur (di 24 nov)" in read(form)
    assert "checked" in re.search(rf'<input[^>]*value="{task.id}"[^>]*>', form.get_data(as_text=True))[0]
    assert send(client, address(made), **VISIT, finished=str(task.id)).status_code == 302
    with reading(ocmw):
        assert db.session.get(Task, task.id).done_at is not None
    assert "terugkomen na zes uur" not in read(client.get("/vandaag/"))


def test_a_step_of_another_case_is_not_done(organisation, proceeding, sign_in, send, reading):
    ocmw = organisation()
    made, other = proceeding(ocmw), proceeding(ocmw, "Maes")
    client = sign_in(ocmw)
    send(client, address(other), **VISIT, next_step="bellen", next_step_on="2026-11-25")
    with reading(ocmw):
        task_id = db.session.scalar(select(Task.id))
    assert send(client, address(made), **VISIT, finished=str(task_id)).status_code == 422
    with reading(ocmw):
        assert db.session.get(Task, task_id).done_at is None
        assert attempts_of(made.case_id) == []


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"channel": ""}, "Kies hoe je het geprobeerd hebt"),
        ({"result": ""}, "Kies wat het opleverde"),
        ({"day": "2026-11-25"}, "is een volgende stap"),
        ({"day": "24 november"}, "Dit is geen datum"),
        ({"hour": "kwart na negen"}, "Dit is geen uur"),
        ({"next_step": "bellen"}, "Vul in wanneer"),
        ({"next_step_on": "2026-11-25"}, "Zeg wat de volgende stap is"),
        ({"next_step": "bellen", "next_step_on": "2026-11-23"}, "die dag is voorbij"),
        ({"channel": "postduif"}, "Kies opnieuw"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_kept(
    organisation, proceeding, sign_in, send, reading, read, fields, told
):
    ocmw = organisation()
    made = proceeding(ocmw)
    answer = send(sign_in(ocmw), address(made), **(VISIT | fields))
    assert answer.status_code == 422
    assert told in read(answer)
    with reading(ocmw):
        assert db.session.scalar(select(func.count()).select_from(OutreachAttempt)) == 0
        assert db.session.scalar(select(func.count()).select_from(Task)) == 0


def test_after_a_second_petition_people_are_to_be_reached_again(organisation, proceeding, sign_in, send, deadlines_of):
    ocmw = organisation()
    made = proceeding(ocmw, received_on=date(2026, 3, 2), roll_number="26A1", reached_on=date(2026, 3, 4))
    assert deadlines_of(ocmw, made.case_id) == {}
    client = sign_in(ocmw)
    petition = {"kind": "petition", "court": "Oostende 1", "received_on": "2026-11-23", "roll_number": "26A2"}
    assert send(client, f"/verzoekschriften/dossier/{made.case_id}/nieuw", **petition).status_code == 302
    assert deadlines_of(ocmw, made.case_id) == {"first_contact": date(2026, 11, 26)}


def test_the_notice_suggests_the_next_rung(organisation, proceeding, sign_in, send, read):
    ocmw = organisation()
    made = proceeding(ocmw, hearing_at=datetime(2026, 12, 1, 9, 30))
    client = sign_in(ocmw)
    page = client.get(f"/dossiers/{made.case_id}/")
    assert "Zitting op dinsdag 1 december 2026 om 9.30 u. Dirk is nog niet bereikt. Nog geen poging. Een" in read(page)
    assert "huisbezoek is de volgende stap" in read(page)  # nobody knows a number, and the hearing is near
    assert "kanaal=home_visit" in page.get_data(as_text=True)
    send(client, address(made), **VISIT)
    page = client.get(f"/dossiers/{made.case_id}/")
    assert "Eén poging tot nu toe. Steek de gekleurde briefkaart in de bus" in read(page)
