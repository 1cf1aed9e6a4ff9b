"""Reads a spreadsheet, whatever its kind, into rows that keep their place in the sheet.

The kind is decided by what is in the file, never by its name. Everything read here comes from outside: sizes
are checked before memory is used, XML with a document type is refused, and a formula stays the text it is.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

from app.i18n import N_
from tenants.imports.cells import Cell, from_calamine
from tenants.imports.container import Container, NotAContainer, TooBig, Unsafe

Result = TypeVar("Result")
Formulas = dict[tuple[int, int], str]

# A cell may be as long as the file may be; what is too long is told at its cell, not as a failure to read.
csv.field_size_limit(1 << 27)


@dataclass(frozen=True)
class Limits:
    """How large a file may be. A register of 50,000 petitions (200 years of Oostende) is about 8 MB as xlsx,
    33 MB unpacked; three times that is room enough, and a bomb is a hundred times more."""

    file_bytes: int = 10_000_000
    unpacked_bytes: int = 100_000_000
    rows: int = 50_000
    columns: int = 500


class UnreadableFile(Exception):
    """The file can't be read as a register; `message` (a msgid) with `params` says why and what to do."""

    code = "unreadable"
    message = N_("This file can't be read. Open it in your spreadsheet program and save it again as .xlsx.")

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(self.message % params)


class EmptyFile(UnreadableFile):
    code = "empty"
    message = N_("This file is empty: there is no row in it. Choose the file that holds the register.")


class NotASpreadsheet(UnreadableFile):
    code = "not_a_spreadsheet"
    message = N_(
        "This is not a spreadsheet, even if its name says so. Choose an .xlsx, .xls, .ods or .csv file, or open "
        "this one in your spreadsheet program and save it as .xlsx."
    )


class EncryptedFile(UnreadableFile):
    code = "encrypted"
    message = N_("This file is protected with a password. Save it without the password and choose it again.")


class FileTooLarge(UnreadableFile):
    code = "too_large"
    message = N_(
        "This file is too large: at most %(limit)d MB can be read. Remove pictures and other sheets, or split "
        "the register by year."
    )


class TooManyRows(UnreadableFile):
    code = "too_many_rows"
    message = N_(
        "The sheet “%(sheet)s” is too large: at most %(rows)d rows and %(columns)d columns can be read at once. "
        "Split the register, for instance by year, or delete what stands far below or beside the table."
    )


@dataclass(frozen=True)
class Sheet:
    """`rows[0]` is row 1 of the sheet, also when the first rows are blank; cells are None where empty."""

    name: str
    rows: list[list[Cell]]


@dataclass(frozen=True)
class Workbook:
    kind: str
    sheets: list[Sheet] = field(default_factory=list)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
# Programs that can't make a spreadsheet write a web page or an XML document and call it .xls.
MARKUP = re.compile(rb"\s*<(!doctype|html|head|body|table|meta|\?xml|\?mso|div|style)", re.IGNORECASE)
BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")

USUAL = Limits()


def read(data: bytes, limits: Limits = USUAL) -> Workbook:
    """The sheets of `data`. Raises an `UnreadableFile` that says why not."""
    check(data, limits)
    if data.startswith(ZIP):
        return _read_zip(data, limits)
    if data.startswith(OLE):
        return _workbook("xls", _open(data), limits, None)
    return Workbook("csv", [_read_text(data, limits)])


