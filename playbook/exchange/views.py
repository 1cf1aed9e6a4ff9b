"""The pages under /netwerk/: the whole network reads them; its coordinator and, for its own, an organisation write."""

import uuid

from flask import Blueprint, Flask, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import AppBuilder, expose
from flask_babel import gettext as _

from app import tenancy
from app.i18n import N_
from app.security.guard import act
from app.ui import navigation
from app.ui.formats import today
from app.ui.navigation import NavItem, Section
from app.ui.viewer import viewer
from app.ui.views import PortalView
from playbook.exchange import rules, service
from playbook.exchange.digest_views import DigestView
from playbook.exchange.forms import ContactForm
from playbook.exchange.initiative_views import InitiativesView
from playbook.exchange.meeting_calendar_views import MeetingCalendarView
from playbook.exchange.meeting_views import MeetingsView
from playbook.exchange.models import Contact
from playbook.exchange.question_views import QuestionsView
from playbook.exchange.service import ContactError, NoSuchContactError


class ContactEditing(PortalView):
    """Adding, changing and removing contacts; the two views below say whose."""

    def only(self) -> uuid.UUID | None:
        """The one organisation whose contacts may be changed here; none: any of the network."""
        raise NotImplementedError

    @expose("/nieuw/", methods=["GET", "POST"])
    @act("write")
    def add_contact(self) -> ResponseReturnValue:
        """A new contact; ?organisatie= offers whose."""
        form = self._form(None)
        if request.method == "GET":
            form.organisation.data = request.args.get("organisatie")
            return self._page(form, None)
        if form.validate():
            try:
                service.add(form.entry(), self.only())
            except ContactError as error:
                form.show(error.problems)
            else:
                flash(_("Added."), "success")
                return redirect(url_for("ContactsView.index"))
        return self._page(form, None), 422

    @expose("/<uuid:contact_id>/", methods=["GET", "POST"])
    @act("write")
    def edit_contact(self, contact_id: uuid.UUID) -> ResponseReturnValue:
        """Change a contact, or say when they are absent."""
        contact = self._contact(contact_id)
        form = self._form(contact)
        if request.method == "GET":
            form.fill(contact)
            return self._page(form, contact)
        if form.validate():
            try:
                service.change(contact_id, form.entry(), self.only())
            except ContactError as error:
                form.show(error.problems)
            else:
                flash(_("Saved."), "success")
                return redirect(url_for("ContactsView.index"))
        return self._page(form, contact), 422

    @expose("/<uuid:contact_id>/verwijderen", methods=["POST"])
    @act("write")
    def remove_contact(self, contact_id: uuid.UUID) -> ResponseReturnValue:
        """Take a contact off the list."""
        self._contact(contact_id)
        service.remove(contact_id, self.only())
        flash(_("Deleted."), "success")
        return redirect(url_for("ContactsView.index"))

    def _contact(self, contact_id: uuid.UUID) -> Contact:
        try:
            return service.contact_by_id(contact_id, self.only())
        except NoSuchContactError:
            abort(404)

    def _form(self, contact: Contact | None) -> ContactForm:
        form = ContactForm()
        only = self.only()
        offered = [each for each in service.organisations() if only is None or each.id == only]
        form.offer(offered, service.contacts(), contact)
        return form

    def _page(self, form: ContactForm, contact: Contact | None) -> str:
        remove = url_for(f"{type(self).__name__}.remove_contact", contact_id=contact.id) if contact else None
        html: str = self.render_template("exchange/edit.html", form=form, contact=contact, remove=remove)
        return html


class ContactsView(ContactEditing):
    """The list, and the coordinator's changes."""

    route_base = "/netwerk"
    class_permission_name = "exchange"

    def only(self) -> uuid.UUID | None:
        return None

    @expose("/", methods=["GET"])
    @act("read")
    def index(self) -> ResponseReturnValue:
        """Whom to call in every organisation."""
        directory = service.directory()
        known = {contact.id: contact for part in directory for contact in part.contacts}
        away = {c.id for c in known.values() if rules.is_absent(c.absent_from, c.absent_to, today())}
        return self.render_template(
            "exchange/index.html",
            directory=directory,
            known=known,
            away=away,
            labels=rules.LABELS,
            without=[part.organisation.name for part in directory if not part.has_central],
            editor_of=_editor_of,
        )


class OwnContactsView(ContactEditing):
    """An organisation's administrator changes its own contacts."""

    route_base = "/netwerk/eigen"
    class_permission_name = "organisation"
    default_view = "add_contact"

    def only(self) -> uuid.UUID | None:
        return tenancy.current_tenant_id()


def _editor_of(organisation_id: uuid.UUID) -> str | None:
    """The name of the view in which the viewer may change this organisation's contacts, if any."""
    if viewer.can("exchange.write"):
        return ContactsView.__name__
    if viewer.can("organisation.write") and tenancy.current().tenant_id == organisation_id:
        return OwnContactsView.__name__
    return None


def register(app: Flask, appbuilder: AppBuilder) -> None:
    app.register_blueprint(Blueprint("exchange", __name__, static_folder="static", static_url_path="/static/exchange"))
    meeting = (MeetingsView, MeetingCalendarView)
    for view in (ContactsView, OwnContactsView, QuestionsView, InitiativesView, *meeting, DigestView):
        appbuilder.add_view_no_menu(view())
    # A mail program that refuses for its reader has no form of ours; the signed address is what lets it.
    app.extensions["csrf"].exempt(f"{DigestView.__module__}.{DigestView.refuse.__name__}")
    navigation.register(app, NavItem(Section.NETWORK, "/netwerk/", N_("Network"), order=20, permission="exchange.read"))
