"""What a report tells, what is still missing in it, and how its reference is written. Pure."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from app.i18n import N_
from tenants.cases.codes import LandlordKind, Market, Reason, Source
from tenants.cases.rules import plain, sort_key
from tenants.intake.codes import OFFERED_REASONS, ReporterKind, Track
from tenants.intake.places import contradiction

MOST_ARREARS = Decimal(100_000)  # ten years of an expensive rent: beyond it somebody mistyped
MOST_MONTHS = 120

_PHONE = re.compile(r"\+?[\d ./()-]{6,30}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.I)
_POSTCODE = re.compile(r"[1-9]\d{3}")


@dataclass(frozen=True)
class Told:
    """A report in the reporter's words. Empty text and None: not told.

    kind None: not chosen yet. arrears: euro; months: of arrears. may_tell: whether the household may hear who
    reported. language: in which the reporter is answered.
    """

    kind: ReporterKind | None = None
    reporter_first: str = ""
    reporter_last: str = ""
    reporter_organisation: str = ""
    reporter_email: str = ""
    reporter_phone: str = ""
    first_name: str = ""
    last_name: str = ""
    born: date | None = None
    street: str = ""
    house_number: str = ""
    box: str = ""
    postcode: str = ""
    municipality: str = ""
    reasons: tuple[Reason, ...] = ()
    arrears: Decimal | None = None
    months: int | None = None
    since: str = ""
    explanation: str = ""
    tried: str = ""
    may_tell: bool | None = None
    language: str = "nl"

    @property
    def in_person(self) -> bool:
        return self.kind is ReporterKind.TENANT

    @property
    def reporter(self) -> str:
        """'An Feys (Immo Feys)'."""
        name = " ".join(filter(None, [self.reporter_first, self.reporter_last]))
        return f"{name} ({self.reporter_organisation})" if self.reporter_organisation else name

    @property
    def household(self) -> tuple[str, str]:
        """(last, first name) of the one whose home it is; who reports in person need not repeat their own."""
        if self.in_person and not self.last_name:
            return self.reporter_last, self.reporter_first
        return self.last_name, self.first_name

    @property
    def main_reason(self) -> Reason:
        return self.reasons[0] if self.reasons else Reason.OTHER


def to_json(told: Told) -> dict[str, Any]:
    """As it is sealed; empty parts are left out."""
    values = asdict(told) | {
        "born": told.born.isoformat() if told.born else None,
        "arrears": str(told.arrears) if told.arrears is not None else None,
        "reasons": [str(reason) for reason in told.reasons],
        "kind": str(told.kind) if told.kind else None,
    }
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def from_json(values: Mapping[str, Any]) -> Told:
    """What `to_json` wrote."""
    born, arrears, kind = values.get("born"), values.get("arrears"), values.get("kind")
    return Told(
        **dict(values)
        | {
            "born": date.fromisoformat(born) if born else None,
            "arrears": Decimal(arrears) if arrears is not None else None,
            "reasons": tuple(Reason(value) for value in values.get("reasons", ())),
            "kind": ReporterKind(kind) if kind else None,
        }
    )


# ---------------------------------------------------------------- what is missing or wrong


class Problem(NamedTuple):
    """Something to mend: the field of `Told`, a msgid and its parameters."""

    field: str
    message: str
    params: Mapping[str, object] = {}


def problems(told: Told, track: Track) -> list[Problem]:
    """Everything that is missing or wrong, in the order of the form."""
    return [*_of_reporter(told, track), *_of_household(told), *_of_trouble(told)]


def _of_reporter(told: Told, track: Track) -> list[Problem]:
    found = []
    landlords = told.kind is ReporterKind.LANDLORD
    if told.kind is None or landlords != (track is Track.LANDLORD):
        found.append(Problem("kind", N_("Choose what fits you best.")))
    if not told.reporter_last:
        found.append(Problem("reporter_last", N_("Fill in your last name.")))
    if not told.reporter_email and not told.reporter_phone:
        found.append(Problem("reporter_email", N_("Give an e-mail address or a phone number: one of the two will do.")))
    if told.reporter_email and not _EMAIL.fullmatch(told.reporter_email):
        found.append(Problem("reporter_email", N_("This is not an e-mail address. Write it as name@example.be.")))
    if told.reporter_phone and not _PHONE.fullmatch(told.reporter_phone):
        found.append(Problem("reporter_phone", N_("This is not a phone number. Use digits, such as 0470 12 34 56.")))
    return found


def _of_household(told: Told) -> list[Problem]:
    found = []
    if not told.household[0]:
        found.append(Problem("last_name", N_("Fill in the last name of the tenant.")))
    if not told.street:
        found.append(Problem("street", N_("Fill in the street.")))
    if not told.house_number:
        found.append(Problem("house_number", N_("Fill in the house number.")))
    if not _POSTCODE.fullmatch(told.postcode):
        found.append(Problem("postcode", N_("Fill in the postcode: four digits.")))
    if not told.municipality:
        found.append(Problem("municipality", N_("Fill in the municipality.")))
    if _POSTCODE.fullmatch(told.postcode) and (wrong := contradiction(told.postcode, told.municipality)):
        meant, postcodes = wrong
        message = N_("%(postcode)s is not a postcode of %(municipality)s (%(postcodes)s). Check both.")
        params = {"postcode": told.postcode, "municipality": meant.name, "postcodes": postcodes}
        found.append(Problem("postcode", message, params))
    return found


def _of_trouble(told: Told) -> list[Problem]:
    found = []
    if not told.reasons or not set(told.reasons) <= set(OFFERED_REASONS):
        found.append(Problem("reasons", N_("Tick what is the matter: one or more.")))
    if Reason.RENT_ARREARS in told.reasons and told.arrears is None and told.months is None:
        found.append(Problem("arrears", N_("Give the arrears in euro or in months. An estimate will do.")))
    if told.arrears is not None and not 0 <= told.arrears <= MOST_ARREARS:
        found.append(Problem("arrears", N_("This amount can't be right. Check it.")))
    if told.months is not None and not 0 <= told.months <= MOST_MONTHS:
        found.append(Problem("months", N_("Fill in a whole number of months, from 0 to 120.")))
    if told.may_tell is None:
        found.append(Problem("may_tell", N_("Choose yes or no.")))
    return found


# ---------------------------------------------------------------- what a case takes over


def source_of(track: Track) -> Source:
    return Source.MELDPUNT_LANDLORD if track is Track.LANDLORD else Source.MELDPUNT_OTHER


def market_of(told: Told) -> Market:
    known = {ReporterKind.LANDLORD: Market.PRIVATE, ReporterKind.HOUSING_COMPANY: Market.SOCIAL}
    return known.get(told.kind, Market.UNKNOWN) if told.kind else Market.UNKNOWN


def landlord_of(told: Told) -> tuple[str, LandlordKind] | None:
    """(name, kind) of the landlord when the reporter is one."""
    if told.kind is ReporterKind.LANDLORD:
        return " ".join(filter(None, [told.reporter_first, told.reporter_last])), LandlordKind.PRIVATE_PERSON
    if told.kind is ReporterKind.HOUSING_COMPANY and told.reporter_organisation:
        return told.reporter_organisation, LandlordKind.WOONMAATSCHAPPIJ
    return None


# ---------------------------------------------------------------- recognising, writing


def address_key(told: Told) -> str:
    """Equal for two ways of writing one address: 'Kerkstraat 12 bus 3' and 'kerkstraat 12, bus 3' in 8400."""
    parts = [told.postcode, plain(told.street), plain(told.house_number), plain(told.box).removeprefix("bus")]
    return "|".join("".join(c for c in part if c.isalnum()) for part in parts)


def name_key(told: Told) -> str:
    return sort_key(*told.household)


# Without the signs that are mistaken for each other on paper (0/O, 1/I/L, U/V): a reference is read out by phone.
SIGNS = "23456789ABCDEFGHJKMNPQRSTWXYZ"


def readable(number: int) -> str:
    """Two groups of four signs, such as 'K7QF-3MZT': 29 to the 8th, half a million million."""
    signs = []
    for _ in range(8):
        number, rest = divmod(number, len(SIGNS))
        signs.append(SIGNS[rest])
    return f"{''.join(signs[:4])}-{''.join(signs[4:])}"


def reference_of(network: str, number: int) -> str:
    """'W13-K7QF-3MZT': it names the network, so that a stranger's question goes to the right one."""
    return f"{network.upper()}-{readable(number)}"


def network_of(reference: str) -> str:
    """The network's slug of a reference as somebody typed it; '' when it can't be one."""
    parts = normal(reference).rsplit("-", 2)
    return parts[0].lower() if len(parts) == 3 else ""


def normal(typed: str) -> str:
    """A reference or a code as it was given, however it was typed: 'w13 k7qf 3mzt' too."""
    words = "".join(c if c.isalnum() else " " for c in typed.upper()).split()
    if words and len(words[-1]) == 8:  # the two groups written as one
        words[-1:] = [words[-1][:4], words[-1][4:]]
    return "-".join(words)
