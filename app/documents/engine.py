# mypy: disable-error-code="no-untyped-call"
"""HTML to PDF: one document in, the same accessible and archivable bytes out, on any day and in any process.

What comes out is a tagged PDF that conforms to PDF/UA-1 (ISO 14289-1: it can be read aloud) and to PDF/A-3a
(ISO 19005-3: it can be read in thirty years). WeasyPrint writes one of the two; what the other asks on top is
added here.

A document may only use files that come with the program, by the addresses `packaged:fonts/...` and
`packaged:styles/...`. Anything else it asks for stops the rendering.
"""

import html as html_entities
import logging
import re
import threading
import unicodedata
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pydyf
from fontTools.ttLib import TTFont
from weasyprint import HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from app.garbage import collected_later

ROOTS = {
    "fonts": Path(__file__).parent / "fonts",
    "styles": Path(__file__).parent / "styles",
}
CONTENT_TYPES = {".css": "text/css", ".ttf": "font/ttf", ".svg": "image/svg+xml"}
LETTERS_KNOWN_BY = ROOTS["fonts"] / "inter-4.1" / "Inter-Regular.ttf"

Objects = Mapping[bytes, Any]  # a PDF's objects by their reference, as b'12 0 R'

_one_at_a_time = threading.Lock()


class ResourceRefusedError(ValueError):
    """The document asks for a file that doesn't come with the program."""


class UnprintableTextError(ValueError):
    """The document holds signs that its font can't print; `characters` names them, each once, in order."""

    def __init__(self, characters: str) -> None:
        super().__init__(f"the font has no sign for {characters!r}")
        self.characters = characters


def render_pdf(
    html: str,
    *,
    title: str,
    lang: str,
    identifier: uuid.UUID,
    created: datetime,
    pictures: Mapping[str, tuple[str, bytes]] | None = None,
    progress: Callable[[int], None] | None = None,
) -> bytes:
    """The PDF of a whole HTML page.

    `title` and `lang` (BCP 47, such as 'nl-BE') are told by a screen reader; `identifier` and `created`
    (with a time zone) are written into the file. So the same five arguments give the same bytes while the
    `engine_version` is the same.

    pictures: name -> (media type, bytes) of what the document shows as `packaged:pictures/<name>`.
    progress: called with the number of every page when its layout begins (some pages are laid out twice).

    Raises UnprintableTextError for signs outside the font, ResourceRefusedError for a file not packaged.
    """
    if unknown := unprintable(html):
        raise UnprintableTextError(unknown)
    moment = created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    # Pango's font map, shared by all documents of the process, isn't made for two threads at a time.
    with _one_at_a_time, collected_later():
        try:
            with _told(progress):
                document = HTML(string=html, url_fetcher=PackagedFiles(pictures)).render(
                    font_config=_fonts(), pdf_variant="pdf/a-3a"
                )
            metadata = document.metadata
            metadata.title, metadata.lang = title, lang
            metadata.created = metadata.modified = moment
            metadata.authors, metadata.keywords, metadata.attachments = [], [], []
            metadata.description = metadata.generator = None
            pdf = document.write_pdf(
                pdf_variant="pdf/a-3a", pdf_identifier=identifier.hex, uncompressed_pdf=True, finisher=_finish
            )
        except FatalURLFetchingError as error:
            raise ResourceRefusedError(str(error.__cause__)) from error
    assert isinstance(pdf, bytes)  # noqa: S101 - without a target WeasyPrint returns them
    return pdf


def engine_version() -> str:
    """What made the bytes, such as 'weasyprint 70.0 pydyf 0.13.0': with another one they may differ."""
    return " ".join(f"{name} {version(name)}" for name in ("weasyprint", "pydyf"))


def unprintable(html: str) -> str:
    """The signs of `html` that no letter of the font stands for, each once, in the order in which they come.

    Printed anyway they would come from a font that happens to be on the machine, or as empty boxes, and the
    file would be no archive copy.
    """
    known = _known_characters()
    return "".join(dict.fromkeys(sign for sign in html_entities.unescape(html) if sign not in known))


class PackagedFiles(URLFetcher):
    """Serves `packaged:<root>/<path>` from the program's own folders, and nothing else from anywhere."""

    def __init__(self, pictures: Mapping[str, tuple[str, bytes]] | None = None) -> None:
        self._pictures = pictures or {}
        super().__init__(allowed_protocols=["packaged"], allow_redirects=False, fail_on_errors=True)

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        scheme, _, address = url.partition(":")
        root, _, name = address.partition("/")
        if scheme == "packaged" and root == "pictures" and name in self._pictures:
            media_type, content = self._pictures[name]
            return URLFetcherResponse(url, content, {"Content-Type": media_type})
        folder = ROOTS.get(root) if scheme == "packaged" else None
        path = (folder / name).resolve() if folder else None
        if not folder or not path or not path.is_relative_to(folder.resolve()) or not path.is_file():
            raise ResourceRefusedError(f"not a packaged file: {url}")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": CONTENT_TYPES[path.suffix]})


class _Pages(logging.Handler):
    """Hears from WeasyPrint at which page it is."""

    def __init__(self, tell: Callable[[int], None]) -> None:
        super().__init__(logging.INFO)
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        found = re.search(r"- Page (\d+)", record.getMessage())
        if found:
            self._tell(int(found[1]))


@contextmanager
def _told(progress: Callable[[int], None] | None) -> Iterator[None]:
    if progress is None:
        yield
        return
    log = logging.getLogger("weasyprint.progress")
    handler, before = _Pages(progress), (log.level, log.propagate)
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.level, log.propagate = before


