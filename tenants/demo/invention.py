"""Inventing people, homes and landlords. Pure: the same random source gives the same people."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from app.calendar.rules import is_working_day
from tenants.cases.codes import Composition, LandlordKind, Market, PersonRole
from tenants.cases.intake import NewDwelling, NewLandlord, NewPerson

# Ages of tenants in arrears: mostly between 26 and 50.
AGES = ((19, 25, 14), (26, 35, 30), (36, 50, 34), (51, 65, 17), (66, 79, 5))
COMPOSITIONS = {
    Composition.SINGLE: 48,
    Composition.SINGLE_PARENT: 22,
    Composition.COUPLE_WITH_CHILDREN: 17,
    Composition.COUPLE: 10,
    Composition.UNKNOWN: 3,
}
WITH_PARTNER = (Composition.COUPLE, Composition.COUPLE_WITH_CHILDREN)
WITH_CHILDREN = (Composition.SINGLE_PARENT, Composition.COUPLE_WITH_CHILDREN)


@cache
def material() -> Mapping[str, Any]:
    """What `invented.toml` says."""
    return tomllib.loads((Path(__file__).parent / "invented.toml").read_text())


def insz(born: date, serial: int) -> str:
    """A national register number that passes its check: birth date, serial, 97 less the rest of nine digits."""
    nine = f"{born:%y%m%d}{serial:03d}"
    base = int(nine) + (2_000_000_000 if born.year >= 2000 else 0)
    return f"{nine}{97 - base % 97:02d}"


def back_to_working_day(day: date) -> date:
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def session_of(court: str, not_before: date) -> datetime:
    """The court's first weekly session from `not_before` on, in local time."""
    weekday, hour = material()["sessions"][court]
    day = not_before
    while day.weekday() != weekday or not is_working_day(day):
        day += timedelta(days=1)
    return datetime.combine(day, time.fromisoformat(hour))


@dataclass(frozen=True)
class Home:
    """A household with its dwelling and landlord."""

    persons: tuple[NewPerson, ...]
    composition: Composition
    children: int | None
    dwelling: NewDwelling
    landlord: NewLandlord
    market: Market
    net_income: Decimal
    court: str


def invent_home(random: Random, place: str, today: date) -> Home:
    """A household of `place` (a key of `invented.toml`)."""
    where = material()["places"][place]
    composition = random.choices(list(COMPOSITIONS), list(COMPOSITIONS.values()))[0]
    children = random.randint(1, 3) if composition in WITH_CHILDREN else 0
    name, kind = random.choice(material()["landlords"])
    social = kind == LandlordKind.WOONMAATSCHAPPIJ
    rent = Decimal(random.randrange(290, 480, 10) if social else random.randrange(560, 960, 10))
    postcode, street = random.choice(where["streets"])
    return Home(
        persons=_persons(random, composition, children, today),
        composition=composition,
        children=None if composition is Composition.UNKNOWN else children,
        dwelling=NewDwelling(
            street=street,
            house_number=str(random.randint(2, 240)),
            box=str(random.randint(1, 12)) if random.random() < 0.35 else "",
            postcode=postcode,
            municipality=where["municipality"],
            rent=rent,
            lease_start=(today - timedelta(days=random.randint(200, 2400))).replace(day=1),
        ),
        landlord=NewLandlord(name, LandlordKind(kind)),
        market=Market.SOCIAL if social else Market.PRIVATE,
        net_income=Decimal(random.randrange(1150, 2450, 25)),
        court=random.choice(where["courts"]),
    )


def _persons(random: Random, composition: Composition, children: int, today: date) -> tuple[NewPerson, ...]:
    family = random.choice(material()["families"])
    woman = random.random() < (0.8 if composition is Composition.SINGLE_PARENT else 0.45)
    persons = [_adult(random, family, woman, PersonRole.REFERENCE, today)]
    if composition in WITH_PARTNER:
        other = random.choice(material()["families"])
        persons.append(_adult(random, other, not woman, PersonRole.PARTNER, today))
    for _ in range(children):
        born = today - timedelta(days=random.randint(300, 17 * 365))
        name = random.choice(material()["women" if random.random() < 0.5 else "men"])
        persons.append(NewPerson(family, name, PersonRole.CHILD, birth_date=born))
    return tuple(persons)


def _adult(random: Random, family: str, woman: bool, role: PersonRole, today: date) -> NewPerson:
    low, high, _share = random.choices(AGES, [share for *_, share in AGES])[0]
    born = today - timedelta(days=random.randint(low * 365 + 10, high * 365))
    first = random.choice(material()["women" if woman else "men"])
    serial = random.randrange(500, 996, 2) + (0 if woman else 1)  # even for women, odd for men
    mailbox = "".join(c for c in f"{first}.{family}".lower() if c.isascii() and (c.isalpha() or c == "."))
    return NewPerson(
        last_name=family,
        first_name=first,
        role=role,
        birth_date=born,
        insz=insz(born, serial) if random.random() < 0.8 else None,
        # 0470 is not given out: nobody is called by accident.
        phone=f"0470 {random.randint(10, 99)} {random.randint(10, 99)} {random.randint(10, 99)}"
        if random.random() < 0.7
        else None,
        email=f"{mailbox}@voorbeeld.example" if random.random() < 0.3 else None,
    )
