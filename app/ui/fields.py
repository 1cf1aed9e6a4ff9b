"""Form fields that take what people type here, and native inputs instead of scripted ones."""

# mypy: ignore-errors
# Flask-AppBuilder and WTForms carry no types: strictness would only count their silence.

from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from flask_appbuilder.fieldwidgets import Select2ManyWidget, Select2Widget
from flask_appbuilder.forms import FieldConverter
from flask_appbuilder.upload import FileUploadField, ImageUploadField
from flask_appbuilder.validators import Unique
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    DecimalField,
    Field,
    FloatField,
    Form,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.core import UnboundField
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, FileInput, ListWidget, Select, TextArea, TextInput

from app.ui.formats import today

# What Flask-AppBuilder makes of a column, with the browser's own input instead of a script's.
NATIVE_FIELDS = (
    ("is_image", ImageUploadField, FileInput),
    ("is_file", FileUploadField, FileInput),
    ("is_text", TextAreaField, TextArea),
    ("is_binary", TextAreaField, TextArea),
    ("is_json", TextAreaField, TextArea),
    ("is_string", StringField, TextInput),
    ("is_integer", IntegerField, None),
    ("is_numeric", DecimalField, None),
    ("is_float", FloatField, None),
    ("is_boolean", BooleanField, None),
    ("is_date", DateField, None),
    ("is_datetime", DateTimeLocalField, None),
)


WRITINGS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]
EARLIEST, LATEST = date(1900, 1, 1), date(2099, 12, 31)


def use_native_fields() -> None:
    """Make Flask-AppBuilder build its forms with native inputs (once per process, the table is the class's)."""
    FieldConverter.conversion_table = NATIVE_FIELDS


def made_ours(form: type[Form]) -> type[Form]:
    """`form` with the selects of relations made native (a select for one, tick boxes for several), and with
    a sentence of ours where Flask-AppBuilder knows only English."""
    for field in vars(form).values():
        if not isinstance(field, UnboundField):
            continue
        widget = field.kwargs.get("widget")
        if isinstance(widget, Select2ManyWidget):
            field.kwargs.update(widget=ListWidget(prefix_label=False), option_widget=CheckboxInput())
        elif isinstance(widget, Select2Widget):
            field.kwargs["widget"] = Select()
        for validator in field.kwargs.get("validators") or []:
            if isinstance(validator, Unique):
                validator.message = _l("This exists already. Choose another one.")
    return form


def parse_euro(text: str) -> Decimal:
    """The amount in `text`, rounded to nothing: '€ 1.234,56', '1234,5', '1 234.56', '1.234' (thousands).

    A dot or comma followed by exactly three digits separates thousands; the last one with one or two digits
    after it separates cents. Raises ValueError for anything else, also for more than two decimals.
    """
    compact = "".join(text.replace("€", "").replace("EUR", "").split())
    whole, cents = compact, ""
    for separator in (",", "."):
        head, found, tail = compact.rpartition(separator)
        if found and 1 <= len(tail) <= 2:
            whole, cents = head, tail
            break
    sign, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    groups = whole.replace(".", ",").split(",")
    grouped = len(groups) == 1 or (1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:]))
    digits = "".join(groups)
    if not grouped or not digits.isascii() or not (digits + cents).isdigit():
        raise ValueError(text)
    try:
        return Decimal(f"{sign}{digits}.{cents or '0'}").quantize(Decimal("0.01"))
    except InvalidOperation:
        raise ValueError(text) from None


class MoneyField(Field):
    """Euro as a Decimal with two decimals, typed the way people here do; None when left empty."""

    widget = TextInput()

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        kwargs["render_kw"] = {"inputmode": "decimal", "autocomplete": "off"} | (kwargs.get("render_kw") or {})
        super().__init__(label, validators, **kwargs)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:.2f}".replace(".", ",")

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if not valuelist or not valuelist[0].strip():
            return
        try:
            self.data = parse_euro(valuelist[0])
        except ValueError:
            raise ValidationError(_l("This is not an amount. Write it as 1.234,56.")) from None


def day_in_address(text: str | None) -> date | None:
    """The day that an address names ('2026-11-24'); None when it names none, or one in a year that nobody means."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None


class DayField(DateField):
    """A day; `future=False` refuses one that is still to come."""

    def __init__(self, label=None, validators=None, future=True, **kwargs):
        # With a last day the browser takes a year of four digits, and no fifth one by a slip of the finger.
        kwargs["render_kw"] = {"max": LATEST.isoformat()} | kwargs.get("render_kw", {})
        super().__init__(label, validators, format=WRITINGS, **kwargs)
        self.future = future

    def process_formdata(self, valuelist):
        try:
            super().process_formdata([value.strip() for value in valuelist])
        except ValueError:
            raise ValueError(_l("This is not a day. Write it as 24/11/2026.")) from None

    def pre_validate(self, form):
        if self.data is None:
            return
        if not EARLIEST <= self.data <= LATEST:
            raise ValidationError(_l("Check the year: it has to be between 1900 and 2099."))
        if not self.future and self.data > today():
            raise ValidationError(_l("This day is still to come. Fill in today or earlier."))


class WholeNumberField(IntegerField):
    """A number of days, places or people; of one that can't be read nothing more is said than how to write it."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValidationError(_l("This is not a whole number. Write it in digits, such as 12.")) from None

    def pre_validate(self, form: Form) -> None:
        if self.process_errors and self.raw_data and self.raw_data[0].strip():
            raise StopValidation  # whether it is too small or too large can't be said


class CodeList(Protocol):
    """A code list, such as those of tenants.cases.codes."""

    def choices(self) -> Iterable[tuple[str, str]]:
        """(stored value, English msgid) in the order in which a form offers them."""
        ...


class CodeField(SelectField):
    """A choice out of a code list, with its labels translated; `blank` is the text for 'nothing chosen yet'."""

    def __init__(self, label: Any, codes: CodeList, validators: Any = None, blank: Any = None, **kwargs: Any) -> None:
        offered = [(value, _l(text)) for value, text in codes.choices()]
        kwargs["choices"] = ([("", blank)] if blank is not None else []) + offered
        kwargs.setdefault("coerce", _value_or_none)
        super().__init__(label, validators=validators, **kwargs)

    def pre_validate(self, form: Form) -> None:
        if self.data is not None:
            super().pre_validate(form)


def _value_or_none(value: Any) -> str | None:
    return str(value) if value else None
