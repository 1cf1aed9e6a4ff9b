"""A document's life: drafted from the case, made final, never changed again, signed; and nobody else's business."""

import io
import threading
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import page
import pytest
from sqlalchemy import select, text

from app import tenancy
from app.audit.models import AuditEvent
from app.database import db, transaction
from app.files.rules import UnacceptableFileError
from app.files.service import FileGoneError, path_of
from tenants.cases import attachments
from tenants.cases import service as cases
from tenants.cases.models import Attachment
from tenants.letters import letterhead, service
from tenants.letters.assembling import agreement_of
from tenants.letters.models import Document, GuidanceAgreement
from tenants.letters.rules import AgreementKind
from tenants.money.rules import months_later
from tenants.repayment import service as repayment
from tests.tenants.letters.worlds import LETTERHEAD, NEW, case_ready_for_the_fund, draft_ready, move_away

SCAN = b"%PDF-1.4 a scan"


@pytest.fixture
def ocmw(app_context, organisation):
    """The organisation whose social worker acts."""
    made = organisation()
    with made.acting():
        yield made


@pytest.fixture
def final(ocmw):
    case_id = case_ready_for_the_fund()
    document_id = draft_ready(case_id)
    service.finalise(case_id, document_id)
    return case_id, document_id


def test_a_draft_starts_with_what_the_case_knows(ocmw):
    case_id = case_ready_for_the_fund()
    draft = service.draft(case_id, service.start_agreement(case_id, AgreementKind.FBU))
    terms = draft.terms
    last = months_later(terms.first_due, terms.instalment_count - 1)
    assert last <= months_later(terms.start, terms.months) - timedelta(days=1)  # what is proposed fits the agreement
    assert (terms.arrears, terms.arrears_on, terms.pay_to) == (
        Decimal("2800.00"), date(2024, 2, 1), "BE71096123456769",
    )  # fmt: skip
    assert (terms.place, terms.contact_phone) == ("Oostende", "059 00 00 00")
    assert terms.contact_name.startswith("Marie")
    signing = [p.first_name for p in draft.persons if str(p.id) in draft.signers]
    assert signing == ["Dirk", "Ayşe"]
    assert draft.review.missing == []


def test_what_lacks_is_named_before_it_can_be_final(ocmw):
    with transaction():
        case_id = cases.open_new(replace(NEW, landlord=None, persons=(replace(NEW.persons[0], birth_date=None),)))
    document_id = service.start_agreement(case_id, AgreementKind.FBU)
    with pytest.raises(service.NotReadyError) as caught:
        service.finalise(case_id, document_id)
    keys = {each.key for each in caught.value.review.missing}
    assert {"organisation.address", "landlord.name", "tenants.born", "arrears", "pay_to"} <= keys
    document = service.find(case_id, document_id)
    assert (document.state, document.file_id, document.snapshot) == ("draft", None, None)


def test_a_final_document_is_archived_and_conforms(final):
    name, pdf = service.pdf_of(*final)
    assert name == f"begeleidingsovereenkomst-{cases.find(final[0]).number}-1.pdf"
    assert page.is_pdf_compliant_bytes(pdf, profile="ua1")
    assert page.is_pdf_compliant_bytes(pdf, profile="3a")
    document = service.find(*final)
    assert document.state == "final"
    assert document.finalised_by == tenancy.current().user_id
    plan = repayment.current(final[0])  # what it agrees on is followed from now on
    agreed = agreement_of(cases.find(final[0]), document).schedule()
    assert plan.plan.document_id == document.id
    assert [(line.due.due_on, line.due.amount) for line in plan.lines] == [(row.due, row.amount) for row in agreed]


def test_the_same_bytes_again_whatever_became_of_the_case(final):
    _, before = service.pdf_of(*final)
    move_away(final[0])
    letterhead.save_letterhead(replace(LETTERHEAD, city="Brugge"))
    assert service.pdf_of(*final)[1] == before
    assert service.verify(*final) is service.Proof.SAME
    assert "Torhoutsesteenweg" in service.preview(*final)
    assert "Elders" not in service.preview(*final)


