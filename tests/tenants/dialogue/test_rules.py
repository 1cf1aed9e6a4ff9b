"""Agreements, the yearly talk and the cantons."""

import uuid
from datetime import date

import pytest

from tenants.demo.region import ORGANISATIONS
from tenants.dialogue import rules
from tenants.dialogue.codes import AgreementState
from tenants.intake.places import municipalities

TODAY = date(2026, 11, 24)
LIST = rules.covered()
# domain.md § cantons: those of West-Vlaanderen, Harelbeke having gone into Waregem.
COURTS = {
    "Brugge 1", "Brugge 2", "Brugge 3", "Brugge 4", "Torhout", "Tielt", "Oostende 1", "Oostende 2", "Kortrijk 1",
    "Kortrijk 2", "Izegem", "Roeselare", "Menen", "Waregem", "Ieper 1", "Ieper 2", "Wervik", "Veurne-Nieuwpoort",
    "Diksmuide",
}  # fmt: skip


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
    without = [each.name for each in municipalities() if not rules.cantons_of(each.nis, TODAY, LIST)]
    assert without == []


def test_what_was_read_in_the_law_and_what_has_to_be_asked():
    waregem = rules.municipalities_of("Waregem", TODAY, LIST)
    assert [each.municipality for each in waregem] == ["Harelbeke", "Oostrozebeke", "Waregem", "Wielsbeke"]
    assert {each.confidence for each in waregem} == {"A"}
    assert rules.cantons_of("35013", TODAY, LIST) == ["Oostende 1", "Oostende 2"]
    for each in rules.covered():
        assert each.source
        assert each.confidence in "ABC"
    assert rules.sessions()["Oostende 2"].weekday == 3


def test_seats_are_known_and_what_is_not_stays_open():
    assert [each.municipality for each in rules.municipalities_of("Veurne-Nieuwpoort", TODAY, LIST)] == [
        "Nieuwpoort",
        "Veurne",
    ]
    assert rules.municipalities_of("Wervik 9", TODAY, LIST) == []
    assert "Ieper 1" in rules.cantons()
    assert all(each.source for each in rules.sessions().values())


def test_the_list_names_every_court_and_only_real_municipalities():
    assert set(rules.cantons()) == COURTS
    for each in LIST:
        place = rules.places()[each.nis]
        assert place.name == each.municipality
        assert place.until is None or place.until == each.valid_to
    pairs = [(each.canton, each.nis, each.valid_from) for each in LIST]
    assert len(pairs) == len(set(pairs))
    assert not [each.municipality for each in LIST if rules.doubly_covered(each, TODAY, LIST)]


def test_every_municipality_of_the_demo_has_a_canton_or_is_to_be_asked():
    codes = {each.nis for each in ORGANISATIONS if each.nis}
    assert len(codes) == 17
    asked = {place.nis for place in rules.to_ask(codes, TODAY, LIST)}
    sure = {each.nis for each in LIST if each.confidence in "AB" and each.holds_on(TODAY)}
    assert asked == codes - sure
    assert "34040" not in asked  # Waregem, read in the law
    assert "35002" in asked  # Bredene
    assert [place.nis for place in rules.to_ask(["99999"], TODAY, LIST)] == ["99999"]


def stated(canton, nis, **more):
    name = rules.places()[nis].name
    return rules.Covered(canton, name, nis, False, "", "griffie", None, None, stated=uuid.uuid4(), **more)


def test_what_a_registry_answered_goes_before_the_list():
    known = rules.with_statements(LIST, (stated("Oostende 1", "35002", excluded=True), stated("Oostende 2", "35002")))
    assert rules.cantons_of("35002", TODAY, known) == ["Oostende 2"]
    assert "Bredene" not in {each.municipality for each in rules.municipalities_of("Oostende 1", TODAY, known)}
    assert "Bredene" in {
        each.municipality for each in rules.told_of("Oostende 1", TODAY, known)
    }  # struck out, not lost
    assert not rules.to_ask(["35002"], TODAY, known)


def test_a_municipality_that_lies_in_two_cantons_as_a_whole_is_pointed_out():
    new = stated("Menen", "34040")
    assert rules.doubly_covered(new, TODAY, (*LIST, new)) == ["Waregem"]
    assert rules.doubly_covered(stated("Menen", "34040", excluded=True), TODAY, LIST) == []
    assert rules.doubly_covered(next(each for each in LIST if each.partly), TODAY, LIST) == []


@pytest.mark.parametrize(
    ("name", "day", "nis"),
    [
        ("tielt", TODAY, "37022"),
        ("Meulebeke", TODAY, None),
        ("MEULEBEKE", date(2024, 12, 31), "37007"),
        ("X", TODAY, None),
    ],
)
def test_a_municipality_is_found_by_its_name_as_long_as_it_exists(name, day, nis):
    found = rules.place_called(name, day)
    assert (found.nis if found else None) == nis
