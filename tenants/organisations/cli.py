"""tenant create, user create: the first organisation and the first person, before anybody can sign in."""

import sys

import click

from app.cli import answer, json_option, portal

# The names of `app.security.roles.Role`, written out so that help and completion need not load the portal.
TENANT_ROLES = ("social_worker", "team_lead", "tenant_admin", "dpo", "network_member")
NETWORK_ROLES = ("network_member", "playbook_editor", "regional_coordinator", "guest")
PLATFORM_ROLE = "platform_admin"


def register(cli: click.Group) -> None:
    cli.add_command(tenant)
    cli.add_command(user)


@click.group()
def tenant() -> None:
    """Organisations: OCMWs and CAWs."""


@tenant.command("create")
@click.argument("slug")
@click.argument("name")
@click.option("--network", required=True, metavar="SLUG", help="The network it belongs to.")
@click.option("--network-name", metavar="NAME", help="Make the network, when there is none yet.")
@click.option("--kind", type=click.Choice(["ocmw", "caw"]), default="ocmw", show_default=True)
@click.option("--nis", metavar="CODE", help="NIS code of the municipality (five digits).")
@click.option("--prefix", metavar="ABC", help="Of its file numbers; default: the slug's first letters.")
@json_option
def tenant_create(
    slug: str,
    name: str,
    network: str,
    network_name: str | None,
    kind: str,
    nis: str | None,
    prefix: str | None,
    as_json: bool,
) -> None:
    """Make an organisation, with a key of its own. SLUG is its municipality in lower case."""
    with portal():
        from sqlalchemy import select

        from app.database import db
        from app.security.models import Network
        from tenants.organisations import service

        known = db.session.scalar(select(Network.id).where(Network.slug == network)) is not None
        db.session.commit()  # what follows acts for the new organisation, in transactions of its own
        if network_name and not known:
            service.create_network(network, network_name)
        made = service.create_tenant(slug, name, network=network, kind=kind, nis=nis, prefix=prefix)
        result = {"id": str(made.id), "slug": made.slug, "name": made.name, "prefix": made.prefix}
        answer(
            result, f"{made.name} is made ({made.slug}); its file numbers start with {made.prefix}.", as_json=as_json
        )


@click.group()
def user() -> None:
    """People who sign in."""


@user.command("create")
@click.argument("username")
@click.option("--first-name", required=True)
@click.option("--last-name", required=True)
@click.option("--email", required=True)
@click.option("--role", "roles", required=True, multiple=True, help="May be given more than once.")
@click.option("--tenant", "slug", metavar="SLUG", help="The organisation in which they have the roles.")
@click.option("--network", metavar="SLUG", help="Or the network.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@json_option
def user_create(
    username: str,
    first_name: str,
    last_name: str,
    email: str,
    roles: tuple[str, ...],
    slug: str | None,
    network: str | None,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Make a person and say where they work.

    Without a password a one-time link is printed with which they choose one. Roles in an organisation:
    social_worker, team_lead, tenant_admin, dpo, network_member. In a network: network_member, playbook_editor,
    regional_coordinator, guest. With neither --tenant nor --network: platform_admin.
    """
    _check_roles(roles, slug, network)
    password = sys.stdin.readline().rstrip("\n") if password_stdin else None
    with portal():
        from flask import current_app
        from sqlalchemy import select

        from app.database import db
        from app.security.models import Network
        from app.security.passwords import make_link_token
        from app.security.roles import Role
        from tenants.organisations import service

        # What could be refused comes first, so that nobody is left without a place.
        home = service.tenant_by_slug(slug) if slug else None
        region = db.session.scalar(select(Network).where(Network.slug == network)) if network else None
        if network and region is None:
            raise service.OrganisationError("There is no network called %(slug)s.", slug=network)
        db.session.commit()
        made = service.create_user(username, password, first_name=first_name, last_name=last_name, email=email)
        if home is not None:
            service.add_member(home, made, [Role(r) for r in roles])
        for role in roles if home is None else ():
            service.add_network_member(region, made, Role(role))
        link = None
        if password is None:
            base = current_app.extensions["settings"].base_url
            link = f"{base}/wachtwoord/nieuw/{make_link_token(made)}/"
        text = f"{first_name} {last_name} can sign in as {username}."
        if link:
            text += f"\nThey choose a password here (once): {link}"
        answer({"username": username, "roles": list(roles), "link": link}, text, as_json=as_json)


def _check_roles(roles: tuple[str, ...], slug: str | None, network: str | None) -> None:
    """Wrong use: roles that don't go with where they are given."""
    if slug and network:
        raise click.UsageError("Give --tenant or --network, not both.")
    allowed = TENANT_ROLES if slug else NETWORK_ROLES if network else (PLATFORM_ROLE,)
    wrong = [role for role in roles if role not in allowed]
    if wrong:
        where = "an organisation" if slug else "a network" if network else "the platform (no --tenant or --network)"
        raise click.UsageError(f"{', '.join(wrong)} is no role of {where}: choose from {', '.join(allowed)}.")
