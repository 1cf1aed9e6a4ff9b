"""The form of an attempt: as short as it can be, since it is filled in standing at a door."""

# mypy: ignore-errors
# WTForms carries no types: strictness would only count its silence.

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectMultipleField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.ui.fields import DayField
from tenants.cases.codes import Channel, ContactResult
from tenants.cases.fields import LineField, TextField
from tenants.outreach.service import NewAttempt
from tenants.petitions.forms import HourField, at
from tenants.petitions.service import local_to_utc

OPTIONAL = Optional()


class AttemptForm(FlaskForm):
    channel = RadioField(_l("How did you try?"), [InputRequired(_l("Choose how you tried."))])
    result = RadioField(_l("What came of it?"), [InputRequired(_l("Choose what came of it."))])
    day = DayField(_l("Day"), [InputRequired(_l("Fill in the day."))])
    hour = HourField(_l("Hour"))
    note = TextField(_l("Note"), [OPTIONAL], most=4000, render_kw={"rows": 3})
    next_step = LineField(
        _l("Next step"), [OPTIONAL], most=200, description=_l("Such as: home visit after six, call the sister.")
    )
    next_step_on = DayField(_l("On which day"), [OPTIONAL])
    finished = SelectMultipleField(
        _l("Was this what was agreed?"),
        [OPTIONAL],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def __init__(self, *args, steps=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.channel.choices = [(value, _(text)) for value, text in Channel.choices()]
        self.result.choices = [(value, _(text)) for value, text in ContactResult.choices()]
        self.finished.choices = steps

    def attempt(self, case_id):
        """What was filled in, as the service takes it."""
        moment, hour_known = at(self.day.data, self.hour.data)
        return NewAttempt(
            case_id=case_id,
            at=local_to_utc(moment),
            channel=Channel(self.channel.data),
            result=ContactResult(self.result.data),
            hour_known=hour_known,
            next_step=self.next_step.data or None,
            next_step_on=self.next_step_on.data,
            note=self.note.data or None,
        )


class MoveStepForm(FlaskForm):
    day = DayField(_l("Day"), [InputRequired(_l("Fill in the day."))])
    first = BooleanField(_l("Before the other steps of that day"))


class ReasonForm(FlaskForm):
    reason = LineField(_l("Why?"), [InputRequired(_l("Say why, so that a colleague understands it later."))], most=300)


class AddStepForm(FlaskForm):
    channel = RadioField(_l("By which channel?"), [InputRequired(_l("Choose a channel."))])
    day = DayField(_l("On which day"), [InputRequired(_l("Fill in the day."))])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.channel.choices = [(value, _(text)) for value, text in Channel.choices()]
