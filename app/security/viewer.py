"""What the layout shows of the signed-in person."""

from flask import current_app
from flask_babel import gettext as _

from app.security.identity import Place, identity, note_badges
from app.ui.viewer import ANONYMOUS, Membership, Viewer


def of_request() -> Viewer:
    """The person of this request as the layout wants to know them."""
    who = identity()
    if who is None:
        return ANONYMOUS
    place = who.place
    return Viewer(
        user_name=who.user.get_full_name(),
        organisation=place.name if place else None,
        network=place.network.name if place and place.network else None,
        organisations=tuple(Membership(p.id, p.name, _kind(p)) for p in who.places),
        may=who.can,
        is_authenticated=True,
        idle_minutes=current_app.extensions["settings"].idle_minutes,
        badges=who.badges,
        keep_badges=note_badges,
    )


def _kind(place: Place) -> str:
    if place.tenant is not None:
        return place.tenant.kind.upper()
    return _("Network") if place.network else _("Platform")
