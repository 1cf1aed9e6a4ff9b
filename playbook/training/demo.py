"""The training with which a network starts: the courses of the folder `start`; in the demo people follow them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from app import tenancy
from app.calendar.rules import next_working_day
from app.database import transaction
from app.demo import DemoRegion, acting_alone
from app.security.roles import Role
from playbook.training import attending, certificates, enrolling, learning, materials, service, sessions
from playbook.training.learning import NewEvaluation
from playbook.training.materials import NewContent
from playbook.training.models import Course, TrainingSession
from playbook.training.service import NewCourse, NewQuestion, NewTrack
from playbook.training.sessions import NewSession

START = Path(__file__).parent / "start"
BRUSSELS = ZoneInfo("Europe/Brussels")
WORKERS = (Role.SOCIAL_WORKER.value, Role.TEAM_LEAD.value)
TRACKS = (
    (
        "Nieuw in preventie uithuiszetting",
        "Je eerste drie maanden: lees en maak de toets op je eigen tempo, en kom naar één sessie.",
        (), True, ("welkom", "gegevens", "verzoekschrift"),
    ),
    (
        "Basis voor maatschappelijk werkers",
        "Wat iedereen die met uithuiszetting werkt onder de knie heeft.",
        WORKERS, False, ("verzoekschrift", "aanklampend", "fbu", "na-het-vonnis"),
    ),
    (
        "Samenwerken in de streek",
        "Voor wie contacten legt met verhuurders en partners.",
        (Role.TEAM_LEAD.value,), False, ("verhuurders", "gegevens"),
    ),
)  # fmt: skip
LINKS = (
    ("verzoekschrift", "Presentatie: hoe voorkomen OCMW's uithuiszettingen? (VVSG)", "https://www.vvsg.be/"),
    ("verhuurders", "Het meldpunt van W13", "https://www.welzijn13.be/"),
)
PEOPLE = {
    "w13": ("medewerker.kortrijk", "hoofd.kortrijk", "medewerker.menen", "medewerker.caw"),
    "oostende": ("medewerker.oostende", "collega.oostende", "hoofd.oostende", "medewerker.bredene"),
}
ROOMS = {
    "w13": ("Sociaal Huis, zaal 2, Kortrijk", "Gemeentehuis, raadzaal, Harelbeke"),
    "oostende": ("Sociaal Huis, zaal 1, Oostende", "Gemeentehuis, raadzaal, Bredene"),
}
REMARKS = ("Het rollenspel hielp het meest.", "", "Graag nog meer tijd voor eigen vragen.", "")


@dataclass(frozen=True)
class Read:
    """A file of the folder `start`."""

    key: str
    course: NewCourse
    questions: tuple[NewQuestion, ...]


def load(demo: DemoRegion) -> None:
    """Give every network its courses; one that has a course is left as it is."""
    for slug, network in demo.networks.items():
        arranger = demo.users.get(f"coordinator.{slug}")
        alone = tenancy.Context(None, arranger.id if arranger else None, network.id)
        with acting_alone(alone):
            if service.courses():
                continue
            made = fill()
        if slug in PEOPLE and set(PEOPLE[slug]) <= set(demo.users):
            _people_follow(demo, slug, made, alone)


def fill() -> dict[str, Course]:
    """The start courses and tracks in the network in which somebody acts, in one transaction; by key."""
    made = {}
    with transaction():
        for found in read_all():
            course = service.save_course(None, found.course)
            for question in found.questions:
                service.save_question(course.id, None, question)
            made[found.key] = course
        for title, summary, roles, is_onboarding, keys in TRACKS:
            service.save_track(None, NewTrack(title, summary, roles, is_onboarding, [made[key].id for key in keys]))
        for key, title, url in LINKS:
            materials.add(made[key].id, title, NewContent(url=url))
        paper = (START / "leidraad-zitting.pdf").read_bytes()
        row = materials.add(
            made["verzoekschrift"].id, "Leidraad: de zitting voorbereiden", NewContent("", "leidraad.pdf", paper)
        )
        materials.renew(row.id, NewContent("", "leidraad.pdf", paper, "Wat je meebrengt is aangevuld."))
    return made


def read_all() -> Iterator[Read]:
    """The files: title, one sentence, hours, 'alleen' where there are no sessions; then the text, then the quiz."""
    for path in sorted(START.glob("*.md")):
        text, _mark, quiz = path.read_text(encoding="utf-8").partition("\n=== toets\n")
        head, _gap, body = text.partition("\n\n")
        title, summary, hours, *alone = head.splitlines()
        course = NewCourse(
            title.removeprefix("# "), summary, body.strip(), Decimal(hours.removeprefix("uren: ")), 70, not alone
        )
        yield Read(path.stem, course, tuple(_question(part) for part in quiz.strip().split("\n\n")))


def _question(part: str) -> NewQuestion:
    """'? the question', a line per answer, '! why'."""
    first, *lines = part.splitlines()
    why = next((line.removeprefix("! ") for line in lines if line.startswith("! ")), "")
    return NewQuestion(first.removeprefix("? "), "\n".join(line for line in lines if not line.startswith("! ")), why)


# ---------------------------------------------------------------- people


def _people_follow(demo: DemoRegion, slug: str, made: dict[str, Course], alone: tenancy.Context) -> None:
    """A season: two sessions behind us, one that is full, one next week, one that was called off."""
    first, second = ROOMS[slug]
    with acting_alone(alone):
        past = sessions.plan(made["verzoekschrift"].id, _at(demo, -40, 13, first, 16, "Annelies Vermaut"))
        late = sessions.plan(made["na-het-vonnis"].id, _at(demo, -15, 9, second, 16, "Mr. Stijn Daels"))
        full = sessions.plan(made["aanklampend"].id, _at(demo, 20, 9, first, 2, "Ludo Rommelaere", hours=7))
        soon = sessions.plan(
            made["fbu"].id, _at(demo, 2, 13, "", 25, "Annelies Vermaut", "https://vergadering.example/fbu")
        )
        sessions.plan(made["verzoekschrift"].id, _at(demo, 34, 13, second, 16, "Annelies Vermaut"))
        sessions.plan(made["na-het-vonnis"].id, _at(demo, 55, 9, first, 16, "Mr. Stijn Daels"))
        off = sessions.plan(made["verhuurders"].id, _at(demo, 9, 13, second, 20, "Griet Samyn"))
        sessions.cancel(off.id, "De zaal is die dag niet vrij. We zoeken een andere datum.")
        sessions.plan(made["verhuurders"].id, _at(demo, 41, 13, second, 20, "Griet Samyn"))
    worker, lead, third, fourth = PEOPLE[slug]
    for number, name in enumerate(PEOPLE[slug]):
        with _as(demo, name):
            _was_there(past, NewEvaluation(5 - number % 2, 4, 3 + number % 2, REMARKS[number]))
            if name in (worker, fourth):
                _passes(made["verzoekschrift"], made["welkom"])
    for name, session in ((fourth, late), (lead, late)):
        with _as(demo, name):
            _was_there(session, None)
    for name, session in ((worker, full), (fourth, full), (third, full), (lead, soon), (third, soon)):
        with _as(demo, name):
            enrolling.enrol(session.id)


@contextmanager
def _as(demo: DemoRegion, username: str) -> Iterator[None]:
    with demo.acting(username), transaction():
        yield


def _was_there(session: TrainingSession, said: NewEvaluation | None) -> None:
    enrolling.enrol(session.id, now=session.starts_at - timedelta(days=10))
    attending.arrive(session.id, session.starts_at)
    if said is not None:
        learning.evaluate(session.id, said)


def _passes(*courses: Course) -> None:
    """Hand in the quizzes with the right answers, and take the certificates."""
    for course in courses:
        asked = [service.as_rule(row) for row in service.questions(course.id)]
        learning.hand_in(course, [question.right for question in asked])
    certificates.give_due(courses)


def _at(
    demo: DemoRegion, days: int, hour: int, place: str, capacity: int, trainer: str, url: str = "", hours: int = 3
) -> NewSession:
    """A session so many days from the demo's day, on a working day, from half past `hour`, Belgian time."""
    day = next_working_day(demo.today + timedelta(days=days))
    start = datetime.combine(day, time(hour, 30), BRUSSELS).astimezone(UTC)
    note = "Koffie en water staan klaar. Er is parking naast de deur." if place else ""
    return NewSession(start, start + timedelta(hours=hours), place, url, capacity, trainer, note)
