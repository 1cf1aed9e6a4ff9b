"""The tracks and courses of a network: what there is to learn, read by all, written by who arranges it."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app import tenancy
from app.database import db, transaction
from app.i18n import N_
from playbook.handbook.rules import slug_of
from playbook.handbook.service import ours
from playbook.training import rules
from playbook.training.models import Course, Question, Track, TrackCourse
from playbook.training.rules import Problem, TrackNeeds


class NotThereError(Exception):
    """There is no such course, session or material in this network."""


class TrainingError(Exception):
    """Something can't be done as asked; `problems` are pairs (field, msgid), a field of '' being the whole."""

    def __init__(self, problems: Sequence[Problem], **params: object) -> None:
        super().__init__("; ".join(message for _field, message in problems))
        self.problems, self.params = problems, params


@dataclass(frozen=True)
class NewCourse:
    """What a course says; see models.Course."""

    title: str
    summary: str = ""
    body: str = ""
    hours: Decimal = Decimal(3)
    pass_mark: int = 70
    has_sessions: bool = True


@dataclass(frozen=True)
class NewTrack:
    """What a track says; courses in their order."""

    title: str
    summary: str = ""
    roles: Sequence[str] = ()
    is_onboarding: bool = False
    courses: Sequence[uuid.UUID] = ()


@dataclass(frozen=True)
class TrackCourses:
    """A track with its courses, in order."""

    track: Track
    courses: Sequence[Course] = field(default_factory=tuple)

    def needs(self) -> TrackNeeds:
        """The track as a requirement, its courses by id."""
        return TrackNeeds(str(self.track.id), frozenset(self.track.roles), tuple(str(c.id) for c in self.courses))


# ---------------------------------------------------------------- reading


def courses() -> list[Course]:
    """The courses of the network, by title."""
    return list(db.session.scalars(select(Course).where(ours(Course)).order_by(Course.title)))


def course(slug: str) -> Course:
    """A course by its address; raises NotThereError."""
    found: Course | None = db.session.scalar(select(Course).where(ours(Course), Course.slug == slug))
    if found is None:
        raise NotThereError(slug)
    return found


def course_by_id(course_id: uuid.UUID) -> Course:
    """A course; raises NotThereError."""
    found: Course | None = db.session.scalar(select(Course).where(ours(Course), Course.id == course_id))
    if found is None:
        raise NotThereError(str(course_id))
    return found


def tracks() -> list[TrackCourses]:
    """The tracks with their courses, the one for who has just begun first. Two statements."""
    order = (Track.is_onboarding.desc(), Track.position, Track.title)
    found = list(db.session.scalars(select(Track).where(ours(Track)).order_by(*order)))
    by_track: dict[uuid.UUID, list[Course]] = {track.id: [] for track in found}
    query = (
        select(TrackCourse.track_id, Course)
        .join(Course, (Course.network_id == TrackCourse.network_id) & (Course.id == TrackCourse.course_id))
        .where(ours(TrackCourse))
        .order_by(TrackCourse.position)
    )
    for track_id, part in db.session.execute(query):
        by_track[track_id].append(part)
    return [TrackCourses(track, by_track[track.id]) for track in found]


def track(slug: str) -> TrackCourses:
    """A track by its address; raises NotThereError."""
    for each in tracks():
        if each.track.slug == slug:
            return each
    raise NotThereError(slug)


def questions(course_id: uuid.UUID) -> list[Question]:
    """The questions of a course's quiz, in order."""
    query = select(Question).where(ours(Question), Question.course_id == course_id)
    return list(db.session.scalars(query.order_by(Question.position, Question.id)))


def as_rule(row: Question) -> rules.Question:
    """A stored question as the rules take it."""
    return rules.Question(row.text, row.choices, frozenset(row.right), row.explanation)


# ---------------------------------------------------------------- writing


