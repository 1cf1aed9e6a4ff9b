"""One case in the page of a session: what is recorded of it, or the form to record it, each saved on its own.

With a script only the row is renewed; without one the whole page comes back.
"""

# mypy: ignore-errors
# WTForms carries no types: strictness would only count their silence.

import uuid

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.audit.service import record_read
from app.database import db, transaction
from app.i18n import N_
from app.ui.partials import is_partial
from tenants.cases import words
from tenants.cases.codes import JudgmentKind
from tenants.hearings import listing
from tenants.hearings.forms import SHORT, RecordForm
from tenants.organisations.service import names
from tenants.petitions import wording
from tenants.petitions.checks import Wrong
from tenants.petitions.course import CourseError, NotThereError, local_day, today
from tenants.petitions.editing import show_wrong
from tenants.petitions.hearings import RecordedMeanwhileError, record_hearing, record_mark

MEANWHILE = N_(
    "%(name)s recorded this hearing meanwhile: %(what)s. Save again to put yours in its place, or cancel to keep it."
)


class Row:
    """A file of the session as its page shows it.

    form: to record it, None when it shows what is recorded. clash: what a colleague recorded meanwhile is shown.
    saved: it was recorded just now.
    """

    def __init__(self, file, form=None, clash=False, saved=False):
        self.file, self.form, self.clash, self.saved = file, form, clash, saved
        hearing = file.hearing
        self.id = f"zaak-{hearing.id}"
        self.seen = record_mark(hearing)
        self.is_ahead = hearing.recorded_at is None and local_day(hearing.at) >= today()
        self.present = ", ".join(_(SHORT[code]) for code in hearing.present or ())
        judgment = file.judgment
        self.result = words.label(JudgmentKind, judgment.kind) if judgment else _("not decided yet")


def prefix(hearing_id: uuid.UUID) -> str:
    """Before the names of a row's fields, so that every row of the page has its own."""
    return f"z{hearing_id.hex}-"


def form_of(file: listing.File) -> RecordForm:
    """The form of a row, filled with what is known."""
    return RecordForm.of(file.hearing, file.judgment, prefix=prefix(file.hearing.id), short=True)


def rows_of(files, instead=None):
    """The rows of a session: a form for what can be recorded and is not. instead: a row that is shown as it is."""
    shown = []
    for file in files:
        if instead and file.hearing.id == instead.file.hearing.id:
            shown.append(instead)
            continue
        over = local_day(file.hearing.at) <= today()
        open_form = over and file.hearing.recorded_at is None and not file.is_off
        shown.append(Row(file, form_of(file) if open_form else None))
    return shown


def show_row(hearing_id: uuid.UUID) -> ResponseReturnValue:
    """A row again; `wijzig=1`: the form to change it, whose opening is recorded since it shows notes."""
    file = _file_or_404(hearing_id)
    change = request.args.get("wijzig") == "1"
    if change:
        with transaction():
            record_read("case_file", file.case.id, file.case.id, "case work")
    return _answer(Row(file, form_of(file) if change else None))


def save_row(hearing_id: uuid.UUID) -> ResponseReturnValue:
    """Keep what was filled in; what can't be kept comes back with the reason (422, or 409 after a colleague)."""
    form = RecordForm(prefix=prefix(hearing_id), short=True)
    before = request.form.get("over", form.seen.data or "")
    status, clash = 422, False
    try:
        if form.validate():
            record_hearing(hearing_id, form.record(), before)
            return _answer(Row(_fresh(hearing_id), saved=True))
    except NotThereError:
        abort(404)
    except CourseError as error:
        show_wrong(form, error)
    except RecordedMeanwhileError:
        status, clash = 409, True
    return _answer(Row(_fresh(hearing_id), form, clash), status)


def _fresh(hearing_id: uuid.UUID) -> listing.File:
    """The file as the database has it now."""
    db.session.expire_all()
    return _file_or_404(hearing_id)


def _file_or_404(hearing_id: uuid.UUID) -> listing.File:
    return listing.file_of(hearing_id) or abort(404)


def _answer(row: Row, status: int = 200) -> ResponseReturnValue:
    day, court = local_day(row.file.hearing.at), row.file.petition.court
    if is_partial():
        session = listing.session_of(day, court)
        return render_template("hearings/row_alone.html", row=row, session=session, **shown([row])), status
    if status == 200 and row.form is None:
        return redirect(address(day, court) + f"#{row.id}")
    return session_page(day, court, row), status


def address(day, court):
    """Where a session's page is."""
    return url_for("HearingView.session", day=day.isoformat(), vredegerecht=court)


def shown(rows):
    """What the template of a row needs beside the row."""
    return {"words": words, "wording": wording, "names": names(row.file.hearing.recorded_by for row in rows)}


def session_page(day, court, instead=None):
    """The page of a session."""
    files = listing.files_of(day, court)
    session = listing.session_of(day, court)
    if session is None:
        abort(404)
    rows = rows_of(files, instead)
    return render_template(
        "hearings/session.html",
        session=session,
        rows=rows,
        complete=len(files) < listing.MOST,
        over=day <= today(),
        **shown(rows),
    )


def clash_of(hearing):
    """What a colleague recorded of a hearing while its own page was open, as something wrong on that page."""
    row = Row(_file_or_404(hearing.id))
    by = names([hearing.recorded_by]).get(hearing.recorded_by) or _("A colleague")
    return Wrong("result", MEANWHILE, {"name": by, "what": f"{row.present}; {row.result}"})
