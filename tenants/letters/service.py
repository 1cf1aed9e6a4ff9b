"""Documents of a case: from draft through final to signed. One function is one use case."""

import hashlib
import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app import tenancy
from app.audit.service import record_read
from app.database import db, read_once, transaction
from app.documents.engine import unprintable
from app.documents.typesetting import engine_version
from app.files import service as files
from app.files.rules import PDF
from app.i18n import N_
from app.security.models import utc_now
from tenants.cases import attachments
from tenants.cases.codes import AttachmentKind
from tenants.cases.models import Case, Person
from tenants.letters import drafts
from tenants.letters.assembling import agreement_of, first_terms, signers_of
from tenants.letters.letterhead import organisation
from tenants.letters.models import Document, GuidanceAgreement
from tenants.letters.paper import agreement_paper
from tenants.letters.printing import CURRENT, body, to_pdf
from tenants.letters.rules import (
    Agreement,
    AgreementKind,
    Missing,
    Remark,
    Terms,
    contradictions,
    missing,
    remarks,
)
from tenants.petitions.events import BRUSSELS
from tenants.repayment import service as repayment

TEMPLATE = "agreement"
DRAFT, FINAL = "draft", "final"


class NoSuchDocumentError(Exception):
    """There is no such document (or case) for the acting organisation."""


class DocumentError(Exception):
    """A change of a document is refused; `message` is a msgid."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotReadyError(DocumentError):
    """The draft can't be made final yet; `review` says why."""

    def __init__(self, review: "Review") -> None:
        super().__init__(N_("This draft can't be made final yet."))
        self.review = review


@dataclass(frozen=True)
class Review:
    """What stands between a draft and its final form, and what a colleague would remark.

    problems: msgids; characters: signs that can't be printed.
    """

    missing: list[Missing]
    problems: list[str]
    remarks: list[Remark]
    characters: str = ""

    @property
    def is_ready(self) -> bool:
        return not (self.missing or self.problems or self.characters)


@dataclass(frozen=True)
class Draft:
    """A draft as its form shows it: `persons` of the household, of whom `signers` (ids) sign."""

    document: Document
    case: Case
    terms: Terms
    signers: tuple[str, ...]
    review: Review

    @property
    def persons(self) -> list[Person]:
        return self.case.persons


class Proof(StrEnum):
    """What making a final document again from its frozen content shows."""

    SAME = "same"
    OTHER_ENGINE = "other_engine"  # the stored file is whole; a newer engine lays it out in other bytes
    DIFFERENT = "different"


# ------------------------------------------------------------------ drafts


def start_agreement(case_id: uuid.UUID, kind: AgreementKind) -> uuid.UUID:
    """Start a draft with all that the case already knows; its id.

    Raises NoSuchDocumentError for no such case, and DocumentError when only an OCMW can make that kind.
    """
    if kind is AgreementKind.FBU and not organisation().is_ocmw:
        raise DocumentError(N_("Only an OCMW can make an agreement under the fund."))
    with transaction() as session:
        case = session.get(Case, case_id, with_for_update=True)  # two who start at once get two numbers
        if case is None:
            raise NoSuchDocumentError
        last = session.scalar(select(func.max(Document.number)).where(Document.case_id == case_id))
        document = Document(
            case_id=case_id,
            number=(last or 0) + 1,
            kind=kind,
            edition=CURRENT[TEMPLATE],
            created_by=tenancy.current().user_id,
        )
        session.add(document)
        session.flush()
        terms = first_terms(case, kind, datetime.now(BRUSSELS).date())
        session.add(
            GuidanceAgreement(
                case_id=case_id, document_id=document.id, signers=signers_of(case), terms=drafts.to_json(terms)
            )
        )
    return document.id


def draft(case_id: uuid.UUID, document_id: uuid.UUID) -> Draft:
    """The draft with its review. Raises NoSuchDocumentError, also once it is final."""
    document = find(case_id, document_id)
    if document.state != DRAFT:
        raise NoSuchDocumentError
    return as_draft(document)


def as_draft(document: Document) -> Draft:
    """The document as its form shows it, with its review; of a final one as the case stands now."""
    case = _case(document)
    agreement = agreement_of(case, document)
    return Draft(document, case, agreement.terms, tuple(document.agreement.signers), _review(agreement))


def save_draft(
    case_id: uuid.UUID, document_id: uuid.UUID, terms: Terms, signers: tuple[str, ...], version: int | None
) -> None:
    """Write the draft's terms; its kind stays. Raises DocumentError when a colleague saved it in between."""
    with transaction() as session:
        document = _draft_to_change(session, case_id, document_id, version)
        known = {str(person.id) for person in _case(document).persons}
        row = document.agreement
        row.terms = drafts.to_json(replace(terms, kind=AgreementKind(document.kind)))
        row.signers = [signer for signer in signers if signer in known]
        row.changed_at, row.changed_by = utc_now(), tenancy.current().user_id
        document.version = document.version + 1


def discard_draft(case_id: uuid.UUID, document_id: uuid.UUID) -> None:
    """Throw a draft away; a final document can't be."""
    with transaction() as session:
        session.delete(_draft_to_change(session, case_id, document_id, None))


def preview(case_id: uuid.UUID, document_id: uuid.UUID) -> str:
    """The document's text as HTML, under a heading of level 2; a draft shows its gaps. In the trail."""
    with transaction():
        document = find(case_id, document_id)
        record_read("document", document.id, case_id, "case work")
        return body(TEMPLATE, document.edition, _paper(document), top=2)


