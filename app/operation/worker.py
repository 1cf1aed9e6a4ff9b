"""Running background jobs for as long as the portal does, whatever happens to the database meanwhile."""

import threading
import time

import psycopg
import structlog
from flask import Flask
from procrastinate.exceptions import ConnectorException
from procrastinate.job_context import JobContext
from procrastinate.jobs import Status

from app import jobs
from app.config import Settings

RETRY_SECONDS = 2  # a restarted PostgreSQL is back within a second or two
MAX_ATTEMPTS = 3  # a job that was killed three times is likely what kills the worker

log = structlog.get_logger()


@jobs.queue.periodic(cron="* * * * *")
@jobs.queue.task(name="operation.resume", queueing_lock="operation.resume", pass_context=True)
async def resume(context: JobContext, timestamp: int) -> None:
    """Put jobs back in the queue whose worker was killed, so that nobody waits for ever."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        if job.attempts < MAX_ATTEMPTS:
            await manager.retry_job(job)
        else:
            await manager.finish_job(job, Status.FAILED, delete_job=False)
        log.warning("stalled job", job=job.id, task=job.task_name, attempts=job.attempts)


def work(app: Flask, settings: Settings, *, wait: bool = True) -> None:
    """Run jobs until SIGTERM or ctrl-C (`wait=False`: until the queue is empty); outlives a database restart."""
    in_main_thread = threading.current_thread() is threading.main_thread()
    while True:
        try:
            jobs.run_worker(app, settings.database_url, wait=wait)
            return
        except (psycopg.OperationalError, ConnectorException) as error:
            if not wait or not in_main_thread:
                raise
            log.warning("database away", error=type(error).__name__)
            time.sleep(RETRY_SECONDS)
