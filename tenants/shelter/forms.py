"""The shelter's forms: short, since they are filled in at the door."""

# mypy: ignore-errors
# WTForms carries no types: strictness would only count its silence.

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional, ValidationError

from app.ui.fields import CodeField, DayField, WholeNumberField
from app.ui.formats import today
from tenants.cases.fields import InszField, LineField, TextField
from tenants.cases.rules import birth_date_of
from tenants.shelter.codes import ResidenceKind, TurnedAwayReason
from tenants.shelter.guests import NewGuest

OPTIONAL = Optional()


class GuestForm(FlaskForm):
    first_name = LineField(_l("First name"), [OPTIONAL], most=100)
    last_name = LineField(_l("Family name"), [OPTIONAL], most=100)
    birth_date = DayField(_l("Date of birth"), [OPTIONAL], future=False)
    insz = InszField(_l("National register number"))
    note = TextField(
        _l("What the night team has to know"),
        [OPTIONAL],
        most=1000,
        description=_l("Only what is needed to sleep safely, such as a lower bunk."),
        render_kw={"rows": 2},
    )

    def validate(self, extra_validators=None):
        good = super().validate(extra_validators)
        if not (self.first_name.data or self.last_name.data):
            self.first_name.errors = [_("Fill in a name, the way the person says it.")]
            good = False
        told = birth_date_of(self.insz.digits) if self.insz.digits else None
        if told and self.birth_date.data and told != self.birth_date.data:
            message = _("This is not the date of birth in the national register number. Check both.")
            self.birth_date.errors = [*self.birth_date.errors, message]
            good = False
        return good

    def values(self):
        born = self.birth_date.data or (birth_date_of(self.insz.digits) if self.insz.digits else None)
        return NewGuest(
            self.last_name.data or "", self.first_name.data or "", born, self.insz.digits, self.note.data or None
        )


class NewStayForm(GuestForm):
    """Somebody who was never here, with the bed they get."""

    bed = SelectField(_l("Bed"), coerce=int)
    is_new = BooleanField(_l("No, this is somebody else"))

    def offer(self, free, chosen):
        """Offer the free beds; `chosen` first when it is one of them."""
        self.bed.choices = [(bed, _("Bed %(number)d", number=bed)) for bed in free]
        if self.bed.data not in free:
            self.bed.data = chosen if chosen in free else next(iter(free), None)


class TurnedAwayForm(FlaskForm):
    reason = RadioField(_l("Why was there no bed?"), [InputRequired(_l("Choose the reason."))])
    persons = WholeNumberField(
        _l("How many people?"),
        [InputRequired(_l("Fill in a number.")), NumberRange(1, 50, _l("Fill in a number from 1 to 50."))],
        default=1,
    )
    note = TextField(
        _l("Note"), [OPTIONAL], most=1000, description=_l("Such as: where you sent them."), render_kw={"rows": 2}
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.reason.choices = [(value, _(text)) for value, text in TurnedAwayReason.choices()]


class ConsentForm(FlaskForm):
    agrees = BooleanField(_l("I explained what it is for, and the person agrees"))
    asked_on = DayField(_l("Asked on"), [InputRequired(_l("Fill in the day."))], future=False, default=today)
    number = LineField(
        _l("Case number"), [OPTIONAL], most=20, description=_l("Leave it empty to look for cases that may fit.")
    )

    def validate_agrees(self, field):
        if not field.data:
            raise ValidationError(_("Without consent there is no link. Ask first, and tick this."))


class MoveInForm(FlaskForm):
    kind = CodeField(_l("Which place"), ResidenceKind, [InputRequired(_l("Choose which place."))])
    since = DayField(_l("From"), [InputRequired(_l("Fill in the day."))], future=False, default=today)


class MoveOutForm(FlaskForm):
    until = DayField(_l("Last day"), [InputRequired(_l("Fill in the day."))], future=False, default=today)


class SeasonForm(FlaskForm):
    name = LineField(_l("Name of the season"), [DataRequired(_l("Fill in a name, such as Winter 2026-2027."))], most=60)
    first_night = DayField(_l("First night"), [InputRequired(_l("Fill in the first night."))])
    beds = WholeNumberField(
        _l("Number of beds"),
        [InputRequired(_l("Fill in how many beds there are.")), NumberRange(0, 500, _l("Fill in 0 to 500 beds."))],
    )


class PlacesForm(FlaskForm):
    housing_first = WholeNumberField(
        _l("Places in Housing First"),
        [InputRequired(_l("Fill in a number.")), NumberRange(0, 200, _l("Fill in 0 to 200 places."))],
    )
    group = WholeNumberField(
        _l("Places in the group shelter"),
        [InputRequired(_l("Fill in a number.")), NumberRange(0, 200, _l("Fill in 0 to 200 places."))],
    )
