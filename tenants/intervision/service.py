"""From a closed case to one that colleagues of the network discuss: write, check, hand in, release, withdraw."""

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, joinedload

from app import tenancy
from app.database import db, read_once, transaction
from app.i18n import N_
from app.identifiers import uuid7
from app.security.models import utc_now
from app.ui.formats import today
from playbook.intervision import service as network
from tenants.cases.codes import CaseState
from tenants.cases.models import Case
from tenants.cases.service import NoSuchCaseError
from tenants.cases.service import find as find_case
from tenants.intervision import entities, rules
from tenants.intervision.codes import WRITABLE, Section, State
from tenants.intervision.models import DiscussionDraft
from tenants.intervision.rules import Finding

LONGEST_REMARK = 2_000  # characters of what should change first
LISTED = 50  # of each state: a year of a large organisation


class NoSuchDraftError(Exception):
    """The acting organisation has no such case to discuss."""


class DraftError(Exception):
    """Something can't be done; the message is a msgid that says what to do."""


class RefusedError(DraftError):
    """The text can't be kept or handed in like this; `problems` are pairs (part, msgid)."""

    def __init__(self, problems: Sequence[tuple[Section | None, str]]) -> None:
        super().__init__(problems[0][1])
        self.problems = problems


class NotYoursError(DraftError):
    """Only its author may do this, or everybody but its author."""


class ChangedError(DraftError):
    """It changed since the one who asks saw it."""