def save_course(slug: str | None, new: NewCourse) -> Course:
    """A new course (slug None), or a change of one. Raises NotThereError and TrainingError."""
    problems: list[Problem] = []
    if not new.title:
        problems.append(("title", N_("Give the course a title.")))
    if not Decimal("0.5") <= new.hours <= 100:
        problems.append(("hours", N_("Give the length in hours, between half an hour and 100 hours.")))
    if not 1 <= new.pass_mark <= 100:
        problems.append(("pass_mark", N_("Give a percentage between 1 and 100.")))
    if problems:
        raise TrainingError(problems)
    with transaction() as session:
        if slug is None:
            taken = session.scalars(select(Course.slug).where(ours(Course)))
            row = Course(slug=slug_of(new.title, taken))
            session.add(row)
        else:
            row = course(slug)
        row.title, row.summary, row.body = new.title, new.summary, new.body
        row.hours, row.pass_mark, row.has_sessions = new.hours, new.pass_mark, new.has_sessions
    return row


def save_track(slug: str | None, new: NewTrack) -> Track:
    """A new track (slug None), or a change of one. Raises NotThereError and TrainingError."""
    if not new.title:
        raise TrainingError([("title", N_("Give the track a title."))])
    known = {each.id for each in courses()}
    if not set(new.courses) <= known:
        raise TrainingError([("courses", N_("One of these courses does not exist any more. Choose again."))])
    with transaction() as session:
        if slug is None:
            others = session.scalars(select(Track).where(ours(Track))).all()
            row = Track(slug=slug_of(new.title, [each.slug for each in others]), position=len(others) + 1)
            session.add(row)
        else:
            row = track(slug).track
        row.title, row.summary = new.title, new.summary
        row.roles, row.is_onboarding = list(new.roles), new.is_onboarding
        session.flush()
        _set_courses(session, row, new.courses)
    return row


def _set_courses(session: Session, row: Track, wanted: Iterable[uuid.UUID]) -> None:
    session.execute(delete(TrackCourse).where(ours(TrackCourse), TrackCourse.track_id == row.id))
    for position, course_id in enumerate(dict.fromkeys(wanted), 1):
        session.add(TrackCourse(track_id=row.id, course_id=course_id, position=position))


def remove_track(slug: str) -> None:
    """Delete a track; its courses stay. Raises NotThereError."""
    with transaction() as session:
        session.delete(track(slug).track)


@dataclass(frozen=True)
class NewQuestion:
    """A question as it is typed: one choice per line, a star before the right ones."""

    text: str
    choices: str
    explanation: str = ""


def save_question(course_id: uuid.UUID, question_id: uuid.UUID | None, new: NewQuestion) -> Question:
    """A new question at the end of the quiz, or a change of one. Raises NotThereError and TrainingError."""
    choices, right = rules.parse_choices(new.choices)
    if problems := rules.problems_of_question(new.text, choices, right):
        raise TrainingError(problems)
    with transaction() as session:
        known = questions(course_id)
        if question_id is None:
            row = Question(course_id=course_by_id(course_id).id, position=len(known) + 1)
            session.add(row)
        else:
            row = _question(known, question_id)
        row.text, row.choices, row.right = new.text, list(choices), sorted(right)
        row.explanation = new.explanation
    return row


def remove_question(course_id: uuid.UUID, question_id: uuid.UUID) -> None:
    """Take a question out of the quiz. Raises NotThereError."""
    with transaction() as session:
        known = questions(course_id)
        gone = _question(known, question_id)
        session.delete(gone)
        session.execute(
            update(Question)
            .where(ours(Question), Question.course_id == course_id, Question.position > gone.position)
            .values(position=Question.position - 1)
        )


def _question(known: Iterable[Question], question_id: uuid.UUID) -> Question:
    for each in known:
        if each.id == question_id:
            return each
    raise NotThereError(str(question_id))


def me() -> int:
    """The acting person; raises NotThereError when it is nobody."""
    user_id = tenancy.current().user_id
    if user_id is None:
        raise NotThereError("nobody acts")
    return user_id
