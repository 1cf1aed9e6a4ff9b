"""HTML to PDF by Typst: for the documents that are made by the hundred and frozen, in a fifth of WeasyPrint's time.

What comes out conforms to PDF/UA-1 and to PDF/A-3a, as with `engine.py`. The HTML that a page shows is laid out by
a style of ours (`styles/*.typ`), which knows the elements and classes that its documents use and no others (ADR 9).
"""

import base64
import io
import json
import os
import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from typing import Any
from xml.etree.ElementTree import Element

import pikepdf
import tinyhtml5
import typst
from pikepdf import Name

from app.documents.engine import ROOTS, UnprintableTextError, unprintable

BLOCK = re.compile("body|header|section|div|h[1-3]|p|[ou]l|li|table|caption|thead|tbody|t[rhd]")
UNCLEAR_END = re.compile(rb"[\r\n]\nendstream")
ATTRIBUTES = ("class", "href", "colspan")  # what a style may know of an element

Node = str | dict[str, Any]  # a text, or an element: {"tag", "children": [Node], its attributes}


def typeset_pdf(
    html: str, *, style: str, title: str, lang: str, identifier: uuid.UUID, created: datetime, mark: str = ""
) -> bytes:
    """The PDF of HTML, laid out by `styles/<style>.typ`; the arguments as of `engine.render_pdf`.

    mark: what stands above every page, such as that it is a draft. The same arguments give the same bytes while the
    `engine_version` is the same.

    Raises UnprintableTextError for signs outside the font, and typst.TypstError for an element or a class that the
    style doesn't know: a fault of the document's template.
    """
    if _process() != os.getpid():
        raise RuntimeError("Typst was used before this process was forked off: it would wait for ever.")
    if unknown := unprintable(html):
        raise UnprintableTextError(unknown)
    language, _, region = lang.partition("-")
    # As data, never as Typst's own markup: what people typed can't become a command.
    told = {"title": title, "lang": language, "region": region, "identifier": str(identifier), "mark": mark}
    pdf = typst.compile(
        ROOTS["styles"] / f"{style}.typ",
        root=ROOTS["styles"],
        font_paths=_fonts(),
        sys_inputs={"document": json.dumps({**told, "body": tree(html)})},
        format="pdf",
        pdf_standards=["a-3a", "ua-1"],
        timestamp=created.astimezone(UTC),
    )
    assert isinstance(pdf, bytes)  # noqa: S101 - without an output file Typst returns them
    return _with_clear_ends(pdf)


def engine_version() -> str:
    """What made the bytes, such as 'typst 0.15.2 pikepdf 10.0': with another one they may differ."""
    return " ".join(f"{name} {version(name)}" for name in ("typst", "pikepdf"))


def _with_clear_ends(pdf: bytes) -> bytes:
    """The same document, with no stream whose last byte could be read as a part of the line break after it.

    A reader that takes both for one line break finds the stream a byte too short, a fault under PDF/A (ISO 19005-3,
    6.1.7.1). Compressed data end so once in 128 times; those are written in letters, which end in '~>'.
    """
    if not UNCLEAR_END.search(pdf):
        return pdf
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for each in document.objects:
            if isinstance(each, pikepdf.Stream) and (raw := each.read_raw_bytes()).endswith((b"\r", b"\n")):
                filters = pikepdf.Array([Name.ASCII85Decode, each.Filter])
                each.write(base64.a85encode(raw) + b"~>", filter=filters)
        document.save(
            made,
            compress_streams=False,
            deterministic_id=True,
            fix_metadata_version=False,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
        )
    return made.getvalue()


def tree(html: str) -> Node:
    """The body of an HTML document as plain values, with white space as a browser shows it.

    An element is {"tag": 'p', "children": [...]} with those of ATTRIBUTES that it has; a text is a string. Between
    blocks there is no white space, within a line one space at a time, and none where it begins or ends.
    """
    body = tinyhtml5.parse(html, namespace_html_elements=False).find("body")  # type: ignore[no-untyped-call]
    assert body is not None  # noqa: S101 - an HTML parser always makes one
    return _Reading().element(body)


class _Reading:
    """A document read from its begin to its end, knowing whether a space would still be seen."""

    def __init__(self) -> None:
        self._line_begins = True  # or a space stands there already

    def element(self, element: Element) -> dict[str, Any]:
        begins_line = bool(BLOCK.fullmatch(element.tag)) or element.tag == "br"
        self._line_begins |= begins_line
        children: list[Node] = list(self._text(element.text))
        for child in element:
            children.append(self.element(child))
            children.extend(self._text(child.tail))
        if begins_line:
            self._line_begins = True
            if children and isinstance(last := children[-1], str):
                children[-1:] = filter(None, [last.rstrip(" ")])
        known = {name: element.attrib[name] for name in ATTRIBUTES if name in element.attrib}
        return {"tag": element.tag, "children": children, **known}

    def _text(self, text: str | None) -> Iterator[str]:
        # The invisible mark with which some files begin comes along with what people paste; no PDF/A may hold it.
        seen = re.sub(r"[ \t\n\r\f]+", " ", (text or "").replace("\ufeff", ""))
        if self._line_begins:
            seen = seen.lstrip(" ")
        if seen:
            self._line_begins = seen.endswith(" ")
            yield seen


@cache
def _process() -> int:
    """The one in which Typst runs: its threads don't live on in a fork, and a fork that has none waits for them."""
    return os.getpid()


@cache
def _fonts() -> typst.Fonts:
    """Those that come with the program, and no other; once per process."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[ROOTS["fonts"]])
