"""The scenarios of the network in which somebody acts: writing the draft, laying it before others, publishing."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from app import tenancy
from app.database import db, read_once, transaction
from app.i18n import N_
from app.identifiers import uuid7
from app.security.models import utc_now
from playbook.handbook.rules import slug_of
from playbook.scenarios import rules
from playbook.scenarios.models import Scenario, ScenarioVersion, SharedScenario
from playbook.scenarios.rules import Definition, Step


class State(StrEnum):
    """Of the draft: being written, laid before everybody in the network, or equal to the newest version."""

    DRAFT = "draft"
    REVIEW = "review"
    PUBLISHED = "published"


STATES = {State.DRAFT: N_("Draft"), State.REVIEW: N_("In review"), State.PUBLISHED: N_("Published")}


class NoSuchScenarioError(Exception):
    """There is no such scenario, version or step in the network."""


class ChangedMeanwhileError(Exception):
    """Somebody else changed the draft after this person opened it."""


class ScenarioError(Exception):
    """Something can't be kept as asked; `problems` are pairs (field, msgid), an empty field the whole."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(message for _field, message in problems))
        self.problems = problems


@dataclass(frozen=True)
class Published:
    """A version as cases follow it. withdrawn_at, withdrawn_why: of its scenario, which no new case may start then."""

    scenario_id: uuid.UUID
    network_id: uuid.UUID
    slug: str
    number: int
    definition: Definition
    withdrawn_at: datetime | None = None
    withdrawn_why: str = ""


def scenarios() -> Sequence[Scenario]:
    """All scenarios of the network, by title."""
    query = select(Scenario).where(Scenario.network_id == tenancy.current_network_id()).order_by(Scenario.title)
    return db.session.scalars(query).all()


def by_slug(slug: str) -> Scenario:
    """The scenario of this address; raises NoSuchScenarioError."""
    query = select(Scenario).where(Scenario.network_id == tenancy.current_network_id(), Scenario.slug == slug)
    found: Scenario | None = db.session.scalar(query)
    if found is None:
        raise NoSuchScenarioError(slug)
    return found


@read_once
def known() -> list[Published]:
    """The newest version of every scenario that has one, by title, also of those that were withdrawn."""
    if not tenancy.current().network_id:
        return []
    newest = (ScenarioVersion.scenario_id == Scenario.id) & (ScenarioVersion.number == Scenario.latest)
    query = select(Scenario, ScenarioVersion).join(ScenarioVersion, newest)
    query = query.where(Scenario.network_id == tenancy.current_network_id()).order_by(Scenario.title)
    return [_as_published(*row) for row in db.session.execute(query)]


def published() -> list[Published]:
    """What a case may begin to follow: `known` without what was withdrawn."""
    return [each for each in known() if each.withdrawn_at is None]


def published_under(slugs: Sequence[str]) -> list[Published]:
    """The newest version of the scenarios at these addresses; column by column, since guests read these alone."""
    newest = (ScenarioVersion.scenario_id == Scenario.id) & (ScenarioVersion.number == Scenario.latest)
    query = (
        select(Scenario.id, Scenario.network_id, Scenario.slug, Scenario.withdrawn_at)
        .add_columns(ScenarioVersion.number, ScenarioVersion.body)
        .join(ScenarioVersion, newest & (ScenarioVersion.network_id == Scenario.network_id))
        .where(Scenario.network_id == tenancy.current().network_id, Scenario.slug.in_(slugs))
    )
    return [
        Published(row.id, row.network_id, row.slug, row.number, rules.definition_of(row.body), row.withdrawn_at)
        for row in db.session.execute(query)
    ]


def newest(scenario_id: uuid.UUID) -> Published:
    """The newest version of a scenario, also of one that was withdrawn; raises NoSuchScenarioError."""
    found = next((each for each in known() if each.scenario_id == scenario_id), None)
    if found is None:
        raise NoSuchScenarioError(str(scenario_id))
    return found


