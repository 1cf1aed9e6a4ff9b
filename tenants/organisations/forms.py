"""The forms of an organisation's administration."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Email, InputRequired, Length, NumberRange, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from app.security.roles import LABELS, TENANT_ROLES, Role
from app.ui.fields import WholeNumberField


class RolesField(SelectMultipleField):
    """Tick boxes, one per role."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label, **kwargs):
        super().__init__(label, choices=[(str(r), _l(LABELS[r])) for r in TENANT_ROLES], coerce=Role, **kwargs)


class MemberForm(FlaskForm):
    first_name = StringField(_l("First name"), [DataRequired(_l("Fill in the first name.")), Length(max=64)])
    last_name = StringField(_l("Family name"), [DataRequired(_l("Fill in the family name.")), Length(max=64)])
    email = EmailField(
        _l("E-mail at work"),
        [DataRequired(_l("Fill in the e-mail address.")), Email(_l("This is not an e-mail address.")), Length(max=320)],
        description=_l("With this address the person signs in. The link to choose a password goes there."),
    )
    roles = RolesField(_l("What may this person do?"))


class GuestForm(FlaskForm):
    first_name = StringField(_l("First name"), [DataRequired(_l("Fill in the first name.")), Length(max=64)])
    last_name = StringField(_l("Family name"), [DataRequired(_l("Fill in the family name.")), Length(max=64)])
    email = EmailField(
        _l("E-mail at work"),
        [DataRequired(_l("Fill in the e-mail address.")), Email(_l("This is not an e-mail address.")), Length(max=320)],
        description=_l("With this address the person signs in. A mail tells them how."),
    )
    note = StringField(
        _l("As whom"),
        [Optional(), Length(max=120, message=_l("Use at most 120 characters."))],
        description=_l("Such as: justice of the peace, canton of Kortrijk."),
    )


class RolesForm(FlaskForm):
    roles = RolesField(_l("What may this person do?"))


class SettingsForm(FlaskForm):
    first_contact_working_days = WholeNumberField(
        _l("Working days until a first contact"),
        [InputRequired(_l("Fill in a number of days.")), NumberRange(1, 30, _l("Choose between 1 and 30 days."))],
        description=_l("Counted from the day on which the copy of the petition arrives. The law sets no term."),
    )
    second_factor_required = BooleanField(_l("Everyone signs in with a second step (code on a phone)"))
    has_shelter = BooleanField(
        _l("Our organisation runs a night shelter"),
        description=_l("Social workers and the team lead then find it in the menu."),
    )


class TenantForm(FlaskForm):
    name = StringField(_l("Name"), [DataRequired(_l("Fill in the name.")), Length(max=120)])
    slug = StringField(
        _l("Short name"),
        [DataRequired(_l("Fill in the short name.")), Length(max=40)],
        description=_l("The municipality in lower case, such as spiere-helkijn."),
    )
    network = SelectField(_l("Network"))
    kind = SelectField(_l("Kind"), choices=[("ocmw", "OCMW"), ("caw", "CAW")])
    nis = StringField(_l("NIS code"), [Optional(), Regexp(r"^\d{5}$", message=_l("A NIS code has five digits."))])
    admin_first_name = StringField(_l("First name"), [DataRequired(_l("Fill in the first name.")), Length(max=64)])
    admin_last_name = StringField(_l("Family name"), [DataRequired(_l("Fill in the family name.")), Length(max=64)])
    admin_email = EmailField(
        _l("E-mail at work"),
        [DataRequired(_l("Fill in the e-mail address.")), Email(_l("This is not an e-mail address.")), Length(max=320)],
    )
