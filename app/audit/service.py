"""Writing and checking the trail."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, text

from app import tenancy
from app.audit.models import AuditEvent
from app.database import db, transaction
from app.security.models import utc_now


@dataclass(frozen=True)
class Verdict:
    """What `verify` found of one tenant: how many events, and a sentence for the first fault if there is one."""

    tenant_id: uuid.UUID
    events: int
    fault: str | None


def record_read(subject: str, subject_id: uuid.UUID, case_id: uuid.UUID | None, why: str, act: str = "read") -> None:
    """Record that the acting person opens (or exports) something of a person's file; part of the caller's transaction.

    why: a coded reason such as 'case work', never free text about a person.
    """
    with transaction() as session:
        session.add(AuditEvent(act=act, subject=subject, subject_id=subject_id, case_id=case_id, why=why, at=utc_now()))


def record_export(ids: Sequence[uuid.UUID], why: str, subject: str = "case_file") -> None:
    """Record that the acting person takes the data of these cases (or of another `subject`) out of the portal;
    one event for each."""
    is_case = subject == "case_file"
    rows = [
        {"act": "export", "subject": subject, "subject_id": i, "case_id": i if is_case else None, "why": why,
         "at": utc_now()}
        for i in ids
    ]  # fmt: skip
    if rows:
        with transaction() as session:
            session.execute(insert(AuditEvent), rows)


def events(case_id: uuid.UUID | None = None, limit: int = 200, before: datetime | None = None) -> Sequence[AuditEvent]:
    """The acting tenant's events, the newest first."""
    query = select(AuditEvent).order_by(AuditEvent.at.desc()).limit(limit)
    if case_id is not None:
        query = query.where(AuditEvent.case_id == case_id)
    if before is not None:
        query = query.where(AuditEvent.at < before)
    return db.session.scalars(query).all()


def last_change(subject: str, subject_id: uuid.UUID, case_id: uuid.UUID) -> AuditEvent | None:
    """Who changed a row of a case last, and when. Not for guests: the database lets them read nothing of the trail."""
    query = select(AuditEvent).where(
        AuditEvent.case_id == case_id, AuditEvent.subject == subject, AuditEvent.subject_id == subject_id,
        AuditEvent.act.in_(("insert", "update")),
    )  # fmt: skip
    found: AuditEvent | None = db.session.scalar(query.order_by(AuditEvent.at.desc()).limit(1))
    return found


_CHAIN = text(
    "SELECT l.sequence, l.hash, CASE WHEN e.id IS NOT NULL THEN audit_text(e) END AS body"
    " FROM audit_link l LEFT JOIN audit_event e ON e.tenant_id = l.tenant_id AND e.id = l.event_id"
    " WHERE l.tenant_id = :tenant ORDER BY l.sequence"
)
_LOOSE = text(
    "SELECT count(*) FROM audit_event e WHERE e.tenant_id = :tenant AND NOT EXISTS"
    " (SELECT FROM audit_link l WHERE l.tenant_id = e.tenant_id AND l.event_id = e.id)"
)
_HEAD = text("SELECT sequence, hash FROM audit_head WHERE tenant_id = :tenant")


def verify(tenant_id: uuid.UUID) -> Verdict:
    """Walk the tenant's chain from its first link and compare every hash, the head and the number of events."""
    with tenancy.acting(tenancy.Context(tenant_id=tenant_id)), transaction() as session:
        previous, count = b"", 0
        rows = session.execute(_CHAIN.execution_options(yield_per=2000), {"tenant": tenant_id})
        for row in rows:
            count += 1
            if row.sequence != count:
                return Verdict(tenant_id, count, f"link {count} is missing")
            if row.body is None:
                return Verdict(tenant_id, count, f"the event of link {count} is missing")
            previous = hashlib.sha256(previous + row.body.encode()).digest()
            if previous != bytes(row.hash):
                return Verdict(tenant_id, count, f"event {count} was changed")
        head = session.execute(_HEAD, {"tenant": tenant_id}).one_or_none()
        if head is not None and (head.sequence, bytes(head.hash)) != (count, previous):
            return Verdict(tenant_id, count, "the end of the chain is missing")
        loose = session.scalar(_LOOSE, {"tenant": tenant_id})
        if loose:
            return Verdict(tenant_id, count, f"{loose} events stand outside the chain")
        return Verdict(tenant_id, count, None)
