"""The work on an import that takes longer than a page may."""

import uuid

from app.jobs import job


@job("imports.read_register")
def read_register(batch_id: str) -> None:
    """Read a file and stage its rows."""
    from tenants.imports import staging

    staging.stage(uuid.UUID(batch_id))


@job("imports.import_petitions")
def import_petitions(batch_id: str) -> None:
    """Turn the rows of a large import into cases."""
    from app import planner
    from tenants.imports import confirming

    confirming.run(uuid.UUID(batch_id))
    planner.count_again()
