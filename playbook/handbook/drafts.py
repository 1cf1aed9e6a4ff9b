"""Texts on their way into the playbook: kept, read along with, published; and what somebody typed but did not save."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import undefer

from app import tenancy
from app.database import db, transaction
from app.i18n import N_
from app.identifiers import uuid7
from app.security.models import NetworkMembership, utc_now
from app.security.roles import Role
from playbook.handbook import review, rules, service
from playbook.handbook.models import Autosave, Page, PageDraft, PageVersion, Review
from playbook.handbook.review import DraftState, Reading, Verdict
from playbook.handbook.rules import Problem
from playbook.handbook.service import ConflictError, Draft, HandbookError, NotThereError, ours

# Typed text that nobody came back for within a season: the page has moved on without it.
AUTOSAVE_KEPT = timedelta(days=90)
LONGEST_NOTE = 1_000  # a reviewer's, beside the verdict
LONGEST_TYPED_TITLE = 10_000  # five times what a remark may have: too much comes back too, to be made shorter


@dataclass(frozen=True)
class Waiting:
    """A draft in a list: its title, how far it is, and whether the person who looks was asked to read it."""

    id: uuid.UUID
    title: str
    state: str
    changed_at: datetime
    author: str | None
    is_new_page: bool
    asks_me: bool


@dataclass(frozen=True)
class Opinion:
    """What one person said about a draft; `is_current`: about the text as it is now."""

    user_id: int
    name: str
    verdict: str
    note: str
    at: datetime
    is_current: bool
    is_mine: bool


# ---------------------------------------------------------------- drafts


def find(draft_id: uuid.UUID) -> PageDraft:
    """A draft of the network with its text; raises NotThereError."""
    query = select(PageDraft).where(ours(PageDraft), PageDraft.id == draft_id).options(undefer(PageDraft.body))
    found: PageDraft | None = db.session.scalar(query)
    if found is None:
        raise NotThereError(str(draft_id))
    return found


def page_of(draft: PageDraft) -> Page | None:
    """The page that a draft is to change, with its text; none for a new page."""
    if draft.page_id is None:
        return None
    query = select(Page).where(ours(Page), Page.id == draft.page_id).options(undefer(Page.body))
    page: Page | None = db.session.scalar(query)
    return page


def waiting(page: Page | None = None, *, in_review_only: bool = False) -> list[Waiting]:
    """Drafts that are not in the playbook yet, the latest first; of one page when it is given."""
    states = [DraftState.IN_REVIEW] if in_review_only else [DraftState.DRAFT, DraftState.IN_REVIEW]
    query = select(PageDraft).where(ours(PageDraft), PageDraft.state.in_(states))
    if page is not None:
        query = query.where(PageDraft.page_id == page.id)
    drafts = db.session.scalars(query.order_by(PageDraft.changed_at.desc(), PageDraft.id).limit(50)).all()
    if not drafts:
        return []
    known = service.names(draft.changed_by for draft in drafts)
    asked = select(Review.draft_id).where(
        ours(Review), Review.reviewer_id == tenancy.current().user_id, Review.verdict == Verdict.ASKED
    )
    mine = set(db.session.scalars(asked))
    return [
        Waiting(d.id, d.title, d.state, d.changed_at, known.get(d.changed_by), d.page_id is None, d.id in mine)
        for d in drafts
    ]


def keep(draft: Draft, page: Page | None, base_version: int) -> PageDraft:
    """Keep a text as a draft of a new page, or of `page` as it was at `base_version`. Raises HandbookError."""
    with transaction() as session:
        draft = service.checked(session, draft, page)
        row = PageDraft(id=uuid7(), page_id=page.id if page else None, base_version=base_version, state="draft")
        _write(row, draft)
        session.add(row)
    return row


def change(draft_id: uuid.UUID, draft: Draft, revision: int, base_version: int) -> PageDraft:
    """Save a draft that was at `revision` when the editor began; `base_version`: the page's, that it builds on.

    Raises NotThereError, HandbookError, and ConflictError when a colleague saved the draft in the meantime.
    """
    with transaction() as session:
        row = _locked(draft_id)
        _require_open(row)
        draft = service.checked(session, draft, page_of(row))
        if row.revision != revision:
            raise ConflictError(_as_version(row), _common_base(row.body, draft.body))
        row.base_version = base_version
        if (row.title, row.body) != (draft.title, draft.body):
            row.revision += 1
        _write(row, draft)
    return row


def step(draft_id: uuid.UUID, to: DraftState) -> PageDraft:
    """Send a draft into review, take it back or drop it. Raises NotThereError and HandbookError."""
    with transaction():
        row = _locked(draft_id)
        if row.state != to:
            if not review.may_step(row.state, to):
                raise HandbookError(_finished())
            row.state = to
            if to is DraftState.IN_REVIEW and row.revision > row.handed_in_revision:
                _hand_in(row)
    return row


def hand_in(draft_id: uuid.UUID) -> PageDraft:
    """Ask those who read along to read the new text of a draft in review: each gets one mail more (see mailing).

    Raises NotThereError, and HandbookError when it is not in review or its text is the one they were asked to read.
    """
    with transaction():
        row = _locked(draft_id)
        if row.state != DraftState.IN_REVIEW:
            raise HandbookError(_not_in_review())
        if not review.is_new_text(row.state, row.revision, row.handed_in_revision):
            raise HandbookError(Problem("", N_("This text was handed in already. Change it first."), {}))
        _hand_in(row)
    return row


def _hand_in(row: PageDraft) -> None:
    row.handed_in_revision, row.handed_in_at = row.revision, utc_now()


def publish(draft_id: uuid.UUID, credit: str = "") -> Page:
    """Make a draft the page's text, as its newest version. Raises NotThereError and HandbookError.

    credit: what the history says of it before the draft's own comment, such as who proposed the page.

    Raises ConflictError when the page changed since the draft was made.
    """
    with transaction():
        row = _locked(draft_id)
        _require_open(row)
        page = page_of(row)
        place = (row.chapter_id, row.parent_id, row.position)
        comment = ". ".join(filter(None, (credit, row.comment)))[:200]
        text = Draft(row.title, row.body, *place, comment, row.published_to_all, row.for_guests)
        if page is None:
            page = service.create_page(text)
            row.page_id = page.id
        else:
            page = service.save_page(page.slug, text, row.base_version)
        row.state = DraftState.PUBLISHED
    return page


def _locked(draft_id: uuid.UUID) -> PageDraft:
    """The draft, kept for this transaction: two who decide at once go one by one. Raises NotThereError."""
    query = select(PageDraft).where(ours(PageDraft), PageDraft.id == draft_id).options(undefer(PageDraft.body))
    row: PageDraft | None = db.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if row is None:
        raise NotThereError(str(draft_id))
    return row


def _require_open(row: PageDraft) -> None:
    if not review.may_step(row.state, DraftState.PUBLISHED):
        raise HandbookError(_finished())


def _finished() -> Problem:
    return Problem("", N_("This draft is published or dropped already. Open the page to change it again."), {})


def _not_in_review() -> Problem:
    return Problem("", N_("This draft is not in review now."), {})


def _write(row: PageDraft, draft: Draft) -> None:
    row.title, row.body, row.comment = draft.title, draft.body, draft.comment
    row.chapter_id, row.parent_id, row.position = draft.chapter_id, draft.parent_id, draft.position
    row.published_to_all, row.for_guests = draft.published_to_all, draft.for_guests
    row.changed_at, row.changed_by = utc_now(), tenancy.current().user_id


def _as_version(row: PageDraft) -> PageVersion:
    """A draft in the shape of a version, for the page that shows both texts; never stored."""
    return PageVersion(
        number=row.revision, title=row.title, body=row.body, at=row.changed_at, author_id=row.changed_by, comment=""
    )


def _common_base(one: str, other: str) -> PageVersion:
    """Drafts keep no earlier texts: what both have in common stands for the one they began with."""
    return PageVersion(number=0, title="", body=review.common(one, other), comment="")


# ---------------------------------------------------------------- those who read along


def candidates() -> list[User]:
    """Who may be asked to read along: those with a role in the network itself, by name; its guests read no drafts."""
    query = (
        select(User)
        .join(NetworkMembership, NetworkMembership.user_id == User.id)
        .where(NetworkMembership.network_id == tenancy.current_network_id(), User.active.is_(True))
        .where(NetworkMembership.role != Role.GUEST)
        .distinct()
    )
    return sorted(db.session.scalars(query), key=lambda user: (user.last_name or "", user.first_name or ""))


def ask(draft_id: uuid.UUID, reviewer_ids: Iterable[int]) -> PageDraft:
    """Send a draft into review and ask people to read along; who was asked already is left. Raises HandbookError."""
    with transaction() as session:
        row = step(draft_id, DraftState.IN_REVIEW)
        wanted = {user.id for user in candidates()} & set(reviewer_ids)
        known = set(session.scalars(select(Review.reviewer_id).where(ours(Review), Review.draft_id == row.id)))
        session.add_all(Review(draft_id=row.id, reviewer_id=user_id) for user_id in sorted(wanted - known))
    return row


def judge(draft_id: uuid.UUID, verdict: Verdict, note: str) -> None:
    """Say what the acting person thinks of a draft in review, again after a change. Raises HandbookError."""
    with transaction() as session:
        row = _locked(draft_id)
        if row.state != DraftState.IN_REVIEW:
            raise HandbookError(_not_in_review())
        tidied = rules.tidy(note)
        if len(tidied) > LONGEST_NOTE:
            raise HandbookError(Problem("note", N_("Use at most %(limit)s characters."), {"limit": LONGEST_NOTE}))
        if verdict is Verdict.NOT_YET and not tidied:
            raise HandbookError(Problem("note", N_("Say what should change, so that the author can go on."), {}))
        me = tenancy.current().user_id
        found = session.scalar(select(Review).where(ours(Review), Review.draft_id == row.id, Review.reviewer_id == me))
        if found is None:
            found = Review(draft_id=row.id, reviewer_id=me)
            session.add(found)
        found.verdict, found.note, found.revision, found.at = verdict, tidied, row.revision, utc_now()


def opinions(draft: PageDraft) -> list[Opinion]:
    """Everybody who was asked or spoke, by when."""
    rows = db.session.scalars(
        select(Review).where(ours(Review), Review.draft_id == draft.id).order_by(Review.at, Review.id)
    ).all()
    known = service.names(row.reviewer_id for row in rows)
    me = tenancy.current().user_id
    return [
        Opinion(
            user_id=row.reviewer_id,
            name=known.get(row.reviewer_id, ""),
            verdict=row.verdict,
            note=row.note,
            at=row.at,
            is_current=row.revision == draft.revision,
            is_mine=row.reviewer_id == me,
        )
        for row in rows
    ]


def still_waits_for(draft: PageDraft, given: Sequence[Opinion]) -> int:
    """How many of those asked have not agreed with the draft as it is now."""
    return review.waits_for(
        [Reading(each.verdict, draft.revision if each.is_current else -1) for each in given], draft.revision
    )


# ---------------------------------------------------------------- autosave


def autosave(place: str, title: str, body: str, base: str) -> datetime:
    """Keep what the acting person typed at `place` (an editor's screen) and did not save. Raises HandbookError."""
    if len(body) > rules.LONGEST_BODY:
        raise HandbookError(*rules.problems_of(body))
    values = {
        "title": title.replace("\x00", "")[:LONGEST_TYPED_TITLE],
        "body": body.replace("\x00", ""),
        "base": base[:40],
        "saved_at": utc_now(),
    }
    key = {"user_id": tenancy.current().user_id, "place": place[:120], "network_id": tenancy.current_network_id()}
    with transaction() as session:
        session.execute(
            insert(Autosave)
            .values(id=uuid7(), **key, **values)
            .on_conflict_do_update(constraint="uq_playbook_autosave", set_=values)
        )
    return values["saved_at"]  # type: ignore[return-value]


def autosaved(place: str) -> Autosave | None:
    """What the acting person typed at `place` and did not save."""
    query = select(Autosave).where(
        ours(Autosave), Autosave.user_id == tenancy.current().user_id, Autosave.place == place[:120]
    )
    found: Autosave | None = db.session.scalar(query)
    return found


def autosaved_under(prefix: str) -> Sequence[Autosave]:
    """What the acting person typed at the places that begin with `prefix` and did not save."""
    query = select(Autosave).where(
        ours(Autosave),
        Autosave.user_id == tenancy.current().user_id,
        Autosave.place.startswith(prefix, autoescape=True),
    )
    return db.session.scalars(query).all()


def forget_autosave(place: str) -> None:
    """Drop what was typed at `place`: it is saved now, or not wanted; and what lies there for a season."""
    mine = [ours(Autosave), Autosave.user_id == tenancy.current().user_id]
    with transaction() as session:
        session.execute(
            delete(Autosave).where(
                *mine, (Autosave.place == place[:120]) | (Autosave.saved_at < utc_now() - AUTOSAVE_KEPT)
            )
        )
