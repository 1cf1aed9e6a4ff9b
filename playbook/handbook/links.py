"""Links in a text that is shown: those that lead to another page of the portal, and where they lead for this reader.
Pure."""

import re
from collections.abc import Callable

from playbook.handbook.rules import RESERVED

# As nh3 writes a link; what stands between the tags holds no other one.
_WITHIN = re.compile(r'<a href="(/(?!/)[^"]*)"([^>]*)>(.*?)</a>', re.DOTALL)
_PAGE = re.compile(r"/draaiboek/([a-z0-9-]+)/?(#[^\"]*)?")


def page_of(address: str) -> str | None:
    """The page of the playbook that an address is of, by its own name; none for another address."""
    found = _PAGE.fullmatch(address)
    return found[1] if found and found[1] not in RESERVED else None


def pages_in(html: str) -> set[str]:
    """The pages of the playbook to which a text links."""
    return {slug for link in _WITHIN.finditer(html) if (slug := page_of(link[1]))}


def leading(html: str, where: Callable[[str], str | None], note: str = "") -> str:
    """`html` with each link within the portal leading where `where(address)` says.

    None: its words alone stand there, with `note` (safe HTML) behind them.
    """

    def led(link: re.Match[str]) -> str:
        to = where(link[1])
        return f'<a href="{to}"{link[2]}>{link[3]}</a>' if to is not None else link[3] + note

    return _WITHIN.sub(led, html)
