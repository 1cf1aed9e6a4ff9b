"""Documents of a case, the terms of a guidance agreement, the organisation's letterhead, the fund's amounts."""

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import JSON, Date, DateTime, ForeignKey, Integer, LargeBinary, Numeric, String, Uuid
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from app.crypto import SealedJson
from app.guests import shared
from app.identifiers import uuid7
from app.security.models import utc_now
from app.tenancy import TenantOwned, index, points_to, unique


class Document(TenantOwned, Model):
    """A document of a case: a draft that may change, or final and then never again.

    number: within the case. kind: of `tenants.letters.rules.AgreementKind`. edition: of its template.
    Once final: snapshot is all that is printed (see `paper.py`), sha256 and file_id are those of the PDF that was
    made of it, engine what made it; signed_attachment_id the scan of the copy that people signed.
    """

    __tablename__ = "document"
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    number: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10), default="draft")
    edition: Mapped[int] = mapped_column(Integer)
    snapshot: Mapped[dict[str, Any] | None] = mapped_column(SealedJson)
    engine: Mapped[str | None] = mapped_column(String(100))
    sha256: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    file_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    signed_attachment_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    created_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    finalised_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    finalised_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    version: Mapped[int] = mapped_column(Integer, default=1)
    agreement: Mapped["GuidanceAgreement"] = relationship(
        primaryjoin=lambda: Document.id == foreign(GuidanceAgreement.document_id), uselist=False, viewonly=True
    )
    __table_args__ = (
        points_to("case_file", "case_id"),
        points_to("stored_file", "file_id", on_delete="RESTRICT"),
        # Only the reference goes when a scan is taken away; the tenant, the other half of the pair, stays.
        points_to("attachment", "signed_attachment_id", on_delete="SET NULL (signed_attachment_id)"),
        unique("case_id", "number", name="uq_document_number"),
        index("ix_document_file", "file_id"),
        index("ix_document_signed", "signed_attachment_id"),
        shared("documents"),
    )
    __mapper_args__ = {"primary_key": ["id"], "version_id_col": version}


class GuidanceAgreement(TenantOwned, Model):
    """What a guidance agreement (begeleidingsovereenkomst) agrees on: `tenants.letters.drafts` writes the terms.

    signers: ids of the persons of the household who sign as tenants.
    """

    __tablename__ = "guidance_agreement"
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    document_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    signers: Mapped[list[str]] = mapped_column(JSON, default=list)
    terms: Mapped[dict[str, Any]] = mapped_column(SealedJson)
    changed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    changed_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    __table_args__ = (
        points_to("case_file", "case_id"),
        points_to("document", "document_id"),
        unique("document_id", name="uq_guidance_agreement_document"),
        index("ix_guidance_agreement_case", "case_id"),
    )


class Letterhead(TenantOwned, Model):
    """How the organisation presents itself on its documents (briefhoofd); at most one row.

    representatives: who signs for it, 'name, function' each. dpo: how to reach the data protection officer.
    retention_years: how long a closed file is kept.
    """

    __tablename__ = "letterhead"
    street: Mapped[str] = mapped_column(String(150), default="")
    postcode: Mapped[str] = mapped_column(String(10), default="")
    city: Mapped[str] = mapped_column(String(80), default="")
    enterprise_number: Mapped[str] = mapped_column(String(10), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(150), default="")
    dpo: Mapped[str] = mapped_column(String(150), default="")
    representatives: Mapped[list[str]] = mapped_column(JSON, default=list)
    retention_years: Mapped[int] = mapped_column(Integer, default=10)
    __table_args__ = (unique(name="uq_letterhead"),)


class FundAmount(Model):
    """A maximum of the fund (FBU) that the platform's administrator confirmed; holds in every organisation.

    maximum: euro; source: where it was read. It holds from `valid_from` until the next row (see `rules.py`).
    """

    __tablename__ = "fund_amount"
    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    valid_from: Mapped[date] = mapped_column(Date, unique=True)
    maximum: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    within_working_days: Mapped[int] = mapped_column(Integer)
    source: Mapped[str] = mapped_column(String(300))
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    recorded_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
