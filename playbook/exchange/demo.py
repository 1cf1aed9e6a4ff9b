"""The demo's contact persons, who do not exist and whose numbers ring nowhere; and what its networks exchange."""

import uuid
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app import tenancy
from app.database import transaction
from app.demo import DemoRegion, acting_alone
from playbook.exchange import initiatives, meetings, questions, service
from playbook.exchange.meetings import NewMeeting
from playbook.exchange.rules import ContactKind
from playbook.exchange.service import Entry
from playbook.exchange.start import INITIATIVES, MEETINGS, QUESTIONS, ROOMS
from playbook.handbook import service as handbook

FIRST = ("An", "Bert", "Carine", "Dieter", "Eva", "Filip", "Greet", "Hans", "Inge", "Jan", "Karen", "Luc", "Mieke")
LAST = ("Coussement", "Deprez", "Feys", "Ghekiere", "Hoste", "Labeeuw", "Mestdagh", "Nollet", "Pattyn", "Seynaeve")
JOBS = ("Hoofdmaatschappelijk werker", "Maatschappelijk werker wonen", "Woonbegeleider")
BRUSSELS = ZoneInfo("Europe/Brussels")
WITHOUT = frozenset({"lendelede"})  # one that still has to name somebody


def load(demo: DemoRegion) -> None:
    """Contacts for every network; questions, initiatives and meetings for those that have something to tell."""
    for slug, network in demo.networks.items():
        with acting_alone(tenancy.Context(network_id=network.id)):
            if not service.contacts():
                _contacts(demo)
            if slug not in QUESTIONS:
                continue
            if not initiatives.tags():
                with transaction():
                    for number, new in enumerate(INITIATIVES):
                        initiatives.save(None, new).added_at = _at(demo.today - timedelta(days=3 + 9 * number), 11)
            if not meetings.coming() and not meetings.past()[1]:
                with transaction():
                    _meetings(demo, ROOMS[slug])
            asked = questions.listed()[1]
        if not asked:
            _questions(demo, slug)


def _contacts(demo: DemoRegion) -> None:
    """A central contact in nearly every organisation, an ambassador in every second; one is away and replaced."""
    made = []
    for number, organisation in enumerate(service.organisations()):
        if organisation.slug in WITHOUT:
            continue
        kinds = (ContactKind.CENTRAL, ContactKind.AMBASSADOR)[: 2 if number % 2 else 1]
        for turn, kind in enumerate(kinds):
            first, last = demo.random.choice(FIRST), demo.random.choice(LAST)
            entry = Entry(
                organisation.id,
                kind,
                f"{first} {last}",
                JOBS[(number + turn) % len(JOBS)],
                f"0000 00 0{turn} {number:02d}",
                f"{first}.{last}@{organisation.slug}.example".lower(),
            )
            made.append((service.add(entry).id, entry))
    central = [each for each in made if each[1].kind is ContactKind.CENTRAL]
    if len(central) > 1:
        (away, entry), (other, _entry) = central[:2]
        days = {"absent_from": demo.today - timedelta(days=2), "absent_to": demo.today + timedelta(days=8)}
        service.change(away, Entry(**{**vars(entry), **days, "replacement_id": other}))


def _meetings(demo: DemoRegion, place: str) -> None:
    for days, title, agenda, minutes, decisions in MEETINGS:
        day = demo.today + timedelta(days=days)
        held = meetings.plan(NewMeeting(title, _at(day, 9, 30), _at(day, 12), place, agenda=agenda))
        if minutes:
            meetings.write_minutes(held.id, minutes, held.revision)
            held.minutes_at = _at(day + timedelta(days=2), 16)
        for text, who, due, done in decisions:
            by_when = None if due is None else demo.today + timedelta(days=due)
            decision = meetings.decide(held.id, text, who, by_when)
            meetings.follow_up(held.id, decision.id, done=done)


def _questions(demo: DemoRegion, slug: str) -> None:
    """What people asked and answered, each as themselves."""
    with acting_alone(tenancy.Context(network_id=demo.networks[slug].id)):
        pages = {page.slug: page.id for part in handbook.contents() for _depth, page in part.pages}
    for days, who, title, body, about, answers, helped, closed in QUESTIONS[slug]:
        if who not in demo.users:
            continue
        at = _at(demo.today - timedelta(days=days), 10)
        with demo.acting(who), transaction():
            asked = questions.ask(title, body, pages.get(about))
            asked.asked_at = at
            question_id = asked.id
        given = [
            _answer(demo, colleague, question_id, text, pages.get(page or ""), at + timedelta(hours=5 * turn))
            for turn, (colleague, text, page) in enumerate(answers, start=1)
        ]
        with demo.acting(who):
            if helped is not None:
                questions.accept(question_id, given[helped])
            questions.close(question_id, closed=closed)


def _answer(
    demo: DemoRegion, who: str, question_id: uuid.UUID, text: str, page_id: uuid.UUID | None, at: datetime
) -> uuid.UUID:
    with demo.acting(who), transaction():
        given = questions.answer(question_id, text, page_id)
        given.at = at
        return given.id


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), BRUSSELS).astimezone(UTC)
