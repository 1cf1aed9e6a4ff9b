"""The list of cases as a spreadsheet. What people typed stays text: no cell is ever a formula."""

import csv
import io
import uuid
from collections.abc import Sequence
from datetime import date, datetime, time

import xlsxwriter

from app.audit.service import record_export
from app.database import transaction
from tenants.cases.filters import CaseFilter
from tenants.cases.listing import CaseRow, all_cases
from tenants.cases.rules import safe_cell

Cell = str | date | int | None


def take_out(wanted: CaseFilter) -> list[CaseRow]:
    """The cases to export; the trail tells of each that it left the portal."""
    with transaction():
        rows = all_cases(wanted)
        ids: list[uuid.UUID] = [row.id for row in rows]
        record_export(ids, "list of cases")
    return rows


def to_csv(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """As Excel here opens it by itself: semicolons, UTF-8 with its mark, days as 24/11/2026."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(header)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _plain(cell: Cell) -> str | int:
    match cell:
        case None:
            return ""
        case date():
            return f"{cell:%d/%m/%Y}"
        case str():
            return safe_cell(cell)
    return cell


def to_xlsx(title: str, header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """A workbook with one sheet; days are dates, text is written as text whatever it starts with."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(title[:31])
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
    for column, text in enumerate(header):
        sheet.write_string(0, column, text, bold)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            match cell:
                case date():
                    sheet.write_datetime(number, column, datetime.combine(cell, time()), day)
                case int():
                    sheet.write_number(number, column, cell)
                case str():
                    sheet.write_string(number, column, cell)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(header) - 1)
    sheet.set_column(0, len(header) - 1, 18)
    book.close()
    return out.getvalue()
