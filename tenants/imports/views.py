"""The pages of an import: choose a file, check what was understood, repair, confirm, undo."""

# mypy: ignore-errors
# Flask-AppBuilder carries no types: strictness would only count its silence.

import re
import uuid
from datetime import timedelta
from typing import Any

from flask import Flask, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from app.files.rules import UnacceptableFileError
from app.i18n import N_
from app.security.guard import act
from app.security.models import utc_now
from app.ui.partials import is_partial
from app.ui.views import PortalView
from tenants.imports import confirming, repairing, service, staging
from tenants.imports.cells import cell_name, column_letters
from tenants.imports.fields import REQUIRED, Field
from tenants.imports.models import BatchState, ImportBatch
from tenants.imports.reader import USUAL, UnreadableFile
from tenants.imports.rows import Problem, Severity, Status
from tenants.organisations.service import names

_TABS = {
    Status.ERROR: N_("Not right"),
    Status.DUPLICATE: N_("There already"),
    Status.WARNING: N_("Look at this"),
    Status.NEW: N_("Good"),
}
# Reading 10,000 rows takes some ten seconds; a page that saw nothing for so long offers to begin again.
STALLED = timedelta(minutes=2)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def register(app: Flask, appbuilder: Any) -> None:
    """Add the pages; the page of the petitions leads to them."""
    appbuilder.add_view_no_menu(ImportView)
    app.register_error_handler(staging.NoSuchImportError, lambda _error: app.handle_http_exception(NotFound()))
    for helper in (problem_text, problem_columns, column_letters):
        app.add_template_global(helper)
    app.add_template_global(Status, "import_status")


def problem_text(problem: Problem) -> str:
    return _(problem.msgid) % problem.params


def problem_columns(row: service.PreviewRow) -> list[int]:
    """The columns (from 0) of a row's cells that are to be repaired: those in error, each once."""
    wrong = [p.cell for p in row.problems if p.severity is Severity.ERROR or p.code == "duplicate"]
    named = {cell_name(column, row.sheet_row): column for column in range(len(row.cells))}
    return sorted({named[cell] for cell in wrong if cell in named})


