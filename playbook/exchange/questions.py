"""Questions to the network and their answers: everybody asks and answers, who asked says what helped."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from app import tenancy
from app.database import db, transaction
from app.i18n import N_
from app.security.models import Tenant, utc_now
from playbook.exchange import rules
from playbook.exchange.errors import ConflictError, NotThereError, NotYoursError, RefusedError
from playbook.exchange.models import Answer, Question
from playbook.exchange.rules import QuestionState
from playbook.handbook.models import Page
from playbook.handbook.service import ours

PAGE_SIZE = 25


@dataclass(frozen=True)
class Author:
    """Who wrote something: both are empty when the account is gone or the writer works for the network itself."""

    name: str
    organisation: str


@dataclass(frozen=True)
class Row:
    """A question in the list."""

    id: uuid.UUID
    title: str
    asked_at: datetime
    state: QuestionState
    answers: int
    author: Author


@dataclass(frozen=True)
class Said:
    """An answer with its author and the page of the playbook it points to; helped: it was accepted."""

    answer: Answer
    author: Author
    page: Page | None
    helped: bool
    is_mine: bool


@dataclass(frozen=True)
class Thread:
    """A question with its answers, the accepted one first. is_mine: the reader asked it."""

    question: Question
    author: Author
    page: Page | None
    state: QuestionState
    answers: Sequence[Said]
    is_mine: bool


# ---------------------------------------------------------------- reading


def listed(words: str = "", state: QuestionState | None = None, page: int = 1) -> tuple[list[Row], int]:
    """One page (from 1) of the questions, the newest first, and how many there are in all. Three statements."""
    query = _matching(select(Question), words, state)
    count = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    newest = query.order_by(Question.asked_at.desc(), Question.id.desc())
    found = list(db.session.scalars(newest.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)))
    counted = select(Answer.question_id, func.count()).where(
        ours(Answer), Answer.question_id.in_([q.id for q in found])
    )
    answers = dict(db.session.execute(counted.group_by(Answer.question_id)).tuples().all())
    known = _authors(found)
    return [
        Row(q.id, q.title, q.asked_at, state_of(q), answers.get(q.id, 0), known[(q.author_id, q.organisation_id)])
        for q in found
    ], count


def open_count() -> int:
    """How many questions wait for an answer that helps."""
    query = _matching(select(func.count()).select_from(Question), "", QuestionState.OPEN)
    return db.session.scalar(query) or 0


def thread(question_id: uuid.UUID) -> Thread:
    """A question with everything said about it; raises NotThereError."""
    question = _question(question_id)
    answers = list(
        db.session.scalars(select(Answer).where(ours(Answer), Answer.question_id == question.id).order_by(Answer.at))
    )
    written: list[Question | Answer] = [question, *answers]
    known = _authors(written)
    wanted = {each.page_id for each in written if each.page_id}
    pages = {p.id: p for p in db.session.scalars(select(Page).where(ours(Page), Page.id.in_(wanted)))} if wanted else {}
    me = tenancy.current().user_id
    said = [
        Said(
            answer,
            known[(answer.author_id, answer.organisation_id)],
            pages.get(answer.page_id) if answer.page_id else None,
            answer.id == question.accepted_id,
            answer.author_id == me,
        )
        for answer in answers
    ]
    return Thread(
        question,
        known[(question.author_id, question.organisation_id)],
        pages.get(question.page_id) if question.page_id else None,
        state_of(question),
        sorted(said, key=lambda each: not each.helped),
        question.author_id == me,
    )


def state_of(question: Question) -> QuestionState:
    """How a question stands."""
    return rules.state_of(accepted=question.accepted_id is not None, closed=question.closed_at is not None)


def _matching(query: Select[Any], words: str, state: QuestionState | None) -> Select[Any]:
    query = query.where(ours(Question))
    for word in words.split()[:8]:
        answered = select(Answer.question_id).where(ours(Answer), Answer.body.icontains(word, autoescape=True))
        query = query.where(
            or_(
                Question.title.icontains(word, autoescape=True),
                Question.body.icontains(word, autoescape=True),
                Question.id.in_(answered),
            )
        )
    return query.where(*_standing(state)) if state else query


def _standing(state: QuestionState) -> list[ColumnElement[bool]]:
    if state is QuestionState.CLOSED:
        return [Question.closed_at.is_not(None)]
    helped = Question.accepted_id.is_not(None)
    return [Question.closed_at.is_(None), helped if state is QuestionState.ANSWERED else ~helped]


def _authors(written: Iterable[Question | Answer]) -> dict[tuple[int | None, uuid.UUID | None], Author]:
    """Who wrote these, by (author_id, organisation_id). At most two statements."""
    keys = {(each.author_id, each.organisation_id) for each in written}
    people, homes = {i for i, _home in keys if i}, {home for _i, home in keys if home}
    users = {u.id: u for u in db.session.scalars(select(User).where(User.id.in_(people)))} if people else {}
    names = dict(db.session.execute(select(Tenant.id, Tenant.name).where(Tenant.id.in_(homes))).tuples().all())
    return {
        (user_id, home): Author(
            f"{users[user_id].first_name} {users[user_id].last_name}" if user_id in users else "",
            names.get(home, "") if home else "",
        )
        for user_id, home in keys
    }


# ---------------------------------------------------------------- asking and answering


def ask(title: str, body: str = "", page_id: uuid.UUID | None = None) -> Question:
    """A new question of the one who acts. Raises RefusedError."""
    title = " ".join(title.split())
    with transaction() as session:
        _refuse(rules.question_problems(title, body.strip()) + _page_problems(session, page_id))
        question = Question(title=title, body=body.strip(), page_id=page_id, **_signed())
        session.add(question)
    return question


def answer(question_id: uuid.UUID, body: str, page_id: uuid.UUID | None = None) -> Answer:
    """An answer of the one who acts. Raises NotThereError, RefusedError; ConflictError when it was closed."""
    with transaction() as session:
        question = _question(question_id, lock=True)
        if question.closed_at is not None:
            raise ConflictError(N_("This question was closed in the meantime. Your answer was not saved."))
        _refuse(rules.answer_problems(body.strip()) + _page_problems(session, page_id))
        given = Answer(question_id=question.id, body=body.strip(), page_id=page_id, **_signed())
        session.add(given)
    return given


def accept(question_id: uuid.UUID, answer_id: uuid.UUID | None, *, arranges: bool = False) -> None:
    """Say which answer helped, or (none) that none did after all.

    Who asked may, and who arranges the network. Raises NotThereError and NotYoursError.
    """
    with transaction():
        question = _of_mine(question_id, arranges)
        if answer_id is not None:
            _answer(question, answer_id)
        question.accepted_id = answer_id


def close(question_id: uuid.UUID, *, closed: bool, arranges: bool = False) -> None:
    """Close a question or open it again; twice the same changes nothing. Raises NotThereError and NotYoursError."""
    with transaction():
        question = _of_mine(question_id, arranges)
        if closed != (question.closed_at is not None):
            question.closed_at = utc_now() if closed else None


def remove(question_id: uuid.UUID, *, arranges: bool = False) -> None:
    """Delete a question with its answers. Raises NotThereError and NotYoursError."""
    with transaction() as session:
        question = _of_mine(question_id, arranges)
        question.accepted_id = None
        session.flush()
        session.delete(question)


def remove_answer(question_id: uuid.UUID, answer_id: uuid.UUID, *, arranges: bool = False) -> None:
    """Delete an answer: who gave it may, and who arranges the network. Raises NotThereError and NotYoursError."""
    with transaction() as session:
        question = _question(question_id, lock=True)
        given = _answer(question, answer_id)
        if not arranges and given.author_id != tenancy.current().user_id:
            raise NotYoursError(str(answer_id))
        if question.accepted_id == given.id:
            question.accepted_id = None
            session.flush()
        session.delete(given)


def _signed() -> dict[str, Any]:
    context = tenancy.current()
    return {"author_id": context.user_id, "organisation_id": context.tenant_id}


def _question(question_id: uuid.UUID, *, lock: bool = False) -> Question:
    query = select(Question).where(ours(Question), Question.id == question_id)
    query = query.with_for_update().execution_options(populate_existing=True) if lock else query
    found: Question | None = db.session.scalar(query)
    if found is None:
        raise NotThereError(str(question_id))
    return found


def _of_mine(question_id: uuid.UUID, arranges: bool) -> Question:
    question = _question(question_id, lock=True)
    if not arranges and question.author_id != tenancy.current().user_id:
        raise NotYoursError(str(question_id))
    return question


def _answer(question: Question, answer_id: uuid.UUID) -> Answer:
    query = select(Answer).where(ours(Answer), Answer.question_id == question.id, Answer.id == answer_id)
    found: Answer | None = db.session.scalar(query)
    if found is None:
        raise NotThereError(str(answer_id))
    return found


def _page_problems(session: Session, page_id: uuid.UUID | None) -> list[rules.Problem]:
    if page_id is None or session.scalar(select(Page.id).where(ours(Page), Page.id == page_id)):
        return []
    return [("page", N_("This page does not exist any more. Choose another one."))]


def _refuse(problems: list[rules.Problem]) -> None:
    if problems:
        raise RefusedError(problems)
