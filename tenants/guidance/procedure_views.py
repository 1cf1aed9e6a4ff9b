"""The pages of procedures: which fit the case, one procedure with its conditions and steps, answering a condition."""

# mypy: ignore-errors
# WTForms and Flask-AppBuilder carry no types: strictness would only count their silence.

import uuid
from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.audit.service import record_read
from app.database import db, transaction
from app.security.guard import act
from app.ui.formats import today
from app.ui.language import own_path
from app.ui.views import PortalView
from tenants.cases.codes import Code
from tenants.cases.editing import case_or_404, conflict_about, version_given
from tenants.cases.service import CaseError, ChangedMeanwhileError, NoSuchCaseError
from tenants.guidance import service, wording
from tenants.guidance.answering import Stands, refused
from tenants.guidance.codes import Condition, ProcedureKind, ProcedureOutcome, ProcedureState, Step, Verdict
from tenants.guidance.forms import BeginForm, ConditionForm, EndForm, RefuseForm
from tenants.guidance.rules.procedures import DESIGNS, OPEN
from tenants.letters import fund_amounts
from tenants.letters.fund import ocmw_payment
from tenants.organisations.service import names


def code_or_404(codes: type[Code], value: str) -> Any:
    """The code of an address; what is none is not there."""
    try:
        return codes(value)
    except ValueError:
        abort(404)


