"""Looks inside a zipped spreadsheet (xlsx, xlsm, ods) before it is read: how much is really in it, and its formulas.

The reading library allocates the rectangle around all cells at once and shows a formula's last result only.
So this pass measures the rectangle first, refuses what is dangerous, and takes the formulas as text.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from xml.parsers import expat

Attributes = dict[str, str]
CHUNK = 1 << 16


class NotAContainer(Exception):
    """It is a zip (or starts like one), but no spreadsheet that can be read."""


class TooBig(Exception):
    """Unpacked it is larger than allowed."""


class Unsafe(Exception):
    """It holds what no spreadsheet program writes: a document type, entities, or two parts of one name."""


@dataclass
class Used:
    """The rectangle from A1 that holds the cells with something in it, and its formulas by (row, column) from 0."""

    rows: int = 0
    columns: int = 0
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)

    def mark(self, row: int, column: int) -> None:
        self.rows = max(self.rows, row + 1)
        self.columns = max(self.columns, column + 1)


@dataclass
class Layout:
    kind: str
    sheets: dict[str, Used]
    encrypted: bool = False


class Container:
    """The parts of a zipped spreadsheet, each readable once it is known that all fit in `limit` bytes."""

    def __init__(self, data: bytes, limit: int) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            raise NotAContainer from None
        self._parts: dict[str, zipfile.ZipInfo] = {}
        for info in self._zip.infolist():
            name = info.filename.replace("\\", "/").lower()
            if name in self._parts:
                raise Unsafe
            self._parts[name] = info
        self._measure(limit)

    def _measure(self, limit: int) -> None:
        """Unpack every XML part and count, because the sizes written in a zip may lie."""
        for name in self._parts:
            if name.endswith((".xml", ".rels")):
                for chunk in self._chunks(name):
                    limit -= len(chunk)
                    if limit < 0:
                        raise TooBig

    def _chunks(self, name: str) -> Iterator[bytes]:
        try:
            with self._zip.open(self._parts[name]) as part:
                while chunk := part.read(CHUNK):
                    yield chunk
        except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
            raise NotAContainer from None

    def parse(self, name: str, handler: "Handler") -> None:
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = _refuse
        parser.EntityDeclHandler = _refuse
        start, end = handler.start, handler.end
        # Most tags have no prefix, and a large register has a million of them.
        parser.StartElementHandler = lambda tag, attributes: start(
            tag.rpartition(":")[2] if ":" in tag else tag, attributes
        )
        parser.EndElementHandler = lambda tag: end(tag.rpartition(":")[2] if ":" in tag else tag)
        parser.CharacterDataHandler = handler.text
        parser.buffer_text = True
        try:
            for chunk in self._chunks(name):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except expat.ExpatError:
            raise NotAContainer from None

    def layout(self) -> Layout:
        """Which sheets there are and what is used in each. Raises `NotAContainer`, `Unsafe`."""
        if "content.xml" in self._parts and "mimetype" in self._parts:
            mime = b"".join(self._chunks("mimetype"))
            if b"opendocument.spreadsheet" not in mime:
                raise NotAContainer
            return self._ods()
        if "xl/workbook.xml" in self._parts:
            return self._xlsx()
        raise NotAContainer

    def _ods(self) -> Layout:
        if "meta-inf/manifest.xml" in self._parts:
            manifest = _Manifest()
            self.parse("meta-inf/manifest.xml", manifest)
            if manifest.encrypted:
                return Layout("ods", {}, encrypted=True)
        content = _OdsContent()
        self.parse("content.xml", content)
        return Layout("ods", content.sheets)

    def _xlsx(self) -> Layout:
        names, targets = _Collect("sheet"), _Collect("Relationship")
        self.parse("xl/workbook.xml", names)
        if "xl/_rels/workbook.xml.rels" not in self._parts:
            raise NotAContainer
        self.parse("xl/_rels/workbook.xml.rels", targets)
        path = {found.get("Id"): _part_name(found.get("Target", "")) for found in targets.found}
        sheets: dict[str, Used] = {}
        for found in names.found:
            relation = next((value for key, value in found.items() if key.rpartition(":")[2] == "id"), None)
            part = path.get(relation, "")
            if part in self._parts and "chartsheet" not in part:
                reading = _XlsxSheet()
                self.parse(part, reading)
                sheets[found.get("name", "")] = reading.used
        return Layout("xlsx", sheets)


def _refuse(*_: object) -> None:
    raise Unsafe


def _part_name(target: str) -> str:
    target = target.replace("\\", "/").lower()
    if target.startswith("/"):
        return target.removeprefix("/")
    return target if target.startswith("xl/") else "xl/" + target


class Handler:
    """What happens at each tag; names come without their prefix."""

    def start(self, tag: str, attributes: Attributes) -> None: ...
    def end(self, tag: str) -> None: ...
    def text(self, text: str) -> None: ...


class _Collect(Handler):
    def __init__(self, tag: str) -> None:
        self.tag, self.found = tag, list[Attributes]()

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == self.tag:
            self.found.append(attributes)


class _Manifest(Handler):
    encrypted = False

    def start(self, tag: str, attributes: Attributes) -> None:
        self.encrypted = self.encrypted or tag == "encryption-data"


class _XlsxSheet(Handler):
    def __init__(self) -> None:
        self.used = Used()
        self.row, self.column = -1, -1
        self.formula: list[str] | None = None
        self.group = ""
        self.shared: dict[str, str] = {}

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "c":
            self._move(attributes.get("r"))
        elif tag == "row":
            written = attributes.get("r", "")
            self.row = int(written) - 1 if written.isdigit() else self.row + 1
            self.column = -1
        elif tag in ("v", "is", "f"):
            self.used.mark(self.row, self.column)
            if tag == "f":
                self.formula = []
                self.group = attributes.get("si", "") if attributes.get("t") == "shared" else ""

    def _move(self, reference: str | None) -> None:
        if not reference:
            self.column += 1
            return
        letters = reference.rstrip("0123456789")
        self.column = _column(letters)
        if len(letters) < len(reference):
            self.row = int(reference[len(letters) :]) - 1

    def text(self, text: str) -> None:
        if self.formula is not None:
            self.formula.append(text)

    def end(self, tag: str) -> None:
        if tag != "f" or self.formula is None:
            return
        text = "".join(self.formula)
        # A formula filled down a column is written once, for its first cell; the others refer to it.
        if self.group:
            text = self.shared.setdefault(self.group, text)
        self.used.formulas[self.row, self.column] = "=" + text
        self.formula = None


@lru_cache(1024)
def _column(letters: str) -> int:
    """The column's number, from 0; -1 for letters that are none."""
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return column - 1