class FoundError(DraftError):
    """The text still tells whose case it is, or nobody said yet that it does not."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(N_("Something in the text may still tell whose case this is."))
        self.findings = findings


@dataclass(frozen=True)
class Checked:
    """A draft with what the detector finds in its text now."""

    draft: DiscussionDraft
    texts: dict[Section, str]
    findings: list[Finding]

    @property
    def hard(self) -> list[Finding]:
        return rules.hard(self.findings)

    @property
    def open(self) -> list[Finding]:
        """The soft ones of which the author did not say yet that they identify nobody."""
        return rules.to_confirm(self.findings, self.draft.confirmed)


# ---------------------------------------------------------------- reading


@read_once
def of_case(case_id: uuid.UUID) -> DiscussionDraft | None:
    """What was written about a case, if anything."""
    draft: DiscussionDraft | None = db.session.scalar(select(DiscussionDraft).where(DiscussionDraft.case_id == case_id))
    return draft


def find(draft_id: uuid.UUID) -> DiscussionDraft:
    """Raises NoSuchDraftError."""
    draft = db.session.get(DiscussionDraft, draft_id)
    if draft is None:
        raise NoSuchDraftError
    return draft


def listed() -> list[tuple[DiscussionDraft, Case]]:
    """What the organisation writes or released, the latest first, each with its case."""
    query = (
        select(DiscussionDraft, Case)
        .join(Case, Case.id == DiscussionDraft.case_id)
        .order_by(DiscussionDraft.changed_at.desc(), DiscussionDraft.id)
        .limit(LISTED)
    )
    return [(draft, case) for draft, case in db.session.execute(query)]


def waiting_count() -> int:
    """How many wait for somebody else than their author: for the one who acts."""
    query = select(func.count()).where(
        DiscussionDraft.state == State.WAITING, DiscussionDraft.author_id != tenancy.current().user_id
    )
    return db.session.scalar(query) or 0


def texts_of(draft: DiscussionDraft | None) -> dict[Section, str]:
    return {section: getattr(draft, section.value) if draft else "" for section in Section}


def facts_of(case: Case) -> dict[str, str]:
    """The coarse facts that go along unless the author leaves them out."""
    return entities.facts_of(db.session(), case)


def check(draft: DiscussionDraft) -> Checked:
    """What the detector finds, with the file as it is now."""
    texts = texts_of(draft)
    words = entities.words_of(db.session(), find_case(draft.case_id), draft.author_id)
    return Checked(draft, texts, rules.find(texts, words, entities.places()))


def is_mine(draft: DiscussionDraft) -> bool:
    return draft.author_id == tenancy.current().user_id


# ---------------------------------------------------------------- writing


def save(case_id: uuid.UUID, texts: Mapping[Section, str], left_out: Collection[str], revision: int) -> DiscussionDraft:
    """Keep what was typed; revision: the one it was made from, 0 for a first text.

    Raises NoSuchCaseError, RefusedError, NotYoursError, ChangedError.
    """
    with transaction() as session:
        case = _case(session, case_id)
        wrong = rules.problems_of(texts, complete=False)
        if wrong:
            raise RefusedError(wrong)
        draft = _held(session, DiscussionDraft.case_id == case_id)
        if draft is None:
            _must_be_closed(case)
            draft = _begin(session, case_id)
        else:
            _must_be_writable(draft, revision)
            draft.revision += 1
        for section in Section:
            setattr(draft, section.value, texts.get(section, "").replace("\x00", "").strip())
        draft.left_out, draft.changed_at = sorted(left_out), utc_now()
        if draft.state == State.WITHDRAWN:
            draft.state = State.DRAFT
    return draft


def _begin(session: Session, case_id: uuid.UUID) -> DiscussionDraft:
    values = {"id": uuid7(), "case_id": case_id, "author_id": tenancy.current().user_id}
    made = session.scalar(insert(DiscussionDraft).on_conflict_do_nothing().returning(DiscussionDraft.id), values)
    if made is None:
        raise ChangedError(N_("A colleague began to write about this case too. Read theirs first."))
    return session.get_one(DiscussionDraft, made)


def replace(
    case_id: uuid.UUID,
    keys: Collection[str] | None,
    say: Callable[[str], str],
    revision: int,
    confirmed: Collection[str],
) -> int:
    """Put something else in the place of the findings with these keys, or (None) of all hard ones; how many places.

    say: a msgid in the writer's language. Raises NoSuchDraftError, NotYoursError, ChangedError.
    """
    with transaction() as session:
        draft = _of_author(session, case_id, revision)
        checked = check(draft)
        chosen = [each for each in checked.findings if (each.is_hard if keys is None else each.key in keys)]
        for section, text in rules.replaced(checked.texts, chosen, say).items():
            setattr(draft, section.value, text)
        draft.confirmed = sorted(confirmed)
        draft.revision, draft.changed_at = draft.revision + 1, utc_now()
    return len(chosen)


def hand_in(case_id: uuid.UUID, confirmed: Collection[str], revision: int) -> DiscussionDraft:
    """Give it to a colleague to read; confirmed: keys of the findings that identify nobody, says its author.

    Those are kept even when it is refused. Raises NoSuchDraftError, NotYoursError, ChangedError, RefusedError,
    FoundError.
    """
    with transaction() as session:
        draft = _of_author(session, case_id, revision)
        draft.confirmed = sorted(confirmed)
    with transaction() as session:
        draft = _of_author(session, case_id, revision)
        _must_be_closed(_case(session, case_id))
        _must_be_ready(draft)
        draft.state, draft.handed_in_at, draft.remark, draft.remark_by = State.WAITING, utc_now(), None, None
    return draft


def take_back(draft_id: uuid.UUID) -> None:
    """The author writes on before a colleague read it. Raises NoSuchDraftError, NotYoursError, ChangedError."""
    with transaction() as session:
        draft = _waiting(session, draft_id)
        if not is_mine(draft):
            raise NotYoursError(N_("Only who wrote this can take it back."))
        draft.state = State.DRAFT


def take_over(draft_id: uuid.UUID, revision: int) -> DiscussionDraft:
    """Write on in the place of a colleague, who does not any more. Raises NoSuchDraftError, ChangedError."""
    with transaction() as session:
        draft = _held(session, DiscussionDraft.id == draft_id)
        if draft is None:
            raise NoSuchDraftError
        if draft.state not in WRITABLE or draft.revision != revision:
            raise ChangedError(N_("Your colleague went on with it meanwhile. Read it again, then decide."))
        me = tenancy.current().user_id
        if me is not None and not is_mine(draft):
            draft.author_id, draft.revision, draft.changed_at = me, draft.revision + 1, utc_now()
    return draft


# ---------------------------------------------------------------- the second person


def send_back(draft_id: uuid.UUID, remark: str, revision: int) -> None:
    """A colleague wants something changed first. Raises as `release`, and RefusedError without a remark."""
    with transaction() as session:
        draft = _for_second_person(session, draft_id, revision)
        told = remark.strip()
        if not told:
            raise RefusedError([(None, N_("Say what should change before this can be released."))])
        if len(told) > LONGEST_REMARK:
            raise RefusedError([(None, N_("Use at most 2,000 characters for what should change."))])
        draft.state, draft.remark, draft.remark_by = State.SENT_BACK, told, tenancy.current().user_id


def release(draft_id: uuid.UUID, revision: int) -> uuid.UUID:
    """Let the network read exactly this text; the id of the case there. The detector runs once more, now.

    Raises NoSuchDraftError, NotYoursError for its author, ChangedError, RefusedError, FoundError.
    """
    with transaction() as session:
        draft = _for_second_person(session, draft_id, revision)
        case = _case(session, draft.case_id)
        _must_be_closed(case)
        texts = _must_be_ready(draft)
        facts = {key: code for key, code in entities.facts_of(session, case).items() if key not in draft.left_out}
        shared = network.publish(
            network.Text(**{section.value: text for section, text in texts.items()}, facts=facts), today()
        )
        session.flush()
        draft.state, draft.released_id = State.RELEASED, shared.id
        draft.released_by, draft.released_at = tenancy.current().user_id, utc_now()
    return shared.id


def withdraw(draft_id: uuid.UUID) -> None:
    """Take a released case back from the network, with its discussion: its author may, and every colleague who may
    release, since who sees a danger should not have to wait. Raises NoSuchDraftError, ChangedError."""
    with transaction() as session:
        draft = _held(session, DiscussionDraft.id == draft_id)
        if draft is None:
            raise NoSuchDraftError
        if draft.state != State.RELEASED or draft.released_id is None:
            raise ChangedError(N_("This is not released (any more)."))
        network.withdraw(draft.released_id)
        draft.state, draft.released_id, draft.changed_at = State.WITHDRAWN, None, utc_now()
        draft.released_by = draft.released_at = None
        draft.revision += 1


# ---------------------------------------------------------------- conditions


def _case(session: Session, case_id: uuid.UUID) -> Case:
    """The case, which nobody opens again until the end of the transaction."""
    options = [joinedload(Case.household), joinedload(Case.dwelling)]
    case = session.get(Case, case_id)
    if case is None:
        raise NoSuchCaseError
    query = select(Case).where(Case.id == case_id).options(*options).execution_options(populate_existing=True)
    return session.scalars(query.with_for_update(read=True, of=Case)).one()


def _held(session: Session, which: object) -> DiscussionDraft | None:
    query = select(DiscussionDraft).where(which)  # type: ignore[arg-type]
    draft: DiscussionDraft | None = session.scalar(query.with_for_update().execution_options(populate_existing=True))
    return draft


def _of_author(session: Session, case_id: uuid.UUID, revision: int) -> DiscussionDraft:
    draft = _held(session, DiscussionDraft.case_id == case_id)
    if draft is None:
        raise NoSuchDraftError
    _must_be_writable(draft, revision)
    return draft


def _must_be_writable(draft: DiscussionDraft, revision: int) -> None:
    if not is_mine(draft):
        raise NotYoursError(N_("A colleague writes about this case. Read along, or talk it over with them."))
    if draft.state not in WRITABLE:
        raise ChangedError(N_("This was handed in. Take it back first if you want to change something."))
    if draft.revision != revision:
        raise ChangedError(N_("This was saved in another window meanwhile. Compare, then save again."))


def _must_be_closed(case: Case) -> None:
    if case.state != CaseState.CLOSED:
        raise RefusedError([(None, N_("This case is open. Colleagues discuss a case when it is closed."))])


def _must_be_ready(draft: DiscussionDraft) -> dict[Section, str]:
    checked = check(draft)
    wrong = rules.problems_of(checked.texts, complete=True)
    if wrong:
        raise RefusedError(wrong)
    left = [*checked.hard, *checked.open]
    if left:
        raise FoundError(left)
    return checked.texts


def _waiting(session: Session, draft_id: uuid.UUID) -> DiscussionDraft:
    draft = _held(session, DiscussionDraft.id == draft_id)
    if draft is None:
        raise NoSuchDraftError
    if draft.state != State.WAITING:
        raise ChangedError(N_("This does not wait to be read any more. Look at how it stands now."))
    return draft


def _for_second_person(session: Session, draft_id: uuid.UUID, revision: int) -> DiscussionDraft:
    draft = _held(session, DiscussionDraft.id == draft_id)
    if draft is None:
        raise NoSuchDraftError
    if is_mine(draft):
        raise NotYoursError(N_("You wrote this yourself. Ask a colleague to read and release it."))
    draft = _waiting(session, draft_id)
    if draft.revision != revision:
        raise ChangedError(N_("The text changed after you opened it. Read it again, then decide."))
    return draft
