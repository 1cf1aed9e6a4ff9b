"""From a spreadsheet to what would become of each row: the dry run, before anything is written. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.i18n import N_
from tenants.imports.cells import Cell, is_blank, shown
from tenants.imports.columns import ENOUGH, Mapping, recognise
from tenants.imports.fields import Field, meaning
from tenants.imports.reader import Sheet, UnreadableFile, Workbook
from tenants.imports.register import understand
from tenants.imports.rows import Problem, RegisterRow, Severity, Status
from tenants.imports.rules import Duplicates, Known, check_row, status_of
from tenants.imports.values import MONTHS
from tenants.imports.words import plain

Translate = Callable[[str], str]


class NoRegister(UnreadableFile):
    code = "no_register"
    message = N_(
        "We find no register of petitions in this file: no row with headings such as Datum ontvangst, Rolnummer, "
        "Verweerder and Zitting. Add one row of headings above the table and choose the file again."
    )


class MissingColumns(UnreadableFile):
    code = "missing_columns"
    message = N_(
        "We don't find which column holds: %(columns)s. Name that column above the table, or point it out in the "
        "portal under “Columns”."
    )


@dataclass(frozen=True)
class ExaminedRow:
    sheet_row: int
    cells: Sequence[Cell]
    row: RegisterRow
    problems: tuple[Problem, ...]
    status: Status


@dataclass(frozen=True)
class Examination:
    """`ignored` holds the rows that are no petition: blank ones between others, totals, repeated headings."""

    sheet: str
    mapping: Mapping
    rows: tuple[ExaminedRow, ...]
    ignored: tuple[int, ...]

    def counts(self) -> dict[str, int]:
        counted = Counter(row.status for row in self.rows)
        return {status.value: counted[status] for status in Status} | {"ignored": len(self.ignored)}

    def as_json(self, translate: Translate) -> dict[str, Any]:
        """The dry run as one object: the counts, and every row once with its problems."""
        return report(((row.sheet_row, row.status, row.problems) for row in self.rows), len(self.ignored), translate)


def report(rows: Iterable[tuple[int, Status, Sequence[Problem]]], ignored: int, translate: Translate) -> dict[str, Any]:
    """What becomes of each row, as the command prints it: counts, and (sheet row, status, problems) of every row."""
    listed = [
        {
            "sheet_row": sheet_row,
            "status": status.value,
            "problems": [{"cell": p.cell, "code": p.code, "message": sentence(p, translate)} for p in problems],
        }
        for sheet_row, status, problems in rows
    ]
    counted = Counter(row["status"] for row in listed)
    order = (Status.NEW, Status.DUPLICATE, Status.ERROR, Status.WARNING)
    return {status.value: counted[status.value] for status in order} | {"ignored": ignored, "rows": listed}


def sentence(problem: Problem, translate: Translate) -> str:
    """Which cell, what is wrong and what is expected, in the language of `translate`."""
    what = translate(problem.msgid) % problem.params
    if not problem.column:
        return translate(N_("Cell %(cell)s: %(what)s")) % {"cell": problem.cell, "what": what}
    place = {"cell": problem.cell, "column": problem.column, "what": what}
    return translate(N_("Cell %(cell)s (%(column)s): %(what)s")) % place


def find_register(book: Workbook) -> tuple[Sheet, Mapping]:
    """The sheet that is the register, with its columns. Raises `NoRegister`."""
    found = [(sheet, mapping) for sheet in book.sheets if (mapping := recognise(sheet.rows))]
    if not found:
        raise NoRegister
    return max(found, key=lambda pair: (len(pair[1].columns), len(pair[0].rows)))


def examine(sheet: Sheet, mapping: Mapping, known: Known, today: date, translate: Translate = str) -> Examination:
    """What would become of each row of `sheet`. Raises `MissingColumns` when no row could ever be right."""
    require_columns(mapping, translate)
    records, ignored = split_rows(sheet, mapping)
    return Examination(sheet.name, mapping, tuple(judge(records, mapping, known, today)), tuple(ignored))


def require_columns(mapping: Mapping, translate: Translate) -> None:
    missing = mapping.missing()
    if missing:
        raise MissingColumns(columns=", ".join(translate(member.label) for member in missing))


def judge(
    records: Sequence[tuple[int, Sequence[Cell]]],
    mapping: Mapping,
    known: Known,
    today: date,
    earlier: Iterable[RegisterRow] = (),
) -> Iterator[ExaminedRow]:
    """Each (sheet row, cells) in turn, understood and checked; duplicates are told of the later one.

    `earlier` are rows of the same file that go in already.
    """
    duplicates = Duplicates(known)
    for row in earlier:
        duplicates.remember(row)
    for sheet_row, cells in records:
        row, problems = understand(sheet_row, cells, mapping, today)
        unread = {problem.field for problem in problems if problem.severity is Severity.ERROR}
        problems += check_row(row, mapping, unread, today)
        duplicate = duplicates.find(row, mapping)
        if duplicate:
            problems.append(duplicate)
        status = status_of(problems)
        if status in (Status.NEW, Status.WARNING):
            duplicates.remember(row)
        yield ExaminedRow(sheet_row, cells, row, tuple(problems), status)


_TOTAL = re.compile(r"(sub)?(totaal|totalen|total|totaux|som|somme|sum|aantal|gemiddelde|moyenne)\b.{0,40}")
# A petition has at least one of these; a line that sums up or divides the table has none.
_IDENTIFYING = (Field.RECEIVED, Field.ROLL, Field.NATIONAL_NUMBER, Field.HEARING)


def split_rows(sheet: Sheet, mapping: Mapping) -> tuple[list[tuple[int, Sequence[Cell]]], list[int]]:
    """The rows that are to be petitions, with their number in the sheet, and the numbers of those that are none.

    Blank rows below the last petition are not counted: a sheet has any number of those.
    """
    records: list[tuple[int, Sequence[Cell]]] = []
    ignored: list[int] = []
    blanks: list[int] = []
    for sheet_row, cells in enumerate(sheet.rows[mapping.header_row :], start=mapping.header_row + 1):
        if all(map(is_blank, cells)):
            blanks.append(sheet_row)
        elif _is_no_petition(cells, mapping):
            ignored.append(sheet_row)
        else:
            ignored += blanks
            blanks = []
            records.append((sheet_row, cells))
    return records, sorted(ignored)


def _is_no_petition(cells: Sequence[Cell], mapping: Mapping) -> bool:
    filled = [cell for cell in cells if not is_blank(cell)]
    identifying = [mapping.columns[member] for member in _IDENTIFYING if member in mapping.columns]
    # The word itself identifies nothing: it often stands in the first column, which holds the day of receipt.
    if all(column >= len(cells) or is_blank(cells[column]) or _sums_up(cells[column]) for column in identifying):
        return any(map(_sums_up, filled))
    if len(filled) == 1:
        # 'Januari 2020' above a month's rows.
        words = plain(shown(filled[0])).split()
        return bool(words) and words[0] in MONTHS and all(word.isdigit() for word in words[1:])
    texts = [cell for cell in filled if isinstance(cell, str)]
    return len(texts) == len(filled) and len([1 for text in texts if meaning(text)]) >= max(ENOUGH, len(texts) // 2)


def _sums_up(cell: Cell) -> bool:
    return isinstance(cell, str) and _TOTAL.fullmatch(plain(cell)) is not None
