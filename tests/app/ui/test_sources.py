"""Every template and static file, read as text: nothing inline, nothing from elsewhere, all translated."""

import re
from functools import cache
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

ROOT = Path(__file__).parents[3]
# A document's template (agreement-1.html, with its version) becomes a PDF and is never sent to a browser.
DOCUMENT = re.compile(r"-\d+(\.\w+)?\.html$")
TEMPLATES = sorted(
    path
    for part in ("app", "playbook", "tenants")
    for path in (ROOT / part).rglob("templates/**/*.html")
    if not DOCUMENT.search(path.name)
)
STATIC = sorted(
    path
    for path in (ROOT / "app/ui/static").rglob("*")
    if path.suffix in {".css", ".js", ".svg"} and "vendor" not in path.parts
)
ids = {"ids": lambda path: str(path.relative_to(ROOT))}
JINJA = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True)  # parses only
GETTEXT = {"_", "gettext", "ngettext", "_l", "lazy_gettext"}
# Names that are not translated, and words that people here use in both languages.
NAMES = {"Woonvast"}


@cache
def _tree(path: Path) -> nodes.Template:
    return JINJA.parse(path.read_text())


def test_there_is_something_to_read():
    assert len(TEMPLATES) > 40
    assert len(STATIC) >= 4


@pytest.mark.parametrize("path", TEMPLATES, **ids)
def test_template_carries_no_script_or_style_of_its_own(path):
    text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.S)
    assert not re.search(r"<style\b|\sstyle\s*=|javascript:", text, re.I)
    markup = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", text, flags=re.S)
    assert not re.search(r"""<[^>]*\son\w+\s*=""", markup, re.I)
    assert not re.search(r"hx-on\b|hx-vals=['\"]js:|data-hx-on", text)
    for script in re.findall(r"<script\b.*?</script>", text, re.S | re.I):
        assert re.fullmatch(
            r'<script src="\{\{ url_for\(.*?\) \}\}" nonce="\{\{ csp_nonce\(\) \}\}" defer></script>', script
        )


@pytest.mark.parametrize("path", [*TEMPLATES, *STATIC], **ids)
def test_nothing_comes_from_elsewhere(path):
    text = path.read_text().replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?://|[\"'(]//\w", text)


@pytest.mark.parametrize("path", TEMPLATES, **ids)
def test_a_colon_after_words_is_left_to_the_language(path):
    """French puts a space before it: `_("%(label)s: %(text)s")`. What only a screen reader hears may do without."""
    text = re.sub(r"\{#.*?#\}|<span class=\"visually-hidden\">.*?</span>", "", path.read_text(), flags=re.S)
    assert not re.search(r"\}\}(</\w+>)?:|~ \": \"|join\(\": \"\)", text)


def _calls(path: Path) -> list[nodes.Call]:
    return [
        call
        for call in _tree(path).find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in GETTEXT
    ]


@pytest.mark.parametrize("path", TEMPLATES, **ids)
def test_texts_are_translated_whole_with_named_placeholders(path):
    for call in _calls(path):
        words = call.args[: 2 if call.node.name == "ngettext" else 1]
        given = {keyword.key for keyword in call.kwargs} | ({"num"} if call.node.name == "ngettext" else set())
        for word in words:
            if isinstance(word, nodes.Name | nodes.Getattr | nodes.Getitem):
                continue  # a msgid that its owner marked with N_
            assert isinstance(word, nodes.Const), f"line {call.lineno}: a text put together cannot be translated"
            assert set(re.findall(r"%\((\w+)\)", word.value)) <= given, f"line {call.lineno}: {word.value}"
            assert not re.search(r"%[sd]|\{\}", word.value), f"line {call.lineno}: unnamed placeholder"


def _visible_words(path: Path) -> set[str]:
    """Words that stand in the template itself, outside tags and expressions."""
    text = "".join(
        part.data if isinstance(part, nodes.TemplateData) else "\N{REPLACEMENT CHARACTER}"
        for output in _tree(path).find_all(nodes.Output)
        for part in output.nodes
    )
    bare = re.sub(r"<[^<>]*(>|$)|^[^<>]*>", " ", text)
    return set(re.findall(r"[A-Za-zÀ-ÿ]{3,}", re.sub(r"&\w+;", " ", bare)))


@pytest.mark.parametrize("path", [path for path in TEMPLATES if "app/ui" in str(path)], **ids)
def test_no_text_stands_untranslated_in_a_template(path):
    assert _visible_words(path) <= NAMES


def test_files_that_the_style_sheet_names_exist():
    for sheet in (path for path in STATIC if path.suffix == ".css"):
        for address in re.findall(r'url\("([^"]+)"\)', sheet.read_text()):
            assert (sheet.parent / address).exists(), address


def test_what_is_not_ours_carries_its_licence():
    vendor = ROOT / "app/ui/static"
    for folder in [*(vendor / "vendor").iterdir(), vendor / "fonts/inter-4.1", ROOT / "app/documents/fonts/inter-4.1"]:
        assert (folder / "LICENSE.txt").exists(), folder
