"""Writing a scenario: its draft, step by step, laid before the network and published. Editors only, save reading."""

# mypy: ignore-errors
# WTForms and Flask-AppBuilder carry no types: strictness would only count their silence.

from collections.abc import Callable

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.i18n import N_
from app.security.guard import act
from app.ui.views import PortalView
from playbook.scenarios import rules, service, wording
from playbook.scenarios.forms import ScenarioForm, Showing, StepForm
from playbook.scenarios.models import Scenario
from playbook.scenarios.service import ChangedMeanwhileError, NoSuchScenarioError, ScenarioError
from playbook.scenarios.showing import scenario_of_request, seen_version

CHANGED = N_("Somebody else changed this draft in the meantime. Look at it again, then decide.")


def _seen(slug: str) -> int:
    """The version that the form was made from; 404 comes before 400."""
    scenario_of_request(slug)
    return seen_version()


class ScenarioDraftView(PortalView):
    route_base = "/draaiboek/scenario"
    class_permission_name = "playbook"
    default_view = "add"

    @expose("/nieuw/", methods=["GET", "POST"])
    @act("write")
    def add(self) -> ResponseReturnValue:
        """A new scenario, as a draft."""
        form = ScenarioForm()
        if request.method == "POST":
            if form.validate():
                try:
                    made = service.create(form.text())
                except ScenarioError as error:
                    form.show(error.problems)
                else:
                    flash(_("The draft is kept. Add its steps now."), "success")
                    return redirect(url_for("ScenarioDraftView.draft", slug=made.slug))
            return self._text_page(form, None), 422
        return self._text_page(form, None)

    @expose("/<slug>/ontwerp/", methods=["GET"])
    @act("read")
    def draft(self, slug: str) -> ResponseReturnValue:
        """The draft, and what it changes."""
        return self._draft_page(slug)

    @expose("/<slug>/ontwerp/tekst/", methods=["GET", "POST"])
    @act("write")
    def edit_text(self, slug: str) -> ResponseReturnValue:
        """Change what the scenario says of itself."""
        scenario, form = scenario_of_request(slug), ScenarioForm()
        if request.method == "GET":
            form.fill(rules.definition_of(scenario.draft))
            return self._text_page(form, scenario)
        seen = seen_version()
        return self._store(
            form,
            lambda: service.save_text(slug, form.text(), seen),
            lambda: self._text_page(form, scenario_of_request(slug), seen),
            lambda: self._text_page(form, scenario_of_request(slug)),
            slug,
        )

    @expose("/<slug>/ontwerp/stap/", methods=["GET", "POST"])
    @act("write")
    def add_step(self, slug: str) -> ResponseReturnValue:
        """A new step, at the end."""
        return self._step(slug, "")

    @expose("/<slug>/ontwerp/stap/<key>/", methods=["GET", "POST"])
    @act("write")
    def edit_step(self, slug: str, key: str) -> ResponseReturnValue:
        """Change a step."""
        return self._step(slug, key)

    @expose("/<slug>/ontwerp/stap/<key>/verplaatsen", methods=["POST"])
    @act("write")
    def move_step(self, slug: str, key: str) -> ResponseReturnValue:
        """One place earlier or later."""
        by, seen = (-1 if request.form.get("to") == "earlier" else 1), _seen(slug)
        return self._do(slug, lambda: service.move_step(slug, key, by, seen), _("Moved."))

    @expose("/<slug>/ontwerp/stap/<key>/verwijderen", methods=["POST"])
    @act("write")
    def remove_step(self, slug: str, key: str) -> ResponseReturnValue:
        seen = _seen(slug)
        return self._do(slug, lambda: service.remove_step(slug, key, seen), _("Deleted."))

    @expose("/<slug>/ontwerp/voorleggen", methods=["POST"])
    @act("write")
    def ask_review(self, slug: str) -> ResponseReturnValue:
        """Lay the draft before everybody in the network."""
        seen = _seen(slug)
        told = _("Everybody in the network can read the draft now.")
        return self._do(slug, lambda: service.ask_review(slug, seen), told)

    @expose("/<slug>/ontwerp/publiceren", methods=["POST"])
    @act("write")
    def publish(self, slug: str) -> ResponseReturnValue:
        """Make it the next version: from now on cases can follow it."""
        seen, comment = _seen(slug), request.form.get("comment", "")
        told = _("Published. Cases can follow this version from now on.")
        return self._do(slug, lambda: service.publish(slug, comment, seen), told)

    def _step(self, slug: str, key: str) -> ResponseReturnValue:
        scenario, form = scenario_of_request(slug), StepForm()
        steps = rules.definition_of(scenario.draft).steps
        known = next((step for step in steps if step.key == key), None)
        if key and known is None:
            abort(404)

        def page(seen: int | None = None) -> str:
            now = scenario_of_request(slug)
            html: str = self.render_template(
                "scenarios/step.html", form=form, scenario=now, key=key, seen=seen or now.draft_version
            )
            return html

        if request.method == "GET":
            if known is not None:
                form.fill(known)
            return page()
        seen = seen_version()
        return self._store(form, lambda: service.save_step(slug, form.step(key), seen), lambda: page(seen), page, slug)

    def _store(
        self,
        form: Showing,
        store: Callable[[], None],
        page: Callable[[], str],
        newer: Callable[[], str],
        slug: str,
    ) -> ResponseReturnValue:
        """Keep a form; what is refused comes back on it. After somebody else's change it comes back on the newer
        draft (`newer`), with what was typed: who looked and still wants it sends it again."""
        if not form.validate():
            return page(), 422
        try:
            store()
        except ScenarioError as error:
            form.show(error.problems)
            return page(), 422
        except ChangedMeanwhileError:
            form.show([("", CHANGED)])
            return newer(), 409
        except NoSuchScenarioError:
            abort(404)
        flash(_("Saved."), "success")
        return redirect(url_for("ScenarioDraftView.draft", slug=slug))

    def _do(self, slug: str, do: Callable[[], object], told: str) -> ResponseReturnValue:
        try:
            do()
        except ScenarioError as error:
            return self._draft_page(slug, _(error.problems[0][1])), 422
        except ChangedMeanwhileError:
            return self._draft_page(slug, _(CHANGED)), 409
        except NoSuchScenarioError:
            abort(404)
        flash(told, "success")
        scenario = scenario_of_request(slug)
        page = "ScenarioView.show" if scenario.state == service.State.PUBLISHED else "ScenarioDraftView.draft"
        return redirect(url_for(page, slug=slug))

    def _draft_page(self, slug: str, wrong: str | None = None) -> str:
        scenario = scenario_of_request(slug)
        draft = rules.definition_of(scenario.draft)
        last = rules.definition_of(service.version(scenario, scenario.latest).body) if scenario.latest else None
        html: str = self.render_template(
            "scenarios/draft.html",
            scenario=scenario,
            definition=draft,
            changed=rules.compared(last, draft) if last else None,
            wrong=wrong,
            comment=request.form.get("comment", ""),
            say=wording,
            states=service.STATES,
        )
        return html

    def _text_page(self, form: ScenarioForm, scenario: Scenario | None, seen: int | None = None) -> str:
        seen = seen or (scenario.draft_version if scenario else None)
        html: str = self.render_template("scenarios/text.html", form=form, scenario=scenario, seen=seen)
        return html
