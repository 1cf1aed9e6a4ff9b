"""The side navigation: capabilities register their place in it, people see the places their roles allow."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from flask import Flask, current_app, request

from app.ui.viewer import Badge, viewer


class Section(StrEnum):
    """The groups of the navigation, from what a person does daily to what is arranged once.

    PLANNING is what one goes to from time to time in the same work, so that OWN stays short enough to know by heart.
    ACCOUNT is the menu under the person's name, for what is the person's own (second factor, calendar feed).
    """

    OWN = "own"
    PLANNING = "planning"
    NETWORK = "network"
    ORGANISATION = "organisation"
    ACCOUNT = "account"


@dataclass(frozen=True)
class NavItem:
    """A place in the navigation.

    `path` starts and ends with a slash ('/dossiers/'); every page under it makes the item current.
    `label` is an English msgid, marked with N_. `permission` is None when every signed-in person may go in.
    `badge`: a number, a short text or nothing. It is asked when the person is at this place, has just done something,
    or when a minute has gone by; keep it to one indexed count.
    `only_with_badge`: the place is in the menu while its badge says something.
    """

    section: Section
    path: str
    label: str
    order: int
    permission: str | None = None
    badge: Callable[[], Badge] | None = None
    only_with_badge: bool = False

    @property
    def current(self) -> bool:
        """True when the page shown is this place or lies under it."""
        return request.path.startswith(self.path)


class Place(NamedTuple):
    """An item as the viewer sees it: with what its badge says, if it may have one."""

    item: NavItem
    badge: Badge


def init_app(app: Flask) -> None:
    """Start with an empty navigation."""
    app.extensions.setdefault("navigation", [])


def register(app: Flask, item: NavItem) -> None:
    """Add `item`; a second one with the same path replaces the first."""
    items: list[NavItem] = app.extensions.setdefault("navigation", [])
    items[:] = [known for known in items if known.path != item.path] + [item]
    items.sort(key=lambda known: known.order)


def sections_for() -> dict[Section, list[Place]]:
    """The places that the viewer may see, by section, in order; sections without places are left out."""
    allowed = [
        item
        for item in current_app.extensions["navigation"]
        if viewer.is_authenticated and (item.permission is None or viewer.can(item.permission))
    ]
    badges = _badges(allowed)
    seen = [Place(item, badges.get(item.path)) for item in allowed]
    seen = [place for place in seen if place.badge or not place.item.only_with_badge]
    by_section = {section: [place for place in seen if place.item.section is section] for section in Section}
    return {section: places for section, places in by_section.items() if places}


def _badges(items: list[NavItem]) -> dict[str, Badge]:
    """What the badges say, by the item's path. What is known of the viewer is not asked again, save the place where
    they are: a page and its own badge must not contradict each other."""
    known = viewer.badges
    badges = {
        item.path: item.badge() if known is None or item.current else known.get(item.path)
        for item in items
        if item.badge is not None
    }
    if badges != known:
        viewer.keep_badges(badges)
    return badges
