"""The team board: what is late, today, this week, of whom; giving and moving in bulk; changing and deleting tasks."""

import re
from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import event, select, text

from app.database import db
from app.security.roles import Role
from tenants.cases.codes import TaskKind
from tenants.cases.models import Case, DroppedTask, Task
from tenants.cases.tasks import NewTask, add_task
from tenants.outreach import plan as outreach

pytestmark = pytest.mark.usefixtures("on_tuesday")


@pytest.fixture
def team(organisation):
    ocmw = organisation(Role.SOCIAL_WORKER, Role.TEAM_LEAD)
    return ocmw, ocmw.users[Role.SOCIAL_WORKER].id, ocmw.users[Role.TEAM_LEAD].id


def add(ocmw, reading, title, day, **more):
    with reading(ocmw):
        return add_task(NewTask(title, day, **{"kind": TaskKind.TODO, **more}))


def tick(client, title, **query):
    """The tick box that stands before a line of the board."""
    page = client.get("/team/", query_string=query).get_data(as_text=True)
    return re.search(rf'value="([^"]+)" id="line-[^"]+">\s*<div><label[^>]*><b>[^<]*{title}', page)[1]


def test_late_today_and_this_week_of_whom(team, proceeding, sign_in, reading, read):
    ocmw, worker, lead = team
    proceeding(ocmw, "Vermeulen")  # its first contact was due on the nineteenth
    proceeding(ocmw, "Peeters", reached_on=date(2026, 11, 20), hearing_at=datetime(2026, 11, 26, 9, 30))
    add(ocmw, reading, "van het hoofd", date(2026, 11, 24), assigned_to=lead, due_at=time(14))
    add(ocmw, reading, "van ons allen", date(2026, 11, 27))
    add(ocmw, reading, "herinnerd", date(2026, 12, 20), assigned_to=worker, remind_on=date(2026, 11, 23))
    client = sign_in(ocmw)
    page = read(client.get("/team/"))
    assert "1 te laat, 2 voor vandaag, 2 later deze week." in page
    assert "do 19 nov" in page
    assert "Vermeulen, Dirk" in page
    today = read(client.get("/team/?wat=vandaag"))
    assert "Te doen: herinnerd herinnering, tegen zo 20 dec" in today
    assert "14.00 u" in today
    mine = read(client.get(f"/team/?wie={lead}&wat=vandaag"))
    assert "van het hoofd" in mine
    assert "herinnerd" not in mine
    nobody = read(client.get("/team/?wie=niemand&wat=week"))
    assert "van ons allen" in nobody
    assert "Peeters" not in nobody
    assert "Zitting" in read(client.get("/team/?wat=week"))
    assert 'type="checkbox"' not in client.get("/team/").get_data(as_text=True)  # only the lead gives


def test_the_next_step_of_a_plan_stands_on_the_board(team, proceeding, sign_in, send, reading, read):
    ocmw, _worker, lead = team
    case_id = proceeding(ocmw, "Maes", received_on=date(2026, 11, 23)).case_id
    with reading(ocmw):
        (plan,) = outreach.plans_of(case_id)
        outreach.move_step(plan.row.next_step_id, date(2026, 11, 24))
    client = sign_in(ocmw, Role.TEAM_LEAD)
    page = read(client.get("/team/?wat=vandaag"))
    assert "Aanklampen: " in page
    assert "Maes, Dirk" in page
    line = tick(client, "Aanklampen", wat="vandaag")
    assert send(client, "/team/geven", line=[line], user=str(lead)).status_code == 302
    with reading(ocmw):
        assert db.session.get(Case, case_id).assigned_to == lead


