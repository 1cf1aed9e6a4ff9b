"""Words that are nearly those of the file: misspelt, cut short, or reduced to initials. Pure.

Each only resembles, so that a person decides: 'Jansen' may be somebody else than the file's Janssen.
"""

import re
from collections.abc import Iterator

from tenants.intervision.codes import INSTEAD, Kind
from tenants.intervision.folding import Folded
from tenants.intervision.ordinary import GENERIC, ORDINARY, PARTICLES
from tenants.intervision.own import LETTER, FileWords, Hit, tokens

# Letters from which one slip still tells which name was meant; at four 'Maes' would find 'Mees', 'Maas' and 'maar'.
ONE_SLIP = 5
# From nine letters on two slips do ('Vandenbroucke', 'Vandenbroeke'), and small letters are no reason to doubt.
TWO_SLIPS = 9
CUT = 4  # letters that must be left of a name that was cut short, such as 'Verm.'; of three many a sentence ends in one

_WORD = re.compile(rf"{LETTER}+(?:['-]{LETTER}+)*")
_CUT_SHORT = re.compile(rf"(?<!{LETTER})({LETTER}{{{CUT},}})\.")


def hits(text: Folded, words: FileWords) -> Iterator[Hit]:
    """Every word that is nearly one of the file."""
    names, judged = _names(words), dict[tuple[str, bool], bool]()  # a text says most of its words more than once
    for match in _WORD.finditer(text.text):
        word = re.sub(r"['-]", "", match[0])
        start, end = text.span(*match.span())
        is_small = text.source[start:end] == text.source[start:end].lower()
        if (word, is_small) not in judged:
            judged[word, is_small] = word not in names and _is_nearly_one(word, names, is_small=is_small)
        if judged[word, is_small]:
            yield _hit(start, end)
    for match in _CUT_SHORT.finditer(text.text):
        if match[1] not in ORDINARY and any(_is_cut(match[1], name) for name in names):
            yield _hit(*text.span(*match.span()))
    for pattern in _initials(words):
        for match in pattern.finditer(text.text):
            start, end = text.span(*match.span())
            if text.source[start:end].isupper():  # 'É.D.' too; 'v.d.' is no name
                yield _hit(start, end)


def _hit(start: int, end: int) -> Hit:
    return Hit(start, end, Kind.RESEMBLES, INSTEAD[Kind.RESEMBLES])


def _names(words: FileWords) -> frozenset[str]:
    """The words of the file's names and streets, and family names and streets in one piece."""
    found = set()
    for person in (*words.people, *words.workers):
        found |= {*tokens(person.first), *tokens(person.last), "".join(tokens(person.last))}
    for name in (*words.parties, *words.streets):
        found |= set(tokens(name))
    found |= {"".join(tokens(street)) for street in words.streets}
    return frozenset(found - GENERIC - PARTICLES)


def _is_nearly_one(word: str, names: frozenset[str], *, is_small: bool) -> bool:
    if len(word) < ONE_SLIP - 1 or word in ORDINARY:
        return False
    for name in names:
        if len(name) < (TWO_SLIPS if is_small else ONE_SLIP):
            continue
        if slips(word, name) <= (2 if len(name) >= TWO_SLIPS else 1):
            return True
    return False


def _is_cut(word: str, name: str) -> bool:
    return len(name) > len(word) and name.startswith(word)


def slips(one: str, other: str) -> int:
    """How many letters were added, left out, changed or swapped with their neighbour; 3 stands for more than two."""
    if abs(len(one) - len(other)) > 2:
        return 3
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, sign in enumerate(one, start=1):
        older, before = before, row
        row = [i]
        for j, match in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (sign != match))
            if i > 1 and j > 1 and sign == other[j - 2] and one[i - 2] == match:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > 2:
            return 3
    return row[-1]


def _initials(words: FileWords) -> list[re.Pattern[str]]:
    """'D.V.' and 'V. D.' of Dirk Vermeulen; 'C.V.D.B.' of Chloë Van Den Broecke."""
    found = set()
    for person in words.people:
        first, last = tokens(person.first)[:1], tokens(person.last)
        own = [each for each in last if each not in PARTICLES]
        for family in (last, own[:1]):
            if first and family:
                found |= {tuple(w[0] for w in (*first, *family)), tuple(w[0] for w in (*family, *first))}
    return [
        re.compile(rf"(?<!{LETTER})(?<!\.)" + r"\.\s?".join(signs) + rf"\.(?!\s?{LETTER}\.)") for signs in sorted(found)
    ]
