"""A legal value is found by the day it holds on."""

from datetime import date

import pytest

from app.dated.rules import Dated, NothingInForceError, dated, table

MAXIMA = table(
    Dated(1482, "2024", valid_from=date(2024, 1, 1), valid_to=date(2024, 12, 31)),
    Dated(1477, "2023", valid_from=date(2023, 1, 1), valid_to=date(2023, 12, 31)),
)


@pytest.mark.parametrize(
    ("day", "value"),
    [
        (date(2023, 1, 1), 1477),
        (date(2023, 12, 31), 1477),
        (date(2024, 1, 1), 1482),
        (date(2024, 12, 31), 1482),
    ],
)
def test_both_ends_of_a_row_count(day: date, value: int) -> None:
    assert dated(MAXIMA, day).value == value


@pytest.mark.parametrize("day", [date(2022, 12, 31), date(2025, 1, 1)])
def test_a_day_without_a_rule_is_told_not_guessed(day: date) -> None:
    with pytest.raises(NothingInForceError) as nothing:
        dated(MAXIMA, day)
    assert nothing.value.day == day


def test_an_open_row_holds_always() -> None:
    always = table(Dated("x", "law"))
    assert dated(always, date(1800, 1, 1)).value == dated(always, date(2999, 1, 1)).value == "x"


def test_the_row_brings_its_source() -> None:
    assert dated(MAXIMA, date(2024, 6, 1)).source == "2024"


@pytest.mark.parametrize(
    "rows",
    [
        (Dated(1, "a"), Dated(2, "b")),
        (Dated(1, "a", valid_to=date(2024, 1, 1)), Dated(2, "b", valid_from=date(2024, 1, 1))),
        (Dated(1, "a", valid_from=date(2024, 1, 1)), Dated(2, "b", valid_from=date(2025, 1, 1))),
    ],
)
def test_two_rules_on_one_day_are_refused(rows: tuple[Dated[int], ...]) -> None:
    with pytest.raises(ValueError, match="overlap"):
        table(*rows)


def test_a_row_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="ends before"):
        table(Dated(1, "a", valid_from=date(2024, 2, 1), valid_to=date(2024, 1, 1)))
