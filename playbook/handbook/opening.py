"""Opening a page: one statement brings its text, its author, what the reader has with it, and what else to ask.

A page is opened all day, and each statement costs more outside the database than in it.
"""

from dataclasses import dataclass
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Integer, Select, String, Uuid, and_, bindparam, exists, select
from sqlalchemy.orm import undefer

from app import tenancy
from app.database import db
from playbook.handbook.models import Adoption, Page, PageDraft, Reader, Remark
from playbook.handbook.review import DraftState, RemarkState
from playbook.handbook.service import NotThereError


@dataclass(frozen=True)
class Opened:
    """A page with the reader's own part in it; the three last say whether asking for more is worth a statement."""

    page: Page
    author: str | None
    mine: Reader
    is_adopted: bool
    has_remarks: bool
    has_drafts: bool

    @property
    def is_unseen(self) -> bool:
        """Whether the reader did not see the page as it is now."""
        return self.mine.seen_version < self.page.version

    @property
    def is_news(self) -> bool:
        """Whether somebody else changed the page since the reader saw it."""
        by_others = self.page.changed_by != tenancy.current().user_id
        return self.is_unseen and self.mine.seen_version > 0 and by_others


def opened(slug: str) -> Opened:
    """A page of the network with its text, as the acting person opens it. Raises NotThereError."""
    me = tenancy.current()
    asked = {"network": tenancy.current_network_id(), "me": me.user_id, "slug": slug}
    found = db.session.execute(_STATEMENT, asked).one_or_none()
    if found is None:
        raise NotThereError(slug)
    page, first_name, last_name, seen, follows, confirmed, is_adopted, has_remarks, has_drafts = found
    mine = Reader(seen_version=seen or 0, follows=bool(follows), confirmed_version=confirmed)
    author = f"{first_name} {last_name}" if first_name is not None else None
    return Opened(page, author, mine, is_adopted, has_remarks, has_drafts)


def _statement() -> Select[Any]:
    def of_page(row: Any) -> Any:
        return and_(row.network_id == Page.network_id, row.page_id == Page.id)

    open_remark = and_(of_page(Remark), Remark.state == RemarkState.OPEN, Remark.reply_to.is_(None))
    waiting = and_(of_page(PageDraft), PageDraft.state.in_([DraftState.DRAFT, DraftState.IN_REVIEW]))
    columns: Any = select(
        Page,
        User.first_name,
        User.last_name,
        Reader.seen_version,
        Reader.follows,
        Reader.confirmed_version,
        exists().where(of_page(Adoption)),
        exists().where(open_remark),
        exists().where(waiting),
    )
    return (  # type: ignore[no-any-return]
        columns.select_from(Page)
        .outerjoin(User, User.id == Page.changed_by)
        .outerjoin(Reader, and_(of_page(Reader), Reader.user_id == bindparam("me", type_=Integer)))
        .where(Page.network_id == bindparam("network", type_=Uuid), Page.slug == bindparam("slug", type_=String))
        .options(undefer(Page.body))
    )


_STATEMENT = _statement()  # built once per process
