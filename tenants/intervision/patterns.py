"""What identifies somebody whatever the file: numbers, addresses, days, names by their shape. Pure.

Sources of the shapes: national register number and its bis numbers, IBAN and roll number in domain.md §4; Belgian phone
numbers: +32 and eight digits, nine for a mobile (04..); licence plates: 1-ABC-123 and the older ABC-123.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal, InvalidOperation
from functools import cache

from stdnum import iban
from stdnum.exceptions import ValidationError

from tenants.intervision.codes import A_MUNICIPALITY, INSTEAD, SEASONS, Kind
from tenants.intervision.folding import Folded
from tenants.intervision.ordinary import NO_NAMES, ORDINARY
from tenants.intervision.own import FileWords, Hit, tokens

LETTER = r"[^\W_]"
UPPER, LOWER = "A-ZÀ-ÖØ-Þ", "a-zß-öø-ÿ"  # of the languages that people write here
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari jan janvier janv", "februari febr feb fevrier fevr fev", "maart mrt mars", "april apr avril avr",
            "mei mai", "juni jun juin", "juli jul juillet juil", "augustus aug aout", "september sept sep septembre",
            "oktober okt octobre oct", "november nov novembre", "december dec decembre",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))

INSZ = re.compile(r"(?<!\d)\d{2}[ ./-]{0,2}(\d{2})[ ./-]{0,2}\d{2}[ ./-]{0,3}\d{3}[ ./-]{0,3}\d{2}(?!\d)")
PHONE = re.compile(
    r"(?<![\d/])(?:(?:\+|00)\s?32[\s./-]{0,2}(?:\(0\)[\s./-]{0,2})?|0)[1-9](?:[\s./-]{0,2}\d){7,8}(?!\d)"
)
FOREIGN = re.compile(r"(?<![\d+])\+(?!\+)[1-9](?:[\s./()-]{0,2}\d){7,14}(?!\d)")
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}")
IBAN = re.compile(
    rf"(?<!{LETTER})[a-z]{{2}}\d{{2}}(?:[ .-]?[a-z0-9]{{4}}){{2,7}}(?:[ .-]?[a-z0-9]{{1,3}})?(?!{LETTER})"
)
IBAN_BE = re.compile(rf"(?<!{LETTER})be\s?\d{{2}}(?:[ .-]?\d{{4}}){{3}}(?!\d)")
WEB = re.compile(r"(?:https?://|www\.)\S+")
LONG_NUMBER = re.compile(r"(?<![\d+])[+*]{0,3}\s?\d(?:[ ./()-]{0,2}\d){8,}\s?[+*]{0,3}")
ROLL = re.compile(rf"(?<!{LETTER})\d{{2,4}}\s?/?(?:[abcgkr]|rg|ar)\s?/?\s?\d{{3,6}}(?!{LETTER})")
FILE_NUMBER = re.compile(rf"(?<!{LETTER})[a-z]{{2,5}}[-/ ]?\d{{4}}[-/]\d{{3,6}}(?!\d)")
PLATE = re.compile(
    rf"(?<!{LETTER})(?:[1-9]-?[A-Z]{{3}}-?\d{{3}}|[A-Z]{{3}}-\d{{3}}|[1-9]-[a-z]{{3}}-\d{{3}})(?!{LETTER})"
)

DAY_NUMBERS = re.compile(r"(?<![\d/.-])(\d{1,2})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{4}|\d{2})(?!\d)")
DAY_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
DAY_WORDS = re.compile(
    rf"(?<!\d)(\d{{1,2}})\s?(?:er|ste|de|e)?\.?\s({_MONTH})(?!{LETTER})(?:\.?\s'?(\d{{4}}|\d{{2}})(?!\d))?"
)
_COUNTED = (
    "een eerste twee tweede drie derde vier vierde vijf vijfde zes zesde zeven zevende acht achtste negen negende "
    "tien tiende elf elfde twaalf twaalfde dertien dertiende veertien veertiende vijftien vijftiende zestien "
    "zestiende zeventien zeventiende achttien achttiende negentien negentiende twintig twintigste"
)
_UNITS = _COUNTED.split()
# Days as people say them, folded: 'twaalf', 'twaalfde', 'eenentwintigste' -> the number; 1 to 31.
SAID = {word: number // 2 + 1 for number, word in enumerate(_UNITS)}
SAID |= {
    f"{unit}en{tens}{ending}": base + number
    for tens, base in (("twintig", 20), ("dertig", 30))
    for number, unit in enumerate(_UNITS[:18:2], start=1)
    for ending in ("", "ste")
    if base + number <= 31
}
SAID |= {"dertig": 30, "dertigste": 30, "premier": 1}
_SAID = "|".join(sorted(SAID, key=len, reverse=True))
DAY_SAID = re.compile(rf"(?<!{LETTER})({_SAID})\s({_MONTH})(?!{LETTER})(?:\.?\s'?(\d{{4}}|\d{{2}})(?!\d))?")
_NO_MORE = r"(?![\d/-]|[.,]\d|\s?%)"  # a full stop or a comma may follow, unless it goes on as a number
DAY_DOTTED = re.compile(rf"(?<=\bop\s)(\d{{1,2}})\.(\d{{1,2}}){_NO_MORE}")
DAY_SHORT = re.compile(rf"(?<![\d/.,-])(\d{{1,2}})[/-](\d{{1,2}}){_NO_MORE}")
MONTH_YEAR = re.compile(rf"(?<!{LETTER})({_MONTH})\.?\s(?:van\s|de\s)?(\d{{4}})(?!\d)")
# What stands before a day and goes with it: 'in the spring' takes its place.
BEFORE_DAY = re.compile(
    rf"(?<!{LETTER})(?:op|le|vanaf|depuis le)\s(?:de\s)?(?:(?:maan|dins|woens|donder|vrij|zater|zon)dag\s)?$"
)
AGE = re.compile(
    rf"(?<!\d)\d{{1,3}}[ -]?(?:jarigen?|jaar (?:oud|jong)|ans)(?!{LETTER})"
    rf"|(?<!{LETTER})(?:geboren (?:in|op)|geboortejaar|nee? en)\s?:?\s?\d{{4}}"
)
_SUM = r"(\d[\d .]{0,14}(?:,\d{1,2})?)"
MONEY = re.compile(rf"(?:€|(?<!{LETTER})euro?)\s?{_SUM}|(?<![\d.,]){_SUM}\s?(?:€|eur(?:os?)?(?!{LETTER}))")
BARE = re.compile(r"(?<![\d.,/-])(\d{1,3}(?:[ .]\d{3})+(?:,\d{2})?|\d{3,6}(?:[,.]\d{2})?)(?![\d/-]|[.,]\d)")

_PARTICLE = r"(?:(?:v\.?\s?d\.|van|de|der|den|het|ten|ter|el|al|ben|le|la|du|des|von)\s)"
_CAP = rf"[{UPPER}][{UPPER}{LOWER}'’-]*"
_FORMS = (
    "mevrouw|meneer|mijnheer|de heer|heer|juffrouw|familie|gezin|madame|monsieur|dokter|docteur|meester|maitre|"
    "advocaat|deurwaarder|notaris|zoon|dochter|broer|zus|buurman|buurvrouw|fils|fille|famille"
)
_SHORT_FORMS = r"(?:mevr|mw|dhr|fam|mme|mlle|mr|dr)\.?"
TITLE = re.compile(
    rf"(?<!{LETTER})(?i:{_FORMS}|{_SHORT_FORMS})\s{_PARTICLE}*(?:{_CAP}(?:\s{_PARTICLE}*{_CAP})?|[{LOWER}]\.(?!{LETTER}))"
)
CAPITAL = re.compile(rf"(?<=[{LOWER}0-9,;)\]]\s){_CAP}(?:[\s]{_PARTICLE}*{_CAP})*")
TWO_CAPITALS = re.compile(rf"(?<!{LETTER})[{UPPER}][{LOWER}'’-]+\s{_PARTICLE}*[{UPPER}][{LOWER}'’-]+")
_ROADS = "straat|laan|steenweg|plein|dreef|kaai|lei|vest|singel|kouter|markt|weg|hof|baan|pad"
_LIVES_IN = r"(?:(?<=\bin\sde\s)|(?<=\bop\sde\s)|(?<=\baan\sde\s)|(?<=\buit\sde\s))"
STREET = re.compile(
    rf"(?<!{LETTER})[{UPPER}][{UPPER}{LOWER}'’-]*(?i:{_ROADS})(?!{LETTER})(?:[\s,]{{1,2}}\d+{LETTER}?)?"
    rf"|(?<!{LETTER})[{UPPER}{LOWER}]{{2,}}(?:{_ROADS})\s(?:nr\.?\s?)?\d+{LETTER}?"
    # In small letters and without a number: only where one is said to live, since a 'zijstraat' is nobody's.
    rf"|{_LIVES_IN}(?!(?:zij|hoofd|winkel|doorgangs|volgende|buur)straat)[{LOWER}]{{3,}}(?:straat|laan|dreef|kaai|steenweg)(?!{LETTER})"
    rf"|(?<!{LETTER})[{UPPER}{LOWER}]{{3,}}(?:str|stwg|ln)\.(?:\s(?:nr\.?\s?)?\d+{LETTER}?)?"
    rf"|(?<!{LETTER})(?i:rue|avenue|chaussée|boulevard|quai|impasse)\s(?:(?:de|du|des|la)\s|de la\s|d['’])*{_CAP}"
)
POSTCODE = re.compile(rf"(?<!\d)[1-9]\d{{3}}\s{_CAP}")
PLACEHOLDER = re.compile(r"\[[^\[\]\n]{1,60}\]")


def hits(text: Folded, words: FileWords, places: frozenset[str]) -> Iterator[Hit]:
    """Everything in the text that has the shape of something identifying; days and amounts of the file are its own."""
    yield from _numbers(text)
    yield from _days(text, words)
    yield from _amounts(text, words)
    yield from _names(text, places)
    for pattern, kind in ((AGE, Kind.AGE), (WEB, Kind.WEB), (ROLL, Kind.NUMBER), (FILE_NUMBER, Kind.NUMBER)):
        yield from _folded(text, pattern, kind)


def placeholders(source: str) -> list[tuple[int, int]]:
    """Where something between square brackets stands: it was replaced already."""
    return [match.span() for match in PLACEHOLDER.finditer(source)]


def _folded(text: Folded, pattern: re.Pattern[str], kind: Kind) -> Iterator[Hit]:
    for match in pattern.finditer(text.text):
        yield Hit(*text.span(*match.span()), kind, INSTEAD[kind])


def _source(text: Folded, pattern: re.Pattern[str], kind: Kind, instead: str = "") -> Iterator[Hit]:
    for match in pattern.finditer(text.source):
        yield Hit(match.start(), match.end(), kind, instead or INSTEAD[kind])


# ---------------------------------------------------------------- numbers


def _numbers(text: Folded) -> Iterator[Hit]:
    yield from _checked(text, INSZ, Kind.INSZ, lambda found: _is_birth_month(found[1]))
    yield from _checked(text, PHONE, Kind.PHONE, lambda found: _is_phone(found[0]))
    yield from _folded(text, FOREIGN, Kind.PHONE)
    yield from _folded(text, EMAIL, Kind.EMAIL)
    yield from _folded(text, IBAN_BE, Kind.IBAN)
    yield from _checked(text, IBAN, Kind.IBAN, lambda found: _is_iban(found[0]))
    yield from _folded(text, LONG_NUMBER, Kind.NUMBER)
    yield from _source(text, PLATE, Kind.NUMBER)


def _checked(
    text: Folded, pattern: re.Pattern[str], kind: Kind, is_one: Callable[[re.Match[str]], bool]
) -> Iterator[Hit]:
    for match in pattern.finditer(text.text):
        if is_one(match):
            yield Hit(*text.span(*match.span()), kind, INSTEAD[kind])


def _is_birth_month(month: str) -> bool:
    """Months 00 to 12; 20 more for a bis number without known sex, 40 more with. A typing error stays a number."""
    return int(month) % 20 <= 12 and int(month) <= 52


def _is_phone(text: str) -> bool:
    """Ten digits are a mobile's (04..); a day with its hour is none."""
    digits = re.sub(r"\D", "", re.sub(r"^(?:\+|00)\s?32\D*(?:\(0\))?", "0", text))
    is_mobile = digits.startswith("04")
    return len(digits) == (10 if is_mobile else 9) and not DAY_NUMBERS.match(text)


