"""Agreements in force, the yearly talk, and which canton covers which municipality. Pure.

The cantons are packaged data with their own days, certainty and source: they change (Harelbeke went to Waregem), and
what was not read in a text is marked C, to be asked at the registry.
"""

import csv
import uuid
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from pathlib import Path

from app.calendar.rules import next_working_day
from tenants.dialogue.codes import AgreementState

DATA = Path(__file__).parent / "data"


def state_of(ended_on: date | None, replaced_by: uuid.UUID | None, today: date) -> AgreementState:
    """Where an agreement stands; one that ends on a later day is still in force."""
    if ended_on is None or ended_on > today:
        return AgreementState.IN_FORCE
    return AgreementState.REPLACED if replaced_by else AgreementState.ENDED


def a_year_later(day: date) -> date:
    """The same day of the next year (the last of February after a leap day), or the first working day after it."""
    try:
        later = day.replace(year=day.year + 1)
    except ValueError:
        later = date(day.year + 1, 2, 28)
    return next_working_day(later)


@dataclass(frozen=True)
class Covered:
    """A municipality in a canton. partly: other cantons have the rest of it. confidence: A read, B known, C ask."""

    canton: str
    municipality: str
    nis: str
    partly: bool
    confidence: str
    source: str
    valid_from: date | None
    valid_to: date | None

    def holds_on(self, day: date) -> bool:
        """Whether this is so on `day`; both ends included."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class SessionDay:
    """The weekly session of a canton: weekday from 0 (Monday), local hour."""

    canton: str
    weekday: int
    hour: time
    source: str


@cache
def covered() -> tuple[Covered, ...]:
    """All of the packaged list, in its order."""
    return tuple(
        Covered(
            row["canton"],
            row["municipality"],
            row["nis"],
            row["part"] == "yes",
            row["confidence"],
            row["source"],
            _day(row["valid_from"]),
            _day(row["valid_to"]),
        )
        for row in _rows("cantons.csv")
    )


@cache
def sessions() -> dict[str, SessionDay]:
    """The weekly sessions by canton."""
    return {
        row["canton"]: SessionDay(row["canton"], int(row["weekday"]), time.fromisoformat(row["hour"]), row["source"])
        for row in _rows("sessions.csv")
    }


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def cantons() -> list[str]:
    """The names of the cantons, by name."""
    return sorted({each.canton for each in covered()} | set(sessions()))


def municipalities_of(canton: str, day: date) -> list[Covered]:
    """What a canton covers on `day`, by name."""
    found = [each for each in covered() if each.canton == canton and each.holds_on(day)]
    return sorted(found, key=lambda each: each.municipality)


def cantons_of(nis: str, day: date) -> list[str]:
    """The cantons in which a municipality lies on `day`: several for a divided city."""
    return sorted({each.canton for each in covered() if each.nis == nis and each.holds_on(day)})
