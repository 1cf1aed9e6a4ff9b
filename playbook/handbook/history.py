"""Who saved what when: the versions of a page, and what changed last in the whole playbook."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from app.database import db
from playbook.handbook.models import Page, PageVersion
from playbook.handbook.service import names, ours


@dataclass(frozen=True)
class Change:
    """One saved version, without its text."""

    slug: str
    title: str
    number: int
    at: datetime
    author: str | None
    comment: str
    restored_from: int | None


def of(page: Page) -> list[Change]:
    """All versions of `page`, the newest first."""
    return _changes(PageVersion.page_id == page.id)


def latest(limit: int = 5) -> list[Change]:
    """The pages that were saved last in the whole playbook, each with its newest version."""
    return _changes(ours(PageVersion) & (PageVersion.number == Page.version), limit)


def _changes(condition: ColumnElement[bool], limit: int | None = None) -> list[Change]:
    query = (
        select(PageVersion, Page.slug)
        .join(Page, Page.id == PageVersion.page_id)
        .where(condition, Page.network_id == PageVersion.network_id)
        .order_by(PageVersion.at.desc(), PageVersion.number.desc())
        .limit(limit)
    )
    rows = db.session.execute(query).all()
    known = names(version.author_id for version, _slug in rows)
    return [
        Change(slug, v.title, v.number, v.at, known.get(v.author_id), v.comment, v.restored_from) for v, slug in rows
    ]
