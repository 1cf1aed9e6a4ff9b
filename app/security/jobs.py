"""Background work of signing in: the mail with a one-time link, and the daily forgetting."""

from flask import current_app, render_template
from flask_appbuilder.security.sqla.models import User
from flask_babel import force_locale
from flask_babel import gettext as _

from app import mail
from app.database import db
from app.jobs import job, queue
from app.security import passwords
from app.security.identity import forget_old_sessions
from app.security.models import utc_now


@job("security.send_reset_link", retry=5)
def send_reset_link(for_user: int) -> None:
    """Make the link here, so that its token never lies in the queue."""
    settings = current_app.extensions["settings"]
    user = db.session.get(User, for_user)
    if user is None or not user.active:
        return
    token = passwords.make_reset_token(user.id)
    with force_locale("nl"):
        body = render_template(
            "security/reset_mail.txt",
            name=user.first_name,
            username=user.username,
            href=f"{settings.base_url}/wachtwoord/nieuw/{token}/",
        )
        mail.send(settings, user.email, _("Choose a new password for Woonvast"), body)


@queue.periodic(cron="17 3 * * *")
@job("security.forget")
def forget(timestamp: int) -> None:
    """Delete what signing in left behind."""
    now = utc_now()
    passwords.forget_old(now)
    forget_old_sessions(now)