def test_another_engine_is_told_apart_from_tampering(final):
    with transaction() as session:
        document = session.get(Document, final[1])
        document.snapshot = {**document.snapshot, "place": "Brugge"}
    assert service.verify(*final) is service.Proof.DIFFERENT
    with transaction() as session:
        session.get(Document, final[1]).engine = "weasyprint 1"
    assert service.verify(*final) is service.Proof.OTHER_ENGINE


def test_a_damaged_file_is_not_given_out(final, ocmw):
    path = path_of(ocmw.tenant.id, service.find(*final).file_id)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(FileGoneError):
        service.pdf_of(*final)
    with pytest.raises(FileGoneError):
        service.verify(*final)


def test_final_is_final(final):
    with pytest.raises(service.DocumentError, match="final"):
        service.save_draft(*final, service.drafts.from_json(service.find(*final).agreement.terms), (), None)
    with pytest.raises(service.DocumentError, match="final"):
        service.discard_draft(*final)
    with pytest.raises(service.DocumentError, match="final"):
        service.finalise(*final)
    with pytest.raises(service.NoSuchDocumentError):
        service.draft(*final)


def test_the_second_of_two_colleagues_is_told(ocmw):
    case_id = case_ready_for_the_fund()
    document_id = draft_ready(case_id)
    draft = service.draft(case_id, document_id)
    seen = draft.document.version
    service.save_draft(case_id, document_id, replace(draft.terms, months=6), draft.signers, seen)
    with pytest.raises(service.DocumentError, match="colleague"):
        service.save_draft(case_id, document_id, replace(draft.terms, months=9), draft.signers, seen)
    with pytest.raises(service.DocumentError, match="colleague"):
        service.finalise(case_id, document_id, seen)
    assert service.draft(case_id, document_id).terms.months == 6


def test_a_draft_keeps_its_kind_and_takes_only_signers_of_the_household(ocmw):
    case_id = case_ready_for_the_fund()
    document_id = draft_ready(case_id)
    draft = service.draft(case_id, document_id)
    other = replace(draft.terms, kind=AgreementKind.GUIDANCE)
    service.save_draft(case_id, document_id, other, (draft.signers[0], str(ocmw.tenant.id)), None)
    again = service.draft(case_id, document_id)
    assert again.terms.kind is AgreementKind.FBU
    assert again.signers == draft.signers[:1]


def test_signs_that_cannot_be_printed_are_named(ocmw):
    case_id = case_ready_for_the_fund()
    document_id = draft_ready(case_id)
    draft = service.draft(case_id, document_id)
    service.save_draft(case_id, document_id, replace(draft.terms, reason="Afgesproken 👍"), draft.signers, None)
    with pytest.raises(service.NotReadyError) as caught:
        service.finalise(case_id, document_id)
    assert caught.value.review.characters == "👍"


def test_a_discarded_draft_leaves_nothing(ocmw):
    case_id = case_ready_for_the_fund()
    document_id = draft_ready(case_id)
    service.discard_draft(case_id, document_id)
    assert service.documents_of(case_id) == []
    assert db.session.scalar(select(GuidanceAgreement)) is None


def test_the_signed_copy_is_kept_with_the_document_and_the_case(final):
    case_id, document_id = final
    service.attach_signed(case_id, document_id, "getekend.pdf", SCAN)
    signed = service.find(case_id, document_id).signed_attachment_id
    assert attachments.download(case_id, signed)[1] == SCAN
    with pytest.raises(UnacceptableFileError):
        service.attach_signed(case_id, document_id, "getekend.exe", b"MZ\x90")
    attachments.remove(case_id, signed)
    db.session.expire_all()
    assert service.find(case_id, document_id).signed_attachment_id is None
    assert service.find(case_id, document_id).tenant_id == tenancy.current_tenant_id()


