"""The playbook as a folder of Markdown files, and back: what stands in which file. Pure: paths and texts.

    1-van-verzoekschrift-tot-zitting/
        hoofdstuk.md                      the chapter's title and sentence
        1-de-zitting-voorbereiden.md      a page
        1-de-zitting-voorbereiden/        the pages under it
    bestanden/                            pictures and documents, and bestanden.tsv with their titles

A file begins with `# Title`; its name is the page's address. What more must be kept follows the title in lines such as
`<!-- netwerken: alle -->`, so that the text reads well in any editor of Markdown.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import unquote

from app.i18n import N_
from playbook.handbook import rules
from playbook.handbook.markdown import render

CHAPTER_FILE, FILES = "hoofdstuk.md", "bestanden"
TITLES = f"{FILES}/{FILES}.tsv"
_FACT = re.compile(r"<!-- (netwerken|bevestigen|gasten): ?(.*?) -->")
_NUMBERED = re.compile(r"(\d+)-(.+)")
LONGEST_TITLE, LONGEST_SUMMARY = 120, 300
LEADS_OUTSIDE = N_("This path leads outside the folder.")
TOO_LARGE = N_("This file is too large: at most %(limit)s kB is possible. Divide it over several pages.")
NOT_UTF8 = N_("This file is not written in UTF-8. Save it again with that encoding.")


@dataclass(frozen=True)
class MirrorPage:
    """A page with the pages under it, in order. confirms: readers are asked to confirm it; for_guests: they read it."""

    slug: str
    title: str
    body: str
    published_to_all: bool = False
    confirms: bool = False
    below: tuple["MirrorPage", ...] = ()
    for_guests: bool = False


@dataclass(frozen=True)
class MirrorChapter:
    slug: str
    title: str
    summary: str
    pages: tuple[MirrorPage, ...] = ()


@dataclass(frozen=True)
class Wrong:
    """What keeps a file from being read in; `message` is a msgid with `params`."""

    path: str
    message: str
    params: dict[str, object] = field(default_factory=dict)


# ---------------------------------------------------------------- writing


def files_of(chapters: Sequence[MirrorChapter]) -> dict[str, str]:
    """Path -> text of every file; the same playbook always gives the same files."""
    written: dict[str, str] = {}
    for number, chapter in enumerate(chapters, start=1):
        folder = f"{number}-{chapter.slug}"
        written[f"{folder}/{CHAPTER_FILE}"] = f"# {chapter.title}\n\n{chapter.summary}".rstrip() + "\n"
        _write_pages(written, folder, chapter.pages)
    return written


def _write_pages(written: dict[str, str], folder: str, pages: Sequence[MirrorPage]) -> None:
    for number, page in enumerate(pages, start=1):
        stem = f"{folder}/{number}-{page.slug}"
        facts = ["<!-- netwerken: alle -->"] if page.published_to_all else []
        facts += ["<!-- bevestigen: ja -->"] if page.confirms else []
        facts += ["<!-- gasten: ja -->"] if page.for_guests else []
        head = "\n".join([f"# {page.title}", *facts])
        written[f"{stem}.md"] = f"{head}\n\n{page.body}\n"
        _write_pages(written, stem, page.below)


# ---------------------------------------------------------------- reading


def read(files: Mapping[str, str]) -> tuple[list[MirrorChapter], list[Wrong]]:
    """The chapters of a folder (path -> text, Markdown files only), and everything that is wrong with it."""
    wrong: list[Wrong] = []
    tree: dict[str, dict[int, list[str]]] = {}
    for path in files:
        problem = _path_problem(path)
        if problem:
            wrong.append(problem)
            continue
        place = PurePosixPath(path)
        number = _NUMBERED.fullmatch(place.stem)
        if place.name != CHAPTER_FILE and number:
            tree.setdefault(str(place.parent), {}).setdefault(int(number[1]), []).append(path)
    taken: dict[str, str] = {}
    chapters = []
    folders = sorted({path.split("/")[0] for path in files if "/" in path and not _path_problem(path)}, key=_order)
    for folder in folders:
        about = files.get(f"{folder}/{CHAPTER_FILE}")
        if about is None:
            wrong.append(Wrong(folder, N_("This folder has no hoofdstuk.md that says what the chapter is called.")))
            continue
        title, _facts, summary = _parts(about)
        wrong += _length_problems(f"{folder}/{CHAPTER_FILE}", title, summary)
        pages = _read_pages(files, tree, folder, taken, wrong)
        chapters.append(MirrorChapter(_slug(folder), title, " ".join(summary.split()), pages))
    read_in = set(taken.values()) | {f"{folder}/{CHAPTER_FILE}" for folder in folders}
    for path in sorted(set(files) - read_in - {each.path for each in wrong}):
        wrong.append(Wrong(path, N_("There is no page of which this one is a part: it stands in a folder of its own.")))
    return chapters, wrong


def _read_pages(
    files: Mapping[str, str],
    tree: Mapping[str, Mapping[int, list[str]]],
    folder: str,
    taken: dict[str, str],
    wrong: list[Wrong],
) -> tuple[MirrorPage, ...]:
    pages = []
    for path in (path for number in sorted(tree.get(folder, {})) for path in sorted(tree[folder][number])):
        slug = _slug(PurePosixPath(path).stem)
        title, facts, body = _parts(files[path])
        body = rules.tidy(body)
        if slug in taken:
            wrong.append(
                Wrong(
                    path, N_("%(other)s has the same address. Give one of them another name."), {"other": taken[slug]}
                )
            )
        elif slug in rules.RESERVED or slug != rules.slug_of(slug.replace("-", " ")):
            wrong.append(
                Wrong(path, N_("The name of this file cannot be an address: use small letters, digits and -."))
            )
        taken.setdefault(slug, path)
        wrong += _length_problems(path, title, "")
        problems = rules.problems_of(body)
        wrong += [Wrong(path, each.message, each.params) for each in problems]
        wrong += [] if problems else _links_outside(path, body)
        below = _read_pages(files, tree, path.removesuffix(".md"), taken, wrong)
        said = (facts.get("netwerken") == "alle", facts.get("bevestigen") == "ja")
        pages.append(MirrorPage(slug, title, body, *said, below, facts.get("gasten") == "ja"))
    return tuple(pages)


def _links_outside(path: str, body: str) -> list[Wrong]:
    """Links and pictures of a page that would be found above the folder."""
    addresses = [address for block in render(body).blocks for _text, address in block.links]
    message = N_('The address "%(address)s" leads outside the folder. Use a web address or that of a page or a file.')
    return [Wrong(path, message, {"address": each[:80]}) for each in addresses if _is_above(path, each)]


def _is_above(path: str, address: str) -> bool:
    if ":" in address or address.startswith(("/", "#")):
        return False
    depth = len(PurePosixPath(path).parts) - 1
    for part in PurePosixPath(unquote(address)).parts:
        depth += -1 if part == ".." else 1
        if depth < 0:
            return True
    return False


def _path_problem(path: str) -> Wrong | None:
    parts = PurePosixPath(path).parts
    if path.startswith("/") or ".." in parts or "\\" in path or "\x00" in path:
        return Wrong(path, LEADS_OUTSIDE)
    if len(parts) < 2 or not all(_NUMBERED.fullmatch(PurePosixPath(part).stem) for part in parts[:-1]):
        return Wrong(path, N_("Put this file in the folder of a chapter, such as 1-de-zitting/2-wat-neem-je-mee.md."))
    if parts[-1] != CHAPTER_FILE and not _NUMBERED.fullmatch(PurePosixPath(path).stem):
        return Wrong(path, N_("Let the name begin with its place, such as 2-wat-neem-je-mee.md."))
    return None


def is_place(path: str) -> bool:
    """Whether a path in the folder is one that an export writes: of a chapter, its pages, or a folder of theirs."""
    parts = PurePosixPath(path).parts
    return all(_NUMBERED.fullmatch(part) or (part == CHAPTER_FILE and number) for number, part in enumerate(parts))


def _length_problems(path: str, title: str, summary: str) -> list[Wrong]:
    if not title:
        return [Wrong(path, N_("The first line must be the title: # and then some words."))]
    if len(title) > LONGEST_TITLE or len(summary) > LONGEST_SUMMARY:
        return [Wrong(path, N_("The title has at most 120 characters, the sentence of a chapter at most 300."))]
    return []


def _parts(text: str) -> tuple[str, dict[str, str], str]:
    """(title, facts, text) of a file."""
    first, _newline, rest = text.replace("\r\n", "\n").removeprefix("\ufeff").partition("\n")
    title = " ".join(first.removeprefix("# ").split()) if first.startswith("# ") else ""
    lines, facts = rest.split("\n"), {}
    while lines and (match := _FACT.fullmatch(lines[0].strip())):
        facts[match[1]] = match[2]
        lines.pop(0)
    return title, facts, "\n".join(lines).strip("\n")


def _slug(name: str) -> str:
    match = _NUMBERED.fullmatch(name)
    return match[2] if match else name


def _order(name: str) -> tuple[int, str]:
    match = _NUMBERED.fullmatch(name)
    return (int(match[1]) if match else 0, name)


def all_pages(chapters: Iterable[MirrorChapter]) -> list[MirrorPage]:
    """Every page, in reading order."""

    def with_below(page: MirrorPage) -> list[MirrorPage]:
        return [page, *(each for below in page.below for each in with_below(below))]

    return [each for chapter in chapters for page in chapter.pages for each in with_below(page)]
