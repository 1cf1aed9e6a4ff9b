"""Is the set-up sound? Small checks; each says ok, warn or fail in one sentence, and what to do about it."""

import importlib
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import psycopg
from sqlalchemy import make_url

from app import tenancy
from app.config import Settings

LIBRARIES = (
    "flask_appbuilder",
    "sqlalchemy",
    "psycopg",
    "procrastinate",
    "cryptography",
    "python_calamine",
    "pikepdf",
    "typst",
)
PANGO = "apt-get install -y libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
OLDEST_POSTGRESQL = 150000
HEARTBEAT_SECONDS = 60  # a worker writes one every ten seconds
WAITING_MINUTES = 10  # the longest job, a register of 10,000 rows, takes seconds


class State(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    state: State
    what: str
    advice: str | None = None


def ok(what: str) -> Finding:
    return Finding(State.OK, what)


def warn(what: str, advice: str) -> Finding:
    return Finding(State.WARN, what, advice)


def fail(what: str, advice: str) -> Finding:
    return Finding(State.FAIL, what, advice)


def examine(settings: Settings | None, trouble: str | None) -> list[Finding]:
    """All findings. `settings` is None when the environment is unusable, for the reasons in `trouble`."""
    findings = [python(), libraries()]
    if any(f.state is State.FAIL for f in findings):
        return findings  # nothing else can be looked at without them
    findings.append(printing())
    if settings is None:
        return [*findings, fail("The settings are incomplete.", trouble or "")]
    findings += [secrets(settings), storage(settings), mail(settings)]
    try:
        with connect(settings.database_url) as portal, connect(settings.owner_database_url) as owner:
            findings.append(version(portal))
            behind = migrations(settings)
            findings.append(behind)
            if behind.state is State.OK:
                findings += [login(portal), isolation(owner), ownership(owner), *background(portal)]
                findings.append(tenant_keys(settings))
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        advice = "See that PostgreSQL runs and that WOONVAST_DATABASE_URL is right (woonvast upgrade makes its role)."
        findings.append(fail(f"The database does not answer: {reason}", advice))
    return findings


def connect(url: str) -> "psycopg.Connection[tuple[object, ...]]":
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, connect_timeout=10, autocommit=True)


# ---------------------------------------------------------------- this machine


def python() -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    return ok(f"Python {found}")


def libraries() -> Finding:
    missing = []
    for name in LIBRARIES:
        try:
            importlib.import_module(name)
        except ImportError:
            missing.append(name)
    if missing:
        return fail(f"Libraries are missing: {', '.join(missing)}.", "Run: make setup")
    return ok("All libraries are installed")


def printing() -> Finding:
    """Both engines with the packaged font: without Pango there are no letters, without Typst no agreements."""
    from datetime import UTC, datetime
    from uuid import UUID

    try:
        from app.documents.engine import render_pdf
    except OSError as error:
        return fail(f"PDFs can't be made: {str(error).splitlines()[0]}", f"Run as root: {PANGO}")
    from app.documents.typesetting import typeset_pdf

    proof = "<!doctype html><html lang='nl'><head><title>proef</title></head><body><h1>proef</h1></body></html>"
    day = datetime(2026, 1, 1, tzinfo=UTC)
    about: dict[str, Any] = {"title": "proef", "lang": "nl-BE", "identifier": UUID(int=0), "created": day}
    try:
        size = len(render_pdf(proof, **about)) + len(typeset_pdf(proof, style="agreement-1", **about))
    except (OSError, RuntimeError) as error:  # a font or a style is gone; Typst's errors are RuntimeErrors
        return fail(f"PDFs can't be made: {error}", "Put the program's own files back: app/documents is not whole.")
    return ok(f"PDFs can be made ({size // 1024} KiB of proofs, packaged font)")


def secrets(settings: Settings) -> Finding:
    if settings.demo:
        return warn("These are the demo's secrets.", "For real work set the three variables of the README.")
    return ok("The secrets are not the demo's")


def storage(settings: Settings) -> Finding:
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.data_dir):
            pass
    except OSError as error:
        advice = "Give the portal's user a writable folder in WOONVAST_DATA_DIR."
        return fail(f"Files can't be stored in {settings.data_dir} ({error.strerror}).", advice)
    return ok(f"Files are stored in {settings.data_dir}")


def mail(settings: Settings) -> Finding:
    if settings.smtp_url is None:
        return warn(
            f"No mail server is set: mails are left in {settings.outbox_dir}.",
            "Set WOONVAST_SMTP_URL, such as smtp://user:password@mail.example:587",
        )
    return ok("A mail server is set")


