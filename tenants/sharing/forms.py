"""The forms of sharing a case: with whom, how far, how long, and how the household agreed."""

# mypy: ignore-errors
# WTForms carries no types: strictness would only count its silence.

import uuid

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.ui.fields import DayField
from app.ui.formats import today
from playbook.agreements.rules import CHOSEN, LABELS, Part
from tenants.cases.fields import LineField
from tenants.sharing.codes import Consent
from tenants.sharing.service import NewGrant

OPTIONAL = Optional()


class ShareForm(FlaskForm):
    partner = SelectField(_l("With which partner?"), validate_choice=False)
    their_contact = LineField(
        _l("Whom to call there"),
        [DataRequired(_l("Fill in who works on it at the partner."))],
        most=120,
        render_kw={"list": "contacts", "autocomplete": "off"},
    )
    parts = SelectMultipleField(
        _l("What do you share besides the guidance?"),
        [OPTIONAL],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("Only what the partner needs. The national register number is never shared."),
    )
    starts_on = DayField(_l("From"), [InputRequired(_l("Fill in the day."))], default=today)
    ends_on = DayField(_l("Up to and including"), [OPTIONAL], description=_l("You can always end it earlier yourself."))
    consent = RadioField(_l("How did the household agree?"), [InputRequired(_l("Choose how the household agreed."))])
    consent_on = DayField(_l("When"), [InputRequired(_l("Fill in the day."))], future=False, default=today)
    consent_by = SelectField(_l("Who asked it"), coerce=int, validate_choice=False)

    def __init__(self, *args, choices, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.partner.choices = [(str(each.partner.id), each.partner.name) for each in choices]
        allowed = {part for each in choices for part in each.agreement.parts}
        self.parts.choices = [(part.value, _(LABELS[part])) for part in CHOSEN if part in allowed]
        self.consent.choices = [(value, _(text).capitalize()) for value, text in Consent.choices()]
        self.consent_by.choices = [(user.id, user.get_full_name()) for user in people]

    def grant(self, case_id):
        """What was filled in, as the service takes it."""
        known = dict(self.partner.choices)
        return NewGrant(
            case_id=case_id,
            partner_id=uuid.UUID(self.partner.data) if self.partner.data in known else uuid.UUID(int=0),
            parts=tuple(Part(value) for value in self.parts.data or ()),
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            their_contact=self.their_contact.data,
            consent=Consent(self.consent.data),
            consent_on=self.consent_on.data,
            consent_by=self.consent_by.data,
        )


class EndForm(FlaskForm):
    reason = LineField(_l("Why"), [DataRequired(_l("Say why it ends."))], most=300)
