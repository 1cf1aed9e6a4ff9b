"""The pages of a case's documents: draft, look, make final, keep the signed copy."""

import io
import uuid

from flask import abort, current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from markupsafe import Markup

from app.documents.engine import UnprintableTextError
from app.files.rules import UnacceptableFileError
from app.files.service import FileGoneError
from app.security.guard import act
from app.ui.views import PortalView
from tenants.letters import service
from tenants.letters.forms import AgreementForm, data_of
from tenants.letters.letterhead import organisation
from tenants.letters.models import Document
from tenants.letters.rules import AgreementKind
from tenants.letters.service import Proof
from tenants.letters.words import payment_hint
from tenants.organisations.service import names


class DocumentView(PortalView):
    route_base = "/dossiers"
    class_permission_name = "documents"
    default_view = "documents"

    @expose("/<uuid:case_id>/documenten/", methods=["GET"])
    @act("read")
    def documents(self, case_id: uuid.UUID) -> ResponseReturnValue:
        try:
            case = service.case_of(case_id)
        except service.NoSuchDocumentError:
            abort(404)
        shown = {"documents": service.documents_of(case_id), "with_fund": organisation().is_ocmw}
        return render_template("letters/documents.html", case=case, **shown)

    @expose("/<uuid:case_id>/documenten/nieuw", methods=["POST"])
    @act("write")
    def start(self, case_id: uuid.UUID) -> ResponseReturnValue:
        """Start a draft; what the case knows already is filled in."""
        try:
            service.case_of(case_id)  # before anything else is said: is there such a case?
            document_id = service.start_agreement(case_id, AgreementKind(request.form.get("kind", "")))
        except ValueError:
            abort(400, _("Choose what kind of agreement you want to make."))
        except service.NoSuchDocumentError:
            abort(404)
        except service.DocumentError as error:
            abort(400, _(error.message))
        return redirect(url_for("DocumentView.edit", case_id=case_id, document_id=document_id))

    @expose("/<uuid:case_id>/documenten/<uuid:document_id>/", methods=["GET"])
    @act("read")
    def show(self, case_id: uuid.UUID, document_id: uuid.UUID) -> ResponseReturnValue:
        """The document as it reads now (a draft, with what lacks) or was made final."""
        return _page_of(_find(case_id, document_id))

    @expose("/<uuid:case_id>/documenten/<uuid:document_id>/bewerken", methods=["GET", "POST"])
    @act("write")
    def edit(self, case_id: uuid.UUID, document_id: uuid.UUID) -> ResponseReturnValue:
        document = _find(case_id, document_id)
        if request.method == "GET" and document.state == service.FINAL:
            return redirect(url_for("DocumentView.show", case_id=case_id, document_id=document_id))
        # A colleague may have made it final while this page stood open: what was typed stays, to copy from.
        draft = service.as_draft(document)
        stored = data_of(draft.terms, draft.signers, draft.document.version)
        form = AgreementForm(draft.persons, draft.document.kind, data=stored)

        def page(status: int = 200) -> ResponseReturnValue:
            shown = {"draft": draft, "form": form, "hint": payment_hint(draft.terms)}
            return render_template("letters/edit.html", case=draft.case, **shown), status

        if request.method == "GET":
            return page()
        if not form.validate():
            return page(422)
        version = form.version.data or ""
        if not (version.isascii() and version.isdigit() and len(version) < 10):
            abort(400)
        try:
            service.save_draft(case_id, document_id, form.terms(), tuple(form.signers.data or ()), int(version))
        except service.DocumentError as error:
            form.form_errors.append(_(error.message))
            return page(409)
        flash(_("The draft is saved."), "success")
        return redirect(url_for("DocumentView.show", case_id=case_id, document_id=document_id))

    @expose("/<uuid:case_id>/documenten/<uuid:document_id>/ontwerp.pdf", methods=["GET"])
    @act("read")
    def draft_pdf(self, case_id: uuid.UUID, document_id: uuid.UUID) -> ResponseReturnValue:
        try:
            pdf = service.draft_pdf(case_id, document_id)
        except service.NoSuchDocumentError:
            abort(404)
        except UnprintableTextError as error:
            abort(422, _("These signs can't be printed: %(signs)s. Replace them first.", signs=error.characters))
        return _download("ontwerp.pdf", pdf)

    @expose("/<uuid:case_id>/documenten/<uuid:document_id>/definitief", methods=["POST"])
    @act("write")
    def finalise(self, case_id: uuid.UUID, document_id: uuid.UUID) -> ResponseReturnValue:
        try:
            service.finalise(case_id, document_id, request.form.get("version", type=int))
        except service.NoSuchDocumentError:
            abort(404)
        except service.NotReadyError:
            return _page_of(_find(case_id, document_id), refused=True)
        except service.DocumentError as error:
            flash(_(error.message), "danger")
        else:
            flash(_("The agreement is final. Print it and have it signed."), "success")
        return redirect(url_for("DocumentView.show", case_id=case_id, document_id=document_id))

    @expose("/<uuid:case_id>/documenten/<uuid:document_id>/weggooien", methods=["POST"])
    @act("write")
    def discard(self, case_id: uuid.UUID, document_id: uuid.UUID) -> ResponseReturnValue:
        try:
            service.discard_draft(case_id, document_id)
        except service.NoSuchDocumentError:
            abort(404)
        except service.DocumentError as error:
            flash(_(error.message), "danger")
        else:
            flash(_("The draft is thrown away."), "success")
        return redirect(url_for("DocumentView.documents", case_id=case_id))

    @expose("/<uuid:case_id>/documenten/<uuid:document_id>/pdf", methods=["GET"])
    @act("read")
    def pdf(self, case_id: uuid.UUID, document_id: uuid.UUID) -> ResponseReturnValue:
        try:
            name, content = service.pdf_of(case_id, document_id)
        except service.NoSuchDocumentError:
            abort(404)
        except FileGoneError:
            abort(404, _("This file can't be read any more. Tell the administrator of your organisation."))
        return _download(name, content)

    @expose("/<uuid:case_id>/documenten/<uuid:document_id>/nazicht", methods=["POST"])
    @act("read")
    def verify(self, case_id: uuid.UUID, document_id: uuid.UUID) -> ResponseReturnValue:
        """Prove that the stored file is what was made final."""
        try:
            proof = service.verify(case_id, document_id)
        except service.NoSuchDocumentError:
            abort(404)
        except FileGoneError:
            proof = Proof.DIFFERENT
        flash(*_told(proof))
        return redirect(url_for("DocumentView.show", case_id=case_id, document_id=document_id))

    @expose("/<uuid:case_id>/documenten/<uuid:document_id>/getekend", methods=["POST"])
    @act("write")
    def signed(self, case_id: uuid.UUID, document_id: uuid.UUID) -> ResponseReturnValue:
        """Keep the scan of the signed copy."""
        document = _find(case_id, document_id)
        upload = request.files.get("file")
        if upload is None or not upload.filename:
            return _page_of(document, upload_error=_("Choose a file first."))
        try:
            service.attach_signed(case_id, document_id, upload.filename, upload.read())
        except service.NoSuchDocumentError:
            abort(404)
        except UnacceptableFileError as error:
            return _page_of(document, upload_error=_(error.message, **error.params))
        flash(_("The signed copy is kept with the agreement."), "success")
        return redirect(url_for("DocumentView.show", case_id=case_id, document_id=document_id))


