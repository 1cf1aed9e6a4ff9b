"""Roles and what they may do: the only place where Flask-AppBuilder's permission names meet people's jobs.

A view names its `area` (class_permission_name) and each of its methods an act (method_permission_name);
a role is a table of areas and acts. Nothing of this is kept in the database, so nothing there can go stale.
"""

from enum import StrEnum

from app.i18n import N_


class Role(StrEnum):
    SOCIAL_WORKER = "social_worker"
    TEAM_LEAD = "team_lead"
    TENANT_ADMIN = "tenant_admin"
    DPO = "dpo"
    NETWORK_MEMBER = "network_member"
    PLAYBOOK_EDITOR = "playbook_editor"
    REGIONAL_COORDINATOR = "regional_coordinator"
    GUEST = "guest"
    PLATFORM_ADMIN = "platform_admin"


LABELS = {
    Role.SOCIAL_WORKER: N_("Social worker"),
    Role.TEAM_LEAD: N_("Team lead"),
    Role.TENANT_ADMIN: N_("Administrator of the organisation"),
    Role.DPO: N_("Data protection officer"),
    Role.NETWORK_MEMBER: N_("Network member"),
    Role.PLAYBOOK_EDITOR: N_("Editor of the playbook"),
    Role.REGIONAL_COORDINATOR: N_("Regional coordinator"),
    Role.GUEST: N_("Guest of the network"),
    Role.PLATFORM_ADMIN: N_("Platform administrator"),
}

TENANT_ROLES = (Role.SOCIAL_WORKER, Role.TEAM_LEAD, Role.TENANT_ADMIN, Role.DPO, Role.NETWORK_MEMBER)
NETWORK_ROLES = (Role.NETWORK_MEMBER, Role.PLAYBOOK_EDITOR, Role.REGIONAL_COORDINATOR, Role.GUEST)

_SHARED = {
    "playbook": {"visit", "read"},
    "exchange": {"read"},
    "agreements": {"read"},
    "training": {"read", "follow"},
    "statistics": {"read"},
    "account": {"read", "write"},
}
_CASE_WORK = {
    "cases": {"read", "write"},
    "petitions": {"read", "write", "import"},
    "documents": {"read", "write"},
    "tasks": {"read", "write"},
    "reports": {"read", "write"},
    "dialogue": {"read", "write"},
    "referrals": {"read", "write"},
    "team": {"read"},
    "intervision": {"read", "write", "release"},
}

# area -> acts; the areas are explained in the handbook of roles (docs/roles.md)
RIGHTS: dict[Role, dict[str, set[str]]] = {
    Role.SOCIAL_WORKER: {**_SHARED, **_CASE_WORK, "shelter": {"read", "write"}},
    Role.TEAM_LEAD: {
        **_SHARED,
        **_CASE_WORK,
        "training": {"read", "follow", "enrol"},
        "team": {"read", "write"},
        "shelter": {"read", "write", "arrange"},
        "own_rules": {"read", "write"},
    },
    Role.TENANT_ADMIN: {
        **_SHARED,
        "organisation": {"read", "write"},
        "own_rules": {"read", "write"},
        "training": {"read", "follow", "enrol"},
    },
    Role.DPO: {**_SHARED, "audit": {"read", "export"}},
    Role.NETWORK_MEMBER: _SHARED,
    Role.PLAYBOOK_EDITOR: {
        **_SHARED,
        "playbook": {"visit", "read", "write"},
        "training": {"read", "follow", "write"},
    },
    Role.REGIONAL_COORDINATOR: {
        **_SHARED,
        "exchange": {"read", "write"},
        "agreements": {"read", "write"},
        "training": {"read", "follow", "write"},
        "dispatch": {"read", "write"},
        "guests": {"read", "write"},
    },
    # The database role that a guest acts with sees what is marked for guests, and nothing else: app/network_guests.py.
    Role.GUEST: {"playbook": {"visit"}, "account": {"read", "write"}},
    Role.PLATFORM_ADMIN: {"account": {"read", "write"}, "platform": {"read", "write"}},
}


# Areas that an organisation has only when it says so in its settings: area -> the setting.
OPTIONAL_AREAS = {"shelter": "has_shelter"}


def may(roles: frozenset[Role], act: str, area: str) -> bool:
    """Whether one of `roles` allows `act` (such as 'read') in `area` (such as 'cases')."""
    return any(act in RIGHTS[role].get(area, ()) for role in roles)
