"""What a person has read: what changed since their last visit, the pages they follow, what they confirmed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from app import tenancy
from app.database import db, transaction
from app.identifiers import uuid7
from app.security.models import utc_now
from playbook.handbook import rules, service
from playbook.handbook.models import Page, Reader, Visit
from playbook.handbook.service import ours

NEWS_AT_MOST = 20


@dataclass(frozen=True)
class News:
    """A page that changed: from which version the reader last saw (0: never) to which one now."""

    slug: str
    title: str
    seen: int
    version: int
    changed_at: datetime
    author: str | None
    follows: bool


@dataclass(frozen=True)
class Confirmations:
    """Who confirmed that they read and understood the page as it is asked now."""

    is_asked: bool
    mine_at: datetime | None
    names: Sequence[str]


def visit() -> datetime | None:
    """Note that the acting person is in the playbook. Returns when the visit before this one ended; none: the first."""
    me, now = tenancy.current().user_id, utc_now()
    with transaction() as session:
        row: Visit | None = session.scalar(select(Visit).where(ours(Visit), Visit.user_id == me).with_for_update())
        if row is None:
            session.execute(
                insert(Visit)
                .values(id=uuid7(), network_id=tenancy.current_network_id(), user_id=me, before_at=None, last_at=now)
                .on_conflict_do_nothing()
            )
            return None
        row.before_at, row.last_at = rules.visits(row.before_at, row.last_at, now)
        return row.before_at


def news_since(moment: datetime) -> list[News]:
    """Pages that others changed since `moment` and that the acting person did not see since; followed ones first."""
    me = tenancy.current().user_id
    seen = func.coalesce(Reader.seen_version, 0)
    follows = func.coalesce(Reader.follows, False)
    query = (
        select(Page, seen, follows)
        .outerjoin(
            Reader,
            (Reader.network_id == Page.network_id) & (Reader.page_id == Page.id) & (Reader.user_id == me),
        )
        .where(ours(Page), seen < Page.version, Page.changed_by.is_distinct_from(me))
        .where((Page.changed_at > moment) | follows)
        .order_by(follows.desc(), Page.changed_at.desc(), Page.id)
        .limit(NEWS_AT_MOST)
    )
    rows = db.session.execute(query).all()
    known = service.names(page.changed_by for page, _seen, _follows in rows)
    return [
        News(p.slug, p.title, number, p.version, p.changed_at, known.get(p.changed_by), is_followed)
        for p, number, is_followed in rows
    ]


def unseen() -> tuple[int, datetime | None]:
    """(how many pages others changed since the acting person's last visit and unseen since, the last of those changes).

    Nothing for who was never in the playbook: all of it would be new. One statement.
    """
    me = tenancy.current().user_id
    visited = select(Visit.last_at).where(ours(Visit), Visit.user_id == me).scalar_subquery()
    query = (
        select(func.count(), func.max(Page.changed_at))
        .select_from(Page)
        .outerjoin(
            Reader,
            (Reader.network_id == Page.network_id) & (Reader.page_id == Page.id) & (Reader.user_id == me),
        )
        .where(ours(Page), Page.changed_by.is_distinct_from(me), Page.changed_at > visited)
        .where(func.coalesce(Reader.seen_version, 0) < Page.version)
    )
    count, last = db.session.execute(query).one()
    return count, last


def to_confirm() -> list[Page]:
    """Pages of which the acting person is asked to confirm that they read and understood them, and did not yet."""
    me = tenancy.current().user_id
    query = (
        select(Page)
        .outerjoin(
            Reader,
            (Reader.network_id == Page.network_id) & (Reader.page_id == Page.id) & (Reader.user_id == me),
        )
        .where(ours(Page), Page.confirm_from.is_not(None))
        .where(func.coalesce(Reader.confirmed_version, 0) < Page.confirm_from)
        .order_by(Page.changed_at.desc(), Page.id)
        .limit(NEWS_AT_MOST)
    )
    return list(db.session.scalars(query))


def see(page: Page) -> None:
    """Note that the acting person saw the page as it is now."""
    _put(page, seen_version=page.version, seen_at=utc_now())


def follow(page: Page, wanted: bool) -> None:
    """Follow a page, or stop: its changes stand on top of what is new."""
    _put(page, follows=wanted)


def confirm(page: Page, version: int) -> bool:
    """The acting person read and understood `version`; False when the page changed since, and then nothing is noted."""
    if version != page.version:
        return False
    _put(page, confirmed_version=version, confirmed_at=utc_now(), seen_version=version, seen_at=utc_now())
    return True


def confirmations(page: Page) -> Confirmations:
    """Whether the page asks for it, when the acting person confirmed, and everybody who did."""
    if page.confirm_from is None:
        return Confirmations(False, None, ())
    query = select(Reader.user_id, Reader.confirmed_at).where(
        ours(Reader), Reader.page_id == page.id, Reader.confirmed_version >= page.confirm_from
    )
    rows = {row.user_id: row.confirmed_at for row in db.session.execute(query)}
    known = service.names(rows)
    return Confirmations(True, rows.get(tenancy.current().user_id), sorted(known.values()))


def _put(page: Page, **values: object) -> None:
    """Write what the acting person and the page have together; two tabs at once are no mistake."""
    me, network = tenancy.current().user_id, tenancy.current_network_id()
    start = {"seen_version": 0, "seen_at": utc_now(), "follows": False}
    with transaction() as session:
        session.execute(
            insert(Reader)
            .values(**{**start, "id": uuid7(), "network_id": network, "user_id": me, "page_id": page.id, **values})
            .on_conflict_do_update(constraint="uq_playbook_reader", set_=values)
        )
