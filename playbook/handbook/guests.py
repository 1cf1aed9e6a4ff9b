"""The playbook as guests of the network read it: the pages that are marked for them, under their chapters' titles.

What a guest may see is the database's to say (models.py, `open_to_guests`); here it is only put in order.
"""

from collections.abc import Sequence

from sqlalchemy import select

from app import tenancy
from app.database import db
from playbook.handbook import links, service
from playbook.handbook.models import Chapter
from playbook.handbook.pictures import ADDRESS
from playbook.handbook.service import ChapterContents, ours


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
