"""Background work of signing in: the mail with a one-time link, and forgetting what is over."""

from flask import current_app, render_template
from flask_appbuilder.security.sqla.models import User
from flask_babel import force_locale
from flask_babel import gettext as _
from procrastinate import RetryStrategy

from app import mail
from app.database import transaction
from app.jobs import job, queue
from app.security import attempts, passwords
from app.security.identity import forget_old_sessions
from app.security.models import utc_now

# A mail server that is away is tried again after 4, 16, 64, 256 and 1024 seconds.
_PATIENTLY = RetryStrategy(max_attempts=5, exponential_wait=4)


@job("security.send_link", retry=_PATIENTLY)
def send_link(person_id: int | None, locale: str) -> None:
    """Mail a link to choose a password. The token is made here, so that it never lies in the queue."""
    settings = current_app.extensions["settings"]
    with transaction() as session, force_locale(locale):
        user = session.get(User, person_id) if person_id is not None else None
        if user is None or not user.active:
            return
        is_new = not passwords.has_password(user)
        href = f"{settings.base_url}/wachtwoord/nieuw/{passwords.make_link_token(user)}/"
        body = render_template(
            "security/welcome_mail.txt" if is_new else "security/reset_mail.txt",
            name=user.first_name,
            username=user.username,
            href=href,
        )
        subject = _("Welcome to Woonvast") if is_new else _("Choose a new password for Woonvast")
        mail.send(settings, user.email, subject, body)  # last: when it fails, no token is kept


@queue.periodic(cron="17 * * * *")
@job("security.forget")
def forget(timestamp: int) -> None:
    """Delete what signing in left behind: tries, links and sessions that are over."""
    now = utc_now()
    attempts.forget_old(now)
    passwords.forget_old(now)
    forget_old_sessions(now)
