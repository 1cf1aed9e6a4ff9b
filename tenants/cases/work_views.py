"""The daily work in a case: notes, promises, files. The tasks themselves: `task_views`."""

import io
import uuid

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.database import transaction
from app.files.rules import UnacceptableFileError
from app.files.service import FileGoneError
from app.security.guard import act
from app.tenancy import current
from app.ui.views import PortalView
from tenants.cases import attachments, notes, service, tasks, words
from tenants.cases.codes import AttachmentKind
from tenants.cases.editing import Several, case_or_404
from tenants.cases.forms import AttachmentForm, NoteForm, TaskForm
from tenants.cases.page import limit_of_upload
from tenants.organisations.service import colleagues


class NoteView(PortalView):
    route_base = "/dossiers"
    class_permission_name = "cases"
    default_view = "note"

    @expose("/<uuid:case_id>/noteren", methods=["GET", "POST"])
    @act("write")
    def note(self, case_id: uuid.UUID) -> ResponseReturnValue:
        """Write down what happened and what was promised: a note, a task, or both at once."""
        case = case_or_404(case_id)
        note = NoteForm()
        promise = TaskForm(data={"assigned_to": current().user_id}, people=colleagues())
        whole = Several([note, promise])

        def page(status: int = 200) -> ResponseReturnValue:
            return render_template("cases/note.html", case=case, words=words, whole=whole), status

        if request.method == "GET":
            return page()
        verdicts = [form.validate() for form in whole.forms]
        if not note.body.data and promise.is_empty:
            whole.form_errors.append(_("Write a note or a promise: there is nothing to save yet."))
        if not all(verdicts) or whole.form_errors:
            return page(422)
        try:
            with transaction():
                if note.body.data:
                    notes.add_note(case_id, note.body.data)
                if not promise.is_empty:
                    tasks.add_task(promise.values(case_id))
        except service.CaseError as error:
            whole.form_errors.append(_(error.message))
            return page(422)
        flash(_("Noted."), "success")
        return redirect(url_for("CaseView.show_case", case_id=case_id))


class AttachmentView(PortalView):
    route_base = "/dossiers"
    class_permission_name = "cases"
    default_view = "add"

    @expose("/<uuid:case_id>/bijlagen/nieuw", methods=["GET", "POST"])
    @act("write")
    def add(self, case_id: uuid.UUID) -> ResponseReturnValue:
        case = case_or_404(case_id)
        form = AttachmentForm()

        def page(status: int = 200, error: str | None = None) -> ResponseReturnValue:
            shown = {"form": form, "error": error, "limit": limit_of_upload()}
            return render_template("cases/attach.html", case=case, words=words, **shown), status

        if request.method == "GET":
            return page()
        upload = request.files.get("file")
        if upload is None or not upload.filename:
            return page(422, _("Choose a file first."))
        if not form.validate():
            return page(422)
        kind = AttachmentKind(form.kind.data or AttachmentKind.OTHER)
        try:
            attachments.attach(case_id, upload.filename, upload.read(), kind)
        except UnacceptableFileError as error:
            return page(422, _(error.message, **error.params))
        flash(_("The file is kept with the case."), "success")
        return redirect(url_for("CaseView.show_case", case_id=case_id))

    @expose("/<uuid:case_id>/bijlagen/<uuid:attachment_id>/", methods=["GET"])
    @act("read")
    def download(self, case_id: uuid.UUID, attachment_id: uuid.UUID) -> ResponseReturnValue:
        """The file as a download: a browser never shows what somebody uploaded."""
        try:
            row, content = attachments.download(case_id, attachment_id)
        except service.NoSuchCaseError:
            abort(404)
        except FileGoneError:
            abort(404, _("This file can't be read any more. Tell the administrator of your organisation."))
        response = send_file(
            io.BytesIO(content), mimetype=row.media_type, as_attachment=True, download_name=row.name, max_age=0
        )
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response.headers["Cache-Control"] = "no-store"
        return response

    @expose("/<uuid:case_id>/bijlagen/<uuid:attachment_id>/verwijderen", methods=["POST"])
    @act("write")
    def remove(self, case_id: uuid.UUID, attachment_id: uuid.UUID) -> ResponseReturnValue:
        try:
            attachments.remove(case_id, attachment_id)
        except service.NoSuchCaseError:
            abort(404)
        flash(_("The file is removed."), "success")
        return redirect(url_for("CaseView.show_case", case_id=case_id))