class ImportView(PortalView):
    """Reading in the register that was kept in a spreadsheet."""

    route_base = "/verzoekschriften/inlezen"
    class_permission_name = "petitions"

    @expose("/", methods=["GET", "POST"])
    @act("import")
    def index(self) -> ResponseReturnValue:
        wrong = None
        if request.method == "POST":
            chosen = request.files.get("file")
            try:
                if chosen is None or not chosen.filename:
                    raise UnacceptableFileError(_("Choose a file first."))
                batch_id = staging.upload(chosen.filename, chosen.read())
                return redirect(url_for("ImportView.show", batch_id=batch_id))
            except (UnreadableFile, UnacceptableFileError) as error:
                wrong = _(error.message) % error.params
        batches = service.batches()
        page = render_template(
            "imports/index.html",
            wrong=wrong,
            batches=batches,
            labels={state.value: state.label for state in BatchState},
            names=names(batch.made_by for batch in batches),
            megabytes=USUAL.file_bytes // 1_000_000,
            max_rows=USUAL.rows,
        )
        return page, 422 if wrong else 200

    @expose("/<uuid:batch_id>/", methods=["GET"])
    @act("import")
    def show(self, batch_id: uuid.UUID) -> ResponseReturnValue:
        return _page(batch_id)

    @expose("/<uuid:batch_id>/voortgang", methods=["GET"])
    @act("import")
    def progress(self, batch_id: uuid.UUID) -> ResponseReturnValue:
        """How far reading or importing is; the page asks this every second."""
        batch = staging.find(batch_id)
        there = url_for("ImportView.show", batch_id=batch_id)
        if batch.state not in (BatchState.READING, BatchState.IMPORTING) or not is_partial():
            return make_response("", 200, {"HX-Redirect": there}) if is_partial() else redirect(there)
        return render_template("imports/progress.html", **_progress(batch))

    @expose("/<uuid:batch_id>/kolommen", methods=["GET", "POST"])
    @act("import")
    def columns(self, batch_id: uuid.UUID) -> ResponseReturnValue:
        batch = staging.find(batch_id)
        chosen = {column: field for field, column in staging.mapping_of(batch).columns.items()}
        wrong = None
        if request.method == "POST":
            fields = set(Field)
            given = {column: request.form.get(f"column-{column}", "") for column in range(len(batch.labels))}
            chosen = {column: Field(value) for column, value in given.items() if value in fields}
            try:
                staging.choose_columns(batch_id, chosen)
                return redirect(url_for("ImportView.show", batch_id=batch_id))
            except staging.ImportRefusedError as error:
                wrong = _(error.message) % error.params
        page = render_template(
            "imports/columns.html", batch=batch, chosen=chosen, fields=list(Field), required=REQUIRED, wrong=wrong
        )
        return page, 422 if wrong else 200

    @expose("/<uuid:batch_id>/rij/<uuid:row_id>", methods=["GET", "POST"])
    @act("import")
    def row(self, batch_id: uuid.UUID, row_id: uuid.UUID) -> ResponseReturnValue:
        """One row with all its columns; saving it judges it again."""
        row = service.row_of(batch_id, row_id)
        if request.method == "POST":
            texts = {
                int(found[1]): value[:40_000]
                for name, value in request.form.items()
                if (found := re.fullmatch(r"cell-(\d{1,3})", name)) and int(found[1]) < len(row.cells)
            }
            return self._changed(batch_id, row.sheet_row, lambda: repairing.repair(batch_id, row_id, texts))
        batch = staging.find(batch_id)
        fields = {column: field for field, column in staging.mapping_of(batch).columns.items()}
        at = {cell_name(column, row.sheet_row): column for column in range(len(row.cells))}
        problems: dict[int, list[str]] = {}
        for problem in row.problems:
            problems.setdefault(at.get(problem.cell, -1), []).append(problem_text(problem))
        return render_template("imports/row.html", batch=batch, row=row, fields=fields, problems=problems, back=_back())

    @expose("/<uuid:batch_id>/rij/<uuid:row_id>/overslaan", methods=["POST"])
    @act("import")
    def skip(self, batch_id: uuid.UUID, row_id: uuid.UUID) -> ResponseReturnValue:
        """Leave a row out, or take it up again."""
        skipped = request.form.get("skipped") == "1"
        sheet_row = service.row_of(batch_id, row_id).sheet_row
        return self._changed(batch_id, sheet_row, lambda: repairing.skip(batch_id, row_id, skipped=skipped))

    def _changed(self, batch_id: uuid.UUID, sheet_row: int, change: Any) -> ResponseReturnValue:
        try:
            status = change()
        except staging.ImportRefusedError as error:
            return _page(batch_id, refused=error)
        if status is Status.ERROR:
            flash(_("Row %(row)d is not right yet: look at what stands beside it.", row=sheet_row), "warning")
        elif status is Status.DUPLICATE:
            flash(_("Row %(row)d is a duplicate now.", row=sheet_row), "warning")
        elif status is not None:
            flash(_("Row %(row)d can be imported now.", row=sheet_row), "success")
        return redirect(url_for("ImportView.show", batch_id=batch_id, **_back(), rij=sheet_row))

    @expose("/<uuid:batch_id>/bevestigen", methods=["POST"])
    @act("import")
    def confirm(self, batch_id: uuid.UUID) -> ResponseReturnValue:
        return _after(batch_id, lambda: confirming.confirm(batch_id))

    @expose("/<uuid:batch_id>/ongedaan", methods=["POST"])
    @act("import")
    def undo(self, batch_id: uuid.UUID) -> ResponseReturnValue:
        return _after(batch_id, lambda: confirming.undo(batch_id))

    @expose("/<uuid:batch_id>/opnieuw", methods=["POST"])
    @act("import")
    def again(self, batch_id: uuid.UUID) -> ResponseReturnValue:
        """Begin again what stopped half-way, or read an undone file again."""
        importing = staging.find(batch_id).state == BatchState.IMPORTING
        return _after(batch_id, lambda: (confirming.resume if importing else staging.read_again)(batch_id))

    @expose("/<uuid:batch_id>/afgewezen.xlsx", methods=["GET"])
    @act("import")
    def rejected(self, batch_id: uuid.UUID) -> ResponseReturnValue:
        """The rows that don't go in, with a column that says why."""
        name = _("rejected-rows") + ".xlsx"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return Response(service.rejected(batch_id), mimetype=XLSX, headers=headers)


