"""What the pages of a case say: sentences and labels in the reader's language."""

from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from app.ui.formats import datum, today
from app.ui.language import translated
from tenants.cases.codes import AttachmentKind, Code, Composition, PersonRole
from tenants.cases.models import Case, Household, Person
from tenants.cases.rules import shown_insz as shown_insz
from tenants.petitions.codes import REMEDIES, DeadlineKind, StageKey
from tenants.petitions.events import BRUSSELS

SOON = timedelta(days=7)  # a week ahead one still plans a visit; further off a date says enough by itself


def label(codes: type[Code], value: str | None) -> str:
    """The label of a stored code; '' when there is none."""
    return translated(codes(value).label) if value else ""


def stage_label(value: str) -> str:
    return label(StageKey, value)


def due_label(value: str | None, day: date | None = None) -> str:
    """What is due; of a remedy whose term ended on `day`, that it is over."""
    if value in REMEDIES and day is not None and day < today():
        return _("%(what)s: the term is over", what=label(DeadlineKind, value))
    return label(DeadlineKind, value)


def attachment_label(value: str) -> str:
    return label(AttachmentKind, value)


def role_label(value: str) -> str:
    return label(PersonRole, value)


def due_kind(day: date | None, kind: str | None = None) -> str | None:
    """The colour of a day that is to be kept: late when it is over, soon within a week.

    kind: of the deadline. A remedy whose term is over asks nothing any more, so it is not late.
    """
    if day is None or (kind in REMEDIES and day < today()):
        return None
    return "late" if day < today() else "soon" if day <= today() + SOON else None


def full_name(person: Person) -> str:
    """'Dirk Vermeulen'."""
    return " ".join(filter(None, [person.first_name, person.last_name]))


def household_sentence(household: Household | None) -> str:
    """'Alleenstaande met 2 kinderen'; '' when nothing is known of the household."""
    if household is None:
        return ""
    known = household.composition != Composition.UNKNOWN
    children = household.children
    if not children:
        return label(Composition, household.composition) if known else ""
    counted = ngettext("%(num)d child", "%(num)d children", children)
    if not known:
        return counted
    return _("%(household)s with %(children)s", household=short_composition(household.composition), children=counted)


def short_composition(value: str) -> str:
    """The composition before '… with 2 children': a couple with children is a couple there."""
    return label(Composition, Composition.COUPLE if value == Composition.COUPLE_WITH_CHILDREN else value)


def worker(case: Any, names: dict[int, str]) -> str:
    """Who carries the case."""
    return names.get(case.assigned_to, "") if case.assigned_to else _("nobody carries it yet")


def number(text: str) -> Markup:
    """A file number that no line break cuts in two."""
    return Markup('<span class="num">{}</span>').format(text)


def case_sentence(case: Case, names: dict[int, str]) -> Markup:
    """Who, where, which number, whose: the line under the name."""
    named = number(_("case %(number)s", number=case.number))
    parts = [household_sentence(case.household), case.address_line, named, worker(case, names)]
    return Markup(" · ").join(filter(None, parts))


def reached_sentence(case: Any) -> str:
    """Whether the household was reached, and after how many attempts not."""
    if case.reached_on:
        return _("reached on %(day)s", day=datum(case.reached_on))
    if case.attempts:
        return ngettext("not reached yet (%(num)d attempt)", "not reached yet (%(num)d attempts)", case.attempts)
    return _("not reached yet")


def age(born: date | None) -> int | None:
    """Years of age today."""
    if born is None:
        return None
    now = today()
    return now.year - born.year - ((now.month, now.day) < (born.month, born.day))


def local_day(at: datetime | None) -> date | None:
    """The Belgian day of a moment."""
    return at.astimezone(BRUSSELS).date() if at else None