def test_a_draft_has_no_signed_copy(ocmw):
    case_id = case_ready_for_the_fund()
    with pytest.raises(service.NoSuchDocumentError):
        service.attach_signed(case_id, draft_ready(case_id), "getekend.pdf", SCAN)
    assert db.session.scalar(select(Attachment)) is None


def test_documents_are_numbered_within_their_case(ocmw):
    case_id, other = case_ready_for_the_fund(), case_ready_for_the_fund()
    draft_ready(case_id)
    draft_ready(case_id, AgreementKind.GUIDANCE)
    draft_ready(other)
    assert [each.number for each in service.documents_of(case_id)] == [2, 1]
    assert [each.number for each in service.documents_of(other)] == [1]


def test_two_who_start_at_once_get_two_numbers(ocmw, app):
    case_id = case_ready_for_the_fund()
    db.session.remove()
    context, failures = tenancy.current(), []

    def start():
        try:
            with app.app_context(), tenancy.acting(context):
                service.start_agreement(case_id, AgreementKind.GUIDANCE)
                db.session.remove()
        except Exception as error:  # what went wrong in the thread is the test's to judge
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert [each.number for each in service.documents_of(case_id)] == [4, 3, 2, 1]


def test_a_neighbour_sees_none_of_it(final, organisation):
    neighbour = organisation()
    db.session.remove()
    with neighbour.acting():
        for use in (service.find, service.draft, service.preview, service.pdf_of, service.verify, service.finalise):
            with pytest.raises(service.NoSuchDocumentError):
                use(*final)
        with pytest.raises(service.NoSuchDocumentError):
            service.start_agreement(final[0], AgreementKind.FBU)
        assert service.documents_of(final[0]) == []
        assert letterhead.letterhead() is None


def test_a_document_is_found_only_in_its_own_case(final):
    elsewhere = case_ready_for_the_fund()
    with pytest.raises(service.NoSuchDocumentError):
        service.pdf_of(elsewhere, final[1])


def test_what_a_document_says_is_sealed_in_the_database(final):
    query = text("SELECT snapshot FROM document WHERE id = :id")
    stored = bytes(db.session.execute(query, {"id": final[1]}).scalar_one())
    assert b"Vermeulen" not in stored
    query = text("SELECT terms FROM guidance_agreement WHERE document_id = :id")
    assert b"2800" not in bytes(db.session.execute(query, {"id": final[1]}).scalar_one())


def test_reading_and_downloading_stand_in_the_trail(final):
    service.preview(*final)
    service.pdf_of(*final)
    query = select(AuditEvent.act).where(AuditEvent.subject == "document", AuditEvent.subject_id == final[1])
    acts = list(db.session.scalars(query))
    assert {"insert", "update", "read", "download"} <= set(acts)


def test_a_draft_as_pdf_says_that_it_is_one(ocmw):
    import pymupdf

    case_id = case_ready_for_the_fund()
    pdf = service.draft_pdf(case_id, draft_ready(case_id))
    with pymupdf.open(stream=io.BytesIO(pdf)) as document:
        assert all("Ontwerp, niet om te tekenen" in sheet.get_text() for sheet in document)


def test_a_failed_finalisation_leaves_a_draft(ocmw, tmp_path):
    """The disk is full or gone at the last moment: nothing of the document is final."""
    case_id = case_ready_for_the_fund()
    document_id = draft_ready(case_id)
    folder = path_of(ocmw.tenant.id, document_id).parent
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("in the way")  # a file where the folder should be
    with pytest.raises(OSError, match=r"exists|directory"):
        service.finalise(case_id, document_id)
    folder.unlink()
    db.session.expire_all()
    assert service.find(case_id, document_id).state == "draft"
    service.finalise(case_id, document_id)
    assert service.verify(case_id, document_id) is service.Proof.SAME
