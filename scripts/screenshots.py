"""The README's pictures, taken from a demo of their own: docs/images/*.png.

python scripts/screenshots.py [--url http://127.0.0.1:8080]      (a demo that is served already)
"""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
STARTS_WITHIN = 600  # seconds; a busy machine invents a region in minutes


@contextmanager
def own_demo() -> Iterator[str]:
    """The address of a demo with fresh data, which ends with the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="woonvast-pictures-") as folder:
        env = {name: value for name, value in os.environ.items() if not name.startswith("WOONVAST_")}
        server = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "demo"],
            cwd=ROOT,
            env=env | {"WOONVAST_DATA_DIR": folder, "PORT": str(port)},
            stdout=subprocess.DEVNULL,
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


def wait_for(address: str, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        if server.poll() is not None:
            raise SystemExit("the demo ended before it was served")
        try:
            urllib.request.urlopen(address, timeout=5)  # noqa: S310 - our own address
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise SystemExit("the demo was not served in time")


def take(url: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 860}, locale="nl-BE")
        sign_in(page, url)
        page.goto(f"{url}/vandaag/")
        page.screenshot(path=IMAGES / "vandaag.png")
        page.goto(telling_case(page, url))
        page.screenshot(path=IMAGES / "dossier.png")
        browser.close()


def sign_in(page: Page, url: str) -> None:
    page.goto(f"{url}/login/")
    page.fill("[name=username]", "medewerker.oostende")
    page.fill("[name=password]", "woonvast-demo")
    page.locator("main form [type=submit]").first.click()
    page.wait_for_url("**/vandaag/**")


def telling_case(page: Page, url: str) -> str:
    """The address of the open case on Vandaag of which most is written down."""
    links = page.locator("main a[href*='/dossiers/']").evaluate_all("links => links.map(link => link.pathname)")
    cases = sorted({"/".join(path.split("/")[:3]) + "/" for path in links if path.count("-") >= 4})
    lengths = {}
    for path in cases:
        page.goto(url + path)
        if page.get_by_text("Afgesloten op").count():
            continue
        lengths[path] = page.locator("main li").count()
    return url + max(lengths, key=lambda path: lengths[path])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", help="a demo that is served already")
    chosen = parser.parse_args().url
    IMAGES.mkdir(parents=True, exist_ok=True)
    if chosen:
        take(chosen.rstrip("/"))
    else:
        with own_demo() as url:
            take(url)


if __name__ == "__main__":
    main()
