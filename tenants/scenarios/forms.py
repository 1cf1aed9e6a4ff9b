"""The forms of following a scenario: why a step is skipped, why a case stops, and an organisation's own step."""

# mypy: ignore-errors
# WTForms carries no types: strictness would only count its silence.

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired, Optional

from playbook.scenarios.forms import StepForm
from tenants.scenarios.codes import SkipReason, StopReason


class SkipForm(FlaskForm):
    reason = RadioField(_l("Why is this step not done?"), [InputRequired(_l("Choose why."))])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.reason.choices = [(value, _(text)) for value, text in SkipReason.choices()]


class StopForm(FlaskForm):
    reason = RadioField(_l("Why does the case not follow it any longer?"), [InputRequired(_l("Choose why."))])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.reason.choices = [(value, _(text)) for value, text in StopReason.choices()]


class OwnStepForm(StepForm):
    after = SelectField(_l("After which step of the scenario?"), [Optional()])

    def offer(self, steps):
        """Offer the steps of the shared scenario as places."""
        numbered = [(step.key, f"{number}. {step.what}") for number, step in enumerate(steps, 1)]
        self.after.choices = [("", _("At the end")), *numbered]
