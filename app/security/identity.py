"""Who asks: turns the cookie's token into a person, the place they work for, and their roles there.

Runs before everything else in a request. It starts from nobody, so that a thread remembers no earlier request.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from flask import Response, current_app, flash, g, request, session
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext as _
from sqlalchemy import Integer, Select, bindparam, delete, func, null, select, union_all, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import contains_eager

from app import tenancy
from app.database import db, transaction
from app.security.models import LoginSession, Membership, Network, NetworkMembership, Tenant, utc_now
from app.security.roles import OPTIONAL_AREAS, Role, may

SEEN_EVERY = timedelta(minutes=1)  # writing the last sight at each request would double the writes for nothing
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
QUIET_ENDPOINTS = ("static", "healthz")  # answer without asking who it is


@dataclass(frozen=True)
class Place:
    """Where a person may work: one organisation, a network as a whole, or (neither) the platform."""

    tenant: Tenant | None
    network: Network | None
    roles: frozenset[Role]

    @property
    def id(self) -> str:
        return str(self.tenant.id if self.tenant else self.network.id if self.network else "platform")

    @property
    def name(self) -> str:
        return self.tenant.name if self.tenant else self.network.name if self.network else "Platform"

    @property
    def is_visited(self) -> bool:
        """Whether the person is here as a guest of the network and nothing more."""
        return self.roles == {Role.GUEST}


@dataclass(frozen=True)
class Identity:
    """A signed-in person; `roles` are those at `place` (with those of its network)."""

    user: User
    place: Place | None
    places: tuple[Place, ...]
    session_hash: str
    second_factor: bool
    badges: Mapping[str, Any] | None = None  # what the menu said within the last minute

    @property
    def roles(self) -> frozenset[Role]:
        return self.place.roles if self.place else frozenset()

    def can(self, right: str) -> bool:
        """Whether `right` ('cases.read': area and act) is theirs here and now."""
        area, _dot, act = right.partition(".")
        return may(self.roles, act, area) and self._does(area)

    def _does(self, area: str) -> bool:
        """Whether the organisation does this kind of work at all: few run a night shelter."""
        switch = OPTIONAL_AREAS.get(area)
        tenant = self.place.tenant if self.place else None
        return switch is None or bool(tenant and (tenant.settings or {}).get(switch))

    def context(self) -> tenancy.Context:
        """How they act. A guest of a network acts within it only behind the door (`as_guest`): elsewhere in nothing."""
        place = self.place
        if place is not None and place.is_visited:
            return tenancy.Context(user_id=self.user.id)
        return tenancy.Context(
            tenant_id=place.tenant.id if place and place.tenant else None,
            user_id=self.user.id,
            network_id=place.network.id if place and place.network else None,
        )


def as_guest(who: Identity) -> None:
    """Let a guest of a network see what is marked for guests, by the database's own role, for this request."""
    network = who.place.network if who.place else None
    if network is not None:
        seen = tenancy.Context(user_id=who.user.id, network_id=network.id, role=tenancy.GUEST)
        tenancy.enter(seen, db.session())


def identity() -> Identity | None:
    """The signed-in person of this request, if any."""
    found: Identity | None = g.get("identity")
    return found


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def identify() -> None:
    """Find out who asks and tell the database (before_request)."""
    tenancy.enter(tenancy.NOBODY)
    g.identity = None
    g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]
    if (request.endpoint or "").endswith(QUIET_ENDPOINTS):
        return
    token = session.get("token")
    if token:
        _recognise(token_hash(token))


def forget(_error: BaseException | None = None) -> None:
    """The request is over: nobody acts any more (teardown)."""
    tenancy.enter(tenancy.NOBODY)


def _recognise(hashed: str) -> None:
    found = db.session.execute(_session(), {"token": hashed}).one_or_none()
    if found is None or not found.User.active:
        session.pop("token", None)
        return
    login, user = found
    now = utc_now()
    if now - login.seen_at > _idle_time():
        sign_out()
        flash(_("You were signed out because nothing happened for a while. Sign in to go on."), "warning")
        return
    badges = _touch(login, now)
    tenancy.enter(tenancy.Context(user_id=user.id), db.session())
    places = places_of(user.id)
    place = _chosen(places, login)
    g.identity = Identity(user, place, places, hashed, login.second_factor_at is not None, badges)
    g._login_user = user
    tenancy.enter(g.identity.context(), db.session())


def _idle_time() -> timedelta:
    return timedelta(minutes=current_app.extensions["settings"].idle_minutes)


def _touch(login: LoginSession, now: datetime) -> Mapping[str, Any] | None:
    """Note that the person is here; the menu's badges that still hold."""
    if now - login.seen_at <= SEEN_EVERY:
        return login.badges
    _keep(login.token_hash, seen_at=now, badges=None)
    return None


def _keep(session_hash: str, **values: Any) -> None:
    with transaction() as db_session:
        db_session.execute(update(LoginSession).where(LoginSession.token_hash == session_hash).values(**values))


def note_badges(badges: Mapping[str, Any]) -> None:
    """Keep what the menu's badges say now, when this request is done."""
    g.badges = dict(badges)


