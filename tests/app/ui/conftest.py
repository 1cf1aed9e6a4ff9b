"""A small application with the portal's look and pages that use every macro; it needs no database."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask, abort, flash, redirect, render_template, request, session
from flask_babel import Babel
from flask_wtf import CSRFProtect, FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.ui import init_ui, navigation
from app.ui.fields import MoneyField
from app.ui.language import find_catalogues_once
from app.ui.navigation import NavItem, Section
from app.ui.viewer import Membership, Viewer

HERE = Path(__file__).parent
TRANSLATIONS = HERE.parents[2] / "translations"
ORGANISATIONS = (Membership("1", "OCMW Oostende", "OCMW"), Membership("2", "OCMW Bredene", "OCMW"))


class EveryField(FlaskForm):
    name = StringField("Naam", [InputRequired()], description="Zoals op de kaart")
    born = DateField("Geboren", [Optional()])
    rent = MoneyField("Huur", [Optional()])
    household = SelectField("Gezin", choices=[("single", "Alleen"), ("couple", "Koppel")])
    channel = RadioField("Kanaal", choices=[("letter", "Brief"), ("phone", "Telefoon")])
    pistes = SelectMultipleField(
        "Pistes",
        choices=[("fbu", "FBU"), ("aid", "Steun")],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    agrees = BooleanField("Is akkoord")
    note = TextAreaField("Notitie", [Optional()])


def signed_in(*permissions: str) -> Viewer:
    may = set(permissions).__contains__
    return Viewer("Marie Declerck", "OCMW Oostende", "Oostende", ORGANISATIONS, may, True, idle_minutes=30)


@pytest.fixture
def ui_app() -> Flask:
    """`app.extensions["viewer"]` decides who looks: Marie with the right 'cases.read'; a test may change that."""
    app = Flask("ui_test", root_path=str(HERE), static_folder=None, static_url_path="/static")
    app.config.update(
        SECRET_KEY="for-tests",
        TESTING=True,
        PROPAGATE_EXCEPTIONS=False,
        BABEL_DEFAULT_LOCALE="nl",
        BABEL_DEFAULT_TIMEZONE="Europe/Brussels",
        BABEL_TRANSLATION_DIRECTORIES=str(TRANSLATIONS),
    )
    Babel(app, locale_selector=lambda: session.get("locale", "nl"))
    CSRFProtect(app)
    init_ui(app)
    find_catalogues_once(app)
    app.extensions["viewer"] = lambda: signed_in("cases.read")
    for order, (section, path, label, permission) in enumerate(
        [
            (Section.OWN, "/alles/", "Every part", None),
            (Section.OWN, "/dossiers/", "Cases", "cases.read"),
            (Section.OWN, "/verzoekschriften/", "Petitions", "cases.read"),
            (Section.OWN, "/meldingen/", "Reports", "cases.read"),
            (Section.NETWORK, "/draaiboek/", "Playbook", None),
            (Section.ORGANISATION, "/beheer/", "Administration", "organisation.write"),
            (Section.ACCOUNT, "/account/", "My account", None),
        ]
    ):
        badge = (lambda: "3 nieuw") if path == "/verzoekschriften/" else None
        navigation.register(app, NavItem(section, path, label, order, permission, badge))
    _add_pages(app)
    return app


def _add_pages(app: Flask) -> None:
    @app.get("/alles/")
    def everything() -> str:
        return render_template("everything.html", day=date(2026, 11, 24), amount=Decimal("2610"), rows=ROWS)

    @app.route("/alles/formulier", methods=["GET", "POST"])
    def form() -> object:
        made = EveryField()
        if made.validate_on_submit():
            flash("Bewaard.", "success")
            return redirect("/alles/")
        return render_template("form.html", form=made), 422 if request.method == "POST" else 200

    @app.get("/alles/lijst")
    def listing() -> str:
        q = request.args.get("q", "").lower()
        return render_template("list.html", rows=[row for row in ROWS if q in row[0].lower()])

    @app.get("/fout/<int:code>")
    def fail(code: int) -> None:
        abort(code)

    @app.get("/fout/eigen")
    def fail_in_own_words() -> None:
        abort(400, "Kies eerst een dossier.")

    @app.get("/fout/stuk")
    def break_down() -> None:
        raise RuntimeError("geheim detail")

    @app.get("/melding")
    def message() -> str:
        flash("Poging <b>genoteerd</b>.", "success")
        return "<p>deel</p>"


ROWS = [("Vermeulen, Dirk", Decimal("2610")), ("Haddad, Samira", Decimal("999.50"))]


@pytest.fixture
def render(ui_app: Flask) -> Callable[..., str]:
    """Render a snippet that uses the macros as `ui`."""

    def rendered(snippet: str, **context: object) -> str:
        with ui_app.test_request_context():
            template = ui_app.jinja_env.from_string('{% import "macros.html" as ui %}' + snippet)
            return template.render(**context)

    return rendered
