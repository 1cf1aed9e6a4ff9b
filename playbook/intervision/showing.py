"""Links that other capabilities add to the list of discussed cases, without it knowing them."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app

from app.ui.viewer import viewer


@dataclass(frozen=True)
class Link:
    """A link above the list: `label` is a msgid, `href()` its address, `right` who sees it."""

    label: str
    href: Callable[[], str]
    right: str


def register_link(app: Flask, link: Link) -> None:
    """Add a link; one with the same label is replaced."""
    app.extensions.setdefault("discussion_links", {})[link.label] = link


def links() -> list[tuple[str, str]]:
    """(label, address) of the links that the viewer may follow."""
    known: dict[str, Link] = current_app.extensions.get("discussion_links", {})
    return [(link.label, link.href()) for link in known.values() if viewer.can(link.right)]
