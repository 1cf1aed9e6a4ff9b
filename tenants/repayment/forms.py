"""A plan that is entered by hand, a payment that came in, and why something ends."""

# mypy: ignore-errors
# WTForms carries no types: strictness would only count its silence.

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional

from app.ui.fields import DayField, MoneyField, WholeNumberField
from app.ui.formats import today
from tenants.cases.fields import LineField
from tenants.cases.forms import Part, positive
from tenants.money.rules import MOST_INSTALMENTS
from tenants.repayment.service import NewPlan, Receipt

A_DAY = _l("Fill in the day.")


class PlanForm(Part):
    title = _l("What was agreed")
    widths = {"total": "half", "first_due": "half", "count": "half", "monthly": "half"}
    total = MoneyField(_l("Arrears to pay back"), [InputRequired(_l("Fill in the amount.")), positive])
    first_due = DayField(_l("First instalment on"), [InputRequired(A_DAY)])
    count = WholeNumberField(
        _l("Number of instalments"),
        [Optional(), NumberRange(1, MOST_INSTALMENTS, _l("The number of instalments must be between 1 and 120."))],
        description=_l("One each month."),
    )
    monthly = MoneyField(_l("Or the amount a month"), [Optional(), positive], description=_l("Fill in one of the two."))

    def values(self):
        return NewPlan(self.total.data, self.first_due.data, self.count.data, self.monthly.data)


class ReceiptForm(Part):
    title = _l("Note a payment")
    widths = {"paid_on": "half", "amount": "half"}
    paid_on = DayField(_l("Received on"), [InputRequired(A_DAY)], future=False, default=today)
    amount = MoneyField(
        _l("Amount"),
        [InputRequired(_l("Fill in the amount that was received, more than 0.")), positive],
        description=_l("A part, or more at once, is fine: the oldest instalment is filled first."),
    )
    note = LineField(_l("Note"), [Optional()], most=200, description=_l("Such as: paid at the desk, proof by e-mail."))

    def values(self):
        return Receipt(self.paid_on.data, self.amount.data, self.note.data or "")


class ReasonForm(Part):
    reason = LineField(_l("Why"), [DataRequired(_l("Say why the plan stops."))], most=300)