def _find(case_id: uuid.UUID, document_id: uuid.UUID) -> Document:
    try:
        return service.find(case_id, document_id)
    except service.NoSuchDocumentError:
        abort(404)


def _page_of(document: Document, refused: bool = False, upload_error: str | None = None) -> ResponseReturnValue:
    """The page of a document in its state; with something refused it answers 422."""
    ids = {"case_id": document.case_id, "document_id": document.id}
    shown = {
        "case": service.case_of(document.case_id),
        "document": document,
        "paper": Markup(service.preview(**ids)),  # noqa: S704 - our own template escaped it
        "names": names([document.created_by, document.finalised_by]),
    }
    status = 422 if refused or upload_error else 200
    if document.state == service.DRAFT:
        return render_template("letters/draft.html", draft=service.as_draft(document), refused=refused, **shown), status
    limit = current_app.extensions["settings"].max_upload_bytes // 2**20
    return render_template("letters/final.html", upload_error=upload_error, limit=limit, **shown), status


def _download(name: str, content: bytes) -> ResponseReturnValue:
    response = send_file(
        io.BytesIO(content), mimetype="application/pdf", as_attachment=True, download_name=name, max_age=0
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "no-store"
    return response


def _told(proof: Proof) -> tuple[str, str]:
    """What a check of a final document shows: message and kind."""
    if proof is Proof.SAME:
        return _("Checked: the document is exactly what was made final."), "success"
    if proof is Proof.OTHER_ENGINE:
        return _("Checked: the stored file is untouched. The portal now lays out documents a little otherwise."), "info"
    return _("The stored file is not what was made final. Tell the administrator of your organisation."), "danger"
