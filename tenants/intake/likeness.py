"""How much a reported household looks like a known one, with the reasons. Pure."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz, process

from app.i18n import N_
from tenants.cases.codes import Code
from tenants.cases.rules import plain, sort_key
from tenants.intake.rules import Told

# Similarity of two names in hundredths. 'Vermeulen Dirk' and 'Vermeulen Dirck' score 97, 'Declerck Marie' and
# 'De Clercq Marie' 93; 'Vermeulen Dirk' and 'Vermeiren Dirk', two families, 86.
SIMILAR = 88
# Streets vary more in writing ('Torhoutsestwg.', 'Torhoutse steenweg'), and the house number has to be equal too.
SAME_STREET = 85


class Because(Code):
    ADDRESS = "address", N_("same address")
    NAME = "name", N_("same name")
    SIMILAR_NAME = "similar_name", N_("similar name")
    BIRTH_DATE = "birth_date", N_("same date of birth")


@dataclass(frozen=True)
class KnownPerson:
    """A person of a case: their sort key and date of birth."""

    case_id: uuid.UUID
    key: str
    born: date | None


@dataclass(frozen=True)
class KnownHome:
    """A dwelling of a case with the reported postcode and house number."""

    case_id: uuid.UUID
    street: str
    box: str


def beginnings(told: Told) -> tuple[tuple[str, str], ...]:
    """Where the sort key of the same person lies, from (included) to (not included).

    The first four letters of the last name, and of the first name, for when they changed places. Four: 'verm' leaves
    a fiftieth of the names here, 'ver' a sixth; misspellings come later in a name ('Janssens', 'Jansens'). Where a
    name begins with an article five, as a tenth of Flanders begins with 'vand'.
    """
    last, first = told.household
    whole = [key for key in (sort_key(last), sort_key(first)) if len(key) >= 2]
    keys = dict.fromkeys(key[: 5 if key.startswith(("van", "de")) else 4] for key in whole)
    return tuple((key, f"{key[:-1]}{chr(ord(key[-1]) + 1)}") for key in keys)


def alike(
    told: Told, persons: Sequence[KnownPerson], homes: Sequence[KnownHome]
) -> list[tuple[uuid.UUID, tuple[Because, ...]]]:
    """The cases that may be about the same household, the likeliest first, each with the reasons."""
    found: dict[uuid.UUID, set[Because]] = {}
    for home in homes:
        if same_street(told.street, home.street) and _same_box(told.box, home.box):
            found.setdefault(home.case_id, set()).add(Because.ADDRESS)
    for person, score in _similar_names(told, persons):
        reasons = {Because.NAME if score == 100 else Because.SIMILAR_NAME}
        if told.born and person.born:
            if person.born == told.born:
                reasons.add(Because.BIRTH_DATE)
            elif person.case_id not in found:
                continue  # another date of birth: a namesake, unless they live in the same house
        found.setdefault(person.case_id, set()).update(reasons)
    order = list(Because)
    listed = [(case_id, tuple(sorted(reasons, key=order.index))) for case_id, reasons in found.items()]
    return sorted(listed, key=lambda each: (-len(each[1]), [order.index(reason) for reason in each[1]]))


def _similar_names(told: Told, persons: Sequence[KnownPerson]) -> list[tuple[KnownPerson, float]]:
    last, first = told.household
    if not first:  # only a family name was told: compare it with family names
        choices, queries = [person.key.split(" ")[0] for person in persons], [sort_key(last)]
    else:
        choices, queries = [person.key for person in persons], [sort_key(last, first), sort_key(first, last)]
    best: dict[int, float] = {}
    for query in queries:
        # A hundred namesakes are more than anyone looks through.
        for _key, score, place in process.extract(query, choices, scorer=fuzz.ratio, score_cutoff=SIMILAR, limit=100):
            best[place] = max(score, best.get(place, 0))
    return [(persons[place], score) for place, score in best.items()]


def same_street(one: str, other: str) -> bool:
    """Whether two writings mean one street."""
    return bool(one and other) and fuzz.ratio(_street(one), _street(other)) >= SAME_STREET


def _street(text: str) -> str:
    written = plain(text).replace(".", " ")
    for short, whole in (("stwg", "steenweg"), ("str", "straat"), ("ln", "laan")):
        written = " ".join(
            f"{word.removesuffix(short)}{whole}" if word.endswith(short) else word for word in written.split()
        )
    return "".join(c for c in written if c.isalnum())


def _same_box(one: str, other: str) -> bool:
    """An unknown box hides nothing: the reporter may not know it."""
    mine, theirs = (plain(text).removeprefix("bus").strip() for text in (one, other))
    return not mine or not theirs or mine == theirs
