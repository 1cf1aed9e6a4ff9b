"""Amounts and days as a Dutch document writes them."""

from datetime import date
from decimal import Decimal

import pytest

from app.documents.rules import MONTHS, day, euro, iban, short_day


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        ("0", "€\u00a00,00"),
        ("7.5", "€\u00a07,50"),
        ("999.99", "€\u00a0999,99"),
        ("1234.5", "€\u00a01.234,50"),
        ("1234567.89", "€\u00a01.234.567,89"),
    ],
)
def test_euro(amount, written):
    assert euro(Decimal(amount)) == written


def test_days():
    assert day(date(2021, 3, 1)) == "1\u00a0maart 2021"
    assert short_day(date(2021, 3, 1)) == "01/03/2021"
    assert (len(MONTHS), MONTHS[0], MONTHS[11]) == (12, "januari", "december")


def test_iban_in_groups():
    assert iban("be68539007547034") == "BE68\u00a05390\u00a00754\u00a07034"
