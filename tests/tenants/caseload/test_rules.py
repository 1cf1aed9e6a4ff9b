"""How heavy a case weighs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenants.caseload.rules import STANDARD, Weights, departures, weight, with_departures
from tenants.guidance.codes import ProcedureKind as Kind
from tenants.petitions.codes import StageKey as Stage


@pytest.mark.parametrize(
    ("stage", "running", "points"),
    [
        (Stage.PETITION, [], 1),
        (Stage.NOTICE, [], 4),
        (Stage.PETITION, [Kind.HOUSING_DESK], 1),
        (Stage.HEARING, [Kind.FBU], 5),
        (Stage.NOTICE, [Kind.CRISIS_MEDIATION], 6),
        (Stage.HEARING, [Kind.CRISIS_MEDIATION, Kind.FBU], 5),  # the heaviest one, not the sum
    ],
)
def test_the_points_of_a_case(stage, running, points):
    assert weight(stage, running) == points


def test_every_stage_and_procedure_has_points():
    assert set(STANDARD.by_stage) == set(Stage)
    assert set(STANDARD.by_procedure) == set(Kind)


@settings(max_examples=40)
@given(st.sampled_from(Stage), st.lists(st.sampled_from(Kind)), st.sampled_from(Kind))
def test_a_procedure_more_never_makes_a_case_lighter(stage, running, more):
    assert weight(stage) <= weight(stage, running) <= weight(stage, [*running, more])


OWN = Weights({**STANDARD.by_stage, Stage.NOTICE: 8}, {**STANDARD.by_procedure, Kind.HOUSING_DESK: 1})


def test_points_of_one_s_own():
    assert weight(Stage.NOTICE, [Kind.HOUSING_DESK], OWN) == 9
    assert departures(STANDARD) == {}
    assert departures(OWN) == {"stage_notice": 8, "procedure_housing_desk": 1}
    assert with_departures(departures(OWN)) == OWN
    assert with_departures({"stage_of_long_ago": 3}) == with_departures({})
