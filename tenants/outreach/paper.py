"""What a letter or a postcard to a household says, written out as plain words: the snapshot that is printed. Pure.

After the sections that the practitioners gave: what happened, what it means, the day in bold, 'come to us, also
without an appointment', telephone, what to bring. A postcard is open to everybody: it names no court, no debt and
no OCMW. Documents are in Dutch.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.documents.rules import day as day_in_words
from tenants.cases.codes import Channel, Moment


@dataclass(frozen=True)
class Sender:
    """Who writes: the organisation as its letterhead says, and the worker's name."""

    name: str
    street: str
    town: str
    phone: str
    email: str
    worker: str = ""


@dataclass(frozen=True)
class Household:
    """To whom. first_names: of those addressed; bus: the box of a building with several letterboxes.

    hearing_at: Belgian local time, with its hour when `hour_known`; first_eviction: the earliest day of an eviction
    that is known.
    """

    names: tuple[str, ...]
    first_names: tuple[str, ...]
    street: str
    number: str
    bus: str
    postcode: str
    municipality: str
    file_number: str
    hearing_at: datetime | None = None
    hour_known: bool = True
    court: str = ""
    first_eviction: date | None = None

    @property
    def is_complete(self) -> bool:
        """Whether the post can find it: a street with a number, and a town with its postcode."""
        return bool(self.street and self.number and self.postcode and self.municipality)


def paper(channel: Channel, moment: Moment, to: Household, sender: Sender, today: date) -> dict[str, Any]:
    """The content of one letter or postcard: only text and lists (JSON)."""
    happened, means, bold = _told(moment, to)
    return {
        "kind": str(channel),
        "address": _address(to),
        "greeting": f"Dag {_joined(to.first_names) or _joined(to.names)},",
        "file_number": to.file_number,
        "day": day_in_words(today),
        "happened": happened,
        "bold": bold,
        "means": means,
        "hearing": moment is Moment.PETITION,
        "evicted": moment is Moment.EVICTION,
        "sender": dict(vars(sender)),
    }


def _address(to: Household) -> list[str]:
    """As article 34 of the royal decree of 24 April 2014 wants it: 'bus' before a box, postcode and town last."""
    street = f"{to.street} {to.number}" + (f" bus {to.bus}" if to.bus else "")
    return [*_lines(to.names), street, f"{to.postcode} {to.municipality}"]


def _lines(names: tuple[str, ...]) -> list[str]:
    return [" en ".join(names)] if len(" en ".join(names)) <= LONGEST else list(names)


LONGEST = 38  # signs that fit in the window on one line


def _told(moment: Moment, to: Household) -> tuple[str, str, str]:
    """(what happened, what it means, the day that counts)."""
    if moment is Moment.PETITION:
        where = f" van het vredegerecht {to.court}" if to.court else ""
        when = day_in_words(to.hearing_at.date()) if to.hearing_at else ""
        if to.hearing_at and to.hour_known:
            when += f" om {to.hearing_at.hour}.{to.hearing_at.minute:02} uur"
        return (
            "Je verhuurder heeft de vrederechter gevraagd om over je woning te beslissen.",
            "Ga zeker naar de zitting. Ben je er niet en stuur je geen advocaat, dan komt er meestal een vonnis zonder "
            "dat de rechter jouw verhaal kent. Ben je er wel, dan kan er vaak nog iets geregeld worden.",
            f"De zitting{where} is op {when}."
            if when
            else "Je krijgt van de griffie nog een brief met de dag van de zitting.",
        )
    first = day_in_words(to.first_eviction) if to.first_eviction else ""
    if moment is Moment.JUDGMENT:
        bold = f"Je kunt ten vroegste op {first} uit je woning gezet worden." if first else ""
        return (
            "De vrederechter heeft een vonnis uitgesproken over je woning.",
            "Je moet niet meteen vertrekken. Er lopen nu termijnen, onder meer om je tegen het vonnis te verweren. Die "
            "termijnen zijn kort, dus wacht niet.",
            bold,
        )
    if moment is Moment.NOTICE:
        bold = f"Dat is ten vroegste op {first}." if first else ""
        return (
            "De gerechtsdeurwaarder heeft laten weten dat je je woning moet verlaten.",
            "Er is nog weinig tijd, maar we kunnen nog helpen: praten met de verhuurder, een andere plek zoeken, de "
            "verhuis en je spullen regelen.",
            bold,
        )
    return (
        "Je moest je woning verlaten.",
        "We willen graag weten of je een plek hebt om te slapen. We helpen je zoeken, en we helpen met je spullen "
        "en je papieren.",
        "",
    )


def _joined(names: tuple[str, ...]) -> str:
    return " en ".join(filter(None, names))
