"""What the pages of documents say in the reader's language."""

from flask_babel import gettext as _

from app.ui.formats import euro, today
from tenants.letters import fund_amounts
from tenants.letters.fund import FUND_SINCE, ocmw_payment
from tenants.letters.rules import AgreementKind, Missing, Remark, Terms


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


def told(remark: Remark) -> str:
    """A remark in the reader's language."""
    return _(remark.message, **remark.values)


def named(missing: Missing) -> str:
    """'de naam van de verhuurder (in het dossier)'."""
    return f"{_(missing.label)} ({_(missing.where.label)})"
