"""facts rebuild: the figures' ground, computed again from the cases."""

import click

from app.cli import answer, json_option, portal


def register(cli: click.Group) -> None:
    cli.add_command(facts)


@click.group()
def facts() -> None:
    """The minimal facts that organisations publish about their cases."""


@facts.command()
@click.option("--tenant", "slug", metavar="SLUG", help="Only this organisation.")
@click.option("--check", is_flag=True, help="Only compare; write nothing, exit 1 on a difference.")
@json_option
def rebuild(slug: str | None, check: bool, as_json: bool) -> None:
    """Compute all facts again from the cases. A difference is a fault, and is put right."""
    with portal():
        from sqlalchemy import select

        from app.database import db
        from app.security.models import Tenant
        from tenants.cases.facts import rebuild as rebuild_facts
        from tenants.organisations.service import tenant_by_slug

        wanted = [tenant_by_slug(slug)] if slug else list(db.session.scalars(select(Tenant).order_by(Tenant.slug)))
        db.session.commit()
        rows = []
        for tenant in wanted:
            number, wrong = rebuild_facts(tenant.id, write=not check)
            rows.append({"tenant": tenant.slug, "facts": number, "differences": len(wrong)})
    differences = sum(int(str(row["differences"])) for row in rows)
    what = "differ" if check else "differed and are put right"
    text = "\n".join(f"{r['tenant']}: {r['facts']} facts, {r['differences']} {what}" for r in rows)
    answer({"differences": differences, "tenants": rows}, text, as_json=as_json)
    if check and differences:
        click.get_current_context().exit(1)