class ProcedureView(PortalView):
    route_base = "/begeleiding"
    class_permission_name = "cases"
    default_view = "overview"

    @expose("/dossier/<uuid:case_id>/", methods=["GET"])
    @act("read")
    def overview(self, case_id: uuid.UUID) -> ResponseReturnValue:
        """Every procedure, and how this case stands towards its conditions."""
        case = case_or_404(case_id)
        with transaction():
            record_read("case_file", case.id, case.id, "case work")
        return self._overview(case)

    @expose("/dossier/<uuid:case_id>/overwegen", methods=["POST"])
    @act("write")
    def consider(self, case_id: uuid.UUID) -> ResponseReturnValue:
        case = case_or_404(case_id)
        kind = code_or_404(ProcedureKind, request.form.get("kind", ""))
        try:
            procedure_id = service.consider(case_id, kind)
        except CaseError as error:
            return self._overview(case, 409, _(error.message))
        return redirect(url_for("ProcedureView.show_procedure", procedure_id=procedure_id))

    @expose("/procedure/<uuid:procedure_id>/", methods=["GET"])
    @act("read")
    def show_procedure(self, procedure_id: uuid.UUID) -> ResponseReturnValue:
        case, _seen = self._found(procedure_id)
        with transaction():
            record_read("case_file", case.id, case.id, "case work")
        return self._page(procedure_id)

    @expose("/procedure/<uuid:procedure_id>/beginnen", methods=["POST"])
    @act("write")
    def begin(self, procedure_id: uuid.UUID) -> ResponseReturnValue:
        self._found(procedure_id)
        form = BeginForm()
        return self._changed(
            procedure_id, form, "begin", lambda v: service.begin(procedure_id, form.on.data, form.reason.data or "", v)
        )

    @expose("/procedure/<uuid:procedure_id>/weigeren", methods=["POST"])
    @act("write")
    def refuse(self, procedure_id: uuid.UUID) -> ResponseReturnValue:
        _case, seen = self._found(procedure_id)
        form = RefuseForm(unmet=seen.standing.unmet)

        def change(version: int) -> None:
            service.refuse(procedure_id, form.on.data, Condition(form.condition.data), form.reason.data, version)

        return self._changed(procedure_id, form, "refuse", change)

    @expose("/procedure/<uuid:procedure_id>/beeindigen", methods=["POST"])
    @act("write")
    def end(self, procedure_id: uuid.UUID) -> ResponseReturnValue:
        _case, seen = self._found(procedure_id)
        form = EndForm(seen.kind)
        return self._changed(procedure_id, form, "end", lambda v: service.end(procedure_id, **form.values(), version=v))

    @expose("/procedure/<uuid:procedure_id>/heroverwegen", methods=["POST"])
    @act("write")
    def reconsider(self, procedure_id: uuid.UUID) -> ResponseReturnValue:
        self._found(procedure_id)
        return self._changed(procedure_id, None, "", lambda v: service.reconsider(procedure_id, v))

    @expose("/procedure/<uuid:procedure_id>/terugnemen", methods=["POST"])
    @act("write")
    def drop(self, procedure_id: uuid.UUID) -> ResponseReturnValue:
        case, _seen = self._found(procedure_id)
        back = url_for("ProcedureView.overview", case_id=case.id)
        return self._changed(procedure_id, None, "", lambda v: service.drop(procedure_id, v), back)

    @expose("/procedure/<uuid:procedure_id>/stap/<step>", methods=["POST"])
    @act("write")
    def step(self, procedure_id: uuid.UUID, step: str) -> ResponseReturnValue:
        """Mark a step as done (`gedaan=ja`) or take that back."""
        self._found(procedure_id)
        chosen = code_or_404(Step, step)
        done = request.form.get("gedaan") == "ja"
        back = url_for("ProcedureView.show_procedure", procedure_id=procedure_id) + "#stappen"
        try:
            service.mark_step(procedure_id, chosen, done=done)
        except NoSuchCaseError:
            abort(404)
        except CaseError as error:
            return self._page(procedure_id, 409, message=_(error.message))
        return redirect(back)

    @expose("/dossier/<uuid:case_id>/voorwaarde/<condition>/", methods=["GET", "POST"])
    @act("write")
    def answer(self, case_id: uuid.UUID, condition: str) -> ResponseReturnValue:
        """Answer a condition that the case can't tell. `terug`: the page to go back to."""
        case = case_or_404(case_id)
        asked = code_or_404(Condition, condition)
        known = service.answers_of(case_id).get(asked)
        form = ConditionForm(data=_answered(known) if known else {})
        back = own_path(request.values.get("terug") or url_for("ProcedureView.overview", case_id=case_id))

        def page(status: int = 200, **shown: Any) -> ResponseReturnValue:
            now = service.answers_of(case_id).get(asked)
            given = {"case": case, "form": form, "check": service.check_now(case, asked), "wording": wording,
                     "version": now.version if now else 0, "back": back}  # fmt: skip
            return render_template("guidance/condition.html", **given, **shown), status

        def stands() -> Stands:
            row = service.answers_of(case_id).get(asked)
            values = _answered(row)
            return Stands(row, values, ConditionForm(formdata=None, data=values))

        if request.method == "GET":
            with transaction():
                record_read("case_file", case.id, case.id, "case work")
            return page()
        if not form.validate():
            return page(422)
        try:
            service.answer(case_id, asked, Verdict(form.verdict.data), form.note.data or "", version_given())
        except CaseError as error:
            return refused(error, form, page, stands)
        flash(_("Noted."), "success")
        return redirect(back)

    # -- what the pages share

    def _found(self, procedure_id: uuid.UUID) -> tuple[Any, service.Seen]:
        try:
            return service.find(procedure_id)
        except NoSuchCaseError:
            abort(404)

    def _changed(
        self, procedure_id: uuid.UUID, form: Any, name: str, change: Any, back: str = ""
    ) -> ResponseReturnValue:
        """Do what the form asks and go back to the procedure; or the page again with the form under `name`."""

        def page(status: int, **shown: Any) -> ResponseReturnValue:
            return self._page(procedure_id, status, **({name: form} if form is not None else {}), **shown)

        version = version_given()
        if form is not None and not form.validate():
            return page(422)
        try:
            change(version)
        except CaseError as error:
            if form is not None:
                return refused(error, form, page, lambda: self._stands(procedure_id, name))
            if isinstance(error, ChangedMeanwhileError):
                db.session.expire_all()
                return page(409, conflict=conflict_about(self._found(procedure_id)[1].row, (), error.by))
            return page(409, message=_(error.message))
        return redirect(back or url_for("ProcedureView.show_procedure", procedure_id=procedure_id))

    def _stands(self, procedure_id: uuid.UUID, name: str) -> Stands:
        """What was decided meanwhile, in the fields of the form `name`."""
        _case, seen = self._found(procedure_id)
        row = seen.row
        values = {
            "begin": {"on": row.decided_on, "reason": row.reason},
            "refuse": {"on": row.decided_on, "reason": row.reason, "condition": row.refused_for},
            "end": {"on": row.ended_on, "result": row.result, "outcome": row.outcome},
        }[name]
        form = {
            "begin": lambda: BeginForm(formdata=None, data=values),
            "refuse": lambda: RefuseForm(formdata=None, data=values, unmet=Condition),
            "end": lambda: EndForm(seen.kind, formdata=None, data=values),
        }[name]()
        return Stands(row, values, form)

    def _overview(self, case: Any, status: int = 200, message: str = "") -> ResponseReturnValue:
        carried = service.procedures_of(case)
        busy = {seen.kind for seen in carried if seen.state in OPEN}
        now = service.checks_now(case)
        kinds = [(kind, DESIGNS[kind], now[kind]) for kind in ProcedureKind if kind not in busy]
        page = render_template(
            "guidance/overview.html",
            case=case,
            carried=carried,
            kinds=kinds,
            wording=wording,
            message=message,
            answers=service.answers_of(case.id),
            names=names(row.by for row in service.answers_of(case.id).values()),
        )
        return page, status

    def _page(
        self, procedure_id: uuid.UUID, status: int = 200, *, message: str = "", conflict: Any = None, **forms: Any
    ) -> ResponseReturnValue:
        case, seen = self._found(procedure_id)
        answers = service.answers_of(case.id)
        row = seen.row
        people = [row.decided_by, row.ended_by, row.created_by, *(a.by for a in answers.values())]
        shown = {
            "begin": forms.get("begin") or BeginForm(formdata=None),
            "refuse": forms.get("refuse") or RefuseForm(formdata=None, unmet=seen.standing.unmet),
            "end": forms.get("end") or EndForm(seen.kind, formdata=None),
        }
        shown["begin"].reason.flags.optional = seen.standing.is_clear
        page = render_template(
            "guidance/procedure.html",
            case=case,
            seen=seen,
            design=DESIGNS[seen.kind],
            wrong=next(iter(forms.values()), None),
            answers=answers,
            names=names(people + [step.by for step in seen.done.values()]),
            payment=_payment(case, seen),
            wording=wording,
            labels={"outcome": ProcedureOutcome, "condition": Condition, "state": ProcedureState},
            message=message,
            conflict=conflict,
            here=url_for("ProcedureView.show_procedure", procedure_id=procedure_id),
            **shown,
        )
        return page, status


def _answered(row: Any) -> dict[str, Any]:
    """An answer as the form shows it; no row: not known yet."""
    if row is None:
        return {"verdict": Verdict.UNKNOWN, "note": None}
    return {"verdict": Verdict.MET if row.yes else Verdict.NOT_MET, "note": row.note}


def _payment(case: Any, seen: service.Seen) -> Any:
    """What the OCMW would pay to the landlord of an FBU by the rules of the day it began, or of today."""
    if seen.kind is not ProcedureKind.FBU or seen.state is ProcedureState.REFUSED:
        return None
    arrears = service.arrears_of(case)
    day: date = seen.row.decided_on or today()
    return ocmw_payment(arrears, day, fund_amounts.rules()) if arrears else None
