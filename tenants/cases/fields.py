"""Form fields of case work: days as people type them, text without signs that nobody can see, checked numbers."""

# mypy: ignore-errors
# WTForms carries no types: strictness would only count its silence.

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from stdnum import iban
from stdnum.be import vat
from stdnum.exceptions import ValidationError as NumberError
from wtforms import SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from tenants.cases.rules import InvalidInszError, normal_insz, shown_insz


def one_line(text):
    """Printable signs and single spaces: what else sneaks in by copying is left out."""
    return " ".join("".join(c if c.isprintable() else " " for c in text or "").split())


def lines(text):
    """As `one_line`, with the line breaks kept."""
    return "\n".join(one_line(line) for line in (text or "").splitlines()).strip()


class LineField(StringField):
    """One line of text, at most `most` characters (as many as its column holds)."""

    def __init__(self, label=None, validators=(), most=100, **kwargs):
        checks = [*validators, Length(max=most, message=_l("At most %(max)d characters fit here."))]
        super().__init__(label, checks, filters=[one_line], **kwargs)


class TextField(TextAreaField):
    """Several lines, at most `most` characters."""

    def __init__(self, label=None, validators=(), most=10_000, **kwargs):
        checks = [*validators, Length(max=most, message=_l("At most %(max)d characters fit here."))]
        super().__init__(label, checks, filters=[lines], **kwargs)


class TicksField(SelectMultipleField):
    """Several out of a code list, as tick boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label, codes, **kwargs):
        choices = [(value, _l(text)) for value, text in codes.choices()]
        super().__init__(label, [Optional()], choices=choices, **kwargs)

    def pre_validate(self, form):
        known = {value for value, _text in self.choices}
        if set(self.data or ()) - known:
            raise ValidationError(_("Choose from the list."))


class InszField(LineField):
    """A national register number in any writing; `digits` holds the eleven digits when they are right."""

    digits = None

    def __init__(self, label=None, **kwargs):
        hint = _l("Eleven digits, as on the identity card: 85.07.30-033.28")
        kwargs["render_kw"] = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__(label, [Optional()], most=20, description=hint, **kwargs)

    def process_data(self, value):
        super().process_data(shown_insz(value) if value else "")

    def post_validate(self, form, validation_stopped):
        if not self.data or validation_stopped:
            return
        try:
            self.digits = normal_insz(self.data)
        except InvalidInszError:
            raise ValidationError(
                _("This national register number is not right. Compare its eleven digits with the identity card.")
            ) from None


def enterprise_number(form, field):
    """KBO: ten digits with their check; written back without dots."""
    if field.data:
        try:
            field.data = vat.validate(field.data)
        except NumberError:
            raise ValidationError(
                _("This enterprise number is not right. It has ten digits, such as 0630.835.639.")
            ) from None


def account_number(form, field):
    """IBAN with its check; written back without spaces. Not whether the bank exists: its list would grow old."""
    if field.data:
        try:
            field.data = iban.validate(field.data, check_country=False)
        except NumberError:
            raise ValidationError(
                _("This account number (IBAN) is not right. Copy it again from the letter.")
            ) from None


def phone_number(form, field):
    """Loose, since numbers from everywhere come in: six to fifteen digits with the usual signs."""
    digits = sum(c.isdigit() for c in field.data or "")
    if field.data and (not 6 <= digits <= 15 or set(field.data) - set("0123456789 +/.-()")):
        raise ValidationError(_("This is not a phone number. Use digits, such as 0470 12 34 56."))
