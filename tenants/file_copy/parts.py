"""Everything that the file of a case holds, as the parts of its copy, in the reader's language."""

import uuid
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy import select

from app.database import db
from app.ui.formats import euro, uur
from tenants.cases import attachments, tasks, words
from tenants.cases.codes import (
    EvictionOutcome,
    Helped,
    HousingOutcome,
    LandlordKind,
    Market,
    PersonRole,
    Reason,
    Source,
    TaskKind,
)
from tenants.cases.models import Case, Person
from tenants.cases.page import acting_organisations
from tenants.cases.panels import timeline
from tenants.file_copy.rules import Line, Part, Third, key_of, numbered
from tenants.guidance.service import answers_of
from tenants.intake import triage
from tenants.letters import service as letters
from tenants.letters.rules import AgreementKind
from tenants.organisations.service import colleagues, names
from tenants.petitions.codes import DeadlineKind
from tenants.petitions.models import DeadlineRow
from tenants.petitions.rules import BRUSSELS
from tenants.petitions.service import petitions_of


def parts_of(case: Case) -> tuple[list[Part], set[str]]:
    """(the parts of a case's file that have something in them, the names of the colleagues in it)."""
    course, people = _course(case)
    listed = [
        (_("Household"), [*_household(case)]),
        (_("Dwelling and landlord"), [*_dwelling(case)]),
        (_("The case"), [*_case(case)]),
        (_("Procedure"), [*_procedure(case)]),
        (_("Conditions"), [*_conditions(case)]),
        (_("Reports"), [*_reports(case)]),
        (_("Promised and to do"), [*_tasks(case)]),
        (_("Documents and files"), [*_documents(case)]),
        (_("Course of the case"), course),
    ]
    return [Part(title, numbered(lines)) for title, lines in listed if lines], people


def _facts(where: str, pairs: Sequence[tuple[str, object]], third: Third | None = None) -> Iterator[Line]:
    """A line for each that is known. where: names the thing they belong to."""
    for label, value in pairs:
        text = _written(value)
        if text:
            yield Line(key_of(where, label), label, text, third=third)


def _written(value: object) -> str:
    if isinstance(value, Decimal):
        return str(euro(value))
    if isinstance(value, date):
        return str(_day(value))
    return "" if value is None else str(value)


def _day(value: date) -> str:
    """'1 september 2026': with the year, which a page leaves out, since a copy is read years later."""
    local = value.astimezone(BRUSSELS).date() if isinstance(value, datetime) else value
    return str(format_date(local, "d MMMM y"))  # type: ignore[no-untyped-call]


def _moment(at: datetime) -> str:
    return f"{_day(at)}, {uur(at)}"


def _household(case: Case) -> Iterator[Line]:
    home = case.household
    for person in case.persons:
        other = None if person.role == PersonRole.REFERENCE else Third.HOUSEHOLD
        called = words.full_name(person)
        yield from _facts(f"{person.id}", [(words.role_label(person.role), called), (_("Born on"), person.birth_date)])
        yield from _facts(f"{person.id}", _reachable(person), other)
    if home is not None:
        pairs = [
            (_("Composition"), words.household_sentence(home)),
            (_("Net income a month"), home.net_income),
            (_("Language"), home.language),
        ]
        yield from _facts("household", pairs)


def _reachable(person: Person) -> list[tuple[str, object]]:
    insz = words.shown_insz(person.insz) if person.insz else None
    return [(_("National register number"), insz), (_("Phone"), person.phone), (_("E-mail"), person.email)]


def _dwelling(case: Case) -> Iterator[Line]:
    place = case.dwelling
    if place is None:
        return
    landlord = place.landlord
    pairs = [(_("Address"), case.address_line), (_("Rent a month"), place.rent), (_("Lease since"), place.lease_start)]
    yield from _facts("dwelling", pairs)
    if landlord is None:
        return
    yield from _facts(
        "landlord", [(_("Landlord"), landlord.name), (_("Kind of landlord"), words.label(LandlordKind, landlord.kind))]
    )
    contact = [
        (_("Contact of the landlord"), landlord.contact_name),
        (_("Address of the landlord"), landlord.address),
        (_("Phone of the landlord"), landlord.phone),
        (_("E-mail of the landlord"), landlord.email),
        (_("Account of the landlord"), landlord.iban),
    ]
    yield from _facts("landlord", contact, Third.LANDLORD)


