"""The shelter's figures per season and per year, and its lists as a spreadsheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Date, Integer, column, func, select, tuple_, values
from sqlalchemy.orm import joinedload

from app.audit.service import record_export
from app.database import db, transaction
from tenants.shelter import consent, rules
from tenants.shelter.codes import DelayBand, TurnedAwayReason
from tenants.shelter.models import Stay, TurnedAway
from tenants.shelter.rules import Period
from tenants.shelter.seasons import seasons, tonight


@dataclass(frozen=True)
class Figures:
    """Of a period: beds used (each once a night) out of how many, people turned away, different people who slept."""

    period: Period
    used: int
    beds: int
    turned_away: int
    persons: int

    @property
    def occupancy(self) -> int | None:
        """Used beds in percent, rounded; None where there was no bed."""
        return round(100 * self.used / self.beds) if self.beds else None


@dataclass(frozen=True)
class NightLine:
    """A night in numbers."""

    night: date
    season: str
    beds: int
    used: int
    persons: int
    turned_away: int


def last_night() -> date:
    """The last night that is over: the one that runs would pull the occupancy down."""
    return tonight() - timedelta(days=1)


def by_season() -> list[Figures]:
    """The seasons that have begun, the newest first."""
    return _of(rules.periods_of(seasons(), last_night()))


def by_year() -> list[Figures]:
    """Calendar years since the first season, the newest first."""
    first = min((season.first_night for season in seasons()), default=None)
    return _of(rules.years_of(first, last_night())) if first and first <= last_night() else []


def _of(periods: Sequence[Period]) -> list[Figures]:
    """Two statements, whatever the number of periods."""
    if not periods:
        return []
    spans = values(column("place", Integer), column("first", Date), column("last", Date), name="period").data(
        [(place, each.first, each.last) for place, each in enumerate(periods)]
    )
    slept = (
        select(
            spans.c.place, func.count(func.distinct(tuple_(Stay.night, Stay.bed))), func.count(Stay.guest_id.distinct())
        )
        .join(Stay, Stay.night.between(spans.c.first, spans.c.last))
        .group_by(spans.c.place)
    )
    refused = (
        select(spans.c.place, func.sum(TurnedAway.persons))
        .join(TurnedAway, TurnedAway.night.between(spans.c.first, spans.c.last))
        .group_by(spans.c.place)
    )
    nights = {row[0]: (row[1], row[2]) for row in db.session.execute(slept)}
    turned = {row[0]: row[1] for row in db.session.execute(refused)}
    known = seasons()
    return [
        Figures(
            period,
            nights.get(place, (0, 0))[0],
            rules.bed_nights(known, period),
            turned.get(place, 0),
            nights.get(place, (0, 0))[1],
        )
        for place, period in enumerate(periods)
    ]


def reasons(period: Period) -> list[tuple[TurnedAwayReason, int]]:
    """Why people were turned away in a period: (reason, persons), the most frequent first."""
    query = (
        select(TurnedAway.reason, func.sum(TurnedAway.persons))
        .where(TurnedAway.night.between(period.first, period.last))
        .group_by(TurnedAway.reason)
        .order_by(func.sum(TurnedAway.persons).desc(), TurnedAway.reason)
    )
    return [(TurnedAwayReason(reason), count) for reason, count in db.session.execute(query)]


def delays() -> list[tuple[DelayBand, int | None]]:
    """How long after an eviction people came, of those who agreed; small numbers are hidden. Empty: none."""
    days = consent.all_delays()
    return rules.delays_shown(days) if days else []


def take_out_nights(period: Period) -> list[NightLine]:
    """Every night of a period in numbers; no person in it."""
    slept = (
        select(Stay.night, func.count(Stay.bed.distinct()), func.count(Stay.guest_id.distinct()))
        .where(Stay.night.between(period.first, period.last))
        .group_by(Stay.night)
    )
    refused = (
        select(TurnedAway.night, func.sum(TurnedAway.persons))
        .where(TurnedAway.night.between(period.first, period.last))
        .group_by(TurnedAway.night)
    )
    used = {row[0]: (row[1], row[2]) for row in db.session.execute(slept)}
    turned = {row[0]: row[1] for row in db.session.execute(refused)}
    known = seasons()
    lines = []
    for number in range((period.last - period.first).days + 1):
        night = period.first + timedelta(days=number)
        season = rules.season_of(known, night)
        lines.append(
            NightLine(
                night,
                season.name if season else "",
                season.beds if season else 0,
                *used.get(night, (0, 0)),
                turned.get(night, 0),
            )
        )
    return lines


def take_out_stays(period: Period) -> list[Stay]:
    """Every bed given in a period, with whom; the trail tells of each person that their data left the portal."""
    query = select(Stay).where(Stay.night.between(period.first, period.last)).options(joinedload(Stay.guest))
    with transaction():
        rows = list(db.session.scalars(query.order_by(Stay.night, Stay.bed, Stay.at)))
        record_export(sorted({row.guest_id for row in rows}), "list of nights", subject="shelter_guest")
    return rows
