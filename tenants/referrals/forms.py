"""The forms of a referral and of the waiting list."""

# mypy: ignore-errors
# WTForms carries no types: strictness would only count its silence.

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.validators import DataRequired, InputRequired, Optional

from app.ui.fields import CodeField, DayField
from app.ui.formats import today
from tenants.cases import codes
from tenants.cases.fields import LineField, TextField
from tenants.cases.forms import DwellingForm, Part, PersonForm
from tenants.cases.intake import NewCase, NewDwelling
from tenants.guidance.codes import ProcedureKind
from tenants.referrals.codes import INSIDE, Leaving, Referrer, WaitsFor
from tenants.referrals.service import NewReferral

NEW = "new"  # the choice 'open a new case all the same'


class ReferrerField(CodeField):
    """The services, those of the OCMW itself and the others in a group each."""

    def iter_choices(self):
        for group in self.iter_groups():
            yield from group[1]

    def has_groups(self):
        return True

    def iter_groups(self):
        given = [(value, label, value == self.data, {}) for value, label in self.choices if value]
        yield _("Inside the OCMW"), [each for each in given if Referrer(each[0]) in INSIDE]
        yield _("Outside"), [each for each in given if Referrer(each[0]) not in INSIDE]


class ReferralForm(Part):
    title = _l("The referral")
    widths = {"referrer": "half", "received_on": "half", "referred_by": "half", "contact": "half", "guidance": "half"}
    referrer = ReferrerField(_l("Which service refers"), Referrer)
    received_on = DayField(_l("Received on"), [InputRequired(_l("Fill in the day."))], future=False, default=today)
    referred_by = LineField(
        _l("Who referred"), [Optional()], most=150, description=_l("Name of the colleague or person.")
    )
    contact = LineField(_l("Phone or e-mail of who referred"), [Optional()], most=150)
    question = TextField(
        _l("What is asked"),
        [DataRequired(_l("Say in a few words what is asked."))],
        most=4000,
        description=_l("What goes wrong, since when, and what was tried already."),
    )
    informed = BooleanField(_l("The household knows of this referral and agrees"))
    guidance = CodeField(
        _l("On the waiting list for"),
        WaitsFor,
        blank=_l("not on the waiting list"),
        description=_l("Only for guidance that can't begin at once."),
    )

    def validate(self, extra_validators=None):
        good = super().validate(extra_validators)
        if self.referrer.data is None:
            self.referrer.errors = [*self.referrer.errors, _("Choose from the list.")]
            good = False
        return good

    def values(self):
        return NewReferral(
            referrer=Referrer(self.referrer.data),
            received_on=self.received_on.data,
            question=self.question.data,
            referred_by=self.referred_by.data or None,
            contact=self.contact.data or None,
            informed=bool(self.informed.data),
            guidance=ProcedureKind(self.guidance.data) if self.guidance.data else None,
        )


class AboutForm(Part):
    """Which case it is about: one by its number, one of those that look alike, or a new one."""

    title = _l("Is there a case already?")
    widths = {"number": "half"}
    number = LineField(
        _l("Case number"), [Optional()], most=20, description=_l("If you know it. Otherwise fill in who it is about.")
    )


class WhoForm(PersonForm):
    """The person whom the case is about; the others of the household are added in the case."""

    role = HiddenField(filters=[lambda _given: codes.PersonRole.REFERENCE])


class HomeForm(DwellingForm):
    """Where they live; rent and lease are asked later, in the case."""

    rent = lease_start = None

    def values(self):
        names = ("street", "house_number", "box", "postcode", "municipality")
        return NewDwelling(**{name: self[name].data for name in names})


class WhyForm(Part):
    title = _l("Why there is a case")
    widths = {"reason": "half", "market": "half"}
    reason = CodeField(_l("Main reason"), codes.Reason)
    market = CodeField(_l("Rental market"), codes.Market, default=codes.Market.UNKNOWN)


class WholeReferral:
    """All parts in one; the parts about the household count only when no case is named."""

    def __init__(self, **data):
        self.referral, self.about = ReferralForm(data=data), AboutForm()
        self.person, self.home, self.why = WhoForm(prefix="person-"), HomeForm(), WhyForm()
        self.form_errors = []

    @property
    def household(self):
        return (self.person, self.home, self.why)

    def __iter__(self):
        return (field for part in (self.referral, self.about, *self.household) for field in part)

    def validate(self, *, linked):
        """Whether all is right; without a case (`linked`) the household must be told too."""
        parts = [self.referral, self.about]
        if not linked and not self.about.number.data:
            parts += self.household
        verdicts = [part.validate() for part in parts]
        return all(verdicts)

    def new_case(self, user_id):
        """The case that the referral opens; nobody carries it while it waits for guidance."""
        waits = bool(self.referral.guidance.data)
        return NewCase(
            persons=(self.person.values(),),
            opened_on=self.referral.received_on.data,
            source=Referrer(self.referral.referrer.data).source,
            reason=codes.Reason(self.why.reason.data or codes.Reason.OTHER),
            market=codes.Market(self.why.market.data or codes.Market.UNKNOWN),
            dwelling=self.home.values(),
            assigned_to=None if waits else user_id,
        )


class ListForm(Part):
    """Putting a case on the waiting list."""

    title = _l("Waiting list")
    widths = {"guidance": "half", "since": "half"}
    guidance = CodeField(_l("Waits for"), WaitsFor)
    since = DayField(
        _l("Waits since"),
        [InputRequired(_l("Fill in the day."))],
        future=False,
        default=today,
        description=_l("The day on which guidance was asked."),
    )

    def validate(self, extra_validators=None):
        good = super().validate(extra_validators)
        if self.guidance.data is None:
            self.guidance.errors = [*self.guidance.errors, _("Choose from the list.")]
            good = False
        return good


class TakeForm(Part):
    """Beginning guidance. `people`: who may be chosen; `must_explain`: another household is in front."""

    title = _l("Begin guidance")
    widths = {"user": "half"}
    user = SelectField(_l("For whom"), coerce=lambda value: int(value) if value else None)
    reason = TextField(_l("Why this household goes first"), [Optional()], most=1000, render_kw={"rows": 3})

    def __init__(self, *args, people=(), must_explain=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.user.choices = [(str(user.id), user.get_full_name()) for user in people]
        self.reason.flags.optional = not must_explain
        if not must_explain:
            del self.reason


class LeaveForm(Part):
    """Off the list without guidance."""

    title = _l("Off the list without guidance")
    why = RadioField(
        _l("Why"),
        choices=[(value, _l(text)) for value, text in Leaving.choices()],
        validate_choice=True,
    )
    note = LineField(_l("More about it"), [Optional()], most=300)

    def validate(self, extra_validators=None):
        if not self.why.data:
            self.why.errors = [_("Choose from the list.")]
            return False
        return super().validate(extra_validators)
