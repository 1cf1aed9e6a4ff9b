"""What a document prints, as plain words: the snapshot that is frozen when it becomes final.

Everything is written out here (amounts, days, the repayment rows), so that a final document comes out the same
again whatever becomes of the rules and of the case.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from app.documents.rules import day, euro, iban, short_day
from tenants.letters.fund import FUND_SINCE, ocmw_payment
from tenants.letters.rules import Agreement, ContactEvery, Organisation, follow_up_days, rule_day
from tenants.money.rules import ScheduleError

# The Vlaams Woninghuurdecreet (9 November 2018) holds for leases from this day on; older ones keep the act of 1991.
DECREE_SINCE = date(2019, 1, 1)
COUNT_WORDS = ("nul", "één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien")
EVERY = {
    ContactEvery.WEEK: "elke week",
    ContactEvery.TWO_WEEKS: "om de twee weken",
    ContactEvery.MONTH: "elke maand",
}


def agreement_paper(agreement: Agreement) -> dict[str, Any]:
    """The content of a guidance agreement: only text, numbers, lists and dictionaries (JSON).

    What is still unknown comes out as an empty text or list; a draft shows it as a gap.
    """
    terms, lease = agreement.terms, agreement.lease
    return {
        "kind": str(terms.kind),
        "title": "Begeleidingsovereenkomst",
        "file_number": agreement.file_number,
        "organisation": _organisation(agreement.organisation),
        "tenants": [{"name": t.name, "born": day(t.born) if t.born else ""} for t in agreement.tenants],
        "landlord": {
            "name": agreement.landlord.name,
            "kbo": agreement.landlord.kbo,
            "representative": agreement.landlord.representative,
            "address": agreement.landlord.address,
        },
        "dwelling": str(lease.address) if lease.address else "",
        "lease_since": day(lease.since) if lease.since else "",
        "lease_law": _lease_law(agreement),
        "rent": _euro(lease.rent),
        "charges": _euro(terms.charges) if terms.charges else "",
        "reason": terms.reason,
        "arrears": _euro(terms.arrears) if terms.arrears else "",
        "arrears_on": day(terms.arrears_on) if terms.arrears_on else "",
        "arrears_note": terms.arrears_note,
        "decision_on": day(terms.decision_on) if terms.decision_on else "",
        "payment": _payment(agreement),
        "pay_to": iban(terms.pay_to),
        "communication": terms.communication,
        "plan": _plan(agreement),
        "contact": {
            "name": terms.contact_name,
            "phone": terms.contact_phone,
            "email": terms.contact_email,
            "every": EVERY[terms.contact_every],
        },
        "goals": list(terms.goals),
        "extra": terms.extra,
        "duration": _duration(agreement),
        "place": terms.place,
        "signed_on": day(terms.signed_on) if terms.signed_on else "",
        "copies": _counted(agreement.copies()),
    }


def _organisation(organisation: Organisation) -> dict[str, Any]:
    short = "OCMW" if organisation.is_ocmw else "CAW"
    return {
        "name": organisation.name,
        "short": short,
        "is_ocmw": organisation.is_ocmw,
        "address": str(organisation.address) if organisation.address else "",
        "kbo": organisation.kbo,
        "phone": organisation.phone,
        "email": organisation.email,
        "dpo": organisation.dpo,
        "representatives": list(organisation.representatives),
        "retention_years": organisation.retention_years,
    }


def _lease_law(agreement: Agreement) -> str:
    """Which law the lease follows in principle: 'social', 'decree', 'act' or '' where that isn't known."""
    if agreement.lease.is_social:
        return "social"
    if agreement.lease.since is None:
        return ""
    return "decree" if agreement.lease.since >= DECREE_SINCE else "act"


def _payment(agreement: Agreement) -> dict[str, Any] | None:
    """What the OCMW pays under the fund; None in an ordinary agreement."""
    terms = agreement.terms
    if not agreement.is_fbu:
        return None
    day_of_rules = max(rule_day(agreement), FUND_SINCE)
    rule = ocmw_payment(terms.arrears or Decimal(0), day_of_rules, agreement.fund_rules).rule.value
    return {
        "amount": _euro(terms.ocmw_payment),
        "within_working_days": _counted(rule.within_working_days),
        "recovered": euro(terms.recovered) if terms.recovered else "",
    }


def _plan(agreement: Agreement) -> dict[str, Any] | None:
    """The repayment table with its totals; None where nothing is owed or the terms make no plan yet."""
    terms = agreement.terms
    if agreement.balance <= 0 or terms.first_due is None or not agreement.is_planned:
        return None
    try:
        rows = agreement.schedule()
    except ScheduleError:
        return None
    monthly = (agreement.lease.rent or Decimal(0)) + (terms.charges or Decimal(0))
    return {
        "balance": euro(agreement.balance),
        "count": _counted(len(rows)),
        "monthly": euro(monthly) if monthly else "",
        "rows": [
            {
                "number": row.number,
                "due": short_day(row.due),
                "amount": euro(row.amount),
                "together": euro(row.amount + monthly),
                "remaining": euro(row.remaining),
            }
            for row in rows
        ],
        "together": euro(agreement.balance + monthly * len(rows)),
        "first_due": day(rows[0].due),
        "last_due": day(rows[-1].due),
    }


def _duration(agreement: Agreement) -> dict[str, Any] | None:
    start, months, last = agreement.terms.start, agreement.terms.months, agreement.last_day()
    if start is None or months is None or last is None:
        return None
    return {
        "start": day(start),
        "last": day(last),
        "months": _counted(months),
        "follow_up": [day(moment) for moment in follow_up_days(start, months)],
    }


def _euro(amount: Decimal | None) -> str:
    return "" if amount is None else euro(amount)


def _counted(number: int) -> str:
    """'drie' up to ten, '12' above, as Dutch prints numbers in running text."""
    return COUNT_WORDS[number] if number < len(COUNT_WORDS) else str(number)
