"""Whether the database is what this version of the program needs."""

from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from app import tenancy
from app.cli import Failure
from app.config import Settings

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def newest() -> str:
    """The revision that the code needs."""
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config).get_current_head() or ""


def present(settings: Settings) -> str | None:
    """The revision that the database has; None when it is empty. Raises psycopg.OperationalError."""
    # Asked as the owner: the portal's login may not exist yet in a new database.
    with psycopg.connect(_plain_url(settings), connect_timeout=10) as connection:
        if connection.execute("SELECT to_regclass('public.alembic_version')").fetchone() == (None,):
            return None
        connection.execute(f"SET LOCAL ROLE {tenancy.APP}")  # the login itself may be allowed nothing
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row else None


def lacking(settings: Settings) -> list[str]:
    """What the models have and the database lacks, such as 'case_file.stage' or all columns of a new table, in order.

    Until there is a release the first revision is changed itself: a demo's database may be of it and yet be older.
    """
    from flask_appbuilder.models.sqla import Model

    with psycopg.connect(_plain_url(settings), connect_timeout=10) as connection:
        found = connection.execute(
            "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped"
        ).fetchall()
    known = {f"{table}.{column}" for table, column in found}
    wanted = {f"{table.name}.{column.name}" for table in Model.metadata.tables.values() for column in table.columns}
    return sorted(wanted - known)


def let_portal_sign_in(settings: Settings, password: str) -> None:
    """Give the portal's own role a password, and UTC as its time zone whatever stands between it and the server."""
    role = sql.Identifier(tenancy.APP)
    with psycopg.connect(_plain_url(settings), connect_timeout=10) as connection:
        # Encrypted here, so that no log of the server holds the password.
        sealed = connection.pgconn.encrypt_password(password.encode(), tenancy.APP.encode(), b"scram-sha-256")
        connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(role, sql.Literal(sealed.decode())))
        connection.execute(sql.SQL("ALTER ROLE {} SET timezone TO 'UTC'").format(role))


def _plain_url(settings: Settings) -> str:
    """The owner's URL as psycopg wants it."""
    return make_url(settings.owner_database_url).set(drivername="postgresql").render_as_string(hide_password=False)


def require_current(settings: Settings) -> None:
    """Raise Failure when the database is unreachable, empty, or of another version."""
    try:
        found = present(settings)
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise Failure(f"The database does not answer: {reason}. Try: woonvast doctor") from error
    if found is None:
        advice = "make demo" if settings.demo else "woonvast upgrade (or serve with WOONVAST_UPGRADE=1)"
        raise Failure(f"The database is empty. Fill it first: {advice}")
    if found != newest():
        raise Failure(
            f"The database is at revision {found}, this version needs {newest()}. Bring it up to date: woonvast upgrade"
        )
