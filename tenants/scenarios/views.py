"""A case follows a scenario: its panel, its steps, the difference with a newer version; and the timeline of it."""

# mypy: ignore-errors
# WTForms and Flask-AppBuilder carry no types: strictness would only count their silence.

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import AppBuilder, expose
from flask_babel import gettext as _

from app.i18n import N_
from app.security.guard import act
from app.tenancy import current_tenant_id
from app.ui.views import PortalView
from playbook.scenarios import wording as say
from playbook.scenarios.service import NoSuchScenarioError
from playbook.scenarios.showing import Link, register_link
from tenants.cases.codes import CaseState
from tenants.cases.editing import case_or_404
from tenants.cases.models import Case
from tenants.cases.panels import Entry, Panel, Slot, register_panel, register_timeline
from tenants.petitions.service import day_to_utc
from tenants.scenarios import service
from tenants.scenarios.codes import SkipReason, StepState, StopReason
from tenants.scenarios.forms import SkipForm, StopForm
from tenants.scenarios.own_views import OwnStepView
from tenants.scenarios.service import Followed, FollowError, GoneError, NoSuchStepError

KINDS = {StepState.OPEN: "acc", StepState.DONE: "good", StepState.WAITING: None, StepState.SKIPPED: None}


class CaseScenarioView(PortalView):
    route_base = "/scenarios"
    class_permission_name = "cases"
    default_view = "start"

    @expose("/dossier/<uuid:case_id>/", methods=["POST"])
    @act("write")
    def start(self, case_id: uuid.UUID) -> ResponseReturnValue:
        """Let the case follow a scenario."""
        case_or_404(case_id)
        try:
            service.start(case_id, uuid.UUID(request.form.get("scenario", "")))
            flash(_("The case follows this scenario now. Its steps stand among the tasks."), "success")
        except ValueError:
            flash(_("Choose a scenario first."), "warning")
        except NoSuchScenarioError:
            flash(_("This scenario is not offered any more. Choose another one."), "warning")
        except FollowError as error:
            flash(_(error.message), "warning")
        return redirect(_case_page(case_id))

    @expose("/dossier/<uuid:case_id>/<uuid:follow_id>/", methods=["GET"])
    @act("read")
    def show(self, case_id: uuid.UUID, follow_id: uuid.UUID) -> ResponseReturnValue:
        """All steps of a scenario in this case."""
        case, followed = case_or_404(case_id), _found(case_id, follow_id)
        return self._page("case_scenarios/followed.html", case, followed)

    @expose("/dossier/<uuid:case_id>/<uuid:follow_id>/verschil/", methods=["GET", "POST"])
    @act("write")
    def difference(self, case_id: uuid.UUID, follow_id: uuid.UUID) -> ResponseReturnValue:
        """What a newer version would change in this case; POST moves over."""
        case, followed = case_or_404(case_id), _found(case_id, follow_id)
        if request.method == "GET":
            if not followed.can_move:
                flash(_("This case follows the newest version."), "info")
                return redirect(_case_page(case_id))
            return self._page("case_scenarios/difference.html", case, followed)
        number = request.form.get("number", "")
        if not (number.isascii() and number.isdigit() and len(number) < 9):
            abort(400)
        try:
            service.move_over(case_id, follow_id, int(number))
        except GoneError as error:
            again = _found(case_id, follow_id)
            return self._page("case_scenarios/difference.html", case, again, gone=_(error.message)), 409
        flash(_("The case follows version %(number)s now. What was done stays done.", number=number), "success")
        return redirect(_case_page(case_id))

    @expose("/dossier/<uuid:case_id>/<uuid:follow_id>/stoppen/", methods=["GET", "POST"])
    @act("write")
    def stop(self, case_id: uuid.UUID, follow_id: uuid.UUID) -> ResponseReturnValue:
        """Follow it no longer."""
        case, followed, form = case_or_404(case_id), _found(case_id, follow_id), StopForm()

        def page(gone: str = "") -> str:
            return self._page("case_scenarios/stop.html", case, followed, form=form, gone=gone)

        return self._try(
            case, form, lambda: service.stop(case_id, follow_id, StopReason(form.reason.data)), page, _("Stopped.")
        )

    @expose("/dossier/<uuid:case_id>/stap/<uuid:step_id>/klaar", methods=["POST"])
    @act("write")
    def finish(self, case_id: uuid.UUID, step_id: uuid.UUID) -> ResponseReturnValue:
        """Mark a step as done."""
        return self._do(case_id, lambda: service.finish_step(case_id, step_id), _("Done."))

    @expose("/dossier/<uuid:case_id>/stap/<uuid:step_id>/hernemen", methods=["POST"])
    @act("write")
    def take_up(self, case_id: uuid.UUID, step_id: uuid.UUID) -> ResponseReturnValue:
        """Do a skipped step after all."""
        return self._do(case_id, lambda: service.take_up(case_id, step_id), _("The step is open again."))

    @expose("/dossier/<uuid:case_id>/stap/<uuid:step_id>/overslaan/", methods=["GET", "POST"])
    @act("write")
    def skip(self, case_id: uuid.UUID, step_id: uuid.UUID) -> ResponseReturnValue:
        """Skip a step, with a reason from the list."""
        case, form = case_or_404(case_id), SkipForm()
        try:
            followed, step = service.find_step(case_id, step_id)
        except NoSuchStepError:
            abort(404)

        def page(gone: str = "") -> str:
            return self._page("case_scenarios/skip.html", case, followed, form=form, step=step, gone=gone)

        return self._try(
            case, form, lambda: service.skip_step(case_id, step_id, SkipReason(form.reason.data)), page, _("Skipped.")
        )

    def _try(
        self, case: Case, form: Any, change: Callable[[], None], page: Callable[..., str], done: str
    ) -> ResponseReturnValue:
        if request.method == "GET":
            return page()
        if not form.validate():
            return page(), 422
        try:
            change()
        except GoneError as error:
            return page(_(error.message)), 409
        flash(done, "success")
        return redirect(_case_page(case.id))

    def _do(self, case_id: uuid.UUID, change: Callable[[], None], done: str) -> ResponseReturnValue:
        case_or_404(case_id)
        try:
            change()
            flash(done, "success")
        except NoSuchStepError:
            abort(404)
        except GoneError as error:
            flash(_(error.message), "warning")
        return redirect(_case_page(case_id))

    def _page(self, template: str, case: Case, followed: Followed, **shown: Any) -> str:
        return self.render_template(
            template,
            case=case,
            followed=followed,
            back=_case_page(case.id),
            say=say,
            **{"gone": "", **words(), **shown},
        )


