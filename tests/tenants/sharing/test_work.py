"""A guest's own Vandaag: their tasks in shared cases, read with a guest's sight, and gone when the sharing ends."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from app import tenancy
from app.database import db
from app.security.roles import Role
from tenants.cases import tasks
from tenants.cases.models import Case, Task
from tenants.petitions.course import today
from tenants.sharing import visiting, work


def promise(made, title, day, *, of="me"):
    """A task that the CAW notes in the shared case."""
    me = made.caw.users[Role.SOCIAL_WORKER].id if of == "me" else of
    with made.app.app_context(), made.caw.acting():
        new = tasks.NewTask(title, day, case_id=made.case_id, assigned_to=me)
        visiting.note(visiting.find(made.grant_id), None, new)
        db.session.remove()


def badge(page):
    text = page.get_data(as_text=True)
    return text[text.index('id="nav-vandaag"') :].split("</a>")[0]


def test_a_guests_task_stands_in_their_vandaag_and_counts(duo, sign_in, send, read, reading):
    made = duo()
    day = today()
    promise(made, "attest opvragen", day)
    promise(made, "huisarts bellen", day - timedelta(days=3), of=None)
    promise(made, "later eens", day + timedelta(days=40))
    client = sign_in(made.caw)
    page = client.get("/vandaag/")
    told = read(page)
    assert "attest opvragen" in told
    assert "huisarts bellen" in told
    assert f"samen met {made.ocmw.tenant.name}" in told
    assert "later eens" not in told
    assert "bellen naar Vermeulen" not in told  # the owner's own task stays theirs
    assert made.page in page.get_data(as_text=True)
    assert "2" in badge(page)
    assert "attest opvragen" not in read(sign_in(made.ocmw).get("/vandaag/"))  # it is not the owner's either

    with reading(made.ocmw):
        found = db.session.execute(select(Task.id, Task.title)).all()
        task_id = next(row.id for row in found if row.title == "attest opvragen")
    answer = send(client, f"{made.page}taken/{task_id}/klaar", next="/vandaag/")
    assert answer.location == "/vandaag/"
    page = client.get("/vandaag/")
    assert "attest opvragen" not in read(page)
    assert "1" in badge(page)


def test_after_the_end_the_tasks_are_gone(duo, sign_in, send, read):
    made = duo()
    promise(made, "attest opvragen", today())
    client = sign_in(made.caw)
    assert "attest opvragen" in read(client.get("/vandaag/?wie=team"))
    assert send(sign_in(made.ocmw), f"/delen/{made.grant_id}/beeindigen", reason="rond").status_code == 302
    for address in ("/vandaag/", "/vandaag/?wie=team"):
        page = client.get(address)
        assert "attest opvragen" not in page.get_data(as_text=True)
        assert "Vermeulen" not in page.get_data(as_text=True)


def test_a_glance_sees_as_a_guest_and_leaves_our_own_sight(duo):
    made = duo()
    with made.app.app_context(), made.caw.acting():
        before = tenancy.current()
        with visiting.glancing(made.ocmw.tenant.id):
            assert db.session.scalars(select(Case.id)).all() == [made.case_id]
        assert tenancy.current() == before
        assert db.session.scalars(select(Case.id)).all() == []
        with pytest.raises(ZeroDivisionError), visiting.glancing(made.ocmw.tenant.id):
            raise ZeroDivisionError
        assert tenancy.current() == before
        db.session.remove()


def test_as_many_statements_for_much_as_for_little(duo):
    """Nothing shared: one. Something: two to change sight and back and one to read, per owner."""
    made = duo()
    nothing = []

    def statements(organisation):
        seen = []
        with made.app.app_context(), organisation.acting():
            listen = lambda *args: seen.append(args[2])  # noqa: E731
            me = organisation.users[Role.SOCIAL_WORKER].id
            work.tasks(today(), today(), me)  # what a process learns once
            db.session.commit()
            db.session.connection()
            event.listen(db.engine, "before_cursor_execute", listen)
            found = work.tasks(today(), today(), me)
            event.remove(db.engine, "before_cursor_execute", listen)
            db.session.remove()
        return len(seen), len(found)

    nothing = statements(made.ocmw)
    promise(made, "een", today())
    few = statements(made.caw)
    for number in range(4):
        promise(made, f"nog {number}", today())
    assert (nothing, few) == ((1, 0), (4, 1))
    assert statements(made.caw) == (4, 5)
