"""Translations: `update` extracts, merges and compiles; `check` only looks; `compile` only compiles.

`update` and `check` fail when a text lacks its Dutch or French, is marked fuzzy, loses a placeholder, or is not
written as its language is in print.
"""

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("app", "playbook", "tenants")
LANGUAGES = ("nl", "fr")
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2")]
KEYWORDS = {
    "_": None, "gettext": None, "N_": None, "_l": None, "lazy_gettext": None,
    "ngettext": (1, 2), "lazy_ngettext": (1, 2), "pgettext": ((1, "c"), 2),
}  # fmt: skip
PLACEHOLDER = re.compile(r"%\((\w+)\)")
# What is wrong in print, in each language. French puts a space before some signs, which must not let a line begin
# with them.
FAULTS = {
    "nl": [(re.compile(r"""[“”„"«»]"""), "quotation (write ‘…’)"), (re.compile(r"\w’\w"), "an apostrophe (write ')")],
    "fr": [
        (re.compile(r" [:;?!»€]|« "), "a space that may break (write U+00A0)"),
        (re.compile(r"""[“”„"‘]"""), "quotation (write « … »)"),
        (re.compile("'"), "an apostrophe (write ’)"),
    ],
}


def extract() -> Catalog:
    """Every text in the sources, with the file where it stands."""
    catalog = Catalog(project="woonvast", charset="utf-8")
    for source in SOURCES:
        found = extract_from_dir(ROOT / source, METHODS, keywords=KEYWORDS, comment_tags=("i18n:",))
        for filename, line, message, comments, context in found:
            catalog.add(message, None, [(f"{source}/{filename}", line)], auto_comments=comments, context=context)
    return catalog


def path_of(language: str) -> Path:
    return ROOT / "translations" / language / "LC_MESSAGES" / "messages.po"


def read(language: str) -> Catalog:
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language)


def compile_all() -> None:
    """Write the .mo files that are older than their .po."""
    for language in LANGUAGES:
        source = path_of(language)
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        new = target.with_suffix(".new")
        with new.open("wb") as file:
            write_mo(file, read(language))
        new.replace(target)  # a portal that starts meanwhile reads the old or the new one, not half


def update(texts: Catalog) -> None:
    """Merge the texts into the .po files; what is no longer used goes."""
    for language in LANGUAGES:
        catalog = read(language)
        catalog.update(texts, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        with path_of(language).open("wb") as file:
            write_po(file, catalog, width=100, sort_output=True, no_location=True)


def gaps(texts: Catalog) -> list[str]:
    """A sentence for each text that is not translated as it should."""
    problems = []
    for language in LANGUAGES:
        catalog = read(language)
        for text in texts:
            if not text.id:
                continue
            first = text.id[0] if isinstance(text.id, tuple) else text.id
            problem = trouble(text, catalog.get(first, text.context), FAULTS[language])
            if problem:
                where = "{}:{}".format(*text.locations[0]) if text.locations else "?"
                problems.append(f"{language}: {problem}: {first!r} ({where})")
    return problems


def trouble(text: Message, found: Message | None, faults: Sequence[tuple[re.Pattern[str], str]] = ()) -> str | None:
    """What is wrong with the translation `found` of `text`, if anything. faults: of its language, see FAULTS."""
    strings = found.string if found is not None else ""
    strings = strings if isinstance(strings, tuple | list) else (strings,)
    if found is None or not strings or not all(strings):
        return "not translated"
    if found.fuzzy:
        return "fuzzy"
    ids = text.id if isinstance(text.id, tuple) else (text.id,)
    known = set().union(*(PLACEHOLDER.findall(i) for i in ids))
    needed = set(PLACEHOLDER.findall(ids[-1]))
    for string in strings:
        used = set(PLACEHOLDER.findall(string))
        if not used <= known:
            return f"unknown placeholder {', '.join(sorted(used - known))}"
        for pattern, fault in faults:
            if pattern.search(string):
                return fault
    if not needed <= set(PLACEHOLDER.findall(strings[-1])):
        return "a placeholder is missing"
    return None


def main(action: str) -> int:
    if action == "compile":
        compile_all()
        return 0
    texts = extract()
    if action == "update":
        update(texts)
    problems = gaps(texts)
    sys.stderr.write("".join(f"{problem}\n" for problem in problems))
    compile_all()
    if problems:
        sys.stderr.write(f"{len(problems)} translations to do in translations/*/LC_MESSAGES/messages.po\n")
        return 1
    sys.stdout.write(f"{len(texts)} texts, complete in {' and '.join(LANGUAGES)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "check"))
