"""Initiatives elsewhere, as cards with tags: the coordinator keeps them, everybody reads."""

import uuid
from dataclasses import dataclass

from sqlalchemy import func, or_, select, true

from app import tenancy
from app.database import db, transaction
from app.security.models import utc_now
from playbook.exchange import rules
from playbook.exchange.errors import NotThereError, RefusedError
from playbook.exchange.models import Initiative
from playbook.handbook.service import ours

PAGE_SIZE = 24


@dataclass(frozen=True)
class NewInitiative:
    """What an initiative says; see models.Initiative. tags: a line with commas."""

    title: str
    summary: str
    place: str = ""
    learned: str = ""
    url: str = ""
    tags: str = ""


def listed(words: str = "", tag: str = "", page: int = 1) -> tuple[list[Initiative], int]:
    """One page (from 1) of the initiatives, by title, and how many there are in all. Two statements."""
    query = select(Initiative).where(ours(Initiative))
    if tag:
        query = query.where(Initiative.tags.contains([tag]))
    for word in words.split()[:8]:
        texts = (Initiative.title, Initiative.place, Initiative.summary, Initiative.learned)
        query = query.where(or_(*(text.icontains(word, autoescape=True) for text in texts)))
    count = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    shown = query.order_by(func.lower(Initiative.title), Initiative.id).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    return list(db.session.scalars(shown)), count


def tags() -> list[tuple[str, int]]:
    """Every tag with how many initiatives bear it, by name."""
    tag = func.jsonb_array_elements_text(Initiative.tags).table_valued("value", name="tag")
    query = select(tag.c.value, func.count()).select_from(Initiative).join(tag, true()).where(ours(Initiative))
    found = db.session.execute(query.group_by(tag.c.value).order_by(tag.c.value))
    return [(name, count) for name, count in found]


def one(initiative_id: uuid.UUID) -> Initiative:
    """An initiative of the network; raises NotThereError."""
    found: Initiative | None = db.session.scalar(
        select(Initiative).where(ours(Initiative), Initiative.id == initiative_id)
    )
    if found is None:
        raise NotThereError(str(initiative_id))
    return found


def save(initiative_id: uuid.UUID | None, new: NewInitiative) -> Initiative:
    """A new initiative, or another text of one. Raises NotThereError and RefusedError."""
    with transaction() as session:
        initiative = one(initiative_id) if initiative_id else Initiative(network_id=tenancy.current_network_id())
        given = rules.tags_of(new.tags)
        problems = rules.initiative_problems(new.title, new.summary, new.url, given)
        if problems:
            raise RefusedError(problems)
        initiative.title, initiative.place, initiative.url = new.title, new.place, new.url
        initiative.summary, initiative.learned, initiative.tags = new.summary, new.learned, given
        initiative.changed_at = utc_now()
        session.add(initiative)
    return initiative


def remove(initiative_id: uuid.UUID) -> None:
    """Take an initiative off the list. Raises NotThereError."""
    with transaction() as session:
        session.delete(one(initiative_id))
