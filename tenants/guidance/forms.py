"""The forms of guidance. Days and states are checked by the service, since it knows the procedure."""

# mypy: ignore-errors
# WTForms carries no types: strictness would only count its silence.

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectMultipleField
from wtforms.validators import InputRequired, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.ui.fields import CodeField, DayField
from app.ui.formats import today
from tenants.cases.codes import HousingOutcome
from tenants.cases.fields import TextField
from tenants.cases.forms import Part
from tenants.guidance.codes import (
    ContactAfter,
    Means,
    PisteState,
    ProcedureOutcome,
    StillThere,
    Verdict,
)
from tenants.guidance.rules.aftercare import Answer
from tenants.guidance.rules.checklist import MEANS
from tenants.guidance.rules.procedures import DESIGNS

OPTIONAL = Optional()
MOST = 2000  # characters of an explanation: a page of text says too much to be read back
CHOOSE = _l("Choose one of these.")
DAY = _l("Fill in the day.")


def choices(codes):
    return [(str(code), _(code.label)) for code in codes]


class BeginForm(Part):
    title = _l("Begin")
    widths = {"on": "half"}
    on = DayField(_l("Begins on"), [InputRequired(DAY)], future=False, default=today)
    reason = TextField(
        _l("Why you begin all the same"),
        [OPTIONAL],
        most=MOST,
        description=_l("Needed when a condition is not known, or a local one is not met (committee)."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, prefix="begin-", **kwargs)


class RefuseForm(Part):
    title = _l("Refuse")
    widths = {"on": "half"}
    condition = RadioField(_l("Which condition is not met?"), [InputRequired(CHOOSE)])
    reason = TextField(_l("Why, as you tell it to the household"), [InputRequired(_l("Say why."))], most=MOST)
    on = DayField(_l("Refused on"), [InputRequired(DAY)], future=False, default=today)

    def __init__(self, *args, unmet=(), **kwargs):
        super().__init__(*args, prefix="refuse-", **kwargs)
        self.condition.choices = choices(unmet)


class EndForm(Part):
    title = _l("End")
    widths = {"on": "half"}
    outcome = RadioField(_l("What did it come to?"), [InputRequired(CHOOSE)], coerce=str)
    result = TextField(_l("In a few words"), [OPTIONAL], most=MOST)
    on = DayField(_l("Ended on"), [InputRequired(DAY)], future=False, default=today)

    def __init__(self, kind, *args, **kwargs):
        super().__init__(*args, prefix="end-", **kwargs)
        self.outcome.choices = choices(DESIGNS[kind].outcomes)

    def values(self):
        return {"on": self.on.data, "outcome": ProcedureOutcome(self.outcome.data), "result": self.result.data or ""}


class ConditionForm(Part):
    verdict = RadioField(_l("Your answer"), [InputRequired(CHOOSE)])
    note = TextField(
        _l("Note"), [OPTIONAL], most=MOST, description=_l("Such as: who said so, and when."), render_kw={"rows": 2}
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.verdict.choices = [
            (str(Verdict.MET), _("Yes")), (str(Verdict.NOT_MET), _("No")), (str(Verdict.UNKNOWN), _("Not known yet"))
        ]  # fmt: skip


class PisteForm(Part):
    state = RadioField(_l("How far did you get?"), [InputRequired(CHOOSE)])
    means = SelectMultipleField(
        _l("What was it about?"), [OPTIONAL], widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    note = TextField(
        _l("Result, or why not"), [OPTIONAL], most=MOST,
        description=_l("Needed with a result and with 'not applicable'."),
        render_kw={"rows": 2},
    )  # fmt: skip

    def __init__(self, piste, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.state.choices = choices(PisteState)
        self.means.choices = choices(MEANS[piste])

    def values(self):
        return PisteState(self.state.data), [Means(each) for each in self.means.data or ()], self.note.data or ""


class AftercareForm(Part):
    title = _l("How are they now?")
    widths = {"housing": "half"}
    contact = RadioField(_l("How do you know?"), [InputRequired(CHOOSE)])
    still_there = RadioField(_l("Do they still live there?"), [InputRequired(CHOOSE)])
    housing = CodeField(
        _l("Where do they live now?"), HousingOutcome, [OPTIONAL], blank=_l("Choose"),
        description=_l("Only when they moved."),
    )  # fmt: skip
    note = TextField(_l("Note"), [OPTIONAL], most=MOST, render_kw={"rows": 3})

    def __init__(self, *args, moved=False, **kwargs):
        """moved: they lived elsewhere already when the case was closed."""
        super().__init__(*args, **kwargs)
        if moved:
            self.still_there.label.text = _("Do they still live where they lived when the case was closed?")
        self.contact.choices = choices(ContactAfter)
        self.still_there.choices = choices(StillThere)
        self.housing.choices = [each for each in self.housing.choices if each[0] != HousingOutcome.STAYED]

    def validate_housing(self, field):
        if field.data and self.still_there.data == StillThere.YES:
            raise ValidationError(_("They still live there: leave this empty."))

    def values(self):
        housing = HousingOutcome(self.housing.data) if self.housing.data else None
        return Answer(ContactAfter(self.contact.data), StillThere(self.still_there.data), housing, self.note.data or "")
