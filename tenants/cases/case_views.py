"""The page of one case, opening a new one, and what happens to a case as a whole: who carries it, its end."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.audit.service import record_read
from app.database import transaction
from app.security.guard import act
from app.tenancy import current
from app.ui.viewer import viewer
from app.ui.views import PortalView
from tenants.cases import assigning, closing, service, words
from tenants.cases.editing import Several, answer_refusal, case_or_404, version_given
from tenants.cases.forms import AskedForm, CloseForm, NewCaseForm
from tenants.cases.intake import NewCase
from tenants.cases.models import Case
from tenants.cases.page import acting_organisations, line_of, shown_panels
from tenants.cases.panels import Slot, actions, timeline
from tenants.cases.tasks import tasks_of
from tenants.organisations.service import names

SHOWN_FIRST = 30  # entries on the page of the case, about half a year of a busy one; the rest stands on its own page


class CaseView(PortalView):
    route_base = "/dossiers"
    class_permission_name = "cases"
    default_view = "show_case"

    @expose("/<uuid:case_id>/", methods=["GET"])
    @act("read")
    def show_case(self, case_id: uuid.UUID) -> ResponseReturnValue:
        case = case_or_404(case_id)
        with transaction():
            record_read("case_file", case.id, case.id, "case work")
        entries = timeline(case.id)
        known = names([case.assigned_to, *(entry.by for entry in entries)])
        organisations = acting_organisations(entries, case.tenant_id)
        return render_template(
            "cases/case.html",
            case=case,
            title=words.full_name(case.persons[0]) if case.persons else case.display_name,
            sentence=words.case_sentence(case, known),
            panels={slot: shown_panels(case, slot) for slot in Slot},
            actions=[a for a in _buttons(case) if a[1]],
            entries=entries[:SHOWN_FIRST],
            count=len(entries),
            line_of=lambda entry: line_of(entry, known, organisations, case.tenant_id),
        )

    @expose("/nieuw/", methods=["GET", "POST"])
    @act("write")
    def new_case(self) -> ResponseReturnValue:
        forms = NewCaseForm(request.form.get("persons", 1, type=int), source=request.args.get("source"))
        if request.method == "GET":
            return _new_page(forms)
        if "another" in request.form:
            return _new_page(NewCaseForm(len(forms.persons) + 1))
        if not forms.validate():
            return _new_page(forms, status=422)
        known = service.known_elsewhere([p.insz.digits for p in forms.persons if p.insz.digits])
        if known and not forms.duplicate.confirmed.data:
            return _new_page(forms, known=known, status=422)
        case_id = service.open_new(_new_case(forms))
        flash(_("The case is open."), "success")
        return redirect(url_for("CaseView.show_case", case_id=case_id))

    @expose("/<uuid:case_id>/toewijzen", methods=["POST"])
    @act("write")
    def assign(self, case_id: uuid.UUID) -> ResponseReturnValue:
        case = case_or_404(case_id)
        given, seen = _user_given("user"), _user_given("seen") if "seen" in request.form else case.assigned_to
        try:
            assigning.assign_seen([assigning.Seen(case_id, seen)], given)
        except assigning.AssignedMeanwhileError as error:
            by = error.taken[0].by
            return _assigned_meanwhile(case, names([by]).get(by, "") if by else "")
        except service.CaseError as error:
            flash(_(error.message), "danger")
        else:
            flash(_("Saved."), "success")
        return redirect(url_for("CaseView.show_case", case_id=case_id))

    @expose("/<uuid:case_id>/sluiten", methods=["GET", "POST"])
    @act("write")
    def close(self, case_id: uuid.UUID) -> ResponseReturnValue:
        case = case_or_404(case_id)
        left_open = [_(each.text, **{k: _(v) for k, v in each.params.items()}) for each in closing.left_open(case_id)]
        form = CloseForm(left_open=left_open)
        asked = [AskedForm(question) for question in closing.questions(case_id)]
        whole = Several([*asked, form])

        def page(status: int = 200, **shown: Any) -> ResponseReturnValue:
            left = [task for task in tasks_of(case.id) if task.done_at is None]
            given = {"case": case, "words": words, "form": form, "whole": whole, "left": left, "left_open": left_open}
            given |= {"asked": asked, "still_runs": closing.still_runs(case.id)}
            return render_template("cases/close.html", **given, **shown), status

        if request.method == "GET":
            return page()
        verdicts = [each.validate() for each in whole.forms]  # all of them: what is wrong is told at once
        if not all(verdicts):
            return page(422)
        answers = {each.question.name: each.answer.data for each in asked}
        try:
            service.close(case_id, form.values(answers), version_given())
        except service.CaseError as error:
            return answer_refusal(error, whole, {}, page)
        flash(_("The case is closed."), "success")
        return redirect(url_for("CaseView.show_case", case_id=case_id))

    @expose("/<uuid:case_id>/heropenen", methods=["POST"])
    @act("write")
    def reopen(self, case_id: uuid.UUID) -> ResponseReturnValue:
        case_or_404(case_id)
        try:
            service.reopen(case_id, version_given())
        except service.CaseError as error:
            flash(_(error.message), "warning")
        else:
            flash(_("The case is open again."), "success")
        return redirect(url_for("CaseView.show_case", case_id=case_id))


def _user_given(field: str) -> int | None:
    given = request.form.get(field, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


def _assigned_meanwhile(case: Case, name: str) -> ResponseReturnValue:
    """409: two people gave the same case away; who was first stays."""
    title = _("A colleague was first")
    told = (
        _("%(case)s is now carried by %(name)s.", case=case.display_name, name=name)
        if name
        else _("%(case)s is carried by nobody any more.", case=case.display_name)
    )
    advice = " ".join([told, _("Nothing of yours is changed. Talk it over, then choose again in the case.")])
    return render_template("cases/assigned_meanwhile.html", case=case, title=title, advice=advice), 409


def _buttons(case: Any) -> list[tuple[str, str | None]]:
    return [(_(action.label), action.href(case)) for action in actions() if viewer.can(action.right)]


def _new_page(forms: NewCaseForm, known: Any = (), status: int = 200) -> ResponseReturnValue:
    page = render_template("cases/new.html", forms=forms, known=known, landlords=service.landlord_names())
    return page, status


def _new_case(forms: NewCaseForm) -> NewCase:
    home, why = forms.household.values(), forms.grounds.values()
    return NewCase(
        persons=tuple(person.values() for person in forms.persons),
        opened_on=why.opened_on,
        source=why.source,
        reason=why.reason,
        other_reasons=why.other_reasons,
        market=why.market,
        dwelling=forms.dwelling.values(),
        landlord=forms.landlord.values(),
        composition=home.composition,
        children=home.children,
        net_income=home.net_income,
        language=home.language,
        note=forms.note.body.data or None,
        assigned_to=current().user_id,
    )
