"""What is wrong with a page: what axe finds (of what is right it keeps no record, which halves its time), its width."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Page

ONLY = {"resultTypes": ["violations"]}
# Whether all fits the screen's width, once the letters are there: those of the machine may be wider.
FITS = """async () => {
  const wide = () => document.documentElement.scrollWidth > innerWidth;
  await document.fonts.ready;
  for (let frame = 0; frame < 30 && wide(); frame++) await new Promise(requestAnimationFrame);
  return !wide();
}"""


def violations(page: Page) -> list[dict[str, Any]]:
    """The violations with their nodes, whole; [] when axe is content.

    Where the page gives way to the next one under axe's hands, it is the next one that counts.
    """
    page.wait_for_load_state()  # just after a click a document has no root yet, and axe stumbles over it
    try:
        report = Axe().run(page, options=ONLY)
    except Error:
        page.wait_for_load_state()
        report = Axe().run(page, options=ONLY)
    found: list[dict[str, Any]] = report.response["violations"]
    return found


def fits(page: Page) -> bool:
    """Whether nothing of the page is wider than the screen."""
    is_fit: bool = page.locator("main").evaluate(FITS)
    return is_fit
