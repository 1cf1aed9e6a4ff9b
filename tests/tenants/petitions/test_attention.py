"""The one thing that matters now."""

from datetime import date, datetime

import pytest

from tenants.cases.codes import JudgmentKind
from tenants.petitions.attention import Attention, Matter, what_matters
from tenants.petitions.rules import ProcedureEvents, deadlines

TODAY = date(2026, 11, 24)
RECEIVED = date(2026, 11, 16)
SERVED = {"pronounced_on": date(2026, 10, 20), "judgment_kind": JudgmentKind.DEFAULT}


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, None),
        ({"received_on": date(2026, 11, 23)}, None),
        ({"received_on": RECEIVED}, Attention(Matter.CONTACT_LATE, date(2026, 11, 19))),
        (
            {"received_on": RECEIVED, "hearing_at": datetime(2026, 12, 20, 9)},
            Attention(Matter.HEARING_NOT_REACHED, date(2026, 12, 20)),
        ),
        (
            {"hearing_at": datetime(2026, 12, 1, 9), "first_contact_on": TODAY},
            Attention(Matter.HEARING_SOON, date(2026, 12, 1)),
        ),
        ({"hearing_at": datetime(2026, 12, 2, 9), "first_contact_on": TODAY}, None),
        ({"hearing_at": datetime(2026, 11, 23, 9)}, Attention(Matter.HEARING_UNRECORDED, date(2026, 11, 23))),
        ({"hearing_at": datetime(2026, 11, 23, 9), "hearing_held_on": date(2026, 11, 23)}, None),
        ({**SERVED, "served_on": date(2026, 10, 30)}, Attention(Matter.EVICTION_POSSIBLE, date(2026, 12, 1))),
        ({**SERVED, "served_on": date(2026, 11, 20)}, None),
        (
            {**SERVED, "judgment_kind": JudgmentKind.CONDITIONAL, "served_on": date(2026, 10, 30)},
            None,
        ),
        (
            {**SERVED, "served_on": date(2026, 10, 1), "planned_eviction_on": date(2027, 1, 5)},
            Attention(Matter.EVICTION_PLANNED, date(2027, 1, 5)),
        ),
        ({**SERVED, "served_on": date(2026, 10, 1), "evicted_on": date(2026, 11, 20)}, None),
    ],
)
def test_the_most_pressing_thing(known, expected):
    events = ProcedureEvents(**known)
    assert what_matters(events, deadlines(events), TODAY) == expected
