"""Who reads along with a network from outside: its coordinator lets them in and out."""

# mypy: ignore-errors
# Flask-AppBuilder and WTForms carry no types: strictness would only count their silence.

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.security.guard import act
from app.ui.views import PortalView
from playbook.exchange.question_views import page_of_request
from playbook.handbook import guests as reading
from tenants.organisations import network_guests
from tenants.organisations.forms import GuestForm
from tenants.organisations.service import OrganisationError


class GuestsView(PortalView):
    """The guests of a network."""

    route_base = "/gasten"
    class_permission_name = "guests"

    @expose("/", methods=["GET"])
    @act("read")
    def index(self) -> ResponseReturnValue:
        """Everybody who reads along, and as whom."""
        known = network_guests.guests()
        last = reading.last_reads(each.user.id for each in known)
        return self.render_template("organisations/guests.html", guests=known, last=last)

    @expose("/<int:user_id>/", methods=["GET"])
    @act("read")
    def read_by(self, user_id: int) -> ResponseReturnValue:
        """Which pages a guest opened, and when."""
        guest = network_guests.guest(user_id) or abort(404)
        page = page_of_request()
        reads, count = reading.reads_of(user_id, page)
        return self.render_template(
            "organisations/guest.html",
            guest=guest,
            reads=reads,
            count=count,
            page=page,
            size=reading.PAGE_SIZE,
            href=lambda number: url_for(".read_by", user_id=user_id, pagina=number),
        )

    @expose("/nieuw/", methods=["GET", "POST"])
    @act("write")
    def invite(self) -> ResponseReturnValue:
        """Let somebody in, who hears of it by mail."""
        form = GuestForm()
        if form.validate_on_submit():
            try:
                guest = network_guests.invite(
                    form.first_name.data, form.last_name.data, form.email.data, form.note.data or ""
                )
            except OrganisationError as error:
                form.form_errors.append(_(error.message, **error.params))
            else:
                flash(_("%(name)s is a guest now and reads by e-mail how to sign in.", name=guest.name), "success")
                return redirect(url_for("GuestsView.index"))
        page = self.render_template("organisations/guest_new.html", form=form)
        return page, 422 if form.is_submitted() else 200

    @expose("/<int:user_id>/beeindigen", methods=["POST"])
    @act("write")
    def end(self, user_id: int) -> ResponseReturnValue:
        """Let a guest read along no more."""
        guest = network_guests.guest(user_id) or abort(404)
        network_guests.end(user_id)
        flash(_("%(name)s is no guest of the network any more.", name=guest.name), "success")
        return redirect(url_for("GuestsView.index"))
