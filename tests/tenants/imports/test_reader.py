"""Every kind of spreadsheet, and everything that only pretends to be one."""

import io
import struct
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tenants.imports.cells import Cell
from tenants.imports.examine import find_register
from tenants.imports.reader import (
    EmptyFile,
    EncryptedFile,
    FileTooLarge,
    Limits,
    NotASpreadsheet,
    TooManyRows,
    UnreadableFile,
    read,
)

Make = Callable[..., bytes]
ROW = [date(2020, 2, 14), "20A1", "Oostende 1", "Café “De Zon” bv", "Müller, Zoë", "76.08.27-050.16", "9/3/2020"]


def cells(data: bytes, sheet_row: int) -> list[Cell]:
    return find_register(read(data))[0].rows[sheet_row - 1]


def test_xlsx_keeps_days_as_days(xlsx: Make, register: Any) -> None:
    assert cells(xlsx(register(ROW)), 2) == ROW


def test_ods_keeps_days_as_days(ods: Make, register: Any) -> None:
    assert cells(ods(register(ROW)), 2) == ROW


def test_xls_is_read(xls: Make, register: Any) -> None:
    book = read(xls(register(ROW)))
    assert book.kind == "xls"
    assert cells(xls(register(ROW)), 2)[1:] == ROW[1:]
    assert cells(xls(register(ROW)), 2)[0] == 43875  # a number without a format, as old programs leave it


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_text_in_any_separator_and_encoding(text: Make, register: Any, delimiter: str, encoding: str) -> None:
    assert cells(text(register(ROW), delimiter, encoding), 2) == ["14/02/2020", *ROW[1:]]


def test_blank_rows_before_the_table_keep_their_number(xlsx: Make, ods: Make, text: Make, register: Any) -> None:
    rows = [["Register"], *[[None]] * 10, *register(ROW)]
    for data in (xlsx(rows), ods(rows), text(rows)):
        sheet, mapping = find_register(read(data))
        assert mapping.header_row == 12
        assert sheet.rows[12][1] == "20A1"


def test_the_sheet_with_the_headings_is_taken(xlsx: Make, register: Any) -> None:
    data = xlsx([["Uitleg"], ["x = contact gelukt"]], more={"2020": register(ROW)})
    assert find_register(read(data))[0].name == "2020"


def test_a_formula_is_its_text_not_its_result(xlsx: Make, ods: Make, register: Any) -> None:
    rows = register(ROW)
    written = xlsx(rows, formulas={"D2": "=cmd|'/c calc'!A0", "H2": '=HYPERLINK("http://x.test","klik")'})
    assert cells(written, 2)[3] == "=cmd|'/c calc'!A0"
    assert cells(written, 2)[7] == '=HYPERLINK("http://x.test","klik")'
    assert cells(ods([*rows, [*ROW[:3], "=SUM([.A1:.A2])", *ROW[4:]]]), 3)[3] == "=SUM([.A1:.A2])"


def test_a_formula_filled_down_stays_a_formula(xlsx: Make, register: Any) -> None:
    data = patched(
        xlsx(register(ROW, ROW), formulas={"H2": "=A2", "H3": "=A3"}),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"<f>A2</f>", b'<f t="shared" ref="H2:H3" si="0">A2</f>').replace(
            b"<f>A3</f>", b'<f t="shared" si="0"/>'
        ),
    )
    assert str(cells(data, 3)[7]).startswith("=")


def patched(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            new.writestr(info.filename, change(content) if info.filename == part else content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", EmptyFile),
        (b" \r\n ", EmptyFile),
        (b"<html><body><table><tr><td>Rolnr</td></tr></table></body></html>", NotASpreadsheet),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', NotASpreadsheet),
        (b"%PDF-1.7\nplain text", NotASpreadsheet),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", NotASpreadsheet),
        (b"MZ\x90\x00\x03\x00", NotASpreadsheet),
        (b"PK\x03\x04" + b"\0" * 40, NotASpreadsheet),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, NotASpreadsheet),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            EncryptedFile,
        ),
        (b"\xff\xfe\x41", NotASpreadsheet),
    ],
)
def test_what_is_no_spreadsheet_is_told_apart(data: bytes, error: type[UnreadableFile]) -> None:
    with pytest.raises(error):
        read(data)


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_another_zip_is_no_spreadsheet() -> None:
    for parts in ({"word/document.xml": b"<w/>"}, {"a.txt": b"x"}, {"mimetype": b"x", "content.xml": b"<a/>"}):
        with pytest.raises(NotASpreadsheet):
            read(zipped(parts))


