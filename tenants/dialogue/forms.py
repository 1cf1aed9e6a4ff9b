"""The forms of the dialogue: partner, contact, agreement, meeting."""

# mypy: ignore-errors
# WTForms carries no types: strictness would only count its silence.

import uuid

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, FieldList, FormField, SelectField
from wtforms.validators import DataRequired, Email, InputRequired, Optional, ValidationError

from app.ui.fields import CodeField, DayField
from app.ui.formats import today
from tenants.cases.fields import LineField, TextField, phone_number
from tenants.dialogue.agreements import NewAgreement, NewDecision, NewMeeting
from tenants.dialogue.cantons import NewStatement
from tenants.dialogue.codes import ContactRole, Coverage, PartnerKind
from tenants.dialogue.rules import cantons, place_called
from tenants.dialogue.service import NewContact, NewPartner

OPTIONAL = Optional()
ROOM = 3  # empty lines for decisions: most talks have no more, and the page of the meeting adds others


class PartnerForm(FlaskForm):
    name = LineField(_l("Name"), [DataRequired(_l("Fill in the name."))], most=200)
    canton = SelectField(_l("Canton"), [OPTIONAL], description=_l("It tells which municipalities are covered."))
    landlord = SelectField(
        _l("Landlord in the cases"), [OPTIONAL], description=_l("Then the open files with this landlord are counted.")
    )
    note = TextField(_l("Note"), [OPTIONAL], most=4000, render_kw={"rows": 3})

    def __init__(self, *args, kind, landlords, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.canton.choices = [("", _("No canton")), *((name, name) for name in cantons())]
        self.landlord.choices = [("", _("Not in the cases yet")), *((str(key), name) for key, name in landlords)]
        if kind is PartnerKind.COURT:
            del self.landlord
        else:
            del self.canton

    def values(self):
        landlord = self.landlord.data if "landlord" in self else None
        return NewPartner(
            self.kind,
            self.name.data,
            canton=(self.canton.data or None) if "canton" in self else None,
            landlord_id=uuid.UUID(landlord) if landlord else None,
            note=self.note.data or None,
        )


class CantonForm(FlaskForm):
    """Where a municipality lies, and who said so."""

    canton = SelectField(_l("Canton"), [DataRequired(_l("Choose a canton from the list."))])
    municipality = LineField(
        _l("Municipality"),
        [DataRequired(_l("Fill in the municipality."))],
        most=60,
        render_kw={"list": "municipalities", "autocomplete": "off"},
    )
    covers = CodeField(
        _l("What you know about it"), Coverage, [DataRequired(_l("Choose what you know about it."))], default="whole"
    )
    source = LineField(
        _l("Who told you, and when"),
        [DataRequired(_l("Say who told you, so that a colleague can check it."))],
        most=200,
        description=_l("Such as: registry, by phone on 12/03/2026. No names of clients."),
    )
    valid_from = DayField(_l("First day"), [OPTIONAL], description=_l("Only when you know that it changed on a day."))
    valid_to = DayField(_l("Last day"), [OPTIONAL], description=_l("Only when it stops, for instance by a merger."))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.canton.choices = [("", _("Choose a canton")), *((name, name) for name in cantons())]

    def validate_municipality(self, field):
        if place_called(field.data, self.valid_to.data or today()) is None:
            raise ValidationError(_("We do not know this municipality. Choose one from the list."))

    def validate_valid_to(self, field):
        if field.data and self.valid_from.data and field.data < self.valid_from.data:
            raise ValidationError(_("The last day comes before the first one. Correct one of the two."))

    def values(self):
        return NewStatement(
            self.canton.data,
            place_called(self.municipality.data, self.valid_to.data or today()).nis,
            Coverage(self.covers.data),
            self.source.data,
            self.valid_from.data,
            self.valid_to.data,
        )


class TalkForm(FlaskForm):
    due_on = DayField(_l("Next yearly talk"), [OPTIONAL])


class PartnerContactForm(FlaskForm):
    name = LineField(_l("First and last name"), [DataRequired(_l("Fill in the name."))], most=120)
    role = CodeField(_l("Function"), ContactRole)
    phone = LineField(_l("Phone at work"), [OPTIONAL, phone_number], most=40, render_kw={"type": "tel"})
    email = LineField(
        _l("E-mail at work"),
        [OPTIONAL, Email(_l("This is not an e-mail address. It looks like naam@voorbeeld.be."))],
        most=120,
    )
    note = TextField(
        _l("Note"), [OPTIONAL], most=1000, description=_l("Such as: only in the morning."), render_kw={"rows": 2}
    )

    def validate(self, extra_validators=None):
        good = super().validate(extra_validators)
        if not (self.phone.data or self.email.data):
            message = _("Give a phone number or an e-mail address: at least one of the two.")
            self.phone.errors = [*self.phone.errors, message]
            return False
        return good

    def values(self):
        return NewContact(
            ContactRole(self.role.data),
            self.name.data,
            self.phone.data or None,
            self.email.data or None,
            self.note.data or None,
        )


class PartnerAgreementForm(FlaskForm):
    title = LineField(
        _l("What was agreed"),
        [DataRequired(_l("Say in one line what was agreed."))],
        most=200,
        description=_l("In one line, such as: the registry sends every petition by e-mail on Monday."),
    )
    agreed_on = DayField(_l("Agreed on"), [InputRequired(_l("Fill in the day."))], future=False, default=today)
    body = TextField(_l("Details"), [OPTIONAL], most=10_000)

    def values(self):
        return NewAgreement(self.title.data, self.agreed_on.data, self.body.data or None)


class EndForm(FlaskForm):
    ended_on = DayField(_l("Ended on"), [InputRequired(_l("Fill in the day."))], future=False, default=today)
    reason = LineField(_l("Why"), [DataRequired(_l("Say why it ends."))], most=300)


class DecisionForm(FlaskForm):
    """One line; empty when there is no text and no day. The form around it carries the CSRF token."""

    class Meta:
        csrf = False

    text = LineField(_l("What was decided"), [OPTIONAL], most=300)
    due_on = DayField(_l("To do by"), [OPTIONAL])
    assigned_to = SelectField(_l("By whom"), [OPTIONAL])

    def validate_due_on(self, field):
        if field.data and not self.text.data:
            raise ValidationError(_("Say what has to be done by that day."))
        if field.data and field.data < today():
            raise ValidationError(_("This day is over. Choose today or a day to come."))


class MeetingForm(FlaskForm):
    held_on = DayField(_l("Held on"), [InputRequired(_l("Fill in the day."))], future=False, default=today)
    present = LineField(_l("Who was there"), [OPTIONAL], most=300)
    is_yearly = BooleanField(
        _l("This was the yearly talk"), description=_l("The next one is then due in a year, and stands in Today.")
    )
    notes = TextField(_l("What was said"), [OPTIONAL], most=20_000, render_kw={"rows": 8})
    decisions = FieldList(FormField(DecisionForm), _l("Decisions"), min_entries=ROOM, max_entries=20)

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        for line in self.decisions:
            line.form.assigned_to.choices = [
                ("", _("The team")),
                *((str(user.id), user.get_full_name()) for user in people),
            ]

    def validate(self, extra_validators=None):
        good = super().validate(extra_validators)
        if not (self.notes.data or any(line.form.text.data for line in self.decisions)):
            self.notes.errors = [*self.notes.errors, _("Write down what was said, or at least one decision.")]
            return False
        return good

    def values(self):
        decisions = tuple(
            NewDecision(
                line.form.text.data,
                line.form.due_on.data,
                int(line.form.assigned_to.data) if line.form.assigned_to.data else None,
            )
            for line in self.decisions
            if line.form.text.data
        )
        return NewMeeting(
            self.held_on.data,
            self.present.data or "",
            self.notes.data or None,
            bool(self.is_yearly.data),
            decisions,
        )
