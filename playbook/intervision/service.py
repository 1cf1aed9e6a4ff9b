"""Discussing anonymous cases within a network, and proposing what the playbook should say."""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import delete, func, select

from app import tenancy
from app.database import db, transaction
from app.i18n import N_
from app.security.models import Tenant, utc_now
from playbook.handbook import remarks as handbook_remarks
from playbook.handbook.models import Page, Remark
from playbook.handbook.rules import Problem
from playbook.handbook.service import HandbookError, ours
from playbook.intervision import guarding, rules
from playbook.intervision.guarding import Passage
from playbook.intervision.models import DiscussionCase, DiscussionProposal, DiscussionRemark

PAGE_SIZE = 20
TELLING = N_("‘%(words)s’ may tell whose case this is. Write it otherwise.")


class NotThereError(Exception):
    """There is no such case, or remark, in this network (any more)."""


class NotYoursError(Exception):
    """It is somebody else's, and the one who asks does not arrange the network."""


class RefusedError(Exception):
    """It can't be placed as it is; the message is a msgid."""


class FoundError(Exception):
    """Words of the remark may tell whose case it is, and nobody said of them that they identify nobody."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        super().__init__()
        self.passages = passages


class TextChangedError(Exception):
    """The page of the playbook changed while somebody wrote a proposal for it."""


@dataclass(frozen=True)
class Text:
    """An anonymous case, ready to be read by the network. facts: see rules.Fact."""

    title: str
    household: str
    tried: str
    question: str
    arrival: str = ""
    helped: str = ""
    facts: Mapping[str, str | None] | None = None


@dataclass(frozen=True)
class Row:
    """A case in the list; remarks and proposals: how many."""

    case: DiscussionCase
    remarks: int
    proposals: int


@dataclass(frozen=True)
class Said:
    """A remark with its author; both names are empty when they chose not to give them, or left."""

    remark: DiscussionRemark
    name: str
    organisation: str
    is_mine: bool


@dataclass(frozen=True)
class Proposal:
    """What a discussion proposes for a page of the playbook, and what became of it (handbook.review.RemarkState)."""

    remark_id: uuid.UUID
    page: Page
    text: str
    is_suggestion: bool
    state: str
    answer: str
    at: datetime


@dataclass(frozen=True)
class Origin:
    """The discussion from which a remark in the playbook came."""

    discussion_id: uuid.UUID
    title: str


# ---------------------------------------------------------------- releasing


def publish(text: Text, day: date) -> DiscussionCase:
    """Let the network in which somebody acts read a case; who checked it and for whom is not kept here."""
    with transaction() as session:
        row = DiscussionCase(
            title=text.title,
            household=text.household,
            arrival=text.arrival,
            tried=text.tried,
            helped=text.helped,
            question=text.question,
            facts=rules.only_known(text.facts or {}),
            released_on=day,
        )
        session.add(row)
    return row


def withdraw(discussion_id: uuid.UUID) -> None:
    """Take a case back with everything said about it; proposals stay in the playbook, without the link.

    Twice the same is no error.
    """
    with transaction() as session:
        session.execute(delete(DiscussionCase).where(ours(DiscussionCase), DiscussionCase.id == discussion_id))


# ---------------------------------------------------------------- reading


def listed(page: int = 1) -> tuple[list[Row], int]:
    """One page (from 1) of the cases, the newest first, and how many there are in all."""
    count = db.session.scalar(select(func.count()).select_from(DiscussionCase).where(ours(DiscussionCase))) or 0
    newest = select(DiscussionCase).where(ours(DiscussionCase))
    newest = newest.order_by(DiscussionCase.released_on.desc(), DiscussionCase.id.desc())
    found = db.session.scalars(newest.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all()
    ids = [each.id for each in found]
    said, proposed = _counted(DiscussionRemark, ids), _counted(DiscussionProposal, ids)
    return [Row(each, said.get(each.id, 0), proposed.get(each.id, 0)) for each in found], count


def _counted(model: type[DiscussionRemark | DiscussionProposal], ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    query = select(model.discussion_id, func.count()).where(ours(model), model.discussion_id.in_(ids))
    return dict(db.session.execute(query.group_by(model.discussion_id)).tuples().all()) if ids else {}


def find(discussion_id: uuid.UUID) -> DiscussionCase:
    """A case of the network; raises NotThereError."""
    query = select(DiscussionCase).where(ours(DiscussionCase), DiscussionCase.id == discussion_id)
    found: DiscussionCase | None = db.session.scalar(query)
    if found is None:
        raise NotThereError(str(discussion_id))
    return found


def discussion(discussion_id: uuid.UUID) -> list[Said]:
    """What was said about a case, the first remark first."""
    query = select(DiscussionRemark).where(ours(DiscussionRemark), DiscussionRemark.discussion_id == discussion_id)
    found = db.session.scalars(query.order_by(DiscussionRemark.at, DiscussionRemark.id)).all()
    people, homes = {each.author_id for each in found}, {each.organisation_id for each in found}
    users = {u.id: f"{u.first_name} {u.last_name}" for u in db.session.scalars(select(User).where(User.id.in_(people)))}
    names = dict(db.session.execute(select(Tenant.id, Tenant.name).where(Tenant.id.in_(homes))).tuples().all())
    me = tenancy.current().user_id
    return [
        Said(
            each,
            users.get(each.author_id, "") if each.author_id else "",
            names.get(each.organisation_id, "") if each.organisation_id else "",
            each.author_id is not None and each.author_id == me,
        )
        for each in found
    ]


def proposals(discussion_id: uuid.UUID) -> list[Proposal]:
    """What the discussion proposed for the playbook, the newest first."""
    query = (
        select(Remark, Page)
        .join(DiscussionProposal, DiscussionProposal.remark_id == Remark.id)
        .join(Page, Page.id == Remark.page_id)
        .where(ours(DiscussionProposal), ours(Remark), ours(Page))
        .where(DiscussionProposal.discussion_id == discussion_id)
        .order_by(Remark.at.desc())
    )
    return [
        Proposal(row.id, page, row.text, row.proposal is not None, row.state, row.answer, row.at)
        for row, page in db.session.execute(query)
    ]


def origins(remark_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Origin]:
    """The discussions from which these remarks of the playbook came."""
    ids = list(remark_ids)
    if not ids:
        return {}
    query = (
        select(DiscussionProposal.remark_id, DiscussionCase.id, DiscussionCase.title)
        .join(DiscussionCase, DiscussionCase.id == DiscussionProposal.discussion_id)
        .where(ours(DiscussionProposal), ours(DiscussionCase), DiscussionProposal.remark_id.in_(ids))
    )
    return {row.remark_id: Origin(row.id, row.title) for row in db.session.execute(query)}


# ---------------------------------------------------------------- discussing


def say(
    discussion_id: uuid.UUID, text: str, *, unnamed: bool = False, confirmed: Collection[str] = ()
) -> DiscussionRemark:
    """Say something about a case; confirmed: keys of passages that identify nobody, says the writer.

    Raises NotThereError, RefusedError, FoundError.
    """
    with transaction() as session:
        _held(discussion_id)
        text = text.replace("\x00", "").strip()
        problem = rules.remark_problem(text)
        if problem:
            raise RefusedError(problem)
        left = [
            each
            for each in guarding.passages(discussion_id, text, unnamed=unnamed)
            if each.is_hard or each.key not in confirmed
        ]
        if left:
            raise FoundError(left)
        who = tenancy.current()
        row = DiscussionRemark(
            discussion_id=discussion_id,
            text=text,
            author_id=None if unnamed else who.user_id,
            organisation_id=None if unnamed else who.tenant_id,
            at=utc_now(),
        )
        session.add(row)
    return row


def unsay(discussion_id: uuid.UUID, remark_id: uuid.UUID, *, arranges: bool = False) -> None:
    """Delete a remark: its author may, and who arranges the network. Raises NotThereError, NotYoursError."""
    with transaction() as session:
        query = select(DiscussionRemark).where(
            ours(DiscussionRemark), DiscussionRemark.id == remark_id, DiscussionRemark.discussion_id == discussion_id
        )
        row: DiscussionRemark | None = session.scalar(query.with_for_update())
        if row is None:
            raise NotThereError(str(remark_id))
        if not arranges and (row.author_id is None or row.author_id != tenancy.current().user_id):
            raise NotYoursError(str(remark_id))
        session.delete(row)


def propose(
    discussion_id: uuid.UUID, page: Page, block: int, *, seen: int, text: str, proposal: str | None = None
) -> Remark:
    """Propose something for a part of a page: other words (`proposal`), or only a remark.

    It is an ordinary suggestion of the playbook, linked to the discussion. Raises NotThereError, TextChangedError when
    the page is not at version `seen` any more, and what playbook.handbook.remarks raises: HandbookError also for words
    that surely tell whose case it was, unless they stand in the page already (such as the number of a service).
    """
    with transaction() as session:
        _held(discussion_id)
        if page.version != seen:
            raise TextChangedError(page.slug)
        said = guarding.passages(discussion_id, f"{text}\n\n{proposal or ''}", unnamed=False)
        telling = [each for each in said if each.is_hard and each.text not in page.body]
        if telling:
            raise HandbookError(*(Problem("text", TELLING, {"words": each.text}) for each in telling))
        if proposal is None:
            made = handbook_remarks.comment(page, block, text)
        else:
            made = handbook_remarks.suggest(page, block, proposal, text)
        session.flush()
        session.add(DiscussionProposal(discussion_id=discussion_id, remark_id=made.id))
    return made


def _held(discussion_id: uuid.UUID) -> None:
    """The case stays until the end of the transaction: nobody speaks to what was withdrawn."""
    query = select(DiscussionCase.id).where(ours(DiscussionCase), DiscussionCase.id == discussion_id)
    if db.session.scalar(query.with_for_update(read=True, key_share=True)) is None:
        raise NotThereError(str(discussion_id))
