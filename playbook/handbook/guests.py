"""The playbook as guests of the network read it: the pages that are marked for them, under their chapters' titles.

What a guest may see is the database's to say (models.py, `open_to_guests`); here it is only put in order, and noted
which page was read when, for the coordinator who let the guest in.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from app import tenancy
from app.database import db, transaction
from app.identifiers import uuid7
from app.security.models import utc_now
from app.ui.formats import today
from playbook.handbook import links, service
from playbook.handbook.models import Chapter, GuestRead, Page
from playbook.handbook.pictures import ADDRESS
from playbook.handbook.service import ChapterContents, ours

KEPT = timedelta(days=366)  # who asks whether a guest still reads along, asks it of the last year
PAGE_SIZE = 50


@dataclass(frozen=True)
class Read:
    """That a guest opened a page; `at`: the first time that day."""

    title: str
    slug: str
    at: datetime


def is_here() -> bool:
    """Whether it is a guest of the network who reads."""
    return tenancy.current().role == tenancy.GUEST


def contents() -> list[ChapterContents]:
    """The chapters with a page for guests, by title alone: what one finds in them is not told. Never stored."""
    titles = select(Chapter.id, Chapter.slug, Chapter.title, Chapter.position).where(ours(Chapter))
    rows = db.session.execute(titles.order_by(Chapter.position, Chapter.id))
    return service.arranged([Chapter(**row._mapping) for row in rows])


def without_dead_ends(html: str, known: Sequence[ChapterContents]) -> str:
    """A page's text in which only links that a guest may follow are links."""
    open_pages = {leaf.slug for part in known for _depth, leaf in part.pages}

    def where(address: str) -> str | None:
        return address if address.startswith(ADDRESS) or links.page_of(address) in open_pages else None

    return links.leading(html, where)


# ---------------------------------------------------------------- which pages they read


def note(page_id: uuid.UUID) -> None:
    """Note that the acting guest opens a page, once a day. Called when the page is made, since it ends what is read.

    A guest's own role writes nothing (ADR 8): the portal does, in a transaction of its own.
    """
    guest, now = tenancy.current(), utc_now()
    db.session.commit()  # ends the guest's own transaction, in which nothing was written
    row = {"id": uuid7(), "network_id": guest.network_id, "user_id": guest.user_id, "page_id": page_id, "at": now}
    with tenancy.acting(replace(guest, role=tenancy.APP)), transaction() as session:
        session.execute(insert(GuestRead).values(**row, day=today()).on_conflict_do_nothing())
        session.execute(delete(GuestRead).where(ours(GuestRead), GuestRead.at < now - KEPT))


def reads_of(user_id: int, page: int = 1) -> tuple[list[Read], int]:
    """One page (from 1) of what a guest read, the latest first, and how many there are."""
    theirs = (ours(GuestRead), GuestRead.user_id == user_id)
    query = (
        select(Page.title, Page.slug, GuestRead.at)
        .join(Page, (Page.network_id == GuestRead.network_id) & (Page.id == GuestRead.page_id))
        .where(*theirs)
        .order_by(GuestRead.at.desc(), GuestRead.id)
    )
    rows = db.session.execute(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all()
    count = db.session.scalar(select(func.count()).select_from(GuestRead).where(*theirs)) or 0
    return [Read(row.title, row.slug, row.at) for row in rows], count


def last_reads(user_ids: Iterable[int]) -> dict[int, datetime]:
    """When these guests opened a page last; who never did is left out."""
    query = select(GuestRead.user_id, func.max(GuestRead.at)).where(ours(GuestRead))
    rows = db.session.execute(query.where(GuestRead.user_id.in_(list(user_ids))).group_by(GuestRead.user_id))
    return dict(rows.tuples().all())
