"""What others share with us: the list, the case as far as it is shared, and what we add to it.

Everything of the owner's is read within `visiting`; the page is made of it afterwards, by our own organisation.
"""

# mypy: ignore-errors
# WTForms and Flask-AppBuilder carry no types: strictness would only count their silence.

import io
import uuid
from datetime import date, datetime
from typing import Any

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.files.service import FileGoneError
from app.security.guard import act
from app.security.identity import identity
from app.tenancy import current
from app.ui.formats import datum, today
from app.ui.language import own_path
from app.ui.views import PortalView
from playbook.agreements.rules import SHORT, Part
from tenants.cases import attachments, words
from tenants.cases.codes import LandlordKind
from tenants.cases.editing import Several
from tenants.cases.forms import NoteForm, TaskForm
from tenants.cases.page import acting_organisations, line_of, task_line
from tenants.cases.panels import timeline
from tenants.cases.service import CaseError, NoSuchCaseError
from tenants.cases.service import find as find_case
from tenants.cases.tasks import tasks_of
from tenants.organisations.service import names
from tenants.outreach.attempt import AttemptError, promised_steps
from tenants.outreach.forms import AttemptForm
from tenants.outreach.rules import moment_of
from tenants.petitions import case_page
from tenants.petitions.codes import StageKey
from tenants.petitions.rules import BRUSSELS
from tenants.repayment import service as repayment
from tenants.repayment.wording import in_words
from tenants.sharing import visiting
from tenants.sharing.service import NoSuchGrantError
from tenants.sharing.visiting import Guest

SHOWN_FIRST = 30  # entries of the timeline before 'show all', as on the owner's page


class SharedCaseView(PortalView):
    route_base = "/gedeeld"
    class_permission_name = "cases"

    @expose("/", methods=["GET"])
    @act("read")
    def index(self) -> ResponseReturnValue:
        page = max(request.args.get("p", 1, type=int), 1)
        lines = visiting.shared_with_us(page) if current().tenant_id else []
        lines.sort(key=lambda line: (line.case and line.case.next_due_on) or date.max)
        return render_template(
            "sharing/index.html",
            lines=lines,
            names=names(line.case.assigned_to for line in lines if line.case),
            page=page,
            page_size=visiting.PAGE,
            page_href=lambda number: url_for("SharedCaseView.index", p=number),
            count=visiting.count_shared(),
            words=words,
        )

    @expose("/<uuid:grant_id>/", methods=["GET"])
    @act("read")
    def case(self, grant_id: uuid.UUID) -> ResponseReturnValue:
        guest = _guest_or_404(grant_id)
        if not guest.is_open:
            return _over(guest)
        try:
            with visiting.visiting(guest):
                visiting.opened(guest)
                shown = _shown(guest)
        except NoSuchCaseError:
            return _over(guest)
        return render_template("sharing/case.html", guest=guest, words=words, short=SHORT, Part=Part, **shown)

    @expose("/<uuid:grant_id>/noteren", methods=["GET", "POST"])
    @act("write")
    def note(self, grant_id: uuid.UUID) -> ResponseReturnValue:
        guest = _guest_or_404(grant_id)
        if not guest.is_open:
            return _over(guest)
        note, me = NoteForm(), identity().user
        promise = TaskForm(data={"assigned_to": me.id}, people=[me])
        whole = Several([note, promise])
        if request.method == "POST":
            verdicts = [form.validate() for form in whole.forms]
            if not note.body.data and promise.is_empty:
                whole.form_errors.append(_("Write a note or a promise: there is nothing to save yet."))
            if all(verdicts) and not whole.form_errors:
                try:
                    visiting.note(
                        guest,
                        note.body.data,
                        None if promise.is_empty else promise.values(guest.grant.case_id),
                    )
                except NoSuchCaseError:
                    return _over(guest)
                except CaseError as error:
                    whole.form_errors.append(_(error.message))
                else:
                    flash(_("Noted."), "success")
                    return redirect(url_for("SharedCaseView.case", grant_id=grant_id))
        return _with_case(guest, "sharing/note.html", whole=whole)

    @expose("/<uuid:grant_id>/poging", methods=["GET", "POST"])
    @act("write")
    def attempt(self, grant_id: uuid.UUID) -> ResponseReturnValue:
        """Note an attempt of ours; what follows from it is computed for the owner."""
        guest = _guest_or_404(grant_id)
        if not guest.is_open:
            return _over(guest)
        with visiting.visiting(guest):
            steps = promised_steps(guest.grant.case_id)
        now = datetime.now(BRUSSELS)
        given = {"day": now.date(), "hour": now.time().replace(second=0, microsecond=0)}
        form = AttemptForm(data=given, steps=[(str(task.id), f"{task.title} ({datum(task.due_on)})") for task in steps])
        back = url_for("SharedCaseView.case", grant_id=grant_id)
        if request.method == "POST" and form.validate():
            try:
                finished = [uuid.UUID(value) for value in form.finished.data or ()]
                visiting.attempt(guest, form.attempt(guest.grant.case_id), finished)
            except NoSuchCaseError:
                return _over(guest)
            except AttemptError as error:
                for wrong in error.wrong:
                    form[wrong.field].errors = [*form[wrong.field].errors, _(wrong.msgid, **wrong.params)]
            else:
                flash(_("Noted."), "success")
                return redirect(back)
        return _with_case(guest, "outreach/attempt.html", form=form, steps=steps, back=back)

    @expose("/<uuid:grant_id>/taken/<uuid:task_id>/klaar", methods=["POST"])
    @act("write")
    def done(self, grant_id: uuid.UUID, task_id: uuid.UUID) -> ResponseReturnValue:
        guest = _guest_or_404(grant_id)
        if not guest.is_open:
            return _over(guest)
        try:
            visiting.finish(guest, task_id)
        except NoSuchCaseError:
            abort(404)
        flash(_("The task is done."), "success")
        here = url_for("SharedCaseView.case", grant_id=grant_id)
        return redirect(own_path(request.form.get("next") or here))

    @expose("/<uuid:grant_id>/bestanden/<uuid:attachment_id>/", methods=["GET"])
    @act("read")
    def download(self, grant_id: uuid.UUID, attachment_id: uuid.UUID) -> ResponseReturnValue:
        """A file of the case as a download; the owner's trail tells who took it."""
        guest = _guest_or_404(grant_id)
        if not guest.is_open:
            return _over(guest)
        try:
            with visiting.visiting(guest):
                row, content = attachments.download(guest.grant.case_id, attachment_id)
        except NoSuchCaseError:
            abort(404)
        except FileGoneError:
            abort(404, _("This file can't be read any more. Tell the administrator of your organisation."))
        response = send_file(
            io.BytesIO(content), mimetype=row.media_type, as_attachment=True, download_name=row.name, max_age=0
        )
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response.headers["Cache-Control"] = "no-store"
        return response


