"""A text block by block with what is said about each, as its page shows it (templates/handbook/talk_parts.html)."""

from typing import Any

from playbook.handbook import adopting, pictures, remarks, steps
from playbook.handbook.models import Page
from playbook.handbook.origins import origins_of
from playbook.handbook.remarks import Subject
from playbook.handbook.showing import differing, shown_page, shown_text


def seen(subject: Subject) -> int:
    """Which text of it somebody looks at: the page's version or the draft's revision."""
    return subject.version if isinstance(subject, Page) else subject.revision


def talk_of(subject: Subject) -> dict[str, Any]:
    """What talk_parts.blocks and the editor need of a page or a draft."""
    shown = shown_page(subject, adopting.of(subject)) if isinstance(subject, Page) else shown_text(subject.body)
    talk = remarks.of(subject, shown.blocks)
    return {
        "shown": shown,
        "talk": talk,
        "seen": seen(subject),
        "origins": origins_of(talk),
        "differing": differing,
        "scenarios": steps.titles(),
        "most": pictures.LARGEST,
    }
