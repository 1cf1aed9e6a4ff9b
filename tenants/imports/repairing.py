"""Repairing one row of an import in place, or leaving it out; its like in the same file are judged again."""

import uuid
from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import transaction
from app.i18n import N_
from app.ui.formats import today
from tenants.imports.cells import from_json, shown, to_json
from tenants.imports.examine import judge
from tenants.imports.models import BatchState, ImportBatch, ImportRow
from tenants.imports.register import understand
from tenants.imports.rows import Status
from tenants.imports.rules import Known
from tenants.imports.staging import (
    ImportRefusedError,
    NoSuchImportError,
    as_record,
    find,
    known_petitions,
    mapping_of,
    verdict,
)

GOES_IN = (Status.NEW.value, Status.WARNING.value)


def repair(batch_id: uuid.UUID, row_id: uuid.UUID, texts: Mapping[int, str]) -> Status:
    """Write other texts in cells of a row (by column, from 0) and judge it again.

    A cell whose text stays as it was shown keeps its value (a date stays a date).
    """
    with transaction() as session:
        batch, row = _find_row(session, batch_id, row_id)
        cells = [from_json(cell) for cell in row.cells]
        cells += [None] * (max([*texts, -1]) + 1 - len(cells))
        for column, text in texts.items():
            if shown(cells[column]) != text.strip():
                cells[column] = text.replace("\x00", "").strip() or None
        row.cells, row.edited, row.skipped = [to_json(cell) for cell in cells], True, False
        _judge_with_its_like(session, batch, row)
        return Status(row.status)


def skip(batch_id: uuid.UUID, row_id: uuid.UUID, *, skipped: bool) -> None:
    """Leave a row out of the import, or take it up again."""
    with transaction() as session:
        batch, row = _find_row(session, batch_id, row_id)
        row.skipped = skipped
        _judge_with_its_like(session, batch, row)


def _find_row(session: Session, batch_id: uuid.UUID, row_id: uuid.UUID) -> tuple[ImportBatch, ImportRow]:
    batch = find(batch_id, lock=True)
    row = session.get(ImportRow, row_id)
    if row is None or row.batch_id != batch_id:
        raise NoSuchImportError
    if batch.state != BatchState.READY:
        raise ImportRefusedError(N_("Rows can be changed only while the import is being checked."))
    return batch, row


def _judge_with_its_like(session: Session, batch: ImportBatch, row: ImportRow) -> None:
    """Judge `row`, then the rows that were a duplicate of what it was, or may be of what it is."""
    known = known_petitions(session)
    before = list(row.keys)
    _judge(session, batch, row, known)
    session.flush()
    for follower in _alike(session, row, {*before, *row.keys}, [Status.DUPLICATE.value]):
        _judge(session, batch, follower, known)
        session.flush()


def _judge(session: Session, batch: ImportBatch, row: ImportRow, known: Known) -> None:
    mapping, day = mapping_of(batch), today()
    # Its keys tell which rows of the file go in before it; those make it a duplicate.
    (alone,) = judge([as_record(row)], mapping, Known(), day)
    others = _alike(session, row, verdict(alone)["keys"], GOES_IN)
    earlier = [understand(*as_record(other), mapping, day)[0] for other in others]
    (judged,) = judge([as_record(row)], mapping, known, day, earlier=earlier)
    for column, value in verdict(judged).items():
        setattr(row, column, value)


def _alike(session: Session, row: ImportRow, keys: Iterable[bytes], statuses: Iterable[str]) -> list[ImportRow]:
    query = select(ImportRow).where(
        ImportRow.batch_id == row.batch_id,
        ImportRow.id != row.id,
        ImportRow.status.in_(statuses),
        ~ImportRow.skipped,
        ImportRow.keys.overlap(list(keys)),
    )
    return list(session.scalars(query.order_by(ImportRow.sheet_row)))
