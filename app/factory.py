"""create_app(): wires everything, nothing else."""

import importlib
import sys
from typing import Any

import structlog
from flask import Flask, jsonify
from flask_appbuilder import AppBuilder
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from werkzeug.middleware.proxy_fix import ProxyFix

from app import addresses, database, jobs
from app.config import Settings, read_settings
from app.crypto import keyring
from app.garbage import collected_later
from app.security import guard, identity, viewer
from app.security.manager import PortalSecurityManager
from app.ui import init_ui, language

# The capabilities in the order in which they join: each may have `models`, `jobs` and `views` with `register`.
CAPABILITIES = (
    "app.security",
    "app.audit",
    "app.files",
    "playbook.statistics",
    "playbook.handbook",
    "playbook.exchange",
    "playbook.intervision",
    "playbook.agreements",
    "playbook.scenarios",
    "playbook.training",
    "tenants.organisations",
    "tenants.cases",
    "tenants.petitions",
    "tenants.hearings",
    "tenants.outreach",
    "tenants.today",
    "tenants.letters",
    "tenants.repayment",
    "tenants.imports",
    "tenants.intake",
    "tenants.guidance",
    "tenants.shelter",
    "tenants.after_eviction",
    "tenants.dialogue",
    "tenants.referrals",
    "tenants.caseload",
    "tenants.team",
    "tenants.sharing",
    "tenants.file_copy",
    "tenants.scenarios",
    "tenants.intervision",
)


def load_rooms(room: str) -> list[Any]:
    """The modules called `room` of all capabilities that have one; the frame knows them by name only."""
    found = []
    for capability in CAPABILITIES:
        if importlib.util.find_spec(f"{capability}.{room}") is not None:
            found.append(importlib.import_module(f"{capability}.{room}"))
    return found


@collected_later()
def create_app(settings: Settings | None = None) -> Flask:
    """The whole portal as a WSGI application; raises SettingsError when the environment is unusable."""
    settings = settings or read_settings()
    app = Flask("app", static_folder=None, template_folder=None, static_url_path="/static")
    app.extensions["settings"] = settings
    _configure(app, settings)
    addresses.init_app(app)
    keyring.configure(settings)
    database.configure(app, settings)
    load_rooms("models")
    init_ui(app)
    CSRFProtect(app)
    app.before_request(identity.identify)
    app.after_request(identity.keep_badges)
    app.teardown_request(identity.forget)
    with app.app_context():
        from app.security.views import StartView

        appbuilder = AppBuilder(
            app, database.db.session, security_manager_class=PortalSecurityManager, indexview=StartView
        )
        language.find_catalogues_once(app)
        guard.init_app(app)
        for views in load_rooms("views"):
            views.register(app, appbuilder)
    app.add_url_rule("/healthz", "healthz", guard.public(_healthz))
    jobs.init_app(app)
    load_rooms("jobs")
    app.extensions["viewer"] = viewer.of_request
    if settings.trusted_proxies:
        n = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="woonvast",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=settings.max_upload_bytes + 1024 * 1024,  # the form around the file
        WTF_CSRF_TIME_LIMIT=8 * 3600,  # a working day
        FAB_UPDATE_PERMS=False,
        FAB_CREATE_DB=False,
        FAB_STATIC_FOLDER=None,  # its jQuery, select2 and old style sheets: no page of ours asks for them
        FAB_ADD_SECURITY_VIEWS=False,
        FAB_ADD_SECURITY_API=False,
        FAB_ADD_MENU_API=False,
        FAB_ADD_OPENAPI_VIEWS=False,
        FAB_SECURITY_SIGNALS_ENABLED=False,
        APP_NAME="Woonvast",
        BABEL_DEFAULT_LOCALE="nl",
        BABEL_DEFAULT_TIMEZONE="Europe/Brussels",
        BABEL_TRANSLATION_DIRECTORIES=str(_translations()),
        LANGUAGES={"nl": {"flag": "be", "name": "Nederlands"}, "fr": {"flag": "be", "name": "Français"}},
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),  # standard output is the commands' own
    )


def _translations() -> Any:
    from pathlib import Path

    return Path(__file__).parent.parent / "translations"


def _healthz() -> Any:
    try:
        with database.db.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except OperationalError:  # who asks is a program, and reads no page of ours
        return jsonify(status="the database does not answer"), 503
    return jsonify(status="ok")
