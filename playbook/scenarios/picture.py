"""The swim lanes of a scenario as SVG: a lane for whoever has a turn, the steps from left to right. Pure.

It says what the table beside it says: `title` and `desc` carry the whole in words. Colours are classes, since the
portal allows no style in a page. At 48 units a step a scenario of eight steps reads at 390 px.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

COLUMN, LANE, TOP, LEFT, LINE = 48, 62, 34, 12, 22
NARROWEST, LETTER = 320, 8  # a letter of the lane's name, about


@dataclass(frozen=True)
class Box:
    """A step: the number in the table, whose lane (its place), the letter of its event, its words."""

    number: int
    lane: int
    letter: str
    text: str


def swim_lanes(name: str, lanes: Sequence[str], boxes: Sequence[Box], legend: Sequence[tuple[str, str]]) -> str:
    """The picture. `legend`: (letter, what it stands for). All texts in the reader's language, unescaped."""
    longest = max((len(text) for text in (*lanes, *(f"X  {words}" for _l, words in legend))), default=0)
    width = max(NARROWEST, LEFT * 2 + COLUMN * len(boxes), LEFT * 2 + LETTER * longest)
    floor = TOP + LANE * len(lanes)
    height = floor + LINE * len(legend) + LEFT
    told = " ".join(box.text for box in boxes)
    parts = [
        f'<svg class="lanes" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" aria-labelledby="lanes-title lanes-desc">',
        f'<title id="lanes-title">{escape(name)}</title><desc id="lanes-desc">{escape(told)}</desc>',
        *(_lane(place, width) for place in range(len(lanes))),
        *_events(boxes, floor),
        *(_arrow(one, other) for one, other in pairwise(boxes)),
        *(_who(place, words) for place, words in enumerate(lanes)),
        *(_step(box) for box in boxes),
        *(_explained(n, letter, words, floor) for n, (letter, words) in enumerate(legend)),
        "</svg>",
    ]
    return "".join(parts)


def _middle(box: Box) -> tuple[int, int]:
    return LEFT + COLUMN * (box.number - 1) + COLUMN // 2, TOP + LANE * box.lane + 40


def _lane(place: int, width: int) -> str:
    shade = "lane" if place % 2 else "lane odd"
    return f'<rect class="{shade}" x="0" y="{TOP + LANE * place}" width="{width}" height="{LANE}"/>'


def _who(place: int, words: str) -> str:
    """The name of a lane, over the lines, which stop short of its letters."""
    shade = "who" if place % 2 else "who odd"
    return f'<text class="{shade}" x="{LEFT}" y="{TOP + LANE * place + 17}">{escape(words)}</text>'


def _events(boxes: Sequence[Box], floor: int) -> list[str]:
    """A letter above the first step that runs from an event, and a line down where another event takes over."""
    found, before = [], None
    for box in boxes:
        if box.letter != before:
            x = LEFT + COLUMN * (box.number - 1)
            if before is not None:
                found.append(f'<line class="turn" x1="{x}" y1="{TOP}" x2="{x}" y2="{floor}"/>')
            found.append(f'<text class="event" x="{x + COLUMN // 2}" y="22">{escape(box.letter)}</text>')
            before = box.letter
    return found


def _arrow(one: Box, other: Box) -> str:
    (x1, y1), (x2, y2) = _middle(one), _middle(other)
    bend = x1 + COLUMN // 2
    return f'<path class="way" d="M{x1} {y1}H{bend}V{y2}H{x2}"/>'


def _step(box: Box) -> str:
    x, y = _middle(box)
    return (
        f'<g><title>{escape(box.text)}</title><circle class="turn-of" cx="{x}" cy="{y}" r="15"/>'
        f'<text class="number" x="{x}" y="{y + 5}">{box.number}</text></g>'
    )


def _explained(place: int, letter: str, words: str, floor: int) -> str:
    y = floor + LINE * (place + 1)
    return (
        f'<text class="legend" x="{LEFT}" y="{y}"><tspan class="letter">{escape(letter)}</tspan>'
        f'<tspan x="{LEFT + 24}">{escape(words)}</tspan></text>'
    )
