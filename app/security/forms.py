"""The forms of signing in and of one's own account."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import DataRequired, Length, Regexp, ValidationError

from app.security.rules import MAX_PASSWORD, password_problems


def storable(text):
    """Without NUL, which PostgreSQL does not take."""
    return (text or "").replace("\0", "")


class LoginForm(FlaskForm):
    username = StringField(
        _l("User name or e-mail address"),
        [DataRequired(_l("Fill in your user name.")), Length(max=320)],
        filters=[storable],
    )
    password = PasswordField(_l("Password"), [DataRequired(_l("Fill in your password.")), Length(max=MAX_PASSWORD)])


class CodeForm(FlaskForm):
    code = StringField(
        _l("Code"),
        [DataRequired(_l("Fill in the code.")), Length(max=40)],
        description=_l("Six digits from the app on your phone, or one of your recovery codes."),
    )


class ForgottenForm(FlaskForm):
    email = EmailField(
        _l("E-mail at work"),
        [
            DataRequired(_l("Fill in the e-mail address.")),
            Length(max=320),
            Regexp(".*@", message=_l("Fill in your e-mail address at work, not your user name.")),
        ],
        filters=[storable],
    )


class NewPasswordForm(FlaskForm):
    """`about`: words of the person that don't belong in a password."""

    password = PasswordField(
        _l("New password"),
        [DataRequired(_l("Fill in your password."))],
        description=_l("At least 12 characters. A short sentence is easy to remember."),
    )
    again = PasswordField(_l("The same once more"), [DataRequired(_l("Fill in the password once more."))])

    def __init__(self, *args, about=(), **kwargs):
        super().__init__(*args, **kwargs)
        self._about = about

    def validate_password(self, field):
        problems = password_problems(field.data or "", self._about)
        if problems:
            raise ValidationError(" ".join(_(problem) for problem in problems))

    def validate_again(self, field):
        if field.data != self.password.data:
            raise ValidationError(_("The two passwords differ. Type them again."))


class ChangePasswordForm(NewPasswordForm):
    current = PasswordField(
        _l("Your present password"), [DataRequired(_l("Fill in your password.")), Length(max=MAX_PASSWORD)]
    )


def words_about(user) -> tuple[str, ...]:
    """What others know of the person."""
    return tuple(filter(None, (user.username, user.first_name, user.last_name, user.email.partition("@")[0])))
