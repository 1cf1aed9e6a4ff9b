"""The playbook as a PDF: tagged, with contents and bookmarks; a chapter and the whole by a job."""

import io
import re

import pikepdf
from PIL import Image

from app.database import db
from app.jobs import run_worker
from app.security.roles import Role
from playbook.handbook import files, service
from playbook.handbook.service import Draft

EDITOR, WORKER = Role.PLAYBOOK_EDITOR, Role.SOCIAL_WORKER


def bookmarks(pdf):
    def walk(items):
        for item in items:
            yield str(item.title)
            yield from walk(item.children)

    with pdf.open_outline() as outline:
        return list(walk(outline.root))


def test_a_page_and_the_whole_as_an_accessible_pdf(settings, organisation, sign_in, csrf):
    home, stranger = organisation(EDITOR, WORKER), organisation(WORKER)
    photo = io.BytesIO()
    Image.new("RGB", (30, 20), "teal").save(photo, "PNG")
    with home.app.app_context(), home.acting(EDITOR):
        row = files.add("loket.png", "Het loket", photo.getvalue())
        first, second = service.create_chapter("Vooraf"), service.create_chapter("Erna")
        body = f"# Wie belt\n\n|a|b|\n|-|-|\n|1|2|\n\n![Loket](/draaiboek/bestand/{row.name}) 🙂"
        service.create_page(Draft("Bellen", body, first.id))
        service.create_page(Draft("Noteren", "Zie [bellen](/draaiboek/bellen/) en [weg](/draaiboek/weg/).", second.id))
        db.session.commit()
        db.session.remove()
    worker, other = sign_in(home), sign_in(stranger)
    assert other.get("/draaiboek/bellen/pdf").status_code == 404
    with pikepdf.open(io.BytesIO(worker.get("/draaiboek/bellen/pdf").data)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "nl-BE"
        assert bookmarks(pdf) == ["Bellen", "Wie belt"]
        assert any("/XObject" in page.Resources for page in pdf.pages)

    assert other.post("/draaiboek/pdf/", data={"chapter": "vooraf", "csrf_token": csrf(other)}).status_code == 404
    waits = worker.post("/draaiboek/pdf/", data={"csrf_token": csrf(worker)}).location
    assert "voortgang" in worker.get(waits).text
    assert worker.get(f"{waits}bestand").status_code == 404
    run_worker(home.app, settings.database_url, wait=False)
    assert "bestand" in worker.get(waits).text
    assert other.get(f"{waits}bestand").status_code == 404
    assert re.search(r"Het hele draaiboek", worker.get("/draaiboek/").text)
    with pikepdf.open(io.BytesIO(worker.get(f"{waits}bestand").data)) as pdf:
        assert bookmarks(pdf) == ["Draaiboek", "Inhoud", "1. Vooraf", "Bellen", "Wie belt", "2. Erna", "Noteren"]
