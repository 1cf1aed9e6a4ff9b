"""Whether a row of a register makes sense, and what becomes of it. Pure."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.i18n import N_
from tenants.imports.cells import cell_name
from tenants.imports.columns import Mapping
from tenants.imports.fields import Field
from tenants.imports.rows import TOO_LONG, Problem, RegisterRow, Severity, Status
from tenants.imports.values import birth_of


@dataclass(frozen=True)
class Known:
    """The petitions that are there already: by court and roll number, and by national number and day received."""

    rolls: Container[tuple[str, str]] = frozenset()
    people: Container[tuple[str, date]] = frozenset()


@dataclass(frozen=True)
class _Check:
    """Reports a problem at the cell of a field."""

    row: RegisterRow
    mapping: Mapping
    unread: frozenset[str]
    problems: list[Problem] = field(default_factory=list)

    def report(
        self, member: Field, code: str, msgid: str, severity: Severity = Severity.ERROR, **params: object
    ) -> None:
        name = cell_name(self.mapping.columns.get(member, 0), self.row.sheet_row)
        self.problems.append(Problem(name, self.mapping.label(member), member, code, msgid, params, severity))


def check_row(row: RegisterRow, mapping: Mapping, unread: Iterable[str], today: date) -> list[Problem]:
    """What doesn't make sense in `row`; nothing is said twice about a field whose cell is in `unread`."""
    check = _Check(row, mapping, frozenset(unread))
    _check_required(check, today)
    _check_order(check)
    _check_people(check)
    _check_lengths(check)
    _check_judgment(check)
    return check.problems


def _check_required(check: _Check, today: date) -> None:
    row = check.row
    if row.received is None and Field.RECEIVED not in check.unread:
        check.report(
            Field.RECEIVED, "received", N_("The day the petition came in is missing. Write it like 31/12/2020.")
        )
    elif row.received and row.received > today:
        check.report(
            Field.RECEIVED,
            "received",
            N_("The petition would come in on %(day)s, and that day is still to come. Check the year."),
            day=_said(row.received),
        )
    if not row.roll and Field.ROLL not in check.unread:
        check.report(
            Field.ROLL,
            "roll",
            N_("The roll number is missing. It stands at the top of the petition, like 20A1234."),
        )
    if not row.defendants:
        check.report(
            Field.DEFENDANTS,
            "missing_defendant",
            N_("The tenant's name is missing, so no case can be opened. Write it like Peeters, Jan."),
        )


# Field, the field before which it can't lie, the code, how bad, and the sentence.
_ORDER = (
    (Field.HEARING, Field.RECEIVED, "hearing_before_received", Severity.ERROR,
     N_("The hearing (%(day)s) lies before the day the petition came in (%(other)s). Check both years.")),
    (Field.JUDGMENT_DATE, Field.RECEIVED, "judgment_before_received", Severity.ERROR,
     N_("The judgment (%(day)s) lies before the day the petition came in (%(other)s). Check both dates.")),
    (Field.JUDGMENT_DATE, Field.HEARING, "judgment_before_hearing", Severity.WARNING,
     N_("The judgment (%(day)s) lies before the hearing (%(other)s). Check both dates.")),
    (Field.SERVED, Field.JUDGMENT_DATE, "served_before_judgment", Severity.ERROR,
     N_("The judgment would be served (%(day)s) before it was given (%(other)s). Check both dates.")),
    (Field.NOTICE, Field.SERVED, "notice_before_service", Severity.ERROR,
     N_("The bailiff's notice (%(day)s) lies before the service of the judgment (%(other)s). Check both dates.")),
    (Field.EVICTION, Field.NOTICE, "eviction_before_notice", Severity.ERROR,
     N_("The eviction (%(day)s) lies before the bailiff's notice (%(other)s). Check both dates.")),
    (Field.EVICTION, Field.SERVED, "eviction_before_service", Severity.ERROR,
     N_("The eviction (%(day)s) lies before the service of the judgment (%(other)s). Check both dates.")),
)  # fmt: skip


def _check_order(check: _Check) -> None:
    """The procedure runs one way; a term computed from a wrong day would be a wrong term."""
    row = check.row
    days = {
        Field.RECEIVED: row.received,
        Field.HEARING: row.hearing_on,
        Field.JUDGMENT_DATE: row.judgment_date,
        Field.SERVED: row.served,
        Field.NOTICE: row.notice,
        Field.EVICTION: row.eviction,
    }
    told: set[Field] = set()
    for member, before, code, severity, msgid in _ORDER:
        day, other = days[member], days[before]
        if day and other and day < other and member not in told:
            told.add(member)
            check.report(member, code, msgid, severity, day=_said(day), other=_said(other))


