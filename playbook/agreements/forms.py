"""The form of a data-sharing agreement."""

# mypy: ignore-errors
# WTForms carries no types: strictness would only count its silence.

import uuid

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.ui.fields import DayField
from playbook.agreements.rules import CHOSEN, LABELS, Part
from playbook.agreements.service import Draft

OPTIONAL = Optional()


class TicksField(SelectMultipleField):
    """Several out of a list, as tick boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class AgreementForm(FlaskForm):
    title = StringField(_l("Name of the agreement"), [Length(max=200, message=_l("Use at most 200 characters."))])
    parties = TicksField(_l("Between which organisations?"))
    parts = TicksField(
        _l("What may be shared besides the guidance?"),
        [OPTIONAL],
        description=_l("The national register number is never shared."),
    )
    starts_on = DayField(_l("In force from"), [OPTIONAL])
    ends_on = DayField(_l("Up to and including"), [OPTIONAL], description=_l("Leave this empty while no end is known."))
    body = TextAreaField(
        _l("Text of the agreement"),
        [OPTIONAL, Length(max=50_000, message=_l("Use at most 50,000 characters."))],
        description=_l("In the same way as the playbook: ## for a heading, - for a list."),
        render_kw={"rows": 12},
    )

    def offer(self, organisations):
        """Offer these organisations as parties."""
        self.parties.choices = [(str(each.id), each.name) for each in organisations]
        self.parts.choices = [(part.value, _(LABELS[part])) for part in CHOSEN]

    def fill(self, agreement):
        """Show an agreement as it is."""
        for name in ("title", "body", "starts_on", "ends_on"):
            self[name].data = getattr(agreement.row, name)
        self.parties.data = [str(party.id) for party in agreement.parties]
        self.parts.data = list(agreement.row.parts)

    def draft(self):
        """The valid form as what the service takes."""
        return Draft(
            (self.title.data or "").strip(),
            tuple(uuid.UUID(value) for value in self.parties.data or ()),
            tuple(Part(value) for value in self.parts.data or ()),
            self.starts_on.data,
            self.ends_on.data,
            (self.body.data or "").strip(),
        )

    def show(self, problems):
        """Put every problem at its field, and what concerns the whole on top."""
        for name, message in problems:
            if name:
                self[name].errors = [*self[name].errors, _(message)]
            else:
                self.form_errors.append(_(message))
