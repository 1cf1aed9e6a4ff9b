"""The foundation: every table of the models, their policies and triggers, and the queue's own tables.

While the portal has no release yet, this revision makes what the models say.
"""

from alembic import op
from flask_appbuilder import Model

from app import jobs
from app.audit.models import FUNCTIONS

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    for function in FUNCTIONS:
        connection.exec_driver_sql(function)
    Model.metadata.create_all(connection)
    connection.connection.driver_connection.execute(jobs.schema())


def downgrade() -> None:
    Model.metadata.drop_all(op.get_bind())
