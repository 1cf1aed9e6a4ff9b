"""The region's figures out of the facts: counted as the statistics role, published as the rules allow."""

import uuid
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import extract, func, select

from app import tenancy
from app.database import db, statistics_session
from app.i18n import N_
from app.security.models import Tenant
from playbook.statistics import words
from playbook.statistics.models import CaseFact
from playbook.statistics.rules import TOTAL, Cell, Counts, Published, suppress

QUARTERS = (1, 2, 3, 4)


@dataclass(frozen=True)
class Row:
    """An organisation's counts, None where hidden.

    counts: as this reader sees them, since an organisation's own counts are no secret to itself; published: as all do.
    """

    name: str
    counts: tuple[int | None, ...]
    published: tuple[int | None, ...]
    is_own: bool


@dataclass(frozen=True)
class Figures:
    """Petitions per OCMW: the columns are four quarters and their total, or the years (which get no total:
    differences between sums of years would tell what a year hides)."""

    columns: tuple[int, ...]
    has_total: bool
    rows: tuple[Row, ...]
    region: tuple[int | None, ...]

    @property
    def hides(self) -> bool:
        """Whether anything of it is hidden from this reader."""
        return any(None in row.counts for row in self.rows) or None in self.region

    @property
    def total(self) -> int | None:
        """All petitions of the region in the year; None when hidden."""
        return self.region[-1] if self.region else None


@dataclass(frozen=True)
class Part:
    """How many petitions went one way: region's count, None where hidden; own: of the reader's own OCMW, if any."""

    label: str
    region: int | None
    own: int | None


@dataclass(frozen=True)
class Breakdown:
    """What became of the petitions of a year, over the region; of all years only for one's own OCMW."""

    title: str
    parts: tuple[Part, ...]

    @property
    def hides_region(self) -> bool:
        """Whether nothing of it is told of the region."""
        return all(part.region is None for part in self.parts)

    @property
    def own_total(self) -> int | None:
        """All petitions of the reader's own OCMW; None for who belongs to none."""
        own = [part.own for part in self.parts if part.own is not None]
        return sum(own) if own else None


@lru_cache(maxsize=512)  # a table is computed once per set of counts: tens of milliseconds for a region
def _suppressed(counts: Counts, withheld: frozenset[Cell], fixed: frozenset[Cell]) -> Published:
    return suppress(counts, withheld=withheld, fixed=fixed)


def _organisations() -> Sequence[Tenant]:
    """The OCMWs of the network, by name; a CAW receives no petitions."""
    query = select(Tenant).where(Tenant.network_id == tenancy.current_network_id(), Tenant.kind == "ocmw")
    return db.session.scalars(query.order_by(Tenant.name)).all()


def _petitions(organisations: Sequence[Tenant], *columns: Any) -> list[tuple[Any, ...]]:
    """(tenant, year, quarter, … columns, number of petitions) of these organisations."""
    year, quarter = extract("year", CaseFact.petition_month), extract("quarter", CaseFact.petition_month)
    keys = (CaseFact.tenant_id, year, quarter, *columns)
    ids = [each.id for each in organisations]
    query = select(*keys, func.count()).where(CaseFact.tenant_id.in_(ids), CaseFact.petition_month.is_not(None))
    with statistics_session() as session:
        return [tuple(row) for row in session.execute(query.group_by(*keys))]


def _count(
    organisations: Sequence[Tenant],
    petitions: list[tuple[Any, ...]],
    year: int | None,
    columns: Sequence[Hashable],
    column_of: Callable[[tuple[Any, ...]], Hashable],
) -> Counts:
    """The petitions of `year` (none: of all): a row per organisation, a column for each of `columns`."""
    tally: Counter[tuple[uuid.UUID, Hashable]] = Counter()
    for row in petitions:
        if year is None or int(row[1]) == year:
            tally[row[0], column_of(row)] += row[-1]
    return Counts(tuple(tuple(tally[each.id, column] for column in columns) for each in organisations))


