"""A person at a phone with nothing but a keyboard: every control is reached with Tab, seen to have the focus, and used.

A journey says what that person does; this says how. What can't be reached, has no visible focus, or hides behind the
menu at the bottom fails the journey.
"""

import os
import re
from collections.abc import Iterator
from datetime import date
from itertools import count
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests import axe

MOST_TABS = 200  # who has to press Tab more often than this gives up
_pictures: Iterator[int] = count(1)

# Where the focus is, seen from the control that is wanted.
WHERE = """(wanted) => {
  const now = document.activeElement;
  if (now === wanted) return "here";
  const grouped = wanted.type === "radio" && now && now.type === "radio";
  if (grouped && now.form === wanted.form && now.name === wanted.name) return "group";
  if (now && now.matches(".skip") && document.querySelector("main").contains(wanted)) return "skip";
  if (!now || now === document.body) return "after";
  return now.compareDocumentPosition(wanted) & Node.DOCUMENT_POSITION_PRECEDING ? "before" : "after";
}"""

# About how many stops lie between here and there, to press Tab that often before looking again.
FAR = """(wanted) => {
  const now = document.activeElement;
  if (!now || now === document.body) return 1;
  const stops = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")];
  const between = stops.filter((each) => {
    const after = (one, other) => one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;
    const inside = after(now, each) ? after(each, wanted) : after(wanted, each) && after(each, now);
    return inside && each.tabIndex >= 0 && !each.disabled && each.type !== "radio" && each.checkVisibility();
  });
  return Math.max(1, between.length);
}"""

# What keeps a reader from seeing where they are: no ring, out of sight, or under something else.
HIDDEN = """async (element) => {
  const own = [element, ...(element.labels || [])];
  const rings = (each) => {
    const style = getComputedStyle(each);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
  };
  const wrong = () => {
    if (!own.some(rings)) return "no visible focus";
    const box = element.getClientRects()[0];
    if (!box || box.bottom <= 0 || box.top >= innerHeight) return `out of sight at ${box && box.top}`;
    const middle = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2;
    const on = document.elementFromPoint(box.left + Math.min(box.width / 2, 40), middle);
    const shows = on && own.some((each) => each.contains(on) || on.contains(each));
    return shows ? "" : "behind " + (on && on.outerHTML.slice(0, 120));
  };
  for (let frame = 0; frame < 10 && wrong(); frame++) await new Promise(requestAnimationFrame);  // it may still scroll
  return wrong();
}"""


# Whether Enter on a control brings another page, or only changes this one.
NAVIGATES = """(element) => {
  if (element.matches("a")) return !element.matches("[hx-get], [target], [href^='#']");
  return element.type === "submit" && !!element.form && !element.form.matches("[hx-get], [hx-post], [data-download]");
}"""


def beginning(name: str) -> re.Pattern[str]:
    """What begins with this name; a browser may put spaces around a part that only a screen reader says."""
    return re.compile(r"^\s*" + re.escape(name).replace(r"\ ", r"\s+").replace(":", r"\s*:"))


