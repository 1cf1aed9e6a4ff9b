"""A copy of a whole file in the demo: a household asked to see it, and what is about others was left out."""

from flask import current_app
from sqlalchemy import select

from app.database import db
from app.demo import DemoRegion
from tenants.cases.codes import CaseState
from tenants.cases.models import Case
from tenants.file_copy import service
from tenants.file_copy.models import FileCopy
from tenants.file_copy.rules import FEW_LINES, Choice, Purpose, first_choice
from tenants.letters.models import Document

WORKERS = ("medewerker.oostende", "medewerker.kortrijk")


def load(demo: DemoRegion) -> None:
    """One copy in each of two organisations, of a file with an agreement that is short enough to be made at once."""
    for worker in WORKERS:
        if worker not in demo.users:
            continue
        with demo.acting(worker):
            if db.session.scalar(select(FileCopy.id).limit(1)) is None:
                _copy()


def _copy() -> None:
    query = select(Case.id).join(Document, Document.case_id == Case.id).where(Case.state == CaseState.OPEN)
    with current_app.test_request_context("/"):  # the course of a case links to pages
        for case_id in db.session.scalars(query.order_by(Case.number).limit(4)).all():
            whole = service.review(case_id)
            if sum(len(part.lines) for part in whole.parts) <= FEW_LINES:
                offered = first_choice(whole.parts)
                choice = Choice(offered.hidden, offered.passages, without_colleagues=True)
                service.make(case_id, Purpose.ACCESS, choice, whole.seen)
                return
