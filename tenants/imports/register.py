"""Understands one row of a register: each mapped cell read as what its column says, nothing lost. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from app.i18n import N_
from tenants.imports.attempts import read_attempts
from tenants.imports.cells import Cell, cell_name, is_blank, is_formula, shown, tidy
from tenants.imports.columns import Mapping
from tenants.imports.fields import Field, is_own_column
from tenants.imports.names import read_people
from tenants.imports.rows import TOO_LONG, Problem, RegisterRow, Severity
from tenants.imports.values import (
    UNKNOWN,
    Span,
    Unreadable,
    is_usual_roll,
    read_amount,
    read_answer,
    read_date,
    read_moment,
    read_months,
    read_national_numbers,
    read_roll,
    read_time,
)
from tenants.imports.words import (
    Address,
    read_address,
    read_court,
    read_judgment,
    read_market,
    read_place,
    read_reasons,
)

Value = TypeVar("Value")

# A value that a term, a payment or the finding of a person hangs on keeps the row out when it can't be read;
# any other is kept as a note, with a warning.
DECISIVE = frozenset(
    {
        Field.RECEIVED, Field.ROLL, Field.NATIONAL_NUMBER, Field.ARREARS, Field.HEARING, Field.JUDGMENT_DATE,
        Field.SERVED, Field.NOTICE, Field.EVICTION,
    }
)  # fmt: skip

# Excel's own limit of a cell.
LONGEST_TEXT = 32_767


@dataclass
class _Reading:
    """One row being read: gathers what goes wrong and what must be kept as it was written."""

    sheet_row: int
    cells: Sequence[Cell]
    mapping: Mapping
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def cell(self, member: Field) -> Cell:
        column = self.mapping.columns.get(member)
        cell = self.cells[column] if column is not None and column < len(self.cells) else None
        return None if is_blank(cell) else cell

    def text(self, member: Field) -> str:
        return tidy(shown(self.cell(member)))

    def report(self, member: Field, code: str, severity: Severity, msgid: str, **params: object) -> None:
        column = self.mapping.columns.get(member, 0)
        name = cell_name(column, self.sheet_row)
        label = self.mapping.label(member)
        self.problems.append(Problem(name, label, member, code, msgid, params, severity))

    def keep(self, member: Field, text: str) -> None:
        self.notes.append(f"{self.mapping.label(member) or member}: {text}")

    def value(self, member: Field, read: Callable[[Cell], Value], default: Any = None) -> Value | Any:
        """The value of a field's cell; `default` where it is empty, says '?' or, reported, can't be read."""
        cell = self.cell(member)
        if cell is None or (isinstance(cell, str) and tidy(cell).casefold() in UNKNOWN):
            return default
        try:
            return read(cell)
        except Unreadable as error:
            severity = Severity.ERROR if member in DECISIVE else Severity.WARNING
            if severity is Severity.WARNING:
                self.keep(member, self.text(member))
            self.report(member, member.value, severity, error.msgid, **error.params)
            return default


def understand(
    sheet_row: int, cells: Sequence[Cell], mapping: Mapping, today: date
) -> tuple[RegisterRow, list[Problem]]:
    """The row as a petition and what could not be read in it; whether it makes sense is for `rules.check_row`."""
    reading = _Reading(sheet_row, cells, mapping)
    events, births = Span.of_events(today), Span.of_births(today)

    def day(member: Field) -> date | None:
        return reading.value(member, lambda cell: read_date(cell, events))

    received = day(Field.RECEIVED)
    hearing, hour = reading.value(Field.HEARING, lambda cell: read_moment(cell, events), (None, None))
    row = RegisterRow(
        sheet_row=sheet_row,
        received=received,
        roll=_roll(reading),
        court=reading.value(Field.COURT, read_court, ""),
        requester=reading.text(Field.REQUESTER),
        defendants=_defendants(reading),
        national_numbers=tuple(reading.value(Field.NATIONAL_NUMBER, read_national_numbers, [])),
        birth_dates=reading.value(Field.BIRTH_DATE, lambda cell: _days(cell, births), ()),
        phone=reading.text(Field.PHONE),
        email=reading.text(Field.EMAIL),
        address=_address(reading),
        arrears=reading.value(Field.ARREARS, read_amount),
        months=reading.value(Field.MONTHS, read_months),
        rent=reading.value(Field.RENT, read_amount),
        reasons=_reasons(reading),
        market=reading.value(Field.MARKET, read_market, RegisterRow.market),
        hearing_on=hearing,
        hearing_time=hour or reading.value(Field.HEARING_TIME, read_time),
        judgment=reading.value(Field.JUDGMENT, read_judgment),
        judgment_date=day(Field.JUDGMENT_DATE),
        served=day(Field.SERVED),
        notice=day(Field.NOTICE),
        eviction=day(Field.EVICTION),
        reached=reading.value(Field.REACHED, read_answer),
        remarks=shown(reading.cell(Field.REMARKS)),
    )
    row = _with_attempts(reading, row)
    _keep_what_hangs_loose(reading, row)
    _look_at_every_cell(reading)
    return replace(row, notes=tuple(reading.notes)), reading.problems


def _roll(reading: _Reading) -> str:
    roll: str = reading.value(Field.ROLL, read_roll, "")
    if roll and not is_usual_roll(roll):
        reading.report(
            Field.ROLL,
            "roll_form",
            Severity.WARNING,
            N_("“%(value)s” is an unusual roll number. Usually it is a year, a letter and a number, like 20A1234."),
            value=roll,
        )
    return roll


def _defendants(reading: _Reading) -> tuple[Any, ...]:
    people = reading.value(Field.DEFENDANTS, read_people, [])
    first = reading.text(Field.FIRST_NAME)
    if first and len(people) == 1:
        written = people[0]
        last = " ".join(filter(None, [written.last, written.first])) if not written.sure else written.last
        people = [replace(written, last=last, first=first, sure=True)]
    elif first:
        reading.keep(Field.FIRST_NAME, first)
    return tuple(people)


def _days(cell: Cell, span: Span) -> tuple[date, ...]:
    """One day, or one for each person with ';' or '&' between."""
    if isinstance(cell, str):
        parts = [part for part in cell.replace("&", ";").replace("\n", ";").split(";") if tidy(part)]
        return tuple(read_date(part, span) for part in parts)
    return (read_date(cell, span),)


def _address(reading: _Reading) -> Address:
    address = read_address(reading.cell(Field.ADDRESS)) if reading.cell(Field.ADDRESS) else Address()
    postcode, municipality = read_place(reading.cell(Field.MUNICIPALITY))
    return Address(
        street=address.street,
        number=reading.text(Field.NUMBER) or address.number,
        box=reading.text(Field.BOX) or address.box,
        postcode=reading.text(Field.POSTCODE) or postcode or address.postcode,
        municipality=municipality or address.municipality,
    )


def _reasons(reading: _Reading) -> tuple[Any, ...]:
    found = read_reasons(reading.cell(Field.REASONS))
    if found.left:
        left = "; ".join(found.left)
        reading.keep(Field.REASONS, left)
        reading.report(
            Field.REASONS,
            "reasons",
            Severity.WARNING,
            N_("We don't know the reason “%(value)s”: it counts as 'other' and is kept as a note."),
            value=left[:200],
        )
    return found.codes


def _with_attempts(reading: _Reading, row: RegisterRow) -> RegisterRow:
    ends = [day for day in (row.eviction, row.notice, row.served, row.judgment_date, row.hearing_on) if day]
    # The hearing is what people are sought for; later events only when there was none.
    until = row.hearing_on or min(ends, default=None)
    if row.received and until and until < row.received:
        until = None
    found = read_attempts(reading.cell(Field.ATTEMPTS), row.received, until)
    if found.left:
        left = "; ".join(found.left)
        reading.keep(Field.ATTEMPTS, left)
        if row.received or until:
            reading.report(
                Field.ATTEMPTS,
                "attempts",
                Severity.WARNING,
                N_(
                    "In “%(value)s” we find no day with a way of contact. It is kept as a note. Write it like "
                    "17/01 brief; 15/01 huisbezoek."
                ),
                value=left[:200],
            )
    return replace(row, attempts=found.made)


def _keep_what_hangs_loose(reading: _Reading, row: RegisterRow) -> None:
    """An answer without an attempt, a day of a judgment without its kind: no table of a case has a place for it."""
    loose = [Field.REACHED] if row.reached is not None and not row.attempts else []
    loose += [Field.JUDGMENT_DATE, Field.SERVED] if row.judgment is None else []
    for member in loose:
        if reading.cell(member) is not None:
            reading.keep(member, reading.text(member))


def _look_at_every_cell(reading: _Reading) -> None:
    """Formulas and overlong texts, in any column; what stands in a column that is not mapped is kept as a note."""
    fields = {column: member for member, column in reading.mapping.columns.items()}
    for column, cell in enumerate(reading.cells):
        if is_blank(cell):
            continue
        member = fields.get(column)
        label = reading.mapping.labels[column] if column < len(reading.mapping.labels) else ""
        if member is None and not is_own_column(label):
            reading.notes.append(f"{label}: {shown(cell)[:LONGEST_TEXT]}" if label else shown(cell)[:LONGEST_TEXT])
        if isinstance(cell, str):
            _look_at_text(reading, column, label, member, cell)


def _look_at_text(reading: _Reading, column: int, label: str, member: Field | None, cell: str) -> None:
    code, severity, msgid = "", Severity.ERROR, ""
    params: dict[str, object] = {}
    if len(cell) > LONGEST_TEXT:
        code, msgid, params = "too_long", TOO_LONG, {"length": len(cell), "limit": LONGEST_TEXT}
    elif is_formula(cell):
        code, severity = "formula_injection", Severity.WARNING
        msgid = N_("This cell holds a formula (%(value)s). It is kept as text and never executed.")
        params = {"value": tidy(cell)[:80]}
    if code:
        name = cell_name(column, reading.sheet_row)
        reading.problems.append(Problem(name, label, member or "", code, msgid, params, severity))