def _is_iban(text: str) -> bool:
    try:
        iban.validate(text)
    except ValidationError:
        return False
    return True


# ---------------------------------------------------------------- days and amounts


def _days(text: Folded, words: FileWords) -> Iterator[Hit]:
    for match in DAY_NUMBERS.finditer(text.text):
        yield from _day(text, match, words, match[1], int(match[2]), match[3])
    for match in DAY_ISO.finditer(text.text):
        yield from _day(text, match, words, match[3], int(match[2]), match[1])
    for match in DAY_WORDS.finditer(text.text):
        yield from _day(text, match, words, match[1], MONTHS[match[2]], match[3])
    for match in DAY_SAID.finditer(text.text):
        yield from _day(text, match, words, str(SAID[match[1]]), MONTHS[match[2]], match[3])
    for match in (*DAY_SHORT.finditer(text.text), *DAY_DOTTED.finditer(text.text)):
        if _is_of_file(words, int(match[1]), int(match[2]), None):  # '1/3' may be a third: it only resembles
            yield _dated(text, match, Kind.DATE, int(match[2]))
    for match in MONTH_YEAR.finditer(text.text):
        yield _dated(text, match, Kind.DATE, MONTHS[match[1]])


def _day(text: Folded, match: re.Match[str], words: FileWords, day: str, month: int, year: str | None) -> Iterator[Hit]:
    if 1 <= int(day) <= 31 and 1 <= month <= 12:
        own = _is_of_file(words, int(day), month, int(year) if year else None)
        yield _dated(text, match, Kind.OWN_DATE if own else Kind.DATE, month)


