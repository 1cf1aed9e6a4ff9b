"""What the pages of documents say in the reader's language."""

from decimal import Decimal

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.ui.formats import datum, euro, today
from app.ui.viewer import viewer
from tenants.cases.models import Case
from tenants.letters import fund_amounts
from tenants.letters.fund import FUND_SINCE, ocmw_payment
from tenants.letters.models import Document
from tenants.letters.rules import AgreementKind, Missing, Remark, Terms, Where
from tenants.money.rules import ScheduleError, repayment_schedule

AMOUNTS = ("amount", "maximum")  # values of remarks that are euro


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
    """A remark in the reader's language, its amounts written as one does."""
    values = {key: euro(Decimal(text)) if key in AMOUNTS else text for key, text in remark.values.items()}
    return _(remark.message, **values)


def named(missing: Missing) -> str:
    """'de naam van de verhuurder (in het dossier)'."""
    return f"{_(missing.label)} ({_(missing.where.label)})"


def filled_in_at(missing: Missing, case: Case, document: Document) -> str | None:
    """Where one fills it in; None where that is for another role to do."""
    if missing.where is Where.ORGANISATION:
        return url_for("LetterheadView.index") if viewer.can("organisation.write") else None
    if missing.where is Where.AGREEMENT:
        address: str = url_for("DocumentView.edit", case_id=case.id, document_id=document.id, _anchor=missing.key)
        return address
    if not viewer.can("cases.write"):
        return None
    landlord = case.dwelling.landlord_id if case.dwelling else None
    if missing.key.startswith("landlord.") and landlord:
        return url_for("LandlordView.landlord", landlord_id=landlord)
    if missing.key == "tenants.born":
        unborn = next((person for person in case.persons if person.birth_date is None), None)
        return unborn and url_for("CasePartView.person", case_id=case.id, person_id=unborn.id)
    return url_for("CasePartView.dwelling", case_id=case.id)
