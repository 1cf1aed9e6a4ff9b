"""Who of the waiting list comes first, and why. Pure.

Source: Thibault Jonckheere (OCMW Brugge, Team Wonen) in 'Hoe voorkomen OCMW's uithuiszettingen?', on the conditions of
an FBU guidance agreement: 'Aanvaarden woonbegeleiding ... Voorrang wachtlijst'. Who gets FBU therefore goes first
(FBU Sociaal, Brugge's own procedure, is not named there and does not). The two further steps, the day on which the
home is threatened and then the time that was waited, are the team's own agreement.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tenants.guidance.codes import ProcedureKind
from tenants.petitions.codes import DeadlineKind


class ThreatKind(StrEnum):
    """What threatens the home."""

    PLANNED = "planned"  # the bailiff set a day
    POSSIBLE = "possible"  # an eviction may be carried out from this day on
    HEARING = "hearing"  # the justice of the peace may decide on this day


@dataclass(frozen=True)
class Threat:
    """The day on which the home is threatened. An eviction that is possible already counts from today."""

    kind: ThreatKind
    on: date


@dataclass(frozen=True)
class Waiting:
    """A household on the list. since: the day from which it waits."""

    id: uuid.UUID
    guidance: ProcedureKind
    since: date
    threat: Threat | None = None


class Criterion(StrEnum):
    """What puts one household before another."""

    FBU = "fbu"
    THREAT = "threat"
    WAITED = "waited"
    ARRIVAL = "arrival"  # all equal: who was put on the list first


def threat(days: Mapping[DeadlineKind, date], today: date) -> Threat | None:
    """The threatening day of a case out of its running deadlines; None when nothing threatens yet.

    A planned eviction says more than the earliest possible one, and that more than a hearing; what is over and did
    not happen threatens no more, but an eviction that became possible goes on threatening.
    """
    planned = days.get(DeadlineKind.PLANNED_EVICTION)
    if planned is not None and planned >= today:
        return Threat(ThreatKind.PLANNED, planned)
    possible = days.get(DeadlineKind.EARLIEST_AFTER_NOTICE) or days.get(DeadlineKind.EARLIEST_EVICTION)
    if possible is not None:
        return Threat(ThreatKind.POSSIBLE, max(possible, today))
    hearing = days.get(DeadlineKind.HEARING)
    if hearing is not None and hearing >= today:
        return Threat(ThreatKind.HEARING, hearing)
    return None


def _key(place: Waiting) -> tuple[bool, date, date, uuid.UUID]:
    threatened_on = place.threat.on if place.threat else date.max
    return place.guidance is not ProcedureKind.FBU, threatened_on, place.since, place.id


def in_order(places: Sequence[Waiting]) -> list[Waiting]:
    """FBU first; then by threatening day (who has none comes after who has), then who waits longest."""
    return sorted(places, key=_key)


def decisive(place: Waiting, next_one: Waiting) -> Criterion:
    """Why `place` comes before `next_one`, which it must."""
    mine, theirs = _key(place), _key(next_one)
    if mine > theirs:
        raise ValueError("the first of the two comes after the second")
    for criterion, own, other in zip(Criterion, mine, theirs, strict=True):
        if own != other:
            return criterion
    return Criterion.ARRIVAL


def days_waited(since: date, today: date) -> int:
    """Whole days on the list; a day that is still to come counts as none."""
    return max(0, (today - since).days)