def test_the_lead_gives_tasks_and_cases_at_once(team, proceeding, sign_in, send, reading, read):
    ocmw, worker, lead = team
    case_id = proceeding(ocmw, "Vermeulen").case_id
    task_id = add(ocmw, reading, "bellen", date(2026, 11, 20))
    client = sign_in(ocmw, Role.TEAM_LEAD)
    lines = [tick(client, "bellen"), tick(client, "Eerste contact")]
    assert send(client, "/team/geven", line=lines, user="").status_code == 422
    assert send(client, "/team/geven", line=[], user=str(lead)).status_code == 422
    answer = send(client, "/team/geven", line=lines, user=str(lead), wie="", wat="laat")
    assert answer.location == "/team/?wat=laat"
    assert "2 lijnen zijn nu voor Marie" in read(client.get(answer.location))
    with reading(ocmw):
        assert db.session.get(Case, case_id).assigned_to == db.session.get(Task, task_id).assigned_to == lead
    # A page that was opened before: the case and the task are not what they were.
    for line in lines:
        late = send(client, "/team/geven", line=[line], user=str(worker))
        assert late.status_code == 409
        assert "Een collega" in read(late)
    with reading(ocmw):
        assert db.session.get(Case, case_id).assigned_to == lead
    assert send(sign_in(ocmw), "/team/geven", line=lines, user=str(worker)).status_code == 403
    assert send(client, "/team/geven", line=["onzin"], user=str(worker)).status_code == 400


def test_tasks_move_to_another_day_and_deadlines_do_not(team, proceeding, sign_in, send, reading, read):
    ocmw, _worker, _lead = team
    proceeding(ocmw, "Vermeulen")
    task_id = add(ocmw, reading, "bellen", date(2026, 11, 20))
    client = sign_in(ocmw, Role.TEAM_LEAD)
    task, deadline = tick(client, "bellen"), tick(client, "Eerste contact")
    refused = send(client, "/team/verplaatsen", line=[task, deadline], day="2026-11-30")
    assert refused.status_code == 422
    assert "Alleen taken kun je verplaatsen" in read(refused)
    for day in ("31/02/2026", "2026-11-01"):  # no day, and one that is over
        assert send(client, "/team/verplaatsen", line=[task], day=day).status_code == 422
    assert send(client, "/team/verplaatsen", line=[task], day="2026-11-30").status_code == 302
    with reading(ocmw):
        assert db.session.get(Task, task_id).due_on == date(2026, 11, 30)
    assert send(client, "/team/verplaatsen", line=[task], day="2026-12-01").status_code == 409


def test_a_task_is_changed_and_a_colleague_who_was_later_is_told(team, proceeding, sign_in, send, reading, read):
    ocmw, worker, lead = team
    case_id = proceeding(ocmw).case_id
    task_id = add(ocmw, reading, "bellen", date(2026, 11, 25), case_id=case_id, assigned_to=worker)
    client, address = sign_in(ocmw), f"/taken/{task_id}/"
    form = {"task": "mailen", "kind": "promise", "due_on": "2026-11-30", "due_at": "9:30", "assigned_to": str(lead),
            "remind_on": "2026-11-26", "version": "1", "next": f"/dossiers/{case_id}/"}  # fmt: skip
    assert 'value="bellen"' in client.get(address).get_data(as_text=True)
    assert send(client, address, **form | {"remind_on": "2026-11-30"}).status_code == 422
    assert send(client, address, **form | {"task": ""}).status_code == 422
    assert send(client, address, **form).location == f"/dossiers/{case_id}/"
    with reading(ocmw):
        task = db.session.get(Task, task_id)
        assert (task.title, task.kind, task.due_on, task.due_at) == (
            "mailen",
            "promise",
            date(2026, 11, 30),
            time(9, 30),
        )
        assert (task.assigned_to, task.case_id, task.remind_on) == (lead, case_id, date(2026, 11, 26))
    late = send(client, address, **form | {"task": "toch bellen"})
    assert late.status_code == 409
    assert "mailen" in read(late)  # what is saved now stands beside what was typed
    assert 'value="toch bellen"' in late.get_data(as_text=True)


def test_a_deleted_task_leaves_its_reason(team, proceeding, sign_in, send, reading, read):
    ocmw, worker, _lead = team
    case_id = proceeding(ocmw).case_id
    task_id = add(ocmw, reading, "loonfiche", date(2026, 11, 25), case_id=case_id, assigned_to=worker)
    client = sign_in(ocmw)
    assert send(client, f"/taken/{task_id}/schrappen", reason=" ", version="1").status_code == 422
    assert send(client, f"/taken/{task_id}/schrappen", reason="dubbel genoteerd", version="2").status_code == 409
    assert send(client, f"/taken/{task_id}/schrappen", reason="dubbel genoteerd", version="1").status_code == 302
    page = read(client.get(f"/dossiers/{case_id}/"))
    assert "Taak geschrapt: loonfiche" in page
    assert "dubbel genoteerd" in page
    with reading(ocmw):
        assert db.session.get(Task, task_id) is None
        assert db.session.get(DroppedTask, task_id).by == worker
        reason = db.session.execute(text("SELECT reason FROM dropped_task")).scalar_one()
        assert b"dubbel" not in bytes(reason)
    gone = client.get(f"/taken/{task_id}/")
    assert gone.status_code == 409
    assert "Een collega schrapte deze taak intussen" in read(gone)