def _guest_or_404(grant_id: uuid.UUID) -> Guest:
    try:
        return visiting.find(grant_id)
    except NoSuchGrantError:
        abort(404)


def _over(guest: Guest) -> ResponseReturnValue:
    """The page of a case that is shared no more (or not yet); it tells nothing of it."""
    return render_template("sharing/over.html", guest=guest, state=_(guest.state.label)), 404


def _with_case(guest: Guest, template: str, **given: Any) -> ResponseReturnValue:
    """A form about the case; 422 when it comes back."""
    try:
        with visiting.visiting(guest):
            case = find_case(guest.grant.case_id)
    except NoSuchCaseError:
        return _over(guest)
    moment, sentence = _(moment_of(StageKey(case.stage)).label), words.reached_sentence(case)
    page = render_template(template, guest=guest, case=case, words=words, moment=moment, sentence=sentence, **given)
    return page, 422 if request.method == "POST" else 200


def _shown(guest: Guest) -> dict[str, Any]:
    """What the page shows, read as a guest. The links of the timeline lead to the owner's pages: they stay out."""
    case = find_case(guest.grant.case_id)
    entries = timeline(case.id)
    everything = request.args.get("verloop") == "alles"
    tasks = [task for task in tasks_of(case.id) if task.done_at is None]
    files = attachments.attachments_of(case.id)
    people = names(
        [case.assigned_to, *(e.by for e in entries), *(t.assigned_to for t in tasks), *(f.added_by for f in files)]
    )
    organisations = acting_organisations(entries, case.tenant_id, always=True)
    landlord = case.dwelling.landlord if case.dwelling else None
    terms = case_page.terms(case)
    return {
        "case": case,
        "people": people,
        "stages": case_page.path(case)["stages"],
        "has_procedure": case_page.path(case)["petition"] is not None,
        "rows": terms["rows"] if terms else [],
        "tasks": [task_line(task) for task in tasks],
        "files": files,
        "persons": visiting.persons_of(case.id),
        "landlord": landlord,
        "landlord_kind": words.label(LandlordKind, landlord.kind) if landlord else "",
        "entries": entries if everything else entries[:SHOWN_FIRST],
        "count": len(entries),
        "repayment": repayment.current(case.id) if Part.REPAYMENT in guest.parts else None,
        "repaid": in_words(),
        "line_of": lambda entry: line_of(entry, people, organisations, case.tenant_id),
        "today": today,
    }
