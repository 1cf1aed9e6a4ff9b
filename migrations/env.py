"""Alembic runs on a connection that the portal hands over (see app.database.migrate)."""

from alembic import context
from flask_appbuilder import Model

from app.factory import load_rooms

load_rooms("models")

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Model.metadata,
    transactional_ddl=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