def draft_pdf(case_id: uuid.UUID, document_id: uuid.UUID) -> bytes:
    """The draft as PDF, marked as one on every page. Raises UnprintableTextError."""
    with transaction():
        document = find(case_id, document_id)
        if document.state != DRAFT:
            raise NoSuchDocumentError
        record_read("document", document.id, case_id, "case work", act="download")
        moment = utc_now().replace(microsecond=0)
        return to_pdf(TEMPLATE, document.edition, _paper(document), identifier=document.id, created=moment, draft=True)


# ------------------------------------------------------------------ final


def finalise(case_id: uuid.UUID, document_id: uuid.UUID, version: int | None = None) -> None:
    """Freeze the draft: its content, the PDF made of it, and the hash of that. Its repayment plan begins.

    Raises NotReadyError with all that lacks, and DocumentError when a colleague changed the draft in between.
    """
    with transaction() as session:
        document = _draft_to_change(session, case_id, document_id, version)
        agreement = agreement_of(_case(document), document)
        review = _review(agreement)
        if not review.is_ready:
            raise NotReadyError(review)
        document.snapshot = agreement_paper(agreement)
        document.finalised_at = utc_now().replace(microsecond=0)
        document.finalised_by = tenancy.current().user_id
        content = _made_again(document)
        stored = files.store(_file_name(agreement, document), content, case_id, known=PDF)
        document.state, document.engine = FINAL, engine_version()
        document.sha256, document.file_id = hashlib.sha256(content).digest(), stored.id
        repayment.start_from_agreement(case_id, document.id, agreement.schedule() if agreement.balance > 0 else ())


def pdf_of(case_id: uuid.UUID, document_id: uuid.UUID) -> tuple[str, bytes]:
    """(file name, bytes) of a final document, as stored; in the trail. Raises FileGoneError when damaged."""
    with transaction():
        document = _final(case_id, document_id)
        assert document.file_id is not None  # noqa: S101 - a final document has its file
        found = files.read(document.file_id)
        if found is None:
            raise NoSuchDocumentError
        record_read("document", document.id, case_id, "case work", act="download")
    stored, content = found
    return stored.name, content


def verify(case_id: uuid.UUID, document_id: uuid.UUID) -> Proof:
    """Make a final document again from its frozen content and compare. Raises FileGoneError when damaged."""
    document = _final(case_id, document_id)
    assert document.file_id is not None  # noqa: S101 - a final document has its file
    found = files.read(document.file_id)
    whole = found is not None and hashlib.sha256(found[1]).digest() == document.sha256
    if whole and hashlib.sha256(_made_again(document)).digest() == document.sha256:
        return Proof.SAME
    if whole and document.engine != engine_version():
        return Proof.OTHER_ENGINE
    return Proof.DIFFERENT


def attach_signed(case_id: uuid.UUID, document_id: uuid.UUID, name: str, content: bytes) -> None:
    """Keep the scan of the signed copy with the document; an earlier scan stays among the case's files.

    Raises UnacceptableFileError for a file of another kind or too large.
    """
    with transaction():
        document = _final(case_id, document_id)
        document.signed_attachment_id = attachments.attach(case_id, name, content, AttachmentKind.SIGNED_AGREEMENT)


# ------------------------------------------------------------------ looking up


def find(case_id: uuid.UUID, document_id: uuid.UUID) -> Document:
    """The document of that case; raises NoSuchDocumentError."""
    document = db.session.get(Document, document_id)
    if document is None or document.case_id != case_id:
        raise NoSuchDocumentError
    return document


@read_once
def documents_of(case_id: uuid.UUID) -> list[Document]:
    """The case's documents, the newest first."""
    query = select(Document).where(Document.case_id == case_id).options(joinedload(Document.agreement))
    return list(db.session.scalars(query.order_by(Document.number.desc())))


def case_of(case_id: uuid.UUID) -> Case:
    """The case whose documents these are; raises NoSuchDocumentError."""
    case = db.session.get(Case, case_id)
    if case is None:
        raise NoSuchDocumentError
    return case


def _case(document: Document) -> Case:
    return case_of(document.case_id)


def _final(case_id: uuid.UUID, document_id: uuid.UUID) -> Document:
    document = find(case_id, document_id)
    if document.state != FINAL:
        raise NoSuchDocumentError
    return document


def _draft_to_change(session: Session, case_id: uuid.UUID, document_id: uuid.UUID, version: int | None) -> Document:
    document = session.get(Document, document_id, with_for_update=True, populate_existing=True)
    if document is None or document.case_id != case_id:
        raise NoSuchDocumentError
    if document.state != DRAFT:
        raise DocumentError(N_("This document is final and can't be changed. Make a new one."))
    if version is not None and document.version != version:
        raise DocumentError(
            N_("A colleague saved this draft in the meantime. Copy what you typed, reload the page and add it again.")
        )
    return document


def _paper(document: Document) -> dict[str, Any]:
    """What the document prints: frozen when final, else as the case stands now."""
    return document.snapshot or agreement_paper(agreement_of(_case(document), document))


def _made_again(document: Document) -> bytes:
    assert document.snapshot is not None  # noqa: S101 - the caller knows it is frozen
    assert document.finalised_at is not None  # noqa: S101
    return to_pdf(TEMPLATE, document.edition, document.snapshot, identifier=document.id, created=document.finalised_at)


def _review(agreement: Agreement) -> Review:
    problems = contradictions(agreement)
    characters = "" if problems else unprintable(body(TEMPLATE, CURRENT[TEMPLATE], agreement_paper(agreement)))
    return Review(missing(agreement), problems, remarks(agreement), characters)


def _file_name(agreement: Agreement, document: Document) -> str:
    return f"begeleidingsovereenkomst-{agreement.file_number}-{document.number}.pdf"
