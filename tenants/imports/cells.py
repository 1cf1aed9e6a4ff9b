"""One cell of a spreadsheet: what it may hold, how it reads to a person, how it is kept."""

import re
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

Cell = str | float | int | bool | date | datetime | time | None
"""A value as the spreadsheet stores it. A formula is the text that starts with '='."""

_SPACES = re.compile(r"[\s\u00a0\u2007\u202f\ufeff]+")
# What a spreadsheet program would run or look up: '=…', '@…', or '+…'/'-…' that calls something.
# '-5', '+32 59 …' and '- brief' are ordinary writing and stay unmarked.
_FORMULA = re.compile(r"[\s\u00a0\ufeff]*(?:[=@]\s*[^\s=@]|[+\-]\s*[A-Za-z@][^\s]*[(|!])")


def tidy(text: str) -> str:
    """`text` on one line: every kind of space becomes one ordinary space, none at the ends."""
    return _SPACES.sub(" ", text).strip()


def is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and (not cell or cell.isspace()))


def is_formula(cell: Cell) -> bool:
    """Whether a spreadsheet program would execute this text if it were typed in."""
    return isinstance(cell, str) and _FORMULA.match(cell) is not None


def shown(cell: Cell) -> str:
    """The cell as a Belgian reader writes it: '31/12/2020', '2159,89', '09:30'; '' for an empty one."""
    match cell:
        case str():
            return cell.strip()
        case None:
            return ""
        case bool():
            return "x" if cell else ""
        case datetime():
            return f"{cell:%d/%m/%Y}" if cell.time() == time() else f"{cell:%d/%m/%Y %H:%M}"
        case date():
            return f"{cell:%d/%m/%Y}"
        case time():
            return f"{cell:%H:%M}"
        case _:
            whole = float(cell).is_integer() and abs(cell) < 1e15
            return str(int(cell)) if whole else repr(cell).replace(".", ",")


@cache
def column_letters(column: int) -> str:
    """'A' for 0, 'Z' for 25, 'AA' for 26."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def cell_name(column: int, row: int) -> str:
    """The name a spreadsheet shows: column counted from 0, row as in the sheet (from 1)."""
    return f"{column_letters(column)}{row}"


def to_json(cell: Cell) -> Any:
    """A JSON value from which `from_json` makes the same cell again."""
    match cell:
        case datetime():
            return {"datetime": cell.isoformat()}
        case date():
            return {"date": cell.isoformat()}
        case time():
            return {"time": cell.isoformat()}
        case _:
            return cell


def from_json(value: Any) -> Cell:
    if not isinstance(value, dict):
        return value  # type: ignore[no-any-return]
    ((kind, text),) = value.items()
    types = {"datetime": datetime, "date": date, "time": time}
    return types[kind].fromisoformat(text)  # type: ignore[attr-defined,no-any-return]


def from_calamine(value: object) -> Cell:
    """What the reading library returns, with empty text as nothing and a span of time as a time of day."""
    if value == "" or value is None:
        return None
    if isinstance(value, timedelta):
        seconds = int(value.total_seconds())
        if 0 <= seconds < 86_400:
            return time(seconds // 3600, seconds % 3600 // 60, seconds % 60)
        return str(value)
    if isinstance(value, str):
        # A zero character can't be kept by a database and means nothing to a reader.
        return value.replace("\x00", "")
    if isinstance(value, float | int | date | time):
        return value
    return str(value)
