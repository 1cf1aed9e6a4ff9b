"""Filling an empty database with the demo region; what is there already stays as people left it."""

from dataclasses import replace
from datetime import date, datetime
from functools import cache

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app import tenancy
from app.database import db, transaction
from app.demo import PASSWORD, DemoRegion
from app.factory import load_rooms
from app.security.models import Network, NetworkMembership, Tenant
from app.security.passwords import hash_password
from app.security.roles import NETWORK_ROLES
from tenants.demo import cases
from tenants.demo.region import NETWORKS, ORGANISATIONS, PEOPLE, DemoPerson, Organisation
from tenants.organisations import service as organisations
from tenants.petitions.rules import BRUSSELS

LOADED = "demo_loaded_on"  # in the settings of the first organisation: the demo is complete


def is_loaded() -> bool:
    """Whether the whole demo is there."""
    with transaction() as session:
        return any(LOADED in (found or {}) for found in session.scalars(select(Tenant.settings)))


def load(today: date | None = None, scale: float = 1.0) -> DemoRegion:
    """Make what the demo lacks: organisations and people first, then their cases, then what capabilities add.

    scale: what share of the three years of closed cases to invent (a test needs few).
    Every step may run again, so that a load that was cut off is completed by the next.
    """
    today = today or datetime.now(BRUSSELS).date()
    region = DemoRegion(
        today=today,
        networks={slug: _network(slug, name) for slug, name in NETWORKS.items()},
        tenants={o.slug: _tenant(o) for o in ORGANISATIONS},
        users={p.username: _user(p) for p in PEOPLE},
        home_of={p.username: p.first_home for p in PEOPLE},
        scale=scale,
    )
    for person in PEOPLE:
        _join(region, person)
    cases.load(region, scale)
    region = replace(region, agreement_cases=cases.agreement_cases(region))
    for room in load_rooms("demo"):
        if hasattr(room, "load"):  # a folder of sample files may bear the name too
            room.load(region)
        db.session.commit()  # the next one acts for others, so in a transaction of its own
    _remember(region)
    return region


def _network(slug: str, name: str) -> Network:
    with transaction() as session:
        found = session.scalar(select(Network).where(Network.slug == slug))
        return found or organisations.create_network(slug, name)


def _tenant(wanted: Organisation) -> Tenant:
    with transaction() as session:
        found = session.scalar(select(Tenant).where(Tenant.slug == wanted.slug))
    return found or organisations.create_tenant(
        wanted.slug, wanted.name, network=wanted.network, kind=wanted.kind, nis=wanted.nis, prefix=wanted.prefix
    )


def _user(person: DemoPerson) -> User:
    with transaction() as session:
        found = session.scalar(select(User).where(User.username == person.username))
        if found is None:
            found = organisations.create_user(
                person.username,
                None,
                first_name=person.first_name,
                last_name=person.last_name,
                email=f"{person.username}@demo.woonvast.example",
            )
            found.password = _password()
    return found


@cache
def _password() -> str:
    """The hash of everybody's password, made once: a strong hash is slow on purpose."""
    return hash_password(PASSWORD)


def _join(region: DemoRegion, person: DemoPerson) -> None:
    user = region.users[person.username]
    for home, role in person.homes:
        if home in region.tenants and role not in NETWORK_ROLES:
            organisations.add_member(region.tenants[home], user, [role])
            continue
        network = region.networks.get(home)
        known = select(NetworkMembership.id).where(NetworkMembership.user_id == user.id, NetworkMembership.role == role)
        with transaction() as session:
            if session.scalar(known) is None:
                organisations.add_network_member(network, user, role)


def _remember(region: DemoRegion) -> None:
    first = region.tenants[ORGANISATIONS[0].slug]
    with tenancy.acting(tenancy.Context(tenant_id=first.id)), transaction() as session:
        tenant = session.get_one(Tenant, first.id)
        tenant.settings = {**(tenant.settings or {}), LOADED: region.today.isoformat()}
