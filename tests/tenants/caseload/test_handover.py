"""Handing a case over: the note, the task, the course of the case; and two people who give the same case away."""

from datetime import date, datetime

import pytest
from sqlalchemy import func, select, text

from app.database import db, transaction
from app.security.roles import Role
from tenants.caseload.models import Handover
from tenants.caseload.service import Load, loads
from tenants.cases.intake import NewCase, NewPerson
from tenants.cases.models import Case, Task
from tenants.cases.opening import open_cases
from tenants.guidance.codes import ProcedureKind, ProcedureState
from tenants.guidance.models import GuidanceProcedure
from tenants.petitions import lists
from tenants.petitions.service import NewPetition, add_petitions, recompute

pytestmark = pytest.mark.usefixtures("on_tuesday")
NOTE = "Schijf voor vrijdag.\nBel voor de middag."


@pytest.fixture
def team(organisation):
    ocmw = organisation(Role.SOCIAL_WORKER, Role.TEAM_LEAD)
    return ocmw, ocmw.users[Role.SOCIAL_WORKER].id, ocmw.users[Role.TEAM_LEAD].id


def test_the_case_goes_with_a_note_and_a_task(team, proceeding, sign_in, send, reading, read):
    ocmw, worker, lead = team
    case_id = proceeding(ocmw).case_id
    address = f"/overdrachten/dossier/{case_id}/"
    assert "1 dossier, 1 punt" not in read(sign_in(ocmw).get(address))  # who carries it is not offered
    answer = send(sign_in(ocmw), address, user=str(lead), note=NOTE, seen=str(worker))
    assert answer.location == f"/dossiers/{case_id}/"
    with reading(ocmw):
        assert db.session.get(Case, case_id).assigned_to == lead
        task = db.session.scalar(select(Task))
        assert (task.assigned_to, task.case_id, task.due_on) == (lead, case_id, date(2026, 11, 24))
        stored = db.session.execute(text("SELECT note FROM handover")).scalar_one()
        assert b"Schijf" not in bytes(stored)
    page = read(sign_in(ocmw, Role.TEAM_LEAD).get(f"/dossiers/{case_id}/"))
    assert "Overgedragen van Marie" in page
    assert "Schijf voor vrijdag." in page
    for role in (Role.SOCIAL_WORKER, Role.TEAM_LEAD):  # both see it
        assert "Vermeulen, Dirk" in read(sign_in(ocmw, role).get("/overdrachten/"))
    assert "De overdracht van Marie" in read(sign_in(ocmw, Role.TEAM_LEAD).get("/vandaag/"))


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"note": " "}, "note-error"),
        ({"user": ""}, "user-error"),
        ({"user": "999999"}, "user-error"),
        ({"user": "me"}, "volgt het dossier al op"),
    ],
)
def test_what_is_missing_is_said(team, proceeding, sign_in, send, reading, fields, wrong):
    ocmw, worker, lead = team
    case_id = proceeding(ocmw).case_id
    given = {"user": str(lead), "note": NOTE, "seen": str(worker)} | fields
    if given["user"] == "me":
        given["user"] = str(worker)
    answer = send(sign_in(ocmw), f"/overdrachten/dossier/{case_id}/", **given)
    assert answer.status_code == 422
    assert wrong in answer.get_data(as_text=True)
    with reading(ocmw):
        assert db.session.scalar(select(func.count()).select_from(Handover)) == 0
        assert db.session.get(Case, case_id).assigned_to == worker


def test_two_who_hand_over_the_same_case(team, proceeding, sign_in, send, reading, read):
    ocmw, worker, lead = team
    case_id = proceeding(ocmw, assigned_to=None).case_id
    address = f"/overdrachten/dossier/{case_id}/"
    assert send(sign_in(ocmw), address, user=str(worker), note=NOTE, seen="").status_code == 302
    late = send(sign_in(ocmw, Role.TEAM_LEAD), address, user=str(lead), note="Anders dan jij.", seen="")
    assert late.status_code == 409
    assert f"gaf dit dossier intussen aan {ocmw.users[Role.SOCIAL_WORKER].get_full_name()}" in read(late)
    assert "Anders dan jij." in late.get_data(as_text=True)
    with reading(ocmw):
        assert db.session.scalar(select(func.count()).select_from(Handover)) == 1
        assert db.session.get(Case, case_id).assigned_to == worker


def test_two_who_assign_on_the_page_of_the_case(team, proceeding, sign_in, send, reading, read):
    ocmw, worker, lead = team
    case_id = proceeding(ocmw, assigned_to=None).case_id
    assert send(sign_in(ocmw), f"/dossiers/{case_id}/toewijzen", user=str(worker), seen="").status_code == 302
    late = send(sign_in(ocmw, Role.TEAM_LEAD), f"/dossiers/{case_id}/toewijzen", user=str(lead), seen="")
    assert late.status_code == 409
    assert "Een collega was je voor" in read(late)
    with reading(ocmw):
        assert db.session.get(Case, case_id).assigned_to == worker


def test_two_who_hand_out_the_same_new_cases(team, proceeding, sign_in, send, reading, read):
    ocmw, worker, lead = team
    first, second = (proceeding(ocmw, name, assigned_to=None).case_id for name in ("Maes", "Peeters"))
    assert send(sign_in(ocmw), "/verzoekschriften/verdelen/", case=[str(first)], user=str(worker)).status_code == 302
    both = [str(first), str(second)]
    late = send(sign_in(ocmw, Role.TEAM_LEAD), "/verzoekschriften/verdelen/", case=both, user=str(lead))
    assert late.status_code == 409
    assert "Maes, Dirk wordt nu opgevolgd door Marie" in read(late)
    assert "checked" in late.get_data(as_text=True)  # what is left stays ticked
    with reading(ocmw):
        assert db.session.get(Case, second).assigned_to is None  # all or none


def test_cases_to_hand_out_come_in_pages(team, sign_in, read, reading):
    ocmw, _worker, _lead = team
    with reading(ocmw), transaction():
        ids = open_cases(
            [NewCase((NewPerson(f"Naam{n:02}", ""),), date(2026, 11, 16)) for n in range(lists.TO_GIVE + 1)]
        )
        add_petitions([NewPetition(case_id, court="Oostende 1") for case_id in ids])
        recompute(ids)
    pages = [read(sign_in(ocmw).get(f"/verzoekschriften/verdelen/?page={number}")) for number in (1, 2)]
    assert all("51 dossiers hebben" in page for page in pages)
    assert ["Naam00" in pages[0], "Naam50" in pages[0]] == [True, False]
    assert ["Naam00" in pages[1], "Naam50" in pages[1]] == [False, True]


def test_what_everybody_carries(team, proceeding, reading):
    ocmw, worker, _lead = team
    heavy = proceeding(ocmw, "Zwaar", hearing_at=datetime(2026, 11, 20, 9, 30)).case_id
    proceeding(ocmw, "Licht")
    proceeding(ocmw, "Niemand", assigned_to=None)
    with reading(ocmw):
        for kind in (ProcedureKind.FBU, ProcedureKind.HOUSING_GUIDANCE):
            running = GuidanceProcedure(
                case_id=heavy, kind=kind, state=ProcedureState.RUNNING, considered_on=date(2026, 11, 1)
            )
            db.session.add(running)
        db.session.commit()
        stage = db.session.get(Case, heavy).stage
        found = loads()
    points = {"petition": 1, "hearing": 2}[stage] + 3
    assert found == {worker: Load(2, points + 1), None: Load(1, 1)}
