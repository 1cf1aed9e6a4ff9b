"""What the OCMW pays to the landlord under the fund (FBU): a share of the arrears, up to a dated maximum.

Pure. Source of the amounts: `fbu_payment.toml`, and what the platform's administrator confirmed since.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib.resources import files

from app.dated.rules import Dated, dated, table
from tenants.money.rules import CENT


@dataclass(frozen=True)
class PaymentRule:
    """`share` of the arrears, at most `maximum`, to be paid so many working days after signing."""

    share: Decimal
    maximum: Decimal
    within_working_days: int
    confidence: str


@dataclass(frozen=True)
class Payment:
    """What the rules of that day come to, with the row they come from (its source and confidence)."""

    amount: Decimal
    rule: Dated[PaymentRule]


@cache
def payment_rules() -> tuple[Dated[PaymentRule], ...]:
    """The rows of `fbu_payment.toml`."""
    rows = tomllib.loads(files(__package__).joinpath("fbu_payment.toml").read_text(encoding="utf-8"))["payment"]
    return table(
        *(
            Dated(
                PaymentRule(
                    Decimal(row["share"]),
                    Decimal(row["maximum"]),
                    row["within_working_days"],
                    row["confidence"],
                ),
                row["source"],
                row["valid_from"],
                row.get("valid_to"),
            )
            for row in rows
        )
    )


def with_amendments(
    rules: Sequence[Dated[PaymentRule]], amendments: Sequence[Dated[PaymentRule]]
) -> tuple[Dated[PaymentRule], ...]:
    """The rules with rows added to them: each holds until the next one starts; an amendment of a day wins."""
    by_day = {row.valid_from or date.min: row for row in (*rules, *amendments)}
    days = sorted(by_day)
    ends: list[date | None] = [day - timedelta(days=1) for day in days[1:]]
    return table(*(replace(by_day[day], valid_to=end) for day, end in zip(days, [*ends, None], strict=True)))


FUND_SINCE = date(2020, 6, 1)  # the BVR's entry into force


def ocmw_payment(arrears: Decimal, day: date, rules: Sequence[Dated[PaymentRule]] | None = None) -> Payment:
    """What the OCMW pays of `arrears` by the rules of `day` (by default those that come with the program).

    Raises NothingInForceError for a day before the fund existed.
    """
    rule = dated(rules or payment_rules(), day)
    half = (arrears * rule.value.share).quantize(CENT, ROUND_HALF_UP)
    return Payment(min(half, rule.value.maximum), rule)
