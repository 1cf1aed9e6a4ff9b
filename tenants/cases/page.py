"""The case page's own panels and timeline: the parts that come from this capability's tables."""

import uuid
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Flask, current_app, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select

from app.database import db
from app.security.models import Membership, Tenant
from app.security.roles import LABELS, RIGHTS, Role
from app.tenancy import current_tenant_id
from app.ui.formats import datum, today, uur
from app.ui.viewer import viewer
from tenants.cases import attachments, notes, tasks, words
from tenants.cases.codes import (
    About,
    CaseState,
    EvictionOutcome,
    Helped,
    HousingOutcome,
    LandlordKind,
    Market,
    Reason,
    Source,
    TaskKind,
)
from tenants.cases.models import Case, Task
from tenants.cases.panels import Entry, Panel, Slot, other_readers, panels, register_panel, register_timeline, task_form
from tenants.organisations.service import colleagues, names, organisation_names
from tenants.petitions.service import day_to_utc, petitions_of

HALF_A_DAY = timedelta(hours=11)  # from noon still the same day, also when the clock changes


def init_app(app: Flask) -> None:
    """Register what the page of a case always has."""
    register_panel(app, Panel(Slot.NOTICE, 0, "cases/panel_closed.html", closed))
    register_panel(app, Panel(Slot.COLUMN, 50, "cases/panel_tasks.html", open_tasks))
    register_panel(app, Panel(Slot.ASIDE, 10, "cases/panel_arrears.html", arrears))
    register_panel(app, Panel(Slot.ASIDE, 40, "cases/panel_attachments.html", files))
    register_panel(app, Panel(Slot.ASIDE, 50, "cases/panel_household.html", household))
    register_panel(app, Panel(Slot.ASIDE, 55, "cases/panel_dwelling.html", dwelling))
    register_panel(app, Panel(Slot.ASIDE, 60, "cases/panel_grounds.html", grounds))
    register_panel(app, Panel(Slot.ASIDE, 90, "cases/panel_access.html", access))
    register_timeline(app, own_timeline)


def shown_panels(case: Case, slot: Slot) -> list[Markup]:
    """The panels of a place, rendered, those that the viewer may see and that have something to say."""
    shown = []
    for panel in panels(slot):
        given = panel.provide(case) if viewer.can(panel.right) else None
        if given is not None:
            given = {"case": case, "words": words, **given}  # a panel may bring words of its own
            shown.append(Markup(render_template(panel.template, **given)))  # noqa: S704
    return shown


# ---------------------------------------------------------------- panels


def closed(case: Case) -> dict[str, Any] | None:
    """How the case ended, when it did."""
    if case.state != CaseState.CLOSED:
        return None
    outcome = [words.label(HousingOutcome, case.housing_outcome), words.label(EvictionOutcome, case.eviction_outcome)]
    return {
        "outcome": " · ".join(filter(None, outcome)),
        "helped": [words.label(Helped, each) for each in case.helped or ()],
    }


def open_tasks(case: Case) -> dict[str, Any] | None:
    """What is still promised or to do, the soonest first; hidden when there is nothing.

    What is done by filling in a form stands in the panel of who asks it.
    """
    still = [task for task in tasks.tasks_of(case.id) if task.done_at is None]
    listed = [task for task in still if task_form(task.kind, task.id) is None]
    if not listed:
        return None
    return {"tasks": [task_line(task) for task in listed], "names": names(task.assigned_to for task in listed)}


def task_line(task: Task) -> dict[str, Any]:
    """A task as a line: its day in words and colour, 'Beloofd: …'."""
    when = _("today") if task.due_on == today() else datum(task.due_on)
    return {
        "task": task,
        "when": when,
        "hour": uur(task.due_at) if isinstance(task.due_at, time) else "",
        "kind": "late" if task.due_on < today() else "soon" if task.due_on == today() else None,
        "title": _("%(kind)s: %(title)s", kind=words.label(TaskKind, task.kind), title=task.title),
        "form": task_form(task.kind, task.id),
    }


def arrears(case: Case) -> dict[str, Any] | None:
    """What is owed by the newest petition that says so, beside the rent."""
    petition = next((p for p in petitions_of(case.id) if p.arrears is not None), None)
    rent = case.dwelling.rent if case.dwelling else None
    if petition is None and rent is None:
        return None
    costs = petition.costs if petition else None
    total = petition.arrears + (costs or 0) if petition and petition.arrears is not None else None
    return {"petition": petition, "rent": rent, "total": total, "costs": costs}


def files(case: Case) -> dict[str, Any]:
    listed = attachments.attachments_of(case.id)
    return {"attachments": listed, "names": names(a.added_by for a in listed)}


