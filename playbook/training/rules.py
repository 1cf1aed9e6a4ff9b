"""Training: what a good session, question and file is, how a quiz is marked, what somebody still lacks. Pure."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import mean

from app.i18n import N_

MOST_PLACES = 500  # a hall; a larger number is a slip of the finger
# Fewer answers would let a trainer guess who gave which: with five, one answer hides among four others.
LEAST_ANSWERS = 5
# People come early, and a list is finished at the end; outside these hours a code opens nothing.
BEFORE, AFTER = timedelta(hours=1), timedelta(hours=2)
CODE_SECONDS = 15 * 60  # long enough to sign in on a phone with a second step; too short to be passed on for later
REMIND_BEFORE = timedelta(days=3)  # in time to give the place to somebody else
SCALE = (1, 2, 3, 4, 5)


class PlaceState(StrEnum):
    """A place in a session is taken, or waited for."""

    TAKEN = "taken"
    WAITING = "waiting"


class Present(StrEnum):
    """How somebody's presence came to be known."""

    CODE = "code"
    LIST = "list"


class MaterialKind(StrEnum):
    FILE = "file"
    LINK = "link"


# ---------------------------------------------------------------- sessions

Problem = tuple[str, str]  # (field, msgid)


def problems_of_session(
    starts_at: datetime, ends_at: datetime, place: str, online_url: str, capacity: int
) -> list[Problem]:
    """Everything that is wrong with a session that somebody wants to hold."""
    found = []
    if ends_at <= starts_at:
        found.append(("ends", N_("The session ends before it starts. Check both hours.")))
    if not place and not online_url:
        found.append(("place", N_("Say where it is: a place, a link for online, or both.")))
    if online_url and not is_web_address(online_url):
        found.append(("online_url", N_("This is not an internet address. It begins with https://.")))
    if not 1 <= capacity <= MOST_PLACES:
        found.append(("capacity", N_("Give a number of places between 1 and 500.")))
    return found


def is_web_address(text: str) -> bool:
    """Whether `text` is an https address without a name or password in it."""
    return re.fullmatch(r"https://[\w.-]+\.[a-z]{2,}(?::\d+)?(?:[/?#][^\s<>\"']*)?", text, re.I) is not None


def state_for(taken: int, capacity: int) -> PlaceState:
    """What the next person gets."""
    return PlaceState.TAKEN if taken < capacity else PlaceState.WAITING


def to_move_up(waiting: int, taken: int, capacity: int) -> int:
    """How many of those who wait get a place now."""
    return max(0, min(waiting, capacity - taken))


