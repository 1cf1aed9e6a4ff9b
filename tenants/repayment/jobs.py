"""Every morning: which repayment plans are at risk."""

import uuid

from flask_babel import force_locale
from sqlalchemy import select

from app import tenancy
from app.database import db
from app.jobs import job, queue
from app.security.models import Tenant
from tenants.repayment import service


@queue.periodic(cron="30 3 * * *")  # UTC: before the daily mail counts the tasks
@job("repayment.watch")
def watch(timestamp: int) -> None:
    """Make tasks of what stayed out, organisation by organisation."""
    for tenant_id, network_id in db.session.execute(select(Tenant.id, Tenant.network_id)).all():
        watch_of(tenant_id, network_id)


def watch_of(tenant_id: uuid.UUID, network_id: uuid.UUID) -> None:
    """The plans of one organisation."""
    db.session.rollback()  # the context of the next transaction is another tenant's
    with tenancy.acting(tenancy.Context(tenant_id=tenant_id, network_id=network_id)), force_locale("nl"):
        service.watch()