def test_an_encrypted_ods_is_told_apart() -> None:
    manifest = b'<m:manifest xmlns:m="x"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'
    mime = b"application/vnd.oasis.opendocument.spreadsheet"
    parts = {"mimetype": mime, "META-INF/manifest.xml": manifest, "content.xml": b"?"}
    with pytest.raises(EncryptedFile):
        read(zipped(parts))


def test_a_file_that_unpacks_to_far_more_is_refused(xlsx: Make, register: Any) -> None:
    bomb = patched(xlsx(register(ROW)), "xl/sharedStrings.xml", lambda xml: xml + b" " * 120_000_000)
    assert len(bomb) < 200_000
    with pytest.raises(FileTooLarge):
        read(bomb)


def test_a_cell_far_away_takes_no_memory(xlsx: Make, ods: Make, register: Any) -> None:
    """The rectangle from A1 to XFD1048576 would be 17 thousand million cells."""
    far = patched(
        xlsx(register(ROW)),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
    )
    with pytest.raises(TooManyRows):
        read(far)
    folded = patched(
        ods(register(ROW)),
        "content.xml",
        lambda xml: xml.replace(b"</table:table>", REPEATED + b"</table:table>"),
    )
    with pytest.raises(TooManyRows):
        read(folded)


REPEATED = (
    b'<table:table-row table:number-rows-repeated="1000000"><table:table-cell office:value-type="float"'
    b' office:value="1" table:number-columns-repeated="1000"/></table:table-row>'
)


def test_formatting_far_away_is_no_content(xlsx: Make, register: Any) -> None:
    """People colour whole columns; a cell with a look and nothing in it doesn't count."""
    coloured = patched(
        xlsx(register(ROW)),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"</sheetData>", b'<row r="1048576"><c r="A1048576" s="1"/></row></sheetData>'),
    )
    assert len(find_register(read(coloured))[0].rows) == 2


def test_an_xml_with_entities_is_refused(xlsx: Make, register: Any) -> None:
    laughing = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><worksheet>'
    evil = patched(xlsx(register(ROW)), "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"<worksheet", laughing, 1))
    with pytest.raises(UnreadableFile):
        read(evil)


def test_two_parts_of_one_name_are_refused(xlsx: Make, register: Any) -> None:
    data = io.BytesIO(xlsx(register(ROW)))
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr("XL/worksheets/SHEET1.xml", b"<worksheet/>")
    with pytest.raises(UnreadableFile):
        read(data.getvalue())


def test_limits_are_named_in_the_message(text: Make, register: Any) -> None:
    with pytest.raises(TooManyRows) as too_many:
        read(text(register(*[ROW] * 20)), Limits(rows=10))
    assert too_many.value.params["rows"] == 10
    with pytest.raises(FileTooLarge):
        read(b"x" * 2_000, Limits(file_bytes=1_000))


def test_a_cell_of_a_megabyte_is_read_and_not_a_failure(text: Make, register: Any) -> None:
    long = [*ROW[:3], "x" * 1_000_000, *ROW[4:]]
    assert len(str(cells(text(register(long)), 2)[3])) == 1_000_000


def test_broken_files_never_escape_as_another_error(xlsx: Make, ods: Make, xls: Make, register: Any) -> None:
    """Cut and altered at many places, a file is read or refused with a sentence."""
    for whole in (xlsx(register(ROW)), ods(register(ROW)), xls(register(ROW))):
        for at in range(0, len(whole), max(1, len(whole) // 60)):
            for broken in (whole[:at], whole[:at] + struct.pack("<I", 0xDEADBEEF) + whole[at + 4 :]):
                try:
                    read(broken)
                except UnreadableFile as error:
                    assert error.message  # noqa: PT017 - either outcome is fine, another error is not
