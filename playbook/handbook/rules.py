"""The playbook's own rules: addresses of pages, the tree, and what a text may be. Pure."""

import re
import unicodedata
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from app.i18n import N_

# Forty printed pages: the longest chapter of a guide that people still read. Beyond it a text is a mistake of
# copying, and comparing two of them would take seconds.
LONGEST_BODY = 100_000
# Two printed pages without an empty line: no reader follows it, and word by word it compares slowly.
LONGEST_PARAGRAPH = 8_000
LONGEST_SLUG = 80
# Addresses under /draaiboek/ that mean something else.
RESERVED = frozenset(
    {"zoeken", "nieuw", "hoofdstuk", "van", "bewerken", "geschiedenis", "ontwerp", "ontwerpen", "bestand", "bestanden"}
    | {"opmerking", "opmerkingen", "pdf", "tussentijds", "gewijzigd", "hoofdstukken", "sinds", "scenario", "berichten"}
    | {"voorstel"}
)
# What runs or fetches something in a page. It would only be shown as text, so whoever wrote it expected something
# that will not happen: they are told.
_ACTIVE = re.compile(
    r"<\s*/?\s*(script|iframe|object|embed|style|svg|link|meta|base|form)\b|<[a-z][^>]*\son[a-z]+\s*="
    r"|\]\(\s*<?\s*(javascript|vbscript|data):|^\s*\[[^\]]+\]:\s*<?(javascript|vbscript|data):",
    re.IGNORECASE | re.MULTILINE,
)
_CODE = re.compile(r"^(```|~~~).*?^\1[ \t]*$|(`+)(?!`).+?(?<!`)\2(?!`)", re.DOTALL | re.MULTILINE)
# What the merge of two texts writes around words that clash (see differences.merge); a saved text has none left, nor
# those that git leaves in a mirror (a line of ======= may underline a heading).
CLASH_OPENS, CLASH_TURNS, CLASH_ENDS = "▼▼▼", "◆◆◆", "▲▲▲"
_CLASHES = (CLASH_OPENS, CLASH_TURNS, CLASH_ENDS, "<<<<<<<", ">>>>>>>")


@dataclass(frozen=True)
class Problem:
    """What is wrong with a field of the editor; `message` is a msgid with `params`."""

    field: str
    message: str
    params: dict[str, object]


def slug_of(title: str, taken: Iterable[str] = ()) -> str:
    """An address for `title`: 'Wie is er aanwezig op de zitting?' → 'wie-is-er-aanwezig-op-de-zitting'.

    One that is taken or reserved gets a number. A title without letters of ours becomes 'pagina'.
    """
    bare = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", bare)
    stem = "-".join(words)[: LONGEST_SLUG - 5].strip("-") or "pagina"
    used = RESERVED | set(taken)
    slug, number = stem, 2
    while slug in used:
        slug, number = f"{stem}-{number}", number + 1
    return slug


def tidy(text: str) -> str:
    """`text` as it is kept: one kind of line end, composed letters, no control signs, no empty space around it."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(c for c in composed if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return kept.strip("\n ").rstrip()


def paragraphs(body: str) -> list[str]:
    """The parts of a text between empty lines."""
    return [part for part in re.split(r"\n[ \t]*\n\s*", body) if part.strip()]


def problems_of(body: str) -> list[Problem]:
    """Everything that keeps `body` (tidied) from being saved."""
    found = []
    if not body:
        found.append(Problem("body", N_("There is no text yet. Write at least one sentence."), {}))
    if len(body) > LONGEST_BODY:
        found.append(
            Problem(
                "body",
                N_(
                    "The text has %(length)s characters; a page holds at most %(limit)s. "
                    "Divide it over several pages of the chapter."
                ),
                {"length": len(body), "limit": LONGEST_BODY},
            )
        )
        return found  # the advice below would repeat it
    longest = max(paragraphs(body), key=len, default="")
    if len(longest) > LONGEST_PARAGRAPH:
        found.append(
            Problem(
                "body",
                N_(
                    'The paragraph that starts with "%(start)s" has %(length)s characters; at most %(limit)s is '
                    "possible. Divide it with empty lines."
                ),
                {"start": longest[:40], "length": len(longest), "limit": LONGEST_PARAGRAPH},
            )
        )
    active = _ACTIVE.search(_CODE.sub("", body))
    if active:
        found.append(
            Problem(
                "body",
                N_(
                    'The text holds script or a piece of a web page, at "%(start)s". Write it in words or with the '
                    "signs of the editor; an example of code stands between ` and `."
                ),
                {"start": active.group().strip()[:40]},
            )
        )
    left = next((line for line in body.split("\n") if line.startswith(_CLASHES)), None)
    if left is not None:
        found.append(
            Problem(
                "body",
                N_(
                    'Two texts still stand under each other: the line "%(line)s" is left. Keep what is right and '
                    "delete the lines between the texts."
                ),
                {"line": left[:40]},
            )
        )
    return found


# Two looks at the playbook that are further apart than this are two visits: a lunch break is not one.
SAME_VISIT = timedelta(hours=4)


def visits(before: datetime | None, last: datetime, now: datetime) -> tuple[datetime | None, datetime]:
    """(end of the visit before, last look of this one) when somebody looks again at `now`."""
    return (before if now - last < SAME_VISIT else last), now


def confirm_from(now: int | None, choice: str, version: int) -> int | None:
    """The version from which 'read and understood' counts: nobody ('no'), who did already ('once'), all ('again').

    Another choice ('keep') leaves it.
    """
    if choice == "no":
        return None
    if choice == "again" or (choice == "once" and now is None):
        return version
    return now


# ---------------------------------------------------------------- the tree


class Node(Protocol):
    """What the tree needs to know of a page."""

    @property
    def id(self) -> uuid.UUID: ...
    @property
    def parent_id(self) -> uuid.UUID | None: ...
    @property
    def position(self) -> int: ...


N = TypeVar("N", bound=Node)
T = TypeVar("T")


def in_reading_order(pages: Iterable[N]) -> list[tuple[int, N]]:
    """Pages of one chapter as one reads them, each with its depth (0 at the top).

    A page whose parent is not among them stands at the top; pages in a circle, which the service refuses to make,
    come last: none is left out.
    """
    pages = sorted(pages, key=lambda page: (page.position, page.id))
    ids = {page.id for page in pages}
    below: dict[uuid.UUID | None, list[N]] = {}
    for page in pages:
        below.setdefault(page.parent_id if page.parent_id in ids else None, []).append(page)
    ordered: list[tuple[int, N]] = []
    stack = [(0, page) for page in reversed(below.get(None, []))]
    while stack:
        depth, page = stack.pop()
        ordered.append((depth, page))
        stack.extend((depth + 1, child) for child in reversed(below.get(page.id, [])))
    seen = {page.id for _depth, page in ordered}
    return ordered + [(0, page) for page in pages if page.id not in seen]


def lies_under(page_id: uuid.UUID, above: uuid.UUID | None, parents: dict[uuid.UUID, uuid.UUID | None]) -> bool:
    """Whether `above` is the page itself or lies somewhere under it, so that it can't become its parent."""
    seen = set()
    while above is not None and above not in seen:
        if above == page_id:
            return True
        seen.add(above)
        above = parents.get(above)
    return False


def placed(siblings: Sequence[T], item: T, position: int) -> list[T]:
    """`siblings` with `item` at `position` (from 1); a number beyond the end means the end."""
    others = [each for each in siblings if each != item]
    at = max(0, min(position - 1, len(others)))
    return [*others[:at], item, *others[at:]]
