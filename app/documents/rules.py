"""How amounts and days are written in a Dutch document.

Written here and not left to a locale library, whose data change with its version: a final document must come
out the same in ten years.
"""

from datetime import date
from decimal import Decimal

MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)
NBSP = "\u00a0"


def euro(amount: Decimal) -> str:
    """'€ 1.234,50': two decimals, the sign tied to the number."""
    whole, _, cents = f"{amount:,.2f}".partition(".")
    return f"€{NBSP}{whole.replace(',', '.')},{cents}"


def day(value: date) -> str:
    """'3 maart 2021', not broken between the number and the month."""
    return f"{value.day}{NBSP}{MONTHS[value.month - 1]} {value.year}"


def short_day(value: date) -> str:
    """'03/03/2021', for a column of days."""
    return f"{value:%d/%m/%Y}"


def iban(number: str) -> str:
    """In groups of four, as on a bank card."""
    plain = "".join(number.split()).upper()
    return NBSP.join(plain[at : at + 4] for at in range(0, len(plain), 4))
