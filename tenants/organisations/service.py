"""Networks, organisations, people and their roles: made by the platform admin, the tenant admin or the command."""

import re
import uuid
from collections.abc import Iterable
from functools import cache

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Select, func, select

from app import tenancy
from app.crypto import keyring
from app.database import db, read_once, transaction
from app.i18n import N_
from app.identifiers import uuid7
from app.security.models import Membership, Network, NetworkMembership, Tenant
from app.security.passwords import hash_password
from app.security.roles import NETWORK_ROLES, TENANT_ROLES, Role


class OrganisationError(Exception):
    """Something of an organisation or a person can't be made as asked; `message` is a msgid with `params`."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.params = params


SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PREFIX = re.compile(r"[A-Z0-9]{1,6}")
NIS = re.compile(r"[0-9]{5}")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
# What the columns of app/security/models.py and of Flask-AppBuilder's user hold.
LONGEST_SLUG, LONGEST_ORGANISATION, LONGEST_NAME, LONGEST_EMAIL = 40, 120, 64, 320


def create_network(slug: str, name: str) -> Network:
    """A new network; raises OrganisationError when the slug is taken or not a slug."""
    _check_slug(slug)
    name = _filled(name, LONGEST_ORGANISATION, N_("Fill in the name."))
    with transaction() as session:
        if session.scalar(select(Network.id).where(Network.slug == slug)):
            raise OrganisationError(N_("There is a network called %(slug)s already."), slug=slug)
        network = Network(slug=slug, name=name)
        session.add(network)
    return network


def create_tenant(
    slug: str,
    name: str,
    *,
    network: str,
    kind: str = "ocmw",
    nis: str | None = None,
    prefix: str | None = None,
) -> Tenant:
    """A new organisation in `network` (a slug), with a key of its own. Raises OrganisationError.

    prefix: of its file numbers, by default the first three letters of the slug.
    """
    _check_slug(slug)
    if kind not in {"ocmw", "caw"}:
        raise OrganisationError(N_("The kind of an organisation is ocmw or caw."))
    name = _filled(name, LONGEST_ORGANISATION, N_("Fill in the name."))
    if nis is not None and not NIS.fullmatch(nis):
        raise OrganisationError(N_("A NIS code has five digits."))
    prefix = (prefix or slug.replace("-", "")[:3]).upper()
    if not PREFIX.fullmatch(prefix):
        raise OrganisationError(N_("The file numbers start with one to six letters or digits."))
    tenant_id = uuid7()
    with tenancy.acting(tenancy.Context(tenant_id=tenant_id)), transaction() as session:
        home = session.scalar(select(Network).where(Network.slug == network))
        if home is None:
            raise OrganisationError(N_("There is no network called %(slug)s."), slug=network)
        if session.scalar(select(Tenant.id).where(Tenant.slug == slug)):
            raise OrganisationError(N_("There is an organisation called %(slug)s already."), slug=slug)
        tenant = Tenant(
            id=tenant_id,
            network_id=home.id,
            slug=slug,
            name=name,
            kind=kind,
            nis=nis,
            prefix=prefix,
            settings={},
        )
        session.add(tenant)
        session.flush()
        session.add(keyring.make(tenant_id))
    return tenant


def _check_slug(slug: str) -> None:
    if not SLUG.fullmatch(slug) or len(slug) > LONGEST_SLUG:
        raise OrganisationError(
            N_("%(slug)s can't be used as a name: use lower-case letters, digits and hyphens."), slug=slug
        )


def _filled(text: str, longest: int, when_empty: str) -> str:
    """`text` without blanks around it. Raises OrganisationError when nothing is left or too much."""
    text = text.strip()
    if not text:
        raise OrganisationError(when_empty)
    if len(text) > longest:
        raise OrganisationError(N_("Use at most %(number)d characters."), number=longest)
    return text


def tenant_by_slug(slug: str) -> Tenant:
    """The organisation; raises OrganisationError when there is none."""
    tenant: Tenant | None = db.session.scalar(select(Tenant).where(Tenant.slug == slug))
    if tenant is None:
        raise OrganisationError(N_("There is no organisation called %(slug)s."), slug=slug)
    return tenant


def create_user(username: str, password: str | None, *, first_name: str, last_name: str, email: str) -> User:
    """A new person who can sign in, once a membership gives them a place. No password: only by a one-time link.

    Raises OrganisationError for a username or an e-mail address that is taken or none, for a person without a
    name and for a short password.
    """
    if password is not None and len(password) < 12:
        raise OrganisationError(N_("A password has at least 12 characters."))
    first_name = _filled(first_name, LONGEST_NAME, N_("Fill in the first name."))
    last_name = _filled(last_name, LONGEST_NAME, N_("Fill in the family name."))
    if not EMAIL.fullmatch(email) or len(email) > LONGEST_EMAIL:
        raise OrganisationError(N_("This is not an e-mail address."))
    with transaction() as session:
        require_free(username, email)
        user = User(
            username=username,
            first_name=first_name,
            last_name=last_name,
            email=email,
            active=True,
            password=hash_password(password) if password is not None else "!",
        )
        session.add(user)
    return user


def require_free(username: str, email: str) -> None:
    """Raise OrganisationError when no account of this name or address can be made."""
    if not username or len(username) > LONGEST_NAME or re.search(r"\s", username):
        raise OrganisationError(
            N_("%(name)s can't be a user name: use at most 64 characters, without spaces."), name=username
        )
    if db.session.scalar(select(User.id).where(User.username == username)):
        raise OrganisationError(N_("The user name %(name)s is taken."), name=username)
    if db.session.scalar(select(User.id).where(func.lower(User.email) == email.lower())):
        raise OrganisationError(N_("There is an account with this e-mail address already."))


def add_member(tenant: Tenant, user: User, roles: Iterable[Role]) -> None:
    """Give `user` the roles in `tenant`; those they have already stay. Raises OrganisationError."""
    with (
        tenancy.acting(tenancy.Context(tenant_id=tenant.id, user_id=tenancy.current().user_id)),
        transaction() as session,
    ):
        for role in roles:
            if role not in TENANT_ROLES:
                raise OrganisationError(
                    N_("The role %(role)s belongs to a network, not to an organisation."), role=role
                )
            known = select(Membership.id).where(Membership.user_id == user.id, Membership.role == role)
            if session.scalar(known.where(Membership.tenant_id == tenant.id)) is None:
                session.add(Membership(tenant_id=tenant.id, user_id=user.id, role=role))


def add_network_member(network: Network | None, user: User, role: Role) -> None:
    """Give `user` a role in the whole network (or, with none, on the platform). Raises OrganisationError."""
    if role not in (NETWORK_ROLES if network else (Role.PLATFORM_ADMIN,)):
        raise OrganisationError(N_("The role %(role)s belongs to an organisation, not to a network."), role=role)
    with transaction() as session:
        session.add(NetworkMembership(network_id=network.id if network else None, user_id=user.id, role=role))


def colleagues() -> list[User]:
    """The people of the acting tenant who carry cases, by name."""
    return list(db.session.scalars(_colleagues()))


@cache
def _colleagues() -> Select[User]:
    carries = select(Membership.user_id).where(Membership.role.in_([Role.SOCIAL_WORKER, Role.TEAM_LEAD]))
    return select(User).where(User.id.in_(carries), User.active.is_(True)).order_by(User.last_name, User.first_name)


def names(user_ids: Iterable[int | None]) -> dict[int, str]:
    """Full names of the users with these ids, to show who did what."""
    wanted = {i for i in user_ids if i is not None}
    if not wanted:
        return {}
    ours = _names(None)
    others = frozenset(wanted - ours.keys())
    known = ours | _names(others) if others else ours
    return {i: known[i] for i in wanted if i in known}


def organisation_names(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The names of these organisations; they are no secret."""
    rows = db.session.execute(select(Tenant.id, Tenant.name).where(Tenant.id.in_(list(ids))))
    return {row.id: row.name for row in rows}


@read_once
def _names(user_ids: frozenset[int] | None) -> dict[int, str]:
    """The names of these people, or of all who work for the acting tenant now."""
    members = select(Membership.user_id).where(Membership.tenant_id == tenancy.current().tenant_id)
    query = select(User.id, User.first_name, User.last_name).where(
        User.id.in_(members if user_ids is None else user_ids)
    )
    return {row.id: f"{row.first_name} {row.last_name}" for row in db.session.execute(query)}


def setting(tenant_id: uuid.UUID, key: str, default: int) -> int:
    """A number the organisation chose itself (days), or `default`."""
    tenant = db.session.get(Tenant, tenant_id)
    value = (tenant.settings or {}).get(key, default) if tenant else default
    return int(value)
