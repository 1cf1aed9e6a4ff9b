"""Who followed what: counts per organisation for who arranges the training, names within the own organisation only."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, select

from app.database import db
from app.security.models import Membership, Tenant
from playbook.exchange.service import organisations
from playbook.handbook.service import ours
from playbook.training import rules
from playbook.training.enrolling import colleagues, organisation
from playbook.training.models import Certificate, Completion, Course, Enrolment, TrainingSession
from playbook.training.rules import Gap
from playbook.training.service import TrackCourses


@dataclass(frozen=True)
class OrganisationCounts:
    """An organisation: course -> (people who were present, certificates)."""

    organisation: Tenant
    of_course: Mapping[uuid.UUID, tuple[int, int]]

    @property
    def people(self) -> int:
        return sum(present for present, _given in self.of_course.values())


@dataclass(frozen=True)
class Beginning:
    """Somebody who has just begun: the track for them, and how many of its courses they followed."""

    track: TrackCourses
    followed: int


@dataclass(frozen=True)
class Colleague:
    """Somebody of the organisation: courses they finished, were at, and are on a list for."""

    user: User
    done: frozenset[uuid.UUID]
    present: frozenset[uuid.UUID]
    enrolled: frozenset[uuid.UUID]
    missing: tuple[uuid.UUID, ...]
    beginning: Beginning | None


def per_organisation() -> list[OrganisationCounts]:
    """The organisations of the network with their counts, as far as one may see: two statements, whatever the size."""
    present = _counted(
        select(Enrolment.organisation_id, TrainingSession.course_id, func.count(Enrolment.user_id.distinct()))
        .join(
            TrainingSession,
            (TrainingSession.network_id == Enrolment.network_id) & (TrainingSession.id == Enrolment.session_id),
        )
        .where(ours(Enrolment), Enrolment.present_at.is_not(None))
        .group_by(Enrolment.organisation_id, TrainingSession.course_id)
    )
    given = _counted(
        select(Certificate.organisation_id, Certificate.course_id, func.count())
        .where(ours(Certificate))
        .group_by(Certificate.organisation_id, Certificate.course_id)
    )
    found = []
    for each in organisations():
        keys = {course for home, course in present.keys() | given.keys() if home == each.id}
        counts = {c: (present.get((each.id, c), 0), given.get((each.id, c), 0)) for c in keys}
        found.append(OrganisationCounts(each, counts))
    return found


def _counted(query: Any) -> dict[tuple[uuid.UUID, uuid.UUID], int]:
    return {(home, course): number for home, course, number in db.session.execute(query)}


@dataclass(frozen=True)
class Team:
    """The acting organisation's people with what they followed and what is missing, and the gaps per role."""

    people: Sequence[Colleague]
    gaps: Sequence[Gap]


def team(tracks: Sequence[TrackCourses]) -> Team:
    """The people of the acting organisation. Raises TrainingError when one acts for none."""
    home = organisation()
    users = colleagues()
    done = _courses_of(select(Completion.user_id, Completion.course_id))
    placed = (
        select(Enrolment.user_id, TrainingSession.course_id)
        .join(
            TrainingSession,
            (TrainingSession.network_id == Enrolment.network_id) & (TrainingSession.id == Enrolment.session_id),
        )
        .where(ours(Enrolment), Enrolment.organisation_id == home)
    )
    present = _courses_of(placed.where(Enrolment.present_at.is_not(None)))
    to_come = placed.where(TrainingSession.ends_at > func.now(), TrainingSession.cancelled_at.is_(None))
    coming = _courses_of(to_come.where(Enrolment.present_at.is_(None)))
    roles = _roles(home)
    needs = [each.needs() for each in tracks if not each.track.is_onboarding]
    people = [
        Colleague(
            user,
            frozenset(done.get(user.id, ())),
            frozenset(present.get(user.id, ())),
            frozenset(coming.get(user.id, ())),
            tuple(
                course
                for course in map(uuid.UUID, rules.needed_by(needs, roles.get(user.id, ())))
                if course not in done.get(user.id, ()) and course not in present.get(user.id, ())
            ),
            beginning(tracks, done.get(user.id, set()) | present.get(user.id, set())),
        )
        for user in users
    ]
    had = {person.user.id: {str(c) for c in person.done | person.present} for person in people}
    return Team(people, rules.gaps(needs, {u.id: roles.get(u.id, ()) for u in users}, had))


def _courses_of(query: Any) -> dict[int, set[uuid.UUID]]:
    found: dict[int, set[uuid.UUID]] = {}
    for user_id, course_id in db.session.execute(query):
        found.setdefault(user_id, set()).add(course_id)
    return found


def _roles(home: uuid.UUID) -> dict[int, set[str]]:
    query = select(Membership.user_id, Membership.role).where(Membership.tenant_id == home)
    found: dict[int, set[str]] = {}
    for user_id, role in db.session.execute(query):
        found.setdefault(user_id, set()).add(role)
    return found


def beginning(tracks: Sequence[TrackCourses], followed: Collection[uuid.UUID]) -> Beginning | None:
    """The track for who has just begun, when somebody who followed these courses is still busy with it."""
    for each in tracks:
        own = [str(course.id) for course in each.courses]
        elsewhere = [str(course.id) for other in tracks if other is not each for course in other.courses]
        if each.track.is_onboarding and own and rules.is_beginning(own, elsewhere, {str(c) for c in followed}):
            return Beginning(each, sum(course.id in followed for course in each.courses))
    return None


def my_courses(tracks: Sequence[TrackCourses], roles: Sequence[str]) -> list[Course]:
    """The courses that are meant for somebody with these roles, save the track for who begins."""
    needs = [each.needs() for each in tracks if not each.track.is_onboarding]
    known = {str(course.id): course for each in tracks for course in each.courses}
    return [known[key] for key in rules.needed_by(needs, roles)]
