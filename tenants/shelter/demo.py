"""The demo's night shelter in Oostende: a season and a half of nights, tonight's board, people, places. All invented.

The numbers follow the presentation of Oostende: 20 beds, 35 in the winter, 254 different people in a year, five places
in Housing First and eight in the group shelter. The nights of weeks ago are written at once; those of now go through
the services that the pages use.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import func, insert, select

from app import tenancy
from app.database import db, transaction
from app.demo import SEED, DemoRegion
from app.identifiers import uuid7
from app.security.models import Tenant
from tenants.cases.models import Case, Person
from tenants.cases.rules import search_text, sort_key
from tenants.demo.invention import material
from tenants.petitions.models import Eviction
from tenants.shelter import consent, residence, rules, service
from tenants.shelter.codes import ResidenceKind, TurnedAwayReason
from tenants.shelter.guests import NewGuest
from tenants.shelter.models import Guest, Stay, TurnedAway
from tenants.shelter.rules import Season
from tenants.shelter.seasons import save_places, save_season, seasons, tonight

HOME, WORKER, LEAD = "oostende", "medewerker.oostende", "hoofd.oostende"
PEOPLE = 254
NIGHTS = 110  # enough for figures of two seasons; a whole year would slow the demo down for nothing
WINTER, SPRING = (11, 15), (4, 1)
BEDS, WINTER_BEDS = 20, 35
NOTES = (
    "Bed beneden, slechte knie.",
    "Medicatie in het bureau.",
    "Spreekt Roemeens.",
    "Vertrekt om zes uur voor het werk.",
)


@dataclass(frozen=True)
class Slept:
    """A bed of a night in the past."""

    guest_id: uuid.UUID
    night: date
    bed: int


def load(demo: DemoRegion) -> None:
    """Fill the shelter once; what is there already stays."""
    if HOME not in demo.tenants or WORKER not in demo.users:
        return
    with demo.acting(LEAD):
        with transaction() as session:
            tenant = session.get_one(Tenant, tenancy.current_tenant_id())
            tenant.settings = {**(tenant.settings or {}), "has_shelter": True}
        if seasons():
            return
        _arrange(demo.today)
    with demo.acting(WORKER):
        random = Random(SEED)  # noqa: S311 - invents, protects nothing
        with transaction():  # one for all of it: a commit each would slow the demo down
            evicted = _evicted()
            people = _people(random, evicted)
            _nights(random, people, evicted)
            _tonight()
            _living(people, demo.today)


def _arrange(today: date) -> None:
    """The places, and the seasons since the shelter began to keep its nights here, some months ago."""
    save_places({ResidenceKind.HOUSING_FIRST: 5, ResidenceKind.GROUP: 8})
    first = tonight() - timedelta(days=NIGHTS)
    every = [
        season
        for year in range(first.year - 1, today.year + 1)
        for season in (
            Season(f"Basis {year}", date(year, *SPRING), BEDS),
            Season(f"Noodwinter {year}-{year + 1}", date(year, *WINTER), WINTER_BEDS),
        )
    ]
    running = rules.season_of(every, first)
    if running is not None:
        save_season(None, replace(running, first_night=first))
    for season in every:
        if season.first_night > first:
            save_season(None, season)


def _evicted() -> list[Any]:
    """Cases with an eviction of the last months, with their reference person."""
    day = func.max(Eviction.carried_out_on)
    query = (
        select(Case.id, Person.last_name, Person.first_name, Person.birth_date, day.label("evicted_on"))
        .join(Eviction, Eviction.case_id == Case.id)
        .join(Person, (Person.case_id == Case.id) & (Person.position == 0))
        .where(Eviction.carried_out_on.is_not(None), Eviction.carried_out_on < tonight() - timedelta(days=3))
        .group_by(Case.tenant_id, Case.id, Person.tenant_id, Person.id)
        .order_by(day.desc())
        .limit(24)
    )
    return list(db.session.execute(query))


def _people(random: Random, evicted: Sequence[Any]) -> list[uuid.UUID]:
    """The register: first the people who were evicted before, then others."""
    names = material()
    told = [(row.last_name, row.first_name, row.birth_date) for row in evicted]
    while len(told) < PEOPLE:
        first = random.choice(names["men"] if random.random() < 0.78 else names["women"])
        born = date(random.randint(1955, 2006), random.randint(1, 12), random.randint(1, 28))
        told.append((random.choice(names["families"]), first, born if random.random() < 0.8 else None))
    rows = [
        {"id": uuid7(), "last_name": last, "first_name": first, "birth_date": born, "sort_key": sort_key(last, first),
         "search_text": search_text([last, first]), "note": random.choice(NOTES) if random.random() < 0.1 else None}
        for last, first, born in told
    ]  # fmt: skip
    with transaction() as session:
        session.execute(insert(Guest), rows)
    return [row["id"] for row in rows]


def _nights(random: Random, people: Sequence[uuid.UUID], evicted: Sequence[Any]) -> None:
    """Most people come some nights and go; some sleep there for weeks."""
    last, known = tonight() - timedelta(days=1), seasons()
    first = last - timedelta(days=NIGHTS - 1)
    stays: list[Slept] = []
    taken: dict[date, set[int]] = {}
    starts = [_first_night(random, row.evicted_on, first, last) for row in evicted]
    for place, guest_id in enumerate(people):
        begin = starts[place] if place < len(starts) else first + timedelta(days=random.randrange(NIGHTS - 3))
        length = random.choice((1, 2, 3, 5, 8, 14)) if random.random() < 0.9 else random.randint(20, 60)
        for night in (begin + timedelta(days=number) for number in range(length)):
            free = rules.free_beds(rules.beds_on(known, night), taken.get(night, set())) if night <= last else []
            if free:
                taken.setdefault(night, set()).add(free[0])
                stays.append(Slept(guest_id, night, free[0]))
    by = tenancy.current().user_id
    with transaction() as session:
        session.execute(insert(Stay), [{**vars(each), "at": _evening(random, each.night), "by": by} for each in stays])
        session.execute(insert(TurnedAway), _refusals(random, first, by))
    for row, guest_id in list(zip(evicted, people, strict=False))[: len(evicted) * 3 // 4]:
        consent.link(guest_id, row.id, last - timedelta(days=random.randint(0, 3)))


def _first_night(random: Random, evicted_on: date, first: date, last: date) -> date:
    """'A lot of time is lost before people dare to come': weeks, sometimes months after the eviction."""
    lost = random.choice((5, 12, 18, 25, 35, 40, 52, 52, 66, 75, 110))
    return max(first, min(evicted_on + timedelta(days=lost), last))


def _evening(random: Random, night: date) -> datetime:
    return datetime.combine(night, time(20 + random.randrange(3), random.randrange(60)), UTC) - timedelta(hours=1)


def _refusals(random: Random, first: date, by: int | None) -> list[dict[str, Any]]:
    reasons = (TurnedAwayReason.FULL,) * 5 + (TurnedAwayReason.SUSPENDED, TurnedAwayReason.ANIMAL,
               TurnedAwayReason.ELSEWHERE)  # fmt: skip
    nights = sorted(first + timedelta(days=random.randrange(NIGHTS)) for _ in range(60))
    return [
        {"night": night, "reason": random.choice(reasons), "persons": random.choice((1, 1, 1, 2, 3)),
         "at": _evening(random, night), "by": by}
        for night in nights
    ]  # fmt: skip


def _tonight() -> None:
    """Most of last night's people are in again, some are new, one was turned away; beds are left."""
    now = tonight()
    before = db.session.execute(
        select(Stay.guest_id, Stay.bed).where(Stay.night == now - timedelta(days=1)).order_by(Stay.bed)
    ).all()
    for guest_id, bed in before[: len(before) * 3 // 4]:
        service.register(guest_id, bed, now)
    free = service.board(now).free
    if free:
        service.register_new(NewGuest("Pauwels", "Rik", note="Bed beneden, slechte knie."), free[0], now, is_new=True)
    service.turn_away(
        TurnedAwayReason.ANIMAL, 1, now, "Met een hond. Doorverwezen naar het dierenasiel en terug welkom."
    )


def _living(people: Sequence[uuid.UUID], today: date) -> None:
    """Four of five live in Housing First, seven of eight in the group shelter."""
    wanted = [(ResidenceKind.HOUSING_FIRST, 4), (ResidenceKind.GROUP, 7)]
    rest = iter(people[40:])
    for kind, number in wanted:
        for place in range(number):
            residence.move_in(next(rest), kind, today - timedelta(days=30 + 41 * place))
