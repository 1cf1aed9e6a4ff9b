"""The forms of a session: what is prepared for a case, and what came of it."""

# mypy: ignore-errors
# WTForms carries no types: strictness would only count their silence.

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, IntegerField, RadioField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import HiddenInput

from app.i18n import N_
from app.ui.fields import DayField
from tenants.cases.codes import JudgmentKind, Presence
from tenants.cases.fields import TextField, TicksField
from tenants.hearings.rules import Lawyer
from tenants.hearings.service import Preparation
from tenants.petitions.course import local_day
from tenants.petitions.forms import HourField, at
from tenants.petitions.hearings import HearingRecord, by_default_with_tenant, record_mark

OPTIONAL = Optional()
UNDECIDED = "undecided"
REFERRAL = N_("Refer to Rechtenverkenning")
# In a row of the session's page the questions are "who was there?" and "what was decided?": the answers are one word.
SHORT = {
    Presence.TENANT: N_("Tenant"),
    Presence.LAWYER: N_("Lawyer"),
    Presence.OCMW: N_("OCMW"),
    Presence.CAW: N_("CAW"),
    Presence.NOBODY: N_("Nobody"),
}
SHORT_RESULTS = {
    JudgmentKind.AGREEMENT: N_("Agreement"),
    JudgmentKind.DEFAULT: N_("By default"),
    JudgmentKind.CONTESTED: N_("Contested"),
    JudgmentKind.CONDITIONAL: N_("Conditional"),
    JudgmentKind.REJECTED: N_("Turned down"),
    JudgmentKind.WITHDRAWN: N_("Withdrawn"),
    JudgmentKind.POSTPONED: N_("Postponed"),
}


class RecordForm(FlaskForm):
    """What came of a hearing: to be filled in within a minute, from top to bottom, with the keyboard alone.

    seen: which record there was when the form was opened (see `hearings.record_mark`).
    """

    present = TicksField(_l("Who was there?"), Presence)
    result = RadioField(_l("What did the judge decide?"), [InputRequired(_l("Choose what the judge decided."))])
    pronounced_on = DayField(_l("Day of the judgment"), [OPTIONAL])
    terms = TextField(_l("Terms of the judgment"), [OPTIONAL], most=4000, render_kw={"rows": 3})
    next_on = DayField(_l("Next hearing on"), [OPTIONAL], description=_l("When the case was put off."))
    next_hour = HourField(_l("Hour"))
    note = TextField(_l("Note"), [OPTIONAL], most=4000, render_kw={"rows": 3})
    refer = BooleanField(_l("Refer to Rechtenverkenning: make a task of it"))
    sure = BooleanField(_l("It was by default all the same"))
    seen = HiddenField()

    def __init__(self, *args, short=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.present.flags.optional = False  # the service asks for it, with words of its own
        kinds = [(value, _(text)) for value, text in JudgmentKind.choices()]
        self.result.choices = [*kinds, (UNDECIDED, _("Not decided yet: the judgment follows"))]
        if short:
            self.present.choices = [(value, _(SHORT[Presence(value)])) for value, _text in Presence.choices()]
            kinds = [(str(kind), _(text)) for kind, text in SHORT_RESULTS.items()]
            self.result.choices = [*kinds, (UNDECIDED, _("Judgment follows"))]
            self.next_on.description = ""

    @classmethod
    def of(cls, hearing, judgment, **kwargs):
        """Filled with what is recorded already, or else with what is most likely: a judgment of the same day."""
        recorded = hearing.recorded_at is not None
        known = {
            "present": hearing.present or [],
            "result": judgment.kind if judgment else UNDECIDED if recorded else None,
            "pronounced_on": judgment.pronounced_on if judgment else None if recorded else local_day(hearing.at),
            "terms": judgment.terms if judgment else None,
            "note": hearing.note,
            "refer": hearing.referred_on is not None,
            "seen": record_mark(hearing),
            "sure": recorded and by_default_with_tenant(judgment.kind if judgment else None, hearing.present or ()),
        }
        return cls(data=known, **kwargs)

    def record(self):
        """What was filled in, as the service takes it."""
        decided = self.result.data != UNDECIDED
        next_at, next_hour_known = at(self.next_on.data, self.next_hour.data)
        return HearingRecord(
            present=tuple(Presence(value) for value in self.present.data or ()),
            result=JudgmentKind(self.result.data) if decided else None,
            pronounced_on=self.pronounced_on.data if decided else None,
            terms=self.terms.data or None,
            note=self.note.data or None,
            next_at=next_at,
            next_hour_known=next_hour_known,
            referral=_(REFERRAL) if self.refer.data else None,
            sure=self.sure.data,
        )

    @property
    def asks_if_sure(self):
        """Whether what was filled in asks to be confirmed."""
        return by_default_with_tenant(self.result.data, self.present.data or ())


class PreparationForm(FlaskForm):
    """What is ready before the hearing, and what is to be said there."""

    lawyer = RadioField(_l("Is there a lawyer?"), default=Lawyer.UNKNOWN)
    budget_ready = BooleanField(_l("The budget is made up: income and charges are on paper"))
    goes_along = BooleanField(_l("Somebody of the OCMW goes along"))
    proposal = TextField(
        _l("Proposal to the landlord"),
        [OPTIONAL],
        most=600,
        description=_l("Such as: € 150 a month from 1 January, beside the current rent. It is printed on the sheet."),
        render_kw={"rows": 4},
    )
    to_ask = TextField(
        _l("What to ask"),
        [OPTIONAL],
        most=400,
        description=_l("One question on each line. What can always be asked is printed below it."),
        render_kw={"rows": 3},
    )
    version = IntegerField(widget=HiddenInput(), default=0)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.lawyer.choices = [(value, _(text)) for value, text in Lawyer.choices()]

    def preparation(self):
        """What was filled in, as the service takes it."""
        return Preparation(
            lawyer=Lawyer(self.lawyer.data),
            budget_ready=self.budget_ready.data,
            goes_along=self.goes_along.data,
            proposal=self.proposal.data or None,
            to_ask=self.to_ask.data or None,
        )
