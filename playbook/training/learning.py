"""What somebody does in a course besides being there: the quiz, and what they thought of a session."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from app import tenancy
from app.database import db, transaction
from app.i18n import N_
from playbook.handbook.service import ours
from playbook.training import rules
from playbook.training.enrolling import mine, organisation
from playbook.training.models import Attempt, Course, Enrolment, Evaluation, Question, TrainingSession
from playbook.training.rules import Marked, Opinion
from playbook.training.service import NotThereError, TrainingError, as_rule, me, questions
from playbook.training.sessions import one


@dataclass(frozen=True)
class Progress:
    """How far somebody is in a course. best: percent of the quiz, None when it was never handed in."""

    was_present: bool
    best: int | None
    passed: bool
    has_quiz: bool
    has_sessions: bool

    @property
    def is_complete(self) -> bool:
        return (self.was_present or not self.has_sessions) and (self.passed or not self.has_quiz)


def hand_in(course: Course, given: Sequence[Collection[int]]) -> Marked:
    """Mark the acting person's quiz and keep the result, not the answers. Raises TrainingError.

    One may try as often as one likes: the quiz is there to learn from.
    """
    organisation()
    asked = [as_rule(row) for row in questions(course.id)]
    if not asked:
        raise TrainingError([("", N_("This course has no quiz."))])
    marked = rules.mark(asked, given, course.pass_mark)
    with transaction() as session:
        session.add(
            Attempt(
                network_id=course.network_id,
                course_id=course.id,
                user_id=me(),
                score=marked.percent,
                passed=marked.passed,
            )
        )
    return marked


def progress(courses: Sequence[Course]) -> dict[uuid.UUID, Progress]:
    """How far the acting person is in each of these courses: three statements, however many courses."""
    ids = [course.id for course in courses]
    asking = set(db.session.scalars(_with_quiz(ids)))
    there = set(
        db.session.scalars(
            select(TrainingSession.course_id)
            .join(
                Enrolment,
                (Enrolment.network_id == TrainingSession.network_id) & (Enrolment.session_id == TrainingSession.id),
            )
            .where(ours(Enrolment), Enrolment.user_id == me(), Enrolment.present_at.is_not(None))
        )
    )
    tried = {
        course_id: (best, passed)
        for course_id, best, passed in db.session.execute(
            select(Attempt.course_id, func.max(Attempt.score), func.bool_or(Attempt.passed))
            .where(Attempt.user_id == me(), Attempt.course_id.in_(ids))
            .group_by(Attempt.course_id)
        )
    }
    found = {}
    for course in courses:
        best, passed = tried.get(course.id, (None, False))
        found[course.id] = Progress(course.id in there, best, passed, course.id in asking, course.has_sessions)
    return found


def _with_quiz(ids: Collection[uuid.UUID]) -> Select[uuid.UUID]:
    return select(Question.course_id).where(ours(Question), Question.course_id.in_(ids)).distinct()


# ---------------------------------------------------------------- evaluation


@dataclass(frozen=True)
class NewEvaluation:
    """useful, clear, pace: 1 to 5."""

    useful: int
    clear: int
    pace: int
    remark: str = ""


def may_evaluate(session_id: uuid.UUID) -> bool:
    """Whether the acting person was there and did not say yet what they thought."""
    own = mine(session_id)
    return own is not None and own.enrolment.present_at is not None and not own.enrolment.has_evaluated


def evaluate(session_id: uuid.UUID, said: NewEvaluation) -> None:
    """Keep what somebody thought, without who. Raises NotThereError and TrainingError."""
    with transaction() as session:
        own = mine(session_id)
        if own is None or own.enrolment.present_at is None:
            raise NotThereError(str(session_id))
        locked = select(Enrolment).where(ours(Enrolment), Enrolment.id == own.enrolment.id).with_for_update()
        enrolment = session.scalars(locked.execution_options(populate_existing=True)).one()
        if enrolment.has_evaluated:
            raise TrainingError([("", N_("You have told us already what you thought. Thank you."))])
        enrolment.has_evaluated = True
        session.add(
            Evaluation(
                id=uuid.uuid4(),  # a UUIDv7 would tell when, and so who
                session_id=session_id,
                useful=said.useful,
                clear=said.clear,
                pace=said.pace,
                remark=said.remark,
            )
        )


def opinion(session_id: uuid.UUID) -> tuple[int, Opinion | None]:
    """How many answered, and what they said together when there are enough. Raises NotThereError."""
    one(session_id)
    query = select(Evaluation.useful, Evaluation.clear, Evaluation.pace, Evaluation.remark)
    rows = db.session.execute(query.where(ours(Evaluation), Evaluation.session_id == session_id)).all()
    answers = [(row.useful, row.clear, row.pace, row.remark) for row in rows]
    return len(answers), rules.opinion_of(answers)


def acts_for_organisation() -> bool:
    """Whether the acting person can take part: one does so for an organisation."""
    return tenancy.current().tenant_id is not None
