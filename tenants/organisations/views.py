"""Administration: the organisation's people and settings, the trail for its data protection officer, the platform."""

from datetime import date
from io import BytesIO
from typing import Any

from flask import Flask, abort, flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import AppBuilder, expose
from flask_babel import gettext as _
from sqlalchemy import select

from app.database import db
from app.i18n import N_
from app.security import second_factor
from app.security.guard import act
from app.security.identity import identity
from app.security.models import Network, Tenant
from app.security.roles import LABELS, Role
from app.ui import navigation
from app.ui.fields import day_in_address
from app.ui.navigation import NavItem, Section
from app.ui.views import PortalView
from tenants.organisations import people, trail
from tenants.organisations.forms import MemberForm, RolesForm, SettingsForm, TenantForm
from tenants.organisations.guest_views import GuestsView
from tenants.organisations.service import OrganisationError, add_member, create_tenant


class OrganisationView(PortalView):
    """What the administrator of an organisation arranges."""

    route_base = "/beheer"
    class_permission_name = "organisation"

    @expose("/")
    @act("read")
    def index(self) -> ResponseReturnValue:
        tenant = _tenant()
        return self.render_template("organisations/index.html", tenant=tenant, members=people.members(), labels=LABELS)

    @expose("/mensen/nieuw/", methods=["GET", "POST"])
    @act("write")
    def add_person(self) -> ResponseReturnValue:
        form = MemberForm()
        if form.validate_on_submit():
            try:
                user, is_new = people.welcome(
                    form.first_name.data, form.last_name.data, form.email.data, form.roles.data
                )
            except OrganisationError as error:
                form.form_errors.append(_(error.message, **error.params))
            else:
                _tell_welcome(user, is_new)
                return redirect(url_for("OrganisationView.index"))
        return self.render_template("organisations/person_new.html", form=form), 422 if form.is_submitted() else 200

    @expose("/mensen/<int:user_id>/", methods=["GET", "POST"])
    @act("write")
    def person(self, user_id: int) -> ResponseReturnValue:
        colleague = people.member(user_id) or abort(404)
        form = RolesForm(data={"roles": colleague.roles})
        if form.validate_on_submit():
            try:
                people.set_roles(user_id, form.roles.data)
            except OrganisationError as error:
                form.form_errors.append(_(error.message, **error.params))
            else:
                flash(_("The roles of %(name)s are saved.", name=colleague.user.get_full_name()), "success")
                return redirect(url_for("OrganisationView.index"))
        status = 422 if form.is_submitted() else 200
        page = self.render_template(
            "organisations/person.html",
            form=form,
            colleague=colleague,
            has_second_step=second_factor.is_enrolled(user_id),
        )
        return page, status

    @expose("/instellingen/", methods=["GET", "POST"])
    @act("write")
    def settings(self) -> ResponseReturnValue:
        chosen = _tenant().settings or {}
        form = SettingsForm(data={"first_contact_working_days": 3, **chosen})
        if form.validate_on_submit():
            people.save_settings(
                first_contact_working_days=form.first_contact_working_days.data,
                second_factor_required=form.second_factor_required.data,
                has_shelter=form.has_shelter.data,
            )
            flash(_("The settings are saved."), "success")
            return redirect(url_for("OrganisationView.index"))
        return self.render_template("organisations/settings.html", form=form), 422 if form.is_submitted() else 200


def _tenant() -> Tenant:
    who = identity()
    tenant = who.place.tenant if who and who.place else None
    return tenant or abort(404)


def _tell_welcome(user: Any, is_new: bool) -> None:
    """Send a new person the link to choose a password; someone with an account can go on at once."""
    from app.security.passwords import request_reset

    if is_new:
        request_reset(user.email)
        flash(
            _("%(name)s is added and gets a link by e-mail to choose a password.", name=user.get_full_name()), "success"
        )
    else:
        flash(_("%(name)s has an account already and can work here from now on.", name=user.get_full_name()), "success")