def check(data: bytes, limits: Limits = USUAL) -> None:
    """What can be told at once, without reading the table. Raises an `UnreadableFile`."""
    if not data.strip():
        raise EmptyFile
    if len(data) > limits.file_bytes:
        raise FileTooLarge(limit=limits.file_bytes // 1_000_000)
    if data.startswith(ZIP):
        _open_zip(data, limits)
    elif data.startswith(OLE):
        # The name of the stream in which Office keeps an encrypted file.
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise EncryptedFile
    elif MARKUP.match(data) or data.startswith(b"%PDF"):
        raise NotASpreadsheet
    else:
        _decode(data)


def _open_zip(data: bytes, limits: Limits) -> Container:
    try:
        return Container(data, limits.unpacked_bytes)
    except NotAContainer:
        raise NotASpreadsheet from None
    except TooBig:
        raise FileTooLarge(limit=limits.file_bytes // 1_000_000) from None
    except Unsafe:
        raise UnreadableFile from None


def _read_zip(data: bytes, limits: Limits) -> Workbook:
    container = _open_zip(data, limits)
    try:
        layout = container.layout()
    except NotAContainer:
        raise NotASpreadsheet from None
    except Unsafe:
        raise UnreadableFile from None
    if layout.encrypted:
        raise EncryptedFile
    for name, used in layout.sheets.items():
        if used.rows > limits.rows or used.columns > limits.columns:
            raise TooManyRows(sheet=name, rows=limits.rows, columns=limits.columns)
    formulas = {name: used.formulas for name, used in layout.sheets.items()}
    return _workbook(layout.kind, _open(data), limits, formulas)


def _open(data: bytes) -> CalamineWorkbook:
    return _guarded(lambda: CalamineWorkbook.from_filelike(io.BytesIO(data)))


def _guarded(action: Callable[[], Result]) -> Result:
    """Run one call of the reading library; whatever it dislikes becomes an error with a sentence."""
    try:
        return action()
    except PasswordError:
        raise EncryptedFile from None
    except CalamineError:
        raise NotASpreadsheet from None
    except BaseException as error:
        # The library is native code; where it gives up on broken input it raises this, outside Exception.
        if type(error).__name__ == "PanicException":
            raise NotASpreadsheet from None
        raise


def _workbook(kind: str, book: CalamineWorkbook, limits: Limits, measured: dict[str, Formulas] | None) -> Workbook:
    """The work sheets of `book`. With `measured` only those whose size was checked beforehand."""
    sheets = []
    for about in book.sheets_metadata:
        if about.typ != SheetTypeEnum.WorkSheet or (measured is not None and about.name not in measured):
            continue
        sheet = _guarded(lambda name=about.name: book.get_sheet_by_name(name))  # type: ignore[misc]
        if sheet.total_height > limits.rows or sheet.total_width > limits.columns:
            raise TooManyRows(sheet=about.name, rows=limits.rows, columns=limits.columns)
        values = _guarded(lambda sheet=sheet: sheet.to_python(skip_empty_area=False))  # type: ignore[misc]
        rows = [[from_calamine(value) for value in row] for row in values]
        for (row, column), formula in (measured or {}).get(about.name, {}).items():
            if row < len(rows) and column < len(rows[row]):
                rows[row][column] = formula
        if rows:
            sheets.append(Sheet(about.name, rows))
    if not sheets:
        raise EmptyFile
    return Workbook(kind, sheets)


def _read_text(data: bytes, limits: Limits) -> Sheet:
    text = _decode(data)
    delimiter = max(";,\t", key=lambda candidate: _evenness(text, candidate))
    rows = []
    for record in _records(text, delimiter):
        rows.append([from_calamine(value) if value.strip() else None for value in record])
        if len(rows) > limits.rows or len(record) > limits.columns:
            raise TooManyRows(sheet="csv", rows=limits.rows, columns=limits.columns)
    return Sheet("csv", rows)


def _decode(data: bytes) -> str:
    """Text as Excel and LibreOffice save it: UTF-8 or UTF-16 with a mark, plain UTF-8, or Windows' cp1252."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            raise NotASpreadsheet from None
    if BINARY.search(data):
        raise NotASpreadsheet
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _evenness(text: str, delimiter: str) -> int:
    """How well `delimiter` cuts the first rows into equally many columns: the more and the evener, the higher."""
    widths = Counter(len(record) for record in islice(_records(text, delimiter), 200))
    return max((width * count for width, count in widths.items() if width > 1), default=0)
