"""Reads contact attempts written as free text: '17/01 brief; 15/01 ziekenhuis'. Pure.

The year is seldom written. It follows from the petition: people are sought after it came in.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from tenants.cases.codes import Channel, ContactResult
from tenants.imports.cells import Cell, shown, tidy
from tenants.imports.values import MONTHS
from tenants.imports.words import Table, first_match, plain, table

# 'briefkaart' stands before 'brief'.
CHANNELS: Table[Channel] = table(
    (r"(gekleurde? )?(brief|post)?kaart|kaartje|carte", Channel.POSTCARD),
    (r"sms|whats ?app|tekstbericht|texto|text message", Channel.TEXT_MESSAGE),
    (r"facebook|fb\b|messenger|instagram|sociale media|reseaux sociaux", Channel.SOCIAL_MEDIA),
    (r"ziekenhuis|hopital|hospital|az\b", Channel.HOSPITAL),
    (r"inlichting|navraag|bevraging|renseignement|inquiry", Channel.INQUIRY),
    (r"huisbez|hb\b|hbz|aangebeld|ter plaatse|visite|home visit", Channel.HOME_VISIT),
    (r"tel\b|telef|teleph|gebeld|bellen|gsm|oproep|appel|phone|voicemail", Channel.PHONE),
    (r"(via )?(verhuurder|eigenaar|bailleur|proprietaire|landlord)", Channel.LANDLORD),
    (r"(via )?(caw|partner|politie|wijkagent|school|begeleid|police)", Channel.PARTNER),
    (r"brief|schrijven|aangetekend|lettre|courrier|letter", Channel.LETTER),
)
RESULTS: Table[ContactResult] = table(
    (r"niet bereikt|geen (gehoor|antwoord|reactie|respons)|pas de reponse|no answer", ContactResult.NO_ANSWER),
    (r"niet thuis|afwezig|niemand (thuis|aanwezig)|absent|not home", ContactResult.NOT_HOME),
    (r"verkeerd adres|onbestelbaar|retour|fausse adresse|wrong address", ContactResult.WRONG_ADDRESS),
    (r"geweiger|weiger|refus", ContactResult.REFUSED),
    (r"verhuisd|vertrokken|demenag|moved", ContactResult.MOVED),
    (r"voicemail|boodschap|bericht achter|achtergelaten|ingesproken|message", ContactResult.MESSAGE_LEFT),
    (r"bereikt|gesproken|gelukt|afspraak|atteint|reached", ContactResult.REACHED),
)
_DAY = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})\s?(?:[/.\-]\s?(?P<month>\d{1,2})(?:\s?[/.\-]\s?(?P<year>\d{4}|\d{2}))?(?!\d)"
    r"|\s(?P<word>[^\W\d_]{3,10})\b(?:\s(?P<year_2>\d{4}))?)"
)
_BETWEEN = re.compile(r"\s*[;\n|]\s*|\s*,\s*(?=\d{1,2}\s?[/.\-]\s?\d{1,2})")
# An attempt is rarely dated before the petition is stamped, but a warning may reach the team first.
BEFORE = timedelta(days=31)


@dataclass(frozen=True)
class Attempt:
    """One attempt to reach someone; `text` is what stood in the register, without the day."""

    day: date
    channel: Channel
    text: str
    result: ContactResult | None = None

    @property
    def says_more(self) -> bool:
        """Whether the words tell more than the channel ('sms', 'gekleurde briefkaart', 'inlichting CA')."""
        return len(plain(self.text).split()) > 2


@dataclass(frozen=True)
class Attempts:
    """What was understood, in order of time, and the pieces that were not (kept as a note)."""

    made: tuple[Attempt, ...] = ()
    left: tuple[str, ...] = ()


def read_attempts(cell: Cell, received: date | None, until: date | None) -> Attempts:
    """The attempts in `cell`; `received` and `until` (hearing, or what is known) tell the year."""
    made: list[Attempt] = []
    left: list[str] = []
    for piece in (tidy(piece) for piece in _BETWEEN.split(shown(cell))):
        if not piece:
            continue
        found = next((match for match in _DAY.finditer(piece) if _month(match)), None)
        channel = first_match(CHANNELS, piece)
        day = _date(found, received, until) if found else None
        if day is None or channel is None:
            left.append(piece)
        else:
            rest = tidy(piece[: found.start()] + " " + piece[found.end() :]) if found else piece
            made.append(Attempt(day, channel, rest.strip(" :-"), first_match(RESULTS, piece)))
    return Attempts(tuple(sorted(made, key=lambda attempt: attempt.day)), tuple(left))


def _month(found: re.Match[str]) -> int:
    """The month's number; 0 when the word is no month."""
    return int(found["month"]) if found["month"] else MONTHS.get(plain(found["word"]), 0)


def _date(found: re.Match[str], received: date | None, until: date | None) -> date | None:
    year = found["year"] or found["year_2"]
    if year:
        return _real(int(year) + (2000 if len(year) == 2 else 0), _month(found), int(found["day"]))
    if received is None:
        return _latest_before(found, until)
    around = (_real(received.year + offset, _month(found), int(found["day"])) for offset in (-1, 0, 1))
    candidates = [day for day in around if day and day >= received - BEFORE]
    inside = [day for day in candidates if until and received <= day <= until]
    return next(iter(inside or candidates), None)


def _latest_before(found: re.Match[str], until: date | None) -> date | None:
    """Where the petition has no day: people were sought in the year before the hearing."""
    if until is None:
        return None
    days = (_real(until.year - back, _month(found), int(found["day"])) for back in (0, 1))
    return next((day for day in days if day and day <= until), None)


def _real(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
