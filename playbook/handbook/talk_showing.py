"""A text block by block with what is said about each, as its page shows it (templates/handbook/talk_parts.html)."""

import re
from collections.abc import Sequence
from typing import Any

from flask import request

from playbook.handbook import adopting, drafts, pictures, remarks, steps
from playbook.handbook.markdown import Block
from playbook.handbook.models import Autosave, Page
from playbook.handbook.origins import origins_of
from playbook.handbook.remarks import Subject
from playbook.handbook.showing import differing, shown_page, shown_text, without_closed_doors


def seen(subject: Subject) -> int:
    """Which text of it somebody looks at: the page's version or the draft's revision."""
    return subject.version if isinstance(subject, Page) else subject.revision


_PLACE = re.compile(r"opmerking/[0-9a-f-]{36}/[1-9][0-9]{0,4}")  # where what is typed at a part of a text is kept


def place_of(subject: Subject) -> str:
    """Where what is typed at its parts is kept; the part's number follows."""
    return f"opmerking/{subject.id}/"


def is_place(place: str) -> bool:
    """Whether it is the place of a part of a text."""
    return _PLACE.fullmatch(place) is not None


def forget_sent() -> None:
    """Drop what was kept of the words that this request sent."""
    place = request.form.get("place", "")
    if is_place(place):
        drafts.forget_autosave(place)


def _typed(subject: Subject, blocks: Sequence[Block]) -> dict[int, Autosave]:
    """What the reader typed and did not send, by block number; by the last one when the text became shorter."""
    found: dict[int, Autosave] = {}
    for each in drafts.autosaved_under(place_of(subject)):
        number = min(int(each.place.rpartition("/")[2]), len(blocks))
        if number and (each.title or each.body != blocks[number - 1].source):
            found[number] = each
    return found


def talk_of(subject: Subject) -> dict[str, Any]:
    """What talk_parts.blocks and the editor need of a page or a draft."""
    if isinstance(subject, Page):
        shown = shown_page(subject, adopting.of(subject))
    else:
        shown = without_closed_doors(shown_text(subject.body))
    talk = remarks.of(subject, shown.blocks)
    return {
        "shown": shown,
        "talk": talk,
        "seen": seen(subject),
        "place": place_of(subject),
        "unsent": _typed(subject, shown.blocks),
        "origins": origins_of(talk),
        "differing": differing,
        "scenarios": steps.titles(),
        "most": pictures.LARGEST,
    }
