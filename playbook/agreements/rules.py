"""What an agreement may share, and where it stands on a day. Pure."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum

from app.i18n import N_


class Part(StrEnum):
    """What of a case can be shared. guidance is the base: name and address, procedure, deadlines, attempts, notes,
    tasks. The national register number is in none of them: two services talk about a household without it."""

    GUIDANCE = "guidance"
    HOUSEHOLD = "household"
    DWELLING = "dwelling"
    DOCUMENTS = "documents"
    REPAYMENT = "repayment"


LABELS = {
    Part.GUIDANCE: N_("The guidance: procedure, deadlines, attempts, notes and tasks"),
    Part.HOUSEHOLD: N_("The household: persons, birth dates, phone, e-mail and income"),
    Part.DWELLING: N_("The dwelling: rent, lease and landlord"),
    Part.DOCUMENTS: N_("The documents and files of the case"),
    Part.REPAYMENT: N_("The repayment: the plan, what came in and what stays out"),
}
SHORT = {
    Part.GUIDANCE: N_("guidance"),
    Part.HOUSEHOLD: N_("household"),
    Part.DWELLING: N_("dwelling"),
    Part.DOCUMENTS: N_("documents"),
    Part.REPAYMENT: N_("repayment"),
}
CHOSEN = (Part.HOUSEHOLD, Part.DWELLING, Part.DOCUMENTS, Part.REPAYMENT)  # the base goes without saying


class State(StrEnum):
    """Where an agreement stands on a day: `to_come` and `over` follow from its days."""

    DRAFT = "draft"
    TO_COME = "to_come"
    IN_FORCE = "in_force"
    OVER = "over"
    ENDED = "ended"


STATES = {
    State.DRAFT: N_("draft"),
    State.TO_COME: N_("starts later"),
    State.IN_FORCE: N_("in force"),
    State.OVER: N_("expired"),
    State.ENDED: N_("ended"),
}


def state_on(state: str, starts_on: date, ends_on: date | None, day: date) -> State:
    """The state on `day` of an agreement that is stored as 'draft', 'in_force' or 'ended'; both days count."""
    if state != State.IN_FORCE:
        return State(state)
    if day < starts_on:
        return State.TO_COME
    return State.OVER if ends_on is not None and ends_on < day else State.IN_FORCE


def problems_of(
    title: str, parties: Collection[object], starts_on: date | None, ends_on: date | None, known: Collection[object]
) -> list[tuple[str, str]]:
    """(field, msgid) for everything that is wrong with a draft. `known`: the organisations of the network."""
    found = []
    if not title:
        found.append(("title", N_("Give the agreement a name.")))
    if len(set(parties)) < 2:
        found.append(("parties", N_("Choose at least two organisations: an agreement has two sides.")))
    elif set(parties) - set(known):
        found.append(("parties", N_("Choose organisations of your network.")))
    if starts_on is None:
        found.append(("starts_on", N_("Fill in from when the agreement holds.")))
    elif ends_on is not None and ends_on < starts_on:
        found.append(("ends_on", N_("The agreement ends before it starts. Check both days.")))
    return found
