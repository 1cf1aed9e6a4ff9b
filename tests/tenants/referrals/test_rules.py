"""The order of the waiting list, by examples and by properties."""

import itertools
import uuid
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenants.guidance.codes import ProcedureKind
from tenants.petitions.codes import DeadlineKind
from tenants.referrals.codes import WaitsFor
from tenants.referrals.rules import (
    Criterion,
    Threat,
    ThreatKind,
    Waiting,
    days_waited,
    decisive,
    in_order,
    threat,
)

TODAY = date(2026, 11, 24)
D = DeadlineKind


def waits(kind=ProcedureKind.HOUSING_GUIDANCE, since=0, threatened=None, number=1):
    """Waits since so many days; threatened in so many days."""
    danger = None if threatened is None else Threat(ThreatKind.HEARING, TODAY + timedelta(days=threatened))
    return Waiting(uuid.UUID(int=number), kind, TODAY - timedelta(days=since), danger)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ({}, None),
        ({D.HEARING: 7}, (ThreatKind.HEARING, 7)),
        ({D.HEARING: 0}, (ThreatKind.HEARING, 0)),
        ({D.HEARING: -1}, None),  # over, and not written down: it threatens no more
        ({D.EARLIEST_EVICTION: 20}, (ThreatKind.POSSIBLE, 20)),
        ({D.EARLIEST_EVICTION: -20}, (ThreatKind.POSSIBLE, 0)),  # possible since then, so from today
        ({D.EARLIEST_EVICTION: -20, D.EARLIEST_AFTER_NOTICE: 4}, (ThreatKind.POSSIBLE, 4)),
        ({D.EARLIEST_EVICTION: -20, D.PLANNED_EVICTION: 9}, (ThreatKind.PLANNED, 9)),
        ({D.EARLIEST_EVICTION: -20, D.PLANNED_EVICTION: -2}, (ThreatKind.POSSIBLE, 0)),  # did not happen
        ({D.HEARING: 3, D.EARLIEST_EVICTION: 40}, (ThreatKind.POSSIBLE, 40)),
    ],
)
def test_the_threatening_day(days, expected):
    found = threat({kind: TODAY + timedelta(days=n) for kind, n in days.items()}, TODAY)
    assert (found and (found.kind, (found.on - TODAY).days)) == expected


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        (waits(ProcedureKind.FBU), waits(since=900, threatened=1), Criterion.FBU),
        (waits(threatened=3), waits(since=90, threatened=9), Criterion.THREAT),
        (waits(threatened=300), waits(since=90), Criterion.THREAT),  # a far threat before none at all
        (waits(since=9, threatened=3), waits(since=2, threatened=3), Criterion.WAITED),
        (waits(since=9), waits(since=2), Criterion.WAITED),
        (waits(ProcedureKind.FBU, since=9), waits(ProcedureKind.FBU, since=2), Criterion.WAITED),
        (waits(number=1), waits(number=2), Criterion.ARRIVAL),
        (waits(threatened=2), waits(ProcedureKind.FBU_SOCIAL, since=50), Criterion.THREAT),  # Sociaal is not FBU
    ],
)
def test_who_comes_first_and_why(first, second, why):
    assert in_order([second, first]) == [first, second]
    assert decisive(first, second) is why
    if why is not Criterion.ARRIVAL:
        with pytest.raises(ValueError, match="comes after"):
            decisive(second, first)


places = st.builds(
    Waiting,
    st.uuids(),
    st.sampled_from(WaitsFor.kinds),
    st.dates(date(2026, 1, 1), TODAY),
    st.none() | st.builds(Threat, st.sampled_from(ThreatKind), st.dates(TODAY, date(2027, 6, 1))),
)


@settings(max_examples=60)
@given(st.lists(places, max_size=12, unique_by=lambda place: place.id), st.randoms())
def test_the_order_does_not_hang_on_who_was_read_first(listed, chance):
    ordered = in_order(listed)
    shuffled = list(listed)
    chance.shuffle(shuffled)
    assert in_order(shuffled) == ordered
    kinds = [place.guidance is ProcedureKind.FBU for place in ordered]
    assert kinds == sorted(kinds, reverse=True)  # FBU in front, always
    for one, other in itertools.pairwise(ordered):
        assert decisive(one, other) in Criterion
    for group in (True, False):
        days = [p.threat.on if p.threat else date.max for p in ordered if (p.guidance is ProcedureKind.FBU) is group]
        assert days == sorted(days)


@pytest.mark.parametrize(("since", "days"), [(TODAY, 0), (TODAY - timedelta(days=34), 34), (TODAY + timedelta(1), 0)])
def test_days_waited(since, days):
    assert days_waited(since, TODAY) == days
