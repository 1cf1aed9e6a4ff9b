"""What a network learns of a scenario: per step how it went, out of the anonymous facts of all its organisations.

Counted as the statistics role, which sees facts and nothing else. What is published holds for the whole network, and
only where no count under five can be worked out, not even by an organisation that knows its own (statistics.rules).
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import median
from typing import Any

from sqlalchemy import and_, select

from app import tenancy
from app.database import db, statistics_session
from app.security.models import Tenant
from playbook.scenarios.intervals import Share, share
from playbook.statistics.models import CaseFact, ScenarioFact
from playbook.statistics.rules import THRESHOLD, TOTAL, Cell, Counts, Published, suppress

STATES = ("done", "skipped", "open")  # waiting for its event is open: nothing is known yet
ENDED_WELL, ENDED_OTHERWISE = frozenset({"avoided"}), frozenset({"postponed", "carried_out", "left_before"})


@dataclass(frozen=True)
class Lesson:
    """How a step went. Counts are None where hidden.

    days: the median from its event to the day it was done, None when too few. why: (code of a reason, count) of those
    that may be shown, the most frequent first. with_it, without_it: how often the eviction was avoided in closed
    cases in which the step was done, and in which it was skipped or never came up; None when too few.
    """

    done: int | None
    skipped: int | None
    open: int | None
    days: float | None
    why: tuple[tuple[str, int], ...]
    with_it: Share | None
    without_it: Share | None

    @property
    def is_empty(self) -> bool:
        return self.done is None and self.skipped is None and self.open is None


Row = tuple[Any, ...]


def lessons(scenario_id: uuid.UUID) -> dict[str, Lesson]:
    """What is known per step (its key), over all versions of the scenario."""
    organisations = _organisations()
    by_step: dict[str, list[Row]] = defaultdict(list)
    for row in _facts(scenario_id, organisations):
        by_step[row.step].append(row)
    return {key: _lesson(organisations, rows) for key, rows in by_step.items()}


def _organisations() -> Sequence[uuid.UUID]:
    query = select(Tenant.id).where(Tenant.network_id == tenancy.current_network_id()).order_by(Tenant.id)
    return list(db.session.scalars(query))


def _facts(scenario_id: uuid.UUID, organisations: Sequence[uuid.UUID]) -> Sequence[Any]:
    query = (
        select(
            ScenarioFact.tenant_id,
            ScenarioFact.step,
            ScenarioFact.state,
            ScenarioFact.days,
            ScenarioFact.skip_reason,
            CaseFact.eviction_outcome,
            CaseFact.closed_month,
        )
        .join(CaseFact, and_(CaseFact.tenant_id == ScenarioFact.tenant_id, CaseFact.id == ScenarioFact.fact_id))
        .where(ScenarioFact.scenario_id == scenario_id, ScenarioFact.tenant_id.in_(organisations))
    )
    with statistics_session() as session:
        return session.execute(query).all()


def _lesson(organisations: Sequence[uuid.UUID], rows: Sequence[Any]) -> Lesson:
    states = _sums(organisations, [(row.tenant_id, _state(row)) for row in rows], STATES)
    days = [row.days for row in rows if row.state == "done" and row.days is not None]
    reasons = [(row.tenant_id, row.skip_reason) for row in rows if row.state == "skipped"]
    codes = sorted({code for _tenant, code in reasons})
    why = _sums(organisations, reasons, codes) if codes else {}
    shown = sorted(((str(code), n) for code, n in why.items() if n), key=lambda pair: (-pair[1], pair[0]))
    ends = _outcomes(organisations, rows)
    return Lesson(
        done=states["done"],
        skipped=states["skipped"],
        open=states["open"],
        days=median(days) if states["done"] is not None and len(days) >= THRESHOLD else None,
        why=tuple(shown),
        with_it=ends[True],
        without_it=ends[False],
    )


def _state(row: Any) -> str:
    return row.state if row.state in ("done", "skipped") else "open"


def _outcomes(organisations: Sequence[uuid.UUID], rows: Sequence[Any]) -> dict[bool, Share | None]:
    """Avoided or not, with and without the step, of closed cases whose end is known."""
    columns = [(done, well) for done in (True, False) for well in (True, False)]
    ended = [
        (row.tenant_id, (row.state == "done", row.eviction_outcome in ENDED_WELL))
        for row in rows
        if row.closed_month is not None and row.eviction_outcome in ENDED_WELL | ENDED_OTHERWISE
    ]
    known = _sums(organisations, ended, columns)
    found: dict[bool, Share | None] = {}
    for done in (True, False):
        well, not_well = known[done, True], known[done, False]
        found[done] = share(well, well + not_well) if well is not None and not_well is not None else None
    return found


@lru_cache(maxsize=512)  # computed once per set of counts
def _suppressed(counts: Counts, withheld: frozenset[Cell]) -> Published:
    return suppress(counts, withheld=withheld)


def _sums(
    organisations: Sequence[uuid.UUID], rows: Sequence[tuple[uuid.UUID, Hashable]], columns: Sequence[Hashable]
) -> dict[Hashable, int | None]:
    """The network's sums per column, None where hidden; no organisation's own count is published."""
    tally = Counter(rows)
    counts = Counts(tuple(tuple(tally[each, column] for column in columns) for each in organisations))
    if not organisations:
        return dict.fromkeys(columns)
    own = {(place, column) for place in range(len(organisations)) for column in (*range(len(columns)), TOTAL)}
    published = _suppressed(counts, frozenset(own))
    return {column: published.get(TOTAL, place) for place, column in enumerate(columns)}
