"""A text with its findings as a page shows them: pieces to mark, and what the same words have in common."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _

from tenants.intervision.codes import Section
from tenants.intervision.rules import Finding
from tenants.intervision.service import Checked


@dataclass(frozen=True)
class Group:
    """The same words, however often they stand there. places: the headings of the parts, in the reader's language."""

    key: str
    text: str
    why: str
    instead: str
    is_hard: bool
    count: int
    places: str
    anchor: str


def parts(checked: Checked) -> list[tuple[str, list[tuple[str, Finding | None]]]]:
    """(heading, pieces) of each part that has a text; a piece is a text with the finding that it is, if it is one."""
    found = []
    for section in Section:
        text = checked.texts[section]
        if text:
            findings = [each for each in checked.findings if each.section is section]
            found.append((_(section.label), list(_pieces(text, findings))))
    return found


def _pieces(text: str, findings: list[Finding]) -> Iterable[tuple[str, Finding | None]]:
    at = 0
    for each in findings:
        if each.start > at:
            yield text[at : each.start], None
        yield each.text, each
        at = each.end
    if at < len(text):
        yield text[at:], None


def groups(findings: Iterable[Finding]) -> list[Group]:
    """What was found, the hard ones first, the same words once."""
    by_key: dict[str, list[Finding]] = {}
    for each in findings:
        by_key.setdefault(each.key, []).append(each)
    made = [
        Group(
            key,
            same[0].text,
            _(same[0].kind.label),
            _(same[0].instead),
            same[0].is_hard,
            len(same),
            ", ".join(dict.fromkeys(_(each.section.label) for each in same)),
            f"vondst-{key}",
        )
        for key, same in by_key.items()
    ]
    return sorted(made, key=lambda group: not group.is_hard)
