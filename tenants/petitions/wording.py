"""What the pages say about a procedure: sentences in the reader's language."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import ngettext

from app.i18n import N_
from app.ui.formats import datum_kort, euro, uur
from tenants.cases.codes import Presence
from tenants.petitions.codes import Confidence
from tenants.petitions.models import Petition
from tenants.petitions.rules import Message, Stage

HOW_SURE = {
    Confidence.A: N_("read in the law's text"),
    Confidence.B: N_("general knowledge of the law"),
    Confidence.C: N_("not certain, ask a lawyer"),
}


def sentence(message: Message) -> str:
    """A message of the rules, translated, with its days as people here write them."""
    msgid, params = message
    return _(msgid, **{k: datum_kort(v) if isinstance(v, date) else v for k, v in params.items()})


def stored_sentence(explanation: dict[str, object]) -> str:
    """The same of a deadline's row, where the days are kept as text."""
    given = explanation.get("params")
    params = given if isinstance(given, dict) else {}
    days = {k: date.fromisoformat(v) if isinstance(v, str) else v for k, v in params.items()}
    return sentence((str(explanation["msgid"]), days))


def how_sure(confidence: str) -> str:
    """How sure a rule is, in words."""
    return _(HOW_SURE[Confidence(confidence)])


def presence(codes: Iterable[str] | None) -> str:
    """Who was at a hearing: 'huurder en OCMW'."""
    return ", ".join(_(Presence(code).label) for code in codes or ())


def claim(petition: Petition) -> str:
    """'Gevorderd: € 2.610,00, 3 maanden huur'; '' when the copy names no amount."""
    if petition.arrears is None:
        return ""
    months = petition.arrears_months
    if not months:
        return _("Claimed: %(amount)s", amount=euro(petition.arrears))
    return _("Claimed: %(amount)s, %(months)s", amount=euro(petition.arrears), months=months_of_rent(months))


def months_of_rent(months: Decimal) -> str:
    """'3 maanden huur', '2,5 maanden huur'."""
    if months == 1:
        return _("one month of rent")
    return _("%(number)s months of rent", number=f"{months.normalize():f}".replace(".", ","))


def stage_when(stage: Stage) -> str:
    """The day (and hour) of a stage when it is a fact; '' when it isn't known."""
    if isinstance(stage.when, datetime):
        return f"{datum_kort(stage.when.date())}, {uur(stage.when.time())}"
    return datum_kort(stage.when) if stage.when else ""


def attempts_so_far(number: int) -> str:
    """'Twee pogingen zonder antwoord.'"""
    if not number:
        return _("Nobody has tried yet.")
    return ngettext("One attempt so far.", "%(num)d attempts so far.", number)


def days_left(day: date, now: date) -> str:
    """'nog 3 dagen', 'vandaag', '2 dagen geleden'."""
    left = (day - now).days
    if left == 0:
        return _("today")
    if left < 0:
        return ngettext("%(num)d day ago", "%(num)d days ago", -left)
    return ngettext("%(num)d day left", "%(num)d days left", left)
