"""The doors: signing in and out, the second step, a forgotten password, and the page everybody starts from."""

from datetime import timedelta

import structlog
from authlib.integrations.base_client import OAuthError
from flask import Flask, abort, current_app, flash, make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import AppBuilder, IndexView, expose
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext as _

from app.database import db
from app.security import oidc, passwords, second_factor
from app.security.account_views import AccountView, add_navigation
from app.security.forms import CodeForm, ForgottenForm, LoginForm, NewPasswordForm, words_about
from app.security.guard import public
from app.security.identity import identity, sign_in, sign_out, switch_to
from app.security.models import utc_now
from app.security.passwords import LockedError, WrongCredentialsError
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
    ("playbook.read", "/draaiboek/"),
)


def landing() -> str:
    """The page on which the signed-in person starts."""
    who = identity()
    if who is None:
        return url_for("SignInView.login")
    return next((path for right, path in LANDINGS if who.can(right)), url_for("AccountView.index"))


class StartView(IndexView):
    """The root address sends everybody to where their day starts."""

    @expose("/")
    @public
    def index(self) -> ResponseReturnValue:
        return redirect(landing())


class SignInView(PortalView):
    """`/login/` and what belongs to it; open to strangers."""

    route_base = ""
    class_permission_name = "account"
    default_view = "login"

    @expose("/login/", methods=["GET", "POST"])
    @public
    def login(self) -> ResponseReturnValue:
        if identity() is not None and request.method == "GET":
            return redirect(own_path(request.args.get("next")) or landing())
        form = LoginForm()
        status = 200
        if form.validate_on_submit():
            try:
                user = passwords.authenticate(form.username.data, form.password.data, request.remote_addr or "")
            except WrongCredentialsError:
                status = 422
                form.form_errors.append(
                    _("The user name or the password is not right. Try again, or choose a new password.")
                )
            except LockedError as error:
                return self._locked(form, error)
            else:
                return _after_password(user)
        elif form.is_submitted():
            status = 422
        return self._page(form), status

    def _page(self, form: LoginForm) -> str:
        known = oidc.provider()
        providers = [{"label": known.label, "href": url_for("SignInView.oidc_start")}] if known else []
        return self.render_template(
            "appbuilder/general/security/login_db.html",
            form=form,
            providers=providers,
            reset_href=url_for("SignInView.forgotten"),
        )

    def _locked(self, form: LoginForm, error: LockedError) -> ResponseReturnValue:
        form.form_errors.append(_too_often(error))
        response = make_response(self._page(form), 429)
        response.headers["Retry-After"] = str(_seconds(error))
        return response

    @expose("/login/tweede-stap/", methods=["GET", "POST"])
    @public
    def second_step(self) -> ResponseReturnValue:
        user = _waiting_for_second_step()
        if user is None:
            flash(_("That took too long. Sign in again."), "warning")
            return redirect(url_for("SignInView.login"))
        form = CodeForm()
        status, mark, address = 200, f"second step {user.id}", request.remote_addr or ""
        if form.validate_on_submit():
            try:
                passwords.check_not_locked(mark, address)
            except LockedError as error:
                form.form_errors.append(_too_often(error))
                return self.render_template("security/second_step.html", form=form), 429
            if second_factor.check(user.id, form.code.data):
                return _enter(user, second_factor=True)
            passwords.count_failure(mark, address)
            form.code.errors = [_("This code is not right, or it was used already. Wait for the next one.")]
        if form.is_submitted():
            status = 422
        return self.render_template("security/second_step.html", form=form), status

    @expose("/logout/", methods=["POST"])
    @public
    def logout(self) -> ResponseReturnValue:
        sign_out()
        session.clear()
        flash(_("You are signed out. Close the browser on a shared computer."), "success")
        return redirect(url_for("SignInView.login"))

    @expose("/organisatie/wisselen", methods=["POST"])
    @public
    def switch(self) -> ResponseReturnValue:
        if identity() is None:
            return redirect(url_for("SignInView.login"))
        place = switch_to(request.form.get("organisation", ""))
        if place is None:
            abort(403)
        return redirect(url_for("StartView.index"))

    @expose("/wachtwoord/vergeten/", methods=["GET", "POST"])
    @public
    def forgotten(self) -> ResponseReturnValue:
        form = ForgottenForm()
        if form.validate_on_submit():
            address = request.remote_addr or ""
            try:
                passwords.check_not_locked("reset", address)
            except LockedError as error:
                form.form_errors.append(_too_often(error))
                return self.render_template("security/forgotten.html", form=form), 429
            passwords.count_failure(f"reset {form.email.data}", address)  # asking is limited like guessing
            passwords.request_reset(form.email.data)
            return self.render_template("security/forgotten_sent.html")
        return self.render_template("security/forgotten.html", form=form), 422 if form.is_submitted() else 200

    @expose("/wachtwoord/nieuw/<token>/", methods=["GET", "POST"])
    @public
    def new_password(self, token: str) -> ResponseReturnValue:
        user = passwords.person_of_reset(token)
        if user is None:
            return self.render_template("security/link_old.html"), 404
        form = NewPasswordForm(about=words_about(user))
        if form.validate_on_submit() and passwords.use_reset(token, form.password.data):
            flash(_("Your new password is set. Sign in with it."), "success")
            return redirect(url_for("SignInView.login"))
        return self.render_template("security/new_password.html", form=form), 422 if form.is_submitted() else 200

    @expose("/login/oidc/")
    @public
    def oidc_start(self) -> ResponseReturnValue:
        known = oidc.provider() or abort(404)
        session["next"] = own_path(request.args.get("next"))
        client = current_app.extensions["oidc"].create_client(known.name)
        return client.authorize_redirect(url_for("SignInView.oidc_back", _external=True))

    @expose("/login/oidc/terug/")
    @public
    def oidc_back(self) -> ResponseReturnValue:
        known = oidc.provider() or abort(404)
        client = current_app.extensions["oidc"].create_client(known.name)
        try:
            claims = client.authorize_access_token()["userinfo"]
            user = oidc.person(claims)
        except oidc.UnknownPersonError:
            flash(
                _(
                    "You are known to %(label)s, but you have no account here. Ask your administrator.",
                    label=known.label,
                ),
                "warning",
            )
        except (OAuthError, KeyError, ValueError) as error:
            log.warning("oidc_refused", kind=type(error).__name__)
            flash(_("Signing in with %(label)s did not work. Try again.", label=known.label), "warning")
        else:
            return _enter(user, second_factor=True)  # the provider asked for it already
        return redirect(url_for("SignInView.login"))