def _case(case: Case) -> Iterator[Line]:
    others = [words.label(Reason, each) for each in case.other_reasons or ()]
    outcome = [words.label(HousingOutcome, case.housing_outcome), words.label(EvictionOutcome, case.eviction_outcome)]
    pairs = [
        (_("Number"), case.number),
        (_("Opened on"), case.opened_on),
        (_("Source"), words.label(Source, case.source)),
        (_("Main reason"), words.label(Reason, case.reason)),
        (_("Other reasons"), ", ".join(others)),
        (_("Rental market"), words.label(Market, case.market)),
        (_("Closed on"), case.closed_on),
        (_("Outcome"), " · ".join(filter(None, outcome))),
        (_("What helped"), ", ".join(words.label(Helped, each) for each in case.helped or ())),
        (_("How it came to this"), case.closing_reason),
        (_("Why something was left undone"), case.left_open_reason),
    ]
    yield from _facts("case", pairs)
    carried_by = names([case.assigned_to]).get(case.assigned_to or 0, "")
    if carried_by:
        yield Line(key_of("case", "carried by"), _("Carried by"), _("a worker of the organisation"), carried_by)


def _procedure(case: Case) -> Iterator[Line]:
    for petition in petitions_of(case.id):
        pairs = [
            (_("Court"), petition.court),
            (_("Roll number"), petition.roll_number),
            (_("Claimant"), petition.claimant),
            (_("Registered on"), petition.registered_on),
            (_("Received on"), petition.received_on),
            (_("Arrears claimed"), petition.arrears),
            (_("Costs claimed"), petition.costs),
        ]
        yield from _facts(f"{petition.id}", pairs)
    rows = select(DeadlineRow).where(DeadlineRow.case_id == case.id).order_by(DeadlineRow.due_on, DeadlineRow.kind)
    for row in db.session.scalars(rows):
        yield from _facts(f"deadline {row.kind}", [(_(DeadlineKind(row.kind).label), row.due_on)])


def _conditions(case: Case) -> Iterator[Line]:
    rows = answers_of(case.id)
    known = names(row.by for row in rows.values())
    for condition, row in rows.items():
        text = "\n".join(filter(None, [_("Yes") if row.yes else _("No"), row.note or ""]))
        yield Line(key_of("condition", condition), _(condition.label), text, known.get(row.by or 0, ""))


def _reports(case: Case) -> Iterator[Line]:
    """What was reported; what was told with it stands in the course. Who reported is left out unless they agreed."""
    for report, _additions in triage.of_case(case.id):
        told, where = report.told, f"{report.id}"
        pairs = [
            (_("Report"), f"{report.reference}, {_moment(report.received_at)}"),
            (_("Since when"), told.since),
            (_("What was tried"), told.tried),
        ]
        yield from _facts(where, pairs)
        reporter = [
            (_("Reported by"), told.reporter),
            (_("Phone of who reported"), told.reporter_phone),
            (_("E-mail of who reported"), told.reporter_email),
        ]
        yield from _facts(where, reporter, None if told.may_tell or told.in_person else Third.REPORTER)


def _tasks(case: Case) -> Iterator[Line]:
    still = [task for task in tasks.tasks_of(case.id) if task.done_at is None]
    known = names(task.assigned_to for task in still)
    for task in still:
        when = " ".join(filter(None, [_day(task.due_on), uur(task.due_at) if task.due_at else ""]))
        text = _("%(kind)s: %(title)s", kind=words.label(TaskKind, task.kind), title=task.title)
        yield Line(key_of("task", f"{task.id}"), when, text, known.get(task.assigned_to or 0, ""))


def _documents(case: Case) -> Iterator[Line]:
    """What lies in the file besides; their content is given beside the copy."""
    for document in letters.documents_of(case.id):
        state = _("final") if document.state == letters.FINAL else _("draft")
        text = f"{_(AgreementKind(document.kind).label)} ({state})"
        yield Line(key_of("document", f"{document.id}"), _day(document.created_at), text)
    for row in attachments.attachments_of(case.id):
        text = _("%(label)s: %(text)s", label=words.attachment_label(row.kind), text=row.file.name)
        yield Line(key_of("attachment", f"{row.id}"), _day(row.added_at), text)


def _course(case: Case) -> tuple[list[Line], set[str]]:
    """The course from the first day on, and who noted it."""
    entries = timeline(case.id)
    known = names(entry.by for entry in entries)
    organisations: dict[uuid.UUID, str] = acting_organisations(entries, case.tenant_id)
    lines = []
    for entry in reversed(entries):
        when = _moment(entry.at) if entry.hour_known else _day(entry.at)
        title = f"{entry.title} ({entry.label})" if entry.label else entry.title
        # The names of files are links on the page, and nothing else of the entry says them.
        linked = [text for text, href in entry.links if "/bijlagen/" in href]
        text = "\n".join(filter(None, [title, entry.detail, entry.note, *linked]))
        who = [known.get(entry.by or 0, ""), organisations.get(entry.by_tenant or case.tenant_id, "")]
        lines.append(Line(key_of(entry.at.isoformat(), text), when, text, " · ".join(filter(None, who))))
    team = {user.get_full_name() for user in colleagues()}
    return lines, {*known.values(), *team}
