"""Pictures and documents of the playbook: added by editors, shown in pages."""

import uuid
from pathlib import PurePosixPath

from sqlalchemy import case, delete, select
from sqlalchemy.orm import undefer

from app import tenancy
from app.database import db, transaction
from app.files.rules import PDF, safe_name
from app.jobs import enqueue
from app.security.models import utc_now
from playbook.handbook import pdf_text, pictures, rules
from playbook.handbook.jobs import read_pdf
from playbook.handbook.models import FilePage, PlaybookFile
from playbook.handbook.service import NotThereError, ours
from playbook.handbook.shared_files import WAITING


def add(name: str, title: str, content: bytes) -> PlaybookFile:
    """Keep a file; the same bytes are kept once. Raises UnacceptableFileError."""
    accepted = pictures.accept(content, name)
    with transaction() as session:
        found: PlaybookFile | None = session.scalar(
            select(PlaybookFile).where(ours(PlaybookFile), PlaybookFile.name == accepted.name)
        )
        if found is not None:
            return found
        row = PlaybookFile(
            name=accepted.name,
            title=title.strip()[:150] or PurePosixPath(safe_name(name)).stem,
            media_type=accepted.media_type,
            size=len(accepted.content),
            content=accepted.content,
            added_at=utc_now(),
            added_by=tenancy.current().user_id,
        )
        session.add(row)
        if accepted.media_type == PDF.media_type:
            row.words = WAITING
            session.flush()
            enqueue(read_pdf, file_id=str(row.id))
    return row


def read_words(file_id: uuid.UUID) -> None:
    """Read the words of a PDF for the search (the job); reading it again changes nothing."""
    query = select(PlaybookFile).where(ours(PlaybookFile), PlaybookFile.id == file_id)
    content = db.session.scalars(query.options(undefer(PlaybookFile.content))).one().content
    db.session.rollback()  # nothing stays open while the file is read
    outcome, pages = pdf_text.words_of(content)
    tidied = [(number, rules.tidy(words)) for number, words in enumerate(pages, start=1)]
    with transaction() as session:
        # Held, so that who publishes a page with it meanwhile finds its words, or is seen here.
        row = session.get_one(PlaybookFile, file_id, with_for_update=True, populate_existing=True)
        row.words, is_for_all = outcome, row.published_to_all
        session.execute(delete(FilePage).where(ours(FilePage), FilePage.file_id == file_id))
        session.add_all(
            FilePage(file_id=file_id, number=number, plain=words, published_to_all=is_for_all)
            for number, words in tidied
            if words
        )


def all_of_network(limit: int = 200) -> list[PlaybookFile]:
    """The network's files, the newest first."""
    query = select(PlaybookFile).where(ours(PlaybookFile)).order_by(PlaybookFile.added_at.desc(), PlaybookFile.id)
    return list(db.session.scalars(query.limit(limit)))


def find(name: str) -> PlaybookFile:
    """A file with its bytes, the network's own or one that a published page shows. Raises NotThereError."""
    own_first = case((ours(PlaybookFile), 0), else_=1)
    query = select(PlaybookFile).where(PlaybookFile.name == name).order_by(own_first).limit(1)
    found: PlaybookFile | None = db.session.scalar(query.options(undefer(PlaybookFile.content)))
    if found is None:
        raise NotThereError(name)
    return found


def named(names: set[str]) -> dict[str, PlaybookFile]:
    """The network's files with these names, with their bytes."""
    query = select(PlaybookFile).where(ours(PlaybookFile), PlaybookFile.name.in_(names))
    return {row.name: row for row in db.session.scalars(query.options(undefer(PlaybookFile.content)))}
