"""Changing a plan: its steps, their days, its end; and its panel on the page of a case."""

# mypy: ignore-errors
# WTForms and Flask-AppBuilder carry no types: strictness would only count their silence.

import uuid
from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from app.security.guard import act
from app.tenancy import current_tenant_id
from app.ui.views import PortalView
from tenants.cases.codes import CaseState, Channel, Moment
from tenants.cases.editing import case_or_404
from tenants.cases.models import Case
from tenants.cases.service import NoSuchCaseError
from tenants.outreach import plan as plans
from tenants.outreach import wording
from tenants.outreach.codes import StepState
from tenants.outreach.forms import AddStepForm, MoveStepForm, ReasonForm


class PlanView(PortalView):
    route_base = "/pogingen"
    class_permission_name = "cases"
    default_view = "start"

    @expose("/dossier/<uuid:case_id>/plan", methods=["POST"])
    @act("write")
    def start(self, case_id: uuid.UUID) -> ResponseReturnValue:
        """Start a plan by hand."""
        case_or_404(case_id)
        try:
            plans.start(case_id)
            flash(_("The plan has started. Its steps appear in Today."), "success")
        except plans.PlanError as error:
            flash(_(error.message), "warning")
        return redirect(_case_page(case_id))

    @expose("/stap/<uuid:step_id>/", methods=["GET", "POST"])
    @act("write")
    def step(self, step_id: uuid.UUID) -> ResponseReturnValue:
        """Plan a step on another day, or skip it."""
        try:
            step = plans.find_step(step_id)
        except NoSuchCaseError:
            abort(404)
        case, row = case_or_404(step.case_id), plans.find_plan(step.plan_id).row
        title = _("Step: %(channel)s", channel=_(Channel(step.channel).label))
        wish = request.form.get("do")
        move = MoveStepForm(None if wish == "skip" else request.form or None, data={"day": step.due_on})
        skip = ReasonForm(None if wish == "move" else request.form or None)

        def page(status: int = 200, gone: str = "") -> ResponseReturnValue:
            seen = request.form.get("seen", "") if status == 422 else step.due_on.isoformat()
            shown = {
                "move": move,
                "skip": skip,
                "gone": gone,
                "title": title,
                "seen": seen,
                "is_open": step.state == StepState.OPEN,
                "due_on": step.due_on,
            }
            return _page("outreach/step.html", case, row.moment, **shown), status

        if request.method == "GET":
            return page()
        if wish == "skip":
            return _try(skip, lambda: plans.skip_step(step_id, skip.reason.data or ""), page, case, _("Skipped."))

        def plan() -> None:
            plans.move_step(step_id, move.day.data, first=move.first.data, seen=request.form.get("seen"))

        return _try(move, plan, page, case, _("Planned."))

    @expose("/plan/<uuid:plan_id>/", methods=["GET", "POST"])
    @act("write")
    def change(self, plan_id: uuid.UUID) -> ResponseReturnValue:
        """Add a step to a plan, or stop it."""
        try:
            plan = plans.find_plan(plan_id)
        except NoSuchCaseError:
            abort(404)
        case, wish = case_or_404(plan.row.case_id), request.form.get("do")
        add = AddStepForm(None if wish == "stop" else request.form or None)
        stop = ReasonForm(None if wish == "add" else request.form or None)

        def page(status: int = 200, gone: str = "") -> ResponseReturnValue:
            shown = {"add": add, "stop": stop, "gone": gone, "can_stop": plan.is_alive}
            return _page("outreach/plan.html", case, plan.row.moment, **shown), status

        if request.method == "GET":
            return page()
        if wish == "stop":
            return _try(stop, lambda: plans.stop(plan_id, stop.reason.data or ""), page, case, _("Stopped."))
        return _try(
            add,
            lambda: plans.add_step(plan_id, Channel(add.channel.data), add.day.data),
            page,
            case,
            _("Added to the plan."),
        )


def _try(
    form: FlaskForm, change: Callable[[], None], page: Callable[..., ResponseReturnValue], case: Case, done: str
) -> ResponseReturnValue:
    """Change the plan; what is refused stands on the form, what was overtaken is told with 409."""
    if not form.validate():
        return page(422)
    try:
        change()
    except plans.GoneError as error:
        return page(409, _(error.message))
    except plans.PlanError as error:
        wrong = form[error.field] if error.field else form.form_errors
        if error.field:
            wrong.errors = [*wrong.errors, _(error.message)]
        else:
            wrong.append(_(error.message))
        return page(422)
    flash(done, "success")
    return redirect(_case_page(case.id))


def _page(template: str, case: Case, moment: str, **shown: Any) -> str:
    return render_template(template, case=case, moment=_(Moment(moment).label), back=_case_page(case.id), **shown)


def _case_page(case_id: uuid.UUID) -> str:
    return url_for("CaseView.show_case", case_id=case_id, _anchor="plan")


def panel(case: Case) -> dict[str, Any] | None:
    """The plan that matters, the earlier ones below it; without a plan a way to start one. Plans are the own
    organisation's: a partner with whom the case is shared does not see them."""
    if case.tenant_id != current_tenant_id():
        return None
    known = plans.plans_of(case.id)
    if not known and (case.state != CaseState.OPEN or case.reached_on is not None):
        return None
    return {"plan": known[0] if known else None, "earlier": known[1:], "said": wording}
