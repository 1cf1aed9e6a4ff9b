"""Handing a case over: the page, the list of hand-overs, and what the page of a case shows of them."""

# mypy: ignore-errors
# WTForms and Flask-AppBuilder carry no types: strictness would only count their silence.

import uuid
from collections.abc import Iterator
from typing import Any

from flask import Flask, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.audit.service import record_read
from app.database import transaction
from app.security.guard import act
from app.tenancy import current
from app.ui.viewer import viewer
from app.ui.views import PortalView
from tenants.caseload import service
from tenants.caseload.forms import HandoverForm
from tenants.caseload.weights_views import WeightsView
from tenants.caseload.wording import people_with_load
from tenants.cases import words
from tenants.cases.assigning import AssignedMeanwhileError
from tenants.cases.codes import CaseState
from tenants.cases.editing import case_or_404
from tenants.cases.models import Case
from tenants.cases.panels import Entry, Panel, Slot, register_panel, register_timeline
from tenants.cases.service import CaseError
from tenants.organisations.service import names


def register(app: Flask, appbuilder: Any) -> None:
    """Add the pages, and the hand-overs to the page of a case."""
    appbuilder.add_view_no_menu(HandoverView)
    appbuilder.add_view_no_menu(WeightsView)
    register_panel(app, Panel(Slot.ASIDE, 25, "caseload/panel.html", panel))
    register_timeline(app, timeline)


class HandoverView(PortalView):
    route_base = "/overdrachten"
    class_permission_name = "team"

    @expose("/", methods=["GET"])
    @act("read")
    def index(self) -> ResponseReturnValue:
        """The latest hand-overs, to and from who looks; `wie=team`: of everybody."""
        team = request.args.get("wie") == "team"
        rows = service.handovers(None if team else current().user_id)
        users = [user for row, _name, _number in rows for user in (row.from_user, row.to_user)]
        return render_template(
            "caseload/index.html", rows=rows, team=team, names=names(users), most=service.SHOWN, me=current().user_id
        )

    @expose("/dossier/<uuid:case_id>/", methods=["GET", "POST"])
    @act("read")
    def hand_over(self, case_id: uuid.UUID) -> ResponseReturnValue:
        """Hand a case over with a note."""
        if not viewer.can("cases.write"):
            abort(403)
        case = case_or_404(case_id)
        if request.method == "GET":
            with transaction():
                record_read("case_file", case.id, case.id, "case work")
            return _page(case, HandoverForm(people=people_with_load(case.assigned_to)))
        form = HandoverForm(people=people_with_load())
        if not form.validate():
            return _page(case, form, 422)
        seen = _seen()
        title = _("Read the hand-over of %(name)s", name=viewer.user_name)
        try:
            service.hand_over(case_id, form.user.data, form.note.data, seen, title)
        except AssignedMeanwhileError as error:
            return _page(case_or_404(case_id), form, 409, taken_by=error.taken[0].by, is_taken=True)
        except CaseError as error:
            form.form_errors.append(_(error.message, **error.params))
            return _page(case, form, 422)
        receiver = names([form.user.data]).get(form.user.data, "")
        flash(_("The case is handed over to %(name)s, who finds your note and a task.", name=receiver), "success")
        return redirect(url_for("CaseView.show_case", case_id=case_id))


def _seen() -> int | None:
    """Who carried the case on the page that was sent."""
    given = request.form.get("seen", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


def _page(case: Case, form: HandoverForm, status: int = 200, **shown: Any) -> ResponseReturnValue:
    taken_by = shown.get("taken_by")
    form.user.choices = [choice for choice in form.user.choices if choice[0] != str(case.assigned_to)]
    page = render_template(
        "caseload/handover.html",
        case=case,
        form=form,
        words=words,
        worker=words.worker(case, names([case.assigned_to])),
        taken_name=names([taken_by]).get(taken_by, ""),
        is_taken=shown.get("is_taken", False),
    )
    return page, status


# ---------------------------------------------------------------- on the page of a case


def panel(case: Case) -> dict[str, Any] | None:
    """Who carries the case, the last hand-over, and the way to hand it over."""
    if case.state != CaseState.OPEN:
        return None
    last = next(iter(service.handovers_of(case.id)), None)
    known = names([case.assigned_to, last.from_user if last else None])
    return {"worker": words.worker(case, known), "last": last, "names": known}


def timeline(case_id: uuid.UUID) -> Iterator[Entry]:
    """The hand-overs of a case."""
    rows = service.handovers_of(case_id)
    known = names(user for row in rows for user in (row.from_user, row.to_user))
    for row in rows:
        giver = known.get(row.from_user, "") if row.from_user else _("nobody")
        title = _("Handed over from %(giver)s to %(receiver)s", giver=giver, receiver=known.get(row.to_user, ""))
        yield Entry(row.at, title, by=row.by, note=row.note)
