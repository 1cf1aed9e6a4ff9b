"""What is WeasyPrint's own: its tags, its pictures, and what it reads. The rest: test_both_engines.py."""

import io
import uuid
from datetime import UTC, datetime

import page
import pikepdf
import pytest
from PIL import Image

from app.documents.engine import (
    PackagedFiles,
    ResourceRefusedError,
    engine_version,
    render_pdf,
)

HTML = """<!doctype html><html lang="nl-BE"><head><title>Proef</title>
<link rel="stylesheet" href="packaged:styles/paper-1.css"></head><body>
<h1>Plan</h1><p>Voor <strong>Łucja Öztürk</strong>, € 1.234,50.</p>
<h2>Aflossingen</h2>
<table><thead><tr><th>Nummer</th><th>Bedrag</th><th>Saldo</th></tr></thead>
<tbody><tr><th>1</th><td>€ 50,00</td><td>€ 160,00</td></tr>
<tr><th>2</th><td>€ 50,00</td><td>€ 110,00</td></tr>
<tr><th>3</th><td>€ 50,00</td><td>€ 60,00</td></tr><tr><th>4</th><td>€ 60,00</td><td>€ 0,00</td></tr>
</tbody></table><ul><li>eerst</li><li>dan</li></ul><p><a href="https://example.be/">meer</a></p></body></html>"""
ABOUT = {
    "title": "Afbetalingsplan & meer",
    "lang": "nl-BE",
    "identifier": uuid.UUID("01920000-0000-7000-8000-000000000001"),
    "created": datetime(2021, 3, 4, 9, 30, tzinfo=UTC),
}


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return render_pdf(HTML, **ABOUT)


def test_says_its_title_and_language(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert document.Root.Lang == "nl-BE"
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert document.docinfo["/Title"] == "Afbetalingsplan & meer"
        with document.open_metadata() as metadata:
            assert metadata["dc:title"] == "Afbetalingsplan & meer"
            assert metadata["pdfuaid:part"] == "1"
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
            assert metadata["xmp:CreateDate"] == "2021-03-04T09:30:00Z"


def test_tags_tell_headings_lists_and_which_header_heads_what(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as document:
        elements = [each for each in document.objects if isinstance(each, pikepdf.Dictionary) and "/S" in each]
        tags = [str(element.S) for element in elements if element.get("/Type") == "/StructElem"]
        assert {"/H1", "/H2", "/Table", "/TR", "/TD", "/L", "/LI", "/Link"} <= set(tags)
        scopes = [str(element.A.Scope) for element in elements if element.S == "/TH"]
    assert scopes == [*["/Column"] * 3, *["/Row"] * 4]


def test_no_stream_ends_in_a_line_break_that_a_reader_could_take_for_its_end():
    """Compressed data end in a line break once in 128 times: in one of these two dozen letters at least."""
    for number in range(186, 210):
        html = f"<html lang='nl'><title>x</title><p>Brief {number * number}</p></html>"
        pdf = render_pdf(html, **ABOUT)
        assert b"\r\nendstream" not in pdf
        assert b"\n\nendstream" not in pdf


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:1/logo.svg",
        "https://example.be/logo.svg",
        "data:image/svg+xml,<svg/>",
        "packaged:styles/../engine.py",
        "packaged:fonts/../../../crypto.py",
        "packaged:styles//etc/passwd",
        "packaged:elsewhere/paper-1.css",
        "packaged:styles/",
        "packaged:styles/absent.css",
    ],
)
def test_a_document_reads_no_other_file(address):
    with pytest.raises(ResourceRefusedError):
        PackagedFiles().fetch(address)
    for asking in (f'<img src="{address}" alt="x">', f'<link rel="stylesheet" href="{address}">'):
        with pytest.raises(ResourceRefusedError, match="packaged"):
            render_pdf(f"<html lang='nl'><title>x</title>{asking}<p>tekst</p>", **ABOUT)


def test_engine_version_names_what_decides_the_bytes():
    assert engine_version().startswith("weasyprint ")


def picture(form, mode, colour):
    """A file of 30 by 20 in one colour, as (media type, bytes)."""
    out = io.BytesIO()
    Image.new(mode, (30, 20), colour).save(out, form)
    return f"image/{form.lower()}", out.getvalue()


def test_a_picture_is_in_the_file_as_it_was():
    teal = (0, 128, 128)
    shown = {"a.png": picture("PNG", "RGB", teal), "b.png": picture("PNG", "RGBA", (*teal, 90))}
    shown["c.jpg"] = picture("JPEG", "RGB", teal)
    images = "".join(f'<p><img src="packaged:pictures/{name}" alt="Een vlak"></p>' for name in shown)
    content = render_pdf(HTML.replace("</body>", f"{images}</body>"), pictures=shown, **ABOUT)
    for profile in ("ua1", "3a"):
        assert [failure.message for failure in page.validate_pdf_bytes(content, profile=profile).failures] == []
    with pikepdf.open(io.BytesIO(content)) as read:
        found = [image for sheet in read.pages for image in sheet.images.values()]
        colours = [pikepdf.PdfImage(image).as_pil_image().convert("RGB").getpixel((15, 10)) for image in found]
        assert len(colours) == len(shown)
        assert all(abs(a - b) < 6 for colour in colours for a, b in zip(colour, teal, strict=True)), colours
        (mask,) = [image.SMask for image in found if "/SMask" in image]
        assert pikepdf.PdfImage(mask).as_pil_image().getpixel((15, 10)) == 90
