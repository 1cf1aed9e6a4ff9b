"""The doors: signing in and out, the second step, a forgotten password, and the page everybody starts from."""

from hashlib import sha256

import structlog
from flask import Flask, abort, current_app, flash, make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import AppBuilder, IndexView, expose
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from app.database import db
from app.security import oidc, passwords, second_factor
from app.security.account_views import AccountView, MemberSecurityView, add_navigation
from app.security.answers import address, locked
from app.security.attempts import LockedError
from app.security.forms import CodeForm, ForgottenForm, LoginForm, NewPasswordForm, words_about
from app.security.guard import public
from app.security.identity import identity, leave, sign_in, switch_to
from app.security.models import Tenant, utc_now
from app.security.passwords import WrongCredentialsError
from app.security.rules import SECOND_STEP_VALID, own_path
from app.ui.views import PortalView

log = structlog.get_logger()

# Where each person starts: the first page of these that their roles allow.
LANDINGS = (
    ("cases.read", "/vandaag/"),
    ("audit.read", "/toegangen/"),
    ("organisation.read", "/beheer/"),
    ("platform.read", "/platform/"),
    ("playbook.write", "/draaiboek/"),
    ("exchange.write", "/cijfers/"),
    ("playbook.visit", "/draaiboek/"),
)


class StartView(IndexView):
    """The root address sends everybody to where their day starts."""

    @expose("/")
    @public
    def index(self) -> ResponseReturnValue:
        who = identity()
        if who is None:
            return redirect(url_for("SignInView.login"))
        path = next((path for right, path in LANDINGS if who.can(right)), None)
        if path is None:  # the last role was taken away, or none was given yet
            return self.render_template("security/no_place.html"), 403
        return redirect(path)


class SignInView(PortalView):
    """`/login/` and what belongs to it; open to strangers."""

    route_base = ""
    class_permission_name = "account"
    default_view = "login"

    @expose("/login/", methods=["GET", "POST"])
    @public
    def login(self) -> ResponseReturnValue:
        target = own_path(request.args.get("next"))
        if identity() is not None and request.method == "GET":
            return redirect(target or url_for("StartView.index"))
        form = LoginForm()
        if not form.validate_on_submit():
            return self._page(form), 422 if form.is_submitted() else 200
        try:
            user = passwords.authenticate(form.username.data, form.password.data, address())
        except WrongCredentialsError:
            form.form_errors.append(
                _("The user name or the password is not right. Try again, or choose a new password.")
            )
            return self._page(form), 422
        except LockedError as error:
            return locked(error, form, self._page)
        return _pass(user, target, took_second_step=False)

    def _page(self, form: FlaskForm) -> str:
        known = oidc.provider()
        start = url_for("SignInView.oidc_start", next=own_path(request.args.get("next")))
        return self.render_template(
            "appbuilder/general/security/login_db.html",
            form=form,
            providers=[{"label": known.label, "href": start}] if known else [],
            reset_href=url_for("SignInView.forgotten"),
        )

    @expose("/login/tweede-stap/", methods=["GET", "POST"])
    @public
    def second_step(self) -> ResponseReturnValue:
        user = _waiting_for_second_step()
        if user is None:
            session.pop("second_step", None)
            flash(_("That took too long. Sign in again."), "warning")
            return redirect(url_for("SignInView.login"))
        form = CodeForm()

        def page(form: FlaskForm) -> str:
            return self.render_template("security/second_step.html", form=form)

        if form.validate_on_submit():
            try:
                right = second_factor.pass_step(user.id, form.code.data, address())
            except LockedError as error:
                return locked(error, form, page)
            if right:
                return _enter(user, session["second_step"]["next"], second_factor=True)
            form.code.errors = [_("This code is not right, or it was used already. Wait for the next one.")]
        return page(form), 422 if form.is_submitted() else 200

    @expose("/logout/", methods=["POST"])
    @public
    def logout(self) -> ResponseReturnValue:
        leave()
        flash(_("You are signed out. Close the browser on a shared computer."), "success")
        return redirect(url_for("SignInView.login"))

    @expose("/organisatie/wisselen", methods=["POST"])
    @public
    def switch(self) -> ResponseReturnValue:
        if identity() is None:
            return redirect(url_for("SignInView.login"))
        place = switch_to(request.form.get("organisation", ""))
        if place is None:
            abort(404, _("You do not work for this organisation, or no longer."))
        return redirect(url_for("StartView.index"))

    @expose("/wachtwoord/vergeten/", methods=["GET", "POST"])
    @public
    def forgotten(self) -> ResponseReturnValue:
        form = ForgottenForm()

        def page(form: FlaskForm) -> str:
            return self.render_template("security/forgotten.html", form=form)

        if not form.validate_on_submit():
            return page(form), 422 if form.is_submitted() else 200
        try:
            passwords.ask_link(form.email.data, address())
        except LockedError as error:
            return locked(error, form, page)
        return self.render_template("security/forgotten_sent.html")

    @expose("/wachtwoord/nieuw/<token>/", methods=["GET", "POST"])
    @public
    def new_password(self, token: str) -> ResponseReturnValue:
        user = passwords.person_of_link(token)
        if user is None:
            return self.render_template("security/link_old.html"), 404
        form = NewPasswordForm(about=words_about(user))
        if not form.validate_on_submit():
            page = self.render_template(
                "security/new_password.html", form=form, user=user, is_first=not passwords.has_password(user)
            )
            return page, 422 if form.is_submitted() else 200
        if not passwords.use_link(token, form.password.data):  # used in another window a moment ago
            return self.render_template("security/link_old.html"), 404
        log.info("password_chosen", user_id=user.id)
        flash(_("Your new password is set. Sign in with it."), "success")
        return redirect(url_for("SignInView.login"))

    @expose("/login/oidc/")
    @public
    def oidc_start(self) -> ResponseReturnValue:
        known = oidc.provider() or abort(404)
        session["oidc_next"] = own_path(request.args.get("next"))
        back = current_app.extensions["settings"].base_url + url_for("SignInView.oidc_back")
        try:
            return oidc.start(known, back)
        except oidc.ProviderAwayError:
            return self._not_by_provider(
                _("%(label)s does not answer. Try again in a few minutes.", label=known.label), 503
            )

    @expose("/login/oidc/terug/")
    @public
    def oidc_back(self) -> ResponseReturnValue:
        known = oidc.provider() or abort(404)
        target = session.pop("oidc_next", None)
        try:
            claims = oidc.verified_claims(known)
            user = oidc.person(claims)
        except oidc.ProviderAwayError:
            return self._not_by_provider(
                _("%(label)s does not answer. Try again in a few minutes.", label=known.label), 503
            )
        except oidc.RefusedError as error:
            log.warning("oidc_refused", reason=str(error))
            return self._not_by_provider(
                _("Signing in with %(label)s did not work. Try again.", label=known.label), 400
            )
        except oidc.UnknownPersonError:
            message = _(
                "You are known to %(label)s, but you have no account here. Ask the administrator of your "
                "organisation to add you with the e-mail address that %(label)s knows.",
                label=known.label,
            )
            return self._not_by_provider(message, 403)
        return _pass(user, target, took_second_step=oidc.took_second_step(known, claims))

    def _not_by_provider(self, message: str, status: int) -> ResponseReturnValue:
        form = LoginForm(formdata=None)
        form.form_errors.append(message)
        return self._page(form), status


