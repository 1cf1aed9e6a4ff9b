"""The form that hands a case over."""

# mypy: ignore-errors
# WTForms carries no types: strictness would only count its silence.

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import DataRequired, InputRequired

from tenants.cases.fields import TextField
from tenants.cases.forms import Part


class HandoverForm(Part):
    """To whom, and what they have to know. `people`: colleagues with what they carry."""

    title = _l("Hand the case over")
    widths = {"user": "half"}
    user = SelectField(
        _l("To whom"),
        [InputRequired(_l("Choose who takes it over."))],
        coerce=lambda value: int(value) if value else None,
    )
    note = TextField(
        _l("What your colleague has to know"),
        [DataRequired(_l("Write what your colleague has to know: how far it is, and what presses."))],
        most=4000,
        description=_l("How far it is, what was promised, what presses, whom to call."),
        render_kw={"rows": 6},
    )

    def __init__(self, *args, people=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.user.choices = [("", _("Choose")), *((str(user_id), text) for user_id, text in people)]
