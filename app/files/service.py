"""Keeping and giving back uploads. A file is written before its row commits and never overwritten.

So a backup that copies the database first and the files after it holds every file that its rows name.
"""

import hashlib
import os
import uuid
from pathlib import Path

from flask import current_app

from app import crypto, tenancy
from app.config import Settings
from app.database import db, transaction
from app.files.models import StoredFile
from app.files.rules import FileType, check_size, safe_name, sniff
from app.identifiers import uuid7


class FileGoneError(Exception):
    """The stored bytes are missing or damaged."""


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def path_of(tenant_id: uuid.UUID, file_id: uuid.UUID) -> Path:
    """Where the sealed bytes lie: a folder per tenant, so that a tenant that leaves takes its own along."""
    return _settings().files_dir / str(tenant_id) / f"{file_id}.sealed"


def store(name: str, content: bytes, case_id: uuid.UUID | None = None, known: FileType | None = None) -> StoredFile:
    """Keep `content` for the acting tenant; its type is sniffed unless `known` (a document we made).

    Raises UnacceptableFileError. The row joins the caller's transaction.
    """
    check_size(len(content), _settings().max_upload_bytes)
    file_type = known or sniff(content)
    context = tenancy.current()
    tenant_id = tenancy.current_tenant_id()
    with transaction() as session:
        row = StoredFile(
            id=uuid7(),
            tenant_id=tenant_id,
            name=safe_name(name),
            media_type=file_type.media_type,
            size=len(content),
            sha256=hashlib.sha256(content).digest(),
            case_id=case_id,
            made_by=context.user_id,
        )
        session.add(row)
        session.flush()
        _write(path_of(tenant_id, row.id), crypto.seal(content))
    return row


def _write(path: Path, sealed: bytes) -> None:
    """Write durably: after a power cut the file is whole or not there."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_suffix(".part")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(sealed)
        out.flush()
        os.fsync(out.fileno())
    temporary.replace(path)


def read(file_id: uuid.UUID) -> tuple[StoredFile, bytes] | None:
    """The row and the plain bytes, or None when the acting person may not see such a file (or there is none).

    Raises FileGoneError when the bytes are missing or differ from what was stored.
    """
    row = db.session.get(StoredFile, file_id)
    if row is None:
        return None
    try:
        content = crypto.unseal(path_of(row.tenant_id, row.id).read_bytes())
    except (FileNotFoundError, crypto.UnreadableError) as error:
        raise FileGoneError(str(file_id)) from error
    if hashlib.sha256(content).digest() != row.sha256:
        raise FileGoneError(str(file_id))
    return row, content
