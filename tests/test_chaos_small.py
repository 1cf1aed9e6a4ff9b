"""The counting after `make chaos`: it is content when all is there, and finds each thing that is not."""

import io
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import select

from app import jobs
from app.config import Settings
from app.database import db
from app.files.models import StoredFile
from app.files.service import path_of
from tenants.cases.models import Case

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))

from chaos_clients import Ledger, Person, Written
from chaos_counts import PROMISED, examine


@pytest.fixture
def ocmw(organisation: Any) -> Any:
    return organisation()


@pytest.fixture
def written(app: Flask, settings: Settings, ocmw: Any, sign_in: Any, csrf: Any) -> list[Written]:
    """One of everything, written and remembered as the people of the trial do it."""
    client = sign_in(ocmw)

    class Here(Person):
        """Asks the application itself instead of a server."""

        def send(self, path: str, form: dict[str, Any], file: tuple[str, bytes, str] | None = None) -> str:
            upload = {"file": (io.BytesIO(file[1]), file[0])} if file else {}
            data = {**form, **upload, "csrf_token": csrf(client)}
            answer = client.post(path, data=data, content_type="multipart/form-data")
            assert answer.status_code == 302, (path, answer.status_code)
            return str(answer.location)

    person = Here("", "iemand.ab", "", ocmw.tenant.id, Ledger(), Random(1))
    for act in (person.open_case, person.note, person.attempt, person.attach, person.upload):
        act()
    jobs.run_worker(app, settings.database_url, wait=False)
    person.confirm()
    jobs.run_worker(app, settings.database_url, wait=False)
    return person.ledger.written


@pytest.fixture
def wrong(app: Flask, ocmw: Any) -> Callable[[list[Written]], set[str]]:
    """The lines of the report in which something is wrong."""

    def lines(written: list[Written]) -> set[str]:
        with app.app_context():
            counts = examine([ocmw.tenant.id], written)
        assert all(count.number for count in counts), "something was not counted at all"
        return {count.what for count in counts if count.wrong}

    return lines


def test_nothing_is_wrong_when_all_is_there(written: Any, wrong: Any) -> None:
    assert {each.kind for each in written} == {"case", "note", "attempt", "attachment", "upload", "confirm"}
    assert wrong(written) == set()


def test_what_was_acknowledged_and_is_not_there_is_found(written: Any, wrong: Any, ocmw: Any) -> None:
    for kind, line in PROMISED.items():
        assert wrong([*written, Written(kind, ocmw.tenant.id, str(uuid.uuid4()))]) == {line}


def test_a_file_without_its_bytes_is_found(app: Flask, ocmw: Any, written: Any, wrong: Any) -> None:
    with app.app_context(), ocmw.acting():
        attached = next(db.session.scalars(select(StoredFile.id).where(StoredFile.media_type == "application/pdf")))
        path_of(ocmw.tenant.id, attached).unlink()
        db.session.remove()
    assert wrong(written) == {"stored files that have their bytes", "acknowledged attachments that are there"}


def test_a_half_import_a_differing_fact_and_a_broken_trail_are_found(
    app: Flask, settings: Settings, ocmw: Any, written: Any, wrong: Any
) -> None:
    """Damage as no page can do it: as superuser, past triggers and policies."""
    with app.app_context(), ocmw.acting():
        imported = db.session.scalars(select(Case.id).where(Case.import_batch_id.is_not(None))).first()
        db.session.remove()
    where = {"tenant": ocmw.tenant.id, "case": imported}
    with psycopg.connect(settings.owner_database_url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE case_file SET import_batch_id = NULL WHERE id = %(case)s", where)
        connection.execute("UPDATE case_fact SET attempts = 99 WHERE tenant_id = %(tenant)s", where)
        connection.execute("UPDATE audit_event SET why = 'anders' WHERE tenant_id = %(tenant)s", where)
    assert wrong(written) == {
        "imports that are whole or absent",
        "cases whose facts equal them",
        "events in an unbroken trail",
    }
