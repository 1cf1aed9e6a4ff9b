"""Notes, promises and files."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from app.audit.models import AuditEvent
from app.files import service as files
from app.files.models import StoredFile
from app.security.roles import Role
from app.ui.formats import datum
from tenants.cases import tasks
from tenants.cases.models import Attachment, Note, Task

PDF = b"%PDF-1.7 nog een"


def upload(content, name):
    import io

    return (io.BytesIO(content), name)


def test_a_note_is_sealed_and_shown_with_its_writer(organisation, make_case, sign_in, send, inside):
    ocmw = organisation()
    made = make_case(ocmw)
    client = sign_in(ocmw)
    answer = send(client, f"{made.page}noteren", body="Regel een\nRegel <b>twee</b>")
    assert answer.status_code == 302
    page = client.get(made.page).get_data(as_text=True)
    assert "Regel een<br>Regel &lt;b&gt;twee&lt;/b&gt;" in page
    assert ocmw.users[Role.SOCIAL_WORKER].get_full_name() in page
    with inside(ocmw) as session:
        stored = session.execute(text("SELECT body FROM note")).scalars().all()
        assert not [body for body in stored if b"Regel" in bytes(body)]


def test_a_promise_with_a_date_becomes_a_task(organisation, make_case, sign_in, send, inside):
    ocmw = organisation()
    made = make_case(ocmw)
    client = sign_in(ocmw)
    me = ocmw.users[Role.SOCIAL_WORKER].id
    send(client, f"{made.page}noteren", task="huur van juni storten", kind="promise", due_on="2031-03-04",
         due_at="14:30", assigned_to=str(me))  # fmt: skip
    with inside(ocmw) as session:
        task = session.scalar(select(Task).where(Task.due_on == date(2031, 3, 4)))
        assert (task.title, task.assigned_to, task.case_id) == ("huur van juni storten", me, made.case_id)
        assert len(session.scalars(select(Note)).all()) == 2  # those of the case itself: no empty note was added
    for address in (made.page, "/taken/"):
        assert "Beloofd: huur van juni storten" in client.get(address).get_data(as_text=True)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, None),
        ({"task": "bellen"}, "due_on"),
        ({"due_on": "2031-03-04"}, "task"),
        ({"task": "bellen", "due_on": "morgen"}, "due_on"),
        ({"task": "bellen", "due_on": "2031-03-04", "due_at": "25:99"}, "due_at"),
        ({"task": "bellen", "due_on": "2031-03-04", "assigned_to": "999999"}, None),
        ({"task": "bellen", "due_on": "2031-03-04", "kind": "verzonnen"}, "kind"),
        ({"body": "x" * 10_001}, "body"),
    ],
)
def test_what_cannot_be_noted_is_said_and_not_half_kept(organisation, make_case, sign_in, send, inside, fields, wrong):
    ocmw = organisation()
    made = make_case(ocmw)
    answer = send(sign_in(ocmw), f"{made.page}noteren", **{"body": "tekst", **fields} if fields else fields)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert wrong is None or f'id="{wrong}-error"' in page
    with inside(ocmw) as session:
        assert len(session.scalars(select(Note)).all()) == 2
        assert len(session.scalars(select(Task)).all()) == 1


def test_done_and_not_done_after_all(organisation, make_case, sign_in, send, inside):
    ocmw = organisation()
    made = make_case(ocmw)
    client = sign_in(ocmw)
    answer = send(client, f"/taken/{made.task_id}/gedaan", next=made.page)
    assert answer.location == made.page
    assert "Gedaan: loonfiche" in client.get(made.page).get_data(as_text=True)
    assert f"/taken/{made.task_id}/terug" in client.get("/taken/").get_data(as_text=True)
    with inside(ocmw) as session:
        first = session.get(Task, made.task_id).done_at
    send(client, f"/taken/{made.task_id}/gedaan")
    with inside(ocmw) as session:
        assert session.get(Task, made.task_id).done_at == first  # who was first stays
    send(client, f"/taken/{made.task_id}/terug")
    with inside(ocmw) as session:
        task = session.get(Task, made.task_id)
        assert (task.done_at, task.done_by) == (None, None)


def test_a_task_leads_nowhere_else(organisation, make_case, sign_in, send):
    ocmw = organisation()
    made = make_case(ocmw)
    answer = send(sign_in(ocmw), f"/taken/{made.task_id}/gedaan", next="//elders.example/")
    assert answer.location == "/"


def test_the_list_of_tasks_is_mine_and_the_teams(organisation, sign_in, send, inside):
    ocmw = organisation(Role.SOCIAL_WORKER, Role.TEAM_LEAD)
    mine, other = (ocmw.users[r].id for r in (Role.SOCIAL_WORKER, Role.TEAM_LEAD))
    day = date.today() - timedelta(days=3)  # noqa: DTZ011
    with inside(ocmw):
        for title, who in (("van mij", mine), ("van ons", None), ("van een ander", other)):
            tasks.add_task(tasks.NewTask(title, day, assigned_to=who))
    client = sign_in(ocmw)
    page = client.get("/taken/").get_data(as_text=True)
    assert ["van mij" in page, "van ons" in page, "van een ander" in page] == [True, True, False]
    assert "2 zijn te laat" in page
    with ocmw.app.test_request_context():
        assert datum(day) in page
    assert "van een ander" in client.get("/taken/?van=team").get_data(as_text=True)
    assert send(client, "/taken/nieuw", task="los", due_on="").status_code == 422
    assert send(client, "/taken/nieuw", task="los", due_on="2031-01-01", kind="todo").status_code == 302


# ---------------------------------------------------------------- files


def test_a_file_is_a_download_only_and_in_the_trail(organisation, make_case, sign_in, send, inside):
    ocmw = organisation()
    made = make_case(ocmw)
    client = sign_in(ocmw)
    name = 'vonnis "Vermeulen"\r\nX-Evil: 1.pdf'
    answer = send(client, f"{made.page}bijlagen/nieuw", file=upload(PDF, name), kind="judgment")
    assert answer.status_code == 302
    with inside(ocmw) as session:
        row = session.scalar(select(Attachment).where(Attachment.kind == "judgment"))
        stored = session.get(StoredFile, row.file_id)
        assert PDF not in files.path_of(ocmw.tenant.id, stored.id).read_bytes()
    answer = client.get(f"{made.page}bijlagen/{row.id}/")
    assert answer.data == PDF
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "X-Evil" not in answer.headers
    with inside(ocmw) as session:
        event = session.scalar(select(AuditEvent).where(AuditEvent.act == "download"))
        assert (event.subject, event.subject_id, event.case_id) == ("attachment", row.id, made.case_id)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("leeg.pdf", b""),
        ("pagina.pdf", b"<html><script>alert(1)</script></html>"),
        ("plaatje.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("programma.pdf", b"MZ\x90\x00"),
        ("", b"%PDF-1.7"),
    ],
)
def test_what_is_no_document_is_refused_in_words(organisation, make_case, sign_in, send, inside, name, content):
    ocmw = organisation()
    made = make_case(ocmw)
    answer = send(sign_in(ocmw), f"{made.page}bijlagen/nieuw", file=upload(content, name), kind="other")
    assert answer.status_code == 422
    assert 'id="file-error"' in answer.get_data(as_text=True)
    with inside(ocmw) as session:
        assert len(session.scalars(select(Attachment)).all()) == 1


def test_too_large_a_file_is_refused_in_words(organisation, make_case, sign_in, send, app):
    ocmw = organisation()
    made = make_case(ocmw)
    limit = app.extensions["settings"].max_upload_bytes
    large = b"%PDF-1.7" + bytes(limit)
    answer = send(sign_in(ocmw), f"{made.page}bijlagen/nieuw", file=upload(large, "groot.pdf"), kind="other")
    assert answer.status_code == 422
    assert "te groot" in answer.get_data(as_text=True)


def test_a_removed_file_is_gone_and_its_removal_is_in_the_trail(organisation, make_case, sign_in, send, inside):
    ocmw = organisation()
    made = make_case(ocmw)
    client = sign_in(ocmw)
    with inside(ocmw) as session:
        file_id = session.get(Attachment, made.attachment_id).file_id
    address = f"{made.page}bijlagen/{made.attachment_id}/"
    assert send(client, f"{address}verwijderen").status_code == 302
    assert client.get(address).status_code == 404
    with inside(ocmw) as session:
        assert session.get(StoredFile, file_id) is None
        event = session.scalar(select(AuditEvent).where(AuditEvent.act == "delete", AuditEvent.subject == "attachment"))
        assert (event.subject_id, event.case_id) == (made.attachment_id, made.case_id)


def test_an_attachment_belongs_to_its_own_case(organisation, make_case, sign_in, send):
    ocmw = organisation()
    made, other = make_case(ocmw), make_case(ocmw, roll="26A1188")
    client = sign_in(ocmw)
    assert client.get(f"{other.page}bijlagen/{made.attachment_id}/").status_code == 404
    assert send(client, f"{other.page}bijlagen/{made.attachment_id}/verwijderen").status_code == 404
    assert client.get(f"{made.page}bijlagen/{made.attachment_id}/").status_code == 200
