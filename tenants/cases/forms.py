"""The forms of a case, in parts: each part serves the new case and the page that changes it."""

# mypy: ignore-errors
# WTForms carries no types: strictness would only count its silence.

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, TimeField
from wtforms.validators import DataRequired, Email, InputRequired, NumberRange, Optional, ValidationError

from app.ui.fields import CodeField, DayField, MoneyField, WholeNumberField
from app.ui.formats import today
from tenants.cases import codes
from tenants.cases.fields import (
    InszField,
    LineField,
    TextField,
    TicksField,
    account_number,
    enterprise_number,
    phone_number,
)
from tenants.cases.intake import NewDwelling, NewHousehold, NewLandlord, NewPerson
from tenants.cases.rules import birth_date_of
from tenants.cases.service import Closing, Grounds, LandlordDetails
from tenants.cases.tasks import NewTask

OPTIONAL = Optional()


class Part(FlaskForm):
    """A part of a form: `title` of its section, `widths` of its fields. The page around it carries the CSRF token."""

    title = ""
    widths = {}

    class Meta:
        csrf = False


class PersonForm(Part):
    title = _l("Person")
    widths = {"last_name": "half", "first_name": "half", "role": "half", "birth_date": "half", "insz": "half",
              "phone": "half", "email": "half"}  # fmt: skip
    last_name = LineField(_l("Family name"), [DataRequired(_l("Fill in the family name."))], most=100)
    first_name = LineField(_l("First name"), [OPTIONAL], most=100)
    role = CodeField(_l("Place in the household"), codes.PersonRole, default=codes.PersonRole.REFERENCE)
    insz = InszField(_l("National register number"))
    birth_date = DayField(
        _l("Date of birth"),
        [OPTIONAL],
        future=False,
        description=_l("Leave it empty when the national register number tells it."),
    )
    phone = LineField(_l("Phone"), [OPTIONAL, phone_number], most=40, render_kw={"type": "tel"})
    email = LineField(
        _l("E-mail"), [OPTIONAL, Email(_l("This is not an e-mail address. It looks like naam@voorbeeld.be."))], most=120
    )

    def validate(self, extra_validators=None):
        good = super().validate(extra_validators)
        told = birth_date_of(self.insz.digits) if self.insz.digits else None
        if told and self.birth_date.data and told != self.birth_date.data:
            self.birth_date.errors = [
                *self.birth_date.errors,
                _("This is not the date of birth in the national register number. Check both."),
            ]
            return False
        return good

    def values(self):
        born = self.birth_date.data or (birth_date_of(self.insz.digits) if self.insz.digits else None)
        return NewPerson(
            last_name=self.last_name.data,
            first_name=self.first_name.data,
            role=codes.PersonRole(self.role.data or codes.PersonRole.OTHER),
            birth_date=born,
            insz=self.insz.digits,
            phone=self.phone.data or None,
            email=self.email.data or None,
        )


class HouseholdForm(Part):
    title = _l("Household")
    widths = {"composition": "half", "children": "half", "net_income": "half", "language": "half"}
    composition = CodeField(_l("Composition"), codes.Composition, default=codes.Composition.UNKNOWN)
    children = WholeNumberField(
        _l("Children under 18"),
        [OPTIONAL, NumberRange(0, 25, _l("Fill in a number from 0 to 25."))],
        description=_l("Leave it empty when it is not known."),
    )
    net_income = MoneyField(_l("Net income a month"), [OPTIONAL], description=_l("In euro, of the whole household."))
    language = LineField(_l("Language they speak best"), [OPTIONAL], most=40)

    def values(self):
        return NewHousehold(
            composition=codes.Composition(self.composition.data or codes.Composition.UNKNOWN),
            children=self.children.data,
            net_income=self.net_income.data,
            language=self.language.data or None,
        )


def positive(form, field):
    """An amount that is paid can't be negative, nor more than its column holds."""
    if field.data is not None and not 0 <= field.data < 10_000_000:
        raise ValidationError(_("Check this amount."))


class DwellingForm(Part):
    title = _l("Dwelling")
    widths = {"street": "half", "house_number": "short", "box": "short", "postcode": "short", "municipality": "half",
              "rent": "half", "lease_start": "half"}  # fmt: skip
    street = LineField(_l("Street"), [OPTIONAL], most=150, render_kw={"autocomplete": "off"})
    house_number = LineField(_l("House number"), [OPTIONAL], most=20)
    box = LineField(_l("Box"), [OPTIONAL], most=20)
    postcode = LineField(_l("Postcode"), [OPTIONAL], most=10, render_kw={"inputmode": "numeric"})
    municipality = LineField(_l("Municipality"), [OPTIONAL], most=80)
    rent = MoneyField(_l("Rent a month"), [OPTIONAL, positive], description=_l("In euro, without charges."))
    lease_start = DayField(_l("Lease since"), [OPTIONAL])

    def validate_postcode(self, field):
        if field.data and not (len(field.data) == 4 and field.data.isascii() and field.data.isdigit()):
            raise ValidationError(_("A postcode has four digits, such as 8400."))

    def values(self):
        names = ("street", "house_number", "box", "postcode", "municipality", "rent", "lease_start")
        return NewDwelling(**{name: self[name].data for name in names})


