"""Agreements to PDF: the portal's engine, WeasyPrint alone, LibreOffice."""

import shutil
import statistics
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


def measure(folder: Path, rounds: int, seconds: float) -> list[Result]:
    """The same agreement, from the same HTML, by each of them."""
    html = page("agreement", CURRENT["agreement"], agreement_paper(FBU))
    fonts = FontConfiguration()

    def ours() -> bytes:
        return render_pdf(
            html, title="Begeleidingsovereenkomst", lang="nl-BE", identifier=uuid.UUID(int=1), created=MOMENT
        )

    def bare() -> None:
        assert HTML(string=html, url_fetcher=PackagedFiles()).write_pdf()

    def same_fonts(variant: str | None) -> None:
        document = HTML(string=html, url_fetcher=PackagedFiles())
        assert document.write_pdf(font_config=fonts, pdf_variant=variant)

    contenders = {
        "ours": ours,
        "bare": bare,
        "plain": lambda: same_fonts(None),
        "archive": lambda: same_fonts("pdf/a-3a"),
    }
    times = medians(contenders, rounds, warm_up=1, seconds=seconds)
    single, batch = _libreoffice(html, folder)
    # The goals are rates: at least 0.9 times WeasyPrint's, at least 5 times LibreOffice's.
    return [
        compare(NAME, times["ours"], "WeasyPrint's write_pdf, bare", times["bare"], 1 / 0.9),
        compare(NAME, times["ours"], "WeasyPrint, fonts kept, untagged", times["plain"]),
        compare(NAME, times["ours"], "WeasyPrint, fonts kept, PDF/A-3a", times["archive"]),
        compare(NAME, times["ours"], "LibreOffice headless", single, 1 / 5),
        compare(NAME, times["ours"], f"LibreOffice, {BATCH} at one start", batch),
    ]


MOMENT = datetime(2026, 11, 25, 12, tzinfo=UTC)
BATCH = 5  # documents that one start of LibreOffice converts


def _libreoffice(html: str, folder: Path) -> tuple[float | None, float | None]:
    """Milliseconds for a document when somebody asks for it (median), and when several are converted at one start.

    (None, None) without LibreOffice.
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        return None, None
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"agreement-{place}.html" for place in range(BATCH)]
    for file in files:
        file.write_text(html)
    command = [program, f"-env:UserInstallation=file://{folder.resolve()}/profile", "--headless", "--convert-to", "pdf",
               "--outdir", str(folder)]  # fmt: skip

    def convert(wanted: list[Path]) -> float:
        start = time.perf_counter()
        subprocess.run([*command, *map(str, wanted)], check=True, capture_output=True, timeout=LIBREOFFICE_SECONDS)
        took = (time.perf_counter() - start) * 1000
        for file in wanted:
            file.with_suffix(".pdf").unlink()  # it says nothing when it could not
        return took

    convert(files[:1])  # the first start makes its profile
    return statistics.median(convert(files[:1]) for _ in range(3)), convert(files) / BATCH
