"""Dated data: a legal term or amount is a row with its own days and source, never a constant in a formula.

A file keeps the rules of its own day: look a row up by the day of the event, not by today.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Generic, TypeVar

T = TypeVar("T")


class NothingInForceError(LookupError):
    """No row of the table holds on that day."""

    def __init__(self, day: date) -> None:
        super().__init__(f"no rule in force on {day.isoformat()}")
        self.day = day


@dataclass(frozen=True)
class Dated(Generic[T]):
    """One value with the days on which it holds, both included; None is open at that side."""

    value: T
    source: str
    valid_from: date | None = None
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether this row is in force on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


def table(*rows: Dated[T]) -> tuple[Dated[T], ...]:
    """The rows, oldest first. Raises ValueError when two of them hold on the same day or a row ends early."""
    for row in rows:
        if row.valid_from and row.valid_to and row.valid_to < row.valid_from:
            raise ValueError(f"row ends before it starts: {row}")
    ordered = tuple(sorted(rows, key=lambda row: row.valid_from or date.min))
    for earlier, later in pairwise(ordered):
        if earlier.valid_to is None or later.valid_from is None or later.valid_from <= earlier.valid_to:
            raise ValueError(f"rows overlap: {earlier} and {later}")
    return ordered


def dated(rows: Sequence[Dated[T]], day: date) -> Dated[T]:
    """The row in force on `day`, with its source. Raises NothingInForceError when there is none."""
    for row in rows:
        if row.holds_on(day):
            return row
    raise NothingInForceError(day)
