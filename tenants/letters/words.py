"""What the pages of documents say in the reader's language."""

from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import ngettext

from app.ui.formats import datum, euro, today
from tenants.letters import fund_amounts
from tenants.letters.fund import FUND_SINCE, ocmw_payment
from tenants.letters.rules import AgreementKind, Missing, Remark, Terms
from tenants.money.rules import ScheduleError, repayment_schedule


def payment_hint(terms: Terms) -> str:
    """What the rules of the fund come to, with their source; '' outside the fund or without arrears."""
    day = terms.start or terms.arrears_on or today()
    if terms.kind is not AgreementKind.FBU or terms.arrears is None or day < FUND_SINCE:
        return ""
    payment = ocmw_payment(terms.arrears, day, fund_amounts.rules())
    text = _(
        "By the rules %(amount)s: half of the arrears, at most %(maximum)s (%(source)s).",
        amount=euro(payment.amount),
        maximum=euro(payment.rule.value.maximum),
        source=payment.rule.source,
    )
    if payment.rule.value.confidence == "C":
        text += " " + _("Not confirmed yet for this year: check the maximum first.")
    return text


def money_agreed(terms: Terms) -> list[str]:
    """What an agreement comes to: the arrears, what the OCMW pays, how the rest is paid back; [] without arrears."""
    if not terms.arrears:
        return []
    paid = (terms.ocmw_payment or Decimal(0)) if terms.kind is AgreementKind.FBU else Decimal(0)
    said = [_("arrears %(amount)s", amount=euro(terms.arrears))]
    if paid:
        said.append(_("the OCMW pays %(amount)s to the landlord", amount=euro(paid)))
    if terms.first_due is None or terms.arrears <= paid:
        return said
    try:
        plan = repayment_schedule(
            terms.arrears - paid, terms.first_due, count=terms.instalment_count, monthly=terms.instalment_amount
        )
    except ScheduleError:  # the terms make no plan: the agreement itself says what was agreed
        return said
    first = {"amount": euro(plan[0].amount), "day": datum(plan[0].due)}
    said.append(
        ngettext(
            "paid back in one instalment of %(amount)s on %(day)s",
            "paid back in %(num)d instalments, the first of %(amount)s on %(day)s",
            len(plan),
            **first,
        )
    )
    return said


def told(remark: Remark) -> str:
    """A remark in the reader's language."""
    return _(remark.message, **remark.values)


def named(missing: Missing) -> str:
    """'de naam van de verhuurder (in het dossier)'."""
    return f"{_(missing.label)} ({_(missing.where.label)})"
