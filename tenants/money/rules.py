"""Repayment plans (afbetalingsplannen) and structured communications (OGM), to the cent and to the day."""

import calendar
import math
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

from stdnum.be import ogm_vcs
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError

from app.i18n import N_

CENT = Decimal("0.01")
# Ten years: a longer plan outlives the lease, and a number above it is an amount in the wrong box.
MOST_INSTALMENTS = 120


@dataclass(frozen=True)
class Instalment:
    """One payment of a plan (aflossing): euro, and what is still owed once it is paid."""

    number: int
    due: date
    amount: Decimal
    remaining: Decimal


class ScheduleError(ValueError):
    """No plan can be made of these; `problems` holds an English msgid for each thing to mend."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def repayment_schedule(
    total: Decimal, first_due: date, *, count: int | None = None, monthly: Decimal | None = None
) -> tuple[Instalment, ...]:
    """The monthly instalments that pay back `total` euro, the first on `first_due`.

    Give either their `count` or the `monthly` amount. All are equal but the last, which takes the rest:
    somewhat more with a count, at most a month's amount with `monthly`. A plan that starts on the 31st falls
    on the last day of a shorter month. Raises ScheduleError with everything that is wrong.
    """
    if problems := _problems(total, count, monthly):
        raise ScheduleError(problems)
    if count is not None:
        amount = (total / count).quantize(CENT, ROUND_DOWN)
    else:
        assert monthly is not None  # noqa: S101 - _problems has seen to it
        amount, count = monthly, math.ceil(Fraction(total) / Fraction(monthly))
    rows, remaining = [], total
    for number in range(1, count + 1):
        paid = remaining if number == count else amount
        remaining -= paid
        rows.append(Instalment(number, months_later(first_due, number - 1), paid, remaining))
    return tuple(rows)


def _problems(total: Decimal, count: int | None, monthly: Decimal | None) -> list[str]:
    if not all(_is_in_cents(amount) for amount in (total, monthly) if amount is not None):
        return [N_("Write amounts in euro with at most two decimals.")]
    problems = []
    if total <= 0:
        problems.append(N_("There is nothing to pay back: the amount must be more than zero."))
    if (count is None) == (monthly is None):
        problems.append(N_("Give either the number of instalments or the amount per month, not both."))
    elif count is not None:
        if not 1 <= count <= MOST_INSTALMENTS:
            problems.append(N_("The number of instalments must be between 1 and 120."))
        elif total > 0 and total / count < CENT:
            problems.append(N_("The amount is too small for so many instalments."))
    elif monthly is not None:
        if monthly <= 0:
            problems.append(N_("The amount per month must be more than zero."))
        elif total / monthly > MOST_INSTALMENTS:
            problems.append(N_("With this amount per month the plan takes more than 120 months."))
    return problems


def _is_in_cents(amount: Decimal) -> bool:
    return amount.is_finite() and amount == amount.quantize(CENT)


def months_later(start: date, months: int) -> date:
    """The same day of a later month or that month's last day, counted from `start` (the 31st comes back)."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    month += 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


def structured_communication(number: int) -> str:
    """The OGM of a number of at most ten digits: '+++010/8068/17183+++', the last two digits being its check.

    Raises ValueError for a number that doesn't fit.
    """
    if not 0 < number < 10**10:
        raise ValueError("a structured communication holds a number of one to ten digits")
    digits = f"{number:010}"
    return f"+++{ogm_vcs.format(digits + ogm_vcs.calc_check_digits(digits))}+++"


def read_structured_communication(text: str) -> str:
    """A typed OGM in its usual form. Raises OgmError, whose text is a msgid that says what is wrong."""
    try:
        digits = ogm_vcs.validate(text.replace("*", ""))
    except InvalidLength as error:
        raise OgmError(N_("A structured communication has twelve digits: +++123/4567/89012+++.")) from error
    except InvalidChecksum as error:
        raise OgmError(N_("This structured communication can't be right: check its digits.")) from error
    except ValidationError as error:
        raise OgmError(N_("A structured communication holds only digits, as in +++123/4567/89012+++.")) from error
    return f"+++{ogm_vcs.format(digits)}+++"


class OgmError(ValueError):
    """The text is no structured communication; str() is the msgid for the reader."""
