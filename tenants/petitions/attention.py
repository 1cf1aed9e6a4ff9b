"""What matters now in a procedure: at most one thing, the most pressing one. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tenants.petitions.codes import DeadlineKind
from tenants.petitions.events import ProcedureEvents
from tenants.petitions.law import Deadline

# Two weeks: what it takes to find another dwelling or shelter, or to reach an agreement with the landlord.
EVICTION_NEAR = timedelta(days=14)
HEARING_NEAR = timedelta(days=7)  # a week ahead one still plans a visit
FIRST_DAYS = frozenset({DeadlineKind.EARLIEST_EVICTION, DeadlineKind.EARLIEST_AFTER_NOTICE})


class Matter(StrEnum):
    """What it is, from the most pressing down."""

    EVICTION_PLANNED = "eviction_planned"
    EVICTION_POSSIBLE = "eviction_possible"
    HEARING_UNRECORDED = "hearing_unrecorded"
    HEARING_NOT_REACHED = "hearing_not_reached"
    CONTACT_LATE = "contact_late"
    HEARING_SOON = "hearing_soon"


@dataclass(frozen=True)
class Attention:
    """What matters, and the day it is about."""

    matter: Matter
    day: date


def what_matters(events: ProcedureEvents, running: Iterable[Deadline], today: date) -> Attention | None:
    """The most pressing thing, None when nothing presses."""
    due = {deadline.kind: deadline.due_on for deadline in running}
    hearing = events.hearing_to_come
    day = hearing.date() if hearing else None
    planned = due.get(DeadlineKind.PLANNED_EVICTION)
    possible = next((due[kind] for kind in due if kind in FIRST_DAYS), None)
    contact = due.get(DeadlineKind.FIRST_CONTACT)
    if planned and planned >= today:
        return Attention(Matter.EVICTION_PLANNED, planned)
    if possible and today <= possible <= today + EVICTION_NEAR and not events.needs_breach:
        return Attention(Matter.EVICTION_POSSIBLE, possible)
    if day and day < today:
        return Attention(Matter.HEARING_UNRECORDED, day)
    if day and not events.first_contact_on:
        return Attention(Matter.HEARING_NOT_REACHED, day)
    if contact and contact < today:
        return Attention(Matter.CONTACT_LATE, contact)
    if day and day <= today + HEARING_NEAR:
        return Attention(Matter.HEARING_SOON, day)
    return None
