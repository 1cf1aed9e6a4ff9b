"""What the journeys share: the portal on a real address, people with a phone, and what nothing may complain of."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browsing import PHONE
from tests.conftest import PASSWORD
from tests.journeys.keyboard import Person
from tests.tenants.conftest import proceeding, reading  # noqa: F401 (fixtures)
from tests.tenants.intake.conftest import region, reported  # noqa: F401 (fixtures)

# What the browser notes as an error of its own and the journeys meet on purpose: a form that is refused, a case that is
# no longer shared, and being without a network.
ANSWERED = re.compile(
    r"status of (409|422|429) |Status Error Code (409|422) |status of 404 .*/gedeeld/|net::ERR_INTERNET_DISCONNECTED"
)


@pytest.fixture
def somebody(browser: Browser, server: str) -> Iterator[Callable[..., Person]]:
    """Somebody with a phone of their own: somebody(), or signed in: somebody(user)."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def complain(text: str) -> None:
        if not ANSWERED.search(text):
            complaints.append(text)

    def make(user: Any = None) -> Person:
        context = browser.new_context(viewport=PHONE, base_url=server, locale="nl-BE", accept_downloads=True)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: complain(str(error)))
        page.on("console", lambda line: line.type == "error" and complain(f"{line.text} {line.location['url']}"))
        page.on("request", lambda sent: sent.url.startswith((server, "data:", "blob:")) or complain(sent.url))
        person = Person(page)
        if user:
            person.signs_in(user, PASSWORD)
        return person

    yield make
    for context in contexts:
        context.close()

    assert complaints == []
