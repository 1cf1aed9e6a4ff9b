"""The daily mail on working days: one job per person, so that a mail server that is away is asked again for each."""

import uuid

from flask import current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _
from procrastinate import RetryStrategy
from sqlalchemy import select

from app import mail, tenancy
from app.calendar.rules import is_working_day
from app.database import db, transaction
from app.jobs import enqueue, job, queue
from app.security.models import Tenant
from app.ui.formats import today
from tenants.team.reminders import receivers, reminder

# A mail server that is away is tried again after 4, 16, 64, 256 and 1024 seconds.
_PATIENTLY = RetryStrategy(max_attempts=5, exponential_wait=4)


@queue.periodic(cron="0 5 * * 1-5")  # UTC: six or seven o'clock in Belgium
@job("team.remind")
def remind(timestamp: int) -> None:
    """Enqueue the mail of everybody who has something to do; nothing on a weekend or a legal holiday."""
    if not is_working_day(today()):
        return
    for tenant_id, network_id in db.session.execute(select(Tenant.id, Tenant.network_id)).all():
        remind_people_of(tenant_id, network_id)


def remind_people_of(tenant_id: uuid.UUID, network_id: uuid.UUID) -> None:
    """Enqueue the mails of one organisation."""
    db.session.rollback()  # the context of the next transaction is another tenant's
    with tenancy.acting(tenancy.Context(tenant_id=tenant_id, network_id=network_id)), transaction():
        for user_id in receivers():
            enqueue(send_reminder, person_id=user_id)


@job("team.send_reminder", retry=_PATIENTLY)
def send_reminder(person_id: int) -> None:
    """Mail one person how much there is to do: counts and a link, no name of anybody."""
    settings = current_app.extensions["settings"]
    with transaction(), force_locale("nl"):
        found = reminder(person_id)
        if found is None:
            return
        body = render_template(
            "team/reminder_mail.txt",
            organisation=found.organisation,
            counts=found.counts,
            href=f"{settings.base_url}/vandaag/",
            choose=f"{settings.base_url}/herinneringen/",
        )
        mail.send(settings, found.user.email, _("Your work of today in Woonvast"), body)
