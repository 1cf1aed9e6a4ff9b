"""audit verify: does the trail tell what it told when it was written?"""

import click

from app.cli import answer, json_option, portal


def register(cli: click.Group) -> None:
    cli.add_command(audit)


@click.group()
def audit() -> None:
    """The trail of changes and openings."""


@audit.command()
@click.option("--tenant", "slug", metavar="SLUG", help="Only this organisation.")
@json_option
def verify(slug: str | None, as_json: bool) -> None:
    """Walk every organisation's chain; exit code 1 when an event was changed, added or removed."""
    with portal(slug):
        from sqlalchemy import select

        from app import tenancy
        from app.audit.service import verify as verify_chain
        from app.database import db
        from app.security.models import Tenant

        only = tenancy.current().tenant_id
        query = select(Tenant.id, Tenant.slug).order_by(Tenant.slug)
        tenants = list(db.session.execute(query if only is None else query.where(Tenant.id == only)))
        db.session.commit()
        verdicts = [(slug, verify_chain(tenant_id)) for tenant_id, slug in tenants]
    rows = [{"tenant": slug, "events": v.events, "fault": v.fault} for slug, v in verdicts]
    faults = [row for row in rows if row["fault"]]
    lines = [f"{r['tenant']}: {r['fault'] or 'whole'} ({r['events']} events)" for r in rows]
    answer({"ok": not faults, "tenants": rows}, "\n".join(lines), as_json=as_json)
    if faults:
        click.get_current_context().exit(1)
