"""Cases of the demo that were told for the network: released and discussed, and some that wait for a reader."""

import tomllib
import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.database import db, transaction
from app.demo import DemoRegion
from playbook.handbook import service as handbook
from playbook.handbook.markdown import render
from playbook.intervision import service as network
from playbook.intervision.models import DiscussionCase
from tenants.cases.codes import CaseState
from tenants.cases.models import Case, Household
from tenants.intervision import entities, rules, service
from tenants.intervision.codes import Section
from tenants.intervision.models import DiscussionDraft

TOLD = Path(__file__).parent / "told.toml"
TRIED = 12  # closed cases to look at before a story is left out: nearly every one will do
Story = Mapping[str, Any]


def load(demo: DemoRegion) -> None:
    """Tell the stories of organisations that told none yet."""
    stories: list[Story] = tomllib.loads(TOLD.read_text(encoding="utf-8"))["story"]
    for slug in dict.fromkeys(story["organisation"] for story in stories):
        own = [story for story in stories if story["organisation"] == slug]
        if slug not in demo.tenants or not {own[0]["author"], own[0]["reader"]} <= set(demo.users):
            continue
        with demo.acting(own[0]["author"]):
            if db.session.scalar(select(DiscussionDraft.id).limit(1)) is not None:
                continue
            told = [(story, _tell(demo, story)) for story in own]
        for story, draft in told:
            if draft is not None and "days" in story:
                _release(demo, story, *draft)


def _tell(demo: DemoRegion, story: Story) -> tuple[uuid.UUID, int] | None:
    """Write it about a closed case that fits and of which it tells nothing; (the draft, its revision)."""
    texts = {section: story["texts"][section.value] for section in Section}
    case_id = _fitting(story, texts, demo.today - timedelta(days=story.get("days", 0) + 2))
    if case_id is None:
        return None
    draft = service.save(case_id, texts, story.get("left_out", ()), 0)
    service.hand_in(case_id, (), draft.revision)
    return draft.id, draft.revision


def _fitting(story: Story, texts: Mapping[Section, str], closed_by: date) -> uuid.UUID | None:
    query = (
        select(Case)
        .join(Household, Household.case_id == Case.id)
        .where(Household.composition == story["household"])
        .where(Case.state == CaseState.CLOSED, Case.closed_on <= closed_by, Case.eviction_outcome == story["eviction"])
        .where(Case.housing_outcome == story["housing"], Case.id.not_in(select(DiscussionDraft.case_id)))
        .options(joinedload(Case.household), joinedload(Case.dwelling))
        .order_by(Case.closed_on.desc(), Case.id)
    )
    for case in db.session.scalars(query.limit(TRIED)):
        words = entities.words_of(db.session(), case, case.assigned_to)
        if not rules.find(texts, words, entities.places()):
            return case.id
    return None


def _release(demo: DemoRegion, story: Story, draft_id: uuid.UUID, revision: int) -> None:
    with demo.acting(story["reader"]), transaction() as session:
        shared_id = service.release(draft_id, revision)
        draft, at = session.get_one(DiscussionDraft, draft_id), _at(demo, story["days"])
        session.get_one(DiscussionCase, shared_id).released_on = at.date()
        draft.released_at, draft.changed_at, draft.handed_in_at = at, at, at - timedelta(days=1)
    for said in story.get("said", ()):
        if said["who"] in demo.users:
            with demo.acting(said["who"]), transaction():
                row = network.say(shared_id, said["text"], unnamed=said.get("unnamed", False))
                row.at = _at(demo, said["days"])
    if "change" in story and story["change"]["who"] in demo.users:
        _propose(demo, story["change"], shared_id)


def _propose(demo: DemoRegion, change: Story, shared_id: uuid.UUID) -> None:
    with demo.acting(change["who"]):
        page = handbook.page_by_slug(change["page"])
        block = next((each for each in render(page.body).blocks if each.source.startswith(change["after"])), None)
        if block is not None:
            text = f"{block.source}\n\n{change['add']}"
            with transaction():
                row = network.propose(
                    shared_id, page, block.number, seen=page.version, text=change["why"], proposal=text
                )
                row.at = _at(demo, change["days"])


def _at(demo: DemoRegion, ago: int) -> datetime:
    return datetime.combine(demo.today - timedelta(days=ago), time(13), UTC)
