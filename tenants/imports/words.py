"""Reads the words of a register: which reason, market, judgment; which court, which address. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from app.i18n import N_
from tenants.cases.codes import Code, JudgmentKind, LandlordKind, Market, Reason
from tenants.imports.cells import Cell, shown, tidy
from tenants.imports.values import UNKNOWN, Unreadable

AnyCode = TypeVar("AnyCode", bound=Code)
Table = tuple[tuple[re.Pattern[str], AnyCode], ...]


def table(*patterns: tuple[str, AnyCode]) -> Table[AnyCode]:
    """Word beginnings with what they mean, tried in this order: the narrower ones stand first."""
    return tuple((re.compile(rf"\b(?:{pattern})"), code) for pattern, code in patterns)


@lru_cache(4096)
def plain(text: str) -> str:
    """Lower case without accents, one space between words: what two writings of one word share."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return tidy(re.sub(r"[^a-z0-9#]+", " ", bare.casefold()))


REASONS: Table[Reason] = table(
    (
        r"(huur)?(achterstal|achterstand)|wanbetaling|niet betal|huurschuld|schuld|arriere|impaye|loyer|arrear",
        Reason.RENT_ARREARS,
    ),
    (r"overlast|lawaai|burenhinder|nuisance|trouble|tapage", Reason.NUISANCE),
    (r"onderhoud|verwaarlo|vervuil|schade|hygien|entretien|degat|neglect", Reason.NEGLECT),
    (r"einde|opzeg|verstreken|afloop|fin (de|du)|conge|preavis|resiliation|end of|notice", Reason.END_OF_TERM),
    (r"zonder titel|zonder recht|bezetting|kraak|sans titre|occupation|squat|without title", Reason.NO_TITLE),
    (r"onderver|oneigenlijk|onrechtmatig|sous location|illegal|sublet", Reason.ILLEGAL_USE),
    (r"onbewoonba|ongeschikt|onveilig|conform|insalubre|inhabitable|unfit", Reason.UNFIT),
    (r"ander|andere|overig|autre|other", Reason.OTHER),
)

JUDGMENTS: Table[JudgmentKind] = table(
    (r"akkoord|verzoen|schikking|minnelijk|dading|accord|concilia|agreement", JudgmentKind.AGREEMENT),
    (r"voorwaardelijk|conditionne|sursis|conditional", JudgmentKind.CONDITIONAL),
    (
        r"doorgehaald|doorhal|geschrapt|schrapping|afstand|ingetrokken|weglating|radi|desist|retire|withdrawn|struck",
        JudgmentKind.WITHDRAWN,
    ),
    (
        r"uitgesteld|uitstel|verdaagd|sine die|bijzondere rol|remis|report|ajourne|postponed",
        JudgmentKind.POSTPONED,
    ),
    (
        r"afgewezen|afwijzing|ongegrond|onontvankelijk|rejet|non fonde|irrecevable|rejected|dismissed",
        JudgmentKind.REJECTED,
    ),
    (r"(bij )?verstek|par defaut|defaut|default", JudgmentKind.DEFAULT),
    (r"op tegenspraak|tegenspr|contradict|contested|ontbinding|ontbonden|resolution", JudgmentKind.CONTESTED),
)

MARKETS: Table[Market] = table(
    (r"soc|shm|svk|woonmaatschappij|ais\b|logement social", Market.SOCIAL),
    (r"priv|particul", Market.PRIVATE),
)


@dataclass(frozen=True)
class Understood:
    """The codes found in a cell, main one first, and the words that fitted none."""

    codes: tuple[Reason, ...]
    left: tuple[str, ...] = ()


def read_reasons(cell: Cell) -> Understood:
    """'huurachterstal + overlast' as its codes; words that are none of the list count as 'other' and are kept."""
    codes: list[Reason] = []
    left: list[str] = []
    for part in re.split(r"[+,;/&\n]|\s+en\s+|\s+et\s+|\s+and\s+", shown(cell)):
        if plain(part) and tidy(part) not in UNKNOWN:
            code = first_match(REASONS, part)
            if code is None:
                left.append(tidy(part))
            codes.append(code or Reason.OTHER)
    return Understood(tuple(dict.fromkeys(codes)), tuple(left))


def read_market(cell: Cell) -> Market:
    text = tidy(shown(cell))
    if text.casefold() in UNKNOWN:
        return Market.UNKNOWN
    market: Market | None = first_match(MARKETS, text)
    if market is None:
        raise Unreadable(N_("“%(value)s” is no kind of rental market: write privé, sociaal or ?."), value=text)
    return market


def read_judgment(cell: Cell) -> JudgmentKind | None:
    """The kind of judgment; None when it is not known."""
    text = tidy(shown(cell))
    if text.casefold() in UNKNOWN:
        return None
    kind: JudgmentKind | None = first_match(JUDGMENTS, text)
    if kind is None:
        raise Unreadable(
            N_(
                "“%(value)s” is no kind of judgment we know: write verstek, op tegenspraak, akkoordvonnis, "
                "voorwaardelijk, doorgehaald, afgewezen or uitgesteld."
            ),
            value=text,
        )
    return kind


@lru_cache(4096)
def first_match(table: Table[AnyCode], text: str) -> AnyCode | None:
    """The code of the first pattern that begins a word of `text`. A register repeats itself, so it is kept."""
    words = plain(text)
    return next((code for pattern, code in table if pattern.search(words)), None)


COMPANY = re.compile(
    r"\b(bvba|bv|nv|vof|gcv|comm\.?\s?v\.?|commv|cvba|cv|vzw|asbl|srl|sprl|(?-i:SA)|snc|scrl|scs|ebvba|maatschap"
    r"|vme|vastgoed|immo\w*|invest\w*|holding|agence|kantoor|makelaar\w*)\b\.?",
    re.IGNORECASE,
)
SOCIAL_LANDLORD = re.compile(
    r"woonmaatschappij|sociale? (huisvesting|verhuur)|huisvestingsmaatschappij|\bshm\b|\bsvk\b|haard\b"
    r"|\bwonen\b.*\b(bv|cv|cvba)\b|logement social|\bais\b",
    re.IGNORECASE,
)
PUBLIC_LANDLORD = re.compile(r"\b(ocmw|cpas|stad|gemeente|stadsbestuur|ville|commune|agb)\b", re.IGNORECASE)


def landlord_kind(name: str, market: Market) -> LandlordKind:
    """What kind of landlord bears this name: its legal form says so, or the register says it is a social let."""
    if PUBLIC_LANDLORD.search(name):
        return LandlordKind.OCMW
    if SOCIAL_LANDLORD.search(name):
        return LandlordKind.WOONMAATSCHAPPIJ
    if COMPANY.search(name):
        return LandlordKind.WOONMAATSCHAPPIJ if market is Market.SOCIAL else LandlordKind.PRIVATE_COMPANY
    return LandlordKind.PRIVATE_PERSON


_ORDINALS = {
    **dict.fromkeys(("i", "eerste", "premier"), 1),
    **dict.fromkeys(("ii", "tweede", "deuxieme"), 2),
    **dict.fromkeys(("iii", "derde", "troisieme"), 3),
    **dict.fromkeys(("iv", "vierde", "quatrieme"), 4),
}
_COURT_WORD = re.compile(
    r"vredegerecht(en)?|vred|vg|kantons?|canton|rechtbank|het|van|te|de|der|justice|paix|du|no|nr|e|ste|er"
)


def read_court(cell: Cell) -> str:
    """The canton's usual name: 'vredegerecht Oostende I', 'VG Oostende-1', '1e kanton Oostende' are 'Oostende 1'."""
    place: list[str] = []
    number: int | None = None
    for word in re.findall(r"[^\W\d_][^\W\d_'’]*(?:-[^\W\d_]{2,})*|\d+", tidy(shown(cell))):
        key = plain(word)
        if key.isdigit() or key in _ORDINALS:
            number = int(key) if key.isdigit() else _ORDINALS[key]
        elif not _COURT_WORD.fullmatch(key):
            place.append("-".join(part[:1].upper() + part[1:].lower() for part in word.split("-")))
    if not place:
        raise Unreadable(N_("“%(value)s” names no court. Write the canton, like Oostende 1."), value=tidy(shown(cell)))
    return " ".join([*place, *([str(number)] if number else [])])


@dataclass(frozen=True)
class Address:
    """Of a dwelling in Belgium; what is not written is ''."""

    street: str = ""
    number: str = ""
    box: str = ""
    postcode: str = ""
    municipality: str = ""


_STREET = re.compile(
    r"(?P<street>.*?[^\W\d_][^\d]*?)[\s,]+(?P<number>\d+\s?[a-zA-Z]?(?:\s?[-/+]\s?\d+[a-zA-Z]?)?)"
    r"(?:[\s,]*(?:bus|bte|boîte|boite|b\.|box|/)\s*(?P<box>[\w.]+))?"
)
_PLACE = re.compile(r"(?:B-?\s?)?(?P<postcode>[1-9]\d{3})\s+(?P<municipality>[^\W\d_].*)")


def read_place(cell: Cell) -> tuple[str, str]:
    """Postcode ('' when not written) and municipality: '8400 OOSTENDE' and 'Oostende' are one place."""
    text = tidy(shown(cell))
    found = _PLACE.fullmatch(text)
    if found:
        return found["postcode"], _place_name(found["municipality"])
    if re.fullmatch(r"[1-9]\d{3}", text):
        return text, ""
    return "", _place_name(text)


def _place_name(text: str) -> str:
    small = {"sur", "op", "aan", "de", "den", "der", "la", "le", "en"}
    if not (text.isupper() or text.islower()):
        return text
    parts = re.split(r"([\s\-])", text.lower())
    return "".join(part if part in small and n else part[:1].upper() + part[1:] for n, part in enumerate(parts))


def read_address(cell: Cell) -> Address:
    """'Eliaslei 42 bus 7' or 'Eliaslei 42/7, 8400 Oostende'; a street without number keeps its text as street."""
    text = tidy(shown(cell))
    postcode = municipality = ""
    at = re.search(r"(?:,\s*|\s+-\s+|\s)(?=(?:B-?\s?)?[1-9]\d{3}\s+[^\W\d_]{2})", text)
    if at:
        postcode, municipality = read_place(text[at.end() :])
        text = text[: at.start()].rstrip(" ,-")
    found = _STREET.fullmatch(text)
    if not found:
        return Address(street=text, postcode=postcode, municipality=municipality)
    number, box = found["number"].replace(" ", ""), found["box"] or ""
    return Address(found["street"].rstrip(" ,"), number, box, postcode, municipality)
