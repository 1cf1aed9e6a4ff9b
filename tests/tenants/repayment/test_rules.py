"""Payments fill the oldest instalment first, to the cent, and nothing ever goes below zero."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.money.rules import repayment_schedule
from tenants.repayment.codes import Standing
from tenants.repayment.rules import (
    GRACE,
    Due,
    OverpaidError,
    Paid,
    allocate,
    balance,
    missed,
    next_open,
    problems,
)

FIRST = date(2026, 9, 1)
PLAN = tuple(Due(row.number, row.due, row.amount) for row in repayment_schedule(Decimal(300), FIRST, count=3))


@st.composite
def plans_with_payments(draw):
    total = draw(st.decimals(Decimal("1.00"), Decimal(9000), places=2))
    rows = repayment_schedule(total, FIRST, count=draw(st.integers(1, 24)))
    payments, left = [], total
    for days in draw(st.lists(st.integers(0, 900), max_size=12)):
        if left > 0:
            amount = draw(st.decimals(Decimal("0.01"), left, places=2))
            payments.append(Paid(FIRST + timedelta(days=days), amount))
            left -= amount
    return (
        [Due(row.number, row.due, row.amount) for row in rows],
        payments,
        FIRST + timedelta(draw(st.integers(0, 900))),
    )


@given(plans_with_payments())
def test_every_cent_is_somewhere_and_the_oldest_is_filled_first(made):
    instalments, payments, day = made
    lines = allocate(reversed(instalments), payments)
    stands = balance(lines, day)
    paid = sum((payment.amount for payment in payments), Decimal(0))
    assert stands.received == sum(line.received for line in lines) == paid
    assert stands.received + stands.left == stands.total == sum(due.amount for due in instalments)
    assert 0 <= stands.behind <= stands.left
    assert all(0 <= line.received <= line.due.amount for line in lines)
    # Up to one instalment all are full, after it all are empty.
    open_at = next((at for at, line in enumerate(lines) if line.left > 0), len(lines))
    assert all(line.left == 0 for line in lines[:open_at])
    assert all(line.received == 0 for line in lines[open_at + 1 :])
    assert next_open(lines) == (lines[open_at] if open_at < len(lines) else None)
    assert stands.behind == max(
        sum((due.amount for due in instalments if due.due_on + GRACE < day), Decimal(0)) - paid, Decimal(0)
    )
    assert bool(missed(lines, day)) == (stands.behind > 0)


@given(plans_with_payments(), st.decimals(Decimal("0.01"), Decimal(100), places=2))
def test_more_than_there_is_to_pay_is_refused(made, more):
    instalments, payments, day = made
    left = balance(allocate(instalments, payments), day).left
    with pytest.raises(OverpaidError):
        allocate(instalments, [*payments, Paid(day, left + more)])
    assert [field for field, _message in problems(left + more, day, left, day)] == ["amount"]


@pytest.mark.parametrize(
    ("after", "paid", "expected"),
    [
        (0, 0, [Standing.EXPECTED, Standing.TO_COME, Standing.TO_COME]),
        (GRACE.days, 0, [Standing.EXPECTED, Standing.TO_COME, Standing.TO_COME]),
        (GRACE.days + 1, 0, [Standing.MISSED, Standing.TO_COME, Standing.TO_COME]),
        (GRACE.days + 1, 99, [Standing.MISSED, Standing.TO_COME, Standing.TO_COME]),
        (GRACE.days + 1, 100, [Standing.RECEIVED, Standing.TO_COME, Standing.TO_COME]),
        (80, 150, [Standing.RECEIVED, Standing.MISSED, Standing.MISSED]),
        (80, 300, [Standing.RECEIVED] * 3),
    ],
)
def test_where_an_instalment_stands(after, paid, expected):
    payments = [Paid(FIRST, Decimal(paid))] if paid else []
    lines = allocate(PLAN, payments)
    assert [line.standing(FIRST + timedelta(days=after)) for line in lines] == expected


@pytest.mark.parametrize(
    ("amount", "days", "fields"),
    [(None, 0, ["amount"]), (0, 0, ["amount"]), (-5, 0, ["amount"]), (101, 0, ["amount"]), (100, 1, ["paid_on"]),
     (100, 0, []), (1, -400, [])],
)  # fmt: skip
def test_a_payment_that_can_not_be(amount, days, fields):
    amount = None if amount is None else Decimal(amount)
    found = problems(amount, FIRST + timedelta(days=days), Decimal(100), FIRST)
    assert [field for field, _message in found] == fields
