"""The network's meetings in somebody's own calendar (ICS, RFC 5545): one as a file, or all at a secret address.

Whoever has the address can read it, and calendars keep copies; so it tells what, when and where, and leads to the
portal for the rest: no agenda, no minutes, no link to take part, no name of anybody. The database keeps the hash of
the token: an address is shown once, and a new one makes the old one worthless.
"""

import secrets
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from flask_appbuilder.security.sqla.models import User
from icalendar import Calendar, Event
from sqlalchemy import ColumnElement, delete, select

from app import tenancy
from app.crypto import keyed_hash
from app.database import db, transaction
from app.security.identity import places_of
from app.security.models import Network, utc_now
from app.security.roles import may
from playbook.exchange.models import Meeting, MeetingFeed
from playbook.handbook.service import ours

PURPOSE = "meeting feed"
BEFORE, AHEAD = timedelta(days=31), timedelta(days=366)  # a calendar also shows last month
MOST = 200  # four a week for a year


class NoFeedError(Exception):
    """There is no such calendar, or it was revoked, or its person may not read the network any more."""


def renew() -> str:
    """Make the acting person's token, or a new one in place of the old; it can't be shown again."""
    token = secrets.token_urlsafe(32)
    with transaction() as session:
        _forget()
        session.add(MeetingFeed(user_id=tenancy.current().user_id, token_hash=keyed_hash(token, PURPOSE)))
    return token


def revoke() -> None:
    """Make the acting person's address worthless."""
    with transaction():
        _forget()


def _forget() -> None:
    db.session.execute(delete(MeetingFeed).where(_mine()))


def _mine() -> ColumnElement[bool]:
    return ours(MeetingFeed) & (MeetingFeed.user_id == tenancy.current().user_id)


def made_at() -> datetime | None:
    """When the acting person's address was made; None when there is none."""
    return db.session.scalar(select(MeetingFeed.made_at).where(_mine()))


def act_as(slug: str, token: str) -> None:
    """Act for the person whose address it is, from here to the end of the request.

    Raises NoFeedError, after which whoever asked acts as before: the error page must not speak for another.
    """
    before = tenancy.current()
    try:
        _act_as(slug, token)
    except NoFeedError:
        tenancy.enter(before, db.session())
        raise


def _act_as(slug: str, token: str) -> None:
    network = db.session.scalar(select(Network).where(Network.slug == slug))
    if network is None:
        raise NoFeedError
    tenancy.enter(tenancy.Context(network_id=network.id), db.session())
    hashed = keyed_hash(token, PURPOSE)
    query = (
        select(MeetingFeed.user_id)
        .join(User, User.id == MeetingFeed.user_id)
        .where(ours(MeetingFeed), MeetingFeed.token_hash == hashed, User.active.is_(True))
    )
    user_id = db.session.scalar(query)
    if user_id is None:
        raise NoFeedError
    tenancy.enter(tenancy.Context(None, user_id, network.id), db.session())
    places = [place for place in places_of(user_id) if place.network is not None and place.network.id == network.id]
    if not any(may(place.roles, "read", "exchange") for place in places):
        raise NoFeedError


def feed(now: datetime, address: Callable[[uuid.UUID], str]) -> bytes:
    """The meetings of the acting network, around `now` (UTC); address: where one is read."""
    query = (
        select(Meeting)
        .where(ours(Meeting), Meeting.starts_at.between(now - BEFORE, now + AHEAD))
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(MOST)
    )
    network = db.session.get_one(Network, tenancy.current_network_id())
    events = [_event(meeting, address(meeting.id)) for meeting in db.session.scalars(query)]
    return _calendar(events, name=f"Woonvast {network.name}")


def of_one(meeting: Meeting, address: str) -> bytes:
    """One meeting, for who is signed in: with the link to take part."""
    return _calendar([_event(meeting, address, link=meeting.online_url)])


def _event(meeting: Meeting, address: str, link: str = "") -> Event:
    """Times in UTC, which every calendar turns into its own; so no zone need be described."""
    event = Event()
    event.add("uid", f"meeting-{meeting.id}@woonvast")
    event.add("dtstamp", utc_now())
    event.add("sequence", meeting.revision - 1)
    event.add("dtstart", meeting.starts_at)
    event.add("dtend", meeting.ends_at)
    event.add("summary", meeting.title)
    if meeting.place or link:
        event.add("location", meeting.place or link)
    event.add("description", "\n".join(part for part in (link, address) if part))
    event.add("url", address)
    return event


def _calendar(events: list[Event], name: str = "") -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Woonvast//NL")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    if name:
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical())
