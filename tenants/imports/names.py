"""Reads the people in a cell: 'Last, First', 'First LAST', 'Van Dyck Nicole', 'Peeters Jan en Maes Els'. Pure."""

import re
from dataclasses import dataclass

from tenants.imports.cells import Cell, is_formula, shown, tidy
from tenants.imports.words import COMPANY

# Words that open a family name in Belgium, or a part of one.
PARTICLE = re.compile(
    r"van|vande|vanden|vander|van't|de|den|der|'t|het|ter|ten|te|la|le|du|des|del|della|di|da|dos|von|zu|el|al|ben"
    r"|abu|aït|ait|op|o",
    re.IGNORECASE,
)
# Inside a name a Fleming writes these small ('Van den Berghe'), opening it with a capital ('De Coninck').
INNER = frozenset({"den", "der", "het", "'t", "la", "le"})
_AND = re.compile(r"\s*[;&\n]\s*|\s+(?:en|et|and)\s+|(?<=\w)\s*\+\s*(?=\w)|\s+/\s+", re.IGNORECASE)
_OTHERS = re.compile(r"[\s,]*(?:\bc\.?s\.?(?=\s|$)|\bconsoorten\b|\be\.?a\.?(?=\s|$)|\bcum suis\b)", re.IGNORECASE)
_TITLES = re.compile(r"^(?:dhr|mevr|mw|mr|mme|m|de heer|mevrouw|monsieur|madame|heer)\.?\s+(?=\S)", re.IGNORECASE)
# 'Dhr. en mevr. Maes': before the 'en' stands no name.
_NO_NAME = re.compile(r"(?:dhr|de heer|heer|mevr|mevrouw|mw|mme|madame|monsieur)\.?", re.IGNORECASE)
_HOUSEHOLD = re.compile(r"^(?:(?:de|het|la) )?(?:familie|fam|gezin|echtpaar|famille)\.?\s+(?=\S)", re.IGNORECASE)


@dataclass(frozen=True)
class PersonName:
    """`sure` is False where the writing doesn't say which word is the family name; then the first word is."""

    last: str
    first: str = ""
    sure: bool = True
    company: bool = False

    def __str__(self) -> str:
        return f"{self.last}, {self.first}" if self.first else self.last


def read_people(cell: Cell) -> list[PersonName]:
    """Everyone named in `cell`, in the order written."""
    text = _OTHERS.sub("", shown(cell).strip())
    if not tidy(text):
        return []
    if is_formula(text):
        return [PersonName(last=tidy(text))]  # nobody's name: kept whole, as the text it is
    if COMPANY.search(text):
        return [PersonName(last=tidy(text), company=True)]
    people: list[PersonName] = []
    for part in _AND.split(text):
        if _NO_NAME.fullmatch(tidy(part)):
            continue
        for name in _listed(_HOUSEHOLD.sub("", tidy(part))):
            bare = _TITLES.sub("", name)
            person = _read_name(bare)
            if bare != name and not person.sure and " " in bare:
                # After 'mevr.' people write the given name first.
                first, _, last = _proper(bare).rpartition(" ")
                person = PersonName(last, first)
            # 'Peeters, Jan en Els': a lone given name shares the family name before it.
            if people and people[-1].first and not person.first and "," in text:
                person = PersonName(people[-1].last, person.last)
            people.append(person)
    return people


def _listed(text: str) -> list[str]:
    """The names in 'A, B': two parts are one person's family and given name, more are several people."""
    parts = [part for part in (tidy(part) for part in text.split(",")) if part]
    if len(parts) <= 2:
        several = len(parts) == 2 and all(_surname_in_capitals(part.split()) for part in parts)
        return parts if several else [text.strip(", ")] if parts else []
    if all(" " in part for part in parts):
        return parts
    if len(parts) % 2 == 0:
        return [f"{last}, {first}" for last, first in zip(parts[::2], parts[1::2], strict=True)]
    return [text]


def _read_name(text: str) -> PersonName:
    last, comma, first = text.partition(",")
    if comma:
        # 'Desmet Bart, Maes Els' may be two people; 'Van den Berghe, Jan Piet' is one.
        sure = not (_words_of_a_name(last) > 1 and _words_of_a_name(first) > 1)
        return PersonName(_proper(last), _proper(first), sure)
    words = text.split()
    capitals = _surname_in_capitals(words)
    if capitals:
        start, end = capitals
        return PersonName(_proper(" ".join(words[start:end])), _proper(" ".join(words[:start] + words[end:])))
    words = _proper(text).split()
    at = next((n for n, word in enumerate(words) if PARTICLE.fullmatch(word)), None)
    if at == 0 and len(words) == 2:
        return PersonName(" ".join(words))
    if at == 0 and len(words) > 2:
        end = next(n for n, word in enumerate(words) if not PARTICLE.fullmatch(word) or n == len(words) - 1) + 1
        return PersonName(" ".join(words[:end]), " ".join(words[end:]))
    if at is not None and 0 < at < len(words) - 1:
        return PersonName(" ".join(words[at:]), " ".join(words[:at]))
    return PersonName(words[0] if words else "", " ".join(words[1:]), sure=False)


def _words_of_a_name(text: str) -> int:
    return sum(1 for word in text.split() if not PARTICLE.fullmatch(word))


def _surname_in_capitals(words: list[str]) -> tuple[int, int] | None:
    """Where the run of words in capitals is, if it is at one end and the rest is not in capitals."""
    capital = [word.isupper() and (len(word) > 1 or "'" in word) for word in words]
    if not any(capital) or all(capital):
        return None
    start = capital.index(True)
    end = start + next((n for n, is_capital in enumerate(capital[start:]) if not is_capital), len(words) - start)
    at_an_end = start == 0 or end == len(words)
    return (start, end) if at_an_end and not any(capital[end:]) else None


def _proper(text: str) -> str:
    """Capitals as in a name for what is written all large or all small; anything else is left as it is."""
    text = tidy(text)
    if not (text.isupper() or text.islower()):
        return text
    return " ".join(
        word.lower() if place and word.lower() in INNER else _capital(word) for place, word in enumerate(text.split())
    )


def _capital(word: str) -> str:
    return re.sub(r"[^\W\d_]+", lambda part: part[0][:1].upper() + part[0][1:].lower(), word)
