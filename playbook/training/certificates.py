"""Certificates (attesten): given when a course is complete, printed from what was frozen then, verified by all.

Who verifies one learns of which course it is, and may type the name on the paper to hear whether it is the right
one. The name itself is never shown, and what is kept of it on the shared side is a keyed hash.
"""

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal
from functools import cache

from flask import current_app
from flask_appbuilder.security.sqla.models import User
from jinja2 import Environment, PackageLoader, StrictUndefined
from sqlalchemy import select

from app import tenancy
from app.crypto import keyed_hash
from app.database import db, transaction
from app.documents.engine import render_pdf
from app.documents.rules import day
from app.i18n import N_
from app.security.attempts import one_try
from app.security.models import Network, Tenant
from app.security.rules import Kind
from app.ui.formats import today
from playbook.handbook.service import ours
from playbook.training import rules
from playbook.training.enrolling import organisation
from playbook.training.learning import Progress, progress
from playbook.training.models import Certificate, Completion, Course
from playbook.training.service import NotThereError, TrainingError, me

PURPOSE = "training certificate"


@dataclass(frozen=True)
class Verified:
    """What a certificate's number tells to whoever has it. network: the network's name."""

    certificate: Certificate
    network: str


def mine() -> dict[uuid.UUID, Completion]:
    """The acting person's completed courses at the acting organisation, by course."""
    return {row.course_id: row for row in db.session.scalars(select(Completion).where(Completion.user_id == me()))}


def give_due(courses: Sequence[Course]) -> list[Course]:
    """Give the acting person the certificates of the courses that are complete by now; which ones these were."""
    done, far = mine(), progress(courses)
    due = [course for course in courses if course.id not in done and far[course.id].is_complete]
    for course in due:
        _give(course, far[course.id])
    return due


def _give(course: Course, far: Progress) -> None:
    if not far.is_complete:
        raise TrainingError([("", N_("This course is not complete yet."))])
    with transaction() as session:
        # The person's row makes two windows wait for one another: one certificate per course.
        user = session.scalars(select(User).where(User.id == me()).with_for_update(key_share=True)).one()
        if course.id in mine():
            return
        network = session.get_one(Network, tenancy.current_network_id())
        name = f"{user.first_name} {user.last_name}"
        draws = [secrets.randbelow(len(rules.ALPHABET)) for _ in range(12)]
        number = rules.certificate_number(network.slug, today().year, draws)
        row = Certificate(
            number=number,
            course_id=course.id,
            course_title=course.title,
            hours=course.hours,
            organisation_id=organisation(),
            given_on=today(),
            name_hash=_hash(number, name),
        )
        session.add(row)
        session.flush()
        session.add(
            Completion(
                network_id=course.network_id,
                course_id=course.id,
                certificate_id=row.id,
                user_id=user.id,
                name=name,
                completed_on=today(),
            )
        )


def _hash(number: str, name: str) -> str:
    return keyed_hash(f"{number}:{rules.comparable_name(name)}", PURPOSE)


def verify(text: str, address: str) -> Verified:
    """The certificate with a number, for anybody. address: of the network, as the portal sees it.

    Raises NotThereError, and LockedError after too many wrong numbers.
    """
    parts = rules.read_number(text)
    with one_try(Kind.CERTIFICATE, parts[1] if parts else text, address) as attempt:
        found = _find(*parts) if parts else None
        attempt.succeeded = found is not None
    if found is None:
        raise NotThereError(text)
    return found


def _find(slug: str, number: str) -> Verified | None:
    """The number names its network, and only for this look-up one acts within it."""
    network = db.session.scalar(select(Network).where(Network.slug == slug))
    if network is None:
        return None
    before = tenancy.current()
    tenancy.enter(tenancy.Context(network_id=network.id), db.session())
    try:
        query = select(Certificate).where(ours(Certificate), Certificate.number == number)
        found: Certificate | None = db.session.scalar(query)
    finally:
        tenancy.enter(before, db.session())
    if found is None:
        return None
    db.session.expunge(found)  # it is shown to whom the database would not show it again
    return Verified(found, network.name)


def bears(certificate: Certificate, name: str, address: str) -> bool:
    """Whether a certificate was given to somebody of this name. Raises LockedError after too many wrong names."""
    with one_try(Kind.NAME_ON_CERTIFICATE, certificate.number, address) as attempt:
        attempt.succeeded = secrets.compare_digest(certificate.name_hash, _hash(certificate.number, name))
    return attempt.succeeded


def pdf(course_id: uuid.UUID) -> tuple[str, bytes]:
    """(number, bytes) of the acting person's certificate of a course. Raises NotThereError."""
    completion = mine().get(course_id)
    if completion is None:
        raise NotThereError(str(course_id))
    row = db.session.get_one(Certificate, completion.certificate_id)
    settings = current_app.extensions["settings"]
    address = f"{settings.base_url}/vorming/attest/{row.number}/"
    html = (
        _templates()
        .get_template("certificate-1.html")
        .render(
            name=completion.name,
            title=row.course_title,
            hours=_hours(row.hours),
            given_on=day(row.given_on),
            organisation=db.session.get_one(Tenant, row.organisation_id).name,
            network=db.session.get_one(Network, row.network_id).name,
            number=row.number,
            address=address.removeprefix("https://").removeprefix("http://"),
        )
    )
    made = render_pdf(
        html,
        title=f"Attest: {row.course_title}",
        lang="nl-BE",
        identifier=row.id,
        created=datetime.combine(row.given_on, time(12), UTC),
    )
    return row.number, made


def _hours(hours: Decimal) -> str:
    """'3 uur', '2,5 uur'."""
    return f"{hours.normalize():f} uur".replace(".", ",")


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("playbook.training", "templates/training"), autoescape=True, undefined=StrictUndefined
    )
