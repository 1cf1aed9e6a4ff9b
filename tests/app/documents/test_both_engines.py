"""Whichever engine makes it: a file passes two independent checkers, is always the same, and holds no foreign font."""

import hashlib
import io
import subprocess
import sys
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import outloud
import page
import pikepdf
import pytest

from app.documents.engine import UnprintableTextError, render_pdf
from app.documents.typesetting import typeset_pdf
from tests.app.documents import test_engine, test_typesetting


@dataclass(frozen=True)
class Engine:
    """A function that makes a PDF, with a document for it; `again` is the same call as a program."""

    make: Callable[..., bytes]
    html: str
    about: dict[str, Any]

    def pdf(self, html: str = "", **other: Any) -> bytes:
        return self.make(html or self.html, **{**self.about, **other})

    @property
    def again(self) -> str:
        name = self.make.__name__
        return (
            "import datetime, hashlib, time_machine\nfrom uuid import UUID\n"
            f"from {self.make.__module__} import {name}\n"
            "with time_machine.travel(datetime.datetime(2031, 7, 1, tzinfo=datetime.UTC)):\n"
            f"    pdf = {name}({self.html!r}, **{self.about!r})\n"
            "print(hashlib.sha256(pdf).hexdigest())\n"
        )


ENGINES = {
    "weasyprint": Engine(render_pdf, test_engine.HTML, test_engine.ABOUT),
    "typst": Engine(typeset_pdf, test_typesetting.HTML, test_typesetting.ABOUT),
}


@pytest.fixture(scope="module", params=ENGINES)
def engine(request):
    return ENGINES[request.param]


@pytest.fixture(scope="module")
def pdf(engine):
    return engine.pdf()


@pytest.mark.parametrize("profile", ["ua1", "3a"])
def test_conforms_to_both_standards_at_once(pdf, profile):
    report = page.validate_pdf_bytes(pdf, profile=profile)
    assert [(failure.rule_id, failure.message) for failure in report.failures] == []
    assert report.is_compliant
    assert report.rules.total > 100


def test_a_second_checker_finds_nothing_to_mend(pdf, tmp_path):
    path = tmp_path / "proef.pdf"
    path.write_bytes(pdf)
    result = outloud.check(str(path))
    assert result.error is None
    assert [(finding.rule, finding.message) for finding in result.findings] == []


def test_only_the_packaged_font_is_embedded(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as document:
        fonts = {
            str(each.BaseFont)
            for each in document.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/Font"
        }
    assert fonts
    assert all("Inter" in font for font in fonts)


def test_same_bytes_again_after_another_document(engine, pdf):
    assert engine.pdf(engine.html.replace("Öztürk", "Peeters")) != pdf
    assert engine.pdf() == pdf


def test_same_bytes_in_another_process_on_another_day(engine, pdf, tmp_path):
    script = tmp_path / "again.py"
    script.write_text(engine.again)
    environment = {
        "PYTHONPATH": str(Path(__file__).parents[3]),
        "PYTHONHASHSEED": "7",
        "TZ": "Asia/Tokyo",
        "SOURCE_DATE_EPOCH": "1",
        "PATH": "/usr/bin:/bin",
    }
    done = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, check=True, env=environment, cwd=tmp_path
    )
    assert done.stdout.strip() == hashlib.sha256(pdf).hexdigest()


def test_another_identifier_is_another_file(engine, pdf):
    assert engine.pdf(identifier=uuid.UUID(int=2)) != pdf


def test_signs_outside_the_font_are_named_and_not_printed_as_boxes(engine):
    with pytest.raises(UnprintableTextError) as caught:
        engine.pdf(engine.html.replace("Öztürk", "Öztürk 王 &#128512; 王"))
    assert caught.value.characters == "王😀"
