"""The pages of a copy of a file: its review, how far it is, and the PDF."""

# mypy: ignore-errors
# Flask-AppBuilder carries no types: strictness would only count its silence.

import io
import uuid
from collections.abc import Iterator
from typing import Any

from flask import Flask, abort, make_response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import ngettext

from app.files.service import FileGoneError
from app.i18n import N_
from app.security.guard import act
from app.ui.partials import is_partial
from app.ui.views import PortalView
from tenants.cases.codes import About
from tenants.cases.editing import case_or_404
from tenants.cases.models import Case
from tenants.cases.panels import Action, Entry, register_action, register_timeline
from tenants.file_copy import service
from tenants.file_copy.models import FileCopy
from tenants.file_copy.rules import (
    MOST_PASSAGES,
    Choice,
    Purpose,
    first_choice,
    passages_in,
    printed,
    too_short,
    without,
)
from tenants.organisations.service import names


def register(app: Flask, appbuilder: Any) -> None:
    """Add the pages, the button on the page of a case, and the copies to its course."""
    appbuilder.add_view_no_menu(FileCopyView())
    register_action(app, Action(90, N_("Copy of the file"), _address, right="documents.write"))
    register_timeline(app, timeline, About.DOCUMENT)


def _address(case: Case) -> str:
    return url_for("FileCopyView.review", case_id=case.id)


def timeline(case_id: uuid.UUID) -> Iterator[Entry]:
    """The copies that left the portal, and for whom."""
    for row in service.copies_of(case_id):
        if row.state == "ready":
            address = url_for("FileCopyView.show", case_id=case_id, copy_id=row.id)
            title, whom = _("Copy of the whole file made"), _(Purpose(row.purpose).label)
            yield Entry(row.asked_at, title, whom, by=row.asked_by, links=((_("Open the copy"), address),))


class FileCopyView(PortalView):
    route_base = "/dossiers"
    class_permission_name = "documents"
    default_view = "review"

    @expose("/<uuid:case_id>/afschrift", methods=["GET", "POST"])
    @act("write")
    def review(self, case_id: uuid.UUID) -> ResponseReturnValue:
        """Every line of the file, what is left out of it marked; `look` shows the marks anew, else it is made."""
        case_or_404(case_id)
        if request.method == "GET":
            whole = service.review(case_id)
            return _review_page(whole, first_choice(whole.parts), Purpose.ACCESS)
        choice, purpose = _choice(), _purpose()
        wrong = _wrong(choice)
        if wrong or "look" in request.form:
            return _review_page(service.review(case_id), choice, purpose, wrong, 422 if wrong else 200)
        try:
            copy_id = service.make(case_id, purpose, choice, request.form.get("seen", ""))
        except service.ChangedMeanwhileError:
            changed = _(
                "Something changed in this file since you opened this page. Nothing was made: look it through again."
            )
            whole = service.review(case_id)
            return _review_page(whole, _with_new(whole, choice), purpose, [changed], 409)
        return redirect(url_for("FileCopyView.show", case_id=case_id, copy_id=copy_id))

    @expose("/<uuid:case_id>/afschrift/<uuid:copy_id>", methods=["GET"])
    @act("read")
    def show(self, case_id: uuid.UUID, copy_id: uuid.UUID) -> ResponseReturnValue:
        case, row = case_or_404(case_id), _found(case_id, copy_id)
        purpose = _(Purpose(row.purpose).label)
        return render_template("file_copy/show.html", case=case, row=row, purpose=purpose, names=names([row.asked_by]))

    @expose("/<uuid:case_id>/afschrift/<uuid:copy_id>/voortgang", methods=["GET"])
    @act("read")
    def progress(self, case_id: uuid.UUID, copy_id: uuid.UUID) -> ResponseReturnValue:
        """How far it is; the page asks this every second."""
        row, there = _found(case_id, copy_id), url_for("FileCopyView.show", case_id=case_id, copy_id=copy_id)
        if row.state in ("ready", "failed") or not is_partial():
            return make_response("", 200, {"HX-Redirect": there}) if is_partial() else redirect(there)
        return render_template("file_copy/progress.html", row=row)

    @expose("/<uuid:case_id>/afschrift/<uuid:copy_id>/opnieuw", methods=["POST"])
    @act("write")
    def again(self, case_id: uuid.UUID, copy_id: uuid.UUID) -> ResponseReturnValue:
        _found(case_id, copy_id)
        service.again(case_id, copy_id)
        return redirect(url_for("FileCopyView.show", case_id=case_id, copy_id=copy_id))

    @expose("/<uuid:case_id>/afschrift/<uuid:copy_id>/pdf", methods=["GET"])
    @act("read")
    def pdf(self, case_id: uuid.UUID, copy_id: uuid.UUID) -> ResponseReturnValue:
        try:
            name, content = service.pdf_of(case_id, copy_id)
        except service.NoSuchCopyError:
            abort(404)
        except FileGoneError:
            abort(404, _("This file can't be read any more. Tell the administrator of your organisation."))
        answer = send_file(
            io.BytesIO(content), mimetype="application/pdf", as_attachment=True, download_name=name, max_age=0
        )
        answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        answer.headers["Cache-Control"] = "no-store"
        return answer


def _found(case_id: uuid.UUID, copy_id: uuid.UUID) -> FileCopy:
    try:
        return service.find(case_id, copy_id)
    except service.NoSuchCopyError:
        abort(404)


def _choice() -> Choice:
    form = request.form
    return Choice(frozenset(form.getlist("hide")), passages_in(form.get("passages", "")), form.get("colleagues") == "1")


def _purpose() -> Purpose:
    given = request.form.get("purpose")
    return Purpose(given) if given in {each.value for each in Purpose} else Purpose.ACCESS


def _wrong(choice: Choice) -> list[str]:
    wrong = [
        _("‘%(text)s’ is too short to leave out everywhere. Write the whole word or name.", text=each)
        for each in too_short(choice.passages)
    ]
    if len(choice.passages) > MOST_PASSAGES:
        wrong.append(
            _("At most %(num)s passages can be left out everywhere. Mark whole lines instead.", num=MOST_PASSAGES)
        )
    return wrong


def _with_new(whole: service.Whole, choice: Choice) -> Choice:
    """What was chosen; and of what stood there not yet when it was, the data of others is left out."""
    seen_then = set(request.form.get("lines", "").split())
    new = first_choice(whole.parts).hidden - seen_then
    return Choice(choice.hidden | new, choice.passages, choice.without_colleagues)


def _review_page(
    whole: service.Whole, choice: Choice, purpose: Purpose, wrong: list[str] | None = None, status: int = 200
) -> ResponseReturnValue:
    usable = Choice(choice.hidden, tuple(p for p in choice.passages if p not in too_short(choice.passages)))
    passages = [*usable.passages, *(whole.colleagues if choice.without_colleagues else ())]
    marked = {line.key: without(line.text, passages) for part in whole.parts for line in part.lines}
    made = printed(whole.parts, choice, whole.colleagues)
    places = sum(line[name].count(None) for part in made for line in part["lines"] for name in ("text", "label"))
    page = render_template(
        "file_copy/review.html",
        case=whole.case,
        whole=whole,
        choice=choice,
        purpose=purpose,
        purposes=Purpose,
        marked=marked,
        wrong=wrong or [],
        told=ngettext("%(num)d place is left out", "%(num)d places are left out", places),
        copies=service.copies_of(whole.case.id),
        state_words={"waiting": _("waits its turn"), "working": _("is being made"), "failed": _("did not succeed")},
    )
    return page, status
