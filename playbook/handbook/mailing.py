"""What the playbook tells somebody by mail, once a day at most: followed pages that changed, drafts they are asked to
read, what became of the pages and the words they proposed. Titles, and why not: no name of anybody."""

import uuid
from dataclasses import dataclass

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Select, case, func, select
from sqlalchemy.dialects.postgresql import insert

from app import tenancy
from app.database import db, transaction
from app.identifiers import uuid7
from app.security.models import Network, utc_now
from playbook.exchange.digest import members
from playbook.handbook.models import NewsMail, Page, PageDraft, Proposal, Reader, Remark, Review
from playbook.handbook.review import DraftState, RemarkState, Verdict
from playbook.handbook.service import ours


@dataclass(frozen=True)
class Told:
    """The mail of one person. pages: (address, title); drafts: (id, title); again: drafts with a new text since.

    decided: (id, title, why not) of their proposals; nothing for why not: a draft was made of it.
    suggested: (where below the playbook, title, why not) of the words they suggested for a part of a text; nothing for
    why not: they are in the text.
    """

    network: str
    pages: list[tuple[str, str]]
    drafts: list[tuple[uuid.UUID, str]]
    again: list[tuple[uuid.UUID, str]]
    decided: list[tuple[uuid.UUID, str, str]]
    suggested: list[tuple[str, str, str]]

    @property
    def is_something(self) -> bool:
        return bool(self.pages or self.drafts or self.again or self.decided or self.suggested)


def due() -> set[int]:
    """Who in the acting network has something to be told that no mail told yet. Four statements."""
    statements = (_changed(), _asked(), _decided(), _suggested())
    return {row[0] for statement in statements for row in db.session.execute(statement)}


def told_to(user_id: int) -> Told:
    """What this person's mail says now."""
    pages = db.session.execute(_changed().where(Reader.user_id == user_id)).all()
    drafts = db.session.execute(_asked().where(Review.reviewer_id == user_id)).all()
    decided = db.session.execute(_decided().where(Proposal.proposer_id == user_id)).all()
    suggested = db.session.execute(_suggested().where(Remark.author_id == user_id)).all()
    network = db.session.get_one(Network, tenancy.current_network_id()).name
    return Told(
        network,
        [(row.slug, row.title) for row in pages],
        [(row.id, row.title) for row in drafts if row.is_first],
        [(row.id, row.title) for row in drafts if not row.is_first],
        [(row.id, row.title, row.answer) for row in decided],
        [(_place(row.slug, row.draft_id, row.id), row.title, row.answer) for row in suggested],
    )


def receivers(user_ids: set[int]) -> set[int]:
    """Those of these people who belong to the acting organisation (without one: the network) and can be mailed."""
    here = select(User.id).where(User.id.in_(user_ids & members()), User.active.is_(True), User.email.is_not(None))
    return set(db.session.scalars(here))


def receiver(user_id: int) -> User | None:
    """The person, if they still belong here."""
    person: User | None = db.session.get(User, user_id) if user_id in members() else None
    return person if person is not None and person.active and person.email else None


def _changed() -> Select[int, str, str]:
    """Followed pages that somebody else changed since the person read them and since their last mail."""
    return (
        select(Reader.user_id, Page.slug, Page.title)
        .join(Page, (Page.network_id == Reader.network_id) & (Page.id == Reader.page_id))
        .outerjoin(NewsMail, (NewsMail.network_id == Reader.network_id) & (NewsMail.user_id == Reader.user_id))
        .where(ours(Reader), Reader.follows, Reader.seen_version < Page.version)
        .where(Page.changed_by.is_distinct_from(Reader.user_id), func.coalesce(NewsMail.wants, True))
        .where(Page.changed_at > func.coalesce(NewsMail.sent_at, Reader.seen_at))
        .order_by(Page.changed_at.desc(), Page.id)
    )


