"""A large register of petitions: how long its preview and its import take, against the time an issue allows."""

import io
import time
import uuid
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter
from flask import Flask
from python_calamine import CalamineWorkbook

from app import tenancy
from app.database import db
from bench.measuring import Result, compare
from bench.region import Home
from tenants.imports import confirming, service, staging

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "tenants" / "imports" / "demo" / "verzoekschriften_2020_oostende_stijl.xlsx"
HEADER = 2  # the row of the sample with the names of its columns
ROWS = 10_000
PREVIEW_MS = 15_000


def measure(app: Flask, home: Home, imported: int) -> list[Result]:
    """Preview a register of ROWS rows for an organisation that has its cases already, and import one of `imported`."""
    with app.app_context(), tenancy.acting(tenancy.Context(home.tenant, home.users[0])):
        preview, batch_id = _preview(ROWS)
        of_imported = preview
        if imported < ROWS:
            of_imported, batch_id = _preview(imported)
        going_in = service.counts(batch_id).going_in
        if going_in < imported * 0.8:
            raise RuntimeError(f"only {going_in} of {imported} rows of the register would be imported")
        start = time.perf_counter()
        confirming.confirm(batch_id, wait=True)
        confirm = (time.perf_counter() - start) * 1000
        db.session.remove()
    return [
        compare(f"register, {ROWS:,} rows", preview, "preview: the 15 s it may take", PREVIEW_MS, 1.0),
        compare(f"register, {imported:,} rows", confirm, f"import of {going_in:,} rows: its preview", of_imported),
    ]


def _preview(rows: int) -> tuple[float, uuid.UUID]:
    """(milliseconds until the first page of the preview, the batch)."""
    content = register(rows)
    start = time.perf_counter()
    batch_id = staging.keep("register.xlsx", content)
    staging.stage(batch_id)
    shown, _pages = service.preview(staging.find(batch_id), "", 1)
    took = (time.perf_counter() - start) * 1000
    if not shown:
        raise RuntimeError("the preview of the register is empty")
    return took, batch_id


def register(rows: int) -> bytes:
    """The sample's rows again and again, each time with other petitions and people, as one spreadsheet."""
    sheet = CalamineWorkbook.from_path(SAMPLE).get_sheet_by_name("Register").to_python()
    labels = [str(label) for label in sheet[HEADER]]
    roll, insz, born = (labels.index(label) for label in ("Rolnr.", "Rijksregisternr", "Geb.datum"))
    known = [row for row in sheet[HEADER + 1 :] if row[roll] and row[insz]]
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    target = book.add_worksheet("Register")
    target.write_row(0, 0, labels)
    for number in range(rows):
        row = list(known[number % len(known)])
        birthday = date(1950, 1, 1) + timedelta(days=number)
        row[roll], row[born], row[insz] = f"26B{number:05d}", birthday, _insz(birthday)
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                target.write_datetime(number + 1, column, cell)  # type: ignore[arg-type]
            elif cell != "":
                target.write(number + 1, column, str(cell) if isinstance(cell, str) else cell)
    book.close()
    return out.getvalue()


def _insz(birthday: date) -> str:
    """A register number of somebody born then, before 2000, that passes its check."""
    digits = f"{birthday:%y%m%d}101"
    return f"{digits}{97 - int(digits) % 97:02d}"
