"""Nights, beds and the time between an eviction and the first night in the shelter. Pure.

Source of the numbers in the demo and of the question about lost time: the presentation of Oostende's work for the
homeless (20 beds, 35 in the winter; 'after an eviction a lot of time is lost before people dare to come').
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from playbook.statistics.rules import Counts, suppress
from tenants.shelter.codes import DelayBand

# A night runs from the evening to the next morning and bears the date of its evening. At noon nobody is in any
# more and nobody has come yet: whoever comes at one in the morning still belongs to yesterday's night.
TURN = time(12)
ONE_DAY = timedelta(days=1)


def night_of(local: datetime) -> date:
    """The night in which a moment on the clock in Belgium lies: the date of its evening."""
    return local.date() if local.time() >= TURN else local.date() - ONE_DAY


@dataclass(frozen=True)
class Season:
    """From `first_night` on there are `beds`, numbered from 1, until the next season starts."""

    name: str
    first_night: date
    beds: int


@dataclass(frozen=True)
class Period:
    """Some nights on end, the first and the last included."""

    name: str
    first: date
    last: date


def season_of(seasons: Iterable[Season], night: date) -> Season | None:
    """The season in which a night lies; None before the first one."""
    begun = [season for season in seasons if season.first_night <= night]
    return max(begun, key=lambda season: season.first_night, default=None)


def beds_on(seasons: Iterable[Season], night: date) -> int:
    """How many beds there are in a night; none before the first season."""
    season = season_of(seasons, night)
    return season.beds if season else 0


def free_beds(beds: int, taken: Collection[int]) -> list[int]:
    """The numbers of the beds that nobody has."""
    return [bed for bed in range(1, beds + 1) if bed not in taken]


def beds_too_many(beds: int, taken: Iterable[int]) -> list[int]:
    """Beds that are taken though this season does not have them: who lies there keeps the bed, nobody is put out."""
    return sorted(bed for bed in taken if bed > beds)


def bed_to_offer(free: Sequence[int], last_bed: int | None) -> int | None:
    """The bed somebody had the last time when it is free, else the first free one; None when there is none."""
    return last_bed if last_bed in free else next(iter(free), None)


def periods_of(seasons: Iterable[Season], last_night: date) -> list[Period]:
    """The seasons that have begun by `last_night`, the newest first, each up to the night before the next."""
    begun = sorted((s for s in seasons if s.first_night <= last_night), key=lambda s: s.first_night)
    if not begun:
        return []
    ends = [later.first_night - ONE_DAY for _earlier, later in pairwise(begun)] + [last_night]
    return [Period(season.name, season.first_night, end) for season, end in zip(begun, ends, strict=True)][::-1]


def years_of(first_night: date, last_night: date) -> list[Period]:
    """The calendar years from the first night to the last one, the newest first."""
    return [
        Period(str(year), max(first_night, date(year, 1, 1)), min(last_night, date(year, 12, 31)))
        for year in range(last_night.year, first_night.year - 1, -1)
    ]


def bed_nights(seasons: Sequence[Season], period: Period) -> int:
    """How many beds there were in a period, counted once a night."""
    total = 0
    for part in periods_of(seasons, period.last):
        nights = (part.last - max(part.first, period.first)).days + 1
        if nights > 0:
            total += nights * beds_on(seasons, part.first)
    return total


def days_lost(evicted_on: date, nights: Iterable[date]) -> int | None:
    """Days from the eviction to the first night in the shelter after it; 0 is the same evening.

    Nights before the eviction don't count: somebody may have been in the shelter years before. None: no night yet.
    """
    later = [night for night in nights if night >= evicted_on]
    return (min(later) - evicted_on).days if later else None


# The last day of each band: the week in which help still finds people, a month, a quarter, half a year.
BANDS = ((7, DelayBand.WEEK), (30, DelayBand.MONTH), (90, DelayBand.QUARTER), (180, DelayBand.HALF_YEAR))


def band_of(days: int) -> DelayBand:
    """The band of a number of days lost."""
    return next((band for last, band in BANDS if days <= last), DelayBand.LONGER)


def delays_shown(days: Iterable[int]) -> list[tuple[DelayBand, int | None]]:
    """How many people per band; None where the number is hidden, so that no group under five can be worked out."""
    found = [band_of(each) for each in days]
    published = suppress(Counts((tuple(found.count(band) for band in DelayBand),)))
    return [(band, published.get(0, place)) for place, band in enumerate(DelayBand)]
