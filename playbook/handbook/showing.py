"""What the playbook's pages share: finding what an address names, and a text in the reader's language."""

import uuid
from collections.abc import Sequence
from typing import Any

from flask import abort
from flask_babel import gettext as _

from playbook.handbook import drafts, service, steps
from playbook.handbook.markdown import CALLOUTS, Rendered, Words, render
from playbook.handbook.models import Chapter, Page, PageDraft, PageVersion
from playbook.handbook.service import ChapterContents, NotThereError


def shown_text(body: str, *, of_another: bool = False) -> Rendered:
    """A text as it is shown, with the few words that rendering adds in the reader's language.

    of_another: another network wrote it.
    """
    words = tuple((kind, _(title)) for kind, (_class, title) in CALLOUTS.items())
    return render(body, Words(words, _("Table"), _("picture"), steps.in_text(body, of_another=of_another)))


def page_of_request(slug: str) -> Page:
    """The page, or 404."""
    try:
        return service.page_by_slug(slug)
    except NotThereError:
        abort(404)


def draft_of_request(draft_id: uuid.UUID) -> PageDraft:
    """The draft, or 404."""
    try:
        return drafts.find(draft_id)
    except NotThereError:
        abort(404)


def chapter_of_request(slug: str) -> Chapter:
    """The chapter, or 404."""
    try:
        return service.chapter_by_slug(slug)
    except NotThereError:
        abort(404)


def version_of_request(page: Page, number: int) -> PageVersion:
    """A version of a page, or 404."""
    try:
        return service.version_of(page, number)
    except NotThereError:
        abort(404)


def around(contents: Sequence[ChapterContents], page: Page) -> dict[str, Any]:
    """What stands around a page: its chapter, the page above, those below, and the ones before and after."""
    order = [each for part in contents for _depth, each in part.pages]
    place = next(number for number, each in enumerate(order) if each.id == page.id)
    return {
        "chapter": next(part.chapter for part in contents if part.chapter.id == page.chapter_id),
        "parent": next((each for each in order if each.id == page.parent_id), None),
        "children": [each for each in order if each.parent_id == page.id],
        "before": order[place - 1] if place else None,
        "after": order[place + 1] if place + 1 < len(order) else None,
    }
