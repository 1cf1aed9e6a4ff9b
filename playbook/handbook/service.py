"""Reading and writing the playbook of the network in which somebody acts."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ColumnElement, Uuid, bindparam, exists, select
from sqlalchemy.orm import Session, undefer

from app import tenancy
from app.database import db, transaction
from app.i18n import N_
from app.identifiers import uuid7
from app.security.models import Network, utc_now
from app.tenancy import NetworkOwned
from playbook.handbook import rules, shared_files
from playbook.handbook.markdown import render
from playbook.handbook.models import Chapter, Page, PageVersion
from playbook.handbook.pictures import names_in
from playbook.handbook.rules import Problem


class HandbookError(Exception):
    """The playbook can't be changed as asked; `problems` says everything that is wrong."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems


class NotThereError(Exception):
    """There is no such page, chapter or version in this network."""


class ConflictError(Exception):
    """Somebody saved the page in the meantime.

    current: the version that stands there now; base: the one the editor began with, none when it is not known.
    """

    def __init__(self, current: PageVersion, base: PageVersion | None) -> None:
        super().__init__(f"version {current.number} is newer")
        self.current = current
        self.base = base


@dataclass(frozen=True)
class Draft:
    """What an editor wants a page to be.

    parent_id: the page above it (its chapter then counts) or none for the top of `chapter_id`; position: among its
    neighbours from 1, none for the end (a page that stays where it is keeps its place); comment: what changed.
    """

    title: str
    body: str
    chapter_id: uuid.UUID
    parent_id: uuid.UUID | None = None
    position: int | None = None
    comment: str = ""
    published_to_all: bool = False
    for_guests: bool = False
    confirm: str = "keep"  # see rules.confirm_from


class Leaf(NamedTuple):
    """The little that a table of contents needs of a page: a network may have thousands."""

    id: uuid.UUID
    parent_id: uuid.UUID | None
    position: int
    chapter_id: uuid.UUID
    slug: str
    title: str


@dataclass(frozen=True)
class ChapterContents:
    """A chapter with its pages in reading order, each with its depth."""

    chapter: Chapter
    pages: Sequence[tuple[int, Leaf]]


# ---------------------------------------------------------------- reading


def ours(model: type[NetworkOwned]) -> ColumnElement[bool]:
    """The network's own rows: what others published to all is visible too."""
    return model.network_id == tenancy.current_network_id()


def contents() -> list[ChapterContents]:
    """The whole playbook of the network, chapter by chapter."""
    return arranged(db.session.scalars(_CHAPTERS.where(ours(Chapter))).all())


def contents_around(page: Page) -> list[ChapterContents]:
    """The page's chapter; before it the one before when the page opens its chapter, and the one after when it ends it.

    Chapters without pages are passed over: this is what stands around a page, and no more is read for it.
    """
    chapters = db.session.scalars(_WITH_PAGES, {"network": tenancy.current_network_id()}).all()
    place = [chapter.id for chapter in chapters].index(page.chapter_id)
    own = arranged(chapters[place : place + 1])
    order = [leaf.id for _depth, leaf in own[0].pages]
    before = arranged(chapters[max(place - 1, 0) : place]) if order[0] == page.id else []
    after = arranged(chapters[place + 1 : place + 2]) if order[-1] == page.id else []
    return before + own + after


_CHAPTERS = select(Chapter).order_by(Chapter.position, Chapter.id)
# Statements of every page that is opened: built once.
_HERE = bindparam("network", type_=Uuid)
_WITH_PAGES = _CHAPTERS.where(
    Chapter.network_id == _HERE, exists().where(Page.network_id == Chapter.network_id, Page.chapter_id == Chapter.id)
)
_LEAVES = select(Page.id, Page.parent_id, Page.position, Page.chapter_id, Page.slug, Page.title).where(
    Page.network_id == _HERE, Page.chapter_id.in_(bindparam("chapters", expanding=True))
)


def arranged(chapters: Sequence[Chapter]) -> list[ChapterContents]:
    """These chapters of the network, in their order, with the pages in them."""
    if not chapters:
        return []
    leaves: dict[uuid.UUID, list[Leaf]] = {}
    asked = {"network": tenancy.current_network_id(), "chapters": [chapter.id for chapter in chapters]}
    for leaf in map(Leaf._make, db.session.execute(_LEAVES, asked)):
        leaves.setdefault(leaf.chapter_id, []).append(leaf)
    return [ChapterContents(chapter, rules.in_reading_order(leaves.get(chapter.id, []))) for chapter in chapters]


