"""Mails of the reporting point: the receipt, the agreed feedback, and a sign to who has to act.

None says a word about the household: a mailbox is read by more people than the reporter thinks.
"""

import uuid

from flask import current_app, render_template
from flask_appbuilder.security.sqla.models import User
from flask_babel import force_locale
from flask_babel import gettext as _
from procrastinate import RetryStrategy
from sqlalchemy import select

from app import mail
from app.database import db, transaction
from app.jobs import job, queue
from app.security.models import Network, NetworkMembership
from app.security.roles import Role
from app.ui.formats import today
from playbook.exchange.models import Contact
from playbook.exchange.rules import ContactKind, is_absent
from playbook.exchange.service import contacts
from tenants.intake import drafts
from tenants.intake.codes import ReportState
from tenants.intake.models import Report, ReportSlip
from tenants.intake.rules import Told
from tenants.intake.service import held, receipt_of

# A mail server that is away is tried again after 4, 16, 64, 256 and 1024 seconds.
_PATIENTLY = RetryStrategy(max_attempts=5, exponential_wait=4)


@job("intake.send_receipt", retry=_PATIENTLY)
def send_receipt(slip_id: str) -> None:
    """Mail the reporter (when they gave an address) the reference, the code and what happens next."""
    _to_reporter(slip_id, "intake/receipt_mail.txt")


@job("intake.send_feedback", retry=_PATIENTLY)
def send_feedback(slip_id: str) -> None:
    """Mail the reporter how far their report is, in the words that were agreed."""
    _to_reporter(slip_id, "intake/feedback_mail.txt")


def _to_reporter(slip_id: str, template: str) -> None:
    settings = current_app.extensions["settings"]
    with transaction() as session:
        slip = _slip(slip_id)
        told = _told(slip) if slip else None
        if slip is None or told is None or not told.reporter_email:
            return
        with force_locale(told.language):
            receipt = receipt_of(slip, session.get_one(Network, slip.network_id))
            body = render_template(
                template,
                receipt=receipt,
                state=ReportState(slip.state),
                href=f"{settings.base_url}/meldpunt/opvolgen/",
            )
            subject = _("Your report %(reference)s", reference=receipt.reference)
        mail.send(settings, told.reporter_email, subject, body)


@job("intake.tell_receiver", retry=_PATIENTLY)
def tell_receiver(slip_id: str) -> None:
    """Mail the central contact person of the OCMW (or the coordinator) that there is something to read."""
    settings = current_app.extensions["settings"]
    with transaction():
        slip = _slip(slip_id)
        if slip is None:
            return
        organisation, reference = slip.organisation_id, slip.reference
        to = _contact_addresses(organisation) if organisation else _coordinators(slip.network_id)
    path = "/meldingen/" if organisation else "/meldingen/netwerk/"
    with force_locale("nl"):
        body = render_template("intake/new_mail.txt", reference=reference, href=settings.base_url + path)
        subject = _("News at the reporting point: %(reference)s", reference=reference)
    for address in to:
        mail.send(settings, address, subject, body)


@queue.periodic(cron="37 * * * *")
@job("intake.forget_drafts")
def forget_drafts(timestamp: int) -> None:
    """Delete what strangers began and did not send."""
    drafts.forget_old()


def _slip(slip_id: str) -> ReportSlip | None:
    found: ReportSlip | None = db.session.scalar(select(ReportSlip).where(ReportSlip.id == uuid.UUID(slip_id)))
    return found


def _told(slip: ReportSlip) -> Told | None:
    if slip.held is not None:
        return held(slip.held)[0]
    report = db.session.scalar(select(Report).where(Report.id == slip.id))
    return report.told if report else None


def _contact_addresses(organisation_id: uuid.UUID) -> list[str]:
    """Of the central contact persons; who is absent is replaced by who answers in the meantime."""
    known = {contact.id: contact for contact in contacts()}
    central = [c for c in known.values() if c.organisation_id == organisation_id and c.kind == ContactKind.CENTRAL]
    there = [_who_answers(contact, known) for contact in central]
    return list(dict.fromkeys(contact.email for contact in there if contact.email))


def _who_answers(contact: Contact, known: dict[uuid.UUID, Contact]) -> Contact:
    replacement = known.get(contact.replacement_id) if contact.replacement_id else None
    is_away = is_absent(contact.absent_from, contact.absent_to, today())
    # A replacement of another organisation takes calls, but must not be told of reports that are not theirs.
    if is_away and replacement is not None and replacement.organisation_id == contact.organisation_id:
        return replacement
    return contact


def _coordinators(network_id: uuid.UUID) -> list[str]:
    query = (
        select(User.email)
        .join(NetworkMembership, NetworkMembership.user_id == User.id)
        .where(NetworkMembership.network_id == network_id, NetworkMembership.role == Role.REGIONAL_COORDINATOR)
        .where(User.active.is_(True))
    )
    return list(db.session.scalars(query))
