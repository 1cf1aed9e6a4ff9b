"""What a stranger filled in so far: it stands on the server, so that Back, Forward, reloading and another language
show it again, and nothing of it stands in an address.

A draft has a name, which is part of its pages' address, and belongs to a browser, which the form's own cookie knows by
a secret. The row is found and opened with both only: whoever reads the address, or the database with the portal's key,
reads nothing of it.
"""

import json
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as pg_insert

from app.crypto import UnreadableError, keyed_hash, seal_for_portal, unseal_for_portal
from app.database import db, transaction
from app.security.models import utc_now
from tenants.intake.models import ReportDraft

KEPT = timedelta(hours=24)  # after the last change: who goes on tomorrow morning finds it back
MOST_BYTES = 200_000  # far more than all fields may hold together
_PURPOSE = "report draft"


class TooLargeError(Exception):
    """More than any report holds: it is not kept."""


@dataclass(frozen=True)
class Draft:
    """answers: the fields as they were sent, right or wrong. checked: the step whose errors are to be shown. refused:
    (why, number) the last sending was, if it was. sent: the token of the form that became a report; the answers of that
    are gone from here."""

    answers: dict[str, list[str]] = field(default_factory=dict)
    checked: str = ""
    refused: tuple[str, int] | None = None
    sent: str = ""


def new_name() -> str:
    """A name for a draft that begins."""
    return secrets.token_urlsafe(9)


def new_secret() -> str:
    """What a browser is known by."""
    return secrets.token_urlsafe(24)


def find(browser: str, name: str) -> Draft | None:
    """The draft; None when there is none, or another browser's."""
    row = db.session.get(ReportDraft, _mark(browser, name))
    return _opened(row, browser, name)


def change(browser: str, name: str, how: Callable[[Draft], Draft], before_new: Callable[[], None]) -> Draft:
    """Keep `how(the draft as it stands)`; two who change it at once wait for each other.

    before_new: runs when there is no draft of this name yet, and may raise. Raises TooLargeError.
    """
    if find(browser, name) is None:
        before_new()
    mark = _mark(browser, name)
    with transaction() as session:
        start = {"id": mark, "changed_at": utc_now(), "content": _sealed(Draft(), browser, name)}
        session.execute(pg_insert(ReportDraft).values(start).on_conflict_do_nothing())
        query = select(ReportDraft).where(ReportDraft.id == mark).with_for_update()
        row = session.scalars(query, execution_options={"populate_existing": True}).one()
        changed = how(_opened(row, browser, name) or Draft())
        row.content, row.changed_at = _sealed(changed, browser, name), utc_now()
    return changed


def wipe(browser: str, name: str) -> None:
    """Forget the draft, because its writer wants so."""
    with transaction() as session:
        session.execute(delete(ReportDraft).where(ReportDraft.id == _mark(browser, name)))


def forget_old() -> None:
    """Delete the drafts that nobody went on with."""
    with transaction() as session:
        session.execute(delete(ReportDraft).where(ReportDraft.changed_at < utc_now() - KEPT))


def _mark(browser: str, name: str) -> str:
    return keyed_hash(f"{browser}:{name}", _PURPOSE)


def _sealed(draft: Draft, browser: str, name: str) -> bytes:
    plain = json.dumps(asdict(draft), ensure_ascii=False).encode()
    if len(plain) > MOST_BYTES:
        raise TooLargeError
    return seal_for_portal(plain, f"{_PURPOSE}:{browser}:{name}")


def _opened(row: ReportDraft | None, browser: str, name: str) -> Draft | None:
    if row is None or row.changed_at < utc_now() - KEPT:
        return None
    try:
        content = json.loads(unseal_for_portal(row.content, f"{_PURPOSE}:{browser}:{name}"))
    except UnreadableError:  # its master key is gone
        return None
    content["refused"] = tuple(content["refused"]) if content["refused"] else None
    return Draft(**content)
