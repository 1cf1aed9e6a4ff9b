"""How a text becomes part of the playbook: drafts, those who read along, remarks and suggestions. Pure.

The way of a text (issue 'learning network', part 1): an editor's draft goes into review, colleagues comment at a
block or suggest other words, an editor publishes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from playbook.handbook.differences import Merged, merge


class DraftState(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    DROPPED = "dropped"


class Verdict(StrEnum):
    ASKED = "asked"
    AGREED = "agreed"
    NOT_YET = "not_yet"


class RemarkState(StrEnum):
    OPEN = "open"
    DONE = "done"  # a comment that was dealt with
    ACCEPTED = "accepted"  # a suggestion that is in the text
    DECLINED = "declined"


STEPS: dict[DraftState, frozenset[DraftState]] = {
    DraftState.DRAFT: frozenset({DraftState.IN_REVIEW, DraftState.PUBLISHED, DraftState.DROPPED}),
    DraftState.IN_REVIEW: frozenset({DraftState.DRAFT, DraftState.PUBLISHED, DraftState.DROPPED}),
    DraftState.PUBLISHED: frozenset(),
    DraftState.DROPPED: frozenset(),
}
# Below this a paragraph is another one that happens to use the same words.
SAME_PARAGRAPH = 0.6


def may_step(now: str, to: DraftState) -> bool:
    """Whether a draft may go from one state to another; what is published or dropped stays so."""
    return to in STEPS[DraftState(now)]


def is_new_text(state: str, revision: int, handed_in: int) -> bool:
    """Whether a draft in review was changed since those who read along were last asked to read it."""
    return state == DraftState.IN_REVIEW and revision > handed_in


@dataclass(frozen=True)
class Reading:
    """What one person thought of which revision."""

    verdict: str
    revision: int


def waits_for(readings: Sequence[Reading], revision: int) -> int:
    """How many of those asked have not agreed with the text as it is now ('not yet' and older revisions count)."""
    return sum(not (each.verdict == Verdict.AGREED and each.revision == revision) for each in readings)


def where_now(quote: str, block: int, sources: Sequence[str]) -> int | None:
    """The number (from 1) of the block a remark is about, in a text that may have changed; none when it is gone.

    The same words win, nearest to where they stood; else the block that is most alike.
    """
    same = [number for number, source in enumerate(sources, start=1) if source == quote]
    if same:
        return min(same, key=lambda number: abs(number - block))
    best, likeness = None, SAME_PARAGRAPH
    for number, source in enumerate(sources, start=1):
        matcher = SequenceMatcher(None, quote, source, autojunk=False)
        if matcher.real_quick_ratio() < likeness or matcher.quick_ratio() < likeness:
            continue
        ratio = matcher.ratio()
        if ratio > likeness or (ratio == likeness and best is None):
            best, likeness = number, ratio
    return best


def with_block(sources: Sequence[str], number: int, text: str) -> str:
    """A text of blocks in which block `number` (from 1) reads `text`; an empty text takes it out."""
    changed = [*sources[: number - 1], text, *sources[number:]]
    return "\n\n".join(source for source in changed if source.strip())


def accept(old: Sequence[str], number: int, proposal: str, now: str, labels: tuple[str, str] = ("", "")) -> Merged:
    """The text of `now` with a suggestion for block `number` of the `old` text, of which `now` was made.

    Where the block changed since, both readings stand in the text, for a person to choose (a clash).
    """
    return merge("\n\n".join(old), now, with_block(old, number, proposal), labels)


def common(one: str, other: str) -> str:
    """The paragraphs that two texts have in common, in their order: the base of a merge when none is known."""
    left, right = one.split("\n\n"), other.split("\n\n")
    blocks = SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks()
    return "\n\n".join("\n\n".join(left[block.a : block.a + block.size]) for block in blocks if block.size)
