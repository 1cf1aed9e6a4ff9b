"""What is Typst's own: its tags, its forks, and that what people type is text. The rest: test_both_engines.py."""

import html
import io
import re
import subprocess
import sys
import threading
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import page
import pikepdf
import pymupdf
import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st

from app.documents.engine import UnprintableTextError, unprintable
from app.documents.typesetting import engine_version, tree, typeset_pdf

HTML = """<header class="letterhead"><p class="from"><strong>OCMW Oostende</strong><br>Markt 1</p>
<p class="reference">Dossier 7</p></header>
<h1>Plan</h1><p>Voor <strong>Łucja Öztürk</strong>, <span class="amount">€ 1.234,50</span>.</p>
<h2>Aflossingen</h2>
<table class="plan"><caption>Plan</caption><thead><tr><th>Nummer</th><th class="money">Bedrag</th></tr></thead>
<tbody><tr><th>1</th><td class="money">€ 50,00</td></tr><tr><th>2</th><td class="money">€ 60,00</td></tr>
<tr><th>Totaal</th><td>€ 110,00</td></tr></tbody></table>
<ul><li>eerst</li><li>dan</li></ul><ol><li>een</li></ol><p><a href="https://example.be/">meer</a></p>"""
ABOUT = {
    "style": "agreement-1",
    "title": "Afbetalingsplan & meer",
    "lang": "nl-BE",
    "identifier": uuid.UUID("01920000-0000-7000-8000-000000000001"),
    "created": datetime(2021, 3, 4, 9, 30, tzinfo=UTC),
}


def text_of(content: bytes) -> str:
    with pymupdf.open(stream=content) as document:
        return "\n".join(sheet.get_text() for sheet in document)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return typeset_pdf(HTML, **ABOUT)


