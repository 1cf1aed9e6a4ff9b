"""The language switch of the page: Dutch and French, kept in the session."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, abort, g, redirect, request, session
from flask_babel import Domain, get_babel, get_locale, refresh
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.security.guard import public

LANGUAGES = {"nl": "Nederlands", "fr": "Français"}


def add_routes(blueprint: Blueprint) -> None:
    """`POST /taal/<code>` with `next`, the path to return to."""
    blueprint.add_url_rule("/taal/<code>", "language", switch, methods=["POST"])
    blueprint.app_context_processor(lambda: {"languages_offered": LANGUAGES})
    blueprint.add_app_template_global(language_code)


_LAST_WORD = re.compile(r"%\((\w+)\)s\.(?!\.)")


def with_one_point(text: str, values: Mapping[str, Any]) -> str:
    """`text`, ready for its values: where one that ends in a point ('2 déc.') ends a sentence, that point is enough."""
    return _LAST_WORD.sub(lambda m: m[0][:-1] if str(values.get(m[1], "")).endswith(".") else m[0], text)


class _FoundOnce(Domain):
    """The texts of the portal: the catalogue of the reader's language is looked up once per request, since a page
    asks for two hundred texts. Flask-Babel empties `babel_translations` itself when the language changes."""

    def gettext(self, string: str, **variables: Any) -> str:
        text = str(self.get_translations().ugettext(string))
        return with_one_point(text, variables) % variables if variables else text

    def get_translations(self) -> Any:
        try:
            found = g._flask_babel.babel_translations
        except (AttributeError, RuntimeError):  # not looked up yet, or no request
            found = None
        if found is None:
            found = super().get_translations()  # type: ignore[no-untyped-call]
            if g and "_flask_babel" in g:
                g._flask_babel.babel_translations = found
        return found


_CATALOGUES = _FoundOnce(domain="messages")  # type: ignore[no-untyped-call]


def find_catalogues_once(app: Flask) -> None:
    """To be called when Flask-AppBuilder has set up Flask-Babel."""
    get_babel(app).instance.domain_instance = _CATALOGUES
    app.jinja_env.globals["_"] = app.jinja_env.globals["gettext"] = _written


def translated(message: str) -> str:
    """A text marked with `N_` in the reader's language: as Flask-Babel's gettext, for what a list says on each line."""
    return str(_CATALOGUES.get_translations().ugettext(message))


@pass_eval_context
def _written(context: EvalContext, message: str, **values: Any) -> str:
    """`_` of the templates: as Jinja's own, but a text without values is made ready once and not at every mention."""
    catalogue = _CATALOGUES.get_translations()
    if values or not context.autoescape:
        text = with_one_point(catalogue.ugettext(message), values)
        return (Markup(text) if context.autoescape else text) % values  # noqa: S704 - our own text; values are escaped
    return _ready(catalogue, message)


@lru_cache(maxsize=20_000)
def _ready(catalogue: Any, message: str) -> Markup:
    # Always a format, so that '%%' means the same everywhere.
    return Markup(catalogue.ugettext(message)) % {}  # noqa: S704 - our own text


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
