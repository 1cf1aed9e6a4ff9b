"""What the pages that change a case share: finding it, the version that was seen, and the answer to a conflict."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import Field

from app.audit.service import last_change
from tenants.cases.models import Case
from tenants.cases.service import CaseError, ChangedMeanwhileError, NoSuchCaseError, find
from tenants.organisations.service import names


@dataclass(frozen=True)
class Difference:
    """A field that somebody else saved otherwise than what stands in the form now."""

    label: str
    stored: str
    typed: str


@dataclass(frozen=True)
class Conflict:
    """A colleague saved first: who, when if that is known, and where that differs from what was typed."""

    by: str
    differences: tuple[Difference, ...]
    at: datetime | None = None


def conflict_about(row: Any, found: Iterable[Difference], by: int | None = None) -> Conflict:
    """A conflict about a row of a case (None: it is gone), with who changed it last by the trail; else `by`."""
    last = last_change(row.__tablename__, row.id, row.case_id) if row is not None else None
    who = last.actor_id if last is not None else by
    return Conflict(names([who]).get(who, "") if who else "", tuple(found), last.at if last is not None else None)


def case_or_404(case_id: uuid.UUID) -> Case:
    """The case of this address; another organisation's case is not there."""
    try:
        return find(case_id)
    except NoSuchCaseError:
        abort(404)


def version_given() -> int:
    """The version that the form was made from; a form without one is not ours (400)."""
    value = request.form.get("version", "")
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        abort(400)
    return int(value)


class Several:
    """Some forms told as one: their fields, and what is wrong with the whole."""

    def __init__(self, forms: Sequence[FlaskForm]) -> None:
        self.forms = forms
        self.form_errors: list[str] = []

    def __iter__(self) -> Iterator[Field]:
        return (field for form in self.forms for field in form)


def answer_refusal(
    error: CaseError, whole: Several, stored: dict[str, Any], page: Callable[..., ResponseReturnValue]
) -> ResponseReturnValue:
    """The form again with everything that was typed: 409 with what a colleague changed, or 422 with the reason.

    stored: the field values as they are in the database now.
    """
    if isinstance(error, ChangedMeanwhileError):
        by = names([error.by]).get(error.by, "") if error.by else ""
        found = [difference for form in whole.forms if stored for difference in differences(form, stored)]
        return page(409, conflict=Conflict(by, tuple(found)))
    whole.form_errors.append(_(error.message, **error.params))
    return page(422)


def differences(form: FlaskForm, stored: dict[str, Any], now: FlaskForm | None = None) -> Iterator[Difference]:
    """The fields of `form` whose text differs from what is stored. now: a form that shows that, if it needs more."""
    now = now if now is not None else type(form)(formdata=None, data=stored)
    for field in form:
        was, typed = shown(now[field.short_name]), shown(field)
        if field.short_name in stored and was != typed:
            yield Difference(str(field.label.text), was, typed)


def shown(field: Field) -> str:
    """What stands in a field, as its reader sees it."""
    if hasattr(field, "iter_choices"):
        chosen = [str(choice[1]) for choice in field.iter_choices() if choice[2] and choice[0]]
        return ", ".join(chosen)
    if isinstance(field.data, date):
        return f"{field.data:%d/%m/%Y}"
    return str(field._value()) if hasattr(field, "_value") else str(field.data or "")