def is_open_for_presence(now: datetime, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether presence may be shown with the code now: from an hour before to two hours after."""
    return starts_at - BEFORE <= now <= ends_at + AFTER


# ---------------------------------------------------------------- quiz


@dataclass(frozen=True)
class Question:
    """A question with its choices; `right` are the numbers of the right ones, from 0. Exactly these must be ticked."""

    text: str
    choices: Sequence[str]
    right: frozenset[int]
    explanation: str = ""


@dataclass(frozen=True)
class Marked:
    """A quiz that was marked: right answers per question; percent is rounded down, so that 69.9 is no 70."""

    per_question: tuple[bool, ...]
    pass_mark: int

    @property
    def percent(self) -> int:
        return 100 * sum(self.per_question) // len(self.per_question) if self.per_question else 100

    @property
    def passed(self) -> bool:
        return self.percent >= self.pass_mark


def mark(questions: Sequence[Question], given: Sequence[Collection[int]], pass_mark: int) -> Marked:
    """Mark what was ticked per question; one that was left open is wrong. pass_mark: percent."""
    answers = [*given, *([()] * (len(questions) - len(given)))]
    right = (question.right == frozenset(answer) for question, answer in zip(questions, answers, strict=False))
    return Marked(tuple(right), pass_mark)


def parse_choices(text: str) -> tuple[tuple[str, ...], frozenset[int]]:
    """One choice per line; a star before a line says that it is right."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    right = frozenset(number for number, line in enumerate(lines) if line.startswith("*"))
    return tuple(line.lstrip("* ").strip() for line in lines), right


def write_choices(choices: Sequence[str], right: Collection[int]) -> str:
    """The text that `parse_choices` reads."""
    return "\n".join(f"{'* ' if number in right else ''}{choice}" for number, choice in enumerate(choices))


def problems_of_question(text: str, choices: Sequence[str], right: Collection[int]) -> list[Problem]:
    found = []
    if not text:
        found.append(("text", N_("Write the question.")))
    if not 2 <= len(choices) <= 8:
        found.append(("choices", N_("Give two to eight answers, each on a line of its own.")))
    elif not all(choices):
        found.append(("choices", N_("There is a line with nothing but a star. Write the answer after it.")))
    elif len(set(choices)) < len(choices):
        found.append(("choices", N_("Two answers are the same. Change one of them.")))
    elif not right:
        found.append(("choices", N_("Put a star (*) before the right answer, or before each of the right ones.")))
    return found


# ---------------------------------------------------------------- evaluation


@dataclass(frozen=True)
class Opinion:
    """What all answers together say, per question of the form; only made when there are enough."""

    count: int
    useful: float
    clear: float
    pace: float
    remarks: tuple[str, ...]


def opinion_of(answers: Sequence[tuple[int, int, int, str]]) -> Opinion | None:
    """The means of (useful, clear, pace, remark), remarks in alphabetical order; None below five answers.

    Alphabetical, since the order in which they came would tell who left first.
    """
    if len(answers) < LEAST_ANSWERS:
        return None
    useful, clear, pace, remarks = zip(*answers, strict=True)
    told = tuple(sorted(remark for remark in remarks if remark))
    return Opinion(len(answers), round(mean(useful), 1), round(mean(clear), 1), round(mean(pace), 1), told)


# ---------------------------------------------------------------- certificates

# Without letters and digits that look alike on paper (0 O, 1 I L, 5 S, 8 B, 2 Z, U V).
ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
_NUMBER = re.compile(rf"([A-Z0-9-]{{1,40}})-(\d{{4}})-([{ALPHABET}]{{4}})-([{ALPHABET}]{{4}})-([{ALPHABET}]{{4}})")


def certificate_number(network: str, year: int, draws: Sequence[int]) -> str:
    """'W13-2026-7KMA-Q4RD-9XTE': the network's slug, the year, twelve drawn signs (54 bits: nobody guesses one)."""
    signs = "".join(ALPHABET[draw % len(ALPHABET)] for draw in draws)
    return f"{network.upper()}-{year}-{signs[:4]}-{signs[4:8]}-{signs[8:12]}"


def read_number(text: str) -> tuple[str, str] | None:
    """(network's slug, the number as it is written) out of what somebody typed; None when it can't be one."""
    found = _NUMBER.fullmatch("".join(text.split()).upper())
    return (found[1].lower(), found[0]) if found else None


def comparable_name(name: str) -> str:
    """A name without capitals, accents and signs, its parts in order: 'El Khatib, Nadia' is 'Nadia El Khatib'."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return " ".join(sorted(re.findall(r"[a-z]+", bare)))


# ---------------------------------------------------------------- what somebody lacks


@dataclass(frozen=True)
class TrackNeeds:
    """A track as a requirement: its courses in order, and the roles for which it is meant (empty: everybody)."""

    key: str
    roles: frozenset[str]
    courses: tuple[str, ...]


def needed_by(tracks: Iterable[TrackNeeds], roles: Collection[str]) -> tuple[str, ...]:
    """The courses that somebody with these roles should have followed, each once, in the order of the tracks."""
    meant = (track for track in tracks if not track.roles or track.roles & set(roles))
    return tuple(dict.fromkeys(course for track in meant for course in track.courses))


def is_beginning(track: Collection[str], elsewhere: Collection[str], followed: Collection[str]) -> bool:
    """Whether somebody is still busy with the track for who has just begun.

    So is who followed nothing yet, and who began with it: followed something that stands in no track but this one
    (`elsewhere`: the courses of the others). Who is long at work and once followed a common course is not.
    """
    own = set(track) - set(elsewhere)
    return not set(track) <= set(followed) and (not followed or bool(own & set(followed)))


@dataclass(frozen=True)
class Gap:
    """Of the people with a role: how many should have followed a course, and how many did."""

    role: str
    course: str
    needed: int
    done: int

    @property
    def missing(self) -> int:
        return self.needed - self.done


def gaps(
    tracks: Sequence[TrackNeeds], roles_of: Mapping[int, Collection[str]], done: Mapping[int, Collection[str]]
) -> list[Gap]:
    """Per role and course how many of the people (user id -> roles) have done it; where something lacks comes first."""
    found = []
    for role in sorted({role for roles in roles_of.values() for role in roles}):
        people = [person for person, roles in roles_of.items() if role in roles]
        for course in needed_by(tracks, [role]):
            have = sum(1 for person in people if course in done.get(person, ()))
            found.append(Gap(role, course, len(people), have))
    return sorted(found, key=lambda gap: (gap.role, -gap.missing))


# ---------------------------------------------------------------- files

_ZIP, _BOX = b"PK\x03\x04", b"ftyp"


def training_file(content: bytes) -> tuple[str, str] | None:
    """(media type, extension) of slides or a video by its first bytes; None for anything else."""
    if content.startswith(_ZIP) and b"ppt/" in content:
        return "application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"
    if content.startswith(_ZIP) and b"mimetypeapplication/vnd.oasis.opendocument.presentation" in content:
        return "application/vnd.oasis.opendocument.presentation", "odp"
    if content[4:8] == _BOX:
        return "video/mp4", "mp4"
    if content.startswith(b"\x1aE\xdf\xa3") and b"webm" in content[:64]:
        return "video/webm", "webm"
    return None
