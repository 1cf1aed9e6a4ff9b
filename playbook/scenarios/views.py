"""The pages of scenarios under /draaiboek/scenario/ that people read; register() joins those to write."""

from collections.abc import Callable

from flask import Blueprint, Flask, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import AppBuilder, expose
from flask_babel import gettext as _

from app import tenancy
from app.security.guard import act
from app.ui.views import PortalView
from playbook.handbook.service import names
from playbook.scenarios import adopting, learning, rules, service, wording
from playbook.scenarios.adopt_views import ScenarioAdoptView
from playbook.scenarios.draft_views import CHANGED, ScenarioDraftView
from playbook.scenarios.showing import links, scenario_of_request, seen_version


class ScenarioView(PortalView):
    """Reading scenarios."""

    route_base = "/draaiboek/scenario"
    class_permission_name = "playbook"

    @expose("/", methods=["GET"])
    @act("read")
    def index(self) -> ResponseReturnValue:
        """All scenarios of the network."""
        known = service.scenarios() if tenancy.current().network_id else []
        offered = {each.scenario_id: each for each in service.known()}
        known = sorted(known, key=lambda each: each.withdrawn_at is not None)  # by title, the withdrawn ones last
        return self.render_template(
            "scenarios/index.html",
            scenarios=known,
            offered=offered,
            elsewhere=adopting.elsewhere() if tenancy.current().network_id else [],
            say=wording,
            states=service.STATES,
        )

    @expose("/<slug>/", methods=["GET"])
    @act("read")
    def show(self, slug: str) -> ResponseReturnValue:
        """The newest version; a scenario that has none shows its draft."""
        scenario = scenario_of_request(slug)
        number = scenario.latest
        body = service.version(scenario, number).body if number else scenario.draft
        return self._page(slug, rules.definition_of(body), number)

    @expose("/<slug>/versie/<int:number>/", methods=["GET"])
    @act("read")
    def show_version(self, slug: str, number: int) -> ResponseReturnValue:
        """A version as cases follow it, and what it changed."""
        try:
            found = service.version(scenario_of_request(slug), number)
        except service.NoSuchScenarioError:
            abort(404)
        return self._page(slug, rules.definition_of(found.body), number)

    @expose("/<slug>/geleerd/", methods=["GET"])
    @act("read")
    def learned(self, slug: str) -> ResponseReturnValue:
        """What the cases of the network taught about each step."""
        scenario = scenario_of_request(slug)
        if not scenario.latest:
            abort(404)
        known = learning.lessons(scenario.id)
        return self.render_template(
            "scenarios/learned.html",
            scenario=scenario,
            definition=rules.definition_of(service.version(scenario, scenario.latest).body),
            lessons=known,
            any=any(not lesson.is_empty for lesson in known.values()),
            reasons=rules.REASONS,
            say=wording,
        )

    @expose("/<slug>/intrekken", methods=["POST"])
    @act("write")
    def withdraw(self, slug: str) -> ResponseReturnValue:
        """Let no new case start it; those that follow it keep their version and are told."""
        scenario_of_request(slug)
        told = _("Withdrawn. No new case starts it; cases that follow it keep their version and say so.")
        return self._change(slug, lambda seen: service.withdraw(slug, request.form.get("why", ""), seen), told)

    @expose("/<slug>/terughalen", methods=["POST"])
    @act("write")
    def bring_back(self, slug: str) -> ResponseReturnValue:
        """Let cases start it again."""
        scenario_of_request(slug)
        return self._change(slug, lambda seen: service.bring_back(slug, seen), _("Cases can follow it again."))

    @expose("/<slug>/delen", methods=["POST"])
    @act("write")
    def share(self, slug: str) -> ResponseReturnValue:
        """Let all networks read it, or (wanted=no) no longer."""
        scenario_of_request(slug)
        wanted = request.form.get("wanted") != "no"
        told = _("All networks can read it now.") if wanted else _("Only your network reads it now.")
        return self._change(slug, lambda seen: adopting.share(slug, wanted, seen), told)

    def _change(self, slug: str, do: Callable[[int], None], told: str) -> ResponseReturnValue:
        wrong, status = "", 422
        try:
            do(seen_version())
        except service.ScenarioError as error:
            wrong = _(error.problems[0][1])
        except service.ChangedMeanwhileError:
            wrong, status = _(CHANGED), 409
        if not wrong:
            flash(told, "success")
            return redirect(url_for("ScenarioView.show", slug=slug))
        scenario = scenario_of_request(slug)
        body = service.version(scenario, scenario.latest).body if scenario.latest else scenario.draft
        return self._page(slug, rules.definition_of(body), scenario.latest, wrong), status

    def _page(self, slug: str, definition: rules.Definition, number: int, wrong: str = "") -> str:
        scenario = scenario_of_request(slug)
        known = service.versions(scenario)
        before = next((rules.definition_of(each.body) for each in known if each.number == number - 1), None)
        html: str = self.render_template(
            "scenarios/scenario.html",
            scenario=scenario,
            definition=definition,
            number=number,
            versions=known,
            changed=rules.compared(before, definition) if before else None,
            by=names([*(each.by for each in known), scenario.withdrawn_by]),
            wrong=wrong,
            adopted=adopting.of(scenario),
            is_shown=adopting.is_shown(scenario),
            why=request.form.get("why", ""),
            links=links(slug),
            say=wording,
            states=service.STATES,
        )
        return html


def register(app: Flask, appbuilder: AppBuilder) -> None:
    app.register_blueprint(
        Blueprint("scenarios", __name__, static_folder="static", static_url_path="/static/scenarios")
    )
    for view in (ScenarioView, ScenarioDraftView, ScenarioAdoptView):
        appbuilder.add_view_no_menu(view())
