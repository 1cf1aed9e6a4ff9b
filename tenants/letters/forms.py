"""The forms of documents. A draft may be saved half filled in: only what is filled in wrongly is refused."""

# mypy: ignore-errors
# WTForms carries no types: strictness would only count its silence.

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectMultipleField
from wtforms.validators import DataRequired, Email, InputRequired, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.ui.fields import CodeField, DayField, MoneyField, WholeNumberField
from tenants.cases.fields import LineField, TextField, account_number, enterprise_number, phone_number
from tenants.letters.letterhead import NewLetterhead, shown_kbo
from tenants.letters.rules import AgreementKind, ContactEvery, Terms
from tenants.money.rules import MOST_INSTALMENTS, OgmError, read_structured_communication


class Later(Optional):
    """May be empty in a draft; the field isn't marked as one that need not be filled in."""

    def __init__(self):
        super().__init__()
        self.field_flags = {}


LATER, OPTIONAL = Later(), Optional()
EMAIL = Email(_l("This is not an e-mail address. It looks like naam@voorbeeld.be."))


def positive(form, field):
    """An amount of money that is owed or paid; ten million is a slip of the pen."""
    if field.data is not None and not 0 <= field.data < 10_000_000:
        raise ValidationError(_("Check this amount."))


def communication(form, field):
    """Twelve digits with their check are written as a structured communication; other text stays text."""
    if field.data and sum(c.isdigit() for c in field.data) >= 10 and not any(c.isalpha() for c in field.data):
        try:
            field.data = read_structured_communication(field.data)
        except OgmError as error:
            raise ValidationError(_(str(error))) from None


