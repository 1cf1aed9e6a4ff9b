"""The municipalities of a canton: add one, correct one, take one off, each with who said so."""

# mypy: ignore-errors
# WTForms and Flask-AppBuilder carry no types: strictness would only count their silence.

import uuid

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.security.guard import act
from app.ui.formats import today
from app.ui.views import PortalView
from tenants.cases import words as case_words
from tenants.dialogue import cantons, rules, service
from tenants.dialogue.codes import Coverage
from tenants.dialogue.errors import DialogueError, NotFoundError
from tenants.dialogue.forms import CantonForm
from tenants.dialogue.partner_views import refused


class CantonView(PortalView):
    route_base = "/overleg/kantons"
    class_permission_name = "dialogue"
    default_view = "state"

    @expose("/", methods=["GET", "POST"])
    @act("write")
    def state(self) -> ResponseReturnValue:
        """What is known of a municipality and a canton; `kanton` and `gemeente` (NIS code) fill in which."""
        canton, nis = request.args.get("kanton", ""), request.args.get("gemeente", "")
        form, status = CantonForm(data=_likely(canton, nis)), 200
        stands = None
        if request.method == "POST":
            status = 422
            if form.validate():
                new = form.values()
                try:
                    cantons.state(new, _seen())
                except DialogueError as error:
                    status = refused(form, error)
                else:
                    flash(_("Saved. Every organisation of your network sees it."), "success")
                    return redirect(_back(new.canton))
            stands = _standing(form)
        elif canton and nis:
            stands = cantons.current(canton, nis)
        return render_template(
            "dialogue/canton.html",
            form=form,
            stands=stands,
            covers=lambda value: case_words.label(Coverage, value),
            chosen=canton,
            places=sorted(each.name for each in rules.places().values() if not (each.until and each.until < today())),
            back=_back(canton),
        ), status

    @expose("/<uuid:statement_id>/intrekken", methods=["POST"])
    @act("write")
    def withdraw(self, statement_id: uuid.UUID) -> ResponseReturnValue:
        try:
            canton = cantons.withdraw(statement_id)
        except NotFoundError:
            abort(404)
        flash(_("Taken back. What the list says counts again."), "success")
        return redirect(_back(canton))


def _likely(canton: str, nis: str) -> dict:
    """What the form starts with: what is known of this municipality and canton; the source is always asked anew."""
    place = rules.places().get(nis)
    told = next((each for each in cantons.known() if each.canton == canton and each.nis == nis), None)
    likely = {"canton": canton if canton in rules.cantons() else "", "municipality": place.name if place else ""}
    if told is not None:
        covers = Coverage.NONE if told.excluded else Coverage.PART if told.partly else Coverage.WHOLE
        likely |= {"covers": covers, "valid_from": told.valid_from, "valid_to": told.valid_to}
    return likely


def _seen() -> uuid.UUID | None:
    """The statement that stood there when the form was shown."""
    try:
        return uuid.UUID(request.form.get("seen", ""))
    except ValueError:
        return None


def _standing(form: CantonForm):
    """What stands there now, so that whoever saves again has seen it."""
    place = rules.place_called(form.municipality.data or "", form.valid_to.data or today())
    return cantons.current(form.canton.data, place.nis) if place and form.canton.data else None


def _back(canton: str) -> str:
    """The canton's page if the organisation follows it; else the list."""
    partner_id = service.court_of(canton) if canton else None
    return url_for("DialogueView.partner", partner_id=partner_id) if partner_id else url_for("DialogueView.index")
