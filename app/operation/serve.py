"""Serving: gunicorn within this process, with a process for background jobs beside it.

The application is loaded once and forked, so that it starts fast and shares its memory. The access log knows no
query string, no address and no secret of a link.
"""

import gc
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from app.cli import Failure
from app.database import db

# A page waits for the database, not for the processor: four requests at a time keep a process busy.
THREADS = 4
REQUEST_SECONDS = 120  # an upload of 25 MiB over a slow line, with room
GRACE_SECONDS = 10  # requests under way end within it; make sends no second signal before
_UUID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
SECRET_LENGTH = 20  # one-time links and calendar addresses carry 32 characters or more, words of a path fewer


def discreet(path: str) -> str:
    """`path` as it may be logged: whatever could be the secret of a link is left out."""
    if path.startswith("/static/"):
        return path
    return "/".join("…" if _may_be_secret(part) else part for part in path.split("/"))


def _may_be_secret(part: str) -> bool:
    """Long, no identifier, and with signs that a word of an address never has."""
    return len(part) >= SECRET_LENGTH and not _UUID.match(part) and re.search("[A-Z0-9_]", part) is not None


class DiscreetLogger(Logger):
    """Gunicorn's log without personal data."""

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        atoms: dict[str, Any] = super().atoms(  # type: ignore[no-untyped-call]
            resp, req, environ, request_time
        )
        atoms["U"] = discreet(str(atoms["U"]))
        return atoms


class Server(BaseApplication):
    """Gunicorn with our settings; `ready` runs once when it listens."""

    def __init__(self, app: Flask, *, host: str, port: int, workers: int, jobs: bool, ready: Callable[[], None]):
        self.app = app
        self.background = Background() if jobs else None
        self.ready = ready
        self.options = {
            "bind": f"{host}:{port}",
            "workers": workers,
            "threads": THREADS,
            "worker_class": "gthread",
            "preload_app": True,
            "timeout": REQUEST_SECONDS,
            "graceful_timeout": GRACE_SECONDS,
            "accesslog": "-",
            "access_log_format": "%(t)s %(m)s %(U)s %(s)s %(B)s bytes %(M)s ms",
            "logger_class": DiscreetLogger,
            "loglevel": "warning",
            "forwarded_allow_ips": "",  # only ProxyFix reads forwarded headers, and only those of trusted proxies
            "control_socket_disable": True,
            "post_fork": lambda _server, _worker: own_connections(app),
            "when_ready": lambda _server: self.started(),
            "on_exit": lambda _server: self.stopped(),
        }
        super().__init__()  # type: ignore[no-untyped-call]

    def serve(self) -> None:
        """Serve until SIGTERM or ctrl-C; ends the process."""
        self.run()  # type: ignore[no-untyped-call]

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)  # type: ignore[union-attr] # gunicorn made it just before

    def load(self) -> Flask:
        gc.freeze()  # what is loaded stays: no process looks through it again, and all go on sharing it
        return self.app

    def started(self) -> None:
        if self.background:
            self.background.start()
        self.ready()

    def stopped(self) -> None:
        if self.background:
            self.background.stop()


def own_connections(app: Flask) -> None:
    """A forked process leaves its parent's database connections alone and makes its own."""
    with app.app_context():
        db.engine.dispose(close=False)


class Background:
    """The process that runs jobs: started with the server, started again when it dies, ended with it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._ending = threading.Event()

    def start(self) -> None:
        threading.Thread(target=self._watch, name="background jobs", daemon=True).start()

    def _watch(self) -> None:
        while not self._ending.is_set():
            self._process = subprocess.Popen([sys.executable, "-m", "app.cli", "worker", "--with-parent"])
            self._process.wait()
            self._ending.wait(2)  # a worker that can't start is not tried in a tight loop

    def stop(self) -> None:
        self._ending.set()
        process = self._process
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


def end_with_parent() -> None:
    """End this process when the one that started it is gone, however that ended."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        signal.raise_signal(signal.SIGTERM)

    threading.Thread(target=watch, name="parent", daemon=True).start()


def end_on_sigterm() -> None:
    """Until gunicorn takes over, SIGTERM ends the process as ctrl-C does: with all its clean-up."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))


def require_free_port(host: str, port: int) -> None:
    """Raise Failure when something listens on the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Failure(
                f"Port {port} can't be used ({error.strerror}). Give another one, such as PORT={port + 10}."
            ) from error
