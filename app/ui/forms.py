"""What the form macros need to know about a WTForms field (how it is drawn, what is wrong with it), and its words."""

from typing import Any

from flask import Flask
from flask_babel import gettext
from flask_wtf import FlaskForm
from flask_wtf.i18n import Translations
from wtforms import BooleanField, Field, Form, TextAreaField
from wtforms.widgets import ListWidget, Select

from app.i18n import N_

# What WTForms says itself, in words that say how to go on.
OUR_WORDS = {
    "Not a valid date value.": N_("This is not a day. Write it as 24/11/2026."),
    "Not a valid choice.": N_("This is not in the list. Choose again."),
    "Not a valid time value.": N_("This is not an hour. Write it as 9:30."),
    "Field cannot be longer than %(max)d character.": N_("At most %(max)d characters fit here."),
}


class _Words(Translations):
    def gettext(self, string: str) -> str:
        ours = OUR_WORDS.get(string)
        return gettext(ours) if ours else str(super().gettext(string))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        ours = OUR_WORDS.get(singular)
        return gettext(ours) if ours else str(super().ngettext(singular, plural, n))


def init_app(app: Flask) -> None:
    """Give templates the helpers of this module, and every form our words."""
    words = _Words()
    FlaskForm.Meta.get_translations = lambda _meta, _form: words
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