def to_start(scenario_id: uuid.UUID) -> Published:
    """The newest version, for a case that begins to follow it; until the end of the transaction nobody withdraws it.

    Raises NoSuchScenarioError, also when it was withdrawn.
    """
    query = select(Scenario.withdrawn_at).where(
        Scenario.network_id == tenancy.current_network_id(), Scenario.id == scenario_id
    )
    if db.session.scalar(query.with_for_update(read=True)) is not None:
        raise NoSuchScenarioError(str(scenario_id))
    return newest(scenario_id)


def version(scenario: Scenario, number: int) -> ScenarioVersion:
    """One version; raises NoSuchScenarioError."""
    query = select(ScenarioVersion).where(ScenarioVersion.scenario_id == scenario.id, ScenarioVersion.number == number)
    found: ScenarioVersion | None = db.session.scalar(query)
    if found is None:
        raise NoSuchScenarioError(f"{scenario.slug} {number}")
    return found


def versions(scenario: Scenario) -> Sequence[ScenarioVersion]:
    """All versions, the newest first."""
    query = select(ScenarioVersion).where(ScenarioVersion.scenario_id == scenario.id)
    return db.session.scalars(query.order_by(ScenarioVersion.number.desc())).all()


def _as_published(scenario: Scenario, row: ScenarioVersion) -> Published:
    return Published(
        scenario.id,
        scenario.network_id,
        scenario.slug,
        row.number,
        rules.definition_of(row.body),
        scenario.withdrawn_at,
        scenario.withdrawn_why,
    )


# ---------------------------------------------------------------- writing


def create(text: Definition) -> Scenario:
    """A new scenario, as a draft. Raises ScenarioError."""
    _refuse(rules.problems_of_text(text))
    with transaction() as session:
        taken = session.scalars(select(Scenario.slug).where(Scenario.network_id == tenancy.current_network_id()))
        scenario = Scenario(
            id=uuid7(),
            slug=slug_of(text.title, [*taken, "nieuw", "van"]),
            title=text.title,
            draft=text.as_json(),
            changed_by=tenancy.current().user_id,
        )
        session.add(scenario)
    return scenario


def save_text(slug: str, text: Definition, seen: int) -> None:
    """Change title, summary and trigger of the draft; its steps stay. Raises ScenarioError, ChangedMeanwhileError."""
    _refuse(rules.problems_of_text(text))
    with transaction() as session:
        scenario = held(session, slug, seen)
        keep(scenario, replace(text, steps=rules.definition_of(scenario.draft).steps))


def save_step(slug: str, step: Step, seen: int) -> None:
    """Put a step in the draft: over the one with its key, or (an empty key) as a new one at the end.

    Raises ScenarioError, ChangedMeanwhileError, NoSuchScenarioError.
    """
    _refuse(rules.problems_of(step))
    with transaction() as session:
        scenario = held(session, slug, seen)
        draft = rules.definition_of(scenario.draft)
        if not step.key:
            if len(draft.steps) >= rules.MOST_STEPS:
                raise ScenarioError([("", N_("A scenario has at most 30 steps. Split it into two scenarios."))])
            step = rules.renamed(step, uuid7().hex)
        elif all(each.key != step.key for each in draft.steps):
            raise NoSuchScenarioError(step.key)
        keep(scenario, replace(draft, steps=rules.with_step(draft.steps, step)))


def move_step(slug: str, key: str, by: int, seen: int) -> None:
    """Move a step of the draft `by` places. Raises ChangedMeanwhileError, NoSuchScenarioError."""
    with transaction() as session:
        scenario = held(session, slug, seen)
        draft = _with(scenario, key)
        keep(scenario, replace(draft, steps=rules.moved(draft.steps, key, by)))


def remove_step(slug: str, key: str, seen: int) -> None:
    """Take a step out of the draft. Raises ChangedMeanwhileError, NoSuchScenarioError."""
    with transaction() as session:
        scenario = held(session, slug, seen)
        draft = _with(scenario, key)
        keep(scenario, replace(draft, steps=tuple(step for step in draft.steps if step.key != key)))


def ask_review(slug: str, seen: int) -> None:
    """Lay the draft before everybody in the network. Raises ScenarioError, ChangedMeanwhileError."""
    with transaction() as session:
        scenario = held(session, slug, seen)
        _refuse_publishing(session, scenario)
        keep(scenario, rules.definition_of(scenario.draft), State.REVIEW)


