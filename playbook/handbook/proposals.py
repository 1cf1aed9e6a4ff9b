"""Pages that members propose: an editor makes a draft of one, or says why not."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, func, select
from sqlalchemy.orm import undefer

from app import tenancy
from app.database import db, transaction
from app.i18n import N_
from app.identifiers import uuid7
from app.security.models import utc_now
from playbook.handbook import rules, service
from playbook.handbook.models import Chapter, PageDraft, Proposal
from playbook.handbook.review import DraftState
from playbook.handbook.rules import Problem
from playbook.handbook.service import Draft, HandbookError, NotThereError, ours

LISTED_AT_MOST = 20  # a screen beside the contents; what was decided longest ago falls off


class State(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"  # a draft was made of it
    REFUSED = "refused"


class AlreadyDecidedError(Exception):
    """A colleague accepted or refused the proposal in the meantime."""


@dataclass(frozen=True)
class Proposed:
    """A proposal in a list."""

    id: uuid.UUID
    title: str
    state: str
    at: datetime
    proposer: str | None


def find(proposal_id: uuid.UUID, *, of_anybody: bool) -> Proposal:
    """A proposal with its text, of the acting person alone unless `of_anybody`; raises NotThereError."""
    query = select(Proposal).where(ours(Proposal), Proposal.id == proposal_id).options(undefer(Proposal.body))
    found: Proposal | None = db.session.scalar(query)
    if found is None or not (of_anybody or found.proposer_id == tenancy.current().user_id):
        raise NotThereError(str(proposal_id))
    return found


def waiting() -> list[Proposed]:
    """What waits for an editor, the longest first."""
    return _listed(
        select(Proposal).where(ours(Proposal), Proposal.state == State.OPEN).order_by(Proposal.at, Proposal.id)
    )


def waiting_count() -> int:
    """How many proposals wait for an editor."""
    query = select(func.count()).select_from(Proposal).where(ours(Proposal), Proposal.state == State.OPEN)
    return db.session.scalar(query) or 0


def mine() -> list[Proposed]:
    """What the acting person proposed, the latest first."""
    query = select(Proposal).where(ours(Proposal), Proposal.proposer_id == tenancy.current().user_id)
    return _listed(query.order_by(Proposal.at.desc(), Proposal.id))


def _listed(query: Select[Proposal]) -> list[Proposed]:
    rows: Sequence[Proposal] = db.session.scalars(query.limit(LISTED_AT_MOST)).all()
    known = service.names(row.proposer_id for row in rows)
    return [Proposed(row.id, row.title, row.state, row.at, known.get(row.proposer_id)) for row in rows]


def propose(text: Draft) -> Proposal:
    """Propose a page: its title, its chapter, its text, and why (the comment). Raises HandbookError."""
    with transaction() as session:
        text = service.checked(session, text, None)
        row = Proposal(
            id=uuid7(),
            chapter_id=text.chapter_id,
            title=text.title,
            body=text.body,
            why=text.comment,
            proposer_id=tenancy.current().user_id,
        )
        session.add(row)
    return row


def accept(proposal_id: uuid.UUID) -> PageDraft:
    """Make a draft of a proposal, by whoever proposed it. Raises NotThereError and AlreadyDecidedError."""
    with transaction() as session:
        row = _open(proposal_id)
        draft = PageDraft(
            id=uuid7(),
            chapter_id=row.chapter_id,
            title=row.title,
            body=row.body,
            comment="",
            state=DraftState.DRAFT,
            changed_at=utc_now(),
            changed_by=row.proposer_id,
        )
        session.add(draft)
        session.flush()
        row.draft_id = draft.id
        _decide(row, State.ACCEPTED)
    return draft


def refuse(proposal_id: uuid.UUID, reason: str) -> Proposal:
    """Turn a proposal down; the proposer reads why. Raises HandbookError, NotThereError and AlreadyDecidedError."""
    with transaction():
        row = _open(proposal_id)
        row.answer = rules.tidy(reason)[:500]
        if not row.answer:
            raise HandbookError(Problem("answer", N_("Say why, so that your colleague can go on with it."), {}))
        _decide(row, State.REFUSED)
    return row


def proposer_of(draft_id: uuid.UUID) -> str | None:
    """The name of the person on whose proposal a draft was made; none when it was made by an editor."""
    query = select(Proposal.proposer_id).where(ours(Proposal), Proposal.draft_id == draft_id)
    found = db.session.scalar(query)
    return service.names([found]).get(found)


def chapter_of(proposal: Proposal) -> Chapter:
    """The chapter that a proposal is for."""
    query = select(Chapter).where(ours(Chapter), Chapter.id == proposal.chapter_id)
    return db.session.scalars(query).one()


def _open(proposal_id: uuid.UUID) -> Proposal:
    """The proposal, kept for this transaction: two who decide at once go one by one."""
    query = select(Proposal).where(ours(Proposal), Proposal.id == proposal_id).options(undefer(Proposal.body))
    row: Proposal | None = db.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if row is None:
        raise NotThereError(str(proposal_id))
    if row.state != State.OPEN:
        raise AlreadyDecidedError(row.state)
    return row


def _decide(row: Proposal, state: State) -> None:
    row.state, row.decided_by, row.decided_at = state, tenancy.current().user_id, utc_now()