def chapter_by_slug(slug: str) -> Chapter:
    """A chapter of the network; raises NotThereError."""
    chapter: Chapter | None = db.session.scalar(_CHAPTERS.where(ours(Chapter), Chapter.slug == slug))
    if chapter is None:
        raise NotThereError(slug)
    return chapter


def page_by_slug(slug: str) -> Page:
    """A page of the network, with its text; raises NotThereError."""
    page: Page | None = db.session.scalar(select(Page).where(ours(Page), Page.slug == slug).options(undefer(Page.body)))
    if page is None:
        raise NotThereError(slug)
    return page


def published_elsewhere() -> list[tuple[Network, Page]]:
    """Pages that other networks published to all, by network and title."""
    query = (
        select(Network, Page)
        .join(Page, Page.network_id == Network.id)
        .where(Page.network_id != tenancy.current_network_id())
        .order_by(Network.name, Page.title)
    )
    return [(network, page) for network, page in db.session.execute(query)]


def page_of_network(network_slug: str, slug: str) -> tuple[Network, Page]:
    """A page that another network published to all; raises NotThereError."""
    query = (
        select(Network, Page)
        .join(Page, Page.network_id == Network.id)
        .where(Network.slug == network_slug, Page.slug == slug)
        .options(undefer(Page.body))
    )
    found = db.session.execute(query).one_or_none()
    if found is None:
        raise NotThereError(slug)
    return found.Network, found.Page


def version_of(page: Page, number: int) -> PageVersion:
    """One version with its text; raises NotThereError."""
    query = select(PageVersion).where(PageVersion.page_id == page.id, PageVersion.number == number)
    version: PageVersion | None = db.session.scalar(query.options(undefer(PageVersion.body)))
    if version is None:
        raise NotThereError(f"{page.slug} {number}")
    return version


def names(user_ids: Iterable[int | None]) -> dict[int | None, str]:
    """Full names of users, to say who wrote what."""
    wanted = {i for i in user_ids if i is not None}
    if not wanted:
        return {}
    query = select(User.id, User.first_name, User.last_name).where(User.id.in_(wanted))
    return {row.id: f"{row.first_name} {row.last_name}" for row in db.session.execute(query)}


# ---------------------------------------------------------------- writing


def create_page(draft: Draft, slug: str = "") -> Page:
    """A new page, at its first version; its address is made of its title unless `slug` is one. Raises HandbookError."""
    with transaction() as session:
        take_turn(session)
        draft = checked(session, draft, None)
        page = Page(
            id=uuid7(),
            slug=slug or rules.slug_of(draft.title, session.scalars(select(Page.slug).where(ours(Page)))),
            chapter_id=draft.chapter_id,
            parent_id=draft.parent_id,
            position=0,
            version=0,
        )
        _write(page, draft.title, draft.body)
        page.published_to_all, page.for_guests = draft.published_to_all, draft.for_guests
        page.confirm_from = rules.confirm_from(None, draft.confirm, page.version)
        session.add(page)
        shared_files.show(session, page.files)
        session.flush()
        session.add(_version(page, draft.body, draft.comment))
        _arrange(session, page, draft.position)
    return page


def save_page(slug: str, draft: Draft, base_version: int) -> Page:
    """Save what an editor made of version `base_version`; an unchanged text gets no new version.

    Raises NotThereError, HandbookError, and ConflictError when the page changed in the meantime.
    """
    with transaction() as session:
        take_turn(session)
        page = page_by_slug(slug)
        draft = checked(session, draft, page)
        if page.version != base_version:
            raise ConflictError(version_of(page, page.version), _version_if_any(page, base_version))
        files = page.files
        moved = (page.chapter_id, page.parent_id) != (draft.chapter_id, draft.parent_id)
        page.chapter_id, page.parent_id = draft.chapter_id, draft.parent_id
        page.published_to_all, page.for_guests = draft.published_to_all, draft.for_guests
        if (page.title, page.body) != (draft.title, draft.body):
            _write(page, draft.title, draft.body)
            session.add(_version(page, draft.body, draft.comment))
        page.confirm_from = rules.confirm_from(page.confirm_from, draft.confirm, page.version)
        shared_files.show(session, {*files, *page.files})
        session.flush()
        _arrange(session, page, draft.position if draft.position or moved else page.position)
    return page


def restore(slug: str, number: int) -> Page:
    """Bring version `number` back as the newest one; what stood there stays in the history. Raises NotThereError."""
    with transaction() as session:
        take_turn(session)
        page = page_by_slug(slug)
        old = version_of(page, number)
        if (page.title, page.body) != (old.title, old.body):
            files = page.files
            _write(page, old.title, old.body)
            session.add(_version(page, old.body, "", restored_from=number))
            shared_files.show(session, {*files, *page.files})
    return page


