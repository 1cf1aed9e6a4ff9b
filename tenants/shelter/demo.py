"""The demo's night shelter in Oostende: three years of nights, tonight's board, people, places. All invented.

The numbers follow the presentation of Oostende: 20 beds, 35 in the winter, 254 different people in a year, five places
in Housing First and eight in the group shelter. The nights of the past are written at once; those of now go through
the services that the pages use.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from random import Random
from typing import Any

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

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
PEOPLE = 254  # in a year
YEARS, FEW_NIGHTS = 3, 110  # a test is content with few nights
AGAIN = 0.4  # so many of a year's people come in the next one too
# Most people come some nights and go, some sleep there for weeks, a few for months: (share, nights on end).
LENGTHS = ((0.62, (1, 2, 3, 5, 8, 14)), (0.27, (20, 28, 35, 45)), (0.11, (60, 90, 110)))
WINTER, SPRING = (11, 15), (4, 1)
BEDS, WINTER_BEDS = 20, 35
NOTES = (
    "Bed beneden, slechte knie.",
    "Medicatie in het bureau.",
    "Spreekt Roemeens.",
    "Vertrekt om zes uur voor het werk.",
)


@dataclass(frozen=True)
class Span:
    """Nights on end, the first and the last included."""

    first: date
    last: date

    @property
    def nights(self) -> int:
        return (self.last - self.first).days + 1


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
        first = tonight() - timedelta(days=FEW_NIGHTS if demo.scale < 1 else 365 * YEARS)
        _arrange(first, demo.today)
    with demo.acting(WORKER):
        random = Random(SEED)  # noqa: S311 - invents, protects nothing
        with transaction():  # one for all of it: a commit each would slow the demo down
            evicted = _evicted()
            years = _years(first, tonight() - timedelta(days=1))
            people = _people(random, evicted, years)
            _nights(random, people, years, evicted)
            _tonight()
            _living(list(dict.fromkeys(chain(*people))), demo.today)


def _years(first: date, last: date) -> list[Span]:
    """The calendar years of these nights, the first and the last in part."""
    return [
        Span(max(first, date(year, 1, 1)), min(last, date(year, 12, 31))) for year in range(first.year, last.year + 1)
    ]


def _arrange(first: date, today: date) -> None:
    """The places, and the seasons since the shelter began to keep its nights here."""
    save_places({ResidenceKind.HOUSING_FIRST: 5, ResidenceKind.GROUP: 8})
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


def _people(random: Random, evicted: Sequence[Any], years: Sequence[Span]) -> list[list[uuid.UUID]]:
    """The register, as the ids of who comes in each year: some of the year before, and others. In the last year those
    who were evicted come first."""
    wanted = [round(PEOPLE * year.nights / 365) for year in years]
    told: list[tuple[str, str, date | None]] = [(row.last_name, row.first_name, row.birth_date) for row in evicted]
    names = material()
    while len(told) < len(evicted) + sum(wanted):
        first = random.choice(names["men"] if random.random() < 0.78 else names["women"])
        born = date(random.randint(1955, 2006), random.randint(1, 12), random.randint(1, 28))
        told.append((random.choice(names["families"]), first, born if random.random() < 0.8 else None))
    ids = [uuid7() for _ in told]
    fresh, of_years = iter(ids[len(evicted) :]), list[list[uuid.UUID]]()
    for place, count in enumerate(wanted):
        known = ids[: len(evicted)] if place == len(wanted) - 1 else []
        before = of_years[-1] if of_years else []
        again = random.sample(before, min(len(before), round(AGAIN * count)))
        more = max(0, count - len(known) - len(again))
        of_years.append([*known, *again, *(next(fresh) for _ in range(more))])
    come = {guest_id for year in of_years for guest_id in year}
    rows = [
        {"id": guest_id, "last_name": last, "first_name": first, "birth_date": born, "sort_key": sort_key(last, first),
         "search_text": search_text([last, first]), "note": random.choice(NOTES) if random.random() < 0.1 else None}
        for guest_id, (last, first, born) in zip(ids, told, strict=True) if guest_id in come
    ]  # fmt: skip
    with transaction() as session:
        session.execute(insert(Guest), rows)
    return of_years


def _nights(
    random: Random, people: Sequence[Sequence[uuid.UUID]], years: Sequence[Span], evicted: Sequence[Any]
) -> None:
    """Who slept in which bed, night by night, and who was turned away when the beds were full."""
    known, last = seasons(), years[-1].last
    nights = [year.first + timedelta(days=number) for year in years for number in range(year.nights)]
    free = {night: list(range(rules.beds_on(known, night), 0, -1)) for night in nights}
    stays: list[tuple[uuid.UUID, date, int]] = []
    for guest_ids, year in zip(people, years, strict=True):
        of_year = nights[(year.first - nights[0]).days :][: year.nights]
        # In winter more people come: as many more as there are beds.
        begins = random.choices(of_year, [len(free[night]) for night in of_year], k=len(guest_ids))
        came = evicted if year.last == last else ()
        starts = [_first_night(random, row.evicted_on, year.first, last) for row in came]
        for guest_id, begin in zip(guest_ids, [*starts, *begins], strict=False):
            (lengths,) = random.choices([each for _, each in LENGTHS], [share for share, _ in LENGTHS])
            for number in range(random.choice(lengths)):
                night = begin + timedelta(days=number)
                if night <= year.last and free[night]:
                    stays.append((guest_id, night, free[night].pop()))
    full = [night for night in nights if not free[night]]
    by = tenancy.current().user_id
    with transaction() as session:
        _write(session, stays, [_evening(random, night) for _guest, night, _bed in stays])
        session.execute(insert(TurnedAway), _refusals(random, nights, full, by))
    for row, guest_id in list(zip(evicted, people[-1], strict=False))[: len(evicted) * 3 // 4]:
        consent.link(guest_id, row.id, last - timedelta(days=random.randint(0, 3)))


_STAYS = text(
    "INSERT INTO shelter_stay (tenant_id, id, guest_id, night, bed, at, by)"
    " SELECT :tenant, id, guest_id, night, bed, at, :by"
    " FROM unnest(CAST(:ids AS uuid[]), CAST(:guests AS uuid[]), CAST(:nights AS date[]), CAST(:beds AS int[]),"
    " CAST(:moments AS timestamptz[])) AS slept (id, guest_id, night, bed, at)"
)


def _write(session: Session, stays: Sequence[tuple[uuid.UUID, date, int]], moments: Sequence[datetime]) -> None:
    """Thousands of nights in one statement: a row each would take longer than all the rest of the demo's shelter."""
    guests, nights, beds = zip(*stays, strict=True)
    given = {"guests": list(guests), "nights": list(nights), "beds": list(beds), "moments": list(moments)}
    who = tenancy.current()
    session.execute(_STAYS, given | {"tenant": who.tenant_id, "by": who.user_id, "ids": [uuid7() for _ in stays]})


def _first_night(random: Random, evicted_on: date, first: date, last: date) -> date:
    """'A lot of time is lost before people dare to come': weeks, sometimes months after the eviction."""
    lost = random.choice((5, 12, 18, 25, 35, 40, 52, 52, 66, 75, 110))
    return max(first, min(evicted_on + timedelta(days=lost), last))


def _evening(random: Random, night: date) -> datetime:
    return datetime.combine(night, time(20 + random.randrange(3), random.randrange(60)), UTC) - timedelta(hours=1)


def _refusals(random: Random, nights: Sequence[date], full: Sequence[date], by: int | None) -> list[dict[str, Any]]:
    """On half of the full nights somebody came too late; now and then there was another reason."""
    others = (TurnedAwayReason.SUSPENDED, TurnedAwayReason.ANIMAL, TurnedAwayReason.ELSEWHERE)
    refused = [(night, TurnedAwayReason.FULL) for night in full if random.random() < 0.5]
    refused += [(night, random.choice(others)) for night in nights if random.random() < 0.08]
    return [
        {"night": night, "reason": reason, "persons": random.choice((1, 1, 1, 2, 3)), "at": _evening(random, night),
         "by": by}
        for night, reason in sorted(refused)
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
