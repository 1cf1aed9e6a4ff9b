"""The side navigation: capabilities register their place in it, people see the places their roles allow."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from flask import Flask, current_app, request

from app.ui.viewer import viewer


class Section(StrEnum):
    """The groups of the navigation, from what a person does daily to what is arranged once.

    ACCOUNT is the menu under the person's name, for what is the person's own (second factor, calendar feed).
    """

    OWN = "own"
    NETWORK = "network"
    ORGANISATION = "organisation"
    ACCOUNT = "account"


@dataclass(frozen=True)
class NavItem:
    """A place in the navigation.

    `path` starts and ends with a slash ('/dossiers/'); every page under it makes the item current.
    `label` is an English msgid, marked with N_. `permission` is None when every signed-in person may go in.
    `badge` is asked at every page (keep it to one indexed count): a number, a short text or nothing.
    `shown` is asked likewise: without it the item is always there.
    """

    section: Section
    path: str
    label: str
    order: int
    permission: str | None = None
    badge: Callable[[], int | str | None] | None = None
    shown: Callable[[], bool] | None = None

    @property
    def current(self) -> bool:
        """True when the page shown is this place or lies under it."""
        return request.path.startswith(self.path)


def init_app(app: Flask) -> None:
    """Start with an empty navigation."""
    app.extensions.setdefault("navigation", [])


def register(app: Flask, item: NavItem) -> None:
    """Add `item`; a second one with the same path replaces the first."""
    items: list[NavItem] = app.extensions.setdefault("navigation", [])
    items[:] = [known for known in items if known.path != item.path] + [item]
    items.sort(key=lambda known: known.order)


def sections_for() -> dict[Section, list[NavItem]]:
    """The items that the viewer may see, by section, in order; sections without items are left out."""
    seen = [
        item
        for item in current_app.extensions["navigation"]
        if viewer.is_authenticated
        and (item.permission is None or viewer.can(item.permission))
        and (item.shown is None or item.shown())
    ]
    by_section = {section: [item for item in seen if item.section is section] for section in Section}
    return {section: items for section, items in by_section.items() if items}
