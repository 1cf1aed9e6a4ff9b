"""The forms of the reporting point: the stranger's, in three steps, and the short ones of who handles reports."""

# mypy: ignore-errors
# WTForms carries no types: strictness would only count its silence.

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.ui.fields import CodeField, DayField, MoneyField
from tenants.cases.codes import Reason
from tenants.cases.fields import LineField, TextField
from tenants.intake.codes import OFFERED_REASONS, ClosingReason, ReporterKind, Track
from tenants.intake.rules import Told, problems

OPTIONAL = Optional()

# The steps in their order, with their fields; the summary comes after them.
STEPS = {
    "reporter": (
        "kind",
        "reporter_first",
        "reporter_last",
        "reporter_organisation",
        "reporter_email",
        "reporter_phone",
    ),
    "household": ("first_name", "last_name", "born", "street", "house_number", "box", "postcode", "municipality"),
    "trouble": ("reasons", "arrears", "months", "since", "explanation", "tried", "may_tell"),
}
SUMMARY = "summary"
WHOLE = "whole"  # all steps on one page: for who sent a form with something missing in several
FIELDS = tuple(name for fields in STEPS.values() for name in fields)


class MonthsField(StringField):
    """A whole number; None when left empty."""

    def process_formdata(self, valuelist):
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        if not text:
            return
        if not (text.isascii() and text.isdigit() and len(text) < 5):
            raise ValidationError(_("Fill in a whole number of months, from 0 to 120."))
        self.data = int(text)

    def _value(self):
        return str(self.raw_data[0]) if self.raw_data else "" if self.data is None else str(self.data)


class ReportForm(FlaskForm):
    """What a stranger tells. Every step sends its own fields; the draft (tenants.intake.drafts) holds them all."""

    kind = RadioField(_l("Who are you?"), validate_choice=False)
    reporter_first = LineField(_l("Your first name"), [OPTIONAL], most=100)
    reporter_last = LineField(_l("Your last name"), most=100)
    reporter_organisation = LineField(_l("Your organisation"), [OPTIONAL], most=150)
    reporter_email = LineField(
        _l("Your e-mail address"), most=150, description=_l("We send your reference number there.")
    )
    reporter_phone = LineField(_l("Your phone number"), most=40)

    first_name = LineField(_l("First name of the tenant"), [OPTIONAL], most=100)
    last_name = LineField(_l("Last name of the tenant"), most=100)
    born = DayField(_l("Date of birth of the tenant"), [OPTIONAL], future=False)
    street = LineField(_l("Street"), most=150)
    house_number = LineField(_l("Number"), most=20)
    box = LineField(_l("Box"), [OPTIONAL], most=20)
    postcode = LineField(_l("Postcode"), most=10)
    municipality = LineField(_l("Municipality"), most=80)

    reasons = SelectMultipleField(
        _l("What is the matter?"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )
    arrears = MoneyField(_l("Arrears in euro"), [OPTIONAL])
    months = MonthsField(_l("Arrears in months"), [OPTIONAL])
    since = LineField(
        _l("Since when?"), [OPTIONAL], most=80, description=_l("Such as: since June, or since the summer.")
    )
    explanation = TextField(_l("What happened?"), [OPTIONAL], most=4000)
    tried = TextField(
        _l("What was tried already?"),
        [OPTIONAL],
        most=4000,
        description=_l("Such as: called, agreed to pay in parts, reminder sent."),
    )
    may_tell = RadioField(_l("May we tell the household who reported it?"), validate_choice=False)

    start = HiddenField()
    # A trap: people don't see it, robots fill it in. Its name is what they look for.
    website = StringField(_l("Leave this empty"))

    def __init__(self, track, **kwargs):
        super().__init__(**kwargs)
        self.track = track
        landlords = track is Track.LANDLORD
        kinds = [kind for kind in ReporterKind if (kind is ReporterKind.LANDLORD) == landlords]
        self.kind.choices = [(kind.value, _(kind.label)) for kind in kinds]
        if landlords:
            self.kind.data = ReporterKind.LANDLORD.value
        self.reasons.choices = [(reason.value, _(reason.label)) for reason in OFFERED_REASONS]
        self.may_tell.choices = [("yes", _("Yes")), ("no", _("No, please don't"))]

    @property
    def in_person(self):
        return self.kind.data == ReporterKind.TENANT

    def fields_of(self, step):
        """The names of a step's fields that this reporter is asked; none on the summary."""
        unasked = {"kind"} if self.track is Track.LANDLORD else set()
        if self.in_person:
            unasked |= {"reporter_organisation", "first_name", "last_name", "may_tell"}
        asked = FIELDS if step == WHOLE else STEPS.get(step, ())
        return tuple(name for name in asked if name not in unasked)

    def check(self, names):
        """Whether these fields are right; all that is wrong stands at its field."""
        verdicts = [self[name].validate(self) for name in names]  # all of them: everything is told at once
        good = all(verdicts)
        for wrong in problems(self.told(), self.track):
            if wrong.field in names and not self[wrong.field].errors:
                self[wrong.field].errors = [_(wrong.message, **wrong.params)]
                good = False
        return good

    def told(self):
        """What stands in the form, as far as it can be read."""
        values = {name: self[name].data or "" for name in FIELDS if isinstance(self[name], LineField | TextField)}
        reasons = set(self.reasons.data or ())
        may_tell = {"yes": True, "no": False}.get(self.may_tell.data)
        return Told(
            **values,
            kind=next((kind for kind in ReporterKind if kind == self.kind.data), None),
            born=self.born.data,
            reasons=tuple(reason for reason in Reason if reason.value in reasons),
            arrears=self.arrears.data,
            months=self.months.data,
            may_tell=True if self.in_person else may_tell,
            language=str(get_locale() or "nl")[:2],
        )


class FollowForm(FlaskForm):
    reference = LineField(_l("Reference number"), [DataRequired(_l("Fill in the reference number."))], most=80)
    code = LineField(_l("Code"), [DataRequired(_l("Fill in the code."))], most=20)


class WordsForm(FlaskForm):
    """What a reporter adds."""

    words = TextField(_l("What do you want to add?"), [DataRequired(_l("Write what you want to add."))], most=4000)


class LinkForm(FlaskForm):
    number = LineField(_l("Case number"), [DataRequired(_l("Fill in the case number."))], most=20)


class CloseForm(FlaskForm):
    reason = CodeField(
        _l("Why does it lead to no case?"),
        ClosingReason,
        [InputRequired(_l("Choose why it leads to no case."))],
        blank=_l("Choose"),
    )


class DispatchForm(FlaskForm):
    organisation = SelectField(_l("To which OCMW?"), [InputRequired(_l("Choose an OCMW of your network."))])

    def __init__(self, organisations=(), **kwargs):
        super().__init__(**kwargs)
        offered = [(str(each.id), each.name) for each in organisations]
        self.organisation.choices = [("", _("Choose")), *offered]

    def validate_organisation(self, field):
        Length(max=40)(self, field)
