"""The bare SQL behind a page: recorded while the portal makes the page, so that it can't go stale."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from flask import Flask, before_render_template
from flask.testing import FlaskClient
from jinja2 import Template
from sqlalchemy import event

from app import tenancy
from app.database import db
from app.identifiers import uuid7


@dataclass(frozen=True)
class Statement:
    sql: str
    parameters: Any
    many: bool


def record(app: Flask, cookies: dict[str, str], path: str) -> list[Statement]:
    """The statements, as the driver gets them, of the page at `path` for the person with these cookies."""
    client = _client(app, cookies)
    _get(client, path)  # what is asked once per process is not the page's
    with _heard(app) as found:
        _get(client, path)
    return found


@contextmanager
def apart(app: Flask, cookies: dict[str, str], path: str) -> Iterator[tuple[list[Statement], Callable[[], object]]]:
    """Of the page at `path`: the statements that come before its template, and rendering that with the same values.

    What the template asks itself is part of rendering it (the menu's numbers are known for a minute, so it is little).
    """
    client = _client(app, cookies)
    _get(client, path)
    began: list[tuple[int, Template, dict[str, Any]]] = []

    def begins(_app: Flask, template: Template, context: dict[str, Any], **_: Any) -> None:
        began.append((len(found), template, context))

    with client:  # so that the request stays there to render in
        with _heard(app) as found, before_render_template.connected_to(begins, app):
            _get(client, path)
        before, template, values = began[-1]
        yield found[:before], lambda: template.render(values)


def _client(app: Flask, cookies: dict[str, str]) -> FlaskClient:
    client = app.test_client()
    for name, value in cookies.items():
        client.set_cookie(name, value)
    return client


def _get(client: FlaskClient, path: str) -> None:
    status = client.get(path).status_code
    if status != 200:
        raise RuntimeError(f"{path} answered {status}")


def record_call(app: Flask, context: tenancy.Context, call: Callable[[], object]) -> list[Statement]:
    """The statements of one transaction in which somebody calls `call`."""
    with app.app_context(), tenancy.acting(context):
        call()
        db.session.remove()
        with _heard(app) as found:
            call()
        db.session.remove()
    return found


@contextmanager
def _heard(app: Flask) -> Iterator[list[Statement]]:
    found: list[Statement] = []

    def heard(_connection: Any, _cursor: Any, sql: str, parameters: Any, _context: Any, many: bool) -> None:
        found.append(Statement(sql, parameters, many))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", heard)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", heard)


def replay(connection: psycopg.Connection[Any], statements: list[Statement]) -> None:
    """Run them in one transaction and fetch all rows. It is taken back, so that it can be run again; what waits for
    the commit (the trail's chain) runs before."""
    with connection.cursor() as cursor:
        for each in statements:
            if each.many:
                cursor.executemany(each.sql, each.parameters)
            elif each.sql.startswith("INSERT"):
                cursor.execute(each.sql, {**each.parameters, "id": uuid7()})  # the recorded row is there already
            else:
                cursor.execute(each.sql, each.parameters)
            if cursor.description:
                cursor.fetchall()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    connection.rollback()
