"""Which column holds what: by the words above it in three languages, and by what stands in it. Pure."""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tenants.imports.cells import Cell, is_blank, shown, tidy
from tenants.imports.fields import REQUIRED, Field, heading, meaning
from tenants.imports.values import Unreadable, is_usual_roll, read_national_numbers, read_roll
from tenants.imports.words import JUDGMENTS, MARKETS, first_match, plain, read_place

Row = Sequence[Cell]


# A table has its heading near the top; a title page before it is never this long.
SEARCHED_ROWS = 500
# Two words could be chance (a title like 'Register: naam en adres'); four columns are a table.
ENOUGH = 4


@dataclass(frozen=True)
class Mapping:
    """`columns` says in which column (from 0) a field stands; `header_row` counts from 1, 0 when there is none."""

    header_row: int
    labels: tuple[str, ...]
    columns: dict[Field, int]
    by_content: frozenset[Field] = field(default_factory=frozenset)

    @property
    def signature(self) -> str:
        """The same for every register with the same headings; what a tenant adjusted is remembered under it."""
        return hashlib.sha256("|".join(plain(label) for label in self.labels).encode()).hexdigest()

    def label(self, member: Field) -> str:
        """The heading of a field's column as the user wrote it; '' when it has no column."""
        column = self.columns.get(member)
        return self.labels[column] if column is not None and column < len(self.labels) else ""

    def missing(self) -> list[Field]:
        """The fields without which no petition can be made, that have no column."""
        return [member for member in REQUIRED if member not in self.columns]

    def adjusted(self, columns: dict[Field, int]) -> "Mapping":
        return Mapping(self.header_row, self.labels, dict(columns))


def recognise(rows: Sequence[Row]) -> Mapping | None:
    """The mapping of a sheet; None when no row of headings is in it and its content says too little as well."""
    header, score = 0, 0
    for number, row in enumerate(rows[:SEARCHED_ROWS], start=1):
        found = {known[0] for cell in row if isinstance(cell, str) and (known := meaning(cell))}
        if len(found) > score:
            header, score = number, len(found)
    if score < ENOUGH:
        return _without_headings(rows)
    labels = tuple(tidy(shown(cell)) for cell in rows[header - 1])
    columns = _by_name(labels)
    body = rows[header:]
    _correct_by_content(columns, labels, body)
    added = _by_content(body, taken=columns)
    return Mapping(header, labels, {**columns, **added}, frozenset(added))


def _by_name(labels: Sequence[str]) -> dict[Field, int]:
    candidates = [
        (known[1], -column, known[0]) for column, label in enumerate(labels) if label and (known := meaning(label))
    ]
    columns: dict[Field, int] = {}
    for _, column, member in sorted(candidates, reverse=True):
        columns.setdefault(member, -column)
    return columns


Test = Callable[[Cell], bool]


def _reads(read: Callable[[Cell], object]) -> Test:
    def test(cell: Cell) -> bool:
        try:
            return bool(read(cell))
        except Unreadable:
            return False

    return test


# Only what can hardly be anything else: a check number, a roll number, a postcode with a place, a closed list.
CONTENT: dict[Field, Test] = {
    Field.NATIONAL_NUMBER: _reads(read_national_numbers),
    Field.ROLL: lambda cell: isinstance(cell, str) and _reads(lambda c: is_usual_roll(read_roll(c)))(cell),
    Field.COURT: lambda cell: plain(shown(cell)).startswith(("vredegerecht", "justice de paix", "kanton")),
    Field.MUNICIPALITY: lambda cell: isinstance(cell, str) and all(read_place(cell)),
    Field.MARKET: lambda cell: isinstance(cell, str) and first_match(MARKETS, cell) is not None and len(cell) < 20,
    Field.JUDGMENT: lambda cell: isinstance(cell, str) and first_match(JUDGMENTS, cell) is not None and len(cell) < 40,
}
# Enough rows to see past a few mistakes; enough of them alike that a stray remark doesn't decide.
SAMPLE, SHARE = 50, 0.6


def _looks_like(member: Field, cells: Sequence[Cell]) -> bool:
    filled = [cell for cell in cells if not is_blank(cell)][:SAMPLE]
    return bool(filled) and sum(map(CONTENT[member], filled)) >= SHARE * len(filled)


def _column(rows: Sequence[Row], column: int) -> list[Cell]:
    return [row[column] for row in rows[: 4 * SAMPLE] if column < len(row)]


def _correct_by_content(columns: dict[Field, int], labels: Sequence[str], body: Sequence[Row]) -> None:
    """A column headed 'Nr' or 'Nummer' is the roll number when roll numbers stand in it, else no house number."""
    number = columns.get(Field.NUMBER)
    if number is not None and heading(labels[number]) in ("nr", "numero"):
        is_roll = _looks_like(Field.ROLL, _column(body, number))
        follows_street = columns.get(Field.ADDRESS) == number - 1
        if is_roll or not follows_street:
            del columns[Field.NUMBER]
        if is_roll:
            columns.setdefault(Field.ROLL, number)


def _by_content(body: Sequence[Row], taken: dict[Field, int]) -> dict[Field, int]:
    width = max((len(row) for row in body[: 4 * SAMPLE]), default=0)
    free = [column for column in range(width) if column not in taken.values()]
    added: dict[Field, int] = {}
    for member in CONTENT:
        if member not in taken:
            at = next((column for column in free if _looks_like(member, _column(body, column))), None)
            if at is not None:
                added[member] = at
                free.remove(at)
    return added


def _without_headings(rows: Sequence[Row]) -> Mapping | None:
    """A table without headings is a register when national numbers or roll numbers stand in it; the user maps
    the rest."""
    added = _by_content(rows, taken={})
    if not {Field.NATIONAL_NUMBER, Field.ROLL} & set(added):
        return None
    width = Counter(len(row) for row in rows).most_common(1)[0][0]
    return Mapping(0, ("",) * width, added, frozenset(added))