def _check_people(check: _Check) -> None:
    row = check.row
    for person in row.defendants:
        if person.company:
            continue
        if not person.first:
            check.report(
                Field.DEFENDANTS,
                "name_incomplete",
                N_("“%(name)s” has no first name. The case can be opened; add it when you know it."),
                Severity.WARNING,
                name=person.last,
            )
        elif not person.sure:
            check.report(
                Field.DEFENDANTS,
                "name_order",
                N_(
                    "We read %(last)s as the family name and %(first)s as the first name. If not, write it as "
                    "Peeters, Jan."
                ),
                Severity.WARNING,
                last=person.last,
                first=person.first,
            )
    if len(row.national_numbers) > len(row.defendants) > 0:
        check.report(
            Field.NATIONAL_NUMBER,
            "national_number_extra",
            N_("There are %(numbers)d national register numbers and %(people)d names. Only the first ones are used."),
            Severity.WARNING,
            numbers=len(row.national_numbers),
            people=len(row.defendants),
        )
    for number, written in zip(row.national_numbers, row.birth_dates, strict=False):
        told = birth_of(number)
        if told and told != written:
            check.report(
                Field.BIRTH_DATE,
                "birth_date_differs",
                N_("The date of birth (%(day)s) differs from the one in the national register number (%(other)s)."),
                Severity.WARNING,
                day=_said(written),
                other=_said(told),
            )


# What the columns of a case can hold; longer is a mistake, such as a whole letter pasted in a name.
_LONGEST_NAME = 99


def _check_lengths(check: _Check) -> None:
    row = check.row
    texts = [
        (Field.DEFENDANTS, part, _LONGEST_NAME) for person in row.defendants for part in (person.last, person.first)
    ]
    texts += [
        (Field.COURT, row.court, 80),
        (Field.REQUESTER, row.requester, 200),
        (Field.ADDRESS, row.address.street, 120),
        (Field.NUMBER, row.address.number, 12),
        (Field.BOX, row.address.box, 12),
        (Field.POSTCODE, row.address.postcode, 10),
        (Field.MUNICIPALITY, row.address.municipality, 80),
        (Field.PHONE, row.phone, 60),
        (Field.EMAIL, row.email, 200),
    ]
    for member, text, limit in texts:
        if len(text) > limit:
            at = member if member in check.mapping.columns else Field.ADDRESS
            check.report(at, "too_long", TOO_LONG, length=len(text), limit=limit)


def _check_judgment(check: _Check) -> None:
    row = check.row
    if row.judgment is None and (row.judgment_date or row.served) and Field.JUDGMENT not in check.unread:
        check.report(
            Field.JUDGMENT,
            "judgment_missing",
            N_(
                "There is a date of a judgment but not what was decided. The dates are kept as a note until you "
                "record the judgment."
            ),
            Severity.WARNING,
        )


def _said(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def status_of(problems: Sequence[Problem]) -> Status:
    """Error before duplicate before warning before new."""
    if any(problem.severity is Severity.ERROR and problem.code != DUPLICATE for problem in problems):
        return Status.ERROR
    if any(problem.code == DUPLICATE for problem in problems):
        return Status.DUPLICATE
    return Status.WARNING if problems else Status.NEW


DUPLICATE = "duplicate"


class Duplicates:
    """Tells for each row in turn whether its petition was there already, in the register or in the file.

    A row with an error goes not in, so it makes no later row a duplicate.
    """

    def __init__(self, known: Known) -> None:
        self._known = known
        self._rolls: dict[tuple[str, str], int] = {}
        self._people: dict[tuple[str, date], int] = {}

    def find(self, row: RegisterRow, mapping: Mapping) -> Problem | None:
        roll, people = row.roll_key, row.person_keys
        if roll in self._rolls:
            return self._problem(
                row, mapping, Field.ROLL, ROLL_IN_FILE, row=self._rolls[roll], roll=row.roll, court=row.court
            )
        if roll in self._known.rolls:
            return self._problem(row, mapping, Field.ROLL, ROLL_KNOWN, roll=row.roll, court=row.court)
        for key in people:
            if key in self._people:
                return self._problem(row, mapping, Field.NATIONAL_NUMBER, PERSON_IN_FILE, row=self._people[key])
            if key in self._known.people:
                return self._problem(row, mapping, Field.NATIONAL_NUMBER, PERSON_KNOWN, day=_said(key[1]))
        return None

    def remember(self, row: RegisterRow) -> None:
        """`row` goes in: the same petition further on is its duplicate."""
        if row.roll_key:
            self._rolls.setdefault(row.roll_key, row.sheet_row)
        for key in row.person_keys:
            self._people.setdefault(key, row.sheet_row)

    def _problem(self, about: RegisterRow, mapping: Mapping, member: Field, msgid: str, /, **params: object) -> Problem:
        name = cell_name(mapping.columns.get(member, 0), about.sheet_row)
        return Problem(name, mapping.label(member), member, DUPLICATE, msgid, params, Severity.WARNING)


ROLL_IN_FILE = N_("Roll number %(roll)s of %(court)s stands in row %(row)d already. This row is left out.")
ROLL_KNOWN = N_("Roll number %(roll)s of %(court)s is in the portal already. This row is left out.")
PERSON_IN_FILE = N_(
    "The same national register number with the same day of receipt stands in row %(row)d already. This row is "
    "left out."
)
PERSON_KNOWN = N_(
    "For this national register number a petition received on %(day)s is in the portal already. This row is left out."
)
