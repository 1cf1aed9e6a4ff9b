"""The guided form of an anonymous case."""

# mypy: ignore-errors
# WTForms carries no types: strictness would only count their silence.

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from playbook.intervision import rules as shared
from tenants.intervision.codes import Section


def _area(label, hint, rows):
    return TextAreaField(label, description=hint, render_kw={"rows": rows})


class DiscussionForm(FlaskForm):
    """The parts of Section, and which coarse facts go along."""

    title = StringField(
        _l("The case in one sentence"),
        description=_l("Such as: ‘Nobody opened the door until the neighbour helped’."),
    )
    household = _area(
        _l("The household, in general words"),
        _l("Who are they, roughly, and how did they live? ‘A young couple with a baby’ is enough."), 4,
    )  # fmt: skip
    arrival = _area(
        _l("How it came to the OCMW"), _l("Where did the sign come from, and how late was it in the procedure?"), 3
    )
    tried = _area(_l("What was tried"), _l("By whom, in which order? ‘After two weeks’ instead of a day."), 6)
    helped = _area(
        _l("What helped and what stood in the way"),
        _l("What did the household do itself? Which partner was missing?"),
        5,
    )
    question = _area(
        _l("The question to colleagues"),
        _l("What do you want to hear from them? At which moment could it have gone otherwise?"),
        3,
    )
    facts = SelectMultipleField(
        _l("In short"),
        description=_l("From the file, always as a band or a code. Untick what would make the case recognisable."),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    revision = IntegerField("", [InputRequired()], widget=HiddenInput(), default=0)

    def offer(self, facts):
        """The facts of the case (Fact -> code)."""
        self.facts.choices = [
            (key, _("%(label)s: %(text)s", label=_(shared.LABELS[key]), text=_(shared.CODES[key][code]).lower()))
            for key, code in facts.items()
        ]

    def fill(self, texts, left_out, revision):
        """Show a draft as it is."""
        for section, text in texts.items():
            self[section.value].data = text
        self.facts.data = [key for key, _label in self.facts.choices if key not in left_out]
        self.revision.data = revision

    def texts(self):
        """The parts as typed."""
        return {section: (self[section.value].data or "").replace("\r\n", "\n") for section in Section}

    def left_out(self):
        """Codes of the facts that stay out."""
        return [key for key, _label in self.facts.choices if key not in (self.facts.data or [])]

    def show(self, problems):
        """Put every problem at its part, or above the form."""
        for section, message in problems:
            if section is None:
                self.form_errors.append(_(message))
            else:
                self[section.value].errors = [*self[section.value].errors, _(message)]
