"""What axe finds wrong with a page; of what it finds right it keeps no record, which halves its time."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

ONLY = {"resultTypes": ["violations"]}


def violations(page: Page) -> list[dict[str, Any]]:
    """The violations with their nodes, whole; [] when axe is content."""
    found: list[dict[str, Any]] = Axe().run(page, options=ONLY).response["violations"]
    return found
