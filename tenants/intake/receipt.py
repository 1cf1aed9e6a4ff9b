"""The receipt on paper: what the reporter needs to follow the report, and nothing about the household."""

import uuid

from flask import current_app, render_template
from flask_babel import gettext as _

from app.documents.engine import render_pdf
from app.ui.formats import datum_lang, uur
from app.ui.language import language_code
from tenants.intake.service import Receipt


def receipt_pdf(receipt: Receipt, identifier: uuid.UUID) -> bytes:
    """The receipt as an accessible PDF, in the reader's language; the same each time."""
    language = language_code()
    html = render_template(
        "intake/receipt-1.html",
        receipt=receipt,
        language=language,
        day=datum_lang(receipt.received_at),
        hour=uur(receipt.received_at),
        href=f"{current_app.extensions['settings'].base_url}/meldpunt/opvolgen/",
    )
    title = _("Receipt of report %(reference)s", reference=receipt.reference)
    return render_pdf(html, title=title, lang=f"{language}-BE", identifier=identifier, created=receipt.received_at)
