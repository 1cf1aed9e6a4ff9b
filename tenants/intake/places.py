"""Which municipality an address lies in. Pure: it reads the packaged list, with a source for every row."""

import csv
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tenants.cases.rules import plain

DATA = Path(__file__).parent / "data" / "municipalities.csv"


@dataclass(frozen=True)
class Municipality:
    """name: as it is written in Dutch; nis: Statbel's code. postcodes and places: everything that lies in it."""

    name: str
    nis: str
    postcodes: frozenset[str] = field(default_factory=frozenset)
    places: frozenset[str] = field(default_factory=frozenset)


@cache
def municipalities() -> tuple[Municipality, ...]:
    """All of the list, in its order."""
    rows: dict[tuple[str, str], list[dict[str, str]]] = {}
    with DATA.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            rows.setdefault((row["municipality"], row["nis"]), []).append(row)
    return tuple(
        Municipality(
            name,
            nis,
            frozenset(row["postcode"] for row in of_it),
            frozenset(_key(row["place"]) for row in of_it) | {_key(name)},
        )
        for (name, nis), of_it in rows.items()
    )


def municipality_of(postcode: str) -> Municipality | None:
    """The municipality of a postcode; None when the list does not have it."""
    return next((m for m in municipalities() if postcode.strip() in m.postcodes), None)


def named(municipality: str) -> Municipality | None:
    """The municipality that is called so; parts of one ('Heule') don't count, since their names are not unique."""
    return next((m for m in municipalities() if _key(m.name) == _key(municipality)), None)


def contradiction(postcode: str, municipality: str) -> tuple[Municipality, str] | None:
    """(municipality that was named, its postcodes) when the postcode says another place than the name.

    A postcode outside the list with the name of a municipality in it is a typing error, too.
    """
    meant = named(municipality)
    if meant is None or postcode.strip() in meant.postcodes:
        return None
    return meant, ", ".join(sorted(meant.postcodes))


def _key(text: str) -> str:
    return plain(text).replace("-", " ")
