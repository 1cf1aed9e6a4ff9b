"""Scenarios from other networks: reading them, making them one's own, and following what changes there."""

# mypy: ignore-errors
# Flask-AppBuilder carries no types: strictness would only count its silence.

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.security.guard import act
from app.ui.views import PortalView
from playbook.scenarios import adopting, rules, wording
from playbook.scenarios.draft_views import CHANGED
from playbook.scenarios.service import ChangedMeanwhileError, NoSuchScenarioError, ScenarioError
from playbook.scenarios.showing import scenario_of_request, seen_version


class ScenarioAdoptView(PortalView):
    """What networks show each other."""

    route_base = "/draaiboek/scenario"
    class_permission_name = "playbook"
    default_view = "show_of_network"

    @expose("/van/<network>/<slug>/", methods=["GET"])
    @act("read")
    def show_of_network(self, network, slug):
        """A scenario that another network shows to all."""
        home, source = _foreign(network, slug)
        return self.render_template(
            "scenarios/foreign.html",
            network=home,
            source=source,
            definition=rules.definition_of(source.body),
            own=adopting.own_of(source),
            say=wording,
        )

    @expose("/van/<network>/<slug>/overnemen", methods=["POST"])
    @act("write")
    def adopt(self, network, slug):
        """Make it a scenario of one's own, as a draft."""
        _foreign(network, slug)
        try:
            made = adopting.adopt(network, slug)
        except NoSuchScenarioError:
            abort(404)
        flash(_("The scenario is a draft of yours now. Make it fit your network, then publish it."), "success")
        return redirect(url_for("ScenarioDraftView.draft", slug=made.slug))

    @expose("/<slug>/overgenomen/", methods=["GET"])
    @act("read")
    def difference(self, slug):
        """How an adopted scenario differs from theirs, and what they changed since."""
        return self._difference(slug)

    @expose("/<slug>/overgenomen/binnenhalen", methods=["POST"])
    @act("write")
    def bring_in(self, slug):
        """Put their changes into the own draft."""
        return self._after(
            slug,
            lambda number: adopting.bring_in(slug, number, seen_version()),
            _("Their changes are in your draft. Cases follow them once you publish it."),
        )

    @expose("/<slug>/overgenomen/gezien", methods=["POST"])
    @act("write")
    def mark_seen(self, slug):
        """Leave the own text as it is."""
        return self._after(slug, lambda number: adopting.mark_seen(slug, number), _("Marked as seen."))

    def _after(self, slug, do, told):
        scenario_of_request(slug)
        given = request.form.get("number", "")
        try:
            do(int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 0)
        except NoSuchScenarioError:
            abort(404)
        except ScenarioError as error:
            return self._difference(slug, _(error.problems[0][1])), 409
        except ChangedMeanwhileError:
            return self._difference(slug, _(CHANGED)), 409
        flash(told, "success")
        return redirect(url_for("ScenarioAdoptView.difference", slug=slug))

    def _difference(self, slug, wrong=""):
        scenario = scenario_of_request(slug)
        adopted = adopting.of(scenario)
        if adopted is None:
            abort(404)
        return self.render_template(
            "scenarios/adopted.html",
            scenario=scenario,
            adopted=adopted,
            found=adopting.difference(scenario, adopted),
            wrong=wrong,
            say=wording,
        )


def _foreign(network, slug):
    """Another network's scenario, or 404; one's own has its own address."""
    try:
        return adopting.of_network(network, slug)
    except NoSuchScenarioError:
        abort(404)
