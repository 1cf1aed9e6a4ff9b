"""The page on which the platform's administrator confirms the fund's amounts."""

from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.security.guard import act
from app.ui.views import PortalView
from tenants.letters import fund_amounts
from tenants.letters.forms import FundAmountForm


class FundAmountView(PortalView):
    route_base = "/bedragen"
    class_permission_name = "platform"

    @expose("/", methods=["GET", "POST"])
    @act("write")
    def index(self) -> ResponseReturnValue:
        form = FundAmountForm()
        if request.method == "GET":
            return _page(form)
        if not form.validate():
            return _page(form, 422)
        try:
            fund_amounts.confirm(
                form.valid_from.data, form.maximum.data, form.within_working_days.data, form.source.data
            )
        except fund_amounts.FundAmountError as error:
            form.form_errors.append(_(error.message))
            return _page(form, 422)
        flash(_("The amount is saved. Final agreements keep what they say."), "success")
        return redirect(url_for("FundAmountView.index"))

    @expose("/<day>/terugnemen", methods=["POST"])
    @act("write")
    def take_back(self, day: str) -> ResponseReturnValue:
        try:
            fund_amounts.take_back(date.fromisoformat(day))
        except ValueError:
            abort(404)
        flash(_("The amount is taken back."), "success")
        return redirect(url_for("FundAmountView.index"))


def _page(form: FundAmountForm, status: int = 200) -> ResponseReturnValue:
    rows = list(reversed(fund_amounts.rules()))
    shown = {"form": form, "rows": rows, "own": fund_amounts.confirmed_days()}
    return render_template("letters/fund_amounts.html", **shown), status