class LandlordForm(Part):
    title = _l("Landlord")
    widths = {"landlord_name": "half", "landlord_kind": "half"}
    landlord_name = LineField(
        _l("Name of the landlord"),
        [OPTIONAL],
        most=200,
        description=_l("Type a name. A landlord you know already appears under it."),
        render_kw={"list": "landlords", "autocomplete": "off"},
    )
    landlord_kind = CodeField(
        _l("Kind of landlord"),
        codes.LandlordKind,
        default=codes.LandlordKind.PRIVATE_PERSON,
        description=_l("Counts for a landlord who is new here."),
    )

    def values(self):
        kind = codes.LandlordKind(self.landlord_kind.data or codes.LandlordKind.OTHER)
        return NewLandlord(self.landlord_name.data, kind) if self.landlord_name.data else None


class GroundsForm(Part):
    title = _l("Why there is a case")
    widths = {"source": "half", "opened_on": "half", "reason": "half", "market": "half"}
    source = CodeField(_l("Where the first sign came from"), codes.Source)
    opened_on = DayField(_l("Opened on"), [InputRequired(_l("Fill in the day."))], future=False, default=today)
    reason = CodeField(_l("Main reason"), codes.Reason)
    market = CodeField(_l("Rental market"), codes.Market, default=codes.Market.UNKNOWN)
    other_reasons = TicksField(_l("Other reasons"), codes.Reason)

    def values(self):
        return Grounds(
            source=codes.Source(self.source.data),
            reason=codes.Reason(self.reason.data),
            other_reasons=tuple(codes.Reason(r) for r in self.other_reasons.data or () if r != self.reason.data),
            market=codes.Market(self.market.data),
            opened_on=self.opened_on.data,
        )

    def validate(self, extra_validators=None):
        good = super().validate(extra_validators)
        for field in (self.source, self.reason, self.market):
            if field.data is None:
                field.errors = [*field.errors, _("Choose from the list.")]
                good = False
        return good


class CloseForm(Part):
    title = _l("How it ended")
    closed_on = DayField(_l("Closed on"), [InputRequired(_l("Fill in the day."))], future=False, default=today)
    housing = CodeField(_l("Where they live now"), codes.HousingOutcome, blank=_l("Choose"))
    eviction = CodeField(_l("The eviction"), codes.EvictionOutcome, blank=_l("Choose"))
    reason = TextField(
        _l("How it came to this"), [OPTIONAL], most=1000, description=_l("Needed when you choose 'not known' above.")
    )
    helped = TicksField(_l("What helped"), codes.Helped)
    left_open = TextField(_l("Why this stays as it is"), most=1000)

    def __init__(self, *args, left_open=(), **kwargs):
        """left_open: the sentences about what is not finished; without any there is nothing to explain."""
        super().__init__(*args, **kwargs)
        if not left_open:
            del self.left_open

    def validate(self, extra_validators=None):
        good = super().validate(extra_validators)
        for field in (self.housing, self.eviction):
            if field.data is None:
                field.errors = [*field.errors, _("Choose from the list.")]
                good = False
        if "unknown" in (self.housing.data, self.eviction.data) and not self.reason.data:
            self.reason.errors = [*self.reason.errors, _("Say why the outcome is not known.")]
            good = False
        if self.left_open is not None and not self.left_open.data:
            wrong = _("Say why you close the case while something is not finished.")
            self.left_open.errors = [*self.left_open.errors, wrong]
            good = False
        if codes.Helped.NOTHING in (self.helped.data or ()) and len(self.helped.data) > 1:
            self.helped.errors = [*self.helped.errors, _("Choose what helped, or that nothing did: not both.")]
            good = False
        return good

    def values(self, answers=()):
        return Closing(
            self.closed_on.data,
            codes.HousingOutcome(self.housing.data),
            codes.EvictionOutcome(self.eviction.data),
            self.reason.data or "",
            tuple(codes.Helped(value) for value in self.helped.data or ()),
            (self.left_open.data or "") if self.left_open is not None else "",
            dict(answers),
        )


class AskedForm(Part):
    """One of the questions at the closing (`closing.Question`)."""

    answer = RadioField(validators=[InputRequired(_l("Choose one of these."))])

    def __init__(self, question):
        super().__init__(prefix=question.name, data={"answer": question.choices[0][0]})
        self.question, self.title = question, question.title
        self.answer.label.text, self.answer.choices = question.label, list(question.choices)


