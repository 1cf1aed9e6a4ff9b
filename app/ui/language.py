"""The language switch of the page: Dutch and French, kept in the session."""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, abort, g, redirect, request, session
from flask_babel import Domain, get_babel, get_locale, refresh
from werkzeug.wrappers import Response

from app.security.guard import public

LANGUAGES = {"nl": "Nederlands", "fr": "Français"}


def add_routes(blueprint: Blueprint) -> None:
    """`POST /taal/<code>` with `next`, the path to return to."""
    blueprint.add_url_rule("/taal/<code>", "language", switch, methods=["POST"])
    blueprint.app_context_processor(lambda: {"languages_offered": LANGUAGES})
    blueprint.add_app_template_global(language_code)


class _FoundOnce(Domain):
    """The texts of the portal: the catalogue of the reader's language is looked up once per request, since a page
    asks for two hundred texts. Flask-Babel empties `babel_translations` itself when the language changes."""

    def get_translations(self) -> Any:
        kept = getattr(g, "_flask_babel", None) if g else None
        if kept is None:
            return super().get_translations()  # type: ignore[no-untyped-call]
        found = getattr(kept, "babel_translations", None)
        if found is None:
            found = kept.babel_translations = super().get_translations()  # type: ignore[no-untyped-call]
        return found


def find_catalogues_once(app: Flask) -> None:
    """To be called when Flask-AppBuilder has set up Flask-Babel."""
    get_babel(app).instance.domain_instance = _FoundOnce(domain="messages")  # type: ignore[no-untyped-call]


def language_code() -> str:
    """'nl' or 'fr': the language of this page."""
    return str(get_locale() or "nl")[:2]


@public
def switch(code: str) -> Response:
    """Show the portal in another language from now on. 404 for a language we do not have."""
    if code not in LANGUAGES:
        abort(404)
    session["locale"] = code
    refresh()  # type: ignore[no-untyped-call]
    return redirect(own_path(request.form.get("next")))


def own_path(target: str | None) -> str:
    """`target` when it is a path on this server, else the start page: no form sends people elsewhere."""
    if not target:
        return "/"
    # Browsers read a backslash as a slash and drop tabs and line breaks: '/\\evil.example' leaves the server.
    parts = urlsplit(target)
    safe = target.startswith("/") and not target.startswith("//") and not parts.scheme and not parts.netloc
    return target if safe and not set(target) & set("\\\t\r\n") else "/"
