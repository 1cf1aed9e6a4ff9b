"""The sentence that explains a deadline, per kind: English msgids, filled in and translated by the page.

Parameters: `basis`, `due` and `moved_from` are dates, `number` is the term's number.
"""

from dataclasses import dataclass

from app.i18n import N_
from tenants.petitions.codes import DeadlineKind as Kind


@dataclass(frozen=True)
class Sentence:
    """The forms of one explanation: for a term of one unit, of more, and each when the day was moved."""

    many: str
    one: str | None = None
    many_moved: str | None = None
    one_moved: str | None = None

    def form(self, number: int | None, *, moved: bool) -> str:
        """The form that fits; a kind that has no form of its own for one or for moved uses the plain one."""
        one, many = (self.one_moved, self.many_moved) if moved else (self.one, self.many)
        return (one if number == 1 else None) or many or self.many


_MONTH_TO_ACT = Sentence(
    one=N_("Served on %(basis)s: one month, and that last day still counts."),
    one_moved=N_("Served on %(basis)s: one month, moved to the next working day because %(moved_from)s is not one."),
    many=N_("Served on %(basis)s: %(number)d months, and that last day still counts."),
    many_moved=N_(
        "Served on %(basis)s: %(number)d months, moved to the next working day because %(moved_from)s is not one."
    ),
)

PETITION_COPY = Sentence(
    many=N_("Registered on %(basis)s: the registry sends the copy after %(number)d days."),
    many_moved=N_(
        "Registered on %(basis)s: the registry sends the copy after %(number)d days; "
        "%(moved_from)s is not a working day."
    ),
)
WRIT_COPY = Sentence(
    many=N_("Writ served on %(basis)s: the bailiff sends the copy after %(number)d days."),
    many_moved=N_(
        "Writ served on %(basis)s: the bailiff sends the copy after %(number)d days; "
        "%(moved_from)s is not a working day."
    ),
)

SENTENCES: dict[Kind, Sentence] = {
    Kind.COPY_EXPECTED: PETITION_COPY,
    Kind.HEARING_EXPECTED: Sentence(
        many=N_("Registered on %(basis)s: the parties are called to a hearing within %(number)d days."),
        many_moved=N_(
            "Registered on %(basis)s: the parties are called to a hearing within %(number)d days; "
            "%(moved_from)s is not a working day."
        ),
    ),
    Kind.FIRST_CONTACT: Sentence(
        one=N_("Copy received on %(basis)s: one working day, as your OCMW has set."),
        many=N_("Copy received on %(basis)s: %(number)d working days, as your OCMW has set."),
    ),
    Kind.HEARING: Sentence(many=N_("The court has set the hearing for %(due)s.")),
    Kind.OPPOSITION: _MONTH_TO_ACT,
    Kind.APPEAL: _MONTH_TO_ACT,
    Kind.JUDGMENT_COPY: Sentence(
        many=N_("Judgment served on %(basis)s: the bailiff sends the copy after %(number)d days."),
        many_moved=N_(
            "Judgment served on %(basis)s: the bailiff sends the copy after %(number)d days; "
            "%(moved_from)s is not a working day."
        ),
    ),
    Kind.EARLIEST_EVICTION: Sentence(
        one=N_("Served on %(basis)s: one month has to pass, so this is the first possible day."),
        many=N_("Served on %(basis)s: %(number)d months have to pass, so this is the first possible day."),
    ),
    Kind.EARLIEST_AFTER_NOTICE: Sentence(
        one=N_("Notice given on %(basis)s: one working day has to pass, so this is the first possible day."),
        many=N_("Notice given on %(basis)s: %(number)d working days have to pass, so this is the first possible day."),
    ),
    Kind.NOTICE_LATEST: Sentence(
        one=N_("Eviction planned for %(basis)s: the notice leaves at least one working day in between."),
        many=N_("Eviction planned for %(basis)s: the notice leaves at least %(number)d working days in between."),
    ),
    Kind.PLANNED_EVICTION: Sentence(many=N_("The bailiff has planned the eviction for %(due)s.")),
    Kind.GOODS_KEPT: Sentence(
        one=N_("Taken away on %(basis)s: the municipality keeps the goods for one month."),
        many=N_("Taken away on %(basis)s: the municipality keeps the goods for %(number)d months."),
    ),
    Kind.GOODS_STORED: Sentence(many=N_("The goods are stored until %(due)s, as agreed. Fetch them or agree anew.")),
}

NOTE_OBJECTION = N_("No copy comes when the tenant objected to it in time.")
NOTE_OWN_TERM = N_("The law sets no term; this one is the OCMW's own.")
NOTE_HEARING_FIRST = N_("The hearing comes sooner: reach the household before it.")
NOTE_CONCILIATION = N_("The judge tries conciliation first.")
NOTE_WHICH_REMEDY = N_(
    "Which one is open, opposition or appeal, depends on the amount: ask a lawyer or the first-line legal help."
)
NOTE_APPEAL_AMOUNT = N_("Whether appeal is open depends on the amount: ask a lawyer or the first-line legal help.")
NOTE_OTHER_DAY = N_("Sooner when the dwelling has been left; the judge or an agreement may set another day.")
NOTE_IF_TERMS_BROKEN = N_("Only if the terms of the judgment are not kept.")
NOTE_IF_AGREED = N_("Only if the agreement provides for eviction and is not kept.")
NOTE_KIND_UNKNOWN = N_("The kind of judgment is not filled in: check whether it orders eviction.")
NOTE_TOO_SOON = N_("This is sooner than the law allows: check it with the bailiff.")
NOTE_NOTICE_MISSING = N_("The day of the notice is not in the file yet.")
NOTE_GOODS = N_("Goods that were put on the street and were in the way.")

HINT_DAY_UNKNOWN = N_("day not known yet")
HINT_NOT_YET = N_("not yet")
HINT_IF_BROKEN = N_("only if the terms are not kept")
HINT_NOTICE_ONE = N_("one working day ahead")
HINT_NOTICE = N_("%(number)d working days ahead")
HINT_EVICTION_ONE = N_("one month after service at the earliest")
HINT_EVICTION = N_("%(number)d months after service at the earliest")
HINT_NOT_RECORDED = N_("not recorded")
HINT_NOT_COMING = N_("no longer to come")
