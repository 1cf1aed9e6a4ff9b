"""The words of one file, and where they stand in a text whatever their capitals, accents and order. Pure.

Names are looked for as whole words (with 's), together and apart; a family name of several words also without its
spaces. A long word of the file inside another word ('Oostendse') only resembles it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from tenants.intervision.codes import (
    A_MUNICIPALITY,
    INSTEAD,
    THE_ORGANISATION,
    THE_TENANT,
    Kind,
)
from tenants.intervision.folding import Folded, folded
from tenants.intervision.ordinary import GENERIC, LEGAL_FORMS, ORDINARY, PARTICLES

LETTER = r"[^\W_]"
START, END = rf"(?<!{LETTER})", rf"(?:'?s)?(?!{LETTER})"
GAP = r"[\s.'_,-]{0,2}"  # what may stand between the parts of a name: a space, a hyphen, ', '
LONG = 6  # letters from which a name is also found when a space cut it, or when it lost one
INSIDE = 5  # letters from which a name inside another word says something
SIGNS = r"[\s./()+-]{0,3}"  # what people write between the groups of a number


@dataclass(frozen=True)
class Named:
    """A person of the file, and what to write instead (a msgid)."""

    first: str
    last: str
    instead: str = THE_TENANT


@dataclass(frozen=True)
class FileWords:
    """Everything in a file that tells whose it is.

    parties: landlord, claimants, who referred or reported, and their contacts; numbers: of the case, roll, INSZ, KBO,
    account; house_numbers and boxes as they are written; dates and amounts: exact ones.
    """

    people: tuple[Named, ...] = ()
    parties: tuple[str, ...] = ()
    workers: tuple[Named, ...] = ()
    organisations: tuple[str, ...] = ()
    streets: tuple[str, ...] = ()
    house_numbers: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    dates: frozenset[date] = frozenset()
    amounts: frozenset[Decimal] = frozenset()


@dataclass(frozen=True)
class Hit:
    """A stretch of the source with what it tells. instead: a msgid."""

    start: int
    end: int
    kind: Kind
    instead: str


def tokens(text: str) -> list[str]:
    """The words of a name, folded."""
    return re.findall(rf"{LETTER}+", folded(text).text)


def hits(text: Folded, words: FileWords) -> Iterator[Hit]:
    """Every place where the file's own words stand; dates and amounts are read elsewhere.

    Of two that stand at the same place the first counts.
    """
    for person in words.people:
        yield from _person(text, person, Kind.OWN_NAME)
    for name in words.parties:
        yield from _organisation(text, name, Kind.OWN_PARTY, INSTEAD[Kind.OWN_PARTY])
    for place in words.places:
        yield from _name(text, tokens(place), Kind.OWN_ADDRESS, A_MUNICIPALITY)
        yield from _inside(text, _stem(place))
    for street in words.streets:
        yield from _street(text, tokens(street))
        yield from _inside(text, "".join(tokens(street)))
    for number in words.house_numbers:
        before = r"(?:huisnummer|nummer|nr|n°|numero|bus|boite)\W{0,2}"
        yield from _found(text, rf"{START}{before}{re.escape(folded(number).text)}(?!{LETTER})", Kind.OWN_ADDRESS)
    for postcode in words.postcodes:
        yield from _found(text, rf"(?<!\d){re.escape(postcode)}(?!\d)", Kind.OWN_ADDRESS, A_MUNICIPALITY)
    for number in words.numbers:
        yield from _number(text, number, Kind.OWN_NUMBER)
    for phone in words.phones:
        yield from _phone(text, phone)
    for person in words.workers:
        yield from _person(text, replace(person, instead=INSTEAD[Kind.OWN_WORKER]), Kind.OWN_WORKER)
    for name in words.organisations:
        yield from _organisation(text, name, Kind.OWN_WORKER, THE_ORGANISATION)
    for email in words.emails:
        yield from _found(text, re.escape(folded(email).text), Kind.EMAIL)


# ---------------------------------------------------------------- names


def _person(text: Folded, person: Named, kind: Kind) -> Iterator[Hit]:
    first, last = tokens(person.first), tokens(person.last)
    for whole in (first + last, last + first, last, first):
        yield from _name(text, whole, kind, person.instead)
    for token in first + [each for each in last if each not in PARTICLES]:
        if len(token) > 1:
            yield from _name(text, [token], kind, person.instead)
    for token in {*first, *last, "".join(last)}:
        yield from _inside(text, token)


def _organisation(text: Folded, name: str, kind: Kind, instead: str) -> Iterator[Hit]:
    words = [word for word in tokens(name) if word not in LEGAL_FORMS]
    telling = [word for word in words if word not in GENERIC | PARTICLES and len(word) > 2]
    if telling:
        yield from _name(text, words, kind, instead)
    for word in telling:
        yield from _name(text, [word], kind, instead)
        yield from _inside(text, word)


def _name(text: Folded, words: list[str], kind: Kind, instead: str) -> Iterator[Hit]:
    """A name of these words, in this order. One that is an ordinary word only resembles when it has no capital."""
    whole = "".join(words)
    if len(whole) < 2:
        return
    # A long name is found with its letters apart too; a short one only with its words apart.
    body = GAP.join(re.escape(sign) for sign in whole) if len(whole) >= LONG else GAP.join(map(re.escape, words))
    for hit in _found(text, START + body + END, kind, instead):
        is_word = (len(words) == 1 and whole in ORDINARY) or set(words) <= ORDINARY
        is_small = text.source[hit.start : hit.end] == text.source[hit.start : hit.end].lower()
        resembles = (is_word and is_small) or (len(words) == 1 and " " in text.source[hit.start : hit.end].strip())
        yield Hit(hit.start, hit.end, Kind.RESEMBLES, instead) if resembles else hit


def _inside(text: Folded, token: str) -> Iterator[Hit]:
    """Words that contain one of the file."""
    if len(token) >= INSIDE and token not in ORDINARY:
        yield from _found(text, rf"{START}{LETTER}*{re.escape(token)}{LETTER}*", Kind.RESEMBLES)


def _stem(place: str) -> str:
    """What an adjective keeps of a place: 'oostend' of Oostende."""
    whole = "".join(tokens(place))
    return whole.removesuffix("e") if len(whole) > INSIDE else whole


def _street(text: Folded, words: list[str]) -> Iterator[Hit]:
    """A street, with its number when that follows."""
    whole = "".join(words)
    if len(whole) > 2:
        body = GAP.join(re.escape(sign) for sign in whole) if len(whole) >= LONG else GAP.join(map(re.escape, words))
        number = rf"(?:[\s,]{{1,2}}(?:nr\.?\s?)?\d+{LETTER}?)?"
        yield from _found(text, rf"{START}{body}{number}(?!{LETTER})", Kind.OWN_ADDRESS)


# ---------------------------------------------------------------- numbers


def _number(text: Folded, number: str, kind: Kind) -> Iterator[Hit]:
    """A number whatever stands between its groups ('20 A 1234', '56.03.27-743.32')."""
    signs = [re.escape(sign) for sign in folded(number).text if sign.isalnum()]
    if len(signs) > 3:
        yield from _found(text, rf"(?<!{LETTER}){SIGNS.join(signs)}(?!{LETTER})", kind)


def _phone(text: Folded, phone: str) -> Iterator[Hit]:
    """A phone number with or without the country's code and the zero."""
    digits = "".join(sign for sign in phone if sign.isdigit())
    core = re.sub(r"^(?:0032|32(?=\d{8,9}$))?0?", "", digits)
    if len(core) > 5:
        before = r"(?:\+?(?:00)?32[\s./-]{0,2})?(?:\(?0\)?[\s./-]{0,2})?"
        yield from _found(text, rf"(?<!\d){before}{SIGNS.join(core)}(?!\d)", Kind.PHONE)


def _found(text: Folded, pattern: str, kind: Kind, instead: str | None = None) -> Iterator[Hit]:
    for match in re.finditer(pattern, text.text):
        if match.end() > match.start():
            yield Hit(*text.span(*match.span()), kind, instead or INSTEAD[kind])


def every(words: Iterable[str | None]) -> tuple[str, ...]:
    """Those that are known, each once."""
    return tuple(dict.fromkeys(word.strip() for word in words if word and word.strip()))
