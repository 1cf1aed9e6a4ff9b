"""The page on which an organisation sets its own points for the caseload."""

# mypy: ignore-errors
# WTForms and Flask-AppBuilder carry no types: strictness would only count their silence.

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms.validators import InputRequired, NumberRange

from app.security.guard import act
from app.ui.fields import WholeNumberField
from app.ui.views import PortalView
from tenants.caseload.rules import MOST, STANDARD, Weights
from tenants.caseload.service import set_weights, weights
from tenants.organisations.own import SetMeanwhileError
from tenants.organisations.service import names


class WeightsForm(FlaskForm):
    """A number of points per stage and per procedure; the fields are made from the code lists."""

    @classmethod
    def of(cls, counting: Weights, **kwargs: Any) -> "WeightsForm":
        """The form, filled in with these points until something is sent."""
        return cls(data=_data(counting), **kwargs)

    @property
    def stages(self) -> list[Any]:
        return [self[f"stage_{stage}"] for stage in STANDARD.by_stage]

    @property
    def procedures(self) -> list[Any]:
        return [self[f"procedure_{kind}"] for kind in STANDARD.by_procedure]

    def weights(self) -> Weights:
        """What was filled in."""
        return Weights(
            {stage: self[f"stage_{stage}"].data for stage in STANDARD.by_stage},
            {kind: self[f"procedure_{kind}"].data for kind in STANDARD.by_procedure},
        )


def _data(counting: Weights) -> dict[str, int]:
    told = {f"stage_{stage}": points for stage, points in counting.by_stage.items()}
    return told | {f"procedure_{kind}": points for kind, points in counting.by_procedure.items()}


def _points(label: str, standard: int) -> WholeNumberField:
    return WholeNumberField(
        _l(label),
        [
            InputRequired(_l("Fill in a number of points.")),
            NumberRange(0, MOST, _l("Fill in a number from 0 to %(most)d.", most=MOST)),
        ],
        description=_l("Standard: %(points)d", points=standard),
        render_kw={"inputmode": "numeric", "min": 0, "max": MOST},
    )


for _code, _standard in (*STANDARD.by_stage.items(), *STANDARD.by_procedure.items()):
    _kind = "stage" if _code in STANDARD.by_stage else "procedure"
    setattr(WeightsForm, f"{_kind}_{_code}", _points(_code.label, _standard))


class WeightsView(PortalView):
    route_base = "/eigen-regels/gewichten"
    class_permission_name = "own_rules"

    @expose("/", methods=["GET", "POST"])
    @act("write")
    def index(self) -> ResponseReturnValue:
        counting, _own = weights()
        form = WeightsForm.of(counting)
        if request.method == "GET":
            return _page(form)
        if not form.validate():
            return _page(form, 422)
        return _set(form, form.weights(), _("The points are saved and count at once."))

    @expose("/standaard", methods=["POST"])
    @act("write")
    def standard(self) -> ResponseReturnValue:
        """Back to the points that the portal begins with."""
        return _set(WeightsForm(formdata=None, data=_data(STANDARD)), STANDARD, _("The standard counts again."))


def _set(form: WeightsForm, chosen: Weights, done: str) -> ResponseReturnValue:
    try:
        set_weights(chosen, request.form.get("seen", 0, type=int))
    except SetMeanwhileError as error:
        return _page(form, 409, late=names([error.by]).get(error.by, ""), is_late=True)
    flash(done, "success")
    return redirect(url_for("WeightsView.index"))


def _page(form: WeightsForm, status: int = 200, **late: Any) -> ResponseReturnValue:
    _counting, own = weights()
    return render_template("caseload/weights.html", form=form, own=own, names=names([own.by]), **late), status
