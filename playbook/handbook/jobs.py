"""The playbook's work in the background."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _
from procrastinate import RetryStrategy
from sqlalchemy import select

from app import mail, tenancy
from app.database import db, transaction
from app.jobs import enqueue, job, queue
from app.security.models import Network, Tenant

# A mail server that is away is tried again after 4, 16, 64, 256 and 1024 seconds.
_PATIENTLY = RetryStrategy(max_attempts=5, exponential_wait=4)


@job("handbook.print")
def print_playbook(print_id: str) -> None:
    """Make a PDF of a chapter or of the whole playbook."""
    from playbook.handbook import printing

    printing.run(uuid.UUID(print_id))


@job("handbook.read_pdf")
def read_pdf(file_id: str) -> None:
    """Read the words of a PDF that was added, for the search."""
    from playbook.handbook import files

    files.read_words(uuid.UUID(file_id))


@queue.periodic(cron="50 4 * * 1-5")  # UTC: on working days, ten to six or seven in Belgium
@job("handbook.daily_mail")
def daily_mail(timestamp: int) -> None:
    """Enqueue the mail of everybody who has something to be told, network by network."""
    for network_id in db.session.scalars(select(Network.id)).all():
        tell_people_of(network_id)


def tell_people_of(network_id: uuid.UUID) -> None:
    """Enqueue the mails of one network: once each, wherever somebody works in it."""
    from playbook.handbook import mailing

    with _acting(tenancy.Context(network_id=network_id)):
        left = mailing.due()
        homes = db.session.scalars(select(Tenant.id).where(Tenant.network_id == network_id)).all()
    for tenant_id in [None, *homes] if left else []:
        with _acting(tenancy.Context(tenant_id=tenant_id, network_id=network_id)), transaction():
            here = mailing.receivers(left)
            for user_id in sorted(here):
                enqueue(send_news, person_id=user_id)
            left -= here


@contextmanager
def _acting(context: tenancy.Context) -> Iterator[None]:
    """Act as another: what the one before began ends here."""
    db.session.rollback()
    with tenancy.acting(context):
        yield


@job("handbook.send_news", retry=_PATIENTLY)
def send_news(person_id: int) -> None:
    """Mail one person what is new for them: titles, links and why something was refused, no name of anybody."""
    from playbook.handbook import mailing

    settings = current_app.extensions["settings"]
    base = f"{settings.base_url}/draaiboek"
    with transaction(), force_locale("nl"):
        person, told = mailing.receiver(person_id), mailing.told_to(person_id)
        if person is None or not told.is_something:
            return
        body = render_template(
            "handbook/news_mail.txt",
            network=told.network,
            pages=[(f"{base}/{slug}/", title) for slug, title in told.pages],
            drafts=[(f"{base}/ontwerp/{draft_id}/", title) for draft_id, title in told.drafts],
            decided=[(f"{base}/voorstel/{proposal_id}/", title, why) for proposal_id, title, why in told.decided],
            suggested=[(f"{base}/{place}", title, why) for place, title, why in told.suggested],
            again=[(f"{base}/ontwerp/{draft_id}/", title) for draft_id, title in told.again],
            choose=f"{base}/berichten/",
        )
        mailing.note_sent(person_id)
        mail.send(settings, person.email, _("News for you in the playbook"), body)
