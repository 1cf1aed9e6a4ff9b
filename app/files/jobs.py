"""The nightly sweep: stored bytes that no row names any more."""

import time

from flask import current_app
from sqlalchemy import select

from app import tenancy
from app.database import db
from app.files.models import StoredFile
from app.jobs import job, queue
from app.security.models import Tenant

# A backup copies the database first and the files after it; two days is longer than any backup takes.
KEEP_SECONDS = 2 * 24 * 3600


@queue.periodic(cron="47 3 * * *")
@job("files.sweep")
def sweep(timestamp: int) -> None:
    """Delete files whose row is gone (an attachment taken away, a write that was rolled back)."""
    for tenant_id in db.session.scalars(select(Tenant.id)).all():
        db.session.rollback()  # the context of the next transaction is another tenant's
        with tenancy.acting(tenancy.Context(tenant_id=tenant_id)):
            known = {str(file_id) for file_id in db.session.scalars(select(StoredFile.id))}
            db.session.rollback()
        folder = current_app.extensions["settings"].files_dir / str(tenant_id)
        for path in folder.glob("*"):
            old = time.time() - path.stat().st_mtime > KEEP_SECONDS
            if old and path.stem not in known:
                path.unlink(missing_ok=True)
