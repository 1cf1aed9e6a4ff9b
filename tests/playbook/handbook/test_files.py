"""Pictures and documents of the playbook: what is kept, what is refused, who sees it."""

import io

import pytest
from PIL import Image

from app.database import db
from app.files.rules import UnacceptableFileError
from app.security.roles import Role
from playbook.handbook import files, pictures, service
from playbook.handbook.markdown import render
from playbook.handbook.service import Draft

EDITOR, WORKER = Role.PLAYBOOK_EDITOR, Role.SOCIAL_WORKER


def picture(kind="PNG", **more):
    out = io.BytesIO()
    Image.new("RGB", (20, 10), "teal").save(out, kind, **more)
    return out.getvalue()


def place_taken():
    exif = Image.Exif()
    exif[0x010E] = "Kerkstraat 1"
    return exif


@pytest.mark.parametrize(
    "content",
    [
        b"<!doctype html><script>alert(1)</script>",
        b"\xef\xbb\xbf  <svg xmlns='x' onload='alert(1)'/>",
        b"GIF89a" + b"x" * 20,
        b"",
        b"\x89PNG\r\n\x1a\n<script>alert(1)</script>",
        b"\xff\xd8\xff<html>",
        b"II*\x00" + b"x" * 20,
        picture() + b"x" * pictures.LARGEST,
    ],
)
def test_what_is_no_picture_or_document_is_refused(content):
    with pytest.raises(UnacceptableFileError):
        pictures.accept(content)


def test_only_the_picture_is_kept():
    kept = pictures.accept(picture() + b"<script>alert(1)</script>")
    assert b"script" not in kept.content
    photo = pictures.accept(picture("JPEG", exif=place_taken()))
    assert b"Kerkstraat" in picture("JPEG", exif=place_taken())
    assert b"Kerkstraat" not in photo.content
    assert pictures.accept(kept.content).media_type == "image/png"


def test_a_page_shows_pictures_of_the_playbook_only():
    name = pictures.accept(picture()).name
    shown = render(f"![Plan](/draaiboek/bestand/{name})").html
    assert f'<img src="/draaiboek/bestand/{name}" alt="Plan">' in shown
    for other in (
        "/draaiboek/bestand/../x.png",
        "/draaiboek/bestand/a.png",
        f"https://a.example/draaiboek/bestand/{name}",
    ):
        assert "<img" not in render(f"![Plan]({other})").html


def test_files_through_the_pages(organisation, sign_in, csrf):
    home, stranger = organisation(EDITOR, WORKER), organisation(WORKER)
    editor, worker, other = sign_in(home, EDITOR), sign_in(home), sign_in(stranger)

    def send(client, content, **headers):
        data = {"file": (io.BytesIO(content), "plan.png"), "title": "Plan", "csrf_token": csrf(client)}
        return client.post("/draaiboek/bestanden/", data=data, headers=headers)

    refused = send(editor, b"<html><script>", Accept="application/json")
    assert refused.status_code == 422
    assert "geen afbeelding" in refused.json["message"]
    assert send(editor, b"<html>").status_code == 422
    assert send(worker, picture()).status_code == 403
    told = send(editor, picture(), Accept="application/json").json
    assert told["is_picture"]
    answer = worker.get(told["address"])
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert f"![Plan]({told['address']})" in editor.get("/draaiboek/bestanden/").text
    assert other.get(told["address"]).status_code == 404
    with home.app.app_context(), home.acting(EDITOR):  # a page that all networks may read shows its pictures to all
        chapter = service.create_chapter("Plannen")
        service.create_page(Draft("Plan", f"![Plan]({told['address']})", chapter.id, published_to_all=True))
        assert len(files.all_of_network()) == 1
        db.session.remove()
    assert other.get(told["address"]).status_code == 200
