"""Copies of long files are printed in the background."""

import uuid

from app.jobs import job


@job("file_copy.make")
def make_copy(copy_id: str) -> None:
    """Print a copy of a file and keep it."""
    from tenants.file_copy import service

    service.run(uuid.UUID(copy_id))
