"""What was paid on a repayment plan, and what stays out. Pure. Amounts in euro (Decimal), days are dates.

Payments fill the oldest instalment first. Who pays may say which debt it is for, unless the law or the contract says
otherwise (Burgerlijk Wetboek art. 5.208). When nobody says so it goes to the debts that are due, of those to the ones
that the debtor gains most by paying, of equal ones to the oldest, and all else being equal to each in proportion (art.
5.209). The instalments of one plan weigh the same, so that is the oldest. Interest would go before the capital (art.
5.210); a plan has none, its amounts are as agreed [A: read in a copy of the law of 28 April 2022 with Book 5, in force
since 1 January 2023 by its art. 65]. A debt that began earlier keeps the rules of before, unless agreed otherwise (its
art. 64 [A]): art. 1253, 1254 and 1256 of the old code, which have the same order [B: the Brussels support centre for
debt mediation, mediationdedettes.be, September 2022].
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from app.i18n import N_
from tenants.repayment.codes import Standing

# Days after which an instalment that stayed out counts as missed: a transfer over a weekend is no breach yet.
GRACE = timedelta(days=5)
NOTHING = Decimal("0.00")


class OverpaidError(ValueError):
    """More was paid than the plan holds."""


@dataclass(frozen=True)
class Due:
    """An instalment (aflossing) as it was agreed."""

    number: int
    due_on: date
    amount: Decimal


@dataclass(frozen=True)
class Paid:
    """A payment that was received."""

    on: date
    amount: Decimal


@dataclass(frozen=True)
class Line:
    """An instalment with what was received of it; received_on: the day of the last payment that went into it."""

    due: Due
    received: Decimal = NOTHING
    received_on: date | None = None

    @property
    def left(self) -> Decimal:
        return self.due.amount - self.received

    def standing(self, day: date) -> Standing:
        if self.left == 0:
            return Standing.RECEIVED
        if self.due.due_on + GRACE < day:
            return Standing.MISSED
        return Standing.EXPECTED if self.due.due_on <= day else Standing.TO_COME


def allocate(instalments: Iterable[Due], payments: Iterable[Paid]) -> tuple[Line, ...]:
    """The instalments, the oldest first, with the payments in the order of their days. Raises OverpaidError."""
    due = sorted(instalments, key=lambda each: (each.due_on, each.number))
    received, last, at = [NOTHING] * len(due), [None] * len(due), 0
    days: list[date | None] = list(last)
    for payment in sorted(payments, key=lambda each: each.on):
        rest = payment.amount
        while rest > 0:
            if at == len(due):
                raise OverpaidError(str(rest))
            part = min(rest, due[at].amount - received[at])
            received[at] += part
            rest -= part
            days[at] = payment.on
            at += received[at] == due[at].amount
    return tuple(Line(*each) for each in zip(due, received, days, strict=True))


@dataclass(frozen=True)
class Balance:
    """What a plan comes to: in all, received, still to pay, and how much of that is missed."""

    total: Decimal
    received: Decimal
    left: Decimal
    behind: Decimal


def balance(lines: Sequence[Line], day: date) -> Balance:
    """The saldo on a day."""
    total = sum((line.due.amount for line in lines), NOTHING)
    left = sum((line.left for line in lines), NOTHING)
    behind = sum((line.left for line in lines if line.standing(day) is Standing.MISSED), NOTHING)
    return Balance(total, total - left, left, behind)


def next_open(lines: Sequence[Line]) -> Line | None:
    """The oldest instalment that is not paid in full; None when all is paid."""
    return next((line for line in lines if line.left > 0), None)


def missed(lines: Sequence[Line], day: date) -> list[Line]:
    """The instalments that stayed out too long, the oldest first."""
    return [line for line in lines if line.standing(day) is Standing.MISSED]


def problems(amount: Decimal | None, on: date, left: Decimal, day: date) -> list[tuple[str, str]]:
    """(field, msgid) for what is wrong with a payment noted on `day` while `left` is still to pay."""
    found = []
    if amount is None or amount <= 0:
        found.append(("amount", N_("Fill in the amount that was received, more than 0.")))
    elif amount > left:
        found.append(("amount", N_("That is more than what is still to pay. Check the amount.")))
    if on > day:
        found.append(("paid_on", N_("This day is still to come. Fill in today or earlier.")))
    return found
