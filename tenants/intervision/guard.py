"""Reads what people want to say about a released case: the words of the file when it is ours, else shapes alone."""

import uuid

from flask import has_request_context
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app import tenancy
from app.database import db
from app.security.models import Tenant
from app.ui.viewer import viewer
from playbook.intervision.guarding import Passage
from tenants.cases.service import find as find_case
from tenants.intervision import entities, rules
from tenants.intervision.codes import Section, State
from tenants.intervision.models import DiscussionDraft
from tenants.intervision.own import FileWords, Named


def detect(discussion_id: uuid.UUID, text: str, unnamed: bool) -> list[Passage]:
    """What in a remark may tell whose case it is, or whose organisation's when its writer stays unnamed."""
    found = []
    for words in (_of_file(discussion_id), _of_writer() if unnamed else FileWords()):
        # A remark is one part; which of them makes no difference to the detector.
        found += rules.find({Section.QUESTION: text}, words, entities.places())
    return [Passage(each.key, each.text, each.kind.label, each.instead, each.is_hard) for each in _apart(found)]


def _apart(findings: list[rules.Finding]) -> list[rules.Finding]:
    """Where two look at the same words, what is sure counts."""
    sure = rules.hard(findings)
    return sure + [
        each
        for each in findings
        if not each.is_hard and all(each.end <= other.start or other.end <= each.start for other in sure)
    ]


def _of_file(discussion_id: uuid.UUID) -> FileWords:
    """The words of the file, when it is the acting organisation's and the one who writes may know whose case it is.

    To anybody else an objection to a name would tell that it is the right one.
    """
    if tenancy.current().tenant_id is None or (has_request_context() and not viewer.can("intervision.read")):
        return FileWords()
    query = select(DiscussionDraft).where(
        DiscussionDraft.state == State.RELEASED, DiscussionDraft.released_id == discussion_id
    )
    draft: DiscussionDraft | None = db.session.scalar(query)
    if draft is None:
        return FileWords()
    return entities.words_of(db.session(), find_case(draft.case_id), draft.author_id)


def _of_writer() -> FileWords:
    """Who writes and for which organisation: the name they just left out."""
    me = tenancy.current()
    person = db.session.get(User, me.user_id)
    home = db.session.get(Tenant, me.tenant_id) if me.tenant_id else None
    return FileWords(
        workers=(Named(person.first_name, person.last_name),) if person else (),
        organisations=(home.name,) if home else (),
    )
