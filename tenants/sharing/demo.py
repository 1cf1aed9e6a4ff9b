"""Guidance together in the demo: open cases of three OCMWs, shared with the CAW of their network."""

import uuid
from datetime import timedelta

from sqlalchemy import select

from app.calendar.rules import next_working_day
from app.database import db
from app.demo import DemoRegion
from app.security.models import utc_now
from tenants.cases.codes import CaseState, Channel, ContactResult, TaskKind
from tenants.cases.models import Case
from tenants.cases.tasks import NewTask
from tenants.outreach.service import NewAttempt
from tenants.repayment.models import RepaymentPlan
from tenants.sharing import service, visiting
from tenants.sharing.codes import Consent
from tenants.sharing.models import CaseGrant
from tenants.sharing.service import NewGrant

# Who shares, with which CAW, whom one calls there, and how many cases.
SHARED = (
    ("medewerker.kortrijk", "caw-zwvl", "Pieter Vandewalle", 2),
    ("medewerker.menen", "caw-zwvl", "Pieter Vandewalle", 1),
    ("medewerker.oostende", "caw-nwvl", "Leen Verstraete, 0000 00 00 61", 2),
)
GUESTS = {"caw-zwvl": "medewerker.caw", "caw-nwvl": "medewerker.caw-nwvl"}
# What a guest promised in each of their cases, and in how many days that is.
PROMISES = (
    ("Terugbellen over de wachtlijst voor begeleiding", 0),
    ("Samen langsgaan met het OCMW", 2),
    ("Attest opvragen bij de huisarts", -1),
)
SAID = (
    "Kennisgemaakt samen met het OCMW. Wil vooral rust in huis; praat moeilijk over het geld, wel over de kinderen.",
    "Huisbezoek gehad. Afgesproken dat wij de woonmaatschappij bellen en het OCMW de afbetaling regelt.",
    "Zus van mevrouw wil mee naar het vredegerecht. Dat geven we door aan wie naar de zitting gaat.",
)


def load(demo: DemoRegion) -> None:
    """Share the cases, and let the guests work in theirs; one was ended."""
    granted: dict[str, list[uuid.UUID]] = {partner: [] for partner in GUESTS}
    for username, partner, contact, count in SHARED:
        with demo.acting(username):
            if db.session.scalar(select(CaseGrant.id).limit(1)):
                return
            made = [_share(demo, username, partner, contact, case_id) for case_id in _cases(demo, username, count + 1)]
            if len(made) > count:
                service.end(
                    made.pop(), "Het gezin heeft een andere woning gevonden; het CAW sluit zijn begeleiding af."
                )
            granted[partner] += made
    for partner, guest in GUESTS.items():
        with demo.acting(guest):
            for place, (grant_id, said) in enumerate(zip(granted[partner], SAID, strict=False)):
                _work_along(demo, guest, visiting.find(grant_id), said, PROMISES[place])


def _cases(demo: DemoRegion, username: str, count: int) -> list[uuid.UUID]:
    """The open cases of this person with a day ahead: first those that pay back, then the soonest."""
    pays_back = select(RepaymentPlan.id).where(RepaymentPlan.case_id == Case.id, RepaymentPlan.ended_at.is_(None))
    query = select(Case.id).where(
        Case.state == CaseState.OPEN, Case.assigned_to == demo.users[username].id, Case.next_due_on >= demo.today
    )
    return list(db.session.scalars(query.order_by(pays_back.exists().desc(), Case.next_due_on, Case.id).limit(count)))


def _share(demo: DemoRegion, username: str, partner: str, contact: str, case_id: uuid.UUID) -> uuid.UUID:
    tenant = demo.tenants[partner]
    allowed = next(choice for choice in service.choices() if choice.partner.id == tenant.id).agreement.parts
    return service.share(
        NewGrant(
            case_id, tenant.id, tuple(part for part in allowed if part != "guidance"), demo.today,
            demo.today + timedelta(days=180), contact, Consent.SPOKEN, demo.today - timedelta(days=3),
            demo.users[username].id,
        )
    )  # fmt: skip


def _work_along(demo: DemoRegion, username: str, guest: visiting.Guest, said: str, promised: tuple[str, int]) -> None:
    case_id, (title, days) = guest.grant.case_id, promised
    day = demo.today + timedelta(days=days)
    day = next_working_day(day) if days > 0 else day
    promise = NewTask(title, day, TaskKind.PROMISE, case_id=case_id, assigned_to=demo.users[username].id)
    visiting.note(guest, said, promise)
    visiting.attempt(
        guest,
        NewAttempt(case_id, utc_now() - timedelta(hours=2), Channel.PHONE, ContactResult.REACHED, note="Even gebeld."),
    )
