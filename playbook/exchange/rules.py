"""Contact persons: what kinds there are, who is absent when, what a contact must say. Pure."""

import re
from datetime import date
from enum import StrEnum

from app.i18n import N_


class ContactKind(StrEnum):
    """central: the one whom the other organisations and the reporting point call (centrale contactpersoon);
    ambassador: who carries prevention within the organisation (ambassadeur)."""

    CENTRAL = "central"
    AMBASSADOR = "ambassador"
    COLLEAGUE = "colleague"


LABELS = {
    ContactKind.CENTRAL: N_("Central contact person"),
    ContactKind.AMBASSADOR: N_("Ambassador"),
    ContactKind.COLLEAGUE: N_("Colleague"),
}
ORDER = {kind: number for number, kind in enumerate(ContactKind)}

_PHONE = re.compile(r"\+?[\d ./()-]{6,40}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.I)


def is_absent(start: date | None, end: date | None, day: date) -> bool:
    """Whether `day` falls in an absence; a missing end of it means until further notice."""
    return start is not None and start <= day and (end is None or day <= end)


def problems_of(
    name: str, phone: str, email: str, absent_from: date | None, absent_to: date | None
) -> list[tuple[str, str]]:
    """(field, msgid) for everything that is wrong with a contact."""
    found = []
    if not name:
        found.append(("name", N_("Give a name.")))
    if not phone and not email:
        found.append(("phone", N_("Give a phone number or an e-mail address: at least one of the two.")))
    if phone and not _PHONE.fullmatch(phone):
        found.append(("phone", N_("This is not a phone number. Write it as 056 12 34 56 or +32 56 12 34 56.")))
    if email and not _EMAIL.fullmatch(email):
        found.append(("email", N_("This is not an e-mail address. Write it as name@organisation.be.")))
    if absent_to and not absent_from:
        found.append(("absent_from", N_("Say from when the absence lasts.")))
    if absent_from and absent_to and absent_to < absent_from:
        found.append(("absent_to", N_("The absence ends before it starts. Check both days.")))
    return found