def create_chapter(title: str, summary: str = "", position: int | None = None, slug: str = "") -> Chapter:
    """A new chapter, at `position` (from 1) or at the end. Raises HandbookError."""
    with transaction() as session:
        take_turn(session)
        taken = session.scalars(select(Chapter.slug).where(ours(Chapter)))
        chapter = Chapter(
            slug=slug or rules.slug_of(title, taken), title=_title(title), summary=rules.tidy(summary), position=0
        )
        session.add(chapter)
        session.flush()
        _arrange_chapters(session, chapter, position)
    return chapter


def change_chapter(slug: str, title: str, summary: str, position: int | None = None) -> Chapter:
    """Change a chapter's title, sentence and place (none: the end). Raises NotThereError and HandbookError."""
    with transaction() as session:
        take_turn(session)
        chapter = chapter_by_slug(slug)
        chapter.title, chapter.summary = _title(title), rules.tidy(summary)
        _arrange_chapters(session, chapter, position)
    return chapter


def _arrange_chapters(session: Session, chapter: Chapter, position: int | None) -> None:
    chapters = list(session.scalars(_CHAPTERS.where(ours(Chapter))))
    for number, each in enumerate(rules.placed(chapters, chapter, position or len(chapters)), start=1):
        each.position = number


def take_turn(session: Session) -> None:
    """Writers of one network go one by one: two moves at once could close a circle, two saves hide each other."""
    session.execute(
        select(Network.id).where(Network.id == tenancy.current_network_id()).with_for_update(key_share=True)
    )


def _title(title: str) -> str:
    tidied = " ".join(rules.tidy(title).split())
    if not tidied:
        raise HandbookError(Problem("title", N_("Give it a title."), {}))
    return tidied


def checked(session: Session, draft: Draft, page: Page | None) -> Draft:
    """`draft` tidied, in the chapter of its parent; raises HandbookError with everything that is wrong."""
    body, title = rules.tidy(draft.body), " ".join(rules.tidy(draft.title).split())
    problems = rules.problems_of(body)
    if not title:
        problems.insert(0, Problem("title", N_("Give it a title."), {}))
    chapter_id = draft.chapter_id
    if draft.parent_id is not None:
        rows = session.execute(select(Page.id, Page.parent_id, Page.chapter_id).where(ours(Page))).all()
        parents = {row.id: row.parent_id for row in rows}
        chapters = {row.id: row.chapter_id for row in rows}
        if draft.parent_id not in chapters:
            problems.append(
                Problem("place", N_("The page above it does not exist any more. Choose another place."), {})
            )
        elif page is not None and rules.lies_under(page.id, draft.parent_id, parents):
            problems.append(
                Problem(
                    "place", N_("A page can't stand under itself or under its own subpages. Choose another place."), {}
                )
            )
        chapter_id = chapters.get(draft.parent_id, chapter_id)
    if session.scalar(select(Chapter.id).where(ours(Chapter), Chapter.id == chapter_id)) is None:
        problems.append(Problem("place", N_("This chapter does not exist any more. Choose another place."), {}))
    if problems:
        raise HandbookError(*problems)
    return replace(draft, title=title, body=body, chapter_id=chapter_id, comment=rules.tidy(draft.comment))


def _write(page: Page, title: str, body: str) -> None:
    """Put the text of the next version on the page."""
    page.title, page.body, page.plain, page.files = title, body, render(body).plain, sorted(names_in(body))
    page.version += 1
    page.changed_at, page.changed_by = utc_now(), tenancy.current().user_id


def _version(page: Page, body: str, comment: str, restored_from: int | None = None) -> PageVersion:
    return PageVersion(
        page_id=page.id,
        number=page.version,
        title=page.title,
        body=body,
        at=page.changed_at,
        author_id=page.changed_by,
        comment=comment,
        restored_from=restored_from,
    )


def _version_if_any(page: Page, number: int) -> PageVersion | None:
    try:
        return version_of(page, number)
    except NotThereError:
        return None


def _arrange(session: Session, page: Page, position: int | None) -> None:
    """Number the pages beside `page` anew, with `page` at `position` (none: the end)."""
    query = select(Page).where(
        ours(Page), Page.chapter_id == page.chapter_id, Page.parent_id.is_not_distinct_from(page.parent_id)
    )
    beside = list(session.scalars(query.order_by(Page.position, Page.id)))
    for number, each in enumerate(rules.placed(beside, page, position or len(beside)), start=1):
        if each.position != number:
            each.position = number
