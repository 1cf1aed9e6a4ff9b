"""What the pages of an import ask: the imports there are, the rows of one, and the rejected rows as a spreadsheet."""

import io
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlsxwriter
from flask_babel import gettext
from sqlalchemy import ColumnElement, func, select

from app.audit.service import record_read
from app.database import db, transaction
from tenants.imports.cells import Cell, from_json, is_blank, shown
from tenants.imports.examine import report, sentence
from tenants.imports.fields import OWN_COLUMN, Field, is_own_column
from tenants.imports.models import BatchState, ImportBatch, ImportRow
from tenants.imports.register import LONGEST_TEXT, understand
from tenants.imports.repairing import GOES_IN
from tenants.imports.rows import Problem, RegisterRow, Severity, Status
from tenants.imports.staging import NoSuchImportError, as_record, find, mapping_of

FIRST_YEAR = 1900  # a spreadsheet knows no day before
PAGE_SIZE = 25  # a screen and a half: one scrolls, one does not search


@dataclass(frozen=True)
class Counts:
    """How many staged rows there are of each status; `skipped` ones are counted there only."""

    by_status: dict[Status, int]
    skipped: int

    @property
    def going_in(self) -> int:
        return sum(self.by_status[Status(status)] for status in GOES_IN)

    @property
    def left_out(self) -> int:
        return self.by_status[Status.ERROR] + self.by_status[Status.DUPLICATE] + self.skipped

    @property
    def all(self) -> int:
        return self.going_in + self.left_out


@dataclass(frozen=True)
class PreviewRow:
    """A staged row as the page shows it: what was understood of it and what is wrong."""

    id: uuid.UUID
    sheet_row: int
    status: Status
    skipped: bool
    edited: bool
    row: RegisterRow
    problems: tuple[Problem, ...]
    cells: tuple[str, ...]

    def problems_at(self, member: Field) -> list[Problem]:
        return [problem for problem in self.problems if problem.field == member]

    @property
    def names(self) -> str:
        return " & ".join(map(str, self.row.defendants))


def batches(limit: int = 50) -> Sequence[ImportBatch]:
    """The imports of the acting organisation, the newest first."""
    return db.session.scalars(select(ImportBatch).order_by(ImportBatch.made_at.desc()).limit(limit)).all()


def staged(batch_id: uuid.UUID) -> int:
    """How many rows of a file are read so far."""
    return db.session.scalar(select(func.count()).where(ImportRow.batch_id == batch_id)) or 0


def counts(batch_id: uuid.UUID) -> Counts:
    query = (
        select(ImportRow.status, ImportRow.skipped, func.count())
        .where(ImportRow.batch_id == batch_id)
        .group_by(ImportRow.status, ImportRow.skipped)
    )
    by_status, skipped = dict.fromkeys(Status, 0), 0
    for status, is_skipped, number in db.session.execute(query):
        if is_skipped:
            skipped += number
        else:
            by_status[Status(status)] += number
    return Counts(by_status, skipped)


def preview(batch: ImportBatch, show: str, page: int) -> tuple[list[PreviewRow], int]:
    """A page of staged rows and how many there are; `show` is a status, 'skipped', or '' for all."""
    conditions: list[ColumnElement[bool]] = [ImportRow.batch_id == batch.id]
    if show == "skipped":
        conditions.append(ImportRow.skipped.is_(True))
    elif show:
        conditions += [ImportRow.status == show, ~ImportRow.skipped]
    count = db.session.scalar(select(func.count()).where(*conditions)) or 0
    query = select(ImportRow).where(*conditions).order_by(ImportRow.sheet_row)
    rows = db.session.scalars(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))
    found = [_as_shown(batch, row) for row in rows]
    if found:
        with transaction():
            record_read("import_batch", batch.id, None, "checking an import")
    return found, count


def told(batch_id: uuid.UUID) -> dict[str, Any]:
    """What becomes of each staged row, in the shape of a dry run."""
    rows = db.session.scalars(select(ImportRow).where(ImportRow.batch_id == batch_id).order_by(ImportRow.sheet_row))
    listed = ((row.sheet_row, Status(row.status), [as_problem(values) for values in row.problems]) for row in rows)
    return report(listed, find(batch_id).ignored, gettext)


