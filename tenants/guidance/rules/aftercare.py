"""The questions after a case was closed: when they are asked, and which answers fit together."""

from dataclasses import dataclass
from datetime import date

from app.calendar.rules import next_working_day
from app.i18n import N_
from tenants.cases.codes import HousingOutcome
from tenants.guidance.codes import ContactAfter, StillThere
from tenants.money.rules import months_later

AFTER = (3, 6, 12)  # months after closing (issue 'Case work', point 11)


@dataclass(frozen=True)
class Planned:
    """Ask on `due_on`, the first working day from so many months after the closing."""

    months: int
    due_on: date


def plan(closed_on: date, today: date) -> tuple[Planned, ...]:
    """The moments still to come: what would have been asked before today is not asked any more."""
    moments = []
    for months in AFTER:
        due = next_working_day(months_later(closed_on, months))
        if due >= today:
            moments.append(Planned(months, due))
    return tuple(moments)


@dataclass(frozen=True)
class Answer:
    """housing: where they live now, when they moved and it is known."""

    contact: ContactAfter
    still_there: StillThere
    housing: HousingOutcome | None = None
    note: str = ""


def problems(answer: Answer) -> dict[str, str]:
    """What is wrong per field (msgids): who reached nobody knows nothing, who moved lives somewhere."""
    found = {}
    silent = answer.contact in (ContactAfter.NONE, ContactAfter.UNWANTED)
    if silent and answer.still_there is not StillThere.UNKNOWN:
        found["still_there"] = N_("How do you know? Choose through whom, or choose that you don't know.")
    if answer.still_there is StillThere.NO and answer.housing is None:
        found["housing"] = N_("Choose where they live now; 'not known' is an answer too.")
    if answer.housing is HousingOutcome.STAYED and answer.still_there is StillThere.NO:
        found["housing"] = N_("They moved, so they can't have stayed in the dwelling.")
    return found