def keep_badges(response: Response) -> Response:
    """(after_request) Keep what the menu said, or forget it when the person did something that may change it.

    In a transaction of its own: what the page left undone, such as a form that was refused, is not to be kept with it.
    """
    who, badges = identity(), g.pop("badges", None)
    if who is None or response.status_code >= 500:
        return response
    acted = request.method not in SAFE_METHODS and response.status_code < 400
    if (badges is not None and not acted) or (acted and who.badges is not None):
        try:
            own = who.context()  # asked before the rollback, after which a guest could not read even this of themselves
            db.session.rollback()
            if tenancy.current().role == tenancy.GUEST:  # who writes nothing, their own session neither
                tenancy.enter(own, db.session())
            _keep(who.session_hash, badges=None if acted else badges)
        except OperationalError as error:
            # The database went away just now. What was asked for is done, and mustn't look as if it had failed.
            current_app.logger.warning("badges not kept: %s", type(error.orig).__name__)
    return response


# Every request asks these two: each is built once per process.
@cache
def _session() -> Select[LoginSession, User]:
    of_token = LoginSession.token_hash == bindparam("token")
    return select(LoginSession, User).join(User, User.id == LoginSession.user_id).where(of_token)


@cache
def _places() -> Select[Tenant, Network, str]:
    me = bindparam("me", type_=Integer)
    own = select(Membership.tenant_id, null().label("network_id"), Membership.role).where(Membership.user_id == me)
    regional = select(null(), NetworkMembership.network_id, NetworkMembership.role).where(
        NetworkMembership.user_id == me
    )
    mine = union_all(own, regional).subquery()
    return (
        select(Tenant, Network, mine.c.role)
        .select_from(mine)
        .outerjoin(Tenant, Tenant.id == mine.c.tenant_id)
        .outerjoin(Network, Network.id == func.coalesce(mine.c.network_id, Tenant.network_id))
        .options(contains_eager(Tenant.network))
    )


def places_of(user_id: int) -> tuple[Place, ...]:
    """Where the person may work, organisations first, by name; one statement. The context must name the user."""
    rows = db.session.execute(_places(), {"me": user_id})
    of_tenant: dict[Tenant, set[Role]] = {}
    of_network: dict[Network | None, set[Role]] = {}
    for tenant, network, role in rows:
        held = of_tenant.setdefault(tenant, set()) if tenant else of_network.setdefault(network, set())
        held.add(Role(role))
    places = [
        Place(tenant, tenant.network, frozenset(roles | of_network.get(tenant.network, set())))
        for tenant, roles in sorted(of_tenant.items(), key=lambda item: item[0].name)
    ]
    places += [
        Place(None, network, frozenset(roles))
        for network, roles in sorted(of_network.items(), key=lambda item: item[0].name if item[0] else "")
    ]
    return tuple(places)


def _chosen(places: tuple[Place, ...], login: LoginSession) -> Place | None:
    for place in places:
        tenant_id = place.tenant.id if place.tenant else None
        network_id = place.network.id if place.network else None
        if (tenant_id, network_id) == (login.active_tenant, login.active_network):
            return place
    return places[0] if places else None


def sign_in(user: User, *, second_factor: bool) -> None:
    """Start a new session for `user`: the old cookie's contents and token are gone (rotation)."""
    leave()
    token = secrets.token_urlsafe(32)
    session["token"] = token
    session.permanent = False  # a shared desk: closing the browser ends it
    with transaction() as db_session:
        db_session.add(
            LoginSession(
                token_hash=token_hash(token),
                user_id=user.id,
                second_factor_at=utc_now() if second_factor else None,
            )
        )


def sign_out() -> None:
    """End the session, in the database too: a copied cookie is worth nothing afterwards."""
    token = session.pop("token", None)
    if token:
        with transaction() as db_session:
            db_session.execute(delete(LoginSession).where(LoginSession.token_hash == token_hash(token)))


def leave() -> None:
    """Sign out, and leave nothing in the cookie but the language."""
    sign_out()
    locale = session.get("locale")
    session.clear()
    if locale:
        session["locale"] = locale


def end_other_sessions(user_id: int, keep: str | None = None) -> None:
    """End the person's sessions (after a new password), save the one with hash `keep`."""
    with transaction() as db_session:
        query = delete(LoginSession).where(LoginSession.user_id == user_id)
        if keep is not None:
            query = query.where(LoginSession.token_hash != keep)
        db_session.execute(query)


def mark_second_factor(session_hash: str, *, proven: bool = True) -> None:
    """The person of this session just proved their second step, or has none any more."""
    _keep(session_hash, second_factor_at=utc_now() if proven else None)


def open_sessions(user_id: int) -> Sequence[LoginSession]:
    """Where the person is signed in now, the last seen first."""
    alive = utc_now() - _idle_time()
    query = select(LoginSession).where(LoginSession.user_id == user_id, LoginSession.seen_at >= alive)
    return db.session.scalars(query.order_by(LoginSession.seen_at.desc())).all()


def forget_old_sessions(now: datetime) -> None:
    """Delete the sessions that ended by idleness; an hour's grace keeps the words that say so to their owner."""
    with transaction() as db_session:
        db_session.execute(delete(LoginSession).where(LoginSession.seen_at < now - _idle_time() - timedelta(hours=1)))


def switch_to(place_id: str) -> Place | None:
    """Work for another place from now on; None when it is not the person's."""
    who = identity()
    place = next((p for p in who.places if p.id == place_id), None) if who else None
    if who is None or place is None:
        return None
    with transaction() as db_session:
        db_session.execute(
            update(LoginSession)
            .where(LoginSession.token_hash == who.session_hash)
            .values(
                active_tenant=place.tenant.id if place.tenant else None,
                active_network=place.network.id if place.network else None,
                badges=None,
            )
        )
    return place
