"""The servers that are measured, each gunicorn with one process and the portal's own settings."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UP_SECONDS = 90


@contextmanager
def portal(environment: dict[str, str], log: Path) -> Iterator[int]:
    """The portal on a port; it ends with the block."""
    port = _free_port()
    command = ["-m", "app.cli", "serve", "--workers", "1", "--no-jobs", "--port", str(port)]
    with _running(command, environment, log, port, "/healthz"):
        yield port


@contextmanager
def django_admin(environment: dict[str, str], log: Path) -> Iterator[int]:
    """Django's admin on a port, its own tables made before."""
    command = ["-m", "bench.django_site"]
    subprocess.run([sys.executable, *command, "prepare"], env=_env(environment), cwd=ROOT, check=True)
    port = _free_port()
    with _running([*command, "serve", str(port)], environment, log, port, "/admin/login/"):
        yield port


@contextmanager
def _running(command: list[str], environment: dict[str, str], log: Path, port: int, path: str) -> Iterator[None]:
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, *command], env=_env(environment), cwd=ROOT, stdout=out, stderr=out, start_new_session=True
        )
        try:
            _await(process, port, path, log)
            yield
        finally:
            os.killpg(process.pid, signal.SIGKILL)  # nothing of it is kept, and its end is not measured
            process.wait()


def _await(process: subprocess.Popen[bytes], port: int, path: str, log: Path) -> None:
    deadline = time.monotonic() + UP_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return
        time.sleep(0.2)
    raise RuntimeError(f"a server did not start; {log} says why:\n{log.read_text()[-2000:]}")


def _env(added: dict[str, str]) -> dict[str, str]:
    others = {name: value for name, value in os.environ.items() if not name.startswith("WOONVAST_")}
    return {**others, **added}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