def household(case: Case) -> dict[str, Any]:
    return {"persons": case.persons, "household": case.household}


def dwelling(case: Case) -> dict[str, Any]:
    place = case.dwelling
    landlord = place.landlord if place else None
    kind = words.label(LandlordKind, landlord.kind) if landlord else ""
    return {"dwelling": place, "landlord": landlord, "landlord_kind": kind}


def grounds(case: Case) -> dict[str, Any]:
    """Reason, source and market, and the colleagues to choose from for whoever may change it."""
    return {
        "reason": words.label(Reason, case.reason),
        "others": [words.label(Reason, r) for r in case.other_reasons or ()],
        "source": words.label(Source, case.source),
        "market": words.label(Market, case.market),
        "people": colleagues() if viewer.can("cases.write") else [],
        "worker": words.worker(case, names([case.assigned_to])),
    }


def access(case: Case) -> dict[str, Any]:
    """Who may open this case: the people whose role reads cases here, and the organisations it is shared with."""
    readers = [role for role in Role if "read" in RIGHTS[role].get("cases", ())]
    query = select(Membership.user_id, Membership.role).where(
        Membership.role.in_(readers), Membership.tenant_id == current_tenant_id()
    )
    roles: dict[int, list[str]] = {}
    for row in db.session.execute(query):
        roles.setdefault(row.user_id, []).append(_(LABELS[Role(row.role)]))
    called = names(roles)
    people = sorted((called[user_id], ", ".join(sorted(held))) for user_id, held in roles.items() if user_id in called)
    tenant = db.session.get(Tenant, current_tenant_id())
    return {"organisation": tenant.name if tenant else "", "people": people, "others": other_readers(case.id)}


# ---------------------------------------------------------------- timeline


def own_timeline(case_id: uuid.UUID) -> Iterator[Entry]:
    """Opening, closing, notes, tasks that were done, files."""
    case = db.session.get(Case, case_id)
    if case is None:
        return
    opened = words.label(Source, case.source)
    # Of that day the case's opening came first and its closing last, whatever else is known of it.
    yield Entry(_day(case.opened_on) - HALF_A_DAY, _("Case opened"), opened, hour_known=False, by=case.created_by)
    if case.closed_on is not None:
        ended = [words.label(HousingOutcome, case.housing_outcome), words.label(EvictionOutcome, case.eviction_outcome)]
        told = " · ".join(filter(None, ended))
        yield Entry(_day(case.closed_on) + HALF_A_DAY, _("Case closed"), told, hour_known=False)
    for note in notes.notes_of(case_id):
        yield Entry(note.at, _("Note"), by=note.by, note=note.body, by_tenant=note.by_tenant, about=About.NOTE)
    for task in tasks.tasks_of(case_id):
        if task.done_at is not None and task_form(task.kind, task.id) is None:
            title = _("Done: %(title)s", title=task.title)
            kind, whose = words.label(TaskKind, task.kind), task.done_by_tenant
            yield Entry(task.done_at, title, kind, by=task.done_by, by_tenant=whose, about=About.TASK)
    for dropped in tasks.dropped_of(case_id):
        title = _("Task deleted: %(title)s", title=dropped.title)
        kind = words.label(TaskKind, dropped.kind)
        yield Entry(dropped.at, title, kind, by=dropped.by, note=dropped.reason, about=About.TASK)
    for attachment in attachments.attachments_of(case_id):
        address = url_for("AttachmentView.download", case_id=case_id, attachment_id=attachment.id)
        title = _("File added: %(kind)s", kind=words.attachment_label(attachment.kind))
        links = ((attachment.file.name, address),)
        yield Entry(attachment.added_at, title, by=attachment.added_by, links=links, about=About.DOCUMENT)


def acting_organisations(entries: Sequence[Entry], owner: uuid.UUID, *, always: bool = False) -> dict[uuid.UUID, str]:
    """The organisations whose people act in a case, by name; none while it is its owner's alone, unless `always`."""
    acting = {entry.by_tenant or owner for entry in entries} | {owner}
    return organisation_names(acting) if always or len(acting) > 1 else {}


def line_of(entry: Entry, people: dict[int, str], organisations: dict[uuid.UUID, str], owner: uuid.UUID) -> str:
    """The quiet line under an entry's title: its detail, who did it and for which organisation."""
    who = people.get(entry.by, "") if entry.by else ""
    organisation = organisations.get(entry.by_tenant or owner, "") if who or entry.by_tenant else ""
    return " · ".join(filter(None, [entry.detail, who, organisation]))


def _day(day: date) -> datetime:
    return day_to_utc(day)


def limit_of_upload() -> int:
    """Megabytes that one file may have."""
    return int(current_app.extensions["settings"].max_upload_bytes // 2**20)
