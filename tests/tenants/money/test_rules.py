"""Repayment plans add up to the cent and keep to the day; structured communications check."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tenants.money.rules import (
    CENT,
    MOST_INSTALMENTS,
    OgmError,
    ScheduleError,
    read_structured_communication,
    repayment_schedule,
    structured_communication,
)

euros = st.decimals(min_value=Decimal("0.01"), max_value=Decimal(50_000), places=2)
days = st.dates(min_value=date(2019, 1, 1), max_value=date(2060, 12, 31))


def check(rows, total, first_due):
    assert sum(row.amount for row in rows) == total
    assert all(row.amount > 0 for row in rows)
    assert all(row.amount == row.amount.quantize(CENT) for row in rows)
    owed = total
    for row in rows:
        owed -= row.amount
        assert row.remaining == owed
    assert rows[-1].remaining == 0
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    assert rows[0].due == first_due
    for at, row in enumerate(rows):
        assert (row.due.year * 12 + row.due.month) == (first_due.year * 12 + first_due.month) + at
        is_last_of_its_month = (row.due + timedelta(days=1)).day == 1
        assert row.due.day == first_due.day or (row.due.day < first_due.day and is_last_of_its_month)


@given(euros, st.integers(1, MOST_INSTALMENTS), days)
def test_by_count_adds_up_and_the_last_takes_the_rest(total, count, first_due):
    assume(total / count >= CENT)
    rows = repayment_schedule(total, first_due, count=count)
    check(rows, total, first_due)
    assert len(rows) == count
    assert len({row.amount for row in rows[:-1]}) <= 1
    assert Decimal(0) <= rows[-1].amount - rows[0].amount < CENT * count


@given(euros, euros, days)
def test_by_month_adds_up_and_the_last_is_the_rest(total, monthly, first_due):
    assume(total / monthly <= MOST_INSTALMENTS)
    rows = repayment_schedule(total, first_due, monthly=monthly)
    check(rows, total, first_due)
    assert all(row.amount == monthly for row in rows[:-1])
    assert rows[-1].amount <= monthly


def test_a_plan_from_the_31st_keeps_to_the_month_ends():
    rows = repayment_schedule(Decimal("1000.00"), date(2023, 12, 31), count=6)
    assert [row.due for row in rows] == [
        date(2023, 12, 31), date(2024, 1, 31), date(2024, 2, 29),
        date(2024, 3, 31), date(2024, 4, 30), date(2024, 5, 31),
    ]  # fmt: skip
    assert [row.amount for row in rows] == [Decimal("166.66")] * 5 + [Decimal("166.70")]


def test_what_is_wrong_is_said_all_at_once():
    with pytest.raises(ScheduleError) as caught:
        repayment_schedule(Decimal("-3.00"), date(2021, 1, 1), count=500)
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize(
    ("total", "terms", "says"),
    [
        ("0", {"count": 3}, "nothing to pay back"),
        ("100.001", {"count": 3}, "two decimals"),
        ("100", {"monthly": Decimal("33.333")}, "two decimals"),
        ("NaN", {"count": 3}, "two decimals"),
        ("100", {}, "either"),
        ("100", {"count": 3, "monthly": Decimal(10)}, "either"),
        ("100", {"count": 0}, "between 1 and 120"),
        ("0.02", {"count": 3}, "too small"),
        ("100", {"monthly": Decimal(0)}, "per month must be"),
        ("100", {"monthly": Decimal("0.50")}, "more than 120 months"),
    ],
)
def test_refuses(total, terms, says):
    with pytest.raises(ScheduleError) as caught:
        repayment_schedule(Decimal(total), date(2021, 1, 1), **terms)
    assert [problem for problem in caught.value.problems if says in problem]


@given(st.integers(1, 10**10 - 1))
def test_a_structured_communication_reads_back(number):
    text = structured_communication(number)
    assert len(text) == len("+++010/8068/17183+++")
    assert read_structured_communication(text) == text
    assert int(text.replace("/", "").strip("+")[:10]) == number


@given(st.integers(1, 10**10 - 1), st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(number, at, shift):
    digits = structured_communication(number).replace("/", "").strip("+")
    wrong = digits[:at] + str((int(digits[at]) + shift) % 10) + digits[at + 1 :]
    with pytest.raises(OgmError):
        read_structured_communication(wrong)


def test_a_known_communication():
    assert structured_communication(108068171) == "+++010/8068/17183+++"
    assert read_structured_communication("***010 8068 17183***") == "+++010/8068/17183+++"


@pytest.mark.parametrize(
    ("text", "says"),
    [("12345", "twelve digits"), ("+++010/8068/17184+++", "check its digits"), ("huur maart", "only digits")],
)
def test_a_wrong_communication_says_what_is_wrong(text, says):
    with pytest.raises(OgmError, match=says):
        read_structured_communication(text)


@pytest.mark.parametrize("number", [0, -1, 10**10])
def test_a_number_that_does_not_fit(number):
    with pytest.raises(ValueError, match="ten digits"):
        structured_communication(number)
