"""What other capabilities have to say when a case is closed or opened again, without the case knowing them.

A capability that keeps something of a case which should not be left undone registers a `Watcher` in the
`register()` of its views, as it does with its panels.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import Flask, current_app

from tenants.cases.models import Case


@dataclass(frozen=True)
class LeftOpen:
    """Something that nobody finished: a msgid with its parameters (msgids too when they are texts)."""

    text: str
    params: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """Something that whoever closes the case chooses. Texts are translated already, and the first choice is offered.

    name: under which the answer comes back. told: what to know first, a line each. choices: (value, text).
    """

    name: str
    title: str
    label: str
    choices: tuple[tuple[str, str], ...]
    intro: str = ""
    told: tuple[str, ...] = ()


def _nothing(*_: Any) -> None:
    return None


@dataclass(frozen=True)
class StillRuns:
    """Something of the case that still runs, and what becomes of it once the case is closed.

    text: translated already. href, action: where it is looked after, and the words of that link.
    """

    text: str
    href: str | None = None
    action: str = ""


@dataclass(frozen=True)
class Watcher:
    """left_open(case_id): what is not finished; a case that has any closes only with a reason.

    warns(case_id): what still runs, told before the case is closed; it holds up nobody.
    asks(case_id): what is to be chosen; an answer that is missing is the first choice.
    closed(case, day, answers) and reopened(case) are called in the transaction that closes or opens the case, after it
    did; answers: by the question's name.
    """

    name: str
    left_open: Callable[[uuid.UUID], Iterable[LeftOpen]] = lambda _case_id: ()
    closed: Callable[[Case, date, Mapping[str, str]], None] = _nothing
    reopened: Callable[[Case], None] = _nothing
    asks: Callable[[uuid.UUID], Iterable[Question]] = lambda _case_id: ()
    warns: Callable[[uuid.UUID], Iterable[StillRuns]] = lambda _case_id: ()


def _watchers(app: Flask) -> dict[str, Watcher]:
    found: dict[str, Watcher] = app.extensions.setdefault("case_closing", {})
    return found


def register_watcher(app: Flask, watcher: Watcher) -> None:
    """Add a watcher; one of the same name is replaced."""
    _watchers(app)[watcher.name] = watcher


def watchers() -> list[Watcher]:
    return list(_watchers(current_app).values())


def left_open(case_id: uuid.UUID) -> list[LeftOpen]:
    """What is not finished in the case, of all capabilities."""
    return [each for watcher in watchers() for each in watcher.left_open(case_id)]


def questions(case_id: uuid.UUID) -> list[Question]:
    """What is to be chosen when the case is closed, of all capabilities."""
    return [each for watcher in watchers() for each in watcher.asks(case_id)]


def still_runs(case_id: uuid.UUID) -> list[StillRuns]:
    """What still runs in the case, of all capabilities."""
    return [each for watcher in watchers() for each in watcher.warns(case_id)]
