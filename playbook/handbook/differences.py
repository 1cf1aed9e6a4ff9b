"""What changed between two texts, word by word, and how two people's changes of one text come together. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby, zip_longest
from typing import Protocol

from playbook.handbook.rules import CLASH_ENDS, CLASH_OPENS, CLASH_TURNS

# Characters of old and new together: takes some 30 ms at most. Comparing time grows with the square of the length.
COMPARED_AS_A_WHOLE = 16_000


class Kind(StrEnum):
    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True)
class Part:
    """A run of words that stayed, went or came."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Passage:
    """A block of text or some of them, with what happened to the words in it.

    is_layout: no word changed, but how they look: bold, a heading that became plain text.
    """

    parts: tuple[Part, ...]
    is_layout: bool = False

    @property
    def is_changed(self) -> bool:
        return self.is_layout or any(part.kind is not Kind.SAME for part in self.parts)


class Block(Protocol):
    """What is compared: see markdown.Block."""

    @property
    def source(self) -> str: ...
    @property
    def words(self) -> str: ...
    @property
    def links(self) -> tuple[tuple[str, str], ...]: ...


def compare(old: Sequence[Block], new: Sequence[Block]) -> list[Passage]:
    """`new` against `old`, as one reads them: first by block, then by word within those that differ.

    The parts that stayed and went make the words of `old` again, those that stayed and came those of `new`; only a
    link that came, went or leads elsewhere has its address below it, so that nobody accepts one unseen.
    """
    sources = [each.source for each in old], [each.source for each in new]
    found: list[Passage] = []
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, *sources, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [Passage((Part(Kind.SAME, each.words),)) for each in old[a1:a2]]
        else:
            found += _within(*_readable(old[a1:a2], new[b1:b2]))
    return found


def _readable(old: Sequence[Block], new: Sequence[Block]) -> tuple[list[str], list[str]]:
    """The words of both, and below each block where its links lead that lead there in one of the two only."""
    one_sided = {link for each in old for link in each.links} ^ {link for each in new for link in each.links}

    def words(each: Block) -> str:
        led = [f"{text} → {address}" for text, address in dict.fromkeys(each.links) if (text, address) in one_sided]
        return "\n".join([each.words, *led])

    return [words(each) for each in old], [words(each) for each in new]


def stretches(passages: Sequence[Passage]) -> list[tuple[bool, list[Passage]]]:
    """Passages in runs of changed and unchanged ones, since a page shows the latter folded."""
    return [(changed, list(run)) for changed, run in groupby(passages, key=lambda passage: passage.is_changed)]


def _within(before: Sequence[str], after: Sequence[str]) -> list[Passage]:
    """A stretch of blocks that differs: by word over the whole of it, or pair by pair when it is long."""
    if sum(map(len, before)) + sum(map(len, after)) <= COMPARED_AS_A_WHOLE:
        before, after = ["\n\n".join(before)], ["\n\n".join(after)]
    pairs = zip_longest(before, after, fillvalue="")
    return [Passage(tuple(_by_word(old, new)), is_layout=old == new) for old, new in pairs]


def _by_word(old: str, new: str) -> list[Part]:
    before, after = re.findall(r"\s+|\w+|[^\w\s]", old), re.findall(r"\s+|\w+|[^\w\s]", new)
    parts: list[Part] = []
    # In paragraphs of over 200 words difflib looks past what occurs everywhere, such as spaces: else two quite
    # different texts of full length take 20 s.
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, before, after).get_opcodes():
        if tag == "equal":
            parts.append(Part(Kind.SAME, "".join(before[a1:a2])))
            continue
        if a2 > a1:
            parts.append(Part(Kind.GONE, "".join(before[a1:a2])))
        if b2 > b1:
            parts.append(Part(Kind.NEW, "".join(after[b1:b2])))
    return parts


# ---------------------------------------------------------------- two people at once


@dataclass(frozen=True)
class Merged:
    """Two changed texts in one. `clashes`: how many places hold both, for a person to choose."""

    text: str
    clashes: int


def merge(base: str, theirs: str, mine: str, labels: tuple[str, str] = ("", "")) -> Merged:
    """Bring together what two people made of `base`, by paragraph.

    What only one of them changed is taken; where both changed the same paragraphs differently, both stand in the
    text between lines that rules.problems_of refuses. No paragraph that somebody wrote is left out.
    labels: what the lines say about (theirs, mine).
    """
    origin, left, right = (_paragraphs(text) for text in (base, theirs, mine))
    merged: list[str] = []
    clashes = at = 0
    for place in _places(_changes(origin, left), _changes(origin, right)):
        merged += origin[at : place.start]
        ours, others = place.made_of(origin, place.left), place.made_of(origin, place.right)
        if not place.right or ours == others:
            merged += ours
        elif not place.left:
            merged += others
        else:
            clashes += 1
            merged += [f"{CLASH_OPENS} {labels[0]}".rstrip(), *ours, f"{CLASH_TURNS} {labels[1]}".rstrip(), *others]
            merged.append(CLASH_ENDS)
        at = place.end
    return Merged("\n\n".join(merged + origin[at:]), clashes)


def _paragraphs(text: str) -> list[str]:
    return [part.strip("\n") for part in re.split(r"\n[ \t]*\n", text) if part.strip()]


@dataclass(frozen=True)
class _Change:
    """Somebody put `text` in the place of the paragraphs from start to end (not included) of the common text."""

    start: int
    end: int
    text: list[str]


@dataclass
class _Place:
    """A stretch of the common text that was changed by one or, where their changes meet, by both."""

    start: int
    end: int
    left: list[_Change] = field(default_factory=list)
    right: list[_Change] = field(default_factory=list)

    def made_of(self, origin: list[str], changes: list[_Change]) -> list[str]:
        """The stretch with the changes of one side."""
        made: list[str] = []
        at = self.start
        for change in changes:
            made += origin[at : change.start] + change.text
            at = change.end
        return made + origin[at : self.end]


def _changes(origin: list[str], changed: list[str]) -> list[_Change]:
    opcodes = SequenceMatcher(None, origin, changed, autojunk=False).get_opcodes()
    return [_Change(a1, a2, changed[b1:b2]) for tag, a1, a2, b1, b2 in opcodes if tag != "equal"]


def _places(left: list[_Change], right: list[_Change]) -> list[_Place]:
    """The changes of both in the order of the text; those that overlap, or start at one point, share a place."""
    places: list[_Place] = []
    sided = [(change, True) for change in left] + [(change, False) for change in right]
    for change, is_left in sorted(sided, key=lambda each: (each[0].start, each[0].end)):
        last = places[-1] if places else None
        if last is None or not (change.start < last.end or change.start == last.start):
            last = _Place(change.start, change.end)
            places.append(last)
        last.end = max(last.end, change.end)
        (last.left if is_left else last.right).append(change)
    return places
