"""Counting afterwards: whether everything that was promised is there, and nothing is there by half."""

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from chaos_clients import Written
from sqlalchemy import func, select, text

from app import tenancy
from app.audit.service import verify
from app.database import db
from app.files.models import StoredFile
from app.files.service import FileGoneError, read
from tenants.cases.facts import rebuild
from tenants.cases.models import Attachment, Case, Note
from tenants.imports.models import BatchState, ImportBatch
from tenants.outreach.models import OutreachAttempt

PROMISED = {
    "case": "acknowledged cases that are there",
    "note": "acknowledged notes that are there",
    "attempt": "acknowledged attempts that are there",
    "attachment": "acknowledged attachments that are there",
    "upload": "acknowledged uploads that were read",
    "confirm": "acknowledged imports that are done",
}


@dataclass
class Count:
    """A line of the report: of `number` things, those in `wrong` are not as they should be."""

    what: str
    number: int = 0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        verdict = "all right" if not self.wrong else f"{len(self.wrong)} WRONG: {', '.join(self.wrong[:5])}"
        return f"{self.what:<44}{self.number:>8}   {verdict}"


def examine(tenants: Iterable[uuid.UUID], written: Sequence[Written]) -> list[Count]:
    """Compare what was acknowledged with what is there, and what is there with itself.

    To be called in an application context, when nobody works any more and the queue is empty.
    """
    counts = {kind: Count(what) for kind, what in PROMISED.items()}
    files, imports = Count("stored files that have their bytes"), Count("imports that are whole or absent")
    facts, trail = Count("cases whose facts equal them"), Count("events in an unbroken trail")
    for tenant in tenants:
        own = [each for each in written if each.tenant == tenant]
        with tenancy.acting(tenancy.Context(tenant_id=tenant)):
            _promised(counts, own, _files(files))
            _imports(imports, own)
            db.session.rollback()
        number, differing = rebuild(tenant, write=False)
        facts.number += number
        facts.wrong += [str(each) for each in differing]
        verdict = verify(tenant)
        trail.number += verdict.events
        trail.wrong += [f"{tenant}: {verdict.fault}"] if verdict.fault else []
        db.session.remove()
    return [*counts.values(), imports, files, facts, trail, _jobs()]


def _promised(counts: dict[str, Count], own: Sequence[Written], attached: set[str]) -> None:
    """What was acknowledged to one tenant, against its tables."""
    batches = {str(batch.id): batch.state for batch in db.session.scalars(select(ImportBatch))}
    there = {
        "case": {str(each) for each in db.session.scalars(select(Case.id))},
        "note": set(db.session.scalars(select(Note.body))),
        "attempt": set(db.session.scalars(select(OutreachAttempt.note))),
        "attachment": attached,
        "upload": {id for id, state in batches.items() if state not in (BatchState.READING, BatchState.UNREADABLE)},
        "confirm": {id for id, state in batches.items() if state == BatchState.DONE},
    }
    for each in own:
        counts[each.kind].number += 1
        if each.mark not in there[each.kind]:
            counts[each.kind].wrong.append(each.mark)


def _files(count: Count) -> set[str]:
    """Open every stored file; the SHA-256 of those that belong to a case."""
    opened = {}
    for file_id in db.session.scalars(select(StoredFile.id)).all():
        count.number += 1
        try:
            found = read(file_id)
        except FileGoneError:
            found = None
        if found is None:
            count.wrong.append(str(file_id))
        else:
            opened[file_id] = hashlib.sha256(found[1]).hexdigest()
    attached = db.session.scalars(select(Attachment.file_id)).all()
    return {opened[file_id] for file_id in attached if file_id in opened}


def _imports(count: Count, own: Sequence[Written]) -> None:
    """A done import has all its cases, any other has none."""
    uploaded = {each.mark: each.rows for each in own if each.kind == "upload"}
    query = select(Case.import_batch_id, func.count()).where(Case.import_batch_id.is_not(None))
    cases: dict[uuid.UUID | None, int] = {
        row[0]: row[1] for row in db.session.execute(query.group_by(Case.import_batch_id))
    }
    for batch in db.session.scalars(select(ImportBatch)):
        count.number += 1
        found, told = cases.pop(batch.id, 0), (batch.counts or {}).get("petitions", 0)
        wanted = uploaded.get(str(batch.id), told) if batch.state == BatchState.DONE else 0
        if found != wanted or found != told or batch.state == BatchState.IMPORTING:
            count.wrong.append(f"{batch.id} ({batch.state}, {found} of {wanted})")
    count.wrong += [f"{batch_id} has cases but no row" for batch_id in cases]


def _jobs() -> Count:
    """The jobs that somebody waits for; the queue's own periodic ones come again by themselves."""
    rows = db.session.execute(
        text("SELECT id, task_name, status::text AS status FROM procrastinate_jobs WHERE task_name LIKE 'imports.%'")
    ).all()
    db.session.remove()
    lost = [f"{row.task_name} {row.id} {row.status}" for row in rows if row.status != "succeeded"]
    return Count("jobs that came to their end", len(rows), lost)
