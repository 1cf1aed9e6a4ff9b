"""What the forms of a procedure share: finding the row, showing the form, and telling what can't be right."""

# mypy: ignore-errors
# WTForms carries no types: strictness would only count its silence.

import uuid
from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from app.audit.service import record_read
from app.database import transaction
from app.ui.formats import datum_lang
from tenants.cases.editing import case_or_404
from tenants.cases.models import Case
from tenants.dialogue import cantons
from tenants.petitions.course import CourseError, NotThereError, RollTakenError, find
from tenants.petitions.lists import courts


def answer(
    template: str,
    case_id: uuid.UUID,
    form: FlaskForm,
    save: Callable[[], None],
    message: str,
    *,
    done: Callable[[], str] | None = None,
    **shown: Any,
) -> ResponseReturnValue:
    """The form of a case: shown (which is recorded), kept, or shown again with all that is wrong (422).

    done: the address to go to afterwards; the case's page when there is none.
    """
    case = case_or_404(case_id)
    status, taken = 200, None
    if request.method == "GET":
        with transaction():
            record_read("case_file", case.id, case.id, "case work")
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
    return render_template(template, case=case, form=form, taken=taken, courts=lambda: _courts(case), **shown), status


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