# ---------------------------------------------------------------- the database


def version(portal: "psycopg.Connection[tuple[object, ...]]") -> Finding:
    number = portal.info.server_version
    shown = f"{number // 10000}.{number % 10000}"
    if number < OLDEST_POSTGRESQL:
        return fail(f"PostgreSQL {shown} is too old.", "Move to PostgreSQL 15 or newer.")
    return ok(f"PostgreSQL {shown} answers")


def migrations(settings: Settings) -> Finding:
    from app.operation import schema

    found, wanted = schema.present(settings), schema.newest()
    if found != wanted:
        advice = "Run: make demo" if settings.demo and found is None else "Run: woonvast upgrade"
        return fail(f"The database is at {found or 'nothing'}, this version needs {wanted}.", advice)
    return ok(f"The database is up to date ({wanted})")


def login(portal: "psycopg.Connection[tuple[object, ...]]") -> Finding:
    row = portal.execute(
        "SELECT rolsuper OR rolbypassrls, rolname FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    privileged, name = row or (True, "?")
    if privileged:
        return warn(
            f"The portal signs in as {name}, which may pass row-level security. (Each transaction"
            f" steps down to {tenancy.APP}, so rows stay apart.)",
            f"Let WOONVAST_DATABASE_URL name {tenancy.APP}, and WOONVAST_OWNER_DATABASE_URL the privileged login.",
        )
    return ok(f"The portal signs in as {name}, which can't pass row-level security")


_OPEN_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
  AND NOT (c.relrowsecurity AND c.relforcerowsecurity
           AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'tenant'))
"""


def isolation(owner: "psycopg.Connection[tuple[object, ...]]") -> Finding:
    tables = [str(row[0]) for row in owner.execute(_OPEN_TABLES)]
    if tables:
        return fail(f"Without row-level security: {', '.join(tables)}.", "Restore it before anybody works.")
    return ok("Every organisation's table has row-level security")


_STRONG = """
SELECT rolname FROM pg_roles r WHERE rolname IN (%s, %s) AND (
  rolsuper OR rolbypassrls OR EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relowner = r.oid))
"""


def ownership(owner: "psycopg.Connection[tuple[object, ...]]") -> Finding:
    strong = [str(row[0]) for row in owner.execute(_STRONG, (tenancy.APP, tenancy.STATISTICS))]
    if strong:
        advice = f"Take the rights back: ALTER ROLE {strong[0]} NOSUPERUSER NOBYPASSRLS, and let it own no table."
        return fail(f"{', '.join(strong)} can pass row-level security.", advice)
    return ok("The portal's roles own nothing and can't pass row-level security")


def background(portal: "psycopg.Connection[tuple[object, ...]]") -> Iterator[Finding]:
    alive = portal.execute(
        "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s)",
        (HEARTBEAT_SECONDS,),
    ).fetchone()
    if alive and alive[0]:
        yield ok(f"Background jobs are run ({alive[0]} worker)")
    else:
        yield warn("Nobody runs background jobs.", "Run: woonvast worker (make demo and woonvast serve run one too)")
    waiting = portal.execute(
        "SELECT count(*) FROM procrastinate_jobs j WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()"
        " AND (SELECT min(e.at) FROM procrastinate_events e WHERE e.job_id = j.id)"
        " < now() - make_interval(mins => %s)",
        (WAITING_MINUTES,),
    ).fetchone()
    if waiting and waiting[0]:
        yield warn(f"{waiting[0]} jobs wait longer than {WAITING_MINUTES} minutes.", "See the worker's log.")


def tenant_keys(settings: Settings) -> Finding:
    """Every organisation's key must open, or its secrets are lost."""
    from sqlalchemy import select

    from app.crypto import TenantKey, UnreadableError, keyring
    from app.database import db
    from app.factory import create_app
    from app.security.models import Tenant

    shut = []
    with create_app(settings).app_context(), tenancy.acting(tenancy.NOBODY):
        tenants = list(db.session.execute(select(Tenant.id, Tenant.slug)))
        db.session.rollback()
        for tenant in tenants:
            with tenancy.acting(tenancy.Context(tenant_id=tenant.id)):
                try:
                    for key_id in db.session.scalars(select(TenantKey.id)).all():
                        keyring.by_id(key_id)
                except UnreadableError:
                    shut.append(tenant.slug)
                db.session.rollback()
    if shut:
        advice = "Add the key that was used before to WOONVAST_MASTER_KEY, after a comma."
        return fail(f"The master key does not open the keys of {', '.join(shut)}.", advice)
    return ok(f"The master key opens the keys of all {len(tenants)} organisations")
