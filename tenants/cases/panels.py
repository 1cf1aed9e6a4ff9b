"""What other capabilities put on the page of a case, without the page knowing them.

The page has four places for panels (`Slot`), buttons in its head, and one timeline. A capability registers its
parts in the `register()` of its views; the page asks each with the case and shows what comes back, in order.
"""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask import Flask, current_app

from tenants.cases.codes import About, TaskKind
from tenants.cases.models import Case


class Slot(StrEnum):
    """Where a panel stands: what matters now; over the full width; in the wide column; beside it."""

    NOTICE = "notice"
    MAIN = "main"
    COLUMN = "column"
    ASIDE = "aside"


@dataclass(frozen=True)
class Panel:
    """A part of the page: `template` is rendered with `case` and what `provide(case)` gives; None hides it.

    `right` ('documents.read'): who lacks it does not see the panel.
    """

    slot: Slot
    order: int
    template: str
    provide: Callable[[Case], dict[str, Any] | None]
    right: str = "cases.read"


@dataclass(frozen=True)
class Action:
    """A button in the page's head; `label` is a msgid.

    `href(case)` is its address, or None when this case does not offer it. The page's own 'note something' comes last.
    """

    order: int
    label: str
    href: Callable[[Case], str | None]
    right: str = "cases.read"


@dataclass(frozen=True)
class Entry:
    """Something that happened in a case. Texts are translated already; `at` in UTC orders them, newest first.

    by: user id of who did it, the page shows the name. label: a tag beside the title, in the colour of `kind`
    (late, soon, good). links: (text, address). note: longer text under it, shown with its line breaks.
    by_tenant: the organisation of who did it; None is the case's own. about: its kind; None: that of its source.
    also: a second kind under which it is found, such as the money of a decision.
    """

    at: datetime
    title: str
    detail: str = ""
    hour_known: bool = True
    by: int | None = None
    label: str | None = None
    kind: str | None = None
    note: str = ""
    links: tuple[tuple[str, str], ...] = ()
    by_tenant: uuid.UUID | None = None
    about: About | None = None
    also: About | None = None


Timeline = Callable[[uuid.UUID], Iterable[Entry]]


@dataclass
class _Registered:
    panels: dict[str, Panel]
    actions: dict[str, Action]
    timelines: dict[Timeline, About]


def _registered(app: Flask) -> _Registered:
    found: _Registered = app.extensions.setdefault("case_panels", _Registered({}, {}, {}))
    return found


def register_panel(app: Flask, panel: Panel) -> None:
    """Add a panel; one with the same template is replaced."""
    _registered(app).panels[panel.template] = panel


def register_action(app: Flask, action: Action) -> None:
    """Add a button; one with the same label is replaced."""
    _registered(app).actions[action.label] = action


def register_timeline(app: Flask, provide: Timeline, about: About = About.CASE) -> None:
    """Add a source of timeline entries: it is given the case's id. about: the kind of entries that name none."""
    _registered(app).timelines.setdefault(provide, about)


def register_readers(app: Flask, provide: Callable[[uuid.UUID], Iterable[str]]) -> None:
    """Add a source of other organisations that may see a case now, by name: it is given the case's id."""
    app.extensions.setdefault("case_readers", {})[provide.__qualname__] = provide


def other_readers(case_id: uuid.UUID) -> list[str]:
    """The other organisations that may see the case now, by name."""
    sources = current_app.extensions.get("case_readers", {}).values()
    return sorted({name for provide in sources for name in provide(case_id)})


def register_task_form(app: Flask, kind: TaskKind, href: Callable[[uuid.UUID], str]) -> None:
    """Tasks of this kind are done by filling in a form: `href(task_id)` is its address."""
    app.extensions.setdefault("task_forms", {})[kind] = href


def task_form(kind: str, task_id: uuid.UUID) -> str | None:
    """The address of the form with which such a task is done; None: it is simply marked as done."""
    href = current_app.extensions.get("task_forms", {}).get(kind)
    return href(task_id) if href else None


def panels(slot: Slot) -> list[Panel]:
    """The panels of a place, in order."""
    listed = _registered(current_app).panels.values()
    return sorted((p for p in listed if p.slot == slot), key=lambda p: p.order)


def actions() -> list[Action]:
    """The buttons, in order."""
    return sorted(_registered(current_app).actions.values(), key=lambda a: a.order)


def timeline(case_id: uuid.UUID) -> list[Entry]:
    """Everything that happened in the case, the newest first; of one day without hours, what a source tells last."""
    entries = [
        entry if entry.about else replace(entry, about=about)
        for provide, about in _registered(current_app).timelines.items()
        for entry in provide(case_id)
    ]
    entries.reverse()
    return sorted(entries, key=lambda entry: entry.at, reverse=True)
