"""Figures that reveal nobody: which counts of a table stay hidden so that none under 5 can be worked out. Pure.

A table is organisations × categories (quarters, judgments, …) with totals. What is published are sums, so a hidden
count might be had by subtraction. The worst reader is not a stranger but an organisation that knows its own row:
every check below is done for each of them.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

# A smaller group can be recognised by people who live there; the usual threshold for counts of persons.
THRESHOLD = 5
TOTAL = -1  # the place of a total: the row after all organisations, the column after all categories

Cell = tuple[int, int]  # (row, column)


@dataclass(frozen=True)
class Counts:
    """Whole numbers from 0: one row per organisation, one column per category."""

    rows: tuple[tuple[int, ...], ...]

    @cached_property
    def width(self) -> int:
        return len(self.rows[0]) if self.rows else 0

    @cached_property
    def cells(self) -> dict[Cell, int]:
        """Every count, the totals included, by its place."""
        found = {(i, j): n for i, row in enumerate(self.rows) for j, n in enumerate(row)}
        found |= {(i, TOTAL): sum(row) for i, row in enumerate(self.rows)}
        found |= {(TOTAL, j): sum(row[j] for row in self.rows) for j in range(self.width)}
        found[TOTAL, TOTAL] = sum(map(sum, self.rows))
        return found


@dataclass(frozen=True)
class Published:
    """A table as it may be seen: `hidden` says which counts are not in it."""

    counts: Counts
    hidden: frozenset[Cell] = field(default_factory=frozenset)

    def get(self, row: int, column: int) -> int | None:
        """The count at a place, or None when it is hidden."""
        return None if (row, column) in self.hidden else self.counts.cells[row, column]


def suppress(
    counts: Counts, *, withheld: frozenset[Cell] = frozenset(), fixed: frozenset[Cell] = frozenset()
) -> Published:
    """`counts` with so much hidden that no count under THRESHOLD can be worked out.

    withheld: places that are not published at all. fixed: places that another table shows already, so that hiding
    them here would be of no use; what must be hidden to protect them is the rest.
    Hides small counts, then more of them until `leaks` finds nothing, then shows again what need not be hidden.
    """
    small = {cell for cell, count in counts.cells.items() if count < THRESHOLD} - fixed
    hidden = set(small | withheld)
    while leak := next(leaks(counts, frozenset(hidden)), None):
        more = [cell for cell in leak if cell not in hidden and cell not in fixed]
        if not more:
            more = [cell for cell in counts.cells if cell not in hidden and cell not in fixed]
        if not more:
            break  # all that can be hidden is: what is left was published before
        hidden.add(min(more, key=lambda cell: (TOTAL in cell, counts.cells[cell], cell)))
    extra = hidden - small - withheld
    for cell in sorted(extra, key=lambda cell: (TOTAL not in cell, -counts.cells[cell], cell)):
        if next(leaks(counts, frozenset(hidden - {cell})), None) is None:
            hidden.remove(cell)
    return Published(counts, frozenset(hidden))


def leaks(counts: Counts, hidden: frozenset[Cell]) -> Iterator[list[Cell]]:
    """Lines of the table out of which some reader can work out too much: each with all its places.

    For every organisation that knows its own row: a line of which what it does not know is one count, or adds up to
    less than THRESHOLD; and a count that could not be other than it is, whatever the rest is.
    """
    for known in _readers(counts, hidden):
        unknown = hidden - known
        for line in _lines(counts):
            dark = [cell for cell in line if cell in unknown]
            if dark and (len(dark) == 1 or _too_small(counts, line, dark)):
                yield line
        for cell in sorted(unknown):
            if not could_be_other(counts, unknown, cell):
                yield [other for line in _lines(counts) if cell in line for other in line]


def _readers(counts: Counts, hidden: frozenset[Cell]) -> Iterable[frozenset[Cell]]:
    """What the several readers know of the hidden counts: a stranger nothing, an organisation its own row."""
    readers = {frozenset[Cell]()}
    if len(counts.rows) > 1:
        for number in range(len(counts.rows)):
            readers.add(frozenset(cell for cell in hidden if cell[0] == number))
    return readers


def _lines(counts: Counts) -> list[list[Cell]]:
    """Rows and columns, each with its total last, those of the totals too."""
    rows, columns = [*range(len(counts.rows)), TOTAL], [*range(counts.width), TOTAL]
    return [[(i, j) for j in columns] for i in rows] + [[(i, j) for i in rows] for j in columns]


def _too_small(counts: Counts, line: list[Cell], dark: list[Cell]) -> bool:
    """Whether the unknown parts of a line, whose sum follows when its total is known, add up to too little."""
    return line[-1] not in dark and sum(counts.cells[cell] for cell in dark) < THRESHOLD


def could_be_other(counts: Counts, unknown: frozenset[Cell], cell: Cell) -> bool:
    """Whether the count at `cell` could be higher or lower with every known count as it is.

    A table with its totals is a flow: each organisation passes on to the categories what its total brings in, each
    category passes its sum on to the total of totals. Unknown counts are pipes whose flow may change, down to 0;
    the one at `cell` may change when some of that change can run around in a circle.
    """
    pipes: dict[str, list[tuple[str, Cell]]] = {}
    for other in unknown - {cell}:
        start, end = _pipe(other)
        pipes.setdefault(start, []).append((end, other))
        if counts.cells[other] > 0:
            pipes.setdefault(end, []).append((start, other))
    start, end = _pipe(cell)
    return _reaches(pipes, end, start) or (counts.cells[cell] > 0 and _reaches(pipes, start, end))


def _pipe(cell: Cell) -> tuple[str, str]:
    """From where to where a count flows: totals flow the other way, so that the whole goes around."""
    row, column = f"row {cell[0]}", f"column {cell[1]}"
    return (row, column) if (cell[0] == TOTAL) == (cell[1] == TOTAL) else (column, row)


def _reaches(pipes: dict[str, list[tuple[str, Cell]]], start: str, end: str) -> bool:
    seen, queue = {start}, deque([start])
    while queue:
        here = queue.popleft()
        if here == end:
            return True
        for there, _cell in pipes.get(here, ()):
            if there not in seen:
                seen.add(there)
                queue.append(there)
    return False
