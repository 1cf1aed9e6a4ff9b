"""The sheets to take along to a session: one page for each case, all in one PDF.

Dutch, since it is paper for a Flemish court. Five statements, whatever the number of cases.
"""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from jinja2 import Environment, PackageLoader, StrictUndefined
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.audit.service import record_export
from app.database import db, transaction
from app.documents.engine import render_pdf, unprintable
from app.documents.rules import day as in_words
from app.documents.rules import euro, short_day
from app.identifiers import uuid7
from app.security.models import Tenant, utc_now
from app.tenancy import current_tenant_id
from tenants.cases import words
from tenants.cases.codes import Channel, ContactResult, LandlordKind
from tenants.cases.models import Case, Dwelling
from tenants.hearings.listing import File, file_of, files_of
from tenants.hearings.rules import Lawyer, Prospect, what_to_ask
from tenants.organisations.service import names
from tenants.outreach.models import OutreachAttempt
from tenants.petitions.rules import BRUSSELS
from tenants.petitions.wording import months_of_rent

# What keeps a sheet to one page; the rest is counted on it.
PERSONS_SHOWN, ATTEMPTS_SHOWN, LINES_SHOWN = 6, 4, 4
ROOMY, ROOMY_TEXT = 4, 400  # persons, and characters of proposal and questions: with more the letters are smaller
WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")


class NoSheetError(Exception):
    """Nothing is heard that day by that court, or there is no such hearing here."""


def session_pdf(day: date, court: str) -> bytes:
    """The sheets of a session, without what nobody will hear any more. Raises NoSheetError.

    That the data of these cases leave the portal is recorded.
    """
    return _pdf([file for file in files_of(day, court) if not file.is_off])


def hearing_pdf(hearing_id: uuid.UUID) -> bytes:
    """The sheet of one hearing. Raises NoSheetError."""
    file = file_of(hearing_id)
    return _pdf([file] if file else [])


def _pdf(files: Sequence[File]) -> bytes:
    if not files:
        raise NoSheetError
    with transaction():
        record_export(list(dict.fromkeys(file.case.id for file in files)), "hearing sheets")
        made = papers(files)
    html = _templates().get_template("sheet-1.html").render(sheets=_printable(made))
    title = f"Zittingsbladen {made[0]['court']}, {made[0]['day']}"
    return render_pdf(html, title=title, lang="nl-BE", identifier=uuid7(), created=utc_now())


