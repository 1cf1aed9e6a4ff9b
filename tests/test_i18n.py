"""Dutch and French are complete: every text in the sources, with its placeholders; and the check notices a gap."""

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


def test_nothing_is_left_untranslated(i18n):
    assert i18n.gaps(i18n.extract()) == []


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
