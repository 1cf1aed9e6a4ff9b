"""One's own account: password, second step, where one is signed in; and a member's second step for who arranges."""

import structlog
from flask import Flask, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.i18n import N_
from app.security import passwords, second_factor
from app.security.answers import address, locked
from app.security.attempts import LockedError
from app.security.forms import ChangePasswordForm, CodeForm, words_about
from app.security.guard import act
from app.security.identity import Identity, end_other_sessions, identity, leave, mark_second_factor, open_sessions
from app.security.roles import LABELS
from app.ui import navigation
from app.ui.navigation import NavItem, Section
from app.ui.views import PortalView

log = structlog.get_logger()


class AccountView(PortalView):
    """`/account/`."""

    route_base = "/account"
    class_permission_name = "account"

    @expose("/")
    @act("read")
    def index(self) -> ResponseReturnValue:
        who = _me()
        return self.render_template(
            "security/account.html",
            who=who,
            labels=LABELS,
            sessions=open_sessions(who.user.id),
            has_password=passwords.has_password(who.user),
            enrolled=second_factor.is_enrolled(who.user.id),
            codes_left=second_factor.codes_left(who.user.id),
        )

    @expose("/wachtwoord/", methods=["GET", "POST"])
    @act("write")
    def password(self) -> ResponseReturnValue:
        who = _me()
        form = ChangePasswordForm(about=words_about(who.user))
        if form.validate_on_submit():
            try:
                right = passwords.is_own_password(who.user, form.current.data, address())
            except LockedError as error:
                return locked(error, form, self._password_page)
            if right:
                passwords.set_password(who.user, form.password.data, who.session_hash)
                log.info("password_changed", user_id=who.user.id)
                flash(_("Your new password is set. You are signed out everywhere else."), "success")
                return redirect(url_for("AccountView.index"))
            form.current.errors = [_("This is not your present password.")]
        return self._password_page(form), 422 if form.is_submitted() else 200

    def _password_page(self, form: ChangePasswordForm) -> str:
        return self.render_template("security/password.html", form=form)

    @expose("/tweede-stap/", methods=["GET", "POST"])
    @act("write")
    def second_step(self) -> ResponseReturnValue:
        who = _me()
        if second_factor.is_enrolled(who.user.id):
            return redirect(url_for("AccountView.index"))
        form = CodeForm()
        if form.validate_on_submit():
            codes = second_factor.confirm(who.user.id, form.code.data)
            if codes is not None:
                mark_second_factor(who.session_hash)
                end_other_sessions(who.user.id, who.session_hash)  # those were opened by the password alone
                log.info("second_step_on", user_id=who.user.id)
                return self.render_template("security/recovery_codes.html", codes=codes)
            form.code.errors = [_("This code is not right. Check the clock of your phone and type the next code.")]
        secret, picture = second_factor.start_enrolment(who.user)
        page = self.render_template("security/enrol.html", form=form, secret=secret, picture=picture)
        return page, 422 if form.is_submitted() else 200

    @expose("/tweede-stap/weg/", methods=["GET", "POST"])
    @act("write")
    def remove_second_step(self) -> ResponseReturnValue:
        who = _me()
        if not second_factor.is_enrolled(who.user.id):
            return redirect(url_for("AccountView.index"))
        form = CodeForm()
        if form.validate_on_submit():
            try:
                right = second_factor.pass_step(who.user.id, form.code.data, address())
            except LockedError as error:
                return locked(error, form, self._removal_page)
            if right:
                second_factor.reset(who.user.id)
                end_other_sessions(who.user.id, who.session_hash)
                mark_second_factor(who.session_hash, proven=False)
                log.info("second_step_off", user_id=who.user.id)
                flash(_("The second step is off. Set it up again on your new phone."), "success")
                return redirect(url_for("AccountView.index"))
            form.code.errors = [_("This code is not right, or it was used already. Wait for the next one.")]
        return self._removal_page(form), 422 if form.is_submitted() else 200

    def _removal_page(self, form: CodeForm) -> str:
        return self.render_template("security/remove_second_step.html", form=form)

    @expose("/overal-afmelden/", methods=["POST"])
    @act("write")
    def sign_out_everywhere(self) -> ResponseReturnValue:
        end_other_sessions(_me().user.id)
        leave()
        flash(_("You are signed out everywhere."), "success")
        return redirect(url_for("SignInView.login"))


class MemberSecurityView(PortalView):
    """What an administrator may do about a member's way in."""

    route_base = "/beheer/mensen"
    class_permission_name = "organisation"
    default_view = "remove_second_step"

    @expose("/<int:user_id>/tweede-stap/weg/", methods=["POST"])
    @act("write")
    def remove_second_step(self, user_id: int) -> ResponseReturnValue:
        try:
            second_factor.reset_for_member(user_id)
        except second_factor.NotAMemberError:
            abort(404)
        log.info("second_step_off", user_id=user_id, by=_me().user.id)
        flash(
            _("The second step is taken away. This person signs in with the password and sets it up again."), "success"
        )
        return redirect(f"/beheer/mensen/{user_id}/")


def _me() -> Identity:
    who = identity()
    assert who is not None  # noqa: S101 - the guard let somebody in
    return who


def add_navigation(app: Flask) -> None:
    navigation.register(app, NavItem(Section.ACCOUNT, "/account/", N_("My account"), 10, "account.read"))
