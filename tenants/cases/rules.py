"""Pure rules of a case: numbers, sorting of names, what the search looks in."""

import unicodedata
from collections.abc import Iterable

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
