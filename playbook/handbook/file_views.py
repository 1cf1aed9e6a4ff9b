"""The playbook's pictures and documents: sending one, seeing which there are, getting it back."""

import io

from flask import Response, abort, flash, jsonify, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.files.rules import UnacceptableFileError
from app.i18n import N_
from app.security.guard import act
from app.ui.views import PortalView
from playbook.handbook import files, pdf_text, pictures, shared_files
from playbook.handbook.models import PlaybookFile
from playbook.handbook.pictures import ADDRESS, PICTURES
from playbook.handbook.service import NotThereError

# What is said beside a PDF that the search does not look in (or not yet).
TOLD = {
    shared_files.WAITING: N_("Its text is being read for the search."),
    pdf_text.NOTHING: N_("No text to search: this is a scan or a picture."),
    pdf_text.LOCKED: N_("No text to search: a password keeps it shut."),
    pdf_text.DAMAGED: N_("No text to search: the file could not be read."),
}


class FileView(PortalView):
    """Files of the playbook."""

    route_base = "/draaiboek"
    class_permission_name = "playbook"

    @expose("/bestanden/", methods=["GET", "POST"])
    @act("write")
    def index(self) -> ResponseReturnValue:
        """Which files there are and how a page shows them; POST adds one (the editor asks for JSON)."""
        wants_json = request.accept_mimetypes.best == "application/json"
        if request.method == "POST":
            sent = request.files.get("file")
            try:
                if sent is None or not sent.filename:
                    raise UnacceptableFileError(_("Choose a file first."))
                row = files.add(sent.filename, request.form.get("title", ""), sent.read())
            except UnacceptableFileError as error:
                wrong = _(error.message, **error.params)
                if wants_json:
                    return jsonify(message=wrong), 422
                return self._list(wrong), 422
            if wants_json:
                is_picture = row.media_type in PICTURES
                return jsonify(address=ADDRESS + row.name, title=row.title, is_picture=is_picture), 201
            flash(_("The file is there. Copy its line into a page."), "success")
            return redirect(url_for("FileView.index"))
        return self._list(None)

    def _list(self, wrong: str | None) -> str:
        html: str = self.render_template(
            "handbook/files.html",
            rows=[(row, _line(row)) for row in files.all_of_network()],
            wrong=wrong,
            told=TOLD,
            most=pictures.LARGEST,
            title=request.form.get("title", ""),
        )
        return html

    @expose("/bestand/<name>", methods=["GET"])
    @act("visit")
    def show(self, name: str) -> ResponseReturnValue:
        """A file's bytes, as the type they were found to be; nothing in it can run."""
        try:
            row = files.find(name)
        except NotThereError:
            abort(404)
        is_picture = row.media_type in PICTURES
        answer: Response = send_file(
            io.BytesIO(row.content),
            mimetype=row.media_type,
            as_attachment=not is_picture,
            download_name=f"{row.title}.{row.name.rpartition('.')[2]}",
        )
        answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        answer.headers["Cache-Control"] = "private, max-age=3600"
        return answer


def _line(row: PlaybookFile) -> str:
    """What one writes in a page to show or to link to the file."""
    title = row.title.replace("[", "(").replace("]", ")")
    return f"{'!' if row.media_type in PICTURES else ''}[{title}]({ADDRESS}{row.name})"
