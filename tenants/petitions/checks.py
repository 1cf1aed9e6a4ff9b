"""Whether the days of a procedure can be right, before they are kept. Pure.

Each check answers a field and a sentence; all that is wrong comes at once.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from app.i18n import N_
from tenants.cases.codes import JudgmentKind

# The oldest procedure that anybody still follows, and how far ahead a court or a bailiff plans.
FIRST_YEAR = 2000
YEARS_AHEAD = 2


@dataclass(frozen=True)
class Wrong:
    """What is wrong with a field: an English msgid with its parameters (days are dates).

    `other` is the field it doesn't agree with, if it is that.
    """

    field: str
    msgid: str
    params: dict[str, date | int]
    other: str | None = None


@dataclass(frozen=True)
class Course:
    """The days of one petition. hearing_on: its first hearing; pronounced_on: of the judgment that ends it."""

    registered_on: date | None = None
    received_on: date | None = None
    served_on: date | None = None
    hearing_on: date | None = None
    pronounced_on: date | None = None
    judgment_kind: JudgmentKind | None = None
    judgment_served_on: date | None = None
    notice_on: date | None = None
    planned_on: date | None = None
    carried_out_on: date | None = None


# (the later day, the earlier one, what is wrong when they are the other way round)
_ORDER: tuple[tuple[str, str, str], ...] = (
    (
        "received_on",
        "registered_on",
        N_("The copy can't have come in on %(day)s: the petition was registered on %(other)s."),
    ),
    (
        "received_on",
        "served_on",
        N_("The copy can't have come in on %(day)s: the writ was served on %(other)s."),
    ),
    (
        "hearing_on",
        "received_on",
        N_("The hearing can't be on %(day)s: the copy came in on %(other)s. Check both days."),
    ),
    (
        "hearing_on",
        "registered_on",
        N_("The hearing can't be on %(day)s: the petition was registered on %(other)s."),
    ),
    (
        "pronounced_on",
        "hearing_on",
        N_("The judgment can't be of %(day)s: the first hearing is on %(other)s."),
    ),
    (
        "judgment_served_on",
        "pronounced_on",
        N_("The judgment can't have been served on %(day)s: it was given on %(other)s."),
    ),
    (
        "notice_on",
        "judgment_served_on",
        N_("The bailiff can't have given notice on %(day)s: the judgment was served on %(other)s."),
    ),
    (
        "planned_on",
        "notice_on",
        N_("The eviction can't be planned for %(day)s: the bailiff gave notice on %(other)s."),
    ),
    (
        "planned_on",
        "judgment_served_on",
        N_("The eviction can't be planned for %(day)s: the judgment was served on %(other)s."),
    ),
    (
        "carried_out_on",
        "notice_on",
        N_("The eviction can't have taken place on %(day)s: the bailiff gave notice on %(other)s."),
    ),
    (
        "carried_out_on",
        "judgment_served_on",
        N_("The eviction can't have taken place on %(day)s: the judgment was served on %(other)s."),
    ),
)
_PLANNED = frozenset({"hearing_on", "planned_on"})
STILL_TO_COME = N_("%(day)s is still to come. Fill in the day once it has happened.")
WRONG_YEAR = N_("Check the year: it must lie between %(first)d and %(last)d.")


def check(course: Course, today: date, filled_in: Collection[str]) -> list[Wrong]:
    """Everything that can't be right about the days in the fields `filled_in`.

    Of days that were there already (from a register, say) nothing is said: nobody could repair them here.
    """
    mine = frozenset(filled_in)
    found = list(_years(course, today))
    if not any(wrong.field in mine for wrong in found):  # a mistyped year makes every other day look wrong
        found = [*_order(course), *_future(course, today)]
    return [wrong for wrong in found if wrong.field in mine or wrong.other in mine]


def _days(course: Course) -> Iterator[tuple[str, date]]:
    for name, value in vars(course).items():
        if isinstance(value, date):
            yield name, value


def _years(course: Course, today: date) -> Iterator[Wrong]:
    last = today.year + YEARS_AHEAD
    for name, day in _days(course):
        if not FIRST_YEAR <= day.year <= last:
            yield Wrong(name, WRONG_YEAR, {"first": FIRST_YEAR, "last": last})


def _order(course: Course) -> Iterator[Wrong]:
    for later, earlier, msgid in _ORDER:
        day, other = getattr(course, later), getattr(course, earlier)
        # Who withdraws a claim need not wait for the hearing.
        withdrawn = later == "pronounced_on" and course.judgment_kind is JudgmentKind.WITHDRAWN
        if day and other and day < other and not withdrawn:
            yield Wrong(later, msgid, {"day": day, "other": other}, earlier)


def _future(course: Course, today: date) -> Iterator[Wrong]:
    for name, day in _days(course):
        if day > today and name not in _PLANNED:
            yield Wrong(name, STILL_TO_COME, {"day": day})
