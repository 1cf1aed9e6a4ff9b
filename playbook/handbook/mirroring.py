"""The playbook of a network written to a folder and read from one (see mirror.py): all of it, or nothing."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import undefer

from app.database import db, transaction
from app.files.rules import UnacceptableFileError
from playbook.handbook import files, mirror, pictures, rules, service
from playbook.handbook.mirror import FILES, TITLES, MirrorChapter, MirrorPage, Wrong
from playbook.handbook.models import Chapter, Page, PlaybookFile
from playbook.handbook.service import Draft, ours

MARK = ".draaiboek"  # stands in a folder that was written by an export, so that a next one may clear it
COMMENT = "Ingelezen uit een map"
_TEXT_AT_MOST = 4 * rules.LONGEST_BODY  # bytes; a character takes at most four
_NOT_OURS = frozenset({"readme.md", "license.md", "licence.md"})


class FolderNotOursError(Exception):
    """The folder to write to holds other things."""


@dataclass
class Report:
    """What an import did or, on a dry run, would do. added, changed and left hold the pages' addresses.

    left: pages of the network that the folder does not have; they stay. Nothing was written when there are problems.
    """

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    same: int = 0
    files: int = 0
    problems: list[Wrong] = field(default_factory=list)


# ---------------------------------------------------------------- out


def chapters() -> list[MirrorChapter]:
    """The playbook of the network in which somebody acts."""
    found = []
    texts = {page.id: page for page in db.session.scalars(select(Page).where(ours(Page)).options(undefer(Page.body)))}
    for part in service.contents():
        below: dict[uuid.UUID | None, list[uuid.UUID]] = {}
        for _depth, leaf in part.pages:
            below.setdefault(leaf.parent_id, []).append(leaf.id)
        pages = tuple(_out(texts, below, page_id) for page_id in below.get(None, []))
        found.append(MirrorChapter(part.chapter.slug, part.chapter.title, part.chapter.summary, pages))
    return found


def _out(
    texts: Mapping[uuid.UUID, Page], below: Mapping[uuid.UUID | None, Sequence[uuid.UUID]], page_id: uuid.UUID
) -> MirrorPage:
    page = texts[page_id]
    under = tuple(_out(texts, below, each) for each in below.get(page_id, []))
    said = (page.published_to_all, page.confirm_from is not None)
    return MirrorPage(page.slug, page.title, page.body, *said, under, page.for_guests)


def export(folder: Path) -> dict[str, int]:
    """Write the playbook in `folder`, which is empty or an earlier export. Returns how many of what.

    Raises FolderNotOursError; what an earlier export left and is no longer there is taken away.
    """
    there = list(folder.iterdir()) if folder.exists() else []
    if there and not (folder / MARK).is_file() and any(not path.name.startswith(".") for path in there):
        raise FolderNotOursError(str(folder))
    parts = chapters()
    texts = mirror.files_of(parts)
    kept = list(
        db.session.scalars(select(PlaybookFile).where(ours(PlaybookFile)).options(undefer(PlaybookFile.content)))
    )
    if kept:
        titles = sorted(f"{each.name}\t{' '.join(each.title.split())}" for each in kept)
        texts[TITLES] = "\n".join(titles) + "\n"
    wanted = {folder / path: text.encode() for path, text in texts.items()}
    wanted |= {folder / FILES / each.name: each.content for each in kept}
    _clear(folder, set(wanted))
    for path, content in {folder / MARK: b"", **wanted}.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return {"chapters": len(parts), "pages": len(mirror.all_pages(parts)), "files": len(kept)}


def _clear(folder: Path, wanted: set[Path]) -> None:
    """Take away what an earlier export wrote and this one does not; only where the mark says it was one."""
    if not (folder / MARK).is_file():
        return
    for path in sorted(folder.rglob("*"), reverse=True):
        inside = path.relative_to(folder)
        ours_once = inside.parts[0] == FILES or mirror.is_place(str(inside))
        if path.is_symlink() or not ours_once or path in wanted:
            continue
        if path.is_file():
            path.unlink()
        elif not any(path.iterdir()):
            path.rmdir()


# ---------------------------------------------------------------- in


def read_folder(folder: Path) -> tuple[dict[str, str], dict[str, bytes], list[Wrong]]:
    """(texts, files, problems) of a folder; nothing outside it is read: a link in it is refused."""
    texts: dict[str, str] = {}
    binaries: dict[str, bytes] = {}
    wrong: list[Wrong] = []
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        name = str(inside)
        if any(part.startswith(".") for part in inside.parts) or name.lower() in _NOT_OURS:
            continue
        if path.is_symlink() or not path.resolve().is_relative_to(folder.resolve()):
            wrong.append(Wrong(name, mirror.LEADS_OUTSIDE))
        elif path.is_file():
            limit = _TEXT_AT_MOST if path.suffix == ".md" else pictures.LARGEST
            if path.stat().st_size > limit:
                wrong.append(Wrong(name, mirror.TOO_LARGE, {"limit": limit // 1000}))
            elif inside.parts[0] == FILES:
                binaries[name] = path.read_bytes()
            elif path.suffix == ".md":
                try:
                    texts[name] = path.read_bytes().decode("utf-8")
                except UnicodeDecodeError:
                    wrong.append(Wrong(name, mirror.NOT_UTF8))
    return texts, binaries, wrong


def import_(folder: Path, *, dry_run: bool = False) -> Report:
    """Bring the playbook to what the folder says: in one transaction, and only when nothing is wrong with it."""
    texts, binaries, wrong = read_folder(folder)
    parts, more = mirror.read(texts)
    report = Report(problems=[*wrong, *more])
    titles = dict(
        line.split("\t", 1)
        for line in binaries.pop(TITLES, b"").decode("utf-8", "replace").splitlines()
        if "\t" in line
    )
    for path, content in binaries.items():
        try:
            pictures.accept(content, Path(path).name)
        except UnacceptableFileError as error:
            report.problems.append(Wrong(path, error.message, error.params))
    if report.problems:
        return report
    report.files = len(binaries)
    with transaction() as session:
        service.take_turn(session)
        _compare(report, parts)
        if not dry_run:
            for path, content in binaries.items():
                name = Path(path).name
                files.add(name, titles.get(name, ""), content)
            for number, part in enumerate(parts, start=1):
                _chapter_in(part, number)
    return report


def _compare(report: Report, parts: Sequence[MirrorChapter]) -> None:
    now = {page.slug: (place, page) for place, page in _placed(chapters())}
    for place, page in _placed(parts):
        if page.slug not in now:
            report.added.append(page.slug)
        elif _facts(place, page) == _facts(*now[page.slug]):
            report.same += 1
        else:
            report.changed.append(page.slug)
    wanted = {page.slug for _place, page in _placed(parts)}
    report.left = [slug for slug in now if slug not in wanted]


def _placed(parts: Sequence[MirrorChapter]) -> list[tuple[tuple[str, int], MirrorPage]]:
    """Every page with where it stands: (what is above it, its number there)."""
    found: list[tuple[tuple[str, int], MirrorPage]] = []

    def add(above: str, pages: Sequence[MirrorPage]) -> None:
        for number, page in enumerate(pages, start=1):
            found.append(((above, number), page))
            add(f"page {page.slug}", page.below)

    for part in parts:
        add(f"chapter {part.slug}", part.pages)
    return found


def _facts(place: tuple[str, int], page: MirrorPage) -> tuple[object, ...]:
    return (place, page.title, page.body, page.published_to_all, page.confirms, page.for_guests)


def _chapter_in(part: MirrorChapter, number: int) -> None:
    session = db.session
    chapter: Chapter | None = session.scalar(select(Chapter).where(ours(Chapter), Chapter.slug == part.slug))
    if chapter is None:
        chapter = service.create_chapter(part.title, part.summary, number, part.slug)
    elif (chapter.title, chapter.summary, chapter.position) != (part.title, part.summary, number):
        service.change_chapter(part.slug, part.title, part.summary, number)
    _pages_in(chapter.id, None, part.pages)


def _pages_in(chapter_id: uuid.UUID, parent_id: uuid.UUID | None, pages: Sequence[MirrorPage]) -> None:
    for number, wanted in enumerate(pages, start=1):
        query = select(Page).where(ours(Page), Page.slug == wanted.slug).options(undefer(Page.body))
        page: Page | None = db.session.scalar(query)
        confirm = "once" if wanted.confirms else "no"
        said = (wanted.published_to_all, wanted.for_guests, confirm)
        draft = Draft(wanted.title, wanted.body, chapter_id, parent_id, number, COMMENT, *said)
        if page is None:
            page = service.create_page(draft, wanted.slug)
        elif _differs(page, draft):
            page = service.save_page(page.slug, draft, page.version)
        _pages_in(chapter_id, page.id, wanted.below)


def _differs(page: Page, draft: Draft) -> bool:
    return _compared(page, page.confirm_from is not None) != _compared(draft, draft.confirm == "once")


def _compared(text: Page | Draft, asks: bool) -> tuple[object, ...]:
    place = (text.chapter_id, text.parent_id, text.position)
    return (text.title, text.body, *place, text.published_to_all, text.for_guests, asks)