def _is_of_file(words: FileWords, day: int, month: int, year: int | None) -> bool:
    """Whether the file has this day; a year of two digits, or none, is that of any day that fits."""
    return any(
        (known.day, known.month) == (day, month) and (year is None or year in (known.year, known.year % 100))
        for known in words.dates
    )


def _dated(text: Folded, match: re.Match[str], kind: Kind, month: int) -> Hit:
    before = BEFORE_DAY.search(text.text[: match.start()][-25:])
    start = match.start() - (len(before[0]) if before else 0)
    return Hit(*text.span(start, match.end()), kind, SEASONS[month])


def _amounts(text: Folded, words: FileWords) -> Iterator[Hit]:
    for match in MONEY.finditer(text.text):
        group = 1 if match[1] else 2
        amount = _euro(match[group])
        if amount in words.amounts:
            yield Hit(*text.span(*match.span()), Kind.OWN_AMOUNT, INSTEAD[Kind.OWN_AMOUNT])
        elif amount is not None and amount >= 100 and amount % 100:  # 'about 1.500 euro' tells nobody
            yield Hit(*text.span(*match.span()), Kind.AMOUNT, INSTEAD[Kind.AMOUNT])
    for match in BARE.finditer(text.text):
        amount = _euro(match[1])
        if amount in words.amounts and amount is not None and amount % 100:
            yield Hit(*text.span(*match.span()), Kind.OWN_AMOUNT, INSTEAD[Kind.OWN_AMOUNT])


