"""Who looks at the page: the little that the layout needs to know about the signed-in person."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, cast

from flask import current_app, g
from werkzeug.local import LocalProxy

Badge = int | str | None  # what stands beside a place in the menu


class Membership(NamedTuple):
    """An organisation the person may work for. `kind` is a word such as 'OCMW' or 'CAW'."""

    id: str
    name: str
    kind: str


@dataclass(frozen=True)
class Viewer:
    """The person, the organisation they work for now, and what they may do there.

    `organisation` and `network` are names to show ('OCMW Oostende', 'Oostende'); None when there is none.
    `idle_minutes`: after so long without a request the session ends; 0 when it does not.
    `badges`: what the menu's badges said a moment ago, by the place's path; None when they must be asked.
    `keep_badges`: called with what they say now.
    """

    user_name: str = ""
    organisation: str | None = None
    network: str | None = None
    organisations: tuple[Membership, ...] = ()
    may: Callable[[str], bool] = lambda permission: False
    is_authenticated: bool = False
    idle_minutes: int = 0
    badges: Mapping[str, Badge] | None = None
    keep_badges: Callable[[Mapping[str, Badge]], None] = lambda badges: None

    def can(self, permission: str) -> bool:
        """True when the roles of the person in the current organisation include `permission`."""
        return self.is_authenticated and self.may(permission)

    @property
    def initials(self) -> str:
        """'MD' for Marie Declerck; the first and the last name count."""
        words = self.user_name.split()
        return "".join(word[0] for word in dict.fromkeys((*words[:1], *words[-1:]))).upper()


ANONYMOUS = Viewer()


def current_viewer() -> Viewer:
    """The viewer of this request, asked once. `app.extensions['viewer']` is the callable that knows;
    without it everybody is a stranger."""
    if "viewer" not in g:
        provide: Callable[[], Viewer] = current_app.extensions.get("viewer", lambda: ANONYMOUS)
        g.viewer = provide()
    return cast(Viewer, g.viewer)


# A proxy: a page that does not ask who looks (an error page while the database is away) asks nothing.
viewer: Viewer = cast(Viewer, LocalProxy(current_viewer))
