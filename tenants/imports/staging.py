"""From an upload to rows that wait to be checked: nothing of this is a case yet."""

import uuid
from collections.abc import Container, Iterator, Sequence
from dataclasses import asdict
from datetime import date
from itertools import islice
from typing import Any, TypeVar

from flask_babel import gettext
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app import jobs as queue
from app import tenancy
from app.crypto import blind_index
from app.database import db, transaction
from app.files import service as files
from app.files.rules import FileType
from app.i18n import N_
from app.ui.formats import today as local_today
from tenants.cases.models import Person
from tenants.cases.opening import INSZ
from tenants.imports import jobs, reader
from tenants.imports.cells import Cell, from_json, shown, to_json
from tenants.imports.columns import Mapping
from tenants.imports.examine import Examination, ExaminedRow, examine, find_register, judge, split_rows
from tenants.imports.fields import REQUIRED, Field
from tenants.imports.models import BatchState, ImportBatch, ImportMapping, ImportRow
from tenants.imports.reader import UnreadableFile
from tenants.imports.rows import RegisterRow
from tenants.imports.rules import Known
from tenants.petitions.models import Petition

# Rows per transaction while reading: often enough for a progress bar, seldom enough to cost nothing.
CHUNK = 500
TYPES = {
    reader.ZIP: FileType("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", "Excel"),
    reader.OLE: FileType("application/vnd.ms-excel", "xls", "Excel"),
}
CSV = FileType("text/csv", "csv", "CSV")


class ImportRefusedError(Exception):
    """Something can't be done with an import now; `message` is a msgid with `params`."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.params = params


class NoSuchImportError(Exception):
    """There is no such import (or row of it) for the acting organisation."""


def upload(name: str, content: bytes) -> uuid.UUID:
    """Keep the file, and have it read in the background; the import's id. Raises `UnreadableFile`."""
    with transaction():
        batch_id = keep(name, content)
        queue.enqueue(jobs.read_register, batch_id=str(batch_id))
    return batch_id


def keep(name: str, content: bytes) -> uuid.UUID:
    """Keep the file as an import of which nothing is read yet. Raises `UnreadableFile`."""
    reader.check(content)
    kind = next((known for start, known in TYPES.items() if content.startswith(start)), CSV)
    with transaction() as session:
        stored = files.store(name, content, known=kind)
        batch = ImportBatch(file_id=stored.id, file_name=stored.name, made_by=tenancy.current().user_id)
        session.add(batch)
        session.flush()
        return batch.id


def dry_run(content: bytes) -> Examination:
    """What an import of the file would do. Raises `UnreadableFile`."""
    sheet, mapping = find_register(reader.read(content))
    mapping = _remembered(db.session(), mapping)
    return examine(sheet, mapping, known_petitions(db.session()), local_today(), gettext)


def find(batch_id: uuid.UUID, *, lock: bool = False) -> ImportBatch:
    """The import; raises NoSuchImportError."""
    batch = db.session.get(ImportBatch, batch_id, with_for_update=lock, populate_existing=lock)
    if batch is None:
        raise NoSuchImportError
    return batch


def mapping_of(batch: ImportBatch) -> Mapping:
    columns = {Field(name): column for name, column in batch.columns.items()}
    return Mapping(batch.header_row, tuple(batch.labels), columns, frozenset(Field(name) for name in batch.by_content))


def stage(batch_id: uuid.UUID) -> None:
    """Read the file of an import and stage its rows, in pieces so that a page can show how far it is.

    May be run again: it starts anew and keeps what somebody repaired or left out. A file that can't be read as a
    register is no error here; the import says why.
    """
    batch = find(batch_id)
    if batch.state != BatchState.READING:
        return
    stored = files.read(batch.file_id)
    if stored is None:
        raise files.FileGoneError(str(batch.file_id))
    try:
        sheet, mapping = find_register(reader.read(stored[1]))
    except UnreadableFile as error:
        _refuse(batch_id, error)
        return
    repaired, skipped = _work_on(batch_id)
    with transaction() as session:
        batch = find(batch_id, lock=True)
        mapping = mapping.adjusted(mapping_of(batch).columns) if batch.columns else _remembered(session, mapping)
        records, ignored = split_rows(sheet, mapping)
        batch.examples = _examples(records, len(mapping.labels))
        if mapping.missing():
            records = []  # the page asks for the columns first
        batch.sheet, batch.header_row, batch.labels = sheet.name, mapping.header_row, list(mapping.labels)
        batch.columns = {field.value: column for field, column in mapping.columns.items()}
        batch.by_content = sorted(field.value for field in mapping.by_content)
        batch.total, batch.ignored, batch.error = len(records), len(ignored), None
        session.execute(delete(ImportRow).where(ImportRow.batch_id == batch_id))
        known = known_petitions(session)
    records = [(number, repaired.get(number, cells)) for number, cells in records]
    for judged in _pieces(judge(records, mapping, known, local_today()), CHUNK):
        with transaction() as session:
            session.execute(insert(ImportRow), [_values(batch_id, row, repaired, skipped) for row in judged])
    with transaction():
        find(batch_id, lock=True).state = BatchState.READY


def _examples(records: Sequence[tuple[int, Sequence[Cell]]], width: int) -> list[list[str]]:
    """The first three things that stand in each column, to recognise it by."""
    columns: list[list[str]] = [[] for _ in range(width)]
    for _, cells in records[:CHUNK]:
        for column, cell in enumerate(cells[:width]):
            text = shown(cell)[:60]
            if text and len(columns[column]) < 3 and text not in columns[column]:
                columns[column].append(text)
    return columns


