"""Flask-AppBuilder's security manager, told by our identity: no roles or permissions of its own."""

from typing import Any

from flask import g
from flask_appbuilder.security.sqla.manager import SecurityManager

from app.security.identity import identity
from app.security.roles import may


class PortalSecurityManager(SecurityManager):
    """Answers `has_access` from the person's roles at the place they work for now (see roles.py)."""

    def has_access(self, permission_name: str, view_name: str) -> bool:
        who = identity()
        return who is not None and may(who.roles, permission_name.removeprefix("can_"), view_name)

    def get_user_menu_access(self, menu_names: list[str] | None = None) -> set[str]:
        return set()  # the navigation is ours (app/ui/navigation.py)

    def get_user_roles(self, user: Any) -> list[Any]:
        return []

    @staticmethod
    def before_request() -> None:
        g.user = g.get("_login_user")
