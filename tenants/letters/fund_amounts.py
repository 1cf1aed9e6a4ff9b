"""The fund's maxima: those that come with the program, and those that the platform's administrator confirmed."""

from datetime import date
from decimal import Decimal

from sqlalchemy import delete, select

from app import tenancy
from app.database import db, transaction
from app.dated.rules import Dated
from app.i18n import N_
from tenants.letters.fund import FUND_SINCE, PaymentRule, payment_rules, with_amendments
from tenants.letters.models import FundAmount

HALF = Decimal("0.50")  # the share is the decree's own, only its maximum is indexed


class FundAmountError(Exception):
    """An amount is refused; `message` is a msgid."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def rules() -> tuple[Dated[PaymentRule], ...]:
    """The rules that hold, oldest first."""
    confirmed = [
        Dated(PaymentRule(HALF, row.maximum, row.within_working_days, "A"), row.source, row.valid_from)
        for row in db.session.scalars(select(FundAmount))
    ]
    return with_amendments(payment_rules(), confirmed)


def confirmed_days() -> set[date]:
    """The first days of the rows that were confirmed here, and can be taken back."""
    return set(db.session.scalars(select(FundAmount.valid_from)))


def confirm(valid_from: date, maximum: Decimal, within_working_days: int, source: str) -> None:
    """Write a confirmed maximum; one of the same day is replaced. Final documents keep what they say."""
    if valid_from < FUND_SINCE:
        raise FundAmountError(N_("On that day the fund didn't exist yet."))
    if maximum <= 0:
        raise FundAmountError(N_("The maximum must be more than zero."))
    with transaction() as session:
        row = session.scalar(select(FundAmount).where(FundAmount.valid_from == valid_from).with_for_update())
        if row is None:
            row = FundAmount(valid_from=valid_from)
            session.add(row)
        row.maximum, row.within_working_days, row.source = maximum, within_working_days, source
        row.recorded_by = tenancy.current().user_id


def take_back(valid_from: date) -> None:
    """Remove a confirmed maximum: what comes with the program holds again."""
    with transaction() as session:
        session.execute(delete(FundAmount).where(FundAmount.valid_from == valid_from))