def test_says_its_title_language_moment_and_identifier(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert document.Root.Lang == "nl-BE"
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert document.docinfo["/Title"] == "Afbetalingsplan & meer"
        assert document.docinfo["/Keywords"] == str(ABOUT["identifier"])
        with document.open_metadata() as metadata:
            assert metadata["dc:title"] == "Afbetalingsplan & meer"
            assert metadata["pdfuaid:part"] == "1"
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
            assert metadata["xmp:CreateDate"] == "2021-03-04T09:30:00+00:00"


def test_tags_tell_headings_lists_links_and_what_heads_a_column(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as document:
        elements = [each for each in document.objects if isinstance(each, pikepdf.Dictionary) and "/S" in each]
        tags = [str(element.S) for element in elements]
        assert {"/H1", "/H2", "/Table", "/THead", "/TR", "/TD", "/L", "/LI", "/Link"} <= set(tags)
        heads = [attribute for element in elements if element.S == "/TH" for attribute in element.A]
    assert [str(each.Scope) for each in heads if "/Scope" in each] == ["/Column", "/Column"]


def test_same_bytes_from_two_threads(pdf):
    made: list[bytes] = []
    threads = [threading.Thread(target=lambda: made.append(typeset_pdf(HTML, **ABOUT))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [pdf, pdf]


def test_a_fork_of_a_process_that_made_a_document_says_so_instead_of_waiting_for_ever(tmp_path):
    script = tmp_path / "fork.py"
    script.write_text(
        "import os\nfrom tests.app.documents.test_typesetting import ABOUT, typeset_pdf\n"
        "typeset_pdf('<h1>Plan</h1>', **ABOUT)\n"
        "if os.fork():\n    os.wait()\nelse:\n"
        "    try:\n        typeset_pdf('<h1>Plan</h1>', **ABOUT)\n"
        "    except RuntimeError as error:\n        print(error, flush=True)\n    os._exit(0)\n"
    )
    done = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, timeout=30, cwd=tmp_path,
        env={"PYTHONPATH": str(Path(__file__).parents[3]), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert "Typst was used before this process was forked off" in done.stdout


@pytest.mark.parametrize("number", [244, 700, 766])
def test_no_stream_ends_in_a_line_break_that_a_reader_could_take_for_its_end(number):
    """In Typst's own file of these three letters one does: compressed data end so once in 128 times."""
    made = [typeset_pdf(f"<h1>Plan</h1><p>Brief {number}</p>", **ABOUT) for _ in range(2)]
    assert made[0] == made[1]
    assert not re.search(rb"[\r\n]\nendstream", made[0])
    for profile in ("ua1", "3a"):
        assert [failure.message for failure in page.validate_pdf_bytes(made[0], profile=profile).failures] == []
    assert f"Brief {number}" in text_of(made[0])


@pytest.mark.parametrize(
    "other",
    [
        {"created": ABOUT["created"] + timedelta(seconds=1)},
        {"title": "Anders"},
        {"lang": "fr-BE"},
        {"mark": "Ontwerp"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_another_argument_is_another_file(pdf, other):
    assert typeset_pdf(HTML, **{**ABOUT, **other}) != pdf


def test_every_sign_that_is_not_refused_can_be_printed():
    """Typst itself refuses what neither standard allows, after the draft was found ready: none may get that far."""
    every = [sign for sign in map(chr, range(0x20, 0x20000)) if not unprintable(html.escape(sign))]
    assert len(every) > 2000
    for at in range(0, len(every), 250):
        row = every[at : at + 250]
        for text in ("".join(row), " ".join(reversed(row))):
            typeset_pdf(f"<h1>Plan</h1><p>{html.escape(text)}</p>", **ABOUT)


@pytest.mark.parametrize("sign", ["\ue000", "\uf0b7", "\x00"])
def test_signs_that_mean_something_in_one_font_only_are_refused(sign):
    with pytest.raises(UnprintableTextError):
        typeset_pdf(f"<h1>Plan</h1><p>{sign}</p>", **ABOUT)


@pytest.mark.parametrize(
    "typed",
    [
        '#read("/etc/passwd")',
        '#import "@preview/cetz:0.4.0"',
        "#panic()",
        "*vet* _schuin_ $x^2$ `code` = kop",
        "<label> @verwijzing // opmerking /* weg */ \\ \\u{41}",
        '"]) #eval("1")',
    ],
)
def test_what_people_type_is_text_and_never_a_command(typed):
    escaped = html.escape(typed, quote=False)
    assert typed in text_of(typeset_pdf(f"<h1>Plan</h1><p>{escaped}</p>", **ABOUT))


@pytest.mark.parametrize(
    "unknown",
    [
        "<p><em>schuin</em></p>",
        '<p class="elders">x</p>',
        "<blockquote>x</blockquote>",
        '<p><span class="x">y</span></p>',
        "<section>los</section>",
        "los",
        "<ul>los<li>x</li></ul>",
        HTML.replace('<td class="money">', '<td class="x">'),
    ],
)
def test_what_the_style_does_not_know_stops_it_instead_of_being_left_out(unknown):
    with pytest.raises(typst.TypstError, match="no style for"):
        typeset_pdf(f"<h1>Plan</h1>{unknown}", **ABOUT)


def test_engine_version_names_what_decides_the_bytes():
    assert engine_version().startswith("typst ")


# ------------------------------------------------------------------ the tree


def element(tag, *children, **attributes):
    return {"tag": tag, "children": list(children), **attributes}


@pytest.mark.parametrize(
    ("text", "children"),
    [
        ("<p> een\n  twee </p>\n<p>drie</p>", [element("p", "een twee"), element("p", "drie")]),
        ("<p>een <b>twee </b> drie</p>", [element("p", "een ", element("b", "twee "), "drie")]),
        ("<p>een <br> twee</p>", [element("p", "een ", element("br"), "twee")]),
        ("<p>een<b> twee</b></p>", [element("p", "een", element("b", " twee"))]),
        ("<p>\ufeffeen \ufeff twee</p>", [element("p", "een twee")]),
        ("<p>8\u00a0 mei</p>", [element("p", "8\u00a0 mei")]),
        ("<p>&lt;b&gt; &amp; #x</p>", [element("p", "<b> & #x")]),
        ("<ul>\n <li>a</li>\n <li>b </li>\n</ul>", [element("ul", element("li", "a"), element("li", "b"))]),
        ('<p class="lead" id="x" onclick="y">a</p>', [{"tag": "p", "children": ["a"], "class": "lead"}]),
        ("", []),
    ],
)
def test_reads_html_as_a_browser_shows_it(text, children):
    assert tree(text) == element("body", *children)


@given(st.text(alphabet=st.sampled_from("ab \n\t\u00a0")), st.text(alphabet=st.sampled_from("ab \n\t\u00a0")))
def test_white_space_is_one_space_and_no_word_is_lost(first, second):
    (paragraph,) = tree(f"<p>{first}<b>{second}</b></p>")["children"]
    outside = "".join(child for child in paragraph["children"] if isinstance(child, str))
    inside = "".join(paragraph["children"][-1]["children"])
    assert "  " not in outside + inside
    assert (outside + inside).replace(" ", "") == "".join(filter(lambda sign: sign not in " \n\t", first + second))
