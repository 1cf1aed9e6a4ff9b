"""What of a file is left out of its copy, and how. Pure: no Flask, no SQLAlchemy.

Who asks for their file may see what is about them, not what would harm the rights of others (GDPR art. 15 (4); for
an OCMW also the professional secrecy of art. 458 of the Criminal Code). What is left out is taken away before
anything is printed: no text lies under a black box.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise

from app.i18n import N_
from tenants.cases.codes import Code

SHORTEST = 2  # signs of a passage: with one sign everything would be left out
MOST_PASSAGES = 200
FEW_LINES = 120  # a copy of at most so many lines is made at once, in about a second


class Purpose(Code):
    """For whom a copy is."""

    ACCESS = "access", N_("For the person concerned, who asks to see their file")
    COLLEAGUE = "colleague", N_("For a colleague or another service that may have it")


class Third(Code):
    """Whose data a line holds when it isn't the household's own story; such a line is left out unless chosen."""

    LANDLORD = "landlord", N_("contact of the landlord")
    REPORTER = "reporter", N_("who reported")
    HOUSEHOLD = "household", N_("of another member of the household")


@dataclass(frozen=True)
class Line:
    """A fact or an event of a file. key: names it within the file. who: the colleague who noted it."""

    key: str
    label: str
    text: str
    who: str = ""
    third: Third | None = None


@dataclass(frozen=True)
class Part:
    """A part of a file under its title."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Choice:
    """What is left out: lines by key, passages wherever they stand, and whether colleagues stay unnamed."""

    hidden: frozenset[str] = frozenset()
    passages: tuple[str, ...] = ()
    without_colleagues: bool = False


Segments = list[str | None]  # text as it is printed; None: something was left out here


def numbered(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The lines with a key each of its own: of two that say the same the second gets a number."""
    seen: dict[str, int] = {}
    found = []
    for line in lines:
        times = seen[line.key] = seen.get(line.key, 0) + 1
        found.append(line if times == 1 else Line(f"{line.key}-{times}", *list(asdict(line).values())[1:]))
    return tuple(found)


def key_of(*texts: str) -> str:
    """A short key made of what a line says, so that it keeps its key while others come and go."""
    return hashlib.sha256("\x1f".join(texts).encode()).hexdigest()[:16]


def digest(parts: Sequence[Part]) -> str:
    """What was shown, as one word: a file that changed since has another."""
    told = [[part.title, [list(asdict(line).values()) for line in part.lines]] for part in parts]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, default=str).encode()).hexdigest()


def first_choice(parts: Sequence[Part]) -> Choice:
    """What is left out unless somebody chooses otherwise: the lines about others, and their words everywhere."""
    lines = [line for part in parts for line in part.lines if line.third]
    texts = [piece for line in lines for piece in line.text.split("\n")]
    return Choice(frozenset(line.key for line in lines), passages_in("\n".join(texts)))


def passages_in(text: str) -> tuple[str, ...]:
    """The passages somebody wrote, one a line, each once."""
    return tuple(dict.fromkeys(filter(None, (" ".join(line.split()) for line in text.splitlines()))))


def too_short(passages: Sequence[str]) -> list[str]:
    """The passages that would take out nearly everything."""
    return [passage for passage in passages if len(passage) < SHORTEST]


def _pattern(passage: str) -> str:
    """Whole words, whatever their capitals and spaces; a number in whatever groups it is written."""
    digits = [sign for sign in passage if sign.isdigit()]
    if len(digits) >= 6 and all(sign.isdigit() or sign in " ./-()+" for sign in passage):
        return r"(?<!\d)" + r"[\s./()+-]*".join(digits) + r"(?!\d)"
    words = r"\s+".join(re.escape(word) for word in passage.split())
    return rf"(?<!\w){words}(?!\w)"


def without(text: str, passages: Sequence[str]) -> Segments:
    """`text` in the pieces that stay; between them None stands for what was left out."""
    patterns = [re.compile(_pattern(passage), re.IGNORECASE) for passage in passages if passage.strip()]
    segments: Segments = [text]
    while True:
        cut = [piece for each in segments for piece in ([None] if each is None else _cut(each, patterns))]
        merged = cut[:1] + [after for before, after in pairwise(cut) if (before, after) != (None, None)]
        if merged == segments:
            return [piece for piece in segments if piece != ""]
        segments = merged


def _cut(text: str, patterns: Sequence[re.Pattern[str]]) -> Segments:
    spans = sorted(found.span() for pattern in patterns for found in pattern.finditer(text))
    segments: Segments = []
    at = 0
    for start, end in spans:
        if start > at or (start == at and not segments):
            segments += [text[at:start], None]
        at = max(at, end)
    return [*segments, text[at:]] if spans else [text]


def printed(parts: Sequence[Part], choice: Choice, colleagues: Iterable[str] = ()) -> list[dict[str, object]]:
    """The parts as they are printed: what is left out is not in it. colleagues: names, left out on demand."""
    passages = [*choice.passages, *(colleagues if choice.without_colleagues else ())]

    def line(each: Line) -> dict[str, object]:
        text: Segments = [None] if each.key in choice.hidden else without(each.text, passages)
        who: Segments = [] if choice.without_colleagues else without(each.who, passages)
        return {"label": without(each.label, passages), "text": text, "who": who}

    return [{"title": part.title, "lines": [line(each) for each in part.lines]} for part in parts if part.lines]


def left_out(parts: Sequence[dict[str, object]]) -> int:
    """How many places of a printed copy say that something was left out."""
    lines = [line for part in parts for line in part["lines"]]  # type: ignore[attr-defined]
    return sum(segments.count(None) for line in lines for segments in line.values())