@cache
def _fonts() -> FontConfiguration:
    """One per process: loading a font costs more than rendering a letter with it."""
    return FontConfiguration()


@cache
def _known_characters() -> frozenset[str]:
    with TTFont(LETTERS_KNOWN_BY, lazy=True) as font:
        letters = {chr(code) for code in font.getBestCmap() or {}}
    # What a sign of private use means, only its font knows: an archive copy may hold none (ISO 19005-3, 6.2.11.7.3).
    letters = {letter for letter in letters if unicodedata.category(letter) not in ("Co", "Cc")}
    # White space and invisible joints (soft hyphen, zero-width space, word joiner) are handled by the layout.
    return frozenset(letters | set("\t\n\r \u00a0\u00ad\u200b\u200c\u200d\u2060\ufeff"))


def _finish(document: Document, pdf: pydyf.PDF) -> None:
    """What the standards ask beyond WeasyPrint's own, added before the file is written."""
    by_reference = {each.reference: each for each in pdf.objects}
    _say_what_headers_head(pdf, by_reference)
    _take_running_lines_out_of_the_text(pdf, by_reference)
    _leave_pictures_as_they_are(pdf)
    _compress(pdf)
    _write_metadata(document, by_reference[pdf.catalog["Metadata"]])


def _say_what_headers_head(pdf: pydyf.PDF, by_reference: Objects) -> None:
    """Give every header cell of a table its scope: above the body it heads a column, inside it a row."""
    for cell in pdf.objects:
        if isinstance(cell, pydyf.Dictionary) and cell.get("S") == "/TH":
            section = by_reference[by_reference[cell["P"]]["P"]]
            cell["A"]["Scope"] = "/Column" if section["S"] == "/THead" else "/Row"


def _take_running_lines_out_of_the_text(pdf: pydyf.PDF, by_reference: Objects) -> None:
    """Mark the margins' lines as artifacts (ISO 14289-1, 7.8), so that no reader hears them on every page.

    WeasyPrint paints them as marked text and only leaves them out of the tag tree.
    """
    root = by_reference[pdf.catalog["StructTreeRoot"]]
    in_tree = set(_below(root, by_reference))
    elements_of_page = by_reference[root["ParentTree"]]["Nums"]
    for page in map(by_reference.__getitem__, pdf.page_references):
        elements = elements_of_page[2 * page["StructParents"] + 1]
        content = by_reference[page["Contents"]].stream
        for at, item in enumerate(content):
            if not isinstance(item, pydyf.Dictionary) or "MCID" not in item:
                continue
            if elements[item["MCID"]] not in in_tree:
                elements[item["MCID"]] = "null"
                content[at - 1] = "/Artifact"
                content[at] = pydyf.Dictionary({"Type": "/Pagination"})


def _below(element: pydyf.Dictionary, by_reference: Objects) -> Iterator[bytes]:
    """The references of all structure elements under `element`."""
    for kid in element.get("K", ()):
        if kid in by_reference:
            yield kid
            yield from _below(by_reference[kid], by_reference)


def _leave_pictures_as_they_are(pdf: pydyf.PDF) -> None:
    """Ask no reader to smooth a picture: PDF/A forbids it, since each would do so in its own way (19005-3, 6.2.8)."""
    for each in pdf.objects:
        if isinstance(each, pydyf.Stream) and "Interpolate" in each.extra:
            each.extra["Interpolate"] = "false"


def _compress(pdf: pydyf.PDF) -> None:
    """Compress each stream, unless its last byte would be a line break; a picture is compressed already.

    A line break must follow the data; a reader that takes two of them as one finds the data a byte too short,
    which is a fault under PDF/A (ISO 19005-3, 6.1.7.1). That befalls one stream in 128.
    """
    for stream in pdf.objects:
        if isinstance(stream, pydyf.Stream) and "Filter" not in stream.extra:
            stream.compress = True
            stream.compress = not stream.data.removesuffix(b"\nendstream").endswith((b"\r", b"\n"))


def _write_metadata(document: Document, stream: pydyf.Stream) -> None:
    """Replace the metadata by one uncompressed block that claims both standards.

    PDF/UA's own property isn't among those PDF/A knows, so the block declares it (the extension schema of ISO
    19005-3, 6.6.2.3); a validator doesn't look into a second `rdf:RDF`, hence one.
    """
    xmp = XMP.format(
        title=escape(document.metadata.title),
        language=escape(document.metadata.lang),
        producer=escape(f"WeasyPrint {version('weasyprint')}"),
        moment=document.metadata.created,
    )
    stream.stream, stream.compress = [xmp.encode()], False


XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
    xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
    xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/">
   <pdfaid:part>3</pdfaid:part>
   <pdfaid:conformance>A</pdfaid:conformance>
   <pdfuaid:part>1</pdfuaid:part>
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
   <dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
   <pdf:Producer>{producer}</pdf:Producer>
   <xmp:CreateDate>{moment}</xmp:CreateDate>
   <xmp:ModifyDate>{moment}</xmp:ModifyDate>
  </rdf:Description>
  <rdf:Description rdf:about=""
    xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
    xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
    xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
   <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
    <pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
    <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
    <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
    <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
     <pdfaProperty:name>part</pdfaProperty:name>
     <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
     <pdfaProperty:category>internal</pdfaProperty:category>
     <pdfaProperty:description>The part of ISO 14289 to which the file conforms</pdfaProperty:description>
    </rdf:li></rdf:Seq></pdfaSchema:property>
   </rdf:li></rdf:Bag></pdfaExtension:schemas>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""
