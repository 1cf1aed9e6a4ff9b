"""What the forms of a procedure share: finding the row, showing the form, and telling what can't be right."""

# mypy: ignore-errors
# WTForms carries no types: strictness would only count its silence.

import uuid
from collections.abc import Callable
from typing import Any, NamedTuple

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from app.audit.service import record_read
from app.database import db, transaction
from app.ui.formats import datum_lang
from tenants.cases.editing import case_or_404, conflict_about, differences
from tenants.cases.models import Case
from tenants.cases.service import ChangedMeanwhileError
from tenants.dialogue import cantons
from tenants.petitions.course import CourseError, NotThereError, RollTakenError, find
from tenants.petitions.lists import courts


class Stands(NamedTuple):
    """What a form is about, as it stands now: its mark (`seen`), the values by the names of the form's fields, and the
    row itself, None when there is none."""

    mark: str
    values: dict[str, Any]
    row: Any = None


def answer(
    template: str,
    case_id: uuid.UUID,
    form: FlaskForm,
    save: Callable[[], None],
    message: str,
    *,
    done: Callable[[], str] | None = None,
    stands: Callable[[], Stands] | None = None,
    **shown: Any,
) -> ResponseReturnValue:
    """The form of a case: shown (which is recorded), kept, or shown again with all that is wrong (422).

    done: the address to go to afterwards; the case's page when there is none. stands: what stands there now, for a
    form that must not overwrite unseen what a colleague saved meanwhile (409).
    """
    case = case_or_404(case_id)
    status, taken, conflict, mark = 200, None, None, mark_given()
    if request.method == "GET":
        with transaction():
            record_read("case_file", case.id, case.id, "case work")
        mark = stands().mark if stands else None
    else:
        status = 422
        try:
            if form.validate():
                save()
                flash(message, "success")
                return redirect(done() if done else url_for("CaseView.show_case", case_id=case_id))
        except CourseError as error:
            show_wrong(form, error)
        except RollTakenError as error:
            taken = error
        except ChangedMeanwhileError:
            db.session.expire_all()
            status, now = 409, stands()
            conflict, mark = conflict_about(now.row, differences(form, now.values)), now.mark
    given = {"case": case, "form": form, "taken": taken, "conflict": conflict, "mark": mark}
    return render_template(template, courts=lambda: _courts(case), **given, **shown), status


def mark_given() -> str | None:
    """The mark of what the form was opened with, as the form brings it back."""
    return request.form.get("seen")


def _courts(case: Case) -> list[str]:
    """What to choose a court from: where the dwelling lies first, then where the organisation came before."""
    near = cantons.of_postcode(case.dwelling.postcode) if case.dwelling else []
    return list(dict.fromkeys([*near, *courts()]))


def row_or_404(model: Any, row_id: uuid.UUID) -> Any:
    """The petition, hearing or judgment of this address."""
    try:
        return find(model, row_id)
    except NotThereError:
        abort(404)


def show_wrong(form, error):
    """Put each thing that is wrong at its field; at the other field it concerns, or on top, when it has none."""
    for wrong in error.wrong:
        params = {k: datum_lang(v) if hasattr(v, "year") else v for k, v in wrong.params.items()}
        message = _(wrong.msgid, **params)
        name = next((n for n in (wrong.field, wrong.other) if n in form), None)
        if name is None:
            form.form_errors.append(message)
        else:
            form[name].errors = [*form[name].errors, message]