def _euro(text: str) -> Decimal | None:
    """'1.234,56', '1 234' and '1234.56' as a number; None for what is none."""
    compact = text.replace(" ", "").rstrip(".")
    whole, comma, cents = compact.partition(",")
    if not comma and re.fullmatch(r"\d+\.\d{2}", whole):
        whole, cents = whole.split(".")
    try:
        return Decimal(f"{whole.replace('.', '')}.{cents or '0'}")
    except InvalidOperation:
        return None


# ---------------------------------------------------------------- names by their shape


def _names(text: Folded, places: frozenset[str]) -> Iterator[Hit]:
    yield from _source(text, STREET, Kind.STREET)
    yield from _source(text, POSTCODE, Kind.PLACE, A_MUNICIPALITY)
    for match in _places(places).finditer(text.text) if places else ():
        start, end = text.span(*match.span())
        is_small = text.source[start:end] == text.source[start:end].lower()
        if not (is_small and match[0] in ORDINARY):
            yield Hit(start, end, Kind.PLACE, A_MUNICIPALITY)
    yield from _source(text, TITLE, Kind.TITLE)
    for pattern in (CAPITAL, TWO_CAPITALS):
        for match in pattern.finditer(text.source):
            if not set(tokens(match[0])) <= NO_NAMES | {""}:
                yield Hit(match.start(), match.end(), Kind.CAPITAL, INSTEAD[Kind.CAPITAL])


@cache
def _places(places: frozenset[str]) -> re.Pattern[str]:
    """Names of places (folded, in single spaces), the longer ones first."""
    named: Iterable[str] = sorted(places, key=lambda place: (-len(place), place))
    body = "|".join(re.escape(place).replace(r"\ ", r"[\s-]") for place in named)
    return re.compile(rf"(?<!{LETTER})(?:{body})(?!{LETTER})")
