"""What the pages of scenarios share: finding what an address names, and links that other capabilities add."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, abort, current_app, request

from app.ui.viewer import viewer
from playbook.scenarios import service
from playbook.scenarios.models import Scenario


@dataclass(frozen=True)
class Link:
    """A link on the page of a scenario: `label` is a msgid, `href(slug)` its address, `right` who sees it."""

    label: str
    href: Callable[[str], str]
    right: str


def register_link(app: Flask, link: Link) -> None:
    """Add a link; one with the same label is replaced."""
    app.extensions.setdefault("scenario_links", {})[link.label] = link


def links(slug: str) -> list[tuple[str, str]]:
    """(label, address) of the links that the viewer may follow."""
    known: dict[str, Link] = current_app.extensions.get("scenario_links", {})
    return [(link.label, link.href(slug)) for link in known.values() if viewer.can(link.right)]


def scenario_of_request(slug: str) -> Scenario:
    """The scenario, or 404."""
    try:
        return service.by_slug(slug)
    except service.NoSuchScenarioError:
        abort(404)


def seen_version() -> int:
    """The version that the form was made from; a form without one is not ours (400)."""
    value = request.form.get("version", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else abort(400)
