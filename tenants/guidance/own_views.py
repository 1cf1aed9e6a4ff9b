"""The page on which an organisation sets its own measures for the entry conditions of guidance."""

# mypy: ignore-errors
# WTForms and Flask-AppBuilder carry no types: strictness would only count their silence.

from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField
from wtforms.validators import InputRequired, Optional, ValidationError

from app.security.guard import act
from app.ui.fields import MoneyField
from app.ui.views import PortalView
from tenants.cases.fields import LineField
from tenants.guidance.codes import Condition
from tenants.guidance.own import STANDARD, OwnConditionsError, kept, own_rules, set_own_rules
from tenants.guidance.rules.own import OwnRules
from tenants.organisations.own import SetMeanwhileError
from tenants.organisations.service import names


class NumberField(MoneyField):
    """A number with at most two decimals, typed with a comma or a point: '6', '2,5'."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{Decimal(self.data):.2f}".rstrip("0").rstrip(".").replace(".", ",")

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValidationError:
            raise ValidationError(_l("This is not a number. Write it as 2 or 2,5.")) from None


class OwnConditionsForm(FlaskForm):
    least = NumberField(
        _l("Arrears from how many times the rent?"),
        [InputRequired(_l("Fill in a number."))],
        description=_l("Standard: 2 (BVR of 3 May 2019)"),
    )
    most = NumberField(
        _l("And up to how many times the rent?"),
        [InputRequired(_l("Fill in a number."))],
        description=_l("Standard: 6 (BVR of 3 May 2019)"),
    )
    rent_share = NumberField(
        _l("The rent is at most this percentage of the net income"),
        [Optional()],
        description=_l("Standard: no limit. Such as 33,3 for a third of the income. Counts for the FBU."),
    )
    accepts_budget_help = BooleanField(
        _l("The household accepts budget and debt help"),
        description=_l("Standard: asked (Brugge, Team Wonen). Counts for the FBU."),
    )
    positive_budget = BooleanField(
        _l("The budget plan is positive"), description=_l("Standard: asked (Brugge, Team Wonen). Counts for the FBU.")
    )
    source = LineField(
        _l("Where was this decided?"),
        [Optional()],
        most=200,
        description=_l(
            "Such as: decision of the special committee (BCSD) of 12 March 2026. It is shown beside the condition."
        ),
    )

    @classmethod
    def of(cls, own: OwnRules, **kwargs: Any) -> "OwnConditionsForm":
        """The form, filled in with these rules until something is sent."""
        return cls(
            data={
                "least": own.least,
                "most": own.most,
                "rent_share": own.rent_share,
                "accepts_budget_help": Condition.ACCEPTS_BUDGET_HELP not in own.without,
                "positive_budget": Condition.POSITIVE_BUDGET not in own.without,
                "source": own.source,
            },
            **kwargs,
        )

    def rules(self) -> OwnRules:
        """What was filled in."""
        asked = {
            Condition.ACCEPTS_BUDGET_HELP: self.accepts_budget_help.data,
            Condition.POSITIVE_BUDGET: self.positive_budget.data,
        }
        without = frozenset(condition for condition, is_asked in asked.items() if not is_asked)
        return OwnRules(self.least.data, self.most.data, self.rent_share.data, without, self.source.data or "")


class OwnConditionsView(PortalView):
    route_base = "/eigen-regels"
    class_permission_name = "own_rules"

    @expose("/", methods=["GET", "POST"])
    @act("write")
    def index(self) -> ResponseReturnValue:
        form = OwnConditionsForm.of(own_rules())
        if request.method == "GET":
            return _page(form)
        if not form.validate():
            return _page(form, 422)
        return _set(form, form.rules(), _("The conditions are saved. What was decided before keeps its own."))

    @expose("/standaard", methods=["POST"])
    @act("write")
    def standard(self) -> ResponseReturnValue:
        """Back to the conditions that the portal begins with."""
        return _set(OwnConditionsForm.of(STANDARD, formdata=None), STANDARD, _("The standard counts again."))


def _set(form: OwnConditionsForm, chosen: OwnRules, done: str) -> ResponseReturnValue:
    try:
        set_own_rules(chosen, request.form.get("seen", 0, type=int))
    except OwnConditionsError as error:
        for field, message in error.problems.items():
            form[field].errors = [*form[field].errors, _(message)]
        return _page(form, 422)
    except SetMeanwhileError as error:
        return _page(form, 409, late=names([error.by]).get(error.by, ""), is_late=True)
    flash(done, "success")
    return redirect(url_for("OwnConditionsView.index"))


def _page(form: OwnConditionsForm, status: int = 200, **late: Any) -> ResponseReturnValue:
    own = kept()
    page = render_template(
        "guidance/own_conditions.html", form=form, own=own, rules=own_rules(), names=names([own.by]), **late
    )
    return page, status
