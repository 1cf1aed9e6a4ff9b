"""Remarks at a block of a page or of a draft: comments with their answers, and suggested texts."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.sql import ColumnElement

from app import tenancy
from app.database import db, transaction
from app.i18n import N_
from app.security.models import utc_now
from playbook.handbook import review, rules, service
from playbook.handbook.markdown import Block, render
from playbook.handbook.models import Page, PageDraft, PageVersion, Remark
from playbook.handbook.review import RemarkState
from playbook.handbook.rules import Problem
from playbook.handbook.service import ConflictError, Draft, HandbookError, NotThereError, ours

LONGEST_REMARK = 2_000  # a screen; more than that is a text of its own
Subject = Page | PageDraft


class AlreadyDecidedError(Exception):
    """A colleague settled, accepted or declined the remark in the meantime."""

    def __init__(self, remark: Remark) -> None:
        super().__init__(remark.state)
        self.remark = remark


class SuggestionConflictError(ConflictError):
    """The block of a suggestion was rewritten since. `wanted`: the old text of `page` with the suggestion in it."""

    def __init__(self, current: PageVersion, base: PageVersion, page: Page, wanted: str) -> None:
        super().__init__(current, base)
        self.page, self.wanted = page, wanted


@dataclass(frozen=True)
class Said:
    """A remark as it is shown. proposal: the text it suggests for the block it was made at, which read `quote`.

    is_moved: the block changed since, so the one beside it is the most alike.
    """

    id: uuid.UUID
    text: str
    author: str | None
    at: datetime
    state: str
    answer: str
    decided_by: str | None
    proposal: str | None
    quote: str
    is_moved: bool
    is_mine: bool
    replies: list["Said"] = field(default_factory=list)


@dataclass(frozen=True)
class Talk:
    """The open remarks by block number, those about a block that is gone, and those that are settled."""

    by_block: dict[int, list[Said]]
    elsewhere: list[Said]
    settled: list[Said]

    @property
    def open_count(self) -> int:
        return sum(map(len, self.by_block.values())) + len(self.elsewhere)


def of(subject: Subject, blocks: Sequence[Block]) -> Talk:
    """Everything said about a page or a draft whose text has these blocks."""
    rows = db.session.scalars(select(Remark).where(_about(subject)).order_by(Remark.at, Remark.id)).all()
    known = service.names([i for row in rows for i in (row.author_id, row.decided_by)])
    talk, threads = Talk(defaultdict(list), [], []), {}
    sources = [block.source for block in blocks]
    for row in (row for row in rows if row.reply_to is None):
        place = review.where_now(row.quote, row.block, sources) if row.state == RemarkState.OPEN else None
        said = threads[row.id] = _said(row, known, is_moved=place is not None and sources[place - 1] != row.quote)
        if row.state != RemarkState.OPEN:
            talk.settled.append(said)
        elif place is None:
            talk.elsewhere.append(said)
        else:
            talk.by_block[place].append(said)
    for row in rows:
        if row.reply_to in threads:
            threads[row.reply_to].replies.append(_said(row, known))
    talk.settled.reverse()
    return talk


def open_pages(limit: int = 10) -> list[tuple[Page, int]]:
    """Pages with open remarks and how many, the longest waiting first (for the editors)."""
    query = (
        select(Page, func.count())
        .join(Remark, Remark.page_id == Page.id)
        .where(ours(Remark), ours(Page), Remark.state == RemarkState.OPEN, Remark.reply_to.is_(None))
        .group_by(Page.network_id, Page.id)
        .order_by(func.min(Remark.at))
        .limit(limit)
    )
    return [(page, count) for page, count in db.session.execute(query)]


def _about(subject: Subject) -> ColumnElement[bool]:
    column = Remark.page_id if isinstance(subject, Page) else Remark.draft_id
    return (Remark.network_id == tenancy.current_network_id()) & (column == subject.id)


def _said(row: Remark, known: dict[int | None, str], *, is_moved: bool = False) -> Said:
    return Said(
        id=row.id,
        text=row.text,
        author=known.get(row.author_id),
        at=row.at,
        state=row.state,
        answer=row.answer,
        decided_by=known.get(row.decided_by),
        proposal=row.proposal,
        quote=row.quote,
        is_moved=is_moved,
        is_mine=is_mine(row),
    )


# ---------------------------------------------------------------- saying something


def comment(subject: Subject, block: int, text: str) -> Remark:
    """Say something about block `block` of the text as it is now. Raises HandbookError and NotThereError."""
    return _add(subject, block, _text(text), None)


def suggest(subject: Subject, block: int, proposal: str, why: str = "") -> Remark:
    """Suggest another text for a block; an empty one proposes to leave it out. Raises HandbookError, NotThereError."""
    return _add(subject, block, _text(why, needed=False), rules.tidy(proposal))


def reply(remark_id: uuid.UUID, text: str) -> Remark:
    """Answer a remark that is open. Raises HandbookError and NotThereError."""
    with transaction() as session:
        above = _open(remark_id)
        row = Remark(
            page_id=above.page_id,
            draft_id=above.draft_id,
            reply_to=above.reply_to or above.id,
            version=above.version,
            block=above.block,
            quote="",
            text=_text(text),
            author_id=tenancy.current().user_id,
        )
        session.add(row)
    return row


def _add(subject: Subject, block: int, text: str, proposal: str | None) -> Remark:
    blocks = render(subject.body).blocks
    if not 1 <= block <= len(blocks):
        raise NotThereError(str(block))
    quote = blocks[block - 1].source
    if proposal is not None:
        _check_proposal(quote, proposal)
    is_page = isinstance(subject, Page)
    with transaction() as session:
        row = Remark(
            page_id=subject.id if is_page else None,
            draft_id=None if is_page else subject.id,
            version=subject.version if isinstance(subject, Page) else subject.revision,
            block=block,
            quote=quote,
            text=text,
            proposal=proposal,
            author_id=tenancy.current().user_id,
        )
        session.add(row)
    return row


def _check_proposal(quote: str, proposal: str) -> None:
    if proposal == quote:
        raise HandbookError(Problem("proposal", N_("This is what stands there now. Change something first."), {}))
    problems = [Problem("proposal", each.message, each.params) for each in rules.problems_of(proposal) if proposal]
    if problems:
        raise HandbookError(*problems)


def _text(text: str, *, needed: bool = True) -> str:
    tidied = rules.tidy(text)
    if needed and not tidied:
        raise HandbookError(Problem("text", N_("Write what you want to say first."), {}))
    if len(tidied) > LONGEST_REMARK:
        raise HandbookError(Problem("text", N_("Use at most %(limit)s characters."), {"limit": LONGEST_REMARK}))
    return tidied


# ---------------------------------------------------------------- deciding


def settle(remark_id: uuid.UUID) -> Remark:
    """A comment was dealt with. Raises NotThereError when it is gone or settled already."""
    return _decide(remark_id, RemarkState.DONE)


def decline(remark_id: uuid.UUID, answer: str) -> Remark:
    """Turn a suggestion down, with the reason. Raises HandbookError and NotThereError."""
    reason = _text(answer)[:500]
    return _decide(remark_id, RemarkState.DECLINED, reason)


def accept(remark_id: uuid.UUID, comment: str) -> Subject:
    """Put a suggestion in the text: a page gets a new version with `comment`, a draft another revision.

    Raises NotThereError, HandbookError, and ConflictError when the block itself was rewritten since.
    """
    with transaction() as session:
        service.take_turn(session)
        row = _open(remark_id)
        if row.proposal is None:
            raise NotThereError(str(remark_id))
        page = session.get(Page, row.page_id) if row.page_id else None
        if page is not None:
            _into_page(service.page_by_slug(page.slug), row, comment)
            subject: Subject = page
        else:
            subject = _into_draft(session.get_one(PageDraft, row.draft_id), row)
        _mark(row, RemarkState.ACCEPTED)
    return subject


def _into_page(page: Page, row: Remark, comment: str) -> None:
    old = service.version_of(page, row.version)
    sources = [block.source for block in render(old.body).blocks]
    merged = review.accept(sources, row.block, row.proposal or "", page.body)
    if merged.clashes:
        wanted = review.with_block(sources, row.block, row.proposal or "")
        raise SuggestionConflictError(service.version_of(page, page.version), old, page, wanted)
    draft = Draft(
        page.title,
        merged.text,
        page.chapter_id,
        page.parent_id,
        page.position,
        comment[:200],
        page.published_to_all,
        page.for_guests,
    )
    service.save_page(page.slug, draft, page.version)


def _into_draft(draft: PageDraft, row: Remark) -> PageDraft:
    sources = [block.source for block in render(draft.body).blocks]
    if row.quote not in sources:  # a draft keeps no earlier texts to merge with
        raise HandbookError(
            Problem("", N_("This paragraph of the draft was changed since. Take the words over by hand."), {})
        )
    place = review.where_now(row.quote, row.block, sources) or row.block
    draft.body = review.with_block(sources, place, row.proposal or "")
    problems = rules.problems_of(draft.body)
    if problems:
        raise HandbookError(*problems)
    draft.revision += 1
    draft.changed_at, draft.changed_by = utc_now(), tenancy.current().user_id
    return draft


def _decide(remark_id: uuid.UUID, state: RemarkState, answer: str = "") -> Remark:
    with transaction():
        row = _open(remark_id)
        _mark(row, state, answer)
    return row


def _mark(row: Remark, state: RemarkState, answer: str = "") -> None:
    row.state, row.answer = state, answer
    row.decided_by, row.decided_at = tenancy.current().user_id, utc_now()


def _open(remark_id: uuid.UUID) -> Remark:
    """A remark that waits, kept for this transaction; raises NotThereError, AlreadyDecidedError."""
    query = select(Remark).where(ours(Remark), Remark.id == remark_id).with_for_update()
    row: Remark | None = db.session.scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise NotThereError(str(remark_id))
    if row.state != RemarkState.OPEN:
        raise AlreadyDecidedError(row)
    return row


def find(remark_id: uuid.UUID) -> Remark:
    """A remark of the network; raises NotThereError."""
    row: Remark | None = db.session.scalar(select(Remark).where(ours(Remark), Remark.id == remark_id))
    if row is None:
        raise NotThereError(str(remark_id))
    return row


def page_of(remark: Remark) -> Page:
    """The page a remark is about; for one that is about a page."""
    page: Page = db.session.scalars(select(Page).where(ours(Page), Page.id == remark.page_id)).one()
    return page


def is_mine(remark: Remark) -> bool:
    """Whether the acting person made the remark."""
    return remark.author_id is not None and remark.author_id == tenancy.current().user_id
