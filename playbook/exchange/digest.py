"""The weekly news of a network: titles and counts of what it shares. No person ever stands in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute

from app import tenancy
from app.database import db, transaction
from app.identifiers import uuid7
from app.security.models import Membership, Network, NetworkMembership, utc_now
from app.security.roles import Role
from app.ui.formats import today
from playbook.exchange import rules
from playbook.exchange.meetings import to_do
from playbook.exchange.models import DigestOptOut, Initiative, Meeting, Question
from playbook.handbook.models import Page
from playbook.handbook.service import ours
from playbook.intervision.models import DiscussionCase

WEEK, AHEAD = timedelta(days=7), timedelta(days=14)
MOST_TITLES = 8


@dataclass(frozen=True)
class Titles:
    """The newest titles of one kind, and how many there are in all. keys: by which each is found, in the same order."""

    titles: list[str]
    count: int
    keys: list[Any]

    @property
    def entries(self) -> list[tuple[Any, str]]:
        return list(zip(self.keys, self.titles, strict=True))

    @property
    def more(self) -> int:
        return self.count - len(self.titles)


@dataclass(frozen=True)
class Digest:
    """The week of a network. meetings: those of the next two weeks; late: decisions that should have been done."""

    network: str
    since: datetime
    questions: Titles
    initiatives: Titles
    minutes: Titles
    pages: Titles
    cases: Titles
    meetings: list[Meeting]
    open_questions: int
    late: int

    @property
    def is_something(self) -> bool:
        """Whether anything happened, or is about to: an empty week deserves no mail."""
        kinds = (self.questions, self.initiatives, self.minutes, self.pages, self.cases)
        return any(kind.count for kind in kinds) or bool(self.meetings)


def digest() -> Digest:
    """The acting network's last seven days. Eleven statements, all over its own keys."""
    now = utc_now()
    since, day = now - WEEK, today() - WEEK
    case = DiscussionCase
    ahead = select(Meeting).where(ours(Meeting), Meeting.starts_at.between(now, now + AHEAD))
    still_open = (ours(Question), Question.closed_at.is_(None), Question.accepted_id.is_(None))
    return Digest(
        db.session.get_one(Network, tenancy.current_network_id()).name,
        since,
        _titles(Question.title, Question.id, Question.asked_at, ours(Question), Question.asked_at >= since),
        _titles(Initiative.title, Initiative.id, Initiative.added_at, ours(Initiative), Initiative.added_at >= since),
        _titles(Meeting.title, Meeting.id, Meeting.minutes_at, ours(Meeting), Meeting.minutes_at >= since),
        _titles(Page.title, Page.slug, Page.changed_at, ours(Page), Page.changed_at >= since),
        _titles(case.title, case.id, case.released_on, ours(case), case.released_on >= day),
        list(db.session.scalars(ahead.order_by(Meeting.starts_at).limit(MOST_TITLES))),
        db.session.scalar(select(func.count()).select_from(Question).where(*still_open)) or 0,
        sum(rules.is_late(decision.by_when, done=False, day=today()) for decision, _meeting in to_do()),
    )


def _titles(
    title: InstrumentedAttribute[str],
    key: InstrumentedAttribute[Any],
    at: InstrumentedAttribute[Any],
    *where: ColumnElement[bool],
) -> Titles:
    found = db.session.execute(select(title, key).where(*where).order_by(at.desc()).limit(MOST_TITLES)).all()
    count = len(found)
    if count == MOST_TITLES:
        count = db.session.scalar(select(func.count()).select_from(title.class_).where(*where)) or count
    return Titles([row[0] for row in found], count, [row[1] for row in found])


# ---------------------------------------------------------------- who gets it


def wants_mail(user_id: int | None) -> bool:
    """Whether this person gets the weekly mail of the acting network."""
    refused = select(DigestOptOut.id).where(ours(DigestOptOut), DigestOptOut.user_id == user_id)
    return db.session.scalar(refused) is None


def choose(user_id: int | None, *, wants: bool) -> None:
    """Remember whether this person wants the weekly mail; saying the same twice changes nothing."""
    with transaction() as session:
        if wants:
            session.execute(delete(DigestOptOut).where(ours(DigestOptOut), DigestOptOut.user_id == user_id))
            return
        row = {"network_id": tenancy.current_network_id(), "id": uuid7(), "user_id": user_id, "since": utc_now()}
        session.execute(
            insert(DigestOptOut).values(row).on_conflict_do_nothing(constraint="uq_exchange_digest_opt_out")
        )


def members() -> set[int]:
    """Who belongs to the acting organisation; without one, who has a role in the acting network itself, no guests."""
    tenant_id = tenancy.current().tenant_id
    if tenant_id is not None:
        return set(db.session.scalars(select(Membership.user_id).where(Membership.tenant_id == tenant_id)))
    in_network = NetworkMembership.network_id == tenancy.current_network_id()
    is_guest = NetworkMembership.role == Role.GUEST
    return set(db.session.scalars(select(NetworkMembership.user_id).where(in_network, ~is_guest)))


def receiver(user_id: int) -> User | None:
    """The person, if they still belong here and want the mail."""
    if user_id not in members() or not wants_mail(user_id):
        return None
    person: User | None = db.session.get(User, user_id)
    return person if person is not None and person.active and person.email else None
