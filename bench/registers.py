"""A large register of petitions: how long its preview and its import take, against the time an issue allows."""

import io
import time
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


def measure(app: Flask, home: Home) -> list[Result]:
    """Preview and import a register of ROWS rows for an organisation that has its cases already."""
    content = register()
    with app.app_context(), tenancy.acting(tenancy.Context(home.tenant, home.users[0])):
        start = time.perf_counter()
        batch_id = staging.keep("register.xlsx", content)
        staging.stage(batch_id)
        batch = staging.find(batch_id)
        shown, _pages = service.preview(batch, "", 1)
        preview = (time.perf_counter() - start) * 1000
        going_in = service.counts(batch_id).going_in
        if not shown or going_in < ROWS * 0.8:
            raise RuntimeError(f"only {going_in} of {ROWS} rows of the register would be imported")
        start = time.perf_counter()
        confirming.confirm(batch_id, wait=True)
        confirm = (time.perf_counter() - start) * 1000
        db.session.remove()
    name = f"register, {ROWS:,} rows"
    return [
        compare(name, preview, "preview: the 15 s it may take", PREVIEW_MS, 1.0),
        compare(name, confirm, f"import of {going_in:,} rows: its preview", preview),
    ]


def register() -> bytes:
    """The sample's rows again and again, each time with other petitions and people, as one spreadsheet."""
    sheet = CalamineWorkbook.from_path(SAMPLE).get_sheet_by_name("Register").to_python()
    labels = [str(label) for label in sheet[HEADER]]
    roll, insz, born = (labels.index(label) for label in ("Rolnr.", "Rijksregisternr", "Geb.datum"))
    known = [row for row in sheet[HEADER + 1 :] if row[roll] and row[insz]]
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    target = book.add_worksheet("Register")
    target.write_row(0, 0, labels)
    for number in range(ROWS):
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