def _by_quarter(organisations: Sequence[Tenant], petitions: list[tuple[Any, ...]], year: int) -> Published:
    counts = _count(organisations, petitions, year, QUARTERS, lambda row: int(row[2]))
    return _suppressed(counts, frozenset(), frozenset())


def years() -> list[int]:
    """Years with petitions in the network, the latest first."""
    return sorted({int(row[1]) for row in _petitions(_organisations())}, reverse=True)


def of_year(year: int) -> Figures:
    """Petitions per OCMW and quarter."""
    organisations = _organisations()
    published = _by_quarter(organisations, _petitions(organisations), year)
    places = [*range(len(QUARTERS)), TOTAL]
    return _figures(organisations, QUARTERS, [(published, place) for place in places], has_total=True)


def of_years() -> Figures:
    """Petitions per OCMW and year: of each year what its own table shows."""
    organisations = _organisations()
    petitions = _petitions(organisations)
    columns = tuple(sorted({int(row[1]) for row in petitions}))
    parts = [(_by_quarter(organisations, petitions, year), TOTAL) for year in columns]
    return _figures(organisations, columns, parts, has_total=False)


def _figures(
    organisations: Sequence[Tenant], columns: tuple[int, ...], parts: list[tuple[Published, int]], *, has_total: bool
) -> Figures:
    """One column for each of `parts`: (a table, which of its columns)."""
    own = tenancy.current().tenant_id
    rows = []
    for number, each in enumerate(organisations):
        is_own = each.id == own
        published = tuple(table.get(number, place) for table, place in parts)
        known = tuple(table.counts.cells[number, place] for table, place in parts)
        rows.append(Row(each.name, known if is_own else published, published, is_own))
    region = tuple(table.get(TOTAL, place) for table, place in parts)
    return Figures(columns, has_total, tuple(rows), region)


def course_of(year: int | None) -> list[Breakdown]:
    """What became of the petitions of `year`, for the region as a whole, and for the reader's own OCMW.

    No organisation's part is published, and sums only where no organisation learns too much by taking off its own: of
    two OCMWs each would read the other's in them. Of all years (none) no sum at all, since the difference with those
    of single years would tell what these hide; one's own counts are no secret to oneself.
    """
    organisations = _organisations()
    columns = (CaseFact.reached_before_hearing, CaseFact.tenant_present, CaseFact.judgment)
    petitions = _petitions(organisations, *columns)
    main = _by_quarter(organisations, petitions, year) if year is not None else None
    titles = (N_("Reached in time"), N_("At the hearing"), N_("Judgments"))
    labels: tuple[dict[Any, str], ...] = (words.REACHED, words.PRESENT, words.JUDGMENTS)
    return [
        _breakdown(title, organisations, petitions, year, 3 + number, each, main)
        for number, (title, each) in enumerate(zip(titles, labels, strict=True))
    ]


def _breakdown(
    title: str,
    organisations: Sequence[Tenant],
    petitions: list[tuple[Any, ...]],
    year: int | None,
    place: int,
    labels: dict[Any, str],
    main: Published | None,
) -> Breakdown:
    """One column of the facts, given the year's table, which everybody sees beside it."""
    codes = list(labels)
    counts = _count(organisations, petitions, year, codes, lambda row: row[place])
    region = _sums(counts, main) if main is not None else [None] * len(codes)
    mine = next((n for n, each in enumerate(organisations) if each.id == tenancy.current().tenant_id), None)
    own = counts.rows[mine] if mine is not None else [None] * len(codes)
    return Breakdown(title, tuple(Part(labels[code], region[n], own[n]) for n, code in enumerate(codes)))


def _sums(counts: Counts, main: Published) -> list[int | None]:
    """The sum of each column, None where hidden, given the table of organisations and quarters that all see."""
    organisations, codes = range(len(counts.rows)), range(counts.width)
    totals = [(number, TOTAL) for number in (*organisations, TOTAL)]
    fixed = frozenset(cell for cell in totals if cell not in main.hidden)
    inside = {(number, column) for number in organisations for column in codes}
    published = _suppressed(counts, frozenset(inside | (set(totals) - fixed)), fixed)
    return [published.get(TOTAL, column) for column in codes]