def row_of(batch_id: uuid.UUID, row_id: uuid.UUID) -> PreviewRow:
    """One staged row; raises NoSuchImportError."""
    row = db.session.get(ImportRow, row_id)
    if row is None or row.batch_id != batch_id:
        raise NoSuchImportError
    return _as_shown(find(batch_id), row)


def _as_shown(batch: ImportBatch, row: ImportRow) -> PreviewRow:
    mapping = mapping_of(batch)
    understood, _ = understand(*as_record(row), mapping, batch.made_at.date())
    cells = [shown(from_json(cell)) for cell in row.cells]
    cells += [""] * (len(mapping.labels) - len(cells))
    return PreviewRow(
        id=row.id,
        sheet_row=row.sheet_row,
        status=Status(row.status),
        skipped=row.skipped,
        edited=row.edited,
        row=understood,
        problems=tuple(as_problem(values) for values in row.problems),
        cells=tuple(cells),
    )


def as_problem(values: dict[str, Any]) -> Problem:
    return Problem(**{**values, "severity": Severity(values["severity"])})


def rejected(batch_id: uuid.UUID) -> bytes:
    """The rows that do not go in, as a spreadsheet (xlsx) with the same columns and one that says why.

    Texts are written as texts, so that nothing in them is ever executed; the file can be mended and read in again.
    """
    batch = find(batch_id)
    conditions = [ImportRow.batch_id == batch_id]
    if batch.state != BatchState.DONE:  # afterwards only the rejected ones are left
        conditions.append(ImportRow.status.not_in(GOES_IN) | ImportRow.skipped)
    rows = db.session.scalars(select(ImportRow).where(*conditions).order_by(ImportRow.sheet_row)).all()
    with transaction():
        record_read("import_batch", batch_id, None, "rejected rows", act="export")
    return _spreadsheet(batch, rows)


def _spreadsheet(batch: ImportBatch, rows: Sequence[ImportRow]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet(gettext("Rejected"))
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
    moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    wrapped = book.add_format({"text_wrap": True})
    # A file that was mended and rejected again has our column already: its old reasons give way to the new.
    columns = [column for column, label in enumerate(batch.labels) if not is_own_column(label)]
    for place, column in enumerate(columns):
        sheet.write_string(0, place, batch.labels[column], bold)
    sheet.write_string(0, len(columns), gettext(OWN_COLUMN), bold)
    sheet.set_column(len(columns), len(columns), 70)
    for line, row in enumerate(rows, start=1):
        cells = [from_json(cell) for cell in row.cells]
        for place, column in enumerate(columns):
            _write(sheet, line, place, cells[column] if column < len(cells) else None, day, moment)
        sheet.write_string(line, len(columns), _reasons(row), wrapped)
    book.close()
    return out.getvalue()


def _write(sheet: Any, line: int, column: int, cell: Cell, day: Any, moment: Any) -> None:
    if is_blank(cell):
        return
    if isinstance(cell, datetime) and cell.year >= FIRST_YEAR:
        sheet.write_datetime(line, column, cell.replace(tzinfo=None), moment)
    elif isinstance(cell, date) and cell.year >= FIRST_YEAR:
        sheet.write_datetime(line, column, cell, day)
    elif isinstance(cell, bool):
        sheet.write_boolean(line, column, cell)
    elif isinstance(cell, int | float) and abs(cell) < 1e15:
        sheet.write_number(line, column, cell)
    else:
        sheet.write_string(line, column, cell[:LONGEST_TEXT] if isinstance(cell, str) else shown(cell))


def _reasons(row: ImportRow) -> str:
    """Why, with the headings instead of the cells' names: those are others in the new file."""
    problems = [as_problem(values) for values in row.problems]
    told = [f"{p.column}: {gettext(p.msgid) % p.params}" if p.column else sentence(p, gettext) for p in problems]
    if row.skipped:
        told.append(gettext("Left out by hand."))
    return "\n".join(told)[:LONGEST_TEXT]
