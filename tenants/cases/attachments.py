"""Files that belong to a case: kept encrypted, given back as a download only, each download in the trail."""

import uuid

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from app import tenancy
from app.audit.service import record_read
from app.database import db, read_once, transaction
from app.files import service as files
from app.files.models import StoredFile
from tenants.cases.codes import AttachmentKind
from tenants.cases.models import Attachment, Case
from tenants.cases.service import NoSuchCaseError


def attach(case_id: uuid.UUID, name: str, content: bytes, kind: AttachmentKind = AttachmentKind.OTHER) -> uuid.UUID:
    """Keep a file with the case; the attachment's id. Raises UnacceptableFileError and NoSuchCaseError."""
    with transaction() as session:
        if session.get(Case, case_id) is None:
            raise NoSuchCaseError
        stored = files.store(name, content, case_id)
        row = Attachment(case_id=case_id, file_id=stored.id, kind=kind, added_by=tenancy.current().user_id)
        session.add(row)
        session.flush()
    return row.id


@read_once
def attachments_of(case_id: uuid.UUID) -> list[Attachment]:
    """The case's attachments with their files, the newest first."""
    query = select(Attachment).where(Attachment.case_id == case_id).options(joinedload(Attachment.file))
    return list(db.session.scalars(query.order_by(Attachment.added_at.desc(), Attachment.id)))


def download(case_id: uuid.UUID, attachment_id: uuid.UUID) -> tuple[StoredFile, bytes]:
    """The file and its bytes; the trail tells who took it. Raises NoSuchCaseError and FileGoneError."""
    with transaction() as session:
        row = _find(session, case_id, attachment_id)
        found = files.read(row.file_id)
        if found is None:
            raise NoSuchCaseError
        record_read("attachment", row.id, case_id, "case work", act="download")
    return found


def remove(case_id: uuid.UUID, attachment_id: uuid.UUID) -> None:
    """Take an attachment away, and its file unless something else of the case (a letter) is that file too.

    The bytes go with the nightly sweep (app/files/jobs.py), so that a backup of this moment stays whole.
    """
    with transaction() as session:
        row = _find(session, case_id, attachment_id)
        session.delete(row)
        session.flush()
        try:
            with session.begin_nested():
                session.execute(delete(StoredFile).where(StoredFile.id == row.file_id))
        except IntegrityError:
            return


def _find(session: Session, case_id: uuid.UUID, attachment_id: uuid.UUID) -> Attachment:
    row = session.get(Attachment, attachment_id)
    if row is None or row.case_id != case_id:
        raise NoSuchCaseError
    return row
