"""What of the course of a case somebody wants to see. Pure: no Flask, no SQLAlchemy.

Everything that happened stands in one order (see `panels.timeline`); here it is narrowed and cut into pages.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from tenants.cases.codes import About
from tenants.cases.rules import plain, search_words

BRUSSELS = ZoneInfo("Europe/Brussels")
PAGE_SIZE = 50


class Line(Protocol):
    """What a filter needs of an entry: see `panels.Entry`."""

    @property
    def at(self) -> datetime: ...
    @property
    def title(self) -> str: ...
    @property
    def detail(self) -> str: ...
    @property
    def label(self) -> str | None: ...
    @property
    def note(self) -> str: ...
    @property
    def by(self) -> int | None: ...
    @property
    def by_tenant(self) -> uuid.UUID | None: ...
    @property
    def about(self) -> About | None: ...
    @property
    def also(self) -> About | None: ...


L = TypeVar("L", bound=Line)


@dataclass(frozen=True)
class Wanted:
    """What narrows the course: a kind, a person, an organisation, a period (both days included), words."""

    about: About | None = None
    by: int | None = None
    organisation: uuid.UUID | None = None
    first: date | None = None
    last: date | None = None
    text: str = ""

    @property
    def is_narrowed(self) -> bool:
        return self != Wanted()


def read_wanted(given: Mapping[str, str]) -> Wanted:
    """The filter of an address (soort, wie, van, tot, q); what makes no sense filters nothing.

    A period the wrong way round is turned.
    """
    kind, who = given.get("soort", ""), given.get("wie", "")
    first, last = _day(given.get("van", "")), _day(given.get("tot", ""))
    if first and last and last < first:
        first, last = last, first
    return Wanted(
        About(kind) if kind in {each.value for each in About} else None,
        int(who) if who.isascii() and who.isdigit() and len(who) < 10 else None,
        _identifier(who),
        first,
        last,
        " ".join(given.get("q", "").split())[:100],
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _identifier(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def narrowed(lines: Sequence[L], wanted: Wanted, people: Mapping[int, str], owner: uuid.UUID) -> list[L]:
    """The lines that match all of `wanted`, in their order. people: names by user id; owner: whose case it is."""
    words = search_words(wanted.text)
    return [line for line in lines if _fits(line, wanted, owner) and _says(line, words, people)]


def _fits(line: Line, wanted: Wanted, owner: uuid.UUID) -> bool:
    day = line.at.astimezone(BRUSSELS).date()
    return (
        (wanted.about is None or wanted.about in (line.about, line.also))
        and (wanted.by is None or line.by == wanted.by)
        and (wanted.organisation is None or (line.by_tenant or owner) == wanted.organisation)
        and (wanted.first is None or wanted.first <= day)
        and (wanted.last is None or day <= wanted.last)
    )


def _says(line: Line, words: Sequence[str], people: Mapping[int, str]) -> bool:
    """Every word occurs somewhere in what is shown of the line."""
    if not words:
        return True
    who = people.get(line.by, "") if line.by else ""
    said = plain(" ".join((line.title, line.detail, line.label or "", line.note, who)))
    return all(word in said for word in words)


def counted(lines: Sequence[Line]) -> dict[About, int]:
    """How many lines are found under each kind that occurs, in the order of the kinds."""
    kinds = [kind for line in lines for kind in {line.about, line.also}]
    return {about: kinds.count(about) for about in About if about in kinds}


def cut(lines: Sequence[L], page: int) -> tuple[int, list[L]]:
    """(the page that is shown, its lines); a page that does not exist is the nearest that does. Counts from 1."""
    pages = max(1, -(-len(lines) // PAGE_SIZE))
    page = min(max(page, 1), pages)
    return page, list(lines[(page - 1) * PAGE_SIZE : page * PAGE_SIZE])