def _after(batch_id: uuid.UUID, action: Any) -> ResponseReturnValue:
    try:
        action()
    except staging.ImportRefusedError as error:
        return _page(batch_id, refused=error)
    return redirect(url_for("ImportView.show", batch_id=batch_id))


def _back() -> dict[str, str]:
    """The part of the list in which somebody works, to come back to."""
    given = request.values
    return {key: given[key] for key in ("toon", "page") if given.get(key, "").replace("_", "").isalnum()}


def _page(batch_id: uuid.UUID, refused: staging.ImportRefusedError | None = None) -> ResponseReturnValue:
    """The page of an import: a template for each state. What was refused stands on top of it (409)."""
    batch = staging.find(batch_id)
    state = BatchState(batch.state)
    provide = {
        BatchState.READING: _progress,
        BatchState.IMPORTING: _progress,
        BatchState.READY: _to_check,
        BatchState.DONE: _done,
    }.get(state, lambda batch: {"batch": batch})
    template = "busy" if provide is _progress else state.value
    refusal = _(refused.message) % refused.params if refused else None
    page = render_template(f"imports/{template}.html", refusal=refusal, **provide(batch))
    return page, 409 if refused else 200


def _progress(batch: ImportBatch) -> dict[str, Any]:
    done = service.staged(batch.id) if batch.state == BatchState.READING else 0
    return {"batch": batch, "done": done, "stalled": utc_now() - batch.changed_at > STALLED}


def _to_check(batch: ImportBatch) -> dict[str, Any]:
    counts = service.counts(batch.id)
    wrong = counts.by_status[Status.ERROR]
    show = request.values.get("toon", "error" if wrong else "all")
    page = max(1, request.values.get("page", 1, type=int))
    rows, count = service.preview(batch, "" if show == "all" else show, page)
    mapping = staging.mapping_of(batch)
    tabs = [("all", _("All"), counts.all)]
    tabs += [(status.value, _(label), counts.by_status[status]) for status, label in _TABS.items()]
    tabs.append(("skipped", _("Left out"), counts.skipped))
    changed = request.values.get("rij", 0, type=int)
    return {
        "batch": batch,
        "counts": counts,
        "missing": mapping.missing(),
        "missing_labels": [_(field.label) for field in mapping.missing()],
        "mapped": len(mapping.columns),
        "tabs": [
            (text, url_for("ImportView.show", batch_id=batch.id, toon=key), key == show, number)
            for key, text, number in tabs
            if number or key in (show, "all")
        ],
        "show": show,
        "page": page,
        "rows": rows,
        # The keyboard goes on where somebody works: at the row just changed, or at the one that took its place.
        "focus": next((r.sheet_row for r in rows if r.sheet_row >= changed), rows[-1].sheet_row if rows else None)
        if changed
        else None,
        "count": count,
        "page_size": service.PAGE_SIZE,
        "page_href": lambda number: url_for("ImportView.show", batch_id=batch.id, toon=show, page=number),
    }


def _done(batch: ImportBatch) -> dict[str, Any]:
    page = max(1, request.args.get("page", 1, type=int))
    cases, count = confirming.cases_of(batch.id, service.PAGE_SIZE, (page - 1) * service.PAGE_SIZE)
    return {
        "batch": batch,
        "cases": cases,
        "count": count,
        "left_out": service.staged(batch.id),
        "page": page,
        "page_size": service.PAGE_SIZE,
        "page_href": lambda number: url_for("ImportView.show", batch_id=batch.id, page=number),
    }
