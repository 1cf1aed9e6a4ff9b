"""The own steps of an organisation for a shared scenario: everybody there reads them, the team lead writes."""

# mypy: ignore-errors
# WTForms and Flask-AppBuilder carry no types: strictness would only count their silence.

import uuid
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.i18n import N_
from app.security.guard import act
from app.ui.views import PortalView
from playbook.scenarios import service as shared
from playbook.scenarios import wording as say
from playbook.scenarios.models import Scenario
from playbook.scenarios.rules import step_of, with_own
from playbook.scenarios.service import ChangedMeanwhileError, NoSuchScenarioError, ScenarioError
from playbook.scenarios.showing import scenario_of_request, seen_version
from tenants.scenarios import own
from tenants.scenarios.forms import OwnStepForm
from tenants.scenarios.models import OwnStep

CHANGED = N_("A colleague changed this step in the meantime. Look at it again, then decide.")


class OwnStepView(PortalView):
    route_base = "/scenarios/eigen"
    class_permission_name = "team"

    @expose("/<slug>/", methods=["GET"])
    @act("read")
    def index(self, slug: str) -> ResponseReturnValue:
        """The scenario with the own steps in it."""
        scenario, published = _offered(slug)
        rows = own.of(scenario)
        steps = with_own(published.definition.steps, [(row.after_key, step_of(row.step)) for row in rows])
        return self.render_template(
            "case_scenarios/own.html",
            scenario=scenario,
            steps=steps,
            own={row.step["key"]: row for row in rows},
            say=say,
        )

    @expose("/<slug>/stap/", methods=["GET", "POST"])
    @act("write")
    def add(self, slug: str) -> ResponseReturnValue:
        return self._edit(slug, None)

    @expose("/<slug>/stap/<uuid:own_id>/", methods=["GET", "POST"])
    @act("write")
    def change(self, slug: str, own_id: uuid.UUID) -> ResponseReturnValue:
        return self._edit(slug, own_id)

    @expose("/<slug>/stap/<uuid:own_id>/verwijderen", methods=["POST"])
    @act("write")
    def remove(self, slug: str, own_id: uuid.UUID) -> ResponseReturnValue:
        """Take it away: cases that have it open see that as a change."""
        scenario, _published = _offered(slug)
        _row(scenario, own_id)
        try:
            own.remove(scenario, own_id, seen_version())
            flash(_("Deleted."), "success")
        except ChangedMeanwhileError:
            flash(_(CHANGED), "warning")
        return redirect(url_for("OwnStepView.index", slug=slug))

    def _edit(self, slug: str, own_id: uuid.UUID | None) -> ResponseReturnValue:
        scenario, published = _offered(slug)
        row, form = _row(scenario, own_id) if own_id else None, OwnStepForm()
        form.offer(published.definition.steps)

        def page(version: int) -> Any:
            return self.render_template(
                "case_scenarios/own_step.html", scenario=scenario, form=form, row=row, version=version
            )

        if request.method == "GET":
            if row is not None:
                form.fill(step_of(row.step))
                form.after.data = row.after_key or ""
            return page(row.version if row else 0)
        seen = seen_version()
        if not form.validate():
            return page(seen), 422
        try:
            own.save(scenario, form.step(), form.after.data or None, own_id, seen)
        except ScenarioError as error:
            form.show(error.problems)
            return page(seen), 422
        except ChangedMeanwhileError:
            form.show([("", CHANGED)])
            return page(_row(scenario, own_id).version), 409
        flash(_("Saved. Cases that start from now on get it; who follows already sees it as a change."), "success")
        return redirect(url_for("OwnStepView.index", slug=slug))


def _offered(slug: str) -> tuple[Scenario, shared.Published]:
    """A scenario that cases can follow, with its newest version, or 404."""
    scenario = scenario_of_request(slug)
    try:
        return scenario, shared.newest(scenario.id)
    except NoSuchScenarioError:
        abort(404)


def _row(scenario: Scenario, own_id: uuid.UUID) -> OwnStep:
    try:
        return own.find(scenario, own_id)
    except NoSuchScenarioError:
        abort(404)