def _pass(user: User, target: str | None, *, took_second_step: bool) -> ResponseReturnValue:
    """The first proof is given: in, or on to the second step for who has one."""
    if took_second_step or not second_factor.is_enrolled(user.id):
        return _enter(user, target, second_factor=took_second_step)
    session["second_step"] = {
        "user": user.id,
        "until": (utc_now() + SECOND_STEP_VALID).timestamp(),
        "password": _mark_of_password(user),
        "next": target,
    }
    return redirect(url_for("SignInView.second_step"))


def _waiting_for_second_step() -> User | None:
    waiting = session.get("second_step")
    if not waiting or utc_now().timestamp() > waiting["until"]:
        return None
    user: User | None = db.session.get(User, waiting["user"])
    if user is None or not user.active or _mark_of_password(user) != waiting["password"]:
        return None
    return user


def _mark_of_password(user: User) -> str:
    """Changes with the password, so that a new one also ends a sign-in that is half done."""
    return sha256(f"{user.id}:{user.password}".encode()).hexdigest()[:16]


def _enter(user: User, target: str | None, *, second_factor: bool) -> ResponseReturnValue:
    sign_in(user, second_factor=second_factor)
    log.info("signed_in", user_id=user.id)
    return redirect(target or url_for("StartView.index"))


# What a person may still reach while an organisation asks for a second step that they don't have yet.
WITHOUT_SECOND_STEP = ("AccountView.", "SignInView.", "ui.", "bootstrap.", "healthz")


def ask_for_second_step() -> ResponseReturnValue | None:
    """Lead someone to set up the second step when one of their organisations requires it (before_request)."""
    who = identity()
    if who is None or who.second_factor or not any(_requires_second_step(place.tenant) for place in who.places):
        return None
    if request.endpoint is None or request.endpoint.startswith(WITHOUT_SECOND_STEP):
        return None
    flash(_("Your organisation asks for a second step at sign-in. Set it up now; it takes two minutes."), "info")
    target = url_for("AccountView.second_step")
    if request.headers.get("HX-Request"):
        return make_response("", 403, {"HX-Redirect": target})
    return redirect(target, 303)  # 303: whatever was asked for, and by POST too, this page comes instead


def _requires_second_step(tenant: Tenant | None) -> bool:
    return bool(tenant is not None and (tenant.settings or {}).get("second_factor_required"))


def register(app: Flask, appbuilder: AppBuilder) -> None:
    """Add the pages of signing in and of the account."""
    for view in (SignInView, AccountView, MemberSecurityView):
        appbuilder.add_view_no_menu(view)
    add_navigation(app)
    app.before_request(ask_for_second_step)
    oidc.init_app(app)
