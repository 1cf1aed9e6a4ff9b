"""Secrets in fields: a key per tenant, wrapped by the master key; columns that are encrypted by their type.

AES-256-GCM. A stored value is: 1 byte version, 16 bytes id of the tenant's key, 12 bytes nonce, then the sealed
text; the tenant's id is bound to it, so that a value moved to another tenant does not open. Exact search goes
by a keyed hash (`blind_index`). Deleting a tenant's keys makes all its secrets unreadable (crypto-shredding).
"""

import hashlib
import hmac
import json
import os
import uuid
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask_appbuilder.models.sqla import Model
from sqlalchemy import DateTime, Dialect, LargeBinary, select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from app import tenancy
from app.config import Settings
from app.database import db
from app.guests import shared
from app.security.models import utc_now
from app.tenancy import TenantOwned

_VERSION = b"\x01"
_HEADER = 1 + 16 + 12


class UnreadableError(Exception):
    """A sealed value does not open: another key, another tenant, or it was tampered with."""


class TenantKey(TenantOwned, Model):
    """A tenant's data key, wrapped by the master key. The newest one seals; older ones still open."""

    __tablename__ = "tenant_key"
    wrapped: Mapped[bytes]
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    __table_args__ = shared("guidance", by=None)  # what is shared must open for who may see it


def _seal(key: bytes, plain: bytes, bound_to: bytes) -> bytes:
    nonce = os.urandom(12)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to)


def _open(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:12], sealed[12:], bound_to)
    except InvalidTag as error:
        raise UnreadableError from error


class Keyring:
    """The tenants' keys, unwrapped when first needed and kept in this process's memory."""

    def __init__(self) -> None:
        self._masters: tuple[bytes, ...] = ()
        self._keys: dict[uuid.UUID, tuple[uuid.UUID, bytes]] = {}  # key id -> (tenant id, key)
        self._newest: dict[uuid.UUID, uuid.UUID] = {}  # tenant id -> key id

    def configure(self, settings: Settings) -> None:
        self._masters = (settings.master_key, *settings.previous_master_keys)
        self._keys.clear()
        self._newest.clear()

    def make(self, tenant_id: uuid.UUID) -> TenantKey:
        """A new key for `tenant_id`, to be added to the session by whoever makes the tenant."""
        key = AESGCM.generate_key(bit_length=256)
        return TenantKey(tenant_id=tenant_id, wrapped=_seal(self._masters[0], key, tenant_id.bytes))

    def newest(self, tenant_id: uuid.UUID) -> tuple[uuid.UUID, bytes]:
        """(id, key) that seals for `tenant_id`."""
        if tenant_id not in self._newest:
            query = select(TenantKey).where(TenantKey.tenant_id == tenant_id).order_by(TenantKey.id.desc()).limit(1)
            with db.session.no_autoflush:
                row = db.session.scalar(query)
            if row is None:
                raise UnreadableError("the organisation has no key")
            self._remember(row)
            self._newest[tenant_id] = row.id
        key_id = self._newest[tenant_id]
        return key_id, self._keys[key_id][1]

    def by_id(self, key_id: uuid.UUID) -> tuple[uuid.UUID, bytes]:
        """(tenant id, key) of the key `key_id`; only a row that policy lets through could name it."""
        if key_id not in self._keys:
            with db.session.no_autoflush:
                row = db.session.scalar(select(TenantKey).where(TenantKey.id == key_id))
            if row is None:
                raise UnreadableError("its key is gone")
            self._remember(row)
        return self._keys[key_id]

    def _remember(self, row: TenantKey) -> None:
        for master in self._masters:
            try:
                key = _open(master, row.wrapped, row.tenant_id.bytes)
            except UnreadableError:
                continue
            self._keys[row.id] = (row.tenant_id, key)
            return
        raise UnreadableError("no master key opens the organisation's key")

    def rewrap(self, row: TenantKey) -> None:
        """Wrap the key of `row` with the newest master key (after a rotation)."""
        self._remember(row)
        row.wrapped = _seal(self._masters[0], self._keys[row.id][1], row.tenant_id.bytes)

    def portal_key(self, purpose: str) -> bytes:
        """32 bytes for a purpose of the portal itself, such as a person's second factor."""
        return self.portal_keys(purpose)[0]

    def portal_keys(self, purpose: str) -> list[bytes]:
        """The key of `purpose` from each master key, the newest first: what an older one sealed still opens."""
        return [HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(master) for master in self._masters]


keyring = Keyring()


def seal(plain: bytes, tenant_id: uuid.UUID | None = None) -> bytes:
    """`plain` sealed with the acting tenant's newest key."""
    tenant_id = tenant_id or tenancy.current_tenant_id()
    key_id, key = keyring.newest(tenant_id)
    return _VERSION + key_id.bytes + _seal(key, plain, tenant_id.bytes)


def unseal(sealed: bytes) -> bytes:
    """What `seal` sealed; raises UnreadableError."""
    if sealed[:1] != _VERSION or len(sealed) < _HEADER:
        raise UnreadableError("not a sealed value")
    tenant_id, key = keyring.by_id(uuid.UUID(bytes=sealed[1:17]))
    return _open(key, sealed[17:], tenant_id.bytes)


def blind_index(value: str, purpose: str) -> bytes:
    """A keyed hash of `value` (32 bytes) for exact search; of no use outside this tenant and `purpose`.

    It hangs on the tenant's first key, which never changes, so that a rotation keeps the search working.
    """
    tenant_id = tenancy.current_tenant_id()
    return hmac.new(_index_key(tenant_id), f"{purpose}:{value}".encode(), hashlib.sha256).digest()


_index_keys: dict[uuid.UUID, bytes] = {}


def _index_key(tenant_id: uuid.UUID) -> bytes:
    if tenant_id not in _index_keys:
        first = select(TenantKey.id).where(TenantKey.tenant_id == tenant_id).order_by(TenantKey.id).limit(1)
        with db.session.no_autoflush:
            key_id = db.session.scalar(first)
        if key_id is None:
            raise UnreadableError("the organisation has no key")
        _, key = keyring.by_id(key_id)
        _index_keys[tenant_id] = HKDF(SHA256(), 32, salt=None, info=b"blind index").derive(key)
    return _index_keys[tenant_id]


def seal_for_portal(plain: bytes, purpose: str) -> bytes:
    return _seal(keyring.portal_key(purpose), plain, purpose.encode())


def unseal_for_portal(sealed: bytes, purpose: str) -> bytes:
    """What `seal_for_portal` sealed, with this master key or one before; raises UnreadableError."""
    for key in keyring.portal_keys(purpose):
        try:
            return _open(key, sealed, purpose.encode())
        except UnreadableError:
            continue
    raise UnreadableError("no master key opens it")


def keyed_hash(value: str, purpose: str) -> str:
    """A keyed hash (64 hex digits) of what the portal must recognise but not read, such as an IP address."""
    return hmac.new(keyring.portal_key(purpose), value.encode(), hashlib.sha256).hexdigest()


class Sealed(TypeDecorator[str]):
    """A text column that is encrypted in the database (bytea)."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else seal(value.encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else unseal(value).decode()


class SealedJson(TypeDecorator[Any]):
    """A JSON column that is encrypted in the database (bytea)."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        return None if value is None else seal(json.dumps(value, ensure_ascii=False).encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(unseal(value))
