"""What can be asked at a hearing, out of what is known of the household. Pure.

The sentences are Dutch, since they are printed on the sheet that goes along to court.
"""

from dataclasses import dataclass
from datetime import date

from app.i18n import N_
from tenants.cases.codes import Code

WINTER_MONTHS = frozenset({11, 12, 1, 2, 3})  # when judges hear 'winter' as a grave reason; no law names its days


class Lawyer(Code):
    """Whether somebody pleads for the tenant."""

    UNKNOWN = "unknown", N_("Not known yet")
    NONE = "none", N_("No lawyer")
    ASKED = "asked", N_("Asked for, not there yet")
    FOUND = "found", N_("Has a lawyer")


@dataclass(frozen=True)
class Prospect:
    """What is known before a hearing."""

    hearing_on: date
    reached: bool
    owes_rent: bool
    has_proposal: bool
    lawyer: Lawyer = Lawyer.UNKNOWN
    children: int | None = None


def what_to_ask(prospect: Prospect) -> tuple[str, ...]:
    """What to ask or to do in court, in the order in which it comes up.

    Conciliation first: Ger.W. art. 1344septies (read in the law's text). A recorded agreement has the force of a
    judgment. The judge lengthens the month before eviction for grave reasons: Ger.W. art. 1344quater.
    """
    asked = []
    if not prospect.reached:
        asked.append("Nog niet bereikt: spreek de huurder aan vóór de zitting begint, en noteer een telefoonnummer.")
    asked.append("Vraag eerst een verzoening. De vrederechter probeert die altijd eerst (Ger.W. art. 1344septies).")
    if prospect.has_proposal:
        asked.append("Leg het voorstel op papier voor en laat het akkoord opnemen: het geldt dan als een vonnis.")
    elif prospect.owes_rent:
        asked.append("Vraag om de achterstal in termijnen te betalen, haalbaar naast de lopende huur.")
    if prospect.lawyer in (Lawyer.UNKNOWN, Lawyer.NONE):
        asked.append("Vraag of de huurder een advocaat wil. Zo ja, vraag uitstel (pro Deo, tweedelijnsbijstand).")
    elif prospect.lawyer is Lawyer.ASKED:
        asked.append("Er is een advocaat gevraagd: vraag uitstel als die er nog niet is.")
    asked.append(f"Komt er een ontbinding, vraag meer tijd dan één maand{_grave_reasons(prospect)}.")
    return tuple(asked)


def _grave_reasons(prospect: Prospect) -> str:
    reasons = ["geen andere woning"]
    if prospect.hearing_on.month in WINTER_MONTHS:
        reasons.insert(0, "de winter")
    if prospect.children:
        reasons.insert(0, "een kind in het gezin" if prospect.children == 1 else "de kinderen in het gezin")
    return f": de vrederechter kan dat om ernstige redenen, zoals {_or(reasons)} (Ger.W. art. 1344quater)"


def _or(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} of {words[-1]}"
