"""Whether a text about a case still tells whose case it is. Pure.

`find` marks the file's own words and whatever has the shape of something identifying. A hard finding has to go; a soft
one may be innocent, and a person says so. Nothing here decides that a text is anonymous: that is what the second
person reads it for.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.i18n import N_
from tenants.intervision import nearly, own, patterns
from tenants.intervision.codes import HARD, NEEDED, Kind, Section
from tenants.intervision.folding import folded, plain
from tenants.intervision.own import FileWords, Hit

LONGEST = 4_000  # signs in a part: a page and a half; more is a file, not a case to discuss
LONGEST_TITLE = 150


@dataclass(frozen=True)
class Finding:
    """A passage that may tell who it is about. instead: a msgid; key: names the passage wherever it stands."""

    section: Section
    start: int
    end: int
    text: str
    kind: Kind
    instead: str

    @property
    def is_hard(self) -> bool:
        return self.kind in HARD

    @property
    def key(self) -> str:
        """The same for the same words of the same kind: who says once that they are innocent, said it of all."""
        return hashlib.sha256(f"{self.kind.value}:{plain(self.text)}".encode()).hexdigest()[:16]


Texts = Mapping[Section, str]


def find(texts: Texts, words: FileWords, places: frozenset[str] = frozenset()) -> list[Finding]:
    """All findings, in the order of the parts; none overlaps another. places: names of municipalities, folded."""
    return [
        Finding(section, hit.start, hit.end, texts[section][hit.start : hit.end], hit.kind, hit.instead)
        for section in Section
        if texts.get(section)
        for hit in _in_one(texts[section], words, places)
    ]


def _in_one(source: str, words: FileWords, places: frozenset[str]) -> list[Hit]:
    text = folded(source)
    replaced_already = patterns.placeholders(source)
    found = [
        hit
        for hit in (*own.hits(text, words), *nearly.hits(text, words), *patterns.hits(text, words, places))
        if hit.kind in HARD or not any(start < hit.end and hit.start < end for start, end in replaced_already)
    ]
    chosen: list[Hit] = []
    for hit in sorted(found, key=lambda each: (each.kind not in HARD, each.start - each.end, each.start)):
        if all(hit.end <= other.start or other.end <= hit.start for other in chosen):
            chosen.append(hit)
    return sorted(chosen, key=lambda each: each.start)


def hard(findings: Iterable[Finding]) -> list[Finding]:
    """What has to go."""
    return [each for each in findings if each.is_hard]


def to_confirm(findings: Iterable[Finding], confirmed: Iterable[str]) -> list[Finding]:
    """The soft findings of which nobody said yet that they identify nobody."""
    known = set(confirmed)
    return [each for each in findings if not each.is_hard and each.key not in known]


def replaced(texts: Texts, findings: Sequence[Finding], say: Callable[[str], str]) -> dict[Section, str]:
    """The parts with something else in the place of these findings; `say` puts a msgid in the writer's language."""
    new = dict(texts)
    for each in sorted(findings, key=lambda finding: finding.start, reverse=True):
        part = new[each.section]
        new[each.section] = part[: each.start] + _fitting(say(each.instead), part, each) + part[each.end :]
    return new


def _fitting(instead: str, part: str, finding: Finding) -> str:
    """With a capital where the sentence began with the passage ('Op 12 maart belden we')."""
    begins = part[: finding.start].rstrip(" ")[-1:] in ("", ".", "!", "?", "\n")
    return instead[0].upper() + instead[1:] if begins and finding.text[0].isupper() else instead


def problems_of(texts: Texts, *, complete: bool) -> list[tuple[Section, str]]:
    """What is wrong with the parts as such, as (part, msgid). complete: to be handed in, so nothing may lack."""
    found = []
    for section in Section:
        text = texts.get(section, "").strip()
        if complete and not text and section in NEEDED:
            found.append((section, N_("Fill this in before a colleague reads it.")))
        if len(text) > (LONGEST_TITLE if section is Section.TITLE else LONGEST):
            found.append((section, N_("This is too long. Leave out what colleagues do not need.")))
    return found


# ---------------------------------------------------------------- coarse facts

ARREARS_MONTHS = (2, 6)  # the bounds of the fund against evictions (BVR 3 May 2019), which colleagues know by heart
DURATION_DAYS = (90, 180, 365)


def arrears_band(arrears: Decimal | None, rent: Decimal | None, months: Decimal | None = None) -> str | None:
    """In how many rents the arrears fall; None when it is not known. Arrears and rent in euro."""
    if months is None:
        if arrears is None or not rent:
            return None
        months = arrears / rent
    low, high = ARREARS_MONTHS
    return "under_2" if months < low else "2_to_6" if months <= high else "over_6"


def duration_band(opened: date, closed: date | None) -> str | None:
    """How long a case was open, in bands; None while it is."""
    if closed is None:
        return None
    days = (closed - opened).days
    names = ("under_3_months", "3_to_6_months", "6_to_12_months", "over_a_year")
    return names[sum(days >= bound for bound in DURATION_DAYS)]
