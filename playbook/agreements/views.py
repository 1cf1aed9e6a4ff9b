"""The pages under /afspraken/: every member of the network reads them, its coordinator arranges them."""

# mypy: ignore-errors
# WTForms and Flask-AppBuilder carry no types: strictness would only count their silence.

import uuid

from flask import Flask, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import AppBuilder, expose
from flask_babel import gettext as _

from app import tenancy
from app.i18n import N_
from app.security.guard import act
from app.ui import navigation
from app.ui.formats import today
from app.ui.navigation import NavItem, Section
from app.ui.views import PortalView
from playbook.agreements import service
from playbook.agreements.forms import AgreementForm
from playbook.agreements.rules import LABELS, SHORT, STATES, State
from playbook.agreements.service import Agreement, AgreementError, ChangedMeanwhileError, NoSuchAgreementError
from playbook.exchange.service import organisations
from playbook.handbook.service import names
from playbook.handbook.showing import shown_text

HAPPENED = {
    "made": N_("Drawn up"),
    "changed": N_("Draft changed"),
    "in_force": N_("Became effective"),
    "ended": N_("Ended"),
}
KINDS = {State.IN_FORCE: "good", State.TO_COME: "acc", State.DRAFT: "soon"}


class SharingAgreementView(PortalView):
    route_base = "/afspraken"
    class_permission_name = "agreements"

    @expose("/", methods=["GET"])
    @act("read")
    def index(self) -> ResponseReturnValue:
        """What is agreed in the network, what is in force first."""
        known = service.agreements() if tenancy.current().network_id else []
        order = {state: place for place, state in enumerate((State.IN_FORCE, State.TO_COME, State.DRAFT))}
        known.sort(key=lambda each: order.get(each.state(today()), len(order)))
        return self.render_template("agreements/index.html", agreements=known, **_words())

    @expose("/<uuid:sharing_id>/", methods=["GET"])
    @act("read")
    def agreement(self, sharing_id: uuid.UUID) -> ResponseReturnValue:
        return self._agreement_page(_found(sharing_id))

    @expose("/nieuw/", methods=["GET", "POST"])
    @act("write")
    def add(self) -> ResponseReturnValue:
        form = AgreementForm()
        form.offer(organisations())
        if request.method == "GET":
            form.starts_on.data = today()
            return self.render_template("agreements/edit.html", form=form, agreement=None)
        if form.validate():
            try:
                made = service.draw_up(form.draft())
            except AgreementError as error:
                form.show(error.problems)
            else:
                flash(_("The draft is kept. Put it in force when every party has signed."), "success")
                return redirect(url_for("SharingAgreementView.agreement", sharing_id=made))
        return self.render_template("agreements/edit.html", form=form, agreement=None), 422

    @expose("/<uuid:sharing_id>/wijzigen", methods=["GET", "POST"])
    @act("write")
    def edit(self, sharing_id: uuid.UUID) -> ResponseReturnValue:
        found, form, status = _found(sharing_id), AgreementForm(), 200
        form.offer(organisations())
        if request.method == "GET":
            form.fill(found)
        else:
            status = 422
            if form.validate():
                try:
                    service.change(sharing_id, form.draft(), _version())
                except AgreementError as error:
                    form.show(error.problems)
                except ChangedMeanwhileError:
                    form.show([("", CHANGED)])
                    status = 409
                else:
                    flash(_("Saved."), "success")
                    return redirect(url_for("SharingAgreementView.agreement", sharing_id=sharing_id))
        return self.render_template("agreements/edit.html", form=form, agreement=_found(sharing_id)), status

    @expose("/<uuid:sharing_id>/in-voege", methods=["POST"])
    @act("write")
    def put_in_force(self, sharing_id: uuid.UUID) -> ResponseReturnValue:
        _found(sharing_id)
        return self._done(sharing_id, lambda: service.put_in_force(sharing_id, _version()), _("It is in force."))

    @expose("/<uuid:sharing_id>/beeindigen", methods=["POST"])
    @act("write")
    def end(self, sharing_id: uuid.UUID) -> ResponseReturnValue:
        """Every case that is shared under it closes at once."""
        _found(sharing_id)
        why = request.form.get("why", "")[:300]
        ended = _("The agreement is ended. What was shared under it is closed.")
        return self._done(sharing_id, lambda: service.end(sharing_id, why, _version()), ended)

    def _done(self, sharing_id, do, told) -> ResponseReturnValue:
        try:
            do()
        except AgreementError as error:
            return self._agreement_page(_found(sharing_id), _(error.problems[0][1])), 422
        except ChangedMeanwhileError:
            return self._agreement_page(_found(sharing_id), _(CHANGED)), 409
        flash(told, "success")
        return redirect(url_for("SharingAgreementView.agreement", sharing_id=sharing_id))

    def _agreement_page(self, found: Agreement, wrong: str | None = None) -> str:
        past = service.history(found.row.id)
        return self.render_template(
            "agreements/agreement.html",
            agreement=found,
            text=shown_text(found.row.body),
            history=past,
            by=names([event.by for event in past]),
            happened=HAPPENED,
            wrong=wrong,
            why=request.form.get("why", ""),
            **_words(),
        )


CHANGED = N_("Somebody else changed this agreement in the meantime. Look at it again, then decide.")


def _words():
    return {"labels": LABELS, "short": SHORT, "states": STATES, "kinds": KINDS, "State": State}


def _version() -> int:
    value = request.form.get("version", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else abort(400)


def _found(sharing_id: uuid.UUID) -> Agreement:
    try:
        return service.find(sharing_id)
    except NoSuchAgreementError:
        abort(404)


def register(app: Flask, appbuilder: AppBuilder) -> None:
    appbuilder.add_view_no_menu(SharingAgreementView())
    item = NavItem(Section.NETWORK, "/afspraken/", N_("Sharing"), order=25, permission="agreements.read")
    navigation.register(app, item)
