"""The mails about sessions: each a job of its own, so that a mail server that is away is asked again for each."""

import uuid

from flask import current_app, render_template
from flask_appbuilder.security.sqla.models import User
from flask_babel import force_locale
from flask_babel import gettext as _
from procrastinate import RetryStrategy
from sqlalchemy import select

from app import mail, tenancy
from app.database import db, transaction
from app.jobs import job, queue
from app.security.models import Network
from playbook.training import mailing, sessions
from playbook.training.mailing import Mail
from playbook.training.wording import SUBJECTS

# A mail server that is away is tried again after 4, 16, 64, 256 and 1024 seconds.
_PATIENTLY = RetryStrategy(max_attempts=5, exponential_wait=4)


@queue.periodic(cron="0 6 * * *")  # UTC: seven or eight o'clock in Belgium
@job("training.remind")
def remind(timestamp: int) -> None:
    """Enqueue the reminders of every network."""
    for network_id in db.session.scalars(select(Network.id)).all():
        db.session.rollback()  # the context of the next transaction is another network's
        with tenancy.acting(tenancy.Context(network_id=network_id)):
            mailing.remind()


@job("training.send_mail", retry=_PATIENTLY)
def send_mail(session_id: str, why: str, place_id: str | None = None, person_id: int | None = None) -> None:
    """Mail one person about a session; nothing when the place was given back before."""
    settings = current_app.extensions["settings"]
    with transaction() as session, force_locale("nl"):
        held = sessions.one(uuid.UUID(session_id))
        person = session.get(User, person_id) if person_id is not None else None
        found = mailing.receiver(uuid.UUID(place_id)) if place_id is not None else None
        to = found.user if found else person
        if to is None or not to.email:
            return
        body = render_template(
            "training/mail.txt",
            why=why,
            held=held,
            has_place=found is not None and found.has_place,
            href=f"{settings.base_url}/vorming/sessie/{session_id}/",
        )
        mail.send(settings, to.email, _(SUBJECTS[Mail(why)], course=held.course.title), body)
