"""The short form some months after a case was closed."""

# mypy: ignore-errors
# WTForms and Flask-AppBuilder carry no types: strictness would only count their silence.

import uuid
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.audit.service import record_read
from app.database import transaction
from app.security.guard import act
from app.ui.views import PortalView
from tenants.cases import words
from tenants.cases.codes import EvictionOutcome, HousingOutcome
from tenants.cases.service import CaseError, NoSuchCaseError
from tenants.guidance import aftercare
from tenants.guidance.answering import Stands, refused
from tenants.guidance.forms import AftercareForm


class AftercareView(PortalView):
    route_base = "/nazorg"
    class_permission_name = "cases"
    default_view = "ask"

    @expose("/<uuid:task_id>/", methods=["GET", "POST"])
    @act("write")
    def ask(self, task_id: uuid.UUID) -> ResponseReturnValue:
        """What became of the household; afterwards the next line of Vandaag waits."""
        try:
            case, row = aftercare.of_task(task_id)
        except NoSuchCaseError:
            abort(404)
        form = AftercareForm(moved=case.housing_outcome != HousingOutcome.STAYED)

        def page(status: int = 200, **shown: Any) -> ResponseReturnValue:
            ended = [words.label(HousingOutcome, case.housing_outcome),
                     words.label(EvictionOutcome, case.eviction_outcome)]  # fmt: skip
            given = {"case": case, "row": row, "form": form, "ended": " · ".join(filter(None, ended))}
            return render_template("guidance/aftercare.html", **given, **shown), status

        def stands() -> Stands:
            values = {name: getattr(row, name) for name in ("contact", "still_there", "housing", "note")}
            return Stands(row, values, AftercareForm(formdata=None, data=values))

        if request.method == "GET":
            with transaction():
                record_read("case_file", case.id, case.id, "case work")
            return page()
        if not form.validate():
            return page(422)
        try:
            aftercare.answer(task_id, form.values())
        except CaseError as error:
            return refused(error, form, page, stands)
        flash(_("Noted for %(name)s.", name=case.display_name), "success")
        return redirect(url_for("TodayView.index"))
