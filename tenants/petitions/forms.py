"""The forms of a procedure. Days are checked against each other by the service, since it knows the other days."""

# mypy: ignore-errors
# WTForms carries no types: strictness would only count its silence.

from datetime import datetime, time

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TimeField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from app.ui.fields import CodeField, DayField, MoneyField
from tenants.cases.codes import JudgmentKind, PetitionKind
from tenants.cases.fields import LineField, TextField
from tenants.imports.values import Unreadable, read_roll
from tenants.petitions.changes import PetitionDetails

OPTIONAL = Optional()
NOON = time(12)  # of a day whose hour is not known
HOURS = ["%H:%M", "%H:%M:%S", "%H.%M"]


class HourField(TimeField):
    """The hour of a hearing, left empty when it is not known."""

    def __init__(self, label=None, **kwargs):
        super().__init__(label, [OPTIONAL], format=HOURS, **kwargs)

    def process_formdata(self, valuelist):
        try:
            super().process_formdata([value.strip() for value in valuelist])
        except ValueError:
            raise ValueError(_("This is not an hour. Write it as 9:30.")) from None


class MonthsField(MoneyField):
    """A number of months, written the way people here do: 3 or 2,5."""

    def _value(self):
        typed = self.raw_data[0] if self.raw_data else None
        if typed is None and self.data is not None:
            typed = f"{self.data.normalize():f}".replace(".", ",")
        return str(typed or "")

    def process_formdata(self, valuelist):
        try:
            super().process_formdata(valuelist)
        except ValidationError:
            raise ValidationError(_("This is not a number of months. Write it as 3 or 2,5.")) from None


def amount(form, field):
    """What is claimed is not negative, and fits its column."""
    if field.data is not None and not 0 <= field.data < 10_000_000:
        raise ValidationError(_("Check this amount."))


def at(day, hour):
    """(local moment or None, whether its hour is known) of a day and an hour that may be empty."""
    return (datetime.combine(day, hour or NOON) if day else None), hour is not None


class PetitionForm(FlaskForm):
    """The copy of a petition or writ."""

    kind = CodeField(_l("Petition or writ"), PetitionKind, default=PetitionKind.PETITION)
    court = LineField(
        _l("Court"),
        [InputRequired(_l("Fill in the canton. It stands at the top of the petition, such as Oostende 1."))],
        most=80,
        description=_l("The canton, such as Oostende 1."),
        render_kw={"list": "courts", "autocomplete": "off"},
    )
    roll_number = LineField(
        _l("Roll number"),
        [OPTIONAL],
        most=30,
        description=_l("As on the petition, such as 26A1187."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters"},
    )
    received_on = DayField(_l("Copy received on"), [InputRequired(_l("Fill in the day on which the copy came in."))])
    registered_on = DayField(_l("Registered on the roll on"), [OPTIONAL])
    served_on = DayField(_l("Writ served on"), [OPTIONAL], description=_l("Only for a writ of summons."))
    claimant = LineField(_l("Claimant"), [OPTIONAL], most=200, description=_l("The landlord or the one who asks."))
    arrears = MoneyField(_l("Arrears claimed"), [OPTIONAL, amount])
    arrears_months = MonthsField(
        _l("Months of rent"), [OPTIONAL, NumberRange(0, 240, _l("Fill in a number of months from 0 to 240."))]
    )
    costs = MoneyField(_l("Costs"), [OPTIONAL, amount])

    def validate_roll_number(self, field):
        if field.data:
            try:
                field.data = read_roll(field.data)
            except Unreadable as error:
                raise ValidationError(_(error.msgid, **error.params)) from None

    def validate_served_on(self, field):
        if field.data and self.kind.data != PetitionKind.WRIT:
            raise ValidationError(_("Only a writ is served by a bailiff: choose “writ” above, or leave this empty."))

    def details(self):
        """What was filled in, as the service takes it."""
        names = ("court", "registered_on", "received_on", "served_on", "arrears", "arrears_months", "costs")
        return PetitionDetails(
            kind=PetitionKind(self.kind.data or PetitionKind.PETITION),
            roll_number=self.roll_number.data or None,
            claimant=self.claimant.data or "",
            **{name: self[name].data for name in names},
        )


class NewPetitionForm(PetitionForm):
    """With the hearing, which the copy mostly names."""

    hearing_on = DayField(_l("Hearing on"), [OPTIONAL])
    hearing_hour = HourField(_l("Hour"))

    def hearing(self):
        return at(self.hearing_on.data, self.hearing_hour.data)


class HearingForm(FlaskForm):
    hearing_on = DayField(_l("Hearing on"), [InputRequired(_l("Fill in the day of the hearing."))])
    hearing_hour = HourField(_l("Hour"), description=_l("Leave it empty when it is not known."))

    def hearing(self):
        return at(self.hearing_on.data, self.hearing_hour.data)


class JudgmentForm(FlaskForm):
    kind = CodeField(
        _l("What did the judge decide?"),
        JudgmentKind,
        [InputRequired(_l("Choose what the judge decided."))],
        blank=_l("Choose"),
    )
    pronounced_on = DayField(_l("Day of the judgment"), [OPTIONAL])
    judgment_served_on = DayField(
        _l("Served by the bailiff on"),
        [OPTIONAL],
        description=_l("The terms run from this day, not from the judgment."),
    )
    terms = TextField(_l("Terms of the judgment"), [OPTIONAL], most=4000, render_kw={"rows": 4})


class EvictionForm(FlaskForm):
    notice_on = DayField(
        _l("Bailiff's notice on"), [OPTIONAL], description=_l("The day on which the bailiff announced the eviction.")
    )
    planned_on = DayField(_l("Eviction planned for"), [OPTIONAL])
    carried_out_on = DayField(
        _l("Eviction took place on"), [OPTIONAL], description=_l("Only when it really was carried out.")
    )