class Person:
    """Somebody at a page. Controls are named as the reader reads them."""

    def __init__(self, page: Page) -> None:
        self.page = page

    # ------------------------------------------------------------ going

    def goes_to(self, address: str) -> None:
        """Type an address; from there on the keyboard does it."""
        self.page.goto(address)

    def signs_in(self, user: Any, password: str) -> None:
        self.page.goto("/login/")
        expect(self.page.locator("#username")).to_be_focused()
        self.types(user.username)
        self.presses("Tab")
        self.types(password)
        self.presses("Enter")
        self.page.wait_for_url(lambda url: "/login" not in url)

    def looks(self, name: str = "") -> None:
        """Nothing for axe, nothing wider than the screen."""
        self.page.wait_for_load_state()
        if folder := os.environ.get("PICTURES"):
            width = self.page.evaluate("innerWidth")
            at = f"{next(_pictures):02d}-{name or re.sub(r'[^a-z]+', '-', self.page.title().lower())[:40]}-{width}"
            self.page.screenshot(path=f"{folder}/{at}.png", full_page=True)
        assert axe.fits(self.page), self.page.url
        found = axe.violations(self.page)
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == [], self.page.url

    def reads(self, *sentences: str) -> None:
        """All of these stand on the page."""
        for sentence in sentences:
            expect(self.page.locator("main")).to_contain_text(sentence)

    # ------------------------------------------------------------ the keyboard

    def presses(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def types(self, text: str) -> None:
        """Into what has the focus."""
        self.page.keyboard.type(text)

    def reaches(self, wanted: Locator) -> Locator:
        """Go to a control with Tab, past the menu by the skip link; it shows that it has the focus."""
        handle = wanted.element_handle()
        for look in range(MOST_TABS):
            where = handle.evaluate(WHERE)
            if where in ("here", "group"):
                break
            if where == "skip":
                self.presses("Enter")
            else:
                far = handle.evaluate(FAR) if look < 10 else 1
                self.presses(*["Tab" if where == "after" else "Shift+Tab"] * far)
        else:
            raise AssertionError(f"Tab does not lead to {wanted} on {self.page.url}")
        if where == "here":
            hidden = handle.evaluate(HIDDEN)
            assert not hidden, f"{wanted} on {self.page.url}: {hidden}"
        return wanted

    # ------------------------------------------------------------ controls

    def hits(self, role: Any, name: str, within: str = "main", last: bool = False) -> None:
        """Reach a link or button and press Enter on it. `name` is its name, or the beginning of it."""
        found = self.page.locator(within).get_by_role(role, name=beginning(name))
        control = self.reaches(found.last if last else found.first)
        if not control.evaluate(NAVIGATES):
            return self.presses("Enter")
        with self.page.expect_navigation():
            self.presses("Enter")

    def chooses(self, place: str) -> None:
        """Go to a place of the menu at the bottom: the daily ones stand there, the rest behind 'Meer'."""
        bar = self.page.locator("nav.bar")
        wanted = bar.get_by_role("link", name=beginning(place))
        if not wanted.first.is_visible():
            self.reaches(bar.locator("summary"))
            self.presses("Enter")
        self.hits("link", place, "nav.bar")
        self.page.wait_for_load_state()

    def opens(self, summary: str, within: str = "main") -> None:
        """Unfold what is folded behind these words."""
        self.reaches(self.page.locator(within).locator("summary", has_text=summary).first)
        self.presses("Enter")

    def fills(self, label: str, text: str, within: str = "main") -> None:
        """Type into a field, in the place of what stands there."""
        field = self.reaches(self.field(label, within))
        self.presses("Control+A")
        self.types(text)
        expect(field).to_have_value(text)

    def dates(self, label: str, day: date, within: str = "main") -> None:
        """Type a day into its field, digit by digit, in the order in which it shows them."""
        field = self.reaches(self.field(label, within))
        for order in ("%m%d%Y", "%d%m%Y"):  # the field follows the language of the browser, not that of the page
            self.types(day.strftime(order))
            if field.input_value() == day.isoformat():
                break
            self.presses("ArrowLeft", "ArrowLeft", "ArrowLeft")
        assert field.input_value() == day.isoformat(), f"{label}: {field.input_value()}"

    def hours(self, label: str, hour: str, within: str = "main") -> None:
        """Type '09:30' into a field for an hour."""
        field = self.reaches(self.field(label, within))
        self.types(hour.replace(":", ""))
        if not field.input_value():  # a browser in English asks for morning or afternoon too
            self.types("A" if hour < "12" else "P")
        assert field.input_value() == hour, f"{label}: {field.input_value()}"

    def picks(self, label: str, within: str = "main") -> None:
        """Choose one of several: Tab into the group, the arrows to the right one."""
        wanted = self.reaches(self.field(label, within))
        handle = wanted.element_handle()
        for _ in range(40):
            if handle.evaluate(WHERE) == "here":
                break
            self.presses("ArrowDown")
        else:
            raise AssertionError(f"the arrows do not lead to {label}")
        if not wanted.is_checked():
            self.presses("Space")
        hidden = handle.evaluate(HIDDEN)
        assert not hidden, f"{label} on {self.page.url}: {hidden}"
        assert wanted.is_checked(), label

    def ticks(self, label: str, within: str = "main") -> None:
        wanted = self.reaches(self.field(label, within))
        self.presses("Space")
        assert wanted.is_checked(), label

    def unticks(self, label: str, within: str = "main") -> None:
        wanted = self.reaches(self.field(label, within))
        self.presses("Space")
        assert not wanted.is_checked(), label

    def selects(self, label: str, option: str, within: str = "main") -> None:
        """Choose in a list: its first letters are enough for the browser to find it."""
        wanted = self.reaches(self.field(label, within))
        chosen = "element => element.selectedOptions[0] ? element.selectedOptions[0].text.trim() : ''"
        self.presses("Home")
        for _ in range(60):
            if wanted.evaluate(chosen).startswith(option):
                return
            self.presses("ArrowDown")
        raise AssertionError(f"{label} has no {option}")

    def field(self, label: str, within: str = "main") -> Locator:
        """The field with this label, whole or its beginning."""
        return self.page.locator(within).get_by_label(beginning(label)).first