def test_a_task_that_was_done_is_not_changed(team, sign_in, send, reading):
    ocmw, worker, _lead = team
    task_id = add(ocmw, reading, "bellen", date(2026, 11, 25), assigned_to=worker)
    client = sign_in(ocmw)
    send(client, f"/taken/{task_id}/gedaan")
    form = {"task": "x", "kind": "todo", "due_on": "2026-11-30", "assigned_to": "", "version": "1"}
    assert send(client, f"/taken/{task_id}/", **form).status_code == 409
    with reading(ocmw):
        assert db.session.get(Task, task_id).title == "bellen"


def test_a_reminder_shows_today(team, sign_in, reading, read):
    ocmw, worker, _lead = team
    add(ocmw, reading, "voorbereiden", date(2026, 12, 20), assigned_to=worker, remind_on=date(2026, 11, 24))
    add(ocmw, reading, "later", date(2026, 12, 20), assigned_to=worker, remind_on=date(2026, 11, 25))
    page = read(sign_in(ocmw).get("/vandaag/"))
    assert "Te doen: voorbereiden herinnering · tegen zo 20 dec" in page
    assert "later" not in page.split("Te doen: voorbereiden")[1].split("Zittingen")[0]


def test_as_many_statements_for_many_as_for_few(team, proceeding, sign_in, reading):
    ocmw, worker, _lead = team
    client = sign_in(ocmw, Role.TEAM_LEAD)
    proceeding(ocmw)
    add(ocmw, reading, "bellen", date(2026, 11, 20), assigned_to=worker)

    def statements():
        counted = []
        with ocmw.app.app_context():
            engine = db.engine

        def count(*_args):
            counted.append(1)

        event.listen(engine, "before_cursor_execute", count)
        try:
            assert client.get("/team/?wat=laat").status_code == 200
        finally:
            event.remove(engine, "before_cursor_execute", count)
        return len(counted)

    statements()
    few = statements()
    for number in range(5):
        proceeding(ocmw, f"Naam{number}")
        add(ocmw, reading, f"taak {number}", date(2026, 11, 20), assigned_to=worker)
    assert statements() == few
    with reading(ocmw):
        assert len(db.session.scalars(select(Task)).all()) == 6


def test_two_teams_by_turns_each_see_their_own_today(organisation, sign_in, reading, read, time_machine):
    """The board's statements are built once per process: nothing of who asked first, or when, may stay in them."""
    ours, theirs = organisation(Role.TEAM_LEAD), organisation(Role.TEAM_LEAD)
    for ocmw, title in ((ours, "huis bezoeken"), (theirs, "griffie bellen")):
        with reading(ocmw, Role.TEAM_LEAD):
            me = ocmw.users[Role.TEAM_LEAD].id
            add_task(NewTask(title, date(2026, 11, 24), TaskKind.TODO, assigned_to=me))
            add_task(NewTask(f"{title} morgen", date(2026, 11, 25), TaskKind.TODO, assigned_to=me))
    first, second = sign_in(ours, Role.TEAM_LEAD), sign_in(theirs, Role.TEAM_LEAD)
    for _turn in range(2):
        for client, ocmw, own, other in (
            (first, ours, "huis bezoeken", "griffie bellen"),
            (second, theirs, "griffie bellen", "huis bezoeken"),
        ):
            for whose in ("", ocmw.users[Role.TEAM_LEAD].id):
                page = read(client.get(f"/team/?wat=vandaag&wie={whose}"))
                assert f"Te doen: {own}" in page
                assert f"{own} morgen" not in page
                assert other not in page
    time_machine.move_to(datetime(2026, 11, 25, 9, tzinfo=UTC))
    assert "huis bezoeken morgen" in read(sign_in(ours, Role.TEAM_LEAD).get("/team/?wat=vandaag"))


def test_who_may_not_see_it(organisation, sign_in):
    for role in (Role.DPO, Role.TENANT_ADMIN):
        assert sign_in(organisation(role), role).get("/team/").status_code == 403