class TrailView(PortalView):
    """The audit trail of the organisation."""

    route_base = "/toegangen"
    class_permission_name = "audit"

    @expose("/")
    @act("read")
    def index(self) -> ResponseReturnValue:
        question = _question()
        page = max(1, request.args.get("pagina", 1, type=int))
        return self.render_template(
            "organisations/trail.html",
            question=question,
            lines=trail.lines(question, page),
            count=trail.count(question),
            page=page,
            page_size=trail.PAGE,
            href=lambda number: url_for("TrailView.index", **{**request.args, "pagina": number}),
            acts=[(code, _(label)) for code, label in trail.ACTS.items()],
            people=[(str(c.user.id), c.user.get_full_name()) for c in people.members()],
        )

    @expose("/uitvoer/", methods=["POST"])
    @act("export")
    def export(self) -> ResponseReturnValue:
        headings = (_("Moment"), _("Who"), _("What"), _("Of what"), _("Case"), _("Changes"), _("Why"))
        content = trail.export(_question(), headings, _)
        return send_file(
            BytesIO(content),
            as_attachment=True,
            download_name=f"toegangen-{date.today().isoformat()}.xlsx",  # noqa: DTZ011 - only a name
            mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )


def _question() -> trail.Question:
    return trail.Question(
        case_number=request.values.get("dossier", ""),
        actor_id=request.values.get("wie", type=int),
        act=request.values.get("wat", ""),
        since=day_in_address(request.values.get("van")),
        until=day_in_address(request.values.get("tot")),
    )


class PlatformView(PortalView):
    """Networks and organisations. Whoever arranges them sees no case."""

    route_base = "/platform"
    class_permission_name = "platform"

    @expose("/")
    @act("read")
    def index(self) -> ResponseReturnValue:
        networks = db.session.scalars(select(Network).order_by(Network.name)).all()
        return self.render_template("organisations/platform.html", networks=networks)

    @expose("/organisaties/nieuw/", methods=["GET", "POST"])
    @act("write")
    def add_tenant(self) -> ResponseReturnValue:
        form = TenantForm()
        networks = db.session.scalars(select(Network).order_by(Network.name)).all()
        form.network.choices = [(n.slug, n.name) for n in networks]
        if form.validate_on_submit():
            try:
                self._make(form)
            except OrganisationError as error:
                form.form_errors.append(_(error.message, **error.params))
            else:
                flash(_("%(name)s is made. Its administrator gets a link by e-mail.", name=form.name.data), "success")
                return redirect(url_for("PlatformView.index"))
        return self.render_template("organisations/tenant_new.html", form=form), 422 if form.is_submitted() else 200

    @staticmethod
    def _make(form: TenantForm) -> None:
        from app.security.passwords import request_reset
        from tenants.organisations.service import create_user, require_free

        address = form.admin_email.data.strip().lower()
        require_free(address, address)  # first, so that no organisation is left without its administrator
        db.session.commit()
        tenant = create_tenant(
            form.slug.data,
            form.name.data,
            network=form.network.data,
            kind=form.kind.data,
            nis=form.nis.data or None,
        )
        admin = create_user(
            address, None, first_name=form.admin_first_name.data, last_name=form.admin_last_name.data, email=address
        )
        add_member(tenant, admin, [Role.TENANT_ADMIN])
        request_reset(address)


def register(app: Flask, appbuilder: AppBuilder) -> None:
    """Add the pages and their places in the navigation."""
    for view in (OrganisationView, TrailView, PlatformView, GuestsView):
        appbuilder.add_view_no_menu(view)
    navigation.register(app, NavItem(Section.NETWORK, "/gasten/", N_("Guests of the network"), 80, "guests.read"))
    navigation.register(app, NavItem(Section.ORGANISATION, "/beheer/", N_("Administration"), 10, "organisation.read"))
    navigation.register(app, NavItem(Section.ORGANISATION, "/toegangen/", N_("Who opened what"), 20, "audit.read"))
    navigation.register(app, NavItem(Section.ORGANISATION, "/platform/", N_("Platform"), 30, "platform.read"))
