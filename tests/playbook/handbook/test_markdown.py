"""Rendering: what an author may write is shown, what could run or fetch something is not."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.handbook.markdown import render

HOSTILE = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "[klik](javascript:alert(1))",
    "[klik](JaVaScRiPt&colon;alert(1))",
    "[klik](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](javascript:alert(1))",
    "![foto](https://elders.example/spion.png)",
    "<style>body{display:none}</style>",
    '<a href="x" style="position:fixed">x</a>',
    "[x]: javascript:alert(1)\n\n[x]",
    '[x](https://a.example "\\" onmouseover=alert(1) ")',
    "::: tip <script>\nx\n:::",
    "```<script>\nx\n```",
    "|a|\n|:-:|\n|<svg onload=alert(1)>|",
    "<iframe src=//elders.example></iframe>",
    "# <b id=main>x</b>",
]
TAG = re.compile(r"<(/?)([a-z0-9]+)([^>]*)>")
ALLOWED = {
    "a", "blockquote", "br", "code", "del", "div", "em", "h2", "h3", "h4", "h5", "hr", "li",
    "ol", "p", "pre", "s", "b", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip


def assert_harmless(html):
    for _slash, tag, attributes in TAG.findall(html):
        assert tag in ALLOWED
        names = set(re.findall(r'([a-z-]+)="', attributes))
        assert names <= {
            "href",
            "title",
            "rel",
            "id",
            "class",
            "role",
            "tabindex",
            "aria-label",
            "scope",
            "start",
            "data-label",
        }
        for address in re.findall(r'href="([^"]*)"', attributes):
            assert re.match(r"(https?:|mailto:|tel:|/|#|[^:]*$)", address)


@pytest.mark.parametrize("source", HOSTILE)
def test_hostile_markdown_becomes_harmless(source):
    assert_harmless(render(source).html)


@given(st.text(st.sampled_from("<>\"'=()[]!:/# \n`*_|-&;abjs"), max_size=120))
def test_any_text_becomes_harmless(source):
    assert_harmless(render(source).html)


def test_a_picture_from_elsewhere_becomes_a_link():
    html = render("![plattegrond](https://elders.example/x.png)").html
    assert '<a href="https://elders.example/x.png" rel="noopener noreferrer">plattegrond</a>' in html
    assert "<img" not in html


def test_a_picture_in_a_link_becomes_its_text():
    assert render("[![logo](https://a.example/x.png)](https://b.example)").html.count("<a ") == 1


def test_what_authors_use_is_shown():
    html = render("# Kop\n\n- een\n- twee\n\n1. stap\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n::: let-op\nBel.\n:::").html
    assert '<h2 id="deel-kop">Kop</h2>' in html
    assert "<ul>" in html
    assert "<ol>" in html
    assert '<td class="text-end">2</td>' in html
    assert 'class="notice notice-soon"' in html


def test_headings_make_the_contents_with_anchors_of_their_own():
    headings = render("# Vooraf\n\n## Bellen\n\n## Bellen").headings
    assert [(h.level, h.anchor, h.text) for h in headings] == [
        (2, "deel-vooraf", "Vooraf"),
        (3, "deel-bellen", "Bellen"),
        (3, "deel-bellen-2", "Bellen"),
    ]


def test_plain_text_has_no_signs():
    plain = render("# Kop\n\n**Bel** [ons](https://a.example) | `vandaag`").plain
    assert plain == "Kop\nBel ons | vandaag"


def test_levels_of_headings_start_under_the_title_and_skip_none():
    levels = [heading.level for heading in render("## Een\n\n#### Diep\n\n## Twee\n\n### Onder").headings]
    assert levels == [2, 3, 2, 3]


def test_a_wide_table_can_be_read_as_a_list_with_the_heading_of_each_column():
    html = render('|Wat|Wie?|Dag|Hoe "zeker"|\n|-|-|-|-|\n|Vonnis|deurwaarder|4 dagen||').html
    assert '<table class="table stacked">' in html
    assert "<td>Vonnis</td>" in html
    assert '<td data-label="Wie">deurwaarder</td>' in html
    assert '<td data-label="Hoe &quot;zeker&quot;"></td>' in html
    assert "data-label" not in render("|Wat|Wie|\n|-|-|\n|Vonnis|wij|").html


def test_each_table_has_a_name_of_its_own():
    html = render("|a|\n|-|\n|1|\n\n|b|\n|-|\n|2|").html
    assert 'aria-label="Table 1"' in html
    assert 'aria-label="Table 2"' in html
