"""Dutch and French are complete: every text in the sources, with its placeholders; and the check notices a gap."""

import ast
import importlib.util
from types import ModuleType

import pytest
from babel.messages import Catalog, Message

from app.cli import ROOT

ROWS = ("one row", "%(num)d rows")


@pytest.fixture(scope="module")
def i18n() -> ModuleType:
    spec = importlib.util.spec_from_file_location("i18n_script", ROOT / "scripts" / "i18n.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def texts(i18n: ModuleType) -> Catalog:
    return i18n.extract()


def test_nothing_is_left_untranslated(i18n, texts):
    assert i18n.gaps(texts) == []


def test_every_template_that_says_something_is_read_mails_too(i18n, texts):
    files = [path for source in i18n.SOURCES for path in (ROOT / source).glob("**/templates/**/*") if path.is_file()]
    speaking = {str(path.relative_to(ROOT)) for path in files if '_("' in path.read_text()}
    assert speaking <= {name for message in texts for name, _line in message.locations}
    assert any(name.endswith(".txt") for name in speaking)


def test_no_text_hides_in_an_f_string_where_the_extraction_does_not_look(i18n):
    hidden = [
        (str(path.relative_to(ROOT)), call.lineno)
        for source in i18n.SOURCES
        for path in (ROOT / source).glob("**/*.py")
        for string in ast.walk(ast.parse(path.read_text()))
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in ("_", "_l", "N_", "ngettext")
        and call.args
        and isinstance(call.args[0], ast.Constant)
    ]
    assert hidden == []


@pytest.mark.parametrize(
    ("text", "found", "trouble"),
    [
        ("Save", None, "not translated"),
        ("Save", Message("Save", ""), "not translated"),
        ("Save", Message("Save", "Bewaren", flags=["fuzzy"]), "fuzzy"),
        ("Save", Message("Save", "Bewaren"), None),
        ("%(n)s rows", Message("%(n)s rows", "rijen"), "a placeholder is missing"),
        ("%(n)s rows", Message("%(n)s rows", "%(m)s rijen"), "unknown placeholder m"),
        (ROWS, Message(ROWS, ("een rij", "")), "not translated"),
        (ROWS, Message(ROWS, ("een rij", "%(num)d rijen")), None),
    ],
)  # fmt: skip
def test_a_gap_is_named(i18n, text, found, trouble):
    catalog = Catalog()
    catalog.add(text)
    (wanted,) = [message for message in catalog if message.id]
    assert i18n.trouble(wanted, found) == trouble


@pytest.mark.parametrize(
    ("language", "right", "wrong"),
    [
        ("fr", "Certain\u00a0?", "Certain ?"),
        ("fr", "l’un de «\u00a0ceux-ci\u00a0»", "l’un de ‘ceux-ci’"),
        ("fr", "d’accord", "d'accord"),
        ("nl", "‘zeker’ van collega's", "“zeker” van collega's"),
        ("nl", "‘zeker’", '"zeker"'),
        ("nl", "collega's", "collega’s"),
    ],
)
def test_a_text_is_written_as_its_language_is_in_print(i18n, language, right, wrong):
    text = Message("Sure?")
    assert i18n.trouble(text, Message("Sure?", right), i18n.FAULTS[language]) is None
    assert "(write " in i18n.trouble(text, Message("Sure?", wrong), i18n.FAULTS[language])