def _refuse(batch_id: uuid.UUID, error: UnreadableFile) -> None:
    with transaction():
        batch = find(batch_id, lock=True)
        batch.state = BatchState.UNREADABLE
        batch.error = {"message": error.message, "params": error.params}


def _work_on(batch_id: uuid.UUID) -> tuple[dict[int, list[Any]], set[int]]:
    """What somebody did to the rows already: repaired cells by row of the sheet, and the rows left out."""
    rows = db.session.scalars(
        select(ImportRow).where(ImportRow.batch_id == batch_id, ImportRow.edited | ImportRow.skipped)
    ).all()
    repaired = {row.sheet_row: [from_json(cell) for cell in row.cells] for row in rows if row.edited}
    return repaired, {row.sheet_row for row in rows if row.skipped}


Item = TypeVar("Item")


def _pieces(items: Iterator[Item], size: int) -> Iterator[list[Item]]:
    while piece := list(islice(items, size)):
        yield piece


def _values(batch_id: uuid.UUID, row: ExaminedRow, edited: dict[int, Any], skipped: set[int]) -> dict[str, Any]:
    return {
        "batch_id": batch_id,
        "sheet_row": row.sheet_row,
        "cells": [to_json(cell) for cell in row.cells],
        "edited": row.sheet_row in edited,
        "skipped": row.sheet_row in skipped,
        **verdict(row),
    }


def verdict(row: ExaminedRow) -> dict[str, Any]:
    """What the judging of a row says, as its columns."""
    return {
        "status": row.status.value,
        "problems": [asdict(problem) for problem in row.problems],
        "keys": keys_of(row.row),
    }


def keys_of(row: RegisterRow) -> list[bytes]:
    """Keyed hashes of what makes two rows the same petition."""
    told = [f"person|{number}|{day}" for number, day in row.person_keys]
    if row.roll_key:
        told.append("roll|{}|{}".format(*row.roll_key))
    return [blind_index(text, "import") for text in told]


class _People(Container[tuple[str, date]]):
    """The (national number, day received) of all petitions; the numbers are known as their keyed hash only."""

    def __init__(self, known: set[tuple[bytes, date]]) -> None:
        self._known = known

    def __contains__(self, key: object) -> bool:
        match key:
            case (str() as number, date() as day):
                return (blind_index(number, INSZ), day) in self._known
        return False


def known_petitions(session: Session) -> Known:
    """The petitions of the acting organisation that an import could bring a second time."""
    rolls = select(Petition.court, Petition.roll_number).where(Petition.roll_number.is_not(None))
    people = (
        select(Person.insz_hash, Petition.received_on)
        .join(Petition, Petition.case_id == Person.case_id)
        .where(Person.insz_hash.is_not(None), Petition.received_on.is_not(None))
    )
    return Known(
        {(court, roll) for court, roll in session.execute(rolls) if roll},
        _People({(bytes(hashed), day) for hashed, day in session.execute(people) if hashed and day}),
    )


# ---------------------------------------------------------------- columns


def _remembered(session: Session, mapping: Mapping) -> Mapping:
    kept = session.scalar(select(ImportMapping.columns).where(ImportMapping.signature == mapping.signature))
    return mapping.adjusted({Field(name): column for name, column in kept.items()}) if kept else mapping


def choose_columns(batch_id: uuid.UUID, chosen: dict[int, Field]) -> None:
    """Read the file again with these fields in its columns (from 0), and remember that for the same headings.

    Raises ImportRefusedError when a field stands in two columns or a needed one in none, or past checking.
    """
    columns = {field: column for column, field in chosen.items()}
    if len(columns) < len(chosen):
        twice = next(field for column, field in chosen.items() if columns[field] != column)
        raise ImportRefusedError(
            N_("“%(field)s” is chosen for two columns. Choose it once."), field=gettext(twice.label)
        )
    missing = [gettext(field.label) for field in REQUIRED if field not in columns]
    if missing:
        raise ImportRefusedError(N_("Say also in which column this stands: %(fields)s."), fields=", ".join(missing))
    with transaction() as session:
        batch = find(batch_id, lock=True)
        if batch.state != BatchState.READY:
            raise ImportRefusedError(N_("The columns can be changed only while the import is being checked."))
        batch.columns, batch.by_content = {field.value: column for field, column in columns.items()}, []
        signature = mapping_of(batch).signature
        session.execute(delete(ImportMapping).where(ImportMapping.signature == signature))
        session.add(ImportMapping(signature=signature, columns=batch.columns))
        _read_again(batch)


def read_again(batch_id: uuid.UUID) -> None:
    """Read the file of an import again: when reading it stopped half-way, or after it was undone."""
    with transaction():
        batch = find(batch_id, lock=True)
        if batch.state not in (BatchState.READING, BatchState.UNDONE, BatchState.UNREADABLE):
            raise ImportRefusedError(N_("This file has been read already."))
        _read_again(batch)


def _read_again(batch: ImportBatch) -> None:
    batch.state, batch.counts, batch.error = BatchState.READING, None, None
    batch.begun_at = batch.confirmed_at = None
    queue.enqueue(jobs.read_register, batch_id=str(batch.id))


def as_record(row: ImportRow) -> tuple[int, Sequence[Any]]:
    """A staged row as the judging takes it."""
    return row.sheet_row, [from_json(cell) for cell in row.cells]
