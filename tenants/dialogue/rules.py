"""Agreements in force, the yearly talk, and which canton covers which municipality. Pure.

The cantons are packaged data with their own days, certainty and source: they change (Harelbeke went to Waregem), and
what was not read in a text is marked C, to be asked at the registry. What a registry answered goes before the list.
"""

import csv
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from pathlib import Path

from app.calendar.rules import next_working_day
from tenants.cases.rules import plain
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
    """A municipality in a canton. partly: other cantons have the rest of it.

    confidence: A read in an official text, B well known, C to be asked. stated: what an organisation found out itself
    (then confidence is ''), also that the municipality does not belong there (excluded).
    """

    canton: str
    municipality: str
    nis: str
    partly: bool
    confidence: str
    source: str
    valid_from: date | None
    valid_to: date | None
    excluded: bool = False
    stated: uuid.UUID | None = None

    def holds_on(self, day: date) -> bool:
        """Whether this is so on `day`; both ends included."""
        return not self.excluded and _within(day, self.valid_from, self.valid_to)

    def is_over(self, day: date) -> bool:
        """Whether its last day is behind us."""
        return self.valid_to is not None and self.valid_to < day


Known = tuple[Covered, ...]


@dataclass(frozen=True)
class SessionDay:
    """The weekly session of a canton: weekday from 0 (Monday), local hour."""

    canton: str
    weekday: int
    hour: time
    source: str


@dataclass(frozen=True)
class Place:
    """A municipality by Statbel's name and NIS code. until: its last day, when it went into another one."""

    nis: str
    name: str
    until: date | None


@cache
def covered() -> Known:
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


@cache
def places() -> dict[str, Place]:
    """The municipalities of West-Vlaanderen by NIS code. Source: Statbel, REFNIS 2025 [B: written from memory]."""
    return {
        row["nis"]: Place(row["nis"], row["municipality"], _day(row["until"])) for row in _rows("municipalities.csv")
    }


def place_called(name: str, day: date) -> Place | None:
    """The municipality that is called so on `day`; capitals and accents don't matter."""
    wanted = plain(name)
    found = (each for each in places().values() if plain(each.name) == wanted)
    return next((each for each in found if _within(day, None, each.until)), None)


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _within(day: date, first: date | None, last: date | None) -> bool:
    return (first is None or first <= day) and (last is None or day <= last)


def with_statements(listed: Known, stated: Known) -> Known:
    """What is known: of a municipality in a canton what somebody found out, and otherwise what the list says."""
    known = {(each.canton, each.nis) for each in stated}
    return (*(each for each in listed if (each.canton, each.nis) not in known), *stated)


def cantons() -> list[str]:
    """The names of the cantons, by name."""
    return sorted({each.canton for each in covered()} | set(sessions()))


def municipalities_of(canton: str, day: date, known: Known) -> list[Covered]:
    """What a canton covers on `day`, by name."""
    return _by_name(each for each in known if each.canton == canton and each.holds_on(day))


def told_of(canton: str, day: date, known: Known) -> list[Covered]:
    """All that is known of a canton and not over on `day`, by name: also what begins later and what is excluded."""
    return _by_name(each for each in known if each.canton == canton and not each.is_over(day))


def _by_name(found: Iterable[Covered]) -> list[Covered]:
    return sorted(found, key=lambda each: each.municipality)


def cantons_of(nis: str, day: date, known: Known) -> list[str]:
    """The cantons in which a municipality lies on `day`: several for a divided city."""
    return sorted({each.canton for each in known if each.nis == nis and each.holds_on(day)})


def doubly_covered(row: Covered, day: date, known: Known) -> list[str]:
    """The other cantons that have a municipality of which `row` says that it lies here as a whole: one is wrong."""
    if row.partly or not row.holds_on(day):
        return []
    return [canton for canton in cantons_of(row.nis, day, known) if canton != row.canton]


def to_ask(nis_codes: Iterable[str], day: date, known: Known) -> list[Place]:
    """Of these municipalities those of which no canton is known on `day`, or only one to be asked; by name."""
    sure = {each.nis for each in known if each.holds_on(day) and each.confidence != "C"}
    unsure = {nis for nis in nis_codes if nis not in sure}
    return sorted((places().get(nis) or Place(nis, nis, None) for nis in unsure), key=lambda each: each.name)