class LandlordDetailsForm(Part):
    title = _l("Landlord")
    widths = {"name": "half", "kind": "half", "enterprise_number": "half", "contact_name": "half",
              "phone": "half", "email": "half", "iban": "half"}  # fmt: skip
    name = LineField(_l("Name"), [DataRequired(_l("Fill in the name."))], most=200)
    kind = CodeField(_l("Kind of landlord"), codes.LandlordKind)
    enterprise_number = LineField(_l("Enterprise number (KBO)"), [OPTIONAL, enterprise_number], most=20)
    contact_name = LineField(_l("Contact person"), [OPTIONAL], most=150)
    address = LineField(_l("Address"), [OPTIONAL], most=250)
    phone = LineField(_l("Phone"), [OPTIONAL, phone_number], most=40, render_kw={"type": "tel"})
    email = LineField(
        _l("E-mail"), [OPTIONAL, Email(_l("This is not an e-mail address. It looks like naam@voorbeeld.be."))], most=120
    )
    iban = LineField(_l("Account number (IBAN)"), [OPTIONAL, account_number], most=42)

    def values(self):
        names = ("enterprise_number", "contact_name", "address", "phone", "email", "iban")
        own = {name: self[name].data or None for name in names}
        return LandlordDetails(self.name.data, self.kind.data or codes.LandlordKind.OTHER, **own)


class NoteForm(Part):
    title = _l("Note")
    body = TextField(_l("What happened or was said"), [OPTIONAL], render_kw={"rows": 6})


class TaskForm(Part):
    """A promise or something to do. Without a title there is none, unless `required`."""

    title = _l("Promised or to do")
    widths = {"kind": "half", "assigned_to": "half", "due_on": "short", "due_at": "short", "remind_on": "half"}
    task = LineField(
        _l("What"), [OPTIONAL], most=200, description=_l("Such as: call back, ask for the lease, visit together.")
    )
    kind = CodeField(_l("Kind"), codes.TaskKind, default=codes.TaskKind.PROMISE)
    assigned_to = SelectField(_l("For whom"), coerce=lambda v: int(v) if v else None, validate_choice=False)
    due_on = DayField(_l("By when"), [OPTIONAL])
    due_at = TimeField(_l("Hour"), [OPTIONAL], format=["%H:%M", "%H:%M:%S", "%H.%M"])
    remind_on = DayField(
        _l("Remind from"), [OPTIONAL], description=_l("From this day it shows among the work of today.")
    )

    def __init__(self, *args, people=(), required=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.required = required
        # What the portal asks by itself has a form of its own, and is nothing to promise by hand.
        self.kind.choices = [choice for choice in self.kind.choices if choice[0] != codes.TaskKind.AFTERCARE]
        for field in (self.task, self.due_on):
            field.flags.optional = not required
        self.assigned_to.choices = [
            *((str(user.id), user.get_full_name()) for user in people),
            ("", _("the whole team")),
        ]

    @property
    def is_empty(self):
        return not self.task.data and self.due_on.data is None

    def validate(self, extra_validators=None):
        good = super().validate(extra_validators)
        if self.is_empty and not self.required:
            return good
        for field, message in ((self.task, _("Say what was promised.")), (self.due_on, _("Fill in the day."))):
            if not field.data and not field.errors:
                field.errors = [*field.errors, message]
                good = False
        return good

    def validate_remind_on(self, field):
        if field.data and self.due_on.data and field.data >= self.due_on.data:
            raise ValidationError(_("Remind on a day before the day itself, or leave this empty."))

    def values(self, case_id=None):
        return NewTask(
            title=self.task.data,
            due_on=self.due_on.data,
            kind=codes.TaskKind(self.kind.data or codes.TaskKind.PROMISE),
            due_at=self.due_at.data,
            case_id=case_id,
            assigned_to=self.assigned_to.data,
            remind_on=self.remind_on.data,
        )


class AttachmentForm(Part):
    title = _l("File")
    kind = CodeField(_l("What kind of document"), codes.AttachmentKind, default=codes.AttachmentKind.OTHER)


class DuplicateForm(Part):
    title = _l("Known already")
    confirmed = BooleanField(_l("Open a new case all the same"))


class NewCaseForm:
    """All the parts of a new case in one: errors of all of them are told at once."""

    MOST = 12  # persons at once; more can be added to the case itself

    def __init__(self, how_many=1, source=None):
        self.persons = [
            PersonForm(prefix=f"person{n}-", role=codes.PersonRole.PARTNER if n else codes.PersonRole.REFERENCE)
            for n in range(max(1, min(how_many, self.MOST)))
        ]
        self.household, self.dwelling, self.landlord = HouseholdForm(), DwellingForm(), LandlordForm()
        self.grounds, self.note, self.duplicate = GroundsForm(data={"source": source}), NoteForm(), DuplicateForm()
        self.parts = [*self.persons, self.household, self.dwelling, self.landlord, self.grounds, self.note]
        self.form_errors = []

    def __iter__(self):
        return (field for part in self.parts for field in part)

    def validate(self):
        """Whether all is right; every part is looked at, so that nobody finds the next error only later."""
        verdicts = [part.validate() for part in self.parts]
        return all(verdicts)
