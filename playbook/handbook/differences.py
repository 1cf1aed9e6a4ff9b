"""What changed between two texts, word by word, and how two people's changes of one text come together. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from playbook.handbook.rules import CLASH_ENDS, CLASH_OPENS, CLASH_TURNS


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
    """A piece of text between empty lines, with what happened in it."""

    parts: tuple[Part, ...]

    @property
    def is_changed(self) -> bool:
        return any(part.kind is not Kind.SAME for part in self.parts)


def compare(old: str, new: str) -> list[Passage]:
    """`new` against `old`: first by paragraph, then by word within those that differ.

    The parts that stayed and went make `old` again, those that stayed and came `new`.
    """
    before, after = _pieces(old), _pieces(new)
    found: list[Passage] = []
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [Passage((Part(Kind.SAME, piece),)) for piece in before[a1:a2]]
        else:
            found += _within(before[a1:a2], after[b1:b2])
    return found


def _pieces(text: str) -> list[str]:
    """Paragraphs, each with the empty lines after it, so that together they are the text again."""
    return [piece for piece in re.split(r"(?<=\n\n)(?=[^\n])", text) if piece]


def _within(before: Sequence[str], after: Sequence[str]) -> list[Passage]:
    """A stretch of paragraphs that differs: pairs are compared by word, what is left over went or came whole."""
    found = []
    for number in range(max(len(before), len(after))):
        old = before[number] if number < len(before) else ""
        new = after[number] if number < len(after) else ""
        found.append(Passage(tuple(_by_word(old, new))))
    return found


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
    pieces = [_paragraphs(text) for text in (base, theirs, mine)]
    merged: list[str] = []
    clashes = 0
    for origin, left, right in _stretches(*pieces):
        if left == right or right == origin:
            merged += left
        elif left == origin:
            merged += right
        else:
            clashes += 1
            merged += [f"{CLASH_OPENS} {labels[0]}".rstrip(), *left, f"{CLASH_TURNS} {labels[1]}".rstrip(), *right]
            merged.append(CLASH_ENDS)
    return Merged("\n\n".join(merged), clashes)


def _paragraphs(text: str) -> list[str]:
    return [part.strip("\n") for part in re.split(r"\n[ \t]*\n", text) if part.strip()]


def _stretches(base: list[str], left: list[str], right: list[str]) -> list[tuple[list[str], list[str], list[str]]]:
    """Cut the three texts at the paragraphs that all of them kept: alternately alike and, perhaps, different."""
    found: list[tuple[list[str], list[str], list[str]]] = []
    at_base = at_left = at_right = 0
    for in_base, in_left, in_right, length in [*_kept_by_all(base, left, right), (len(base), len(left), len(right), 0)]:
        between = (base[at_base:in_base], left[at_left:in_left], right[at_right:in_right])
        if any(between):
            found.append(between)
        same = base[in_base : in_base + length]
        if same:
            found.append((same, same, same))
        at_base, at_left, at_right = in_base + length, in_left + length, in_right + length
    return found


def _kept_by_all(base: list[str], left: list[str], right: list[str]) -> list[tuple[int, int, int, int]]:
    """(place in base, in left, in right, how many paragraphs) of each run that neither changed."""
    to_left = SequenceMatcher(None, base, left, autojunk=False).get_matching_blocks()
    to_right = SequenceMatcher(None, base, right, autojunk=False).get_matching_blocks()
    runs = []
    for one in to_left:
        for other in to_right:
            start = max(one.a, other.a)
            end = min(one.a + one.size, other.a + other.size)
            if start < end:
                runs.append((start, one.b + start - one.a, other.b + start - other.a, end - start))
    return runs
