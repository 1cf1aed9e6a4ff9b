"""The page on which an attempt is noted, and the attempts in the timeline of a case."""

# mypy: ignore-errors
# WTForms and Flask-AppBuilder carry no types: strictness would only count their silence.

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.audit.service import record_read
from app.database import transaction
from app.i18n import N_
from app.security.guard import act
from app.ui import navigation
from app.ui.formats import datum, datum_lang, today
from app.ui.navigation import NavItem, Section
from app.ui.views import PortalView
from tenants.cases import words
from tenants.cases.codes import About, CaseState, Channel, ContactResult
from tenants.cases.editing import case_or_404
from tenants.cases.models import Case
from tenants.cases.panels import Action, Entry, Panel, Slot, register_action, register_panel, register_timeline
from tenants.outreach.attempt import AttemptError, note_attempt, promised_steps
from tenants.outreach.forms import AttemptForm
from tenants.outreach.plan_views import PlanView, panel
from tenants.outreach.print_views import PrintView
from tenants.outreach.route_views import RouteView
from tenants.outreach.rules import moment_of
from tenants.outreach.service import attempts_of
from tenants.petitions.codes import StageKey
from tenants.petitions.rules import BRUSSELS
from tenants.scenarios.origin import steps_among_tasks


def register(app: Flask, appbuilder: Any) -> None:
    """Add the pages, the plan to the page of a case, and the attempts to its timeline."""
    appbuilder.add_view_no_menu(OutreachView)
    appbuilder.add_view_no_menu(PlanView)
    appbuilder.add_view_no_menu(PrintView)
    appbuilder.add_view_no_menu(RouteView)
    item = NavItem(Section.PLANNING, "/pogingen/route/", N_("Home visits"), order=33, permission="cases.write")
    navigation.register(app, item)
    item = NavItem(Section.PLANNING, "/pogingen/drukwerk/", N_("Letters and cards"), order=46, permission="cases.write")
    navigation.register(app, item)
    register_panel(app, Panel(Slot.COLUMN, 20, "outreach/panel_plan.html", panel))
    register_action(app, Action(20, N_("Note an attempt"), _add_address, right="cases.write"))
    register_timeline(app, timeline, About.CONTACT)


def _add_address(case: Case) -> str | None:
    """Every open case has it, also without a plan and when somebody was reached already."""
    return url_for("OutreachView.add", case_id=case.id) if case.state == CaseState.OPEN else None


class OutreachView(PortalView):
    route_base = "/pogingen"
    class_permission_name = "cases"
    default_view = "add"

    @expose("/dossier/<uuid:case_id>/nieuw", methods=["GET", "POST"])
    @act("write")
    def add(self, case_id: uuid.UUID) -> ResponseReturnValue:
        """Note an attempt. `kanaal`: how; `taak`: the step it was; `van=vandaag`: go back there afterwards."""
        case = case_or_404(case_id)
        steps = promised_steps(case_id)
        form = AttemptForm(
            data=_likely(case_id, steps), steps=[(str(t.id), f"{t.title} ({datum(t.due_on)})") for t in steps]
        )
        from_today = request.args.get("van") == "vandaag"
        back = url_for("TodayView.index") if from_today else url_for("CaseView.show_case", case_id=case_id)
        if request.method == "POST" and _kept(form, case_id):
            flash(_("Noted for %(name)s.", name=case.display_name), "success")
            return redirect(back)
        if request.method == "GET":
            with transaction():
                record_read("case_file", case.id, case.id, "case work")
        page = render_template(
            "outreach/attempt.html",
            case=case,
            form=form,
            back=back,
            moment=_(moment_of(StageKey(case.stage)).label),
            sentence=words.reached_sentence(case),
            steps=steps,
        )
        return page, 422 if request.method == "POST" else 200


def _kept(form: AttemptForm, case_id: uuid.UUID) -> bool:
    """Keep what was filled in; False when something is wrong, which then stands on the form."""
    if not form.validate():
        return False
    try:
        note_attempt(form.attempt(case_id), [uuid.UUID(value) for value in form.finished.data or ()])
    except AttemptError as error:
        for wrong in error.wrong:
            message = _(wrong.msgid, **{k: datum_lang(v) for k, v in wrong.params.items()})
            form[wrong.field].errors = [*form[wrong.field].errors, message]
        return False
    return True


def _likely(case_id: uuid.UUID, steps: list[Any]) -> dict[str, Any]:
    """Now, the channel that was suggested, and the step from whose button one comes, else those promised by today.

    What the scenario waits for from somebody else is no attempt of ours: it is not ticked unless asked for.
    """
    now = datetime.now(BRUSSELS)
    asked = request.args.get("taak")
    awaited = steps_among_tasks(case_id) if steps and not asked else set()
    promised = [t for t in steps if (str(t.id) == asked if asked else t.due_on <= today() and t.id not in awaited)]
    return {
        "day": now.date(),
        "hour": now.time().replace(second=0, microsecond=0),
        "channel": request.args.get("kanaal"),
        "finished": [str(t.id) for t in promised],
    }


def timeline(case_id: uuid.UUID) -> Iterator[Entry]:
    """The attempts of a case, counted from the first one."""
    attempts = attempts_of(case_id)
    for number, attempt in zip(range(len(attempts), 0, -1), attempts, strict=True):
        channel, result = _(Channel(attempt.channel).label), attempt.result
        reached = result == ContactResult.REACHED
        step = ""
        if attempt.next_step:
            day = attempt.next_step_on
            step = _("Next step: %(step)s", step=attempt.next_step) + (f" ({datum(day)})" if day else "")
        yield Entry(
            attempt.at,
            _("%(channel)s: %(result)s", channel=channel, result=_(ContactResult(result).label)) if result else channel,
            step,
            hour_known=attempt.hour_known,
            by=attempt.by,
            by_tenant=attempt.by_tenant,
            label=_("reached") if reached else _("attempt %(number)d", number=number),
            kind="good" if reached else None,
            note=attempt.note or "",
        )
