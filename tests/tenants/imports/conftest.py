"""Spreadsheets made for a test, each kind with the smallest writer that real programs' files look like."""

import csv
import io
import struct
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest
import xlsxwriter

from tenants.imports.reader import read

Rows = Sequence[Sequence[Any]]
HEADINGS = ["Datum ontvangst", "Rolnr.", "Vredegerecht", "Verzoeker", "Verweerder(s)", "Rijksregisternr", "Zitting"]
DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="session")
def sample() -> bytes:
    return (DATA / "verzoekschriften_2020_oostende_stijl.xlsx").read_bytes()


@pytest.fixture
def short(sample: bytes, xlsx: Callable[..., bytes]) -> bytes:
    """The sample's first 40 rows: 36 petitions, of which one in error (row 21) and one twice (row 30)."""
    return xlsx(read(sample).sheets[0].rows[:40])


@pytest.fixture
def register() -> Callable[..., list[list[Any]]]:
    """Rows with headings: register([date, roll, court, landlord, tenant, INSZ, hearing], ...)."""
    return lambda *rows: [HEADINGS, *[list(row) for row in rows]]


@pytest.fixture
def xlsx() -> Callable[..., bytes]:
    """xlsx(rows, formulas={'B4': '=1+1'}, more={'Other sheet': rows})."""

    def make(rows: Rows, formulas: dict[str, str] | None = None, more: dict[str, Rows] | None = None) -> bytes:
        out = io.BytesIO()
        book = xlsxwriter.Workbook(out, {"in_memory": True})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, content in {"Register": rows, **(more or {})}.items():
            sheet = book.add_worksheet(name)
            for r, row in enumerate(content):
                for c, value in enumerate(row):
                    if isinstance(value, date):
                        sheet.write_datetime(r, c, value, day)
                    elif isinstance(value, str):
                        sheet.write_string(r, c, value)
                    elif value is not None:
                        sheet.write(r, c, value)
        for cell, formula in (formulas or {}).items():
            book.get_worksheet_by_name("Register").write_formula(cell, formula, None, 7)
        book.close()
        return out.getvalue()

    return make


@pytest.fixture
def ods() -> Callable[..., bytes]:
    """ods(rows): as LibreOffice writes it, blank rows folded; a text that starts with '=' is a formula."""

    def cell(value: Any) -> str:
        if value is None:
            return "<table:table-cell/>"
        if isinstance(value, date):
            return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"/>'
        if isinstance(value, int | float):
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        if value.startswith("="):
            formula = quoteattr("of:" + value)
            return f'<table:table-cell table:formula={formula} office:value-type="float" office:value="7"/>'
        text = value.replace("&", "&amp;").replace("<", "&lt;")
        return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'

    def make(rows: Rows) -> bytes:
        body, blank = "", 0
        for row in rows:
            if not any(value is not None for value in row):
                blank += 1
                continue
            if blank:
                body += f'<table:table-row table:number-rows-repeated="{blank}"><table:table-cell/></table:table-row>'
                blank = 0
            body += "<table:table-row>" + "".join(map(cell, row)) + "</table:table-row>"
        names = "office table text"
        spaces = "".join(f' xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in names.split())
        content = (
            f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{spaces} office:version="1.3">'
            f'<office:body><office:spreadsheet><table:table table:name="Register">{body}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>"
        )
        manifest = '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        mime = "application/vnd.oasis.opendocument.spreadsheet"
        return zipped({"mimetype": mime, "META-INF/manifest.xml": manifest, "content.xml": content})

    return make


def zipped(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.fixture
def text() -> Callable[..., bytes]:
    """text(rows, ';', 'cp1252'): dates as a Belgian Excel writes them to CSV."""

    def shown(value: Any) -> str:
        if isinstance(value, date):
            return f"{value:%d/%m/%Y}"
        return "" if value is None else str(value)

    def make(rows: Rows, delimiter: str = ";", encoding: str = "utf-8") -> bytes:
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=delimiter).writerows([map(shown, row) for row in rows])
        return out.getvalue().encode(encoding)

    return make


@pytest.fixture
def xls() -> Callable[..., bytes]:
    """xls(rows): a workbook of Excel 97 (BIFF8 in a compound file) with texts and numbers."""
    return lambda rows: _compound(_biff8(rows))


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _biff8(rows: Rows) -> bytes:
    bof = lambda kind: _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))  # noqa: E731
    end = _record(0x000A, b"")
    cells = b""
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            at = struct.pack("<HHH", r, c, 0)
            if isinstance(value, date):
                value = (value - date(1899, 12, 30)).days if not isinstance(value, datetime) else value
            if isinstance(value, int | float):
                cells += _record(0x0203, at + struct.pack("<d", value))
            elif value is not None:
                text = value.encode("utf-16-le")
                cells += _record(0x0204, at + struct.pack("<HB", len(value), 1) + text)
    sheet = bof(0x0010) + _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, 64, 0)) + cells + end
    name = b"Register"
    at = len(bof(0x0005)) + 4 + 8 + len(name) + len(end)
    bound = _record(0x0085, struct.pack("<IBBBB", at, 0, 0, len(name), 0) + name)
    return bof(0x0005) + bound + end + sheet


def _compound(stream: bytes) -> bytes:
    """An OLE compound file that holds one stream called Workbook (large enough to need no mini stream)."""
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    sectors = len(stream) // 512
    free, end, fat_sector = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    fats = -(-(sectors + 2) // 127)
    chain = [*range(1, sectors), end, end] + [fat_sector] * fats
    chain += [free] * (fats * 128 - len(chain))
    fat = struct.pack(f"<{len(chain)}I", *chain)

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        text = (name + "\0").encode("utf-16-le")
        return (
            text.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(text), kind, 1, free, free, child)
            + b"\0" * 36
            + struct.pack("<IQ", start, size)
        )

    directory = entry("Root Entry", 5, 1, end, 0) + entry("Workbook", 2, free, 0, len(stream))
    directory = directory.ljust(512, b"\0")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, fats, sectors, 0, 4096, end, 0, end, 0)
    difat = [sectors + 1 + n for n in range(fats)]
    header += struct.pack("<109I", *difat, *[free] * (109 - fats))
    return header + stream + directory + fat
