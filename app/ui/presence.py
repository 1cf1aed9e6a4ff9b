"""Are you still there? A page that is about to be signed out asks, and the answer keeps the session alive."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.security.guard import public


def add_routes(blueprint: Blueprint) -> None:
    """`GET /aanwezig`: nothing but a request, which the session counts as a sign of life."""
    blueprint.add_url_rule("/aanwezig", "present", present)


@public
def present() -> ResponseReturnValue:
    """204, signed in or not: it tells nobody anything."""
    return "", 204
