"""The playbook on paper: a page at once, more of it by a job whose progress one sees."""

import io
import uuid

from flask import abort, make_response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from app.security.guard import act
from app.ui.partials import is_partial
from app.ui.views import PortalView
from playbook.handbook import guests, printing
from playbook.handbook.models import Print
from playbook.handbook.service import NotThereError
from playbook.handbook.showing import chapter_of_request, page_of_request


def _print(print_id: uuid.UUID) -> Print:
    try:
        return printing.find(print_id)
    except NotThereError:
        abort(404)


def _sent(content: bytes, name: str) -> ResponseReturnValue:
    return send_file(io.BytesIO(content), mimetype="application/pdf", as_attachment=True, download_name=name)


class PaperView(PortalView):
    """PDFs of the playbook."""

    route_base = "/draaiboek"
    class_permission_name = "playbook"

    @expose("/<slug>/pdf", methods=["GET"])
    @act("visit")
    def page(self, slug: str) -> ResponseReturnValue:
        """A page as a PDF."""
        page = page_of_request(slug)
        sent = _sent(printing.page_pdf(page), printing.file_name(page.title))
        if guests.is_here():
            guests.note(page.id)
        return sent

    @expose("/pdf/", methods=["POST"])
    @act("read")
    def ask(self) -> ResponseReturnValue:
        """Have a chapter (its slug in `chapter`) or everything made into a PDF."""
        slug = request.form.get("chapter")
        row = printing.ask(chapter_of_request(slug) if slug else None)
        return redirect(url_for("PaperView.show", print_id=row.id))

    @expose("/pdf/<uuid:print_id>/", methods=["GET"])
    @act("read")
    def show(self, print_id: uuid.UUID) -> ResponseReturnValue:
        """How far a PDF is, and the PDF when it is there."""
        return self.render_template("handbook/print.html", row=_print(print_id))

    @expose("/pdf/<uuid:print_id>/voortgang", methods=["GET"])
    @act("read")
    def progress(self, print_id: uuid.UUID) -> ResponseReturnValue:
        """How far it is; the page asks this every second."""
        row, there = _print(print_id), url_for("PaperView.show", print_id=print_id)
        if row.state in ("ready", "failed") or not is_partial():
            return make_response("", 200, {"HX-Redirect": there}) if is_partial() else redirect(there)
        return render_template("handbook/print_progress.html", row=row)

    @expose("/pdf/<uuid:print_id>/bestand", methods=["GET"])
    @act("read")
    def file(self, print_id: uuid.UUID) -> ResponseReturnValue:
        """The PDF itself."""
        row = _print(print_id)
        try:
            return _sent(printing.content(row), printing.file_name("Draaiboek", row.asked_at))
        except NotThereError:
            abort(404)