def _asked() -> Select[int, uuid.UUID, str, bool]:
    """Drafts in review that the person has to read: since their last mail they were asked to (is_first), or the author
    handed in another text than the one they know. Not one they changed themselves.
    """
    told = NewsMail.sent_at
    is_first = (Review.verdict == Verdict.ASKED) & (told.is_(None) | (Review.at > told))
    is_again = (
        (Review.revision < PageDraft.handed_in_revision)
        & (Review.at < PageDraft.handed_in_at)
        & (told.is_(None) | (PageDraft.handed_in_at > told))
        & PageDraft.changed_by.is_distinct_from(Review.reviewer_id)
    )
    return (
        select(Review.reviewer_id, PageDraft.id, PageDraft.title, is_first.label("is_first"))
        .join(PageDraft, (PageDraft.network_id == Review.network_id) & (PageDraft.id == Review.draft_id))
        .outerjoin(NewsMail, (NewsMail.network_id == Review.network_id) & (NewsMail.user_id == Review.reviewer_id))
        .where(ours(Review), PageDraft.state == DraftState.IN_REVIEW, is_first | is_again)
        .where(func.coalesce(NewsMail.wants, True))
        .order_by(Review.at, PageDraft.id)
    )


def _decided() -> Select[int | None, uuid.UUID, str, str]:
    """Proposals about which somebody else decided since the person's last mail."""
    return (
        select(Proposal.proposer_id, Proposal.id, Proposal.title, Proposal.answer)
        .outerjoin(NewsMail, (NewsMail.network_id == Proposal.network_id) & (NewsMail.user_id == Proposal.proposer_id))
        .where(ours(Proposal), Proposal.proposer_id.is_not(None), func.coalesce(NewsMail.wants, True))
        .where(Proposal.decided_at > func.coalesce(NewsMail.sent_at, Proposal.at))
        .where(Proposal.decided_by.is_distinct_from(Proposal.proposer_id))
        .order_by(Proposal.decided_at, Proposal.id)
    )


def _suggested() -> Select[int | None, uuid.UUID, str, str | None, uuid.UUID | None, str]:
    """Suggestions about which somebody else decided since the person's last mail, at a text that they can open.

    A draft that is published meanwhile can't be opened any more; the page that it became can.
    """
    became = case((PageDraft.state == DraftState.PUBLISHED, PageDraft.page_id))
    page_id = func.coalesce(Remark.page_id, became)
    title = func.coalesce(Page.title, PageDraft.title).label("title")
    return (
        select(Remark.author_id, Remark.id, title, Page.slug, PageDraft.id.label("draft_id"), Remark.answer)
        .outerjoin(PageDraft, (PageDraft.network_id == Remark.network_id) & (PageDraft.id == Remark.draft_id))
        .outerjoin(Page, (Page.network_id == Remark.network_id) & (Page.id == page_id))
        .outerjoin(NewsMail, (NewsMail.network_id == Remark.network_id) & (NewsMail.user_id == Remark.author_id))
        .where(ours(Remark), Remark.proposal.is_not(None), Remark.author_id.is_not(None))
        .where(Remark.state.in_([RemarkState.ACCEPTED, RemarkState.DECLINED]))
        .where(Page.id.is_not(None) | (PageDraft.state == DraftState.IN_REVIEW))
        .where(Remark.decided_at > func.coalesce(NewsMail.sent_at, Remark.at), func.coalesce(NewsMail.wants, True))
        .where(Remark.decided_by.is_distinct_from(Remark.author_id))
        .order_by(Remark.decided_at, Remark.id)
    )


def _place(slug: str | None, draft_id: uuid.UUID | None, remark_id: uuid.UUID) -> str:
    if slug and draft_id:
        return f"{slug}/"
    return f"{f'{slug}/opmerkingen' if slug else f'ontwerp/{draft_id}'}/#opmerking-{remark_id}"


# ---------------------------------------------------------------- who wants it, who had it


def wants_mail(user_id: int | None) -> bool:
    """Whether this person gets the mail of the acting network's playbook; whoever said nothing does."""
    found = db.session.scalar(select(NewsMail.wants).where(ours(NewsMail), NewsMail.user_id == user_id))
    return found is not False


def choose(user_id: int | None, *, wants: bool) -> None:
    """Remember whether this person wants it. Who turns it on again is told what happens from then on."""
    _put(user_id, wants=wants, sent_at=utc_now())


def note_sent(user_id: int) -> None:
    """Remember that this person was told everything until now."""
    _put(user_id, sent_at=utc_now())


def _put(user_id: int | None, **values: object) -> None:
    start = {"id": uuid7(), "network_id": tenancy.current_network_id(), "user_id": user_id, "wants": True}
    with transaction() as session:
        session.execute(
            insert(NewsMail)
            .values(**{**start, **values})
            .on_conflict_do_update(constraint="uq_playbook_news_mail", set_=values)
        )
