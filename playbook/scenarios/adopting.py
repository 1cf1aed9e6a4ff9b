"""Scenarios between networks: showing one to all, taking one over as one's own, and following what they change.

Another network reads only what stands in `scenario_shared`: the newest version, never a draft, a case or a figure.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import tenancy
from app.database import db, transaction
from app.i18n import N_
from app.identifiers import uuid7
from app.security.models import Network, utc_now
from playbook.handbook.service import ours
from playbook.scenarios import rules, service
from playbook.scenarios.models import Scenario, ScenarioAdoption, SharedScenario
from playbook.scenarios.rules import Difference, definition_of
from playbook.scenarios.service import NoSuchScenarioError, ScenarioError

LISTED_AT_MOST = 50  # of all networks together: the coordinators of Flanders know each other


@dataclass(frozen=True)
class Adopted:
    """Where a scenario comes from. source: theirs as it is now, none when they show it no more."""

    adoption: ScenarioAdoption
    network: Network
    source: SharedScenario | None

    @property
    def has_news(self) -> bool:
        """Whether they published another version since it was taken over or last looked at."""
        return self.source is not None and self.source.number != self.adoption.number


@dataclass(frozen=True)
class Differences:
    """theirs_since: what they changed since; between: our draft against theirs."""

    theirs_since: Difference
    between: Difference


# ---------------------------------------------------------------- showing one's own


def share(slug: str, wanted: bool, seen: int) -> None:
    """Let all networks read the newest version from now on, or no longer. Raises as service.withdraw."""
    with transaction() as session:
        scenario = service.held(session, slug, seen)
        if wanted and (not scenario.latest or scenario.withdrawn_at is not None):
            raise ScenarioError([("", N_("Other networks can only read a scenario that cases can follow."))])
        if scenario.latest:
            show(session, scenario, is_for_all=wanted)


def show(session: Session, scenario: Scenario, *, is_for_all: bool) -> None:
    """Put the newest version where other networks read it."""
    values = {
        "slug": scenario.slug,
        "title": scenario.title,
        "number": scenario.latest,
        "body": service.version(scenario, scenario.latest).body,
        "published_to_all": is_for_all,
        "at": utc_now(),
    }
    key = {"id": uuid7(), "network_id": scenario.network_id, "scenario_id": scenario.id}
    session.execute(
        insert(SharedScenario)
        .values(**key, **values)
        .on_conflict_do_update(constraint="uq_scenario_shared", set_=values)
    )


def is_shown(scenario: Scenario) -> bool:
    """Whether all networks may read it."""
    query = select(SharedScenario.published_to_all)
    return db.session.scalar(query.where(ours(SharedScenario), SharedScenario.scenario_id == scenario.id)) or False


# ---------------------------------------------------------------- reading theirs


def elsewhere() -> list[tuple[Network, SharedScenario]]:
    """What other networks show to all, by network."""
    query = (
        select(Network, SharedScenario)
        .join(SharedScenario, SharedScenario.network_id == Network.id)
        .where(SharedScenario.network_id != tenancy.current_network_id(), SharedScenario.published_to_all)
        .order_by(Network.name, SharedScenario.title)
        .limit(LISTED_AT_MOST)
    )
    return [(network, shared) for network, shared in db.session.execute(query)]


def of_network(network_slug: str, slug: str) -> tuple[Network, SharedScenario]:
    """A scenario that another network shows to all; raises NoSuchScenarioError."""
    query = (
        select(Network, SharedScenario)
        .join(SharedScenario, SharedScenario.network_id == Network.id)
        .where(Network.slug == network_slug, SharedScenario.slug == slug, SharedScenario.published_to_all)
        .where(SharedScenario.network_id != tenancy.current_network_id())
    )
    found = db.session.execute(query).one_or_none()
    if found is None:
        raise NoSuchScenarioError(slug)
    return found.Network, found.SharedScenario


def own_of(source: SharedScenario) -> Scenario | None:
    """The scenario that this network made of theirs, if it did."""
    query = (
        select(Scenario)
        .join(ScenarioAdoption, ScenarioAdoption.scenario_id == Scenario.id)
        .where(ours(Scenario), ours(ScenarioAdoption), ScenarioAdoption.source_scenario_id == source.scenario_id)
    )
    found: Scenario | None = db.session.scalar(query)
    return found


def of(scenario: Scenario) -> Adopted | None:
    """Where a scenario of the network comes from; none when it was written here."""
    query = (
        select(ScenarioAdoption, Network)
        .join(Network, Network.id == ScenarioAdoption.source_network_id)
        .where(ours(ScenarioAdoption), ScenarioAdoption.scenario_id == scenario.id)
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        return None
    adoption, network = row
    theirs = select(SharedScenario).where(
        SharedScenario.network_id == adoption.source_network_id,
        SharedScenario.scenario_id == adoption.source_scenario_id,
        SharedScenario.published_to_all,
    )
    return Adopted(adoption, network, db.session.scalar(theirs))


def difference(scenario: Scenario, adopted: Adopted) -> Differences:
    """What differs; empty when they show it no more."""
    if adopted.source is None:
        return Differences(Difference(), Difference())
    then, now = definition_of(adopted.adoption.body), definition_of(adopted.source.body)
    return Differences(rules.compared(then, now), rules.compared(now, definition_of(scenario.draft)))


# ---------------------------------------------------------------- taking over


def adopt(network_slug: str, slug: str) -> Scenario:
    """Make theirs an own one, as a draft to make it fit; a second time gives the scenario that is there.

    Raises NoSuchScenarioError when they do not show it to all.
    """
    with transaction() as session:
        # Two editors at once take it over once.
        session.scalar(select(Network.id).where(Network.id == tenancy.current_network_id()).with_for_update())
        network, source = of_network(network_slug, slug)
        known = own_of(source)
        if known is not None:
            return known
        scenario = service.create(definition_of(source.body))
        session.flush()
        session.add(
            ScenarioAdoption(
                scenario_id=scenario.id,
                source_network_id=network.id,
                source_scenario_id=source.scenario_id,
                source_slug=source.slug,
                number=source.number,
                body=source.body,
            )
        )
    return scenario


def bring_in(slug: str, number: int, seen: int) -> None:
    """Put what they changed since into the own draft, step by step; what was changed here stays.

    number: of their version as the reader saw it. Raises NoSuchScenarioError, ChangedMeanwhileError; ScenarioError
    when they published another meanwhile, or when both changed the same step.
    """
    with transaction() as session:
        scenario = service.held(session, slug, seen)
        adoption, source = _seen(scenario, number)
        own, theirs = definition_of(scenario.draft), definition_of(source.body)
        merged = rules.merged(definition_of(adoption.body), theirs, own)
        if merged is None:
            raise ScenarioError(
                [("", N_("You and they changed the same thing. Put it together in the draft, then mark it as seen."))]
            )
        if merged != own:
            service.keep(scenario, merged)
        _look(adoption, source)


def mark_seen(slug: str, number: int) -> None:
    """Say that their changes were looked at, and leave the own text. Raises as bring_in."""
    with transaction():
        adoption, source = _seen(service.by_slug(slug), number)
        _look(adoption, source)


def _seen(scenario: Scenario, number: int) -> tuple[ScenarioAdoption, SharedScenario]:
    adopted = of(scenario)
    if adopted is None or adopted.source is None:
        raise NoSuchScenarioError(scenario.slug)
    if adopted.source.number != number:
        raise ScenarioError([("", N_("They published another version meanwhile. Look at the difference once more."))])
    return adopted.adoption, adopted.source


def _look(adoption: ScenarioAdoption, source: SharedScenario) -> None:
    adoption.number, adoption.body, adoption.at = source.number, source.body, utc_now()
