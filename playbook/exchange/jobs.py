"""The weekly mail: one job per person, so that a mail server that is away is asked again for each."""

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
from playbook.exchange import refusing
from playbook.exchange.digest import digest, members, receiver

# A mail server that is away is tried again after 4, 16, 64, 256 and 1024 seconds.
_PATIENTLY = RetryStrategy(max_attempts=5, exponential_wait=4)


@queue.periodic(cron="30 5 * * 1")  # UTC: on Monday, half past six or seven in Belgium
@job("exchange.weekly")
def weekly(timestamp: int) -> None:
    """Enqueue the mail of everybody in a network where something happened, network by network."""
    for network_id in db.session.scalars(select(Network.id)).all():
        tell_people_of(network_id)


def tell_people_of(network_id: uuid.UUID) -> None:
    """Enqueue the mails of one network: once each, wherever somebody works in it."""
    with _acting(tenancy.Context(network_id=network_id)):
        if not digest().is_something:
            return
        homes = db.session.scalars(select(Tenant.id).where(Tenant.network_id == network_id)).all()
    told: set[int] = set()
    for tenant_id in [None, *homes]:
        with _acting(tenancy.Context(tenant_id=tenant_id, network_id=network_id)), transaction():
            for user_id in sorted(members() - told):
                told.add(user_id)
                if receiver(user_id) is not None:
                    enqueue(send_digest, person_id=user_id)


@contextmanager
def _acting(context: tenancy.Context) -> Iterator[None]:
    """Act as another: what the one before began ends here."""
    db.session.rollback()
    with tenancy.acting(context):
        yield


@job("exchange.send_digest", retry=_PATIENTLY)
def send_digest(person_id: int) -> None:
    """Mail one person what is new: titles and counts, no name of anybody."""
    settings = current_app.extensions["settings"]
    with transaction(), force_locale("nl"):
        person, news = receiver(person_id), digest()
        if person is None or not news.is_something:
            return
        refuse = f"{settings.base_url}/netwerk/nieuws/afmelden/{refusing.token(person_id)}/"
        body = render_template("exchange/digest_mail.txt", news=news, base=settings.base_url, refuse=refuse)
        # With these a mail program shows a button of its own, which posts to the address (RFC 8058).
        headers = {"List-Unsubscribe": f"<{refuse}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        mail.send(settings, person.email, _("This week in the network %(name)s", name=news.network), body, headers)
