"""The second step: an authenticator app (TOTP, RFC 6238) and codes for the day on which the phone is lost."""

import secrets
from hashlib import sha256

import pyotp
import segno
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import delete, select

from app import tenancy
from app.audit.service import record_read
from app.crypto import seal_for_portal, unseal_for_portal
from app.database import db, transaction
from app.security.attempts import one_try
from app.security.identity import end_other_sessions
from app.security.models import Membership, RecoveryCode, SecondFactor, utc_now
from app.security.rules import Kind

PURPOSE = "second factor"
RECOVERY_CODES = 8


def is_enrolled(user_id: int) -> bool:
    """Whether this person confirmed an authenticator app."""
    row = db.session.get(SecondFactor, user_id)
    return row is not None and row.confirmed_at is not None


def start_enrolment(user: User) -> tuple[str, str]:
    """(shared secret in base32, in groups of four to be typed, QR picture as a data address); nothing counts until
    `confirm`."""
    with transaction() as session:
        row = session.get(SecondFactor, user.id)
        if row is None:
            row = SecondFactor(user_id=user.id, secret=b"")
            session.add(row)
        if row.confirmed_at is None and row.secret:
            secret = unseal_for_portal(row.secret, PURPOSE).decode()
        else:
            secret = pyotp.random_base32()
            row.secret, row.confirmed_at = seal_for_portal(secret.encode(), PURPOSE), None
    address = pyotp.TOTP(secret).provisioning_uri(name=user.username, issuer_name="Woonvast")
    typed = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return typed, segno.make(address, error="m").svg_data_uri(scale=5, border=2)


def confirm(user_id: int, code: str) -> list[str] | None:
    """Confirm the app with its first code: the recovery codes, shown once. None when the code is wrong."""
    with transaction() as session:
        row = session.get(SecondFactor, user_id, with_for_update=True)
        if row is None or not _matches(row, code):
            return None
        row.confirmed_at = utc_now()
        return _new_recovery_codes(user_id)


def _new_recovery_codes(user_id: int) -> list[str]:
    codes = ["-".join(secrets.token_hex(2) for _ in range(5)) for _ in range(RECOVERY_CODES)]  # 80 bits each
    with transaction() as session:
        session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
        session.add_all(RecoveryCode(user_id=user_id, code_hash=_hash(user_id, code)) for code in codes)
    return codes


def pass_step(user_id: int, code: str, address: str) -> bool:
    """Whether `code` is right, with few tries allowed. Raises LockedError."""
    with one_try(Kind.SECOND_STEP, str(user_id), address) as attempt:
        attempt.succeeded = _accepts(user_id, code)
    return attempt.succeeded


def _accepts(user_id: int, code: str) -> bool:
    """Whether `code` is the app's code of now or an unused recovery code; either works once."""
    with transaction() as session:
        row = session.get(SecondFactor, user_id, with_for_update=True)
        if row is None or row.confirmed_at is None:
            return False
        if _matches(row, code):
            return True
        used = session.execute(
            delete(RecoveryCode).where(
                RecoveryCode.user_id == user_id, RecoveryCode.code_hash == _hash(user_id, code.strip().lower())
            )
        )
        return bool(used.rowcount)  # type: ignore[attr-defined]


def _matches(row: SecondFactor, code: str) -> bool:
    """The code of this half minute or of a neighbour (a clock that runs off), never one that was used."""
    totp = pyotp.TOTP(unseal_for_portal(row.secret, PURPOSE).decode())
    digits = code.replace(" ", "")
    step = int(utc_now().timestamp()) // totp.interval
    for candidate in (step - 1, step, step + 1):
        right = secrets.compare_digest(totp.generate_otp(candidate).encode(), digits.encode())
        if right and candidate > row.last_step:
            row.last_step = candidate
            return True
    return False


def _hash(user_id: int, code: str) -> str:
    """Not keyed: 80 random bits can't be guessed, and the codes outlive a new master key."""
    return sha256(f"{user_id}:{code}".encode()).hexdigest()


def reset(user_id: int) -> None:
    """Take the second step away (phone and codes are lost); the person enrols again."""
    with transaction() as session:
        session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
        session.execute(delete(SecondFactor).where(SecondFactor.user_id == user_id))


class NotAMemberError(Exception):
    """The person does not work for the acting organisation."""


def reset_for_member(user_id: int) -> None:
    """An administrator takes the second step of a member away and ends their sessions; it stands in the trail.

    Raises NotAMemberError.
    """
    with transaction() as session:
        membership_id = session.scalar(
            select(Membership.id).where(
                Membership.tenant_id == tenancy.current_tenant_id(), Membership.user_id == user_id
            )
        )
        if membership_id is None:
            raise NotAMemberError
        reset(user_id)
        end_other_sessions(user_id)
        record_read("membership", membership_id, None, "second step taken away", act="update")


def codes_left(user_id: int) -> int:
    """How many recovery codes are left."""
    return len(db.session.scalars(select(RecoveryCode.id).where(RecoveryCode.user_id == user_id)).all())
