"""A session as a file for somebody's calendar (RFC 5545)."""

from icalendar import Calendar, Event

from app.security.models import utc_now
from playbook.training.sessions import Held


def event_of(held: Held, address: str) -> bytes:
    """The session as .ics. Times in UTC, which every calendar turns into its own; so no zone need be described."""
    row = held.session
    event = Event()
    event.add("uid", f"training-{row.id}@woonvast")
    event.add("dtstamp", utc_now())
    event.add("dtstart", row.starts_at)
    event.add("dtend", row.ends_at)
    event.add("summary", held.course.title)
    event.add("location", row.place or row.online_url)
    event.add("description", "\n".join(part for part in (held.course.summary, row.online_url, address) if part))
    event.add("url", address)
    event.add("status", "CANCELLED" if held.is_cancelled else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//Woonvast//NL")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
