"""What the journeys share: the portal on a real address, people with a phone, and what nothing may complain of."""

import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from tests.conftest import PASSWORD
from tests.journeys.keyboard import Person
from tests.tenants.conftest import proceeding, reading  # noqa: F401 (fixtures)
from tests.tenants.intake.conftest import region, reported  # noqa: F401 (fixtures)

PHONE = {"width": 390, "height": 844}
# What the browser notes as an error of its own and the journeys meet on purpose: a form that is refused, a case that is
# no longer shared, and being without a network.
ANSWERED = re.compile(
    r"status of (409|422|429) |Status Error Code (409|422) |status of 404 .*/gedeeld/|net::ERR_INTERNET_DISCONNECTED"
)


@pytest.fixture
def server(app: Flask) -> Iterator[str]:
    made = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{made.port}"
    made.shutdown()
    thread.join()


@pytest.fixture
def somebody(server: str) -> Iterator[Callable[..., Person]]:
    """Somebody with a phone of their own: somebody(), or signed in: somebody(user)."""
    complaints: list[str] = []

    def complain(text: str) -> None:
        if not ANSWERED.search(text):
            complaints.append(text)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )

        def make(user: Any = None) -> Person:
            context = browser.new_context(viewport=PHONE, base_url=server, locale="nl-BE", accept_downloads=True)
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
        browser.close()
    assert complaints == []
