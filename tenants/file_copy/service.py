"""Making a copy of a whole file: reviewed by a worker, frozen without what is left out, printed, kept."""

import hashlib
import unicodedata
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from jinja2 import Environment, PackageLoader, StrictUndefined
from sqlalchemy import select

from app import tenancy
from app.audit.service import record_read
from app.database import db, transaction
from app.documents.engine import engine_version, render_pdf, unprintable
from app.files import service as files
from app.files.rules import PDF
from app.identifiers import uuid7
from app.jobs import enqueue
from app.security.models import Tenant
from app.ui.formats import datum_lang, today
from tenants.cases.models import Case
from tenants.cases.service import NoSuchCaseError
from tenants.file_copy.models import FileCopy
from tenants.file_copy.parts import parts_of
from tenants.file_copy.rules import FEW_LINES, Choice, Part, Purpose, digest, left_out, printed

LINES_PER_PAGE = 9  # of a printed copy, to say roughly how many pages there will be
TELL_EVERY = 5  # pages; each time costs a transaction
WHY = {Purpose.ACCESS: "right of access", Purpose.COLLEAGUE: "copy for a colleague"}


class NoSuchCopyError(Exception):
    """There is no such copy for the acting organisation, or it is not ready."""


class ChangedMeanwhileError(Exception):
    """Something joined or changed in the file since it was reviewed: nothing was made."""


@dataclass(frozen=True)
class Whole:
    """A file as its review shows it. seen: names exactly this content."""

    case: Case
    parts: list[Part]
    colleagues: set[str]
    seen: str


def review(case_id: uuid.UUID) -> Whole:
    """All of a file, to choose what is left out; in the trail. Raises NoSuchCaseError."""
    with transaction():
        whole = _whole(case_id)
        record_read("case_file", case_id, case_id, "case work")
    return whole


def _whole(case_id: uuid.UUID) -> Whole:
    case = db.session.get(Case, case_id)
    if case is None:
        raise NoSuchCaseError
    parts, colleagues = parts_of(case)
    return Whole(case, parts, colleagues, digest(parts))


def make(case_id: uuid.UUID, purpose: Purpose, choice: Choice, seen: str) -> uuid.UUID:
    """Have a copy made, its id: at once, or when it is long by a job. seen: the `Whole.seen` that was reviewed.

    The trail tells that the file leaves the portal, and for which of the two purposes. Raises NoSuchCaseError and
    ChangedMeanwhileError: what nobody looked at is never printed.
    """
    from tenants.file_copy.jobs import make_copy

    with transaction() as session:
        whole = _whole(case_id)
        if whole.seen != seen:
            raise ChangedMeanwhileError
        parts = printed(whole.parts, choice, whole.colleagues)
        lines = sum(len(part.lines) for part in whole.parts)
        row = FileCopy(
            id=uuid7(),
            case_id=case_id,
            purpose=purpose,
            paper=_paper(whole.case, purpose, parts),
            total=lines // LINES_PER_PAGE + 1,
            left_out=left_out(parts),
            asked_by=tenancy.current().user_id,
        )
        session.add(row)
        session.flush()
        record_read("case_file", case_id, case_id, WHY[purpose], act="export")
        if lines > FEW_LINES:
            enqueue(make_copy, copy_id=str(row.id))
    if lines <= FEW_LINES:
        run(row.id)
    return row.id


def _paper(case: Case, purpose: Purpose, parts: list[dict[str, object]]) -> dict[str, Any]:
    """All that is printed, in the language of who makes it: the job that prints it knows no reader."""
    tenant = db.session.get_one(Tenant, tenancy.current_tenant_id())
    day = datum_lang(today())
    title = _("Copy of file %(number)s", number=case.number)
    notes = [
        _("This copy holds what %(organisation)s keeps in this file on %(day)s.", organisation=tenant.name, day=day),
        _("Where ‘left out’ stands, data about others was taken out to protect their rights (GDPR, article 15.4)."),
        _("The documents and files are named here; ask for the documents themselves beside this copy."),
    ]
    return {
        "language": "fr" if str(get_locale()) == "fr" else "nl",
        "title": title,
        "reference": f"{title}, {day}",
        "organisation": tenant.name,
        "purpose": _(purpose.label),
        "notes": notes,
        "left_out": _("left out"),
        "parts": parts,
    }