class AgreementForm(FlaskForm):
    """The terms of a guidance agreement. `version` is the draft's when the form was opened."""

    class Meta:
        csrf = False  # the page's own token covers the form

    version = HiddenField()
    signers = SelectMultipleField(
        _l("Who signs as a tenant"), [LATER], widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    arrears = MoneyField(_l("Rent arrears"), [LATER, positive], description=_l("In euro, everything that is owed."))
    arrears_on = DayField(_l("Counted on"), [LATER])
    arrears_note = LineField(
        _l("What the arrears consist of"),
        [OPTIONAL],
        most=200,
        description=_l("As the end of a sentence in Dutch: 'de huur van november tot en met februari'."),
    )
    reason = TextField(
        _l("What happened"),
        [OPTIONAL],
        most=1500,
        description=_l("In Dutch, in words that everyone who signs may read."),
        render_kw={"rows": 3},
    )
    charges = MoneyField(_l("Charges beside the rent, a month"), [OPTIONAL, positive])

    ocmw_payment = MoneyField(_l("The OCMW pays to the landlord"), [LATER, positive])
    recovered = MoneyField(
        _l("Of which the tenant pays back"),
        [OPTIONAL, positive],
        description=_l("Only when your local rules say so."),
    )
    decision_on = DayField(_l("Decision of the special committee"), [OPTIONAL])

    instalment_count = WholeNumberField(
        _l("Number of instalments"),
        [LATER, NumberRange(1, MOST_INSTALMENTS, _l("The number of instalments must be between 1 and 120."))],
    )
    instalment_amount = MoneyField(_l("Or the amount a month"), [LATER, positive])
    first_due = DayField(_l("First instalment on"), [LATER])
    pay_to = LineField(_l("Landlord's account (IBAN)"), [LATER, account_number], most=42)
    communication = LineField(_l("Communication with the payment"), [OPTIONAL, communication], most=40)

    contact_name = LineField(_l("Contact person"), [LATER], most=100)
    contact_phone = LineField(_l("Phone"), [LATER, phone_number], most=40, render_kw={"type": "tel"})
    contact_email = LineField(_l("E-mail"), [LATER, EMAIL], most=120)
    contact_every = CodeField(_l("They speak each other"), ContactEvery, default=ContactEvery.MONTH)
    goals = TextField(
        _l("What they work at together"),
        [OPTIONAL],
        most=1500,
        description=_l("In Dutch, one on each line, such as: een huursubsidie aanvragen."),
        render_kw={"rows": 4},
    )
    start = DayField(_l("From"), [LATER])
    months = WholeNumberField(
        _l("Number of months"), [LATER, NumberRange(1, 36, _l("Fill in a number of months from 1 to 36."))]
    )
    extra = TextField(
        _l("Other arrangements"),
        [OPTIONAL],
        most=3000,
        description=_l("In Dutch, whole sentences. They come into the agreement as you write them."),
        render_kw={"rows": 3},
    )
    place = LineField(_l("Place of signing"), [LATER], most=80)
    signed_on = DayField(
        _l("Day of signing"), [OPTIONAL], description=_l("Leave it empty to have everyone write the date.")
    )

    SECTIONS = (
        (_l("Who signs"), None, ("signers",)),
        (_l("The arrears and why"), None, ("arrears", "arrears_on", "arrears_note", "charges", "reason")),
        (_l("Under the fund"), "fbu", ("ocmw_payment", "recovered", "decision_on")),
        (
            _l("How it is paid back"),
            None,
            ("instalment_count", "instalment_amount", "first_due", "pay_to", "communication"),
        ),
        (
            _l("The guidance"),
            None,
            ("start", "months", "contact_name", "contact_every", "contact_phone", "contact_email", "goals", "extra"),
        ),
        (_l("Signing"), None, ("place", "signed_on")),
    )
    WHOLE_LINE = frozenset({"signers", "arrears_note", "reason", "goals", "extra"})

    def __init__(self, persons, kind, **kwargs):
        super().__init__(**kwargs)
        self.kind = AgreementKind(kind)
        self.signers.choices = [(str(p.id), f"{p.first_name} {p.last_name}".strip()) for p in persons]

    def sections(self):
        """(title, fields) of the sections that this kind of agreement has."""
        return [
            (title, [self[name] for name in names])
            for title, only, names in self.SECTIONS
            if only in (None, self.kind.value)
        ]

    def terms(self):
        """What a valid form says."""
        texts = ("reason", "arrears_note", "pay_to", "communication", "contact_name", "contact_phone",
                 "contact_email", "extra", "place")  # fmt: skip
        values = ("charges", "arrears", "arrears_on", "instalment_count", "instalment_amount", "first_due", "start",
                  "months", "signed_on")  # fmt: skip
        of_the_fund = ("ocmw_payment", "decision_on") if self.kind is AgreementKind.FBU else ()
        recovered = self.recovered.data if of_the_fund else None
        return Terms(
            kind=self.kind,
            goals=tuple(line for line in (self.goals.data or "").splitlines() if line),
            contact_every=ContactEvery(self.contact_every.data or ContactEvery.MONTH),
            **({"recovered": recovered} if recovered is not None else {}),
            **{name: self[name].data or "" for name in texts},
            **{name: self[name].data for name in (*values, *of_the_fund)},
        )


def data_of(terms: Terms, signers: tuple[str, ...], version: int) -> dict[str, object]:
    """What the form shows of a stored draft."""
    return {**vars(terms), "goals": "\n".join(terms.goals), "signers": list(signers), "version": version,
            "recovered": terms.recovered or None}  # fmt: skip


class FundAmountForm(FlaskForm):
    """A confirmed maximum of the fund, from a day on."""

    class Meta:
        csrf = False

    valid_from = DayField(_l("Holds from"), [InputRequired(_l("Fill in the day."))])
    maximum = MoneyField(_l("At most, in euro"), [InputRequired(_l("Fill in the amount.")), positive])
    within_working_days = WholeNumberField(
        _l("To be paid within so many working days"),
        [InputRequired(_l("Fill in a number of days.")), NumberRange(1, 60, _l("Choose between 1 and 60 days."))],
        default=10,
    )
    source = LineField(
        _l("Source"),
        [DataRequired(_l("Say where you read it."))],
        most=300,
        description=_l("Such as: BVR 3 mei 2019, geïndexeerd bedrag 2027, Wonen in Vlaanderen."),
    )


class LetterheadForm(FlaskForm):
    """The organisation's letterhead."""

    class Meta:
        csrf = False

    street = LineField(_l("Street and number"), [DataRequired(_l("Fill in the street and number."))], most=150)
    postcode = LineField(_l("Postcode"), [DataRequired(_l("Fill in the postcode."))], most=10)
    city = LineField(_l("Municipality"), [DataRequired(_l("Fill in the municipality."))], most=80)
    enterprise_number = LineField(
        _l("Enterprise number (KBO)"),
        [DataRequired(_l("Fill in the enterprise number.")), enterprise_number],
        most=20,
    )
    phone = LineField(_l("Phone"), [DataRequired(_l("Fill in the phone number.")), phone_number], most=40)
    email = LineField(_l("E-mail"), [OPTIONAL, EMAIL], most=120)
    dpo = LineField(
        _l("Data protection officer"),
        [DataRequired(_l("Fill in how to reach the data protection officer."))],
        most=150,
        description=_l("An e-mail address or a phone number; it stands on every agreement."),
    )
    representatives = TextField(
        _l("Who signs for the organisation"),
        [DataRequired(_l("Fill in who signs."))],
        most=600,
        description=_l("One on each line: name, function."),
        render_kw={"rows": 3},
    )
    retention_years = WholeNumberField(
        _l("Years that a closed case is kept"),
        [InputRequired(_l("Fill in a number of years.")), NumberRange(1, 100, _l("Fill in a number from 1 to 100."))],
        default=10,
        description=_l("Ten years is usual; your records schedule (selectielijst) decides."),
    )

    def values(self):
        texts = ("street", "postcode", "city", "enterprise_number", "phone", "email", "dpo")
        return NewLetterhead(
            **{name: self[name].data or "" for name in texts},
            representatives=tuple(line for line in self.representatives.data.splitlines() if line),
            retention_years=self.retention_years.data,
        )


def letterhead_data(row) -> dict[str, object]:
    """What the form shows of the stored letterhead (or of none)."""
    if row is None:
        return {}
    texts = ("street", "postcode", "city", "phone", "email", "dpo", "retention_years")
    return {
        **{name: getattr(row, name) for name in texts},
        "enterprise_number": shown_kbo(row.enterprise_number),
        "representatives": "\n".join(row.representatives),
    }
