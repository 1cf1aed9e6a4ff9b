"""The people of an organisation, as its administrator arranges them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import delete, func, select

from app import tenancy
from app.database import db, transaction
from app.i18n import N_
from app.security.identity import end_other_sessions
from app.security.models import Membership, Tenant
from app.security.roles import TENANT_ROLES, Role
from tenants.cases.models import Case
from tenants.organisations.service import OrganisationError, add_member, create_user


@dataclass(frozen=True)
class Colleague:
    """A member of the acting organisation; `open_cases` is what they carry."""

    user: User
    roles: tuple[Role, ...]
    open_cases: int


def members() -> list[Colleague]:
    """The members by name. One query for the people, one for the roles, one for their cases."""
    roles: dict[int, list[Role]] = defaultdict(list)
    own = select(Membership).where(Membership.tenant_id == tenancy.current_tenant_id())
    for row in db.session.scalars(own):
        roles[row.user_id].append(Role(row.role))
    carried = select(Case.assigned_to, func.count()).where(Case.state == "open").group_by(Case.assigned_to)
    cases: dict[int | None, int] = {row[0]: row[1] for row in db.session.execute(carried)}
    people = select(User).where(User.id.in_(roles)).order_by(User.last_name, User.first_name)
    order = list(TENANT_ROLES)
    return [
        Colleague(user, tuple(sorted(roles[user.id], key=order.index)), cases.get(user.id, 0))
        for user in db.session.scalars(people)
    ]


def member(user_id: int) -> Colleague | None:
    """One member of the acting organisation, or None when this person is not one."""
    return next((c for c in members() if c.user.id == user_id), None)


def welcome(first_name: str, last_name: str, email: str, roles: Iterable[Role]) -> tuple[User, bool]:
    """Make someone a member: (the person, whether the account is new).

    Someone who works for another organisation already keeps the one account, recognised by the work e-mail
    address. Raises OrganisationError.
    """
    wanted = list(roles)
    if not wanted:
        raise OrganisationError(N_("Choose at least one role: without one a person can do nothing here."))
    tenant = db.session.get(Tenant, tenancy.current_tenant_id())
    assert tenant is not None  # noqa: S101 - somebody acts for it
    with transaction() as session:
        address = email.strip().lower()
        user = session.scalar(select(User).where(func.lower(User.email) == address))
        is_new = user is None
        if user is None:
            user = create_user(address, None, first_name=first_name, last_name=last_name, email=address)
            session.flush()
        add_member(tenant, user, wanted)
        return user, is_new


def set_roles(user_id: int, roles: Iterable[Role]) -> None:
    """Give a member exactly these roles here. Raises OrganisationError.

    The last administrator can't lose that role: nobody could arrange anything any more. Who has no role left
    is no member any more; the cases they carried stay, to be assigned to a colleague.
    """
    wanted = set(roles)
    with transaction() as session:
        rows = list(session.scalars(select(Membership).where(Membership.tenant_id == tenancy.current_tenant_id())))
        own = {Role(r.role) for r in rows if r.user_id == user_id}
        others_admin = any(r.role == Role.TENANT_ADMIN and r.user_id != user_id for r in rows)
        if Role.TENANT_ADMIN in own - wanted and not others_admin:
            raise OrganisationError(
                N_("This is the last administrator. Make someone else administrator first, then change this role.")
            )
        for role in own - wanted:
            session.execute(delete(Membership).where(Membership.user_id == user_id, Membership.role == role))
        tenant = session.get(Tenant, tenancy.current_tenant_id())
        user = session.get(User, user_id)
        if tenant is not None and user is not None and wanted - own:
            add_member(tenant, user, wanted - own)
        if not wanted:
            end_other_sessions(user_id)


def save_settings(
    *, first_contact_working_days: int, second_factor_required: bool, has_shelter: bool | None = None
) -> None:
    """Keep what the organisation chose; open cases count with the new number of days at once."""
    from tenants.petitions.service import recompute

    with transaction() as session:
        tenant = session.get(Tenant, tenancy.current_tenant_id())
        assert tenant is not None  # noqa: S101 - somebody acts for it
        before = (tenant.settings or {}).get("first_contact_working_days", 3)
        tenant.settings = {
            **(tenant.settings or {}),
            "first_contact_working_days": first_contact_working_days,
            "second_factor_required": second_factor_required,
        } | ({} if has_shelter is None else {"has_shelter": has_shelter})
        session.flush()
        if before != first_contact_working_days:
            recompute(session.scalars(select(Case.id).where(Case.state == "open")).all())
