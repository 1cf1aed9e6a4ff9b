"""What keeps robots out without asking a third party: a trap, the clock, a small proof of work, a limit per address.

A form starts with a token: random, signed, with its moment. It is used once (the reference hangs on it), so each
report costs its own minimum of time and its own proof.
"""

import hashlib
import secrets

from flask import current_app
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from app.security.attempts import LockedError, one_try
from app.security.models import utc_now
from app.security.rules import Kind

VALID_HOURS = 8  # a form that is left open over a working day can still be sent
# Nobody fills in ten fields within five seconds; who can't run the script proves it by a sum and some patience.
SECONDS, SECONDS_WITHOUT_PROOF = 5, 15
# 2 to the 14th hashes on average: a third of a second on a phone, and a minute for every two hundred reports.
PROOF_BITS = 14


class RobotError(Exception):
    """What was sent looks like a robot's: the trap was filled in, or neither proof nor sum is right."""


class TooFastError(Exception):
    """Faster than a person types; `seconds` still to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(str(seconds))
        self.seconds = seconds


class OldFormError(Exception):
    """The form is too old, or was never given out by us. What was typed can be sent again with a new token."""


class TooManyError(Exception):
    """Too many reports from one address; `minutes` still to wait."""

    def __init__(self, minutes: int) -> None:
        super().__init__(str(minutes))
        self.minutes = minutes


def new_token() -> str:
    """A token for a form that starts now."""
    made = _serializer().dumps(secrets.token_hex(12))
    return made if isinstance(made, str) else made.decode()


def question(token: str) -> tuple[int, int]:
    """The two numbers whose sum a reader without script types; they follow from the token."""
    digest = hashlib.sha256(token.encode()).digest()
    return digest[0] % 8 + 2, digest[1] % 8 + 2


def admit(token: str, *, trap: str, proof: str, answer: str) -> None:
    """Let a form through that a person sent. Raises RobotError, OldFormError and TooFastError."""
    if trap:
        raise RobotError
    try:
        _value, started = _serializer().loads(token, max_age=VALID_HOURS * 3600, return_timestamp=True)
    except (SignatureExpired, BadSignature) as error:
        raise OldFormError from error
    proven = is_proof(token, proof)
    if not proven and answer.strip() != str(sum(question(token))):
        raise RobotError
    took = (utc_now() - started).total_seconds()
    least = SECONDS if proven else SECONDS_WITHOUT_PROOF
    if took < least:
        raise TooFastError(int(least - took) + 1)


def is_proof(token: str, proof: str) -> bool:
    """Whether `proof` is a number that makes the hash of 'token:number' begin with enough zero bits."""
    if not (proof.isascii() and proof.isdigit() and len(proof) < 12):
        return False
    digest = hashlib.sha256(f"{token}:{proof}".encode()).digest()
    return int.from_bytes(digest, "big") >> (256 - PROOF_BITS) == 0


def count_report(address: str) -> None:
    """Count a report from a network address; raises TooManyError when there were too many within the hour."""
    _count(Kind.REPORT, address)


def count_draft(address: str) -> None:
    """Count a report that is begun, since each takes room; raises TooManyError."""
    _count(Kind.DRAFT, address)


def _count(kind: Kind, address: str) -> None:
    try:
        with one_try(kind, address, address):
            pass
    except LockedError as error:
        seconds = (error.until - utc_now()).total_seconds()
        raise TooManyError(max(1, -(-int(seconds) // 60))) from error


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="reporting point")