@cache
def _templates() -> Environment:
    """Their own environment, not the pages': a document knows no request, no session and no translation."""
    return Environment(
        loader=PackageLoader("tenants.hearings", "templates/hearings/paper"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _printable(value: Any) -> Any:
    """The same with a question mark for each sign that the font can't print: a sheet is no archive copy."""
    if isinstance(value, str):
        return value.translate(dict.fromkeys(map(ord, unprintable(value)), "?"))
    if isinstance(value, dict):
        return {name: _printable(each) for name, each in value.items()}
    return [_printable(each) for each in value] if isinstance(value, list) else value


# ---------------------------------------------------------------- what a sheet says


def papers(files: Sequence[File]) -> list[dict[str, Any]]:
    """What each sheet prints: only texts, lists and dictionaries."""
    cases = _cases([file.case.id for file in files])
    tried = _tried([file.case.id for file in files])
    workers = names(file.case.assigned_to for file in files)
    tenant = db.session.get(Tenant, current_tenant_id())
    with force_locale("nl"):
        return [
            {
                "organisation": tenant.name if tenant else "",
                "printed": short_day(datetime.now(BRUSSELS).date()),
                "worker": workers.get(file.case.assigned_to, ""),
                **_head(file),
                **_parties(file, cases[file.case.id]),
                **_owed(file, cases[file.case.id]),
                **_so_far(file, tried[file.case.id]),
                **_ahead(file, cases[file.case.id]),
            }
            for file in files
        ]


def _cases(case_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Case]:
    related = (
        selectinload(Case.persons),
        selectinload(Case.household),
        selectinload(Case.dwelling).selectinload(Dwelling.landlord),
    )
    return {case.id: case for case in db.session.scalars(select(Case).where(Case.id.in_(case_ids)).options(*related))}


def _tried(case_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[OutreachAttempt]]:
    """Per case the attempts, the latest first."""
    found: dict[uuid.UUID, list[OutreachAttempt]] = defaultdict(list)
    query = select(OutreachAttempt).where(OutreachAttempt.case_id.in_(case_ids)).order_by(OutreachAttempt.at.desc())
    for attempt in db.session.scalars(query):
        found[attempt.case_id].append(attempt)
    return found


def _head(file: File) -> dict[str, Any]:
    local = file.hearing.at.astimezone(BRUSSELS)
    return {
        "name": file.case.display_name,
        "number": file.case.number,
        "court": f"vredegerecht {file.petition.court}" if file.petition.court else "vredegerecht niet gekend",
        "roll": file.petition.roll_number or "",
        "day": f"{WEEKDAYS[local.weekday()]} {in_words(local.date())}",
        "hour": f"{local.hour}.{local.minute:02} u" if file.hearing.hour_known else "",
    }


def _parties(file: File, case: Case) -> dict[str, Any]:
    home = case.dwelling
    landlord = home.landlord if home else None
    claimant = file.petition.claimant
    return {
        "persons": [_person(person) for person in case.persons[:PERSONS_SHOWN]],
        "more_persons": max(0, len(case.persons) - PERSONS_SHOWN),
        "household": words.household_sentence(case.household),
        "language": (case.household.language or "") if case.household else "",
        "income": _amount(case.household.net_income if case.household else None),
        "address": case.address_line,
        "lease_since": in_words(home.lease_start) if home and home.lease_start else "",
        "landlord": landlord.name if landlord else claimant,
        "landlord_kind": words.label(LandlordKind, landlord.kind) if landlord else "",
        "landlord_contact": " · ".join(filter(None, [landlord.contact_name, landlord.phone])) if landlord else "",
        "claimant": claimant if landlord and claimant and claimant != landlord.name else "",
    }


def _person(person: Any) -> dict[str, str]:
    born = f"{person.birth_date.year}" if person.birth_date else ""
    return {
        "name": words.full_name(person),
        "what": ", ".join(filter(None, [words.role_label(person.role).lower(), f"°{born}" if born else ""])),
        "phone": person.phone or "",
    }


def _owed(file: File, case: Case) -> dict[str, Any]:
    petition = file.petition
    since = petition.received_on or petition.registered_on
    claimed = None if petition.arrears is None else petition.arrears + (petition.costs or 0)
    return {
        "rent": _amount(case.dwelling.rent if case.dwelling else None),
        "arrears": _amount(petition.arrears),
        "arrears_on": short_day(since) if since else "",
        "months": months_of_rent(petition.arrears_months) if petition.arrears_months else "",
        "costs": _amount(petition.costs),
        "claimed": _amount(claimed) if petition.costs else "",
    }


def _so_far(file: File, attempts: Sequence[OutreachAttempt]) -> dict[str, Any]:
    shown = attempts[:ATTEMPTS_SHOWN]
    return {
        "reached": in_words(file.case.reached_on) if file.case.reached_on else "",
        "attempts": [
            {
                "day": short_day(attempt.at.astimezone(BRUSSELS).date()),
                "what": _attempt(attempt),
            }
            for attempt in shown
        ],
        "more_attempts": len(attempts) - len(shown),
    }


def _attempt(attempt: OutreachAttempt) -> str:
    channel = _(Channel(attempt.channel).label)
    if not attempt.result:
        return channel
    return _("%(channel)s: %(result)s", channel=channel, result=_(ContactResult(attempt.result).label).lower())


def _ahead(file: File, case: Case) -> dict[str, Any]:
    prepared = file.preparation
    lawyer = Lawyer(prepared.lawyer) if prepared else Lawyer.UNKNOWN
    proposal = (prepared.proposal or "") if prepared else ""
    prospect = Prospect(
        hearing_on=file.hearing.at.astimezone(BRUSSELS).date(),
        reached=file.case.reached_on is not None,
        owes_rent=bool(file.petition.arrears),
        has_proposal=bool(proposal),
        lawyer=lawyer,
        children=case.household.children if case.household else None,
    )
    proposed, asked = _lines(proposal), _lines((prepared.to_ask or "") if prepared else "")
    return {
        "dense": len(case.persons) > ROOMY or sum(map(len, proposed + asked)) > ROOMY_TEXT,
        "lawyer": _(lawyer.label),
        "budget": bool(prepared and prepared.budget_ready),
        "goes_along": bool(prepared and prepared.goes_along),
        "proposal": proposed,
        "to_ask": [*asked, *what_to_ask(prospect)],
    }


def _lines(text: str) -> list[str]:
    """The lines as they were typed; too many are run on in the last one."""
    lines = [line for line in text.splitlines() if line.strip()]
    rest = lines[LINES_SHOWN - 1 :]
    return [*lines[: LINES_SHOWN - 1], " · ".join(rest)] if rest else lines


def _amount(amount: Decimal | None) -> str:
    return "" if amount is None else euro(amount)