class _OdsContent(Handler):
    def __init__(self) -> None:
        self.sheets: dict[str, Used] = {}
        self.used: Used | None = None
        self.row, self.column = 0, 0
        self.rows = self.columns = 1
        self.filled = self.in_cell = False

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "table":
            self.used = self.sheets.setdefault(_attribute(attributes, "name"), Used())
            self.row = 0
        elif tag == "table-row":
            self.column, self.filled = 0, False
            self.rows = _repeated(attributes, "number-rows-repeated")
        elif tag in ("table-cell", "covered-table-cell"):
            self.columns = _repeated(attributes, "number-columns-repeated")
            self.in_cell = True
            formula = _attribute(attributes, "formula")
            if _attribute(attributes, "value-type") or formula:
                self._fill()
            if formula and self.used is not None:
                # The name of the formula language ('of:') stands before the formula.
                self.used.formulas[self.row, self.column] = "=" + formula.partition("=")[2]

    def _fill(self) -> None:
        if self.used is not None:
            self.used.mark(self.row + self.rows - 1, self.column + self.columns - 1)

    def text(self, text: str) -> None:
        if self.in_cell and text.strip():
            self._fill()

    def end(self, tag: str) -> None:
        if tag in ("table-cell", "covered-table-cell"):
            self.column += self.columns
            self.in_cell = False
        elif tag == "table-row":
            self.row += self.rows


def _attribute(attributes: Attributes, name: str) -> str:
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == name), "")


def _repeated(attributes: Attributes, name: str) -> int:
    written = _attribute(attributes, name)
    return int(written) if written.isdigit() and len(written) < 10 else 1
