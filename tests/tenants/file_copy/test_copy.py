"""A copy of a whole file: what is in it, what really isn't, who may have it, and what the trail tells."""

import html
import io
import re
import subprocess
from datetime import date

import pikepdf
import pytest
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.database import db, transaction
from app.jobs import run_worker
from app.security.roles import Role
from tenants.cases.codes import LandlordKind, PersonRole
from tenants.cases.intake import NewCase, NewDwelling, NewLandlord, NewPerson
from tenants.cases.models import Landlord
from tenants.cases.notes import add_note
from tenants.cases.opening import open_case
from tenants.file_copy import service
from tenants.file_copy.models import FileCopy

PHONE = "059 12 34 56"


@pytest.fixture
def ours(app, organisation):
    """An organisation with a case: two persons with an INSZ, a landlord with a phone, notes that repeat them."""
    ocmw = organisation(Role.SOCIAL_WORKER, Role.DPO)
    with app.app_context(), ocmw.acting(Role.SOCIAL_WORKER):
        with transaction():
            case_id = open_case(
                NewCase(
                    persons=(
                        NewPerson("Vermeulen", "Dirk", insz="85073003328", birth_date=date(1985, 7, 30)),
                        NewPerson("Claes", "Els", PersonRole.PARTNER, insz="56032774332"),
                    ),
                    opened_on=date(2026, 11, 16),
                    dwelling=NewDwelling("Torhoutsesteenweg", "41", "3", "8400", "Oostende"),
                    landlord=NewLandlord("Immo Kust", LandlordKind.PRIVATE_COMPANY),
                )
            )
            landlord = db.session.scalars(select(Landlord)).one()
            landlord.contact_name, landlord.phone = "Guido Zwaan", PHONE
        add_note(case_id, "Gebeld met Guido  zwaan op 059/12.34.56. Buurvrouw Roos Tack hoorde ruzie 🏠.")
        db.session.remove()
    ocmw.case_id = case_id
    ocmw.page = f"/dossiers/{case_id}/afschrift"
    return ocmw


def form_of(page):
    """What the review page would send as it stands."""
    text = page.get_data(as_text=True)
    passages = re.search(r'<textarea[^>]*name="passages"[^>]*>(.*?)</textarea>', text, re.S)
    return {
        "seen": re.search(r'name="seen" value="(\w+)"', text)[1],
        "lines": re.search(r'name="lines" value="([^"]*)"', text)[1],
        "hide": re.findall(r'name="hide" id="[^"]*" value="([^"]+)" checked', text),
        "passages": html.unescape(passages[1]).strip(),
        "purpose": "access",
    }


def text_of(pdf):
    """All text of a PDF, also what would lie hidden under something else."""
    told = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout
    return " ".join(told.decode().split())


def test_what_is_left_out_is_not_in_the_pdf_and_the_rest_is(ours, sign_in, send, app):
    client = sign_in(ours)
    form = form_of(client.get(ours.page))
    assert PHONE in form["passages"].splitlines()
    form["passages"] += "\nroos tack"
    again = send(client, ours.page, **form, look="1")
    assert again.status_code == 200
    shown = again.get_data(as_text=True)
    assert "Buurvrouw <mark>weggelaten</mark> hoorde" in shown
    answer = send(client, ours.page, **form)
    assert answer.status_code == 302
    there = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "De pdf is klaar" in there
    pdf = client.get(answer.headers["Location"] + "/pdf")
    assert pdf.mimetype == "application/pdf"
    text = text_of(pdf.data)
    for kept in ("Vermeulen", "85.07.30-033.28", "Els Claes", "Immo Kust", "Torhoutsesteenweg 41", "hoorde ruzie"):
        assert kept in text, kept
    for gone in ("Guido", "waan", "12.34.56", PHONE, "56.03.27-743.32", "Roos", "Tack"):
        assert gone not in text, gone
    with pikepdf.open(io.BytesIO(pdf.data)) as document:
        assert document.Root.MarkInfo.Marked
        assert "Guido" not in str(document.docinfo) + str(document.Root.Metadata.read_bytes())
    with app.app_context(), ours.acting():
        row = db.session.scalars(select(FileCopy)).one()
        assert row.paper is None
        assert row.left_out >= 4
        events = db.session.scalars(select(AuditEvent).where(AuditEvent.act.in_(["export", "download"]))).all()
        assert {(e.act, e.subject, e.why) for e in events} == {
            ("export", "case_file", "right of access"),
            ("download", "file_copy", "right of access"),
        }
        db.session.remove()
    course = client.get(f"/dossiers/{ours.case_id}/verloop?soort=document").get_data(as_text=True)
    assert "Afschrift van het hele dossier gemaakt" in course


def test_what_nobody_looked_at_is_not_printed(ours, sign_in, send, app):
    client = sign_in(ours)
    form = form_of(client.get(ours.page))
    form["passages"] += "\nmijn eigen zin"
    with app.app_context(), ours.acting():
        add_note(ours.case_id, "Pas later genoteerd")
        db.session.remove()
    answer = send(client, ours.page, **form)
    assert answer.status_code == 409
    shown = answer.get_data(as_text=True)
    assert "Er veranderde iets in dit dossier" in shown
    assert "mijn eigen zin" in shown
    assert "Pas later genoteerd" in shown
    assert set(form_of(answer)["hide"]) == set(form["hide"])
    with app.app_context(), ours.acting():
        assert service.copies_of(ours.case_id) == []
        db.session.remove()


def test_a_single_sign_is_refused_and_what_was_typed_stays(ours, sign_in, send):
    client = sign_in(ours)
    form = form_of(client.get(ours.page)) | {"passages": "Guido Zwaan\ne", "colleagues": "1", "purpose": "colleague"}
    answer = send(client, ours.page, **form)
    assert answer.status_code == 422
    shown = answer.get_data(as_text=True)
    assert "‘e’ is te kort" in shown
    assert "Guido Zwaan\ne</textarea>" in shown
    assert 'id="colleagues" name="colleagues" value="1" checked' in shown
    assert 'value="colleague" checked' in shown


def test_a_long_file_is_printed_by_a_job_without_names_of_colleagues(ours, sign_in, send, app, settings, monkeypatch):
    monkeypatch.setattr(service, "FEW_LINES", 10)  # long enough
    client = sign_in(ours)
    form = form_of(client.get(ours.page)) | {"colleagues": "1"}
    there = send(client, ours.page, **form).headers["Location"]
    assert "Afschrift" in client.get(there).get_data(as_text=True)
    assert client.get(f"{there}/pdf").status_code == 404
    waiting = client.get(f"{there}/voortgang", headers={"HX-Request": "true"})
    assert "progress" in waiting.get_data(as_text=True)
    run_worker(app, settings.database_url, wait=False)
    assert "HX-Redirect" in client.get(f"{there}/voortgang", headers={"HX-Request": "true"}).headers
    text = text_of(client.get(f"{there}/pdf").data)
    assert "Torhoutsesteenweg 41" in text
    assert "Marie Declerck" not in text


def test_only_who_works_in_cases_gets_one(ours, sign_in):
    assert sign_in(ours, Role.DPO).get(ours.page).status_code == 403
