"""Tries to get in, counted per account and per address, so that guessing stays slow over all processes.

Kept as keyed hashes: the table recognises a name or an address, and tells none.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from app.crypto import keyed_hash
from app.database import transaction
from app.security.models import SignInAttempt, utc_now
from app.security.rules import LIMITS, Kind, neighbourhood, standing


class LockedError(Exception):
    """Too many tries; `until` (UTC) is when the next one is possible. `by_account`: not for the address alone."""

    def __init__(self, until: datetime, *, by_account: bool) -> None:
        super().__init__(until.isoformat())
        self.until = until
        self.by_account = by_account


@contextmanager
def one_try(kind: Kind, who: str, address: str) -> Iterator[SignInAttempt]:
    """One try by `who` (an account or what was typed) from `address`; set `succeeded` on what this gives.

    Raises LockedError before the block when either tried too often. Tries for one account wait here for each
    other, so that a hundred at once are no more than a hundred in a row. Raise nothing within the block: the try
    would not count.
    """
    account_mark, address_mark = _marks(kind, who, address)
    with transaction() as session:
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:mark, 0))"), {"mark": account_mark})
        _check(session, kind, account_mark, address_mark)
        attempt = SignInAttempt(at=utc_now(), username_hash=account_mark, address_hash=address_mark, succeeded=False)
        yield attempt
        session.add(attempt)


def forgive(kind: Kind, who: str) -> None:
    """Forget the failures of an account, because its owner came in another way (a link by mail)."""
    account_mark, _ = _marks(kind, who, "")
    with transaction() as session:
        session.execute(delete(SignInAttempt).where(SignInAttempt.username_hash == account_mark))


def _marks(kind: Kind, who: str, address: str) -> tuple[str, str]:
    return keyed_hash(f"{kind}:{who}", "try by"), keyed_hash(f"{kind}:{neighbourhood(address)}", "try from")


def _check(session: Session, kind: Kind, account_mark: str, address_mark: str) -> None:
    limit, now = LIMITS[kind], utc_now()
    failures = select(SignInAttempt.at).where(SignInAttempt.at > now - limit.window, SignInAttempt.succeeded.is_(False))
    of_account = failures.where(SignInAttempt.username_hash == account_mark)
    success = select(func.max(SignInAttempt.at)).where(
        SignInAttempt.username_hash == account_mark, SignInAttempt.succeeded.is_(True)
    )
    last_success = session.scalar(success)
    if last_success is not None:
        of_account = of_account.where(SignInAttempt.at > last_success)
    for query, most, by_account in (
        (of_account, limit.by_account, True),
        (failures.where(SignInAttempt.address_hash == address_mark), limit.by_address, False),
    ):
        until = standing(session.scalars(query).all(), most, limit.window, now)
        if until is not None:
            raise LockedError(until, by_account=by_account)


def forget_old(now: datetime) -> None:
    """Delete the tries that no limit looks at any more; a success is looked at as long as failures are."""
    oldest = now - max(limit.window for limit in LIMITS.values())
    with transaction() as session:
        session.execute(delete(SignInAttempt).where(SignInAttempt.at < oldest))
