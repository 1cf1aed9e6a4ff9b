"""What the form macros need to know about a WTForms field: how it is drawn and what is wrong with it."""

from typing import Any

from flask import Flask
from wtforms import BooleanField, Field, Form, TextAreaField
from wtforms.widgets import ListWidget, Select


def init_app(app: Flask) -> None:
    """Give templates the helpers of this module."""
    for helper in (control_attributes, form_errors, is_group, padded):
        app.add_template_global(helper)


def control_attributes(field: Field, described_by: str, given: dict[str, Any]) -> dict[str, Any]:
    """The HTML attributes of a control: its class, what describes it, whether it is wrong; `given` wins."""
    if isinstance(field, BooleanField):
        kind = "form-check-input"
    else:
        kind = "form-select" if isinstance(field.widget, Select) else "form-control"
    attributes: dict[str, Any] = {"class": kind}
    if isinstance(field, TextAreaField) and "rows" not in (field.render_kw or {}):
        attributes["rows"] = 4
    if described_by:
        attributes["aria-describedby"] = described_by
    if field.errors:
        attributes["aria-invalid"] = "true"
    return attributes | given


def is_group(field: Field) -> bool:
    """True for radio buttons and lists of tick boxes: several controls under one question."""
    return isinstance(field.widget, ListWidget)


def form_errors(form: Form) -> list[tuple[Field | None, str]]:
    """Everything that is wrong, in the order of the fields; None stands for the form as a whole."""
    whole = [(None, str(message)) for message in form.form_errors]
    return whole + [(field, str(message)) for field in form for message in _messages(field.errors)]


def _messages(errors: Any) -> list[Any]:
    """Errors of a field in one list; those of a form inside a form come as a dictionary of lists."""
    if isinstance(errors, dict):
        errors = [error for nested in errors.values() for error in nested]
    return [part for error in errors for part in (_messages(error) if isinstance(error, dict | list) else [error])]


def padded(item: Any, length: int) -> tuple[Any, ...]:
    """`item` as a tuple of `length`: a tuple is filled up with None, anything else becomes its first part."""
    parts = tuple(item) if isinstance(item, tuple | list) else (item,)
    return parts + (None,) * (length - len(parts))
