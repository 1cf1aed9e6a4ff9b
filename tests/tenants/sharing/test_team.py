"""The team board and the daily mail of a guest: their tasks in shared cases count, and cost nothing where there are
none."""

from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import event

from app.database import db
from app.security.roles import Role
from tenants.cases import tasks
from tenants.petitions.course import today
from tenants.sharing import visiting
from tenants.team import reminders, service
from tenants.team.service import Counts
from tenants.today.rules import horizon


def promise(made, title, day, *, of="me", **more):
    me = made.caw.users[Role.SOCIAL_WORKER].id if of == "me" else of
    with made.app.app_context(), made.caw.acting():
        new = tasks.NewTask(title, day, case_id=made.case_id, assigned_to=me, **more)
        visiting.note(visiting.find(made.grant_id), None, new)
        db.session.remove()


@contextmanager
def statements(app, seen):
    listen = lambda *args: seen.append(args[2])  # noqa: E731
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", listen)
    yield
    event.remove(engine, "before_cursor_execute", listen)


def test_a_guests_tasks_stand_on_their_teams_board_until_the_sharing_ends(duo, sign_in, send, read):
    made, day = duo(), today()
    me = made.caw.users[Role.SOCIAL_WORKER].id
    promise(made, "attest opvragen", day - timedelta(days=3))
    promise(made, "huisarts bellen", day, of=None)
    promise(made, "later eens", day + timedelta(days=40), remind_on=day + timedelta(days=1))
    client = sign_in(made.caw)
    board = read(client.get("/team/"))
    assert "1 te laat, 1 voor vandaag" in board
    assert "In dossiers van andere organisaties" in board
    assert "attest opvragen" in board
    assert f"samen met {made.ocmw.tenant.name}" in board
    assert "bellen naar Vermeulen" not in board  # the owner's own task stays theirs
    assert made.page in client.get("/team/").get_data(as_text=True)
    assert "huisarts bellen" in read(client.get("/team/?wie=niemand&wat=vandaag"))
    mine = read(client.get(f"/team/?wie={me}&wat=vandaag"))
    assert "huisarts bellen" not in mine
    assert "later eens" not in read(client.get("/team/?wat=vandaag"))
    with made.app.app_context(), made.caw.acting():
        counted = service.counts(horizon(day))
        assert (counted.shared[me].late, counted.shared[None].today) == (1, 1)
        assert counted.own == {}
        assert reminders.receivers() == [me]
        assert reminders.reminder(me).counts == Counts(1, 1, counted.shared.get(me, Counts()).week)
        db.session.remove()

    assert send(sign_in(made.ocmw), f"/delen/{made.grant_id}/beeindigen", reason="rond").status_code == 302
    for address in ("/team/", "/team/?wat=vandaag", f"/team/?wie={me}"):
        page = read(client.get(address))
        assert "attest opvragen" not in page
        assert "In dossiers van andere organisaties" not in page
    with made.app.app_context(), made.caw.acting():
        assert reminders.receivers() == []
        db.session.remove()


def test_who_is_a_guest_nowhere_pays_no_statement_for_it(duo):
    made, day = duo(), horizon(today())

    def counting(organisation):
        seen = []
        with made.app.app_context(), organisation.acting():
            service.counts(day)  # what a process learns once
            db.session.commit()
            db.session.connection()
            with statements(made.app, seen):
                service.counts(day)
            db.session.remove()
        return len(seen)

    # The guest: which cases, who we are, then per owner there, the count, and back.
    assert (counting(made.ocmw), counting(made.caw)) == (1, 6)
    for number in range(4):
        promise(made, f"nog {number}", today())
    assert counting(made.caw) == 6
