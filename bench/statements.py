"""The bare SQL behind a page: recorded while the portal makes the page, so that it can't go stale."""

from dataclasses import dataclass
from typing import Any

import psycopg
from flask import Flask
from sqlalchemy import event

from app.database import db
from app.identifiers import uuid7


@dataclass(frozen=True)
class Statement:
    sql: str
    parameters: Any
    many: bool


def record(app: Flask, cookies: dict[str, str], path: str) -> list[Statement]:
    """The statements, as the driver gets them, of the page at `path` for the person with these cookies."""
    found: list[Statement] = []

    def heard(_connection: Any, _cursor: Any, sql: str, parameters: Any, _context: Any, many: bool) -> None:
        found.append(Statement(sql, parameters, many))

    with app.app_context():
        engine = db.engine
    client = app.test_client()
    for name, value in cookies.items():
        client.set_cookie(name, value)
    client.get(path)  # what is asked once per process is not the page's
    event.listen(engine, "before_cursor_execute", heard)
    try:
        answer = client.get(path)
    finally:
        event.remove(engine, "before_cursor_execute", heard)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return found


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
