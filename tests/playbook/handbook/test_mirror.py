"""The playbook as a folder: out and in again without loss, and what is refused with its reason."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from app.database import db
from app.security.roles import Role
from playbook.handbook import demo, files, mirror, mirroring, service
from playbook.handbook.mirror import MirrorChapter, MirrorPage
from playbook.handbook.service import Draft

EDITOR = Role.PLAYBOOK_EDITOR
TITLES = st.text(st.characters(categories=["L", "Nd", "Po"]), min_size=1, max_size=20)
BODIES = st.lists(
    st.sampled_from(["# K", "tekst", "- a\n- b", "::: tip\nx\n:::", "<!-- netwerken: alle -->"]), min_size=1
)


@st.composite
def playbooks(draw):
    numbers = iter(range(1, 100))

    def pages(depth):
        return tuple(
            MirrorPage(f"p-{next(numbers)}", draw(TITLES), "\n\n".join(draw(BODIES)), draw(st.booleans()),
                       draw(st.booleans()), pages(depth + 1) if depth < 2 else ())
            for _ in range(draw(st.integers(0, 2)))
        )  # fmt: skip

    return [
        MirrorChapter(f"h-{number}", draw(TITLES), draw(st.sampled_from(["", "Eén zin."])), pages(0))
        for number in range(draw(st.integers(1, 3)))
    ]


@settings(max_examples=40)
@given(playbooks())
def test_what_is_written_is_read_again(chapters):
    assert mirror.read(mirror.files_of(chapters)) == (chapters, [])


CHAPTER = {"1-a/hoofdstuk.md": "# A\n"}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("../1-x.md", "# X\n\nx"),
        ("/etc/1-x.md", "# X\n\nx"),
        ("1-a/../../1-x.md", "# X\n\nx"),
        ("1-a/1-x.md", "# X\n\n<script>alert(1)</script>"),
        ("1-a/1-x.md", "# X\n\n" + "x" * 1_000_000),
        ("1-a/1-x.md", "# X\n"),
        ("1-a/1-x.md", "geen titel"),
        ("1-a/1-zoeken.md", "# X\n\nx"),
        ("1-a/1-x.md", "# " + "x" * 121 + "\n\nx"),
        ("1-a/1-x.md", "# X\n\nZie [dit](../../../etc/passwd)."),
        ("1-a/1-x.md", "# X\n\n![plan](..%2f../plan.png)"),
        ("1-a/x.md", "# X\n\nx"),
        ("2-b/1-x.md", "# X\n\nx"),
        ("1-a/7-weg/1-x.md", "# X\n\nx"),
        ("x.md", "# X\n\nx"),
    ],
)
def test_a_file_that_cannot_be_a_page_is_named_with_the_reason(path, text):
    _chapters, wrong = mirror.read({**CHAPTER, path: text})
    assert wrong
    assert all(each.path in path for each in wrong)


@pytest.fixture
def homes(app_context, organisation):
    return organisation(EDITOR), organisation(EDITOR)


def files_in(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_out_in_and_out_again_gives_the_same_files(homes, tmp_path):
    one, other = homes
    photo = io.BytesIO()
    Image.new("RGB", (30, 20), "teal").save(photo, "JPEG")
    with one.acting(EDITOR):
        demo.fill(one.network)
        row = files.add("foto.jpg", "Het loket", photo.getvalue())
        page = service.page_by_slug("het-meldpunt")
        shown = Draft(
            page.title, f"{page.body}\n\n![Loket](/draaiboek/bestand/{row.name})", page.chapter_id, confirm="again"
        )
        service.save_page(page.slug, shown, page.version)
        counts = mirroring.export(tmp_path / "een")
        assert counts["files"] == 1
        again = mirroring.import_(tmp_path / "een")
        assert (again.added, again.changed, again.left, again.same) == ([], [], [], counts["pages"])
        db.session.commit()
    with other.acting(EDITOR):
        trial = mirroring.import_(tmp_path / "een", dry_run=True)
        assert len(trial.added) == counts["pages"]
        assert service.contents() == []
        assert mirroring.import_(tmp_path / "een").problems == []
        mirroring.export(tmp_path / "twee")
        assert files_in(tmp_path / "twee") == files_in(tmp_path / "een")
        moved = tmp_path / "twee" / "6-privacy-en-leren" / "5-nieuw-in-het-team.md"
        text = moved.read_text(encoding="utf-8") + "\nEn nog iets.\n"
        moved.unlink()
        (tmp_path / "twee" / "6-privacy-en-leren" / "1-wat-mag-je-delen").mkdir()
        (tmp_path / "twee" / "6-privacy-en-leren" / "1-wat-mag-je-delen" / "1-nieuw-in-het-team.md").write_text(text)
        assert mirroring.import_(tmp_path / "twee").changed == ["nieuw-in-het-team"]
        page = service.page_by_slug("nieuw-in-het-team")
        assert (page.version, page.body.endswith("En nog iets.")) == (2, True)
        assert page.parent_id == service.page_by_slug("wat-mag-je-delen").id
        mirroring.export(tmp_path / "twee")  # the page's old place is gone, the folder is as the playbook is
        assert not moved.exists()


def test_one_wrong_file_and_nothing_is_written(homes, tmp_path):
    (tmp_path / "1-a").mkdir()
    (tmp_path / "bestanden").mkdir()
    (tmp_path / "1-a" / "hoofdstuk.md").write_text("# A\n")
    (tmp_path / "1-a" / "1-goed.md").write_text("# Goed\n\nGoed.\n")
    (tmp_path / "1-a" / "2-buiten.md").symlink_to("/etc/hostname")
    (tmp_path / "1-a" / "3-rond").symlink_to(tmp_path)  # a circle
    (tmp_path / "1-a" / "4-vreemd.md").write_bytes(b"# \xff\xfe")
    (tmp_path / "1-a" / "5-groot.md").write_text("x" * 1_000_000)
    (tmp_path / "bestanden" / "plan.png").write_text("<html><script>")
    with homes[0].acting(EDITOR):
        report = mirroring.import_(tmp_path)
        assert {each.path for each in report.problems} == {
            "1-a/2-buiten.md", "1-a/3-rond", "1-a/4-vreemd.md", "1-a/5-groot.md", "bestanden/plan.png",
        }  # fmt: skip
        assert service.contents() == []
        with pytest.raises(mirroring.FolderNotOursError):
            mirroring.export(tmp_path)
