"""The look of the portal: one layout, one set of macros and tokens, strict headers, plain error pages.

`init_ui(app)` makes a Flask application look and behave like Woonvast. Capabilities add their entry to the
side navigation (`app.ui.navigation.register`) and build pages from `base.html` and `macros.html`.
"""

from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, current_app, request
from flask_bootstrap import Bootstrap5
from jinja2 import BaseLoader, ChoiceLoader, FileSystemLoader

from app.ui import errors, formats, forms, language, navigation, partials, presence, security_headers
from app.ui.viewer import viewer

HERE = Path(__file__).parent
A_YEAR = 365 * 24 * 3600


class _VersionedStatic(Blueprint):
    """A browser may keep a file for a year when its address changes with its content: by a fingerprint, or,
    for fonts (which the style sheet names itself), by the version in the folder's name."""

    def get_send_file_max_age(self, filename: str | None) -> int | None:
        lasting = "v" in request.args or (filename or "").startswith("fonts/")
        return A_YEAR if lasting else super().get_send_file_max_age(filename)


def init_ui(app: Flask) -> None:
    """Give `app` the portal's templates, static files, filters, headers, language switch and error pages.

    Call it before Flask-AppBuilder is set up or after: our templates win over those of every blueprint,
    because the application's own loader is asked first.
    """
    app.config["BOOTSTRAP_SERVE_LOCAL"] = True
    Bootstrap5(app)  # type: ignore[no-untyped-call]
    ours = FileSystemLoader(HERE / "templates")
    loaders: list[BaseLoader] = [ours]
    if app.jinja_loader is not None:
        loaders.append(app.jinja_loader)
    app.jinja_loader = ChoiceLoader(loaders)

    blueprint = _VersionedStatic("ui", __name__, static_folder="static", static_url_path="/static/ui")
    language.add_routes(blueprint)
    presence.add_routes(blueprint)
    app.register_blueprint(blueprint)
    app.blueprints["bootstrap"].get_send_file_max_age = blueprint.get_send_file_max_age  # type: ignore[attr-defined]
    app.url_defaults(_add_fingerprint)

    navigation.init_app(app)
    formats.init_app(app)
    forms.init_app(app)
    security_headers.init_app(app)
    partials.init_app(app)
    errors.init_app(app)
    app.context_processor(lambda: {"viewer": viewer, "navigation": navigation.sections_for})


def _add_fingerprint(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint in ("ui.static", "bootstrap.static") and not values["filename"].startswith("fonts/"):
        folder = current_app.blueprints[endpoint.partition(".")[0]].static_folder
        values["v"] = _fingerprint(current_app, Path(str(folder)) / values["filename"])


def _fingerprint(app: Flask, path: Path) -> str:
    """Eight hex digits of the file's SHA-256, computed once per process (at each request in debug mode)."""
    known: dict[Path, str] = app.extensions.setdefault("ui_fingerprints", {})
    if path not in known or app.debug:
        known[path] = sha256(path.read_bytes()).hexdigest()[:8]
    return known[path]
