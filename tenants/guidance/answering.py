"""How the pages of guidance answer when a change is refused or comes too late."""

from collections.abc import Callable
from typing import Any, NamedTuple

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.database import db
from tenants.cases.editing import conflict_about, differences
from tenants.cases.service import CaseError, ChangedMeanwhileError

Page = Callable[..., ResponseReturnValue]


class Stands(NamedTuple):
    """What stands there now: the row, None when it is gone; the values by the names of the form's fields; and a form
    that shows them."""

    row: Any
    values: dict[str, Any]
    form: Any


def refused(error: CaseError, form: Any, page: Page, stands: Callable[[], Stands]) -> ResponseReturnValue:
    """The page again with what was typed: 409 with who was first, when, and both values; 422 with the reason at its
    field."""
    if isinstance(error, ChangedMeanwhileError):
        db.session.expire_all()
        now = stands()
        return page(409, conflict=conflict_about(now.row, differences(form, now.values, now.form), error.by))
    message, field = _(error.message, **error.params), getattr(error, "field", "")
    if field and field in form:
        form[field].errors = [*form[field].errors, message]
    else:
        form.form_errors.append(message)
    return page(422)
