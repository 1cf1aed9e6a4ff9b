"""The foundation: every table of the models, their policies and triggers, and the queue's own tables.

While the portal has no release yet, this revision makes what the models say.
"""

from alembic import op
from flask_appbuilder import Model

from app import guests, jobs, planner
from app.audit.models import FUNCTIONS

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    for function in [*guests.FUNCTIONS, *planner.FUNCTIONS, *FUNCTIONS]:
        connection.exec_driver_sql(function)
    Model.metadata.create_all(connection)
    connection.connection.driver_connection.execute(jobs.schema())


def downgrade() -> None:
    connection = op.get_bind()
    connection.exec_driver_sql("DROP FUNCTION audit_text(audit_event)")
    Model.metadata.drop_all(connection)
    connection.connection.driver_connection.execute(_DROP_THE_REST)


# The functions of the trail and of guests, and the queue's own objects, whatever they are in this version of it.
_DROP_THE_REST = """
DO $$ DECLARE thing record; BEGIN
  FOR thing IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    AND starts_with(relname, 'procrastinate_') LOOP EXECUTE format('DROP TABLE %I CASCADE', thing.relname); END LOOP;
  FOR thing IN SELECT oid::regprocedure AS name FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    AND (starts_with(proname, 'procrastinate_') OR starts_with(proname, 'audit_') OR starts_with(proname, 'guest_')
      OR proname = 'count_changed_tables')
    LOOP EXECUTE format('DROP FUNCTION %s CASCADE', thing.name); END LOOP;
  FOR thing IN SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace
    AND starts_with(typname, 'procrastinate_')
    LOOP EXECUTE format('DROP TYPE IF EXISTS %I CASCADE', thing.typname); END LOOP;
END $$"""
