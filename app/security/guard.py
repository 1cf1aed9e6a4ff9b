"""The door: every address needs a right, and one that names none stays shut.

A view class names its `class_permission_name` (the area, such as 'cases'); each exposed method has an act: from
`method_permission_name` (Flask-AppBuilder's own methods) or from `@act("write")` (ours). The guard looks the
pair up in the roles' table before the view runs; Flask-AppBuilder's own checks come after it and agree.
"""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

from flask import Flask, abort, current_app, make_response, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from app.security.identity import as_guest, identity

F = TypeVar("F", bound=Callable[..., Any])

# What Flask-AppBuilder calls its methods, and which act that is for us.
ACTS = {
    "list": "read", "show": "read", "download": "read", "add": "write", "edit": "write", "delete": "write",
    "action": "write", "action_post": "write", "get": "read", "get_list": "read", "info": "read",
    "post": "write", "put": "write", "userinfo": "read",
}  # fmt: skip


def act(name: str) -> Callable[[F], F]:
    """Mark a view's method with the act it needs in the view's area."""

    def mark(function: F) -> F:
        function._act = name  # type: ignore[attr-defined]
        return function

    return mark


def public(function: F) -> F:
    """Mark a view's method as open to everybody, signed in or not."""
    function._act = None  # type: ignore[attr-defined]
    return function


def right_of(endpoint: str) -> str | None:
    """The right ('cases.read') that `endpoint` needs; '' when it is open to all; None when it names none."""
    if endpoint.endswith("static"):
        return ""
    function = current_app.view_functions[endpoint]
    if hasattr(function, "_act"):
        chosen: str | None = function._act
    else:
        method = getattr(function, "__name__", "")
        permission = getattr(function, "_permission_name", None)
        chosen = ACTS.get(permission or method, "") if permission else ""
        if chosen == "":
            return None
    if chosen is None:
        return ""
    view = getattr(function, "__self__", None)
    area = getattr(function, "_area", None) or getattr(view, "class_permission_name", None)
    return f"{area}.{chosen}" if area else None


def may_open(path: str) -> bool:
    """Whether who asks now may open the page of the portal at `path` ('/bedragen/'); yes where there is none."""
    try:
        endpoint, _values = current_app.url_map.bind("").match(urlsplit(path).path)
    except HTTPException:
        return True  # an address that leads nowhere says so itself
    right = right_of(endpoint)
    who = identity()
    return right == "" or bool(right and who and who.can(right))


def guard() -> ResponseReturnValue | None:
    """Let the request through, send a stranger to sign in, or answer 403 (before_request)."""
    if request.endpoint is None:
        return None  # 404 or 405 follows
    right = right_of(request.endpoint)
    if right == "":
        return None
    who = identity()
    if who is None:
        return _to_sign_in()
    if right is None or not who.can(right):
        abort(403)
    if who.place is not None and who.place.is_visited and not right.startswith("account."):
        as_guest(who)
    return None


def _to_sign_in() -> ResponseReturnValue:
    target = request.full_path.rstrip("?") if request.method == "GET" else "/"
    address = f"/login/?next={quote(target, safe='/')}"
    if request.method != "GET":
        abort(401)  # its page says how what was typed is not lost
    if request.headers.get("HX-Request"):
        return make_response("", 401, {"HX-Redirect": "/login/"})
    return redirect(address)


def init_app(app: Flask) -> None:
    app.before_request(guard)
