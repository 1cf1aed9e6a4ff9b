"""The schema goes up, down to nothing and up again, and then is what the models say."""

import dataclasses
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_appbuilder import Model
from sqlalchemy import text

from app import database, tenancy
from app.config import Settings
from app.factory import load_rooms
from app.operation import schema

# What a database holds that no migration made.
LEFT = """
SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'S')
  AND c.relname <> 'alembic_version'
UNION ALL SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
UNION ALL SELECT t.typname FROM pg_type t WHERE t.typnamespace = 'public'::regnamespace AND t.typtype = 'e'
"""


@pytest.fixture(scope="module")
def own(postgres: Any, settings: Settings) -> Settings:
    portal, owner = database.embedded_urls(postgres, "woonvast_migrations")
    return dataclasses.replace(settings, database_url=portal, owner_database_url=owner)


def connect_as_owner(own: Settings) -> Any:
    connection = database.owner_engine(own).connect()
    connection.execute(text(f"SET ROLE {tenancy.OWNER}"))
    return connection


def test_up_down_and_up_again(own):
    database.upgrade(own)
    with connect_as_owner(own) as connection:
        database.migrate(connection, "base")
        assert connection.scalars(text(LEFT)).all() == []
        connection.commit()
    database.upgrade(own)
    with connect_as_owner(own) as connection:
        assert "case_file" in connection.scalars(text(LEFT)).all()


def test_the_migrations_make_what_the_models_say(own):
    database.upgrade(own)
    load_rooms("models")

    def ours(_thing: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
        return not (kind == "table" and (name or "").startswith("procrastinate_"))

    with connect_as_owner(own) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": ours})
        assert compare_metadata(context, Model.metadata) == []


def test_upgrading_what_is_up_to_date_changes_nothing(own):
    database.upgrade(own)
    with connect_as_owner(own) as connection:
        before = connection.scalars(text(LEFT)).all()
    database.upgrade(own)
    with connect_as_owner(own) as connection:
        assert connection.scalars(text(LEFT)).all() == before


def test_a_database_of_an_earlier_version_is_told_apart(own):
    """Of the same revision, as all demos are until there is a release."""
    database.upgrade(own)
    assert schema.lacking(own) == []
    with connect_as_owner(own) as connection:
        connection.execute(text("ALTER TABLE import_mapping RENAME TO import_mapping_once"))
        connection.execute(text("ALTER TABLE note RENAME COLUMN body TO words"))
        connection.commit()
    missing = schema.lacking(own)
    assert "note.body" in missing
    assert {name.split(".")[0] for name in missing} == {"import_mapping", "note"}
