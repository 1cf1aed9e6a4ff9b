"""Notes in a case."""

import uuid

from sqlalchemy import select

from app import tenancy
from app.database import db, transaction
from tenants.cases.models import Case, Note
from tenants.cases.service import NoSuchCaseError


def add_note(case_id: uuid.UUID, body: str) -> uuid.UUID:
    """Write a note in the case; its id. Raises NoSuchCaseError."""
    with transaction() as session:
        if session.get(Case, case_id) is None:
            raise NoSuchCaseError
        note = Note(case_id=case_id, body=body, by=tenancy.current().user_id)
        session.add(note)
        session.flush()
    return note.id


def notes_of(case_id: uuid.UUID) -> list[Note]:
    """The case's notes, the newest first."""
    return list(db.session.scalars(select(Note).where(Note.case_id == case_id).order_by(Note.at.desc())))