# ---------------------------------------------------------------- printing


@cache
def _templates() -> Environment:
    """Their own environment: a document knows no request, no session and no translation."""
    return Environment(
        loader=PackageLoader("tenants.file_copy", "templates/file_copy"), autoescape=True, undefined=StrictUndefined
    )


def run(copy_id: uuid.UUID) -> None:
    """Print a copy and keep it; the page that waits sees how far it is."""
    with transaction():
        row = _find(copy_id)
        if row.paper is None or row.state == "ready":
            return
        paper, case_id, asked_at = row.paper, row.case_id, row.asked_at
        row.state = "working"
    last = [0]

    def tell(page: int) -> None:
        if page >= last[0] + TELL_EVERY:
            last[0] = page
            _write(copy_id, done=page)

    try:
        html = _templates().get_template("paper-1.html").render(paper=paper)
        for sign in unprintable(html):  # a copy that lacks nothing, if need be with the name of a sign
            html = html.replace(sign, f"[{unicodedata.name(sign, 'teken').lower()}]")
        language = f"{paper['language']}-BE"
        moment = asked_at.replace(microsecond=0)
        pdf = render_pdf(html, title=paper["title"], lang=language, identifier=copy_id, created=moment, progress=tell)
        with transaction():
            stored = files.store(f"{_name(paper)}.pdf", pdf, case_id, known=PDF)
            _write(
                copy_id, state="ready", paper=None, engine=engine_version(), file_id=stored.id,
                sha256=hashlib.sha256(pdf).digest(),
            )  # fmt: skip
    except BaseException:
        db.session.rollback()
        _write(copy_id, state="failed")
        raise


def _name(paper: Mapping[str, Any]) -> str:
    return "".join(c if c.isalnum() else "-" for c in str(paper["title"]).lower())


def _write(copy_id: uuid.UUID, **values: Any) -> None:
    with transaction():
        row = _find(copy_id)
        for name, value in values.items():
            setattr(row, name, value)


def again(case_id: uuid.UUID, copy_id: uuid.UUID) -> None:
    """Print a copy again whose printing failed: the same content, as it was reviewed."""
    from tenants.file_copy.jobs import make_copy

    with transaction():
        row = find(case_id, copy_id)
        if row.state == "failed":
            row.state, row.done = "waiting", 0
            enqueue(make_copy, copy_id=str(row.id))


# ---------------------------------------------------------------- looking up


def _find(copy_id: uuid.UUID) -> FileCopy:
    query = select(FileCopy).where(FileCopy.id == copy_id).execution_options(populate_existing=True)
    row: FileCopy | None = db.session.scalar(query)
    if row is None:
        raise NoSuchCopyError
    return row


def find(case_id: uuid.UUID, copy_id: uuid.UUID) -> FileCopy:
    """A copy of this case's file; raises NoSuchCopyError."""
    row = _find(copy_id)
    if row.case_id != case_id:
        raise NoSuchCopyError
    return row


def copies_of(case_id: uuid.UUID) -> list[FileCopy]:
    """The copies that were made, the newest first."""
    query = select(FileCopy).where(FileCopy.case_id == case_id).order_by(FileCopy.asked_at.desc(), FileCopy.id)
    return list(db.session.scalars(query))


def pdf_of(case_id: uuid.UUID, copy_id: uuid.UUID) -> tuple[str, bytes]:
    """(file name, bytes) of a copy, as kept; in the trail. Raises NoSuchCopyError and FileGoneError."""
    with transaction():
        row = find(case_id, copy_id)
        found = files.read(row.file_id) if row.file_id else None
        if found is None:
            raise NoSuchCopyError
        record_read("file_copy", row.id, case_id, WHY[Purpose(row.purpose)], act="download")
    stored, content = found
    return stored.name, content
