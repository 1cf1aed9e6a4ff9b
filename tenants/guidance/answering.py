"""How the pages of guidance answer when a change is refused or comes too late."""

from collections.abc import Callable
from typing import Any

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tenants.cases.editing import Conflict
from tenants.cases.service import CaseError, ChangedMeanwhileError
from tenants.organisations.service import names

Page = Callable[..., ResponseReturnValue]


def refused(error: CaseError, form: Any, page: Page) -> ResponseReturnValue:
    """The page again with what was typed: 409 when a colleague was first, 422 with the reason at its field."""
    if isinstance(error, ChangedMeanwhileError):
        by = names([error.by]).get(error.by, "") if error.by else ""
        return page(409, conflict=Conflict(by, ()))
    message, field = _(error.message, **error.params), getattr(error, "field", "")
    if field and field in form:
        form[field].errors = [*form[field].errors, message]
    else:
        form.form_errors.append(message)
    return page(422)
