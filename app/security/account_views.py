"""One's own account: password, second step, where one is signed in."""

from flask import Flask, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.security import check_password_hash

from app.database import db
from app.i18n import N_
from app.security import passwords, second_factor
from app.security.forms import ChangePasswordForm, CodeForm, own_words
from app.security.guard import act
from app.security.identity import end_other_sessions, identity, mark_second_factor
from app.security.models import LoginSession
from app.security.roles import LABELS
from app.ui import navigation
from app.ui.navigation import NavItem, Section
from app.ui.views import PortalView


class AccountView(PortalView):
    """`/account/`."""

    route_base = "/account"
    class_permission_name = "account"

    @expose("/")
    @act("read")
    def index(self) -> ResponseReturnValue:
        who = identity()
        assert who is not None  # noqa: S101 - the guard let somebody in
        sessions = db.session.scalars(
            select(LoginSession).where(LoginSession.user_id == who.user.id).order_by(LoginSession.seen_at.desc())
        ).all()
        return self.render_template(
            "security/account.html",
            who=who,
            labels=LABELS,
            sessions=sessions,
            enrolled=second_factor.is_enrolled(who.user.id),
            codes_left=second_factor.codes_left(who.user.id),
        )

    @expose("/wachtwoord/", methods=["GET", "POST"])
    @act("write")
    def password(self) -> ResponseReturnValue:
        who = identity()
        assert who is not None  # noqa: S101 - the guard let somebody in
        form = ChangePasswordForm(about=own_words())
        if form.validate_on_submit():
            if check_password_hash(who.user.password or "", form.current.data):
                passwords.set_password(who.user, form.password.data, who.session_hash)
                flash(_("Your new password is set. You are signed out everywhere else."), "success")
                return redirect(url_for("AccountView.index"))
            form.current.errors = [_("This is not your present password.")]
        return self.render_template("security/password.html", form=form), 422 if form.is_submitted() else 200

    @expose("/tweede-stap/", methods=["GET", "POST"])
    @act("write")
    def second_step(self) -> ResponseReturnValue:
        who = identity()
        assert who is not None  # noqa: S101 - the guard let somebody in
        if second_factor.is_enrolled(who.user.id):
            return redirect(url_for("AccountView.index"))
        form = CodeForm()
        if form.validate_on_submit():
            codes = second_factor.confirm(who.user.id, form.code.data)
            if codes is not None:
                mark_second_factor(who.session_hash)
                return self.render_template("security/recovery_codes.html", codes=codes)
            form.code.errors = [_("This code is not right. Check the clock of your phone and type the next code.")]
        secret, picture = second_factor.start_enrolment(who.user)
        page = self.render_template("security/enrol.html", form=form, secret=secret, picture=picture)
        return page, 422 if form.is_submitted() else 200

    @expose("/tweede-stap/weg/", methods=["POST"])
    @act("write")
    def remove_second_step(self) -> ResponseReturnValue:
        who = identity()
        assert who is not None  # noqa: S101 - the guard let somebody in
        if not check_password_hash(who.user.password or "", request.form.get("password", "")):
            flash(_("This is not your present password."), "danger")
            return redirect(url_for("AccountView.index"))
        second_factor.reset(who.user.id)
        flash(_("The second step is off. Set it up again on your new phone."), "success")
        return redirect(url_for("AccountView.index"))

    @expose("/overal-afmelden/", methods=["POST"])
    @act("write")
    def sign_out_everywhere(self) -> ResponseReturnValue:
        who = identity()
        assert who is not None  # noqa: S101 - the guard let somebody in
        end_other_sessions(who.user.id)
        session.clear()
        flash(_("You are signed out everywhere."), "success")
        return redirect(url_for("SignInView.login"))


def add_navigation(app: Flask) -> None:
    navigation.register(app, NavItem(Section.ACCOUNT, "/account/", N_("My account"), 10, "account.read"))
