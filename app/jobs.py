"""Work in the background: enqueued in the caller's transaction, run by `woonvast worker`.

A job acts for the tenant and the person that enqueued it; its arguments are identifiers, never personal data.
"""

import functools
import uuid
from collections.abc import Callable
from typing import Any, cast

import procrastinate
from flask import Flask
from procrastinate.tasks import Task

from app import tenancy
from app.database import db, transaction

# Task names and arguments only; the connection comes from whoever enqueues, the worker brings its own.
queue = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())
_flask: list[Flask] = []


def init_app(app: Flask) -> None:
    """Let jobs run within `app`."""
    _flask[:] = [app]


def job(name: str, **options: Any) -> Callable[[Callable[..., None]], Task[Any, Any, Any]]:
    """Register a function as a job `name`; it runs in an app context, as the tenant that enqueued it."""

    def register(function: Callable[..., None]) -> Task[Any, Any, Any]:
        @functools.wraps(function)
        def run(
            tenant_id: str | None = None,
            user_id: int | None = None,
            network_id: str | None = None,
            **arguments: Any,
        ) -> None:
            context = tenancy.Context(_uuid(tenant_id), user_id, _uuid(network_id))
            with _flask[0].app_context(), tenancy.acting(context):
                try:
                    function(**arguments)
                finally:
                    db.session.remove()

        add: Callable[..., Any] = queue.task(name=name, **options)
        return cast(Task[Any, Any, Any], add(run))

    return register


def _uuid(text: str | None) -> uuid.UUID | None:
    return uuid.UUID(text) if text else None


def enqueue(task: Task[Any, Any, Any], **arguments: Any) -> int:
    """Enqueue `task` in the current transaction: after a rollback there is no job. Returns the job's id."""
    context = tenancy.current()
    with transaction() as session:
        connection = session.connection().connection.driver_connection
        deferrer = task.configure(connection=connection)
        return deferrer.defer(
            tenant_id=str(context.tenant_id) if context.tenant_id else None,
            user_id=context.user_id,
            network_id=str(context.network_id) if context.network_id else None,
            **arguments,
        )


def run_worker(app: Flask, database_url: str, *, wait: bool = True) -> None:
    """Run jobs until stopped (`wait=False`: until the queue is empty)."""
    init_app(app)
    connector = procrastinate.PsycopgConnector(conninfo=database_url)
    with queue.replace_connector(connector) as running:
        running.run_worker(wait=wait, concurrency=1, install_signal_handlers=wait, listen_notify=wait)


def schema() -> str:
    """The queue's own tables, as SQL (for the migration)."""
    from procrastinate.schema import SchemaManager

    return str(SchemaManager.get_schema())
