"""A row of a register once understood, and what can be wrong with it. Plain values."""

from dataclasses import dataclass
from dataclasses import field as by_default
from datetime import date, time
from decimal import Decimal
from enum import StrEnum

from app.i18n import N_
from tenants.cases.codes import Code, JudgmentKind, Market, Reason
from tenants.imports.attempts import Attempt
from tenants.imports.names import PersonName
from tenants.imports.words import Address


class Severity(StrEnum):
    """An error keeps the row out until it is repaired; a warning is shown and the row goes in."""

    ERROR = "error"
    WARNING = "warning"


class Status(Code):
    """What will happen to a row. In a count each row stands once: error before duplicate before warning."""

    ERROR = "error", N_("Error")
    DUPLICATE = "duplicate", N_("Duplicate")
    WARNING = "warning", N_("Warning")
    NEW = "new", N_("New petition")


TOO_LONG = N_("This text has %(length)d characters; at most %(limit)d fit here. Shorten it.")


@dataclass(frozen=True)
class Problem:
    """`cell` is its name in the sheet ('A21'), `column` its heading; `msgid` with `params` is the sentence."""

    cell: str
    column: str
    field: str
    code: str
    msgid: str
    params: dict[str, object] = by_default(default_factory=dict)
    severity: Severity = Severity.ERROR


@dataclass(frozen=True)
class RegisterRow:
    """One petition as the register tells it. Euro as Decimal; `notes` is what no field could hold, as written."""

    sheet_row: int
    received: date | None = None
    roll: str = ""
    court: str = ""
    requester: str = ""
    defendants: tuple[PersonName, ...] = ()
    national_numbers: tuple[str, ...] = ()
    birth_dates: tuple[date, ...] = ()
    phone: str = ""
    email: str = ""
    address: Address = by_default(default_factory=Address)
    arrears: Decimal | None = None
    months: Decimal | None = None
    rent: Decimal | None = None
    reasons: tuple[Reason, ...] = ()
    market: Market = Market.UNKNOWN
    hearing_on: date | None = None
    hearing_time: time | None = None
    judgment: JudgmentKind | None = None
    judgment_date: date | None = None
    served: date | None = None
    notice: date | None = None
    eviction: date | None = None
    attempts: tuple[Attempt, ...] = ()
    reached: bool | None = None
    remarks: str = ""
    notes: tuple[str, ...] = ()

    @property
    def roll_key(self) -> tuple[str, str] | None:
        """Court and roll number: no two petitions share them."""
        return (self.court, self.roll) if self.roll else None

    @property
    def person_keys(self) -> list[tuple[str, date]]:
        """Each person's national number with the day the petition came in."""
        return [(number, self.received) for number in self.national_numbers] if self.received else []
