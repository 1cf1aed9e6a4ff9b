"""The pistes: a compact list on the page of a case, of which each line opens into its own short form."""

# mypy: ignore-errors
# WTForms and Flask-AppBuilder carry no types: strictness would only count their silence.

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.audit.service import record_read
from app.database import transaction
from app.security.guard import act
from app.ui.partials import is_partial
from app.ui.views import PortalView
from tenants.cases import words
from tenants.cases.editing import case_or_404, version_given
from tenants.cases.models import Case
from tenants.cases.service import CaseError
from tenants.guidance import checklist, wording
from tenants.guidance.answering import Stands, refused
from tenants.guidance.codes import Means, Piste, PisteState
from tenants.guidance.forms import PisteForm
from tenants.guidance.procedure_views import code_or_404
from tenants.guidance.rules.checklist import EXAMPLES


def panel(case: Case) -> dict[str, Any]:
    """What the list shows; nothing is open in it."""
    answered = checklist.pistes_of(case.id)
    return {
        "pistes": [(piste, answered.get(piste)) for piste in Piste],
        "means_of": lambda row: ", ".join(words.label(Means, each) for each in row.means or ()),
        "state_of": lambda row: words.label(PisteState, row.state),
        "kind_of": lambda row: wording.KIND_OF_PISTE.get(row.state),
        "opened": None,
        "settled": None,
    }


class PisteView(PortalView):
    route_base = "/pistes"
    class_permission_name = "cases"

    @expose("/dossier/<uuid:case_id>/", methods=["GET"])
    @act("read")
    def index(self, case_id: uuid.UUID) -> ResponseReturnValue:
        return _page(case_or_404(case_id))

    @expose("/dossier/<uuid:case_id>/<piste>/", methods=["GET", "POST"])
    @act("write")
    def piste(self, case_id: uuid.UUID, piste: str) -> ResponseReturnValue:
        """Say how a piste was explored; htmx gets the list with this line open, others the page of it."""
        case = case_or_404(case_id)
        chosen = code_or_404(Piste, piste)
        known = checklist.pistes_of(case_id).get(chosen)
        form = PisteForm(chosen, data=_values(known))

        def page(status: int = 200, **shown: Any) -> ResponseReturnValue:
            now = checklist.pistes_of(case_id).get(chosen)
            return _page(case, status, opened=chosen, form=form, version=now.version if now else 0, **shown)

        if request.method == "GET":
            with transaction():
                record_read("case_file", case.id, case.id, "case work")
            return page()
        if not form.validate():
            return page(422)
        try:
            checklist.answer_piste(case_id, chosen, *form.values(), version=version_given())
        except CaseError as error:
            return refused(error, form, page, lambda: _stands(case_id, chosen))
        if is_partial():
            return _page(case, settled=chosen)
        flash(_("Noted."), "success")
        return redirect(url_for("CaseView.show_case", case_id=case_id) + "#pistes")


def _values(row: Any) -> dict[str, Any]:
    return {"state": row.state, "means": row.means, "note": row.note} if row else {}


def _stands(case_id: uuid.UUID, piste: Piste) -> Stands:
    row = checklist.pistes_of(case_id).get(piste)
    values = _values(row) or dict.fromkeys(("state", "means", "note"))
    return Stands(row, values, PisteForm(piste, formdata=None, data=values))


def _page(case: Case, status: int = 200, **shown: Any) -> ResponseReturnValue:
    template = "guidance/panel_pistes.html" if is_partial() else "guidance/pistes.html"
    return render_template(template, case=case, examples=EXAMPLES, **(panel(case) | shown)), status
