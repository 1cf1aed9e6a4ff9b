"""The playbook as a PDF that can be read aloud: a page at once, a chapter or all of it by a job with progress."""

import re
import unicodedata
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import force_locale
from jinja2 import Environment, PackageLoader, StrictUndefined
from sqlalchemy import select
from sqlalchemy.orm import undefer

from app import tenancy
from app.database import db, transaction
from app.documents.engine import render_pdf, unprintable
from app.documents.rules import day
from app.identifiers import uuid7
from app.jobs import enqueue
from app.security.models import Network, utc_now
from playbook.handbook import files, links, pictures, service
from playbook.handbook.models import Chapter, Page, Print
from playbook.handbook.service import NotThereError, ours
from playbook.handbook.showing import shown_text

BRUSSELS = ZoneInfo("Europe/Brussels")
SIGNS_PER_PAGE = 1_800  # of a printed page, to say roughly how many there will be
TELL_EVERY = 5  # pages; a progress bar needs no more, and each time costs a transaction
_SHOWN = re.compile(r'src="' + re.escape(pictures.ADDRESS) + r'([^"]+)"')
_HEADING = re.compile(r"(</?h)([2-5])\b")


# ---------------------------------------------------------------- what stands in it


def page_pdf(page: Page) -> bytes:
    """One page of the network, now."""
    alone = _printed(page, 0, {page.slug})
    return _pdf(page.title, {"alone": alone}, [page])


def _book(chapter_id: uuid.UUID | None, progress: Callable[[int], None] | None, total: Callable[[int], None]) -> bytes:
    """A chapter, or all of them with contents. Raises NotThereError when the chapter is gone."""
    contents = [part for part in service.contents() if chapter_id in (None, part.chapter.id)]
    if not contents:
        raise NotThereError(str(chapter_id))
    wanted = {leaf.id for part in contents for _depth, leaf in part.pages}
    query = select(Page).where(ours(Page), Page.id.in_(wanted)).options(undefer(Page.body))
    pages = {page.id: page for page in db.session.scalars(query)}
    total(sum(len(page.body) // SIGNS_PER_PAGE + 1 for page in pages.values()) + len(contents) + 2)
    slugs = {page.slug for page in pages.values()}
    chapters = [
        {
            "slug": part.chapter.slug,
            "title": part.chapter.title,
            "summary": part.chapter.summary,
            "position": part.chapter.position,
            "pages": [_printed(pages[leaf.id], depth, slugs, 2) for depth, leaf in part.pages],
        }
        for part in contents
    ]
    title = "Draaiboek" if chapter_id is None else contents[0].chapter.title
    return _pdf(title, {"alone": None, "chapters": chapters}, list(pages.values()), progress)


def _printed(page: Page, depth: int, slugs: set[str], deeper: int = 0) -> dict[str, Any]:
    with force_locale("nl"):
        html = shown_text(page.body).html
    html = html.replace('id="deel-', f'id="{page.slug}--deel-').replace('href="#deel-', f'href="#{page.slug}--deel-')
    html = _HEADING.sub(lambda m: f"{m[1]}{min(int(m[2]) + deeper, 6)}", html)

    def where(address: str) -> str | None:
        slug = links.page_of(address)
        return f"#pagina-{slug}" if slug in slugs and deeper else None

    # A link to a page that is printed too leads there; one to another page would lead nowhere on paper.
    html = links.leading(html, where)
    html = _SHOWN.sub(r'src="packaged:pictures/\1"', html)
    local = page.changed_at.astimezone(BRUSSELS)
    return {
        "slug": page.slug,
        "title": page.title,
        "depth": depth,
        "version": page.version,
        "day": day(local.date()),
        "html": html,
    }


def _pdf(
    title: str, told: Mapping[str, Any], pages: list[Page], progress: Callable[[int], None] | None = None
) -> bytes:
    now = utc_now()
    network = db.session.get_one(Network, tenancy.current_network_id()).name
    newest = max((page.changed_at for page in pages), default=now).astimezone(BRUSSELS)
    edition = f"laatst gewijzigd op {day(newest.date())}, {sum(page.version for page in pages)} versies"
    html = (
        _templates()
        .get_template("print-1.html")
        .render(title=title, network=network, day=day(now.astimezone(BRUSSELS).date()), edition=edition, **told)
    )
    names = {name for page in pages for name in pictures.names_in(page.body)}
    shown = {name: (row.media_type, row.content) for name, row in files.named(names).items()}
    html = re.sub(
        r'<img src="packaged:pictures/([^"]+)"( alt="([^"]*)")?[^>]*>',
        lambda m: m[0] if m[1] in shown else (m[3] or ""),
        html,
    )
    for sign in unprintable(html):
        html = html.replace(sign, f"[{unicodedata.name(sign, 'teken').lower()}]")
    return render_pdf(
        html, title=title, lang="nl-BE", identifier=uuid7(), created=now, pictures=shown, progress=progress
    )


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("playbook.handbook", "templates/handbook"), autoescape=True, undefined=StrictUndefined
    )


# ---------------------------------------------------------------- the job


def ask(chapter: Chapter | None) -> Print:
    """Have a chapter, or the whole playbook, made into a PDF."""
    from playbook.handbook.jobs import print_playbook

    with transaction() as session:
        row = Print(
            id=uuid7(), chapter_id=chapter.id if chapter else None, asked_by=tenancy.current().user_id, state="waiting"
        )
        session.add(row)
        session.flush()
        enqueue(print_playbook, print_id=str(row.id))
    return row


def find(print_id: uuid.UUID) -> Print:
    """A PDF that was asked for in this network; raises NotThereError."""
    query = select(Print).where(ours(Print), Print.id == print_id)
    row: Print | None = db.session.scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise NotThereError(str(print_id))
    return row


def latest(limit: int = 5) -> list[tuple[Print, str | None]]:
    """The PDFs that are ready, the newest first, with the title of their chapter."""
    query = (
        select(Print, Chapter.title)
        .outerjoin(Chapter, (Chapter.network_id == Print.network_id) & (Chapter.id == Print.chapter_id))
        .where(ours(Print), Print.state == "ready")
        .order_by(Print.asked_at.desc())
        .limit(limit)
    )
    return [(row, title) for row, title in db.session.execute(query)]


def content(row: Print) -> bytes:
    """The bytes of a PDF that is ready; raises NotThereError."""
    found = db.session.scalar(select(Print.content).where(ours(Print), Print.id == row.id))
    if found is None:
        raise NotThereError(str(row.id))
    return bytes(found)


def run(print_id: uuid.UUID) -> None:
    """Make the PDF (the job); the page that waits sees how far it is."""
    row = find(print_id)
    _write(print_id, state="working")
    last = [0]

    def progress(number: int) -> None:
        if number >= last[0] + TELL_EVERY:
            last[0] = number
            _write(print_id, done=number)

    try:
        made = _book(row.chapter_id, progress, lambda total: _write(print_id, total=total))
    except BaseException:
        db.session.rollback()
        _write(print_id, state="failed")
        raise
    _write(print_id, state="ready", content=made)


def _write(print_id: uuid.UUID, **values: Any) -> None:
    with transaction():
        row = find(print_id)
        for name, value in values.items():
            setattr(row, name, value)


def file_name(title: str, now: datetime | None = None) -> str:
    """'draaiboek-2026-11-16.pdf'."""
    from playbook.handbook.rules import slug_of

    return f"{slug_of(title)}-{(now or utc_now()).astimezone(BRUSSELS):%Y-%m-%d}.pdf"
