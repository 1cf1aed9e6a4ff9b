"""The receipt on paper: conforming, readable aloud, in both languages, and silent about the household."""

import io
import uuid
from datetime import UTC, datetime

import outloud
import page
import pikepdf
import pytest
from flask_babel import force_locale

from tenants.intake.codes import Track
from tenants.intake.receipt import receipt_pdf
from tenants.intake.service import Receipt

# WeasyPrint paints the marks of a list after its text. Who listens follows the tags, where they stand in front.
PAINT_ORDER = "ORD-001"
RECEIPT = Receipt(
    reference="W13-K7QF-3MZT",
    code="92AB-CDEF",
    track=Track.LANDLORD,
    received_at=datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
    receiver="OCMW Kortrijk",
    network="W13",
)


@pytest.fixture(params=["nl", "fr"])
def pdf(request, app):
    with app.test_request_context(), force_locale(request.param):
        return request.param, receipt_pdf(RECEIPT, uuid.UUID(int=7))


@pytest.mark.parametrize("profile", ["ua1", "3a"])
def test_it_conforms(pdf, profile):
    report = page.validate_pdf_bytes(pdf[1], profile=profile)
    assert [(failure.rule_id, failure.message) for failure in report.failures] == []


def test_it_reads_aloud_in_its_language(pdf, tmp_path):
    path = tmp_path / "receipt.pdf"
    path.write_bytes(pdf[1])
    result = outloud.check(str(path))
    assert result.error is None
    assert [(f.rule, f.message) for f in result.findings if f.rule != PAINT_ORDER] == []
    with pikepdf.open(io.BytesIO(pdf[1])) as opened:
        assert str(opened.Root.Lang) == f"{pdf[0]}-BE"
