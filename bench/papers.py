"""Agreements to PDF: the portal's engine, WeasyPrint alone, LibreOffice."""

import shutil
import subprocess
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

from app.documents.engine import PackagedFiles, render_pdf
from bench.measuring import Result, compare, medians
from tenants.letters.paper import agreement_paper
from tenants.letters.printing import CURRENT, page
from tests.tenants.letters.samples import FBU

NAME = "agreement PDF"
LIBREOFFICE_SECONDS = 120


def measure(folder: Path, rounds: int) -> list[Result]:
    """The same agreement, from the same HTML, by each of them."""
    html = page("agreement", CURRENT["agreement"], agreement_paper(FBU))
    fonts = FontConfiguration()

    def ours() -> bytes:
        return render_pdf(
            html, title="Begeleidingsovereenkomst", lang="nl-BE", identifier=uuid.UUID(int=1), created=MOMENT
        )

    def bare(**options: str) -> bytes:
        made = HTML(string=html, url_fetcher=PackagedFiles()).write_pdf(font_config=fonts, **options)
        assert made
        return made

    times = medians({"ours": ours, "bare": bare, "archive": lambda: bare(pdf_variant="pdf/a-3a")}, rounds, 1)
    office = _libreoffice(html, folder, rounds)
    # The goals are rates: at least 0.9 times WeasyPrint's, at least 5 times LibreOffice's.
    return [
        compare(NAME, times["ours"], "WeasyPrint, plain PDF", times["bare"], 1 / 0.9),
        compare(NAME, times["ours"], "WeasyPrint, PDF/A-3a", times["archive"]),
        compare(NAME, times["ours"], "LibreOffice headless", office, 1 / 5),
    ]


MOMENT = datetime(2026, 11, 25, 12, tzinfo=UTC)


def _libreoffice(html: str, folder: Path, rounds: int) -> float | None:
    """Milliseconds for each document when one start of LibreOffice converts several; None without LibreOffice."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    number = min(rounds, 5)
    files = [folder / f"agreement-{place}.html" for place in range(number)]
    for file in files:
        file.write_text(html)
    command = [program, f"-env:UserInstallation=file://{folder.resolve()}/profile", "--headless", "--convert-to", "pdf",
               "--outdir", str(folder)]  # fmt: skip
    took = 0.0
    for wanted in (files[:1], files):  # the first start makes its profile
        start = time.perf_counter()
        subprocess.run([*command, *map(str, wanted)], check=True, capture_output=True, timeout=LIBREOFFICE_SECONDS)
        took = time.perf_counter() - start
    if not all(file.with_suffix(".pdf").exists() for file in files):
        return None
    return took * 1000 / number
