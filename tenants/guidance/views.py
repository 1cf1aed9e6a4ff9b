"""The place of guidance in the portal and on the page of a case: its panels, the timeline, and what closing asks."""

# mypy: ignore-errors
# Flask-AppBuilder carries no types: strictness would only count its silence.

import uuid
from collections.abc import Iterator
from typing import Any

from flask import Flask, url_for
from flask_babel import gettext as _

from app.database import db
from app.i18n import N_
from app.ui import navigation
from app.ui.navigation import NavItem, Section
from tenants.cases import words
from tenants.cases.closing import Watcher, register_watcher
from tenants.cases.codes import About, CaseState, HousingOutcome, TaskKind
from tenants.cases.models import Case
from tenants.cases.panels import Entry, Panel, Slot, register_panel, register_task_form, register_timeline
from tenants.guidance import aftercare, checklist, piste_views, service, wording
from tenants.guidance.aftercare_views import AftercareView
from tenants.guidance.codes import (
    Condition,
    ContactAfter,
    Means,
    Piste,
    PisteState,
    ProcedureKind,
    ProcedureOutcome,
    ProcedureState,
    Step,
    StillThere,
)
from tenants.guidance.own_views import OwnConditionsView
from tenants.guidance.piste_views import PisteView
from tenants.guidance.procedure_views import ProcedureView
from tenants.petitions.service import day_to_utc


def register(app: Flask, appbuilder: Any) -> None:
    """Add the pages and what they put on the page of a case."""
    for view in (ProcedureView, PisteView, AftercareView, OwnConditionsView):
        appbuilder.add_view_no_menu(view)
    place = NavItem(Section.ORGANISATION, "/eigen-regels/", N_("Own rules"), 15, "own_rules.write")
    navigation.register(app, place)
    register_panel(app, Panel(Slot.COLUMN, 15, "guidance/panel_aftercare.html", aftercare_panel))
    register_panel(app, Panel(Slot.COLUMN, 20, "guidance/panel_procedures.html", procedures_panel))
    register_panel(app, Panel(Slot.ASIDE, 20, "guidance/panel_pistes.html", piste_views.panel))
    register_timeline(app, timeline, About.GUIDANCE)
    register_task_form(app, TaskKind.AFTERCARE, lambda task_id: url_for("AftercareView.ask", task_id=task_id))
    watcher = Watcher("guidance", checklist.left_open, aftercare.ask_later, aftercare.ask_no_more)
    register_watcher(app, watcher)


# ---------------------------------------------------------------- panels


def procedures_panel(case: Case) -> dict[str, Any]:
    """The procedures of the case with their conditions."""
    return {"carried": service.procedures_of(case), "wording": wording, "conditions": Condition}


def aftercare_panel(case: Case) -> dict[str, Any] | None:
    """What was found out after closing, and what is still to be asked."""
    if case.state != CaseState.CLOSED:
        return None
    rows = aftercare.follow_ups_of(case.id)
    return {"rows": rows, "told": _told} if rows else None


def _told(row: Any) -> str:
    """'Nee, verhuisd: bij familie of vrienden · gesproken met het gezin'."""
    there = words.label(StillThere, row.still_there)
    if row.housing:
        there = _("%(label)s: %(text)s", label=there, text=words.label(HousingOutcome, row.housing))
    return " · ".join(filter(None, [there, words.label(ContactAfter, row.contact)]))


# ---------------------------------------------------------------- timeline

# What is found under the money of a case too: decisions on aid or a plan for the arrears, and steps that settle money.
PAYING = (ProcedureKind.FBU, ProcedureKind.FBU_SOCIAL)
MONEY_STEPS = (
    Step.BUDGET_PLAN, Step.COMMITTEE, Step.AGREEMENT, Step.PAY_LANDLORD, Step.FIRST_COMPENSATION, Step.FOLLOW_PLAN,
    Step.SECOND_COMPENSATION, Step.NEGOTIATE, Step.DEBTS,
)  # fmt: skip


def timeline(case_id: uuid.UUID) -> Iterator[Entry]:
    """Procedures and their steps, pistes, and what was asked after closing."""
    case = db.session.get(Case, case_id)
    if case is None:
        return
    for seen in service.procedures_of(case):
        yield from _of_procedure(seen)
    for piste, row in checklist.pistes_of(case_id).items():
        title = _("Piste: %(name)s", name=_(piste.label))
        means = ", ".join(words.label(Means, each) for each in row.means or ())
        kind = "good" if row.state == PisteState.RESULT else None
        yield Entry(row.at, title, means, by=row.by, label=words.label(PisteState, row.state), kind=kind,
                    note=row.note or "", also=About.MONEY if piste is Piste.MONEY else None)  # fmt: skip
    for row in aftercare.follow_ups_of(case_id):
        if row.answered_at is not None:
            title = _("Asked after %(months)s months", months=row.months)
            yield Entry(row.answered_at, title, _told(row), by=row.answered_by, note=row.note or "")


def _of_procedure(seen: service.Seen) -> Iterator[Entry]:
    row, name = seen.row, _(seen.kind.label)
    funded = About.MONEY if seen.kind in PAYING else None

    def entry(day: Any, what: str, by: int | None, also: About | None = funded, **more: Any) -> Entry:
        return Entry(
            day_to_utc(day), _("%(label)s: %(text)s", label=name, text=what), hour_known=False, by=by, also=also, **more
        )

    yield entry(row.considered_on, _("considered"), row.created_by)
    if row.decided_on and row.state == ProcedureState.REFUSED:
        detail = _("Not met: %(condition)s", condition=words.label(Condition, row.refused_for))
        yield entry(row.decided_on, _("refused"), row.decided_by, detail=detail, note=row.reason or "")
    elif row.decided_on:
        yield entry(row.decided_on, _("begun"), row.decided_by, note=row.reason or "")
    for step, done in seen.done.items():
        yield entry(done.done_on, _(step.label), done.by, About.MONEY if step in MONEY_STEPS else None)
    if row.ended_on:
        outcome = words.label(ProcedureOutcome, row.outcome)
        yield entry(row.ended_on, _("ended"), row.ended_by, label=outcome, note=row.result or "")
