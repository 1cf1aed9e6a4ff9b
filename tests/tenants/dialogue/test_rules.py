"""Agreements, the yearly talk and the cantons."""

import uuid
from datetime import date

import pytest

from tenants.dialogue import rules
from tenants.dialogue.codes import AgreementState
from tenants.intake.places import municipalities

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("ended_on", "replaced", "state"),
    [
        (None, False, AgreementState.IN_FORCE),
        (date(2026, 11, 25), False, AgreementState.IN_FORCE),
        (date(2026, 11, 24), False, AgreementState.ENDED),
        (date(2026, 11, 24), True, AgreementState.REPLACED),
    ],
)
def test_where_an_agreement_stands(ended_on, replaced, state):
    assert rules.state_of(ended_on, uuid.uuid4() if replaced else None, TODAY) is state


@pytest.mark.parametrize(
    ("day", "later"),
    [
        (date(2026, 11, 24), date(2027, 11, 24)),
        (date(2028, 2, 29), date(2029, 2, 28)),
        (date(2026, 11, 20), date(2027, 11, 22)),  # not on a Saturday
    ],
)
def test_a_year_later(day, later):
    assert rules.a_year_later(day) == later


def test_every_municipality_of_the_reporting_point_has_a_canton():
    without = [each.name for each in municipalities() if not rules.cantons_of(each.nis, TODAY)]
    assert without == []


def test_what_was_read_in_the_law_and_what_has_to_be_asked():
    waregem = rules.municipalities_of("Waregem", TODAY)
    assert [each.municipality for each in waregem] == ["Harelbeke", "Oostrozebeke", "Waregem", "Wielsbeke"]
    assert {each.confidence for each in waregem} == {"A"}
    assert rules.cantons_of("35013", TODAY) == ["Oostende 1", "Oostende 2"]
    for each in rules.covered():
        assert each.source
        assert each.confidence in "ABC"
    assert rules.sessions()["Oostende 2"].weekday == 3


def test_seats_are_known_and_what_is_not_stays_open():
    assert [each.municipality for each in rules.municipalities_of("Veurne-Nieuwpoort", TODAY)] == [
        "Nieuwpoort",
        "Veurne",
    ]
    assert rules.municipalities_of("Ieper 1", TODAY) == []  # offered by its session, its municipalities to be asked
    assert "Ieper 1" in rules.cantons()
    assert all(each.source for each in rules.sessions().values())
