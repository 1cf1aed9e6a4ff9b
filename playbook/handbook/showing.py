"""What the playbook's pages share: finding what an address names, and a text in the reader's language."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from flask import abort
from flask_babel import gettext as _
from markupsafe import escape

from app.security.guard import may_open
from app.security.models import Network
from playbook.handbook import adopting, drafts, links, service, steps
from playbook.handbook.adopting import Adopted
from playbook.handbook.differences import Passage, compare, stretches
from playbook.handbook.markdown import CALLOUTS, Rendered, Words, render
from playbook.handbook.models import Chapter, Page, PageDraft, PageVersion
from playbook.handbook.service import ChapterContents, NotThereError

Changed = Sequence[tuple[bool, list[Passage]]]


def shown_text(body: str, *, of_another: bool = False) -> Rendered:
    """A text as it is shown, with the few words that rendering adds in the reader's language.

    of_another: another network wrote it.
    """
    callouts = tuple((kind, _(title)) for kind, (_class, title) in CALLOUTS.items())
    named = steps.in_text(body, of_another=of_another)
    return render(body, Words(callouts, _("Table"), _("picture"), _("Steps of a scenario"), named))


def differing(old: str, new: str) -> Changed:
    """What changed from one text to another, as one reads them: (whether it changed, passages) in runs."""
    return stretches(compare(shown_text(old).blocks, shown_text(new).blocks))


def without_closed_doors(shown: Rendered) -> Rendered:
    """A text in which an address of the portal that the reader may not open is no link, and is said to be closed."""
    note = escape(_("(you have no access to it)"))
    return _leading(shown, lambda address: address if may_open(address) else None, f" <small>{note}</small>")


def shown_page(page: Page, adopted: Adopted | None) -> Rendered:
    """A page's text; what another network linked to leads where it can be read here."""
    shown = without_closed_doors(shown_text(page.body))
    if adopted is None:
        return shown
    theirs = links.pages_in(render(adopted.adoption.body).html)  # what was added here links to own pages
    return _led(shown, adopted.network, theirs, or_own=True)


def shown_foreign(page: Page, network: Network) -> Rendered:
    """The text of a page that another network published, with links that lead somewhere from here."""
    shown = without_closed_doors(shown_text(page.body, of_another=True))
    return _led(shown, network, links.pages_in(shown.html), or_own=False)


def _led(shown: Rendered, network: Network, theirs: set[str], *, or_own: bool) -> Rendered:
    known = adopting.addresses(network, theirs, or_own=or_own)
    note = escape(_("(a page of %(network)s that is not shared)", network=network.name))

    def where(address: str) -> str | None:
        slug = links.page_of(address)
        if slug not in theirs:
            return address
        _page, sign, part = address.partition("#")
        return known[slug] + sign + part if slug in known else None

    return _leading(shown, where, f" <small>{note}</small>")


def _leading(shown: Rendered, where: Callable[[str], str | None], said: str) -> Rendered:
    blocks = tuple(replace(each, html=links.leading(each.html, where, said)) for each in shown.blocks)
    return replace(shown, html="".join(each.html for each in blocks), blocks=blocks)


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