def publish(slug: str, comment: str, seen: int) -> int:
    """Make the draft the next version, from now on offered to cases; its number.

    Raises ScenarioError, ChangedMeanwhileError, NoSuchScenarioError.
    """
    with transaction() as session:
        scenario = held(session, slug, seen)
        _refuse_publishing(session, scenario)
        definition = rules.definition_of(scenario.draft)
        scenario.latest += 1
        session.add(
            ScenarioVersion(
                id=uuid7(),
                scenario_id=scenario.id,
                number=scenario.latest,
                body=definition.as_json(),
                comment=comment.strip()[:300],
                by=tenancy.current().user_id,
            )
        )
        scenario.title = definition.title
        keep(scenario, definition, State.PUBLISHED)
        session.flush()
        _renew_shown(session, scenario)
    return scenario.latest


def withdraw(slug: str, why: str, seen: int) -> None:
    """Let no new case start it any more; those that follow it keep their version and say that it was withdrawn.

    Raises ScenarioError, ChangedMeanwhileError, NoSuchScenarioError.
    """
    with transaction() as session:
        scenario = held(session, slug, seen)
        reason = " ".join(why.split())[:300]
        if not scenario.latest or scenario.withdrawn_at is not None:
            raise ScenarioError([("", N_("Only a scenario that cases can follow is withdrawn."))])
        if not reason:
            raise ScenarioError([("why", N_("Say why, for those whose cases follow it."))])
        scenario.withdrawn_at, scenario.withdrawn_why = utc_now(), reason
        scenario.withdrawn_by = tenancy.current().user_id
        scenario.draft_version += 1
        session.execute(update(SharedScenario).where(_shown(scenario)).values(published_to_all=False))


def bring_back(slug: str, seen: int) -> None:
    """Let cases start it again; twice the same is no error. Raises ChangedMeanwhileError, NoSuchScenarioError."""
    with transaction() as session:
        scenario = held(session, slug, seen)
        scenario.withdrawn_at = scenario.withdrawn_by = None
        scenario.withdrawn_why = ""
        scenario.draft_version += 1


def _shown(scenario: Scenario) -> ColumnElement[bool]:
    return (SharedScenario.network_id == scenario.network_id) & (SharedScenario.scenario_id == scenario.id)


def _renew_shown(session: Session, scenario: Scenario) -> None:
    """What all networks read of it, if they do, is the newest version."""
    body = version(scenario, scenario.latest).body
    values = {"number": scenario.latest, "title": scenario.title, "body": body, "at": utc_now()}
    session.execute(update(SharedScenario).where(_shown(scenario)).values(**values))


def _refuse(problems: list[tuple[str, str]]) -> None:
    if problems:
        raise ScenarioError(problems)


def _refuse_publishing(session: Session, scenario: Scenario) -> None:
    if scenario.withdrawn_at is not None:
        raise ScenarioError([("", N_("This scenario is withdrawn. Bring it back first."))])
    last = rules.definition_of(version(scenario, scenario.latest).body) if scenario.latest else None
    problem = rules.problems_of_publishing(rules.definition_of(scenario.draft), last)
    if problem:
        raise ScenarioError([("", problem)])


def held(session: Session, slug: str, seen: int) -> Scenario:
    """The scenario, held until the end of the transaction. Raises ChangedMeanwhileError, NoSuchScenarioError."""
    query = select(Scenario).where(Scenario.network_id == tenancy.current_network_id(), Scenario.slug == slug)
    found: Scenario | None = session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise NoSuchScenarioError(slug)
    if found.draft_version != seen:
        raise ChangedMeanwhileError
    return found


def _with(scenario: Scenario, key: str) -> Definition:
    draft = rules.definition_of(scenario.draft)
    if all(step.key != key for step in draft.steps):
        raise NoSuchScenarioError(key)
    return draft


def keep(scenario: Scenario, draft: Definition, state: State = State.DRAFT) -> None:
    """Make `draft` the scenario's draft."""
    scenario.draft = draft.as_json()
    scenario.draft_version += 1
    scenario.state = state
    scenario.changed_at, scenario.changed_by = utc_now(), tenancy.current().user_id
    if not scenario.latest:
        scenario.title = draft.title
