"""The audit trail as the data protection officer reads it: who did or read what, when and why."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

from sqlalchemy import Select, func, select
from xlsxwriter import Workbook

from app.audit.models import AuditEvent
from app.audit.service import record_read
from app.database import db, transaction
from app.i18n import N_
from tenants.cases.models import Case
from tenants.organisations.service import names
from tenants.organisations.trail_fields import changes_in_words, fields_in_words
from tenants.petitions.service import local_to_utc

PAGE = 50  # two screens: a day of a small team
EXPORT_LIMIT = 100_000  # what a spreadsheet program still opens with ease

ACTS = {
    "read": N_("opened"),
    "export": N_("exported"),
    "download": N_("downloaded"),
    "insert": N_("added"),
    "update": N_("changed"),
    "delete": N_("deleted"),
}

# Why a person's data were opened, as `record_read` and `record_export` are told; a test compares it with the sources.
REASONS = (
    N_("case work"),
    N_("checking an import"),
    N_("copy for a colleague"),
    N_("dispatch"),
    N_("guidance together"),
    N_("hearing sheets"),
    N_("list of cases"),
    N_("list of nights"),
    N_("outreach print"),
    N_("rejected rows"),
    N_("right of access"),
    N_("second step taken away"),
    N_("shelter work"),
    N_("trail"),
    N_("visit route"),
)

# Every table with a trail, in words; a test compares it with the database.
SUBJECTS = {
    "after_eviction": N_("what follows an eviction"),
    "agreement_draft": N_("agreement (draft)"),
    "attachment": N_("attachment"),
    "audit": N_("the trail"),
    "calendar_feed": N_("calendar address"),
    "canton_statement": N_("municipality of a canton"),
    "case_file": N_("case"),
    "case_grant": N_("case shared with a partner"),
    "case_list": N_("list of cases"),
    "case_scenario": N_("scenario of a case"),
    "case_step": N_("step of a scenario in a case"),
    "condition_answer": N_("answer to a condition"),
    "dialogue_agreement": N_("agreement with a court or landlord"),
    "dialogue_contact": N_("contact at a court or landlord"),
    "dialogue_decision": N_("decision of a talk"),
    "dialogue_follow_up": N_("task after a talk"),
    "dialogue_meeting": N_("talk with a court or landlord"),
    "dialogue_partner": N_("court or social landlord"),
    "discussion_draft": N_("case told for colleagues"),
    "document": N_("document"),
    "dropped_task": N_("deleted task"),
    "dwelling": N_("dwelling"),
    "eviction": N_("notice or eviction"),
    "file_copy": N_("copy of a whole file"),
    "follow_up": N_("follow-up after closing"),
    "guidance_agreement": N_("guidance agreement"),
    "guidance_procedure": N_("guidance procedure"),
    "guidance_step": N_("step of a guidance procedure"),
    "handover": N_("hand-over of a case"),
    "hearing": N_("hearing"),
    "hearing_preparation": N_("preparation of a hearing"),
    "household": N_("household"),
    "import_batch": N_("import of a register"),
    "judgment": N_("judgment"),
    "landlord": N_("landlord"),
    "letterhead": N_("letterhead"),
    "mail_opt_out": N_("choice about the daily mail"),
    "membership": N_("role of a person"),
    "note": N_("note"),
    "outreach_attempt": N_("attempt to reach people"),
    "outreach_plan": N_("plan to reach a household"),
    "outreach_print": N_("printed letters and cards"),
    "outreach_step": N_("step of a plan to reach a household"),
    "own_scenario_step": N_("own step in a scenario"),
    "person": N_("person"),
    "petition": N_("petition"),
    "piste": N_("piste"),
    "referral": N_("referral"),
    "relocation_help": N_("help with moving"),
    "repayment_instalment": N_("instalment of a repayment plan"),
    "repayment_payment": N_("payment on a repayment plan"),
    "repayment_plan": N_("repayment plan"),
    "report": N_("report"),
    "report_addition": N_("addition to a report"),
    "shelter_guest": N_("person in the night shelter"),
    "shelter_link": N_("consent for the link with an eviction"),
    "shelter_residence": N_("residential place"),
    "shelter_season": N_("season of the night shelter"),
    "shelter_stay": N_("night in the shelter"),
    "shelter_turned_away": N_("turned away from the shelter"),
    "stored_file": N_("stored file"),
    "task": N_("task"),
    "tenant_key": N_("key of the organisation"),
    "training_attempt": N_("quiz of a course"),
    "training_completion": N_("course followed"),
    "waiting_overrule": N_("overrule of the waiting list"),
    "waiting_place": N_("place on the waiting list"),
    "whereabouts": N_("where a household went"),
}


@dataclass(frozen=True)
class Question:
    """What of the trail is asked for; all parts may be empty. Days are Belgian, the last one included."""

    case_number: str = ""
    actor_id: int | None = None
    act: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Line:
    """One event in words: msgids for act, subject, fields and why, names and numbers as they are."""

    at: datetime
    actor: str
    act: str
    subject: str
    case_number: str
    fields: tuple[str, ...]
    why: str


def count(question: Question) -> int:
    return int(db.session.scalar(select(func.count()).select_from(_query(question).subquery())) or 0)


def lines(question: Question, page: int = 1) -> list[Line]:
    """A page of the trail, the newest first."""
    query = _query(question).order_by(AuditEvent.at.desc()).limit(PAGE).offset((page - 1) * PAGE)
    return list(_in_words(db.session.scalars(query).all()))


def _query(question: Question) -> Select[Any]:
    query = select(AuditEvent)
    if question.case_number:
        wanted = question.case_number.strip().upper()
        query = query.where(AuditEvent.case_id.in_(select(Case.id).where(Case.number == wanted)))
    if question.actor_id:
        query = query.where(AuditEvent.actor_id == question.actor_id)
    if question.act:
        query = query.where(AuditEvent.act == question.act)
    if question.since:
        query = query.where(AuditEvent.at >= local_to_utc(datetime.combine(question.since, datetime.min.time())))
    if question.until:
        day_after = question.until + timedelta(days=1)
        query = query.where(AuditEvent.at < local_to_utc(datetime.combine(day_after, datetime.min.time())))
    return query


def _in_words(events: Sequence[AuditEvent]) -> Iterator[Line]:
    who = names(e.actor_id for e in events)
    wanted: set[uuid.UUID] = {e.case_id for e in events if e.case_id}
    numbers: dict[uuid.UUID, str] = {
        row[0]: row[1] for row in db.session.execute(select(Case.id, Case.number).where(Case.id.in_(wanted)))
    }
    for event in events:
        yield Line(
            at=event.at,
            actor=who.get(event.actor_id or 0, ""),
            act=ACTS.get(event.act, event.act),
            subject=SUBJECTS.get(event.subject, event.subject),
            case_number=numbers.get(event.case_id, "") if event.case_id else "",
            fields=fields_in_words(event.changes or ()) if event.act == "update" else (),
            why=event.why or "",
        )


def export(question: Question, headings: Sequence[str], translate: Any) -> bytes:
    """The whole answer as a spreadsheet (xlsx), with what changed; the export itself enters the trail."""
    with transaction():
        events = db.session.scalars(_query(question).order_by(AuditEvent.at).limit(EXPORT_LIMIT)).all()
        record_read("audit", uuid.UUID(int=0), None, "trail", act="export")
        out = BytesIO()
        # Everything is written as text, so that no cell is ever taken for a formula.
        book = Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        sheet = book.add_worksheet()
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading)
        for row, (event, line) in enumerate(zip(events, _in_words(events), strict=True), start=1):
            cells = (
                line.at.strftime("%Y-%m-%d %H:%M:%S UTC"),
                line.actor,
                translate(line.act),
                translate(line.subject),
                line.case_number,
                changes_in_words(event.changes or {}, translate),
                translate(line.why) if line.why else "",
            )
            for column, cell in enumerate(cells):
                sheet.write_string(row, column, cell[:32_000])  # a cell holds 32,767 signs
        book.close()
        return out.getvalue()