def words() -> dict[str, Any]:
    """What the templates need to say how a step stands."""
    return {"kinds": KINDS, "stops": {reason.value: _(reason.label) for reason in StopReason}}


def _found(case_id: uuid.UUID, follow_id: uuid.UUID) -> Followed:
    try:
        return service.find(case_id, follow_id)
    except NoSuchStepError:
        abort(404)


def _case_page(case_id: uuid.UUID) -> str:
    return url_for("CaseView.show_case", case_id=case_id, _anchor="scenario")


def panel(case: Case) -> dict[str, Any] | None:
    """The scenarios that the case follows, whose turn it is; and those that it could follow. The own organisation's:
    a partner with whom the case is shared does not see them."""
    if case.tenant_id != current_tenant_id():
        return None
    followed = service.followed_by(case.id)
    offered = service.offered_to(case.id) if case.state == CaseState.OPEN else []
    if not followed and not offered:
        return None
    return {
        "running": [each for each in followed if each.is_running],
        "earlier": [each for each in followed if not each.is_running],
        "offered": offered,
        "say": say,
        **words(),
    }


def timeline(case_id: uuid.UUID) -> Iterable[Entry]:
    """When the case began to follow a scenario, moved over, stopped. What was done stands there as a task."""
    for each in service.followed_by(case_id):
        row = each.row
        yield Entry(
            day_to_utc(row.started_on),
            _("Follows the scenario %(title)s", title=row.title),
            hour_known=False,
            by=row.started_by,
        )
        if row.moved_at:
            moved = _("Moved over to version %(number)s of %(title)s", number=row.number, title=row.title)
            yield Entry(row.moved_at, moved, by=row.moved_by)
        if each.withdrawn and each.withdrawn.withdrawn_at:
            gone = _("The scenario %(title)s was withdrawn", title=row.title)
            yield Entry(each.withdrawn.withdrawn_at, gone, each.withdrawn.withdrawn_why)
        if row.ended_on:
            why = _(StopReason(row.stop_reason).label) if row.stop_reason else ""
            ended = _("Follows %(title)s no longer", title=row.title)
            yield Entry(day_to_utc(row.ended_on), ended, why, hour_known=False, by=row.ended_by)


def register(app: Flask, appbuilder: AppBuilder) -> None:
    appbuilder.add_view_no_menu(CaseScenarioView())
    appbuilder.add_view_no_menu(OwnStepView())
    register_panel(app, Panel(Slot.COLUMN, 18, "case_scenarios/panel.html", panel))
    register_timeline(app, timeline)
    register_link(
        app,
        Link(N_("Own steps of our organisation"), lambda slug: url_for("OwnStepView.index", slug=slug), "cases.read"),
    )
