"""A real browser: the portal on an address, pages of people at a desk or a phone, and what no page may do.

One Chromium serves the tests of a process that follow each other. It ends before a test that needs none: its driver
keeps an event loop running in this thread, where others bring their own.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from tests import axe

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
PATIENCE = 30_000  # milliseconds: a machine that does several things at a time is late, not wrong


class SharedBrowser:
    """Started when it is first asked for, ended by `end()`."""

    def __init__(self) -> None:
        self._browser: Browser | None = None
        self._ending = ExitStack()

    def get(self) -> Browser:
        if self._browser is None:
            driver = self._ending.enter_context(sync_playwright())
            self._browser = driver.chromium.launch(
                executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
            )
            self._ending.callback(self._browser.close)
        return self._browser

    def end(self) -> None:
        self._browser = None
        self._ending.close()


shared = SharedBrowser()


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address at which `app` answers meanwhile."""
    made = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{made.port}"
    made.shutdown()
    thread.join()


@pytest.fixture
def browser() -> Browser:
    return shared.get()


@pytest.fixture
def server(app: Flask) -> Iterator[str]:
    with served(app) as address:
        yield address


@pytest.fixture
def open_page(browser: Browser, server: str) -> Iterator[Callable[..., Page]]:
    """open_page(client, viewport): an empty page, signed in as the client is; of a stranger without one.

    What its pages complain of (their policy, an error in a script) and ask elsewhere fails the test at the end.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(client: FlaskClient | None = None, viewport: Any = PHONE, **options: Any) -> Page:
        context = browser.new_context(viewport=viewport, base_url=server, locale="nl-BE", **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if "Policy" in line.text else None)
        page.on("request", lambda sent: sent.url.startswith((server, "data:", "blob:")) or complaints.append(sent.url))
        if client:
            become(page, client, server)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def become(page: Page, client: FlaskClient, server: str) -> None:
    """Go on as the person as whom the client is signed in."""
    cookie = client.get_cookie("woonvast")
    assert cookie
    page.context.clear_cookies()
    page.context.add_cookies([{"name": "woonvast", "value": cookie.value, "url": server}])


def check(page: Page) -> None:
    """Nothing for axe, nothing wider than the screen."""
    found = axe.violations(page)
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == [], page.url
    assert axe.fits(page), page.url
