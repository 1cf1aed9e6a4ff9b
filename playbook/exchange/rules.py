"""Contact persons, questions, initiatives and meetings: what they must say, and how they stand. Pure."""

import re
from datetime import date, datetime
from enum import StrEnum

from app.i18n import N_
from playbook.training.rules import is_web_address


class ContactKind(StrEnum):
    """central: the one whom the other organisations and the reporting point call (centrale contactpersoon);
    ambassador: who carries prevention within the organisation (ambassadeur)."""

    CENTRAL = "central"
    AMBASSADOR = "ambassador"
    COLLEAGUE = "colleague"


LABELS = {
    ContactKind.CENTRAL: N_("Central contact person"),
    ContactKind.AMBASSADOR: N_("Ambassador"),
    ContactKind.COLLEAGUE: N_("Colleague"),
}
ORDER = {kind: number for number, kind in enumerate(ContactKind)}

Problem = tuple[str, str]  # (field, msgid)

_PHONE = re.compile(r"\+?[\d ./()-]{6,40}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.I)


def is_absent(start: date | None, end: date | None, day: date) -> bool:
    """Whether `day` falls in an absence; a missing end of it means until further notice."""
    return start is not None and start <= day and (end is None or day <= end)


def problems_of(name: str, phone: str, email: str, absent_from: date | None, absent_to: date | None) -> list[Problem]:
    """(field, msgid) for everything that is wrong with a contact."""
    found = []
    if not name:
        found.append(("name", N_("Give a name.")))
    if not phone and not email:
        found.append(("phone", N_("Give a phone number or an e-mail address: at least one of the two.")))
    if phone and not _PHONE.fullmatch(phone):
        found.append(("phone", N_("This is not a phone number. Write it as 056 12 34 56 or +32 56 12 34 56.")))
    if email and not _EMAIL.fullmatch(email):
        found.append(("email", N_("This is not an e-mail address. Write it as name@organisation.be.")))
    if absent_to and not absent_from:
        found.append(("absent_from", N_("Say from when the absence lasts.")))
    if absent_from and absent_to and absent_to < absent_from:
        found.append(("absent_to", N_("The absence ends before it starts. Check both days.")))
    return found


# ---------------------------------------------------------------- questions


class QuestionState(StrEnum):
    """open: nobody's answer helped yet; answered: one did; closed: it needs no answer any more."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


STATES = {
    QuestionState.OPEN: N_("open"),
    QuestionState.ANSWERED: N_("answered"),
    QuestionState.CLOSED: N_("closed"),
}

NATIONAL_NUMBER = N_("A national register number seems to stand here. The whole network reads this: leave it out.")
# A national number (rijksregisternummer, INSZ), with or without its signs: 85.07.30-033.28 or 85073003328.
_INSZ = re.compile(r"(?<!\d)\d{2}[. ]?\d{2}[. ]?\d{2}[- ]?\d{3}[. ]?\d{2}(?!\d)")


def state_of(*, accepted: bool, closed: bool) -> QuestionState:
    """How a question stands; who closed it decided, whatever was answered."""
    if closed:
        return QuestionState.CLOSED
    return QuestionState.ANSWERED if accepted else QuestionState.OPEN


def holds_a_national_number(text: str) -> bool:
    """Whether a client's number seems to stand in a text that the whole network reads."""
    return _INSZ.search(text) is not None


def question_problems(title: str, body: str) -> list[Problem]:
    """What is wrong with a question."""
    found = [] if title else [("title", N_("Ask your question in one sentence."))]
    return found + [
        (field, NATIONAL_NUMBER) for field, text in (("title", title), ("body", body)) if holds_a_national_number(text)
    ]


def answer_problems(body: str) -> list[Problem]:
    """What is wrong with an answer."""
    if not body:
        return [("body", N_("Write your answer."))]
    return [("body", NATIONAL_NUMBER)] if holds_a_national_number(body) else []


# ---------------------------------------------------------------- initiatives

MOST_TAGS, LONGEST_TAG = 6, 30


def tags_of(text: str) -> list[str]:
    """Tags out of a line such as 'Outreach, private huur': in small letters, each once, in the order given."""
    split = (" ".join(part.split()).lower() for part in re.split(r"[,;\n]", text))
    return list(dict.fromkeys(tag for tag in split if tag))


def initiative_problems(title: str, summary: str, url: str, tags: list[str]) -> list[Problem]:
    """What is wrong with an initiative."""
    found = []
    if not title:
        found.append(("title", N_("Give it a title.")))
    if not summary:
        found.append(("summary", N_("Say in a few sentences what they do there.")))
    if url and not is_web_address(url):
        found.append(("url", N_("This is not an internet address. It begins with https://.")))
    if len(tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in tags):
        found.append(("tags", N_("Use at most 6 tags of at most 30 characters, with commas between them.")))
    return found


# ---------------------------------------------------------------- meetings


def meeting_problems(title: str, starts_at: datetime, ends_at: datetime, place: str, online_url: str) -> list[Problem]:
    """What is wrong with a meeting."""
    found = []
    if not title:
        found.append(("title", N_("Give it a title.")))
    if ends_at <= starts_at:
        found.append(("ends", N_("The end comes before the start. Check both hours.")))
    if not place and not online_url:
        found.append(("place", N_("Say where it is: a place, a link for online, or both.")))
    if online_url and not is_web_address(online_url):
        found.append(("online_url", N_("This is not an internet address. It begins with https://.")))
    return found


def decision_problems(text: str, who: str, by_when: date | None) -> list[Problem]:
    """What is wrong with a decision: a day without somebody who minds it is no agreement."""
    found = [] if text else [("text", N_("Write down what was decided."))]
    if by_when and not who:
        found.append(("who", N_("Say who does this by that day.")))
    return found


def is_late(by_when: date | None, *, done: bool, day: date) -> bool:
    """Whether a follow-up should have been done before `day`."""
    return not done and by_when is not None and by_when < day
