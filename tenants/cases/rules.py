"""Pure rules of a case: numbers, sorting of names, what the search looks in."""

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum

from stdnum.be import nn
from stdnum.exceptions import ValidationError


class InvalidInszError(ValueError):
    """The national register number does not pass its check."""


def file_number(prefix: str, year: int, serial: int) -> str:
    """'OOS-2026-0412': tenant prefix, year, serial of at least four digits."""
    return f"{prefix}-{year}-{serial:04d}"


def plain(text: str) -> str:
    """Casefolded, accents stripped, single spaces: what a person types when searching."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(kept.split())


def sort_key(last_name: str, first_name: str = "") -> str:
    """The Belgian order: by the family name as it is written, so 'Van Damme' stands under V.

    Spaces in the family name don't count ('Vandamme' beside 'Van Damme'), other signs do not either.
    """
    family = "".join(c for c in plain(last_name) if c.isalnum())
    return f"{family} {plain(first_name)}".strip()


def display_name(last_name: str, first_name: str) -> str:
    """'Vermeulen, Dirk'."""
    return f"{last_name}, {first_name}" if first_name else last_name


def address_line(street: str, house_number: str, box: str, postcode: str, municipality: str) -> str:
    """'Torhoutsesteenweg 41 bus 3, 8400 Oostende'; the parts that are not known are left out."""
    first = " ".join(filter(None, [street, house_number, f"bus {box}" if box else ""]))
    second = " ".join(filter(None, [postcode, municipality]))
    return ", ".join(filter(None, [first, second]))


def search_text(parts: Iterable[str | None]) -> str:
    """One line in which every word of a search must occur."""
    return plain(" ".join(p for p in parts if p))


def search_words(query: str) -> list[str]:
    """The words of what somebody typed; at most eight, more say nothing new."""
    return plain(query).replace(",", " ").split()[:8]


def normal_insz(text: str) -> str:
    """The eleven digits of a national register number (INSZ, bis numbers too). Raises InvalidInszError.

    Source: python-stdnum `be.nn`; bis numbers have 20 or 40 added to the month.
    """
    digits = "".join(c for c in text if c.isdigit())
    if len(digits) != 11 or len(digits) != sum(c.isalnum() for c in text):
        raise InvalidInszError(text)
    try:
        return str(nn.validate(digits))
    except ValidationError:
        return _checked_bis(digits)


def _checked_bis(digits: str) -> str:
    """Bis numbers: the checksum is the same, the month is raised, the day may be 00."""
    nine, check = int(digits[:9]), int(digits[9:])
    right_sum = check in (97 - nine % 97, 97 - (2_000_000_000 + nine) % 97)
    month = int(digits[2:4])
    if right_sum and (20 <= month <= 32 or 40 <= month <= 52):
        return digits
    raise InvalidInszError(digits)


def shown_insz(digits: str) -> str:
    """'85.07.30-033.28'."""
    return f"{digits[:2]}.{digits[2:4]}.{digits[4:6]}-{digits[6:9]}.{digits[9:]}"


INSZ_SIGNS = frozenset(" .-/")


def looks_like_insz(text: str) -> bool:
    """Whether someone typed a national register number: eleven digits in any usual writing, right or wrong."""
    signs = text.strip()
    return sum(c.isdigit() for c in signs) == 11 and all(c.isdigit() or c in INSZ_SIGNS for c in signs)


def birth_date_of(insz: str) -> date | None:
    """The date of birth that a checked INSZ tells; None when it holds none (bis numbers of people without papers)."""
    try:
        return nn.get_birth_date(insz)
    except ValidationError:
        return None


class Match(StrEnum):
    """In what of a case the words of a search were found."""

    NUMBER = "number"
    NAME = "name"
    ADDRESS = "address"
    OTHER = "other"


def match_of(words: Sequence[str], *, name: str, address: str, number: str) -> Match:
    """Where all the words stand: file number, name of the reference person, address, or something else of the case."""
    for found, text in ((Match.NUMBER, number), (Match.NAME, name), (Match.ADDRESS, address)):
        if all(word in plain(text) for word in words):
            return found
    return Match.OTHER


FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_cell(text: str) -> str:
    """`text` as a cell of a CSV file that no spreadsheet takes for a formula: an apostrophe makes it text.

    Source: OWASP, CSV injection.
    """
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text