def _too_often(error: LockedError) -> str:
    return _(
        "Too many tries. Wait %(minutes)s minutes and try again, or choose a new password.",
        minutes=-(-_seconds(error) // 60),
    )


def _seconds(error: LockedError) -> int:
    return max(1, int((error.until - utc_now()).total_seconds()) + 1)


def _after_password(user: User) -> ResponseReturnValue:
    if not second_factor.is_enrolled(user.id):
        return _enter(user, second_factor=False)
    session["next"] = own_path(request.args.get("next"))
    session["second_step"] = {"user": user.id, "until": (utc_now() + SECOND_STEP_VALID).timestamp()}
    return redirect(url_for("SignInView.second_step"))


def _waiting_for_second_step() -> User | None:
    waiting = session.get("second_step")
    if not waiting or utc_now().timestamp() > waiting["until"]:
        return None
    return db.session.get(User, waiting["user"])


def _enter(user: User, *, second_factor: bool) -> ResponseReturnValue:
    target = own_path(request.args.get("next")) or session.get("next")
    sign_in(user, second_factor=second_factor)
    log.info("signed_in", user_id=user.id)
    return redirect(target or url_for("StartView.index"))


# What a person may still reach while the organisation asks for a second step that they don't have yet.
WITHOUT_SECOND_STEP = ("AccountView.", "SignInView.", "ui.", "bootstrap.")


def ask_for_second_step() -> ResponseReturnValue | None:
    """Lead someone to set up the second step when the organisation requires it (before_request)."""
    who = identity()
    tenant = who.place.tenant if who and who.place else None
    if who is None or tenant is None or who.second_factor or not (tenant.settings or {}).get("second_factor_required"):
        return None
    if (request.endpoint or "healthz").startswith((*WITHOUT_SECOND_STEP, "healthz")):
        return None
    flash(_("Your organisation asks for a second step at sign-in. Set it up now; it takes two minutes."), "info")
    return redirect(url_for("AccountView.second_step"))


def register(app: Flask, appbuilder: AppBuilder) -> None:
    """Add the pages of signing in and of the account."""
    appbuilder.add_view_no_menu(SignInView)
    appbuilder.add_view_no_menu(AccountView)
    add_navigation(app)
    app.before_request(ask_for_second_step)
    oidc.init_app(app)
    app.permanent_session_lifetime = timedelta(hours=12)
