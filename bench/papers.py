"""Agreements to PDF: the portal's engine, WeasyPrint alone, LibreOffice."""

import shutil
import statistics
import subprocess
import time
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

from app.documents.engine import PackagedFiles
from bench.measuring import Result, compare, medians
from tenants.letters.paper import agreement_paper
from tenants.letters.printing import CURRENT, body, to_pdf
from tenants.letters.rules import Tenant
from tests.tenants.letters.samples import FBU

NAME = "agreement PDF"
LIBREOFFICE_SECONDS = 120
STYLES = (Path(__file__).parent / "agreement.css").read_text()
KEY = ("agreement", CURRENT["agreement"])


def papers() -> Iterator[dict[str, Any]]:
    """Agreements of ever other people about other amounts: Typst remembers what it laid out before."""
    for number in count(1):
        terms = replace(FBU.terms, arrears=Decimal(2700 + number), contact_name=f"Sofie {number} Wouters")
        tenants = (Tenant(f"Łucja {number} Nowak", FBU.tenants[0].born), FBU.tenants[1])
        yield agreement_paper(replace(FBU, file_number=f"OOS-2021-{number:04}", tenants=tenants, terms=terms))


def page(paper: dict[str, Any]) -> str:
    """The same text as a page of HTML for those who read one."""
    style = f'<link rel="stylesheet" href="packaged:styles/paper-1.css"><style>{STYLES}</style>'
    head = f'<meta charset="utf-8"><title>Begeleidingsovereenkomst</title>{style}'
    return f'<!doctype html><html lang="nl-BE"><head>{head}</head><body>{body(*KEY, paper)}</body></html>'


def measure(folder: Path, rounds: int, seconds: float) -> list[Result]:
    """Agreements of the same length, from the same content and template, by each of them."""
    fonts = FontConfiguration()
    series = papers()

    def ours() -> None:
        assert to_pdf(*KEY, next(series), identifier=uuid.UUID(int=1), created=MOMENT)

    def bare() -> None:
        assert HTML(string=page(next(series)), url_fetcher=PackagedFiles()).write_pdf()

    def same_fonts(variant: str | None) -> None:
        document = HTML(string=page(next(series)), url_fetcher=PackagedFiles())
        assert document.write_pdf(font_config=fonts, pdf_variant=variant)

    contenders = {
        "ours": ours,
        "bare": bare,
        "plain": lambda: same_fonts(None),
        "archive": lambda: same_fonts("pdf/a-3a"),
    }
    times = medians(contenders, rounds, warm_up=1, seconds=seconds)
    single, batch = _libreoffice([page(next(series)) for _ in range(BATCH)], folder)
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


def _libreoffice(pages: list[str], folder: Path) -> tuple[float | None, float | None]:
    """Milliseconds for a document when somebody asks for it (median), and when several are converted at one start.

    (None, None) without LibreOffice.
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        return None, None
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"agreement-{place}.html" for place in range(BATCH)]
    for file, html in zip(files, pages, strict=True):
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
