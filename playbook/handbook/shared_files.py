"""Whose eyes a file of the playbook is for: of all networks exactly while a page that all may read shows it."""

import uuid
from collections.abc import Collection

from sqlalchemy import ScalarSelect, exists, select, update
from sqlalchemy.orm import Session, undefer

from app import tenancy
from app.files.rules import PDF
from app.identifiers import uuid7
from app.jobs import enqueue
from app.security.models import utc_now
from playbook.handbook.jobs import read_pdf
from playbook.handbook.models import FilePage, Page, PlaybookFile

_IN_DATABASE = {"synchronize_session": False}  # nobody holds these rows
WAITING = "waiting"  # of a PDF: for the job that reads its words; the other states are those of pdf_text


def show(session: Session, names: Collection[str]) -> None:
    """Let other networks read these files of the acting one, and their words, or no longer: as the pages say now."""
    if not names:
        return
    session.flush()
    here = tenancy.current_network_id()
    shown = exists().where(Page.network_id == here, Page.published_to_all, PlaybookFile.name == Page.files.any_())
    theirs = PlaybookFile.network_id == here, PlaybookFile.name.in_(names)
    session.execute(
        update(PlaybookFile).where(*theirs).values(published_to_all=shown),
        execution_options=_IN_DATABASE,
    )
    of_file: ScalarSelect[bool] = (
        select(PlaybookFile.published_to_all)
        .where(PlaybookFile.network_id == FilePage.network_id, PlaybookFile.id == FilePage.file_id)
        .scalar_subquery()
    )
    words = FilePage.network_id == here, FilePage.file_id.in_(select(PlaybookFile.id).where(*theirs))
    session.execute(
        update(FilePage).where(*words).values(published_to_all=of_file),
        execution_options=_IN_DATABASE,
    )


def bring_here(session: Session, network_id: uuid.UUID, names: Collection[str]) -> None:
    """Keep copies of another network's files that a page taken over shows: it may stop showing its own any day.

    A file's name is made of its bytes, so the addresses in the page stay right.
    """
    here = tenancy.current_network_id()
    known = select(PlaybookFile.name).where(PlaybookFile.network_id == here, PlaybookFile.name.in_(names))
    missing = set(names) - set(session.scalars(known))
    query = select(PlaybookFile).where(PlaybookFile.network_id == network_id, PlaybookFile.name.in_(missing))
    for theirs in session.scalars(query.options(undefer(PlaybookFile.content))) if missing else ():
        is_pdf = theirs.media_type == PDF.media_type
        row = PlaybookFile(
            id=uuid7(),
            name=theirs.name,
            title=theirs.title,
            media_type=theirs.media_type,
            size=theirs.size,
            content=theirs.content,
            words=WAITING if is_pdf else "",
            added_at=utc_now(),
            added_by=tenancy.current().user_id,
        )
        session.add(row)
        session.flush()
        if is_pdf:
            enqueue(read_pdf, file_id=str(row.id))
