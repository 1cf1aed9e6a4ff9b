"""A session as a file for somebody's calendar (RFC 5545)."""

from icalendar import Calendar, Event

from app.security.models import utc_now
from playbook.training.sessions import Held


def event_of(held: Held, address: str, *, has_place: bool) -> bytes:
    """The session as .ics; only who has a place gets the link for online.

    Times in UTC, which every calendar turns into its own; so no zone need be described.
    """
    row = held.session
    event = Event()
    event.add("uid", f"training-{row.id}@woonvast")
    event.add("dtstamp", utc_now())
    event.add("sequence", row.revision)
    event.add("dtstart", row.starts_at)
    event.add("dtend", row.ends_at)
    event.add("summary", held.course.title)
    link = row.online_url if has_place else ""
    if row.place or link:
        event.add("location", row.place or link)
    event.add("description", "\n".join(part for part in (held.course.summary, link, address) if part))
    event.add("url", address)
    event.add("status", "CANCELLED" if held.is_cancelled else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//Woonvast//NL")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
