"""Error pages in plain words: what is wrong and what to do now."""

import json
from typing import NamedTuple

from flask import Flask, Response, current_app, get_flashed_messages, jsonify, make_response, render_template, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError, generate_csrf
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import BadRequest, HTTPException, RequestEntityTooLarge, ServiceUnavailable

from app.i18n import N_
from app.ui.partials import is_partial


class Explanation(NamedTuple):
    """The heading and the advice of an error page, as msgids."""

    title: str
    advice: str


EXPLANATIONS = {
    400: Explanation(
        N_("We cannot read this request"),
        N_("Something in the form or the address is not right. Go back, check what you filled in and try again."),
    ),
    401: Explanation(
        N_("You were signed out: what you just sent is not saved"),
        N_(
            "Sign in again in a new tab. Then come back here, go back one page and send it again: what you filled in "
            "still stands there."
        ),
    ),
    403: Explanation(
        N_("You are not allowed to see this page"),
        N_(
            "Your role in this organisation does not include it. Do you need it for your work? "
            "Ask the administrator of your organisation."
        ),
    ),
    404: Explanation(
        N_("This page does not exist"),
        N_(
            "The address is wrong, the page was removed, or it belongs to another organisation. "
            "Check the address, or start again from the first page."
        ),
    ),
    405: Explanation(
        N_("This cannot be done this way"),
        N_("The page was opened in a way it does not know. Go back and use the button on the page."),
    ),
    413: Explanation(
        N_("This file is too large"),
        N_("Choose a smaller file, or split it into parts, and send it again. Nothing was saved."),
    ),
    429: Explanation(
        N_("That was too often in a short time"),
        N_("Wait a few minutes and try again. You need not do anything else."),
    ),
    500: Explanation(
        N_("Something went wrong on our side"),
        N_(
            "What you last sent may not be saved. Wait a moment, go back and try again. "
            "If it happens again, tell the administrator what you did and at what time."
        ),
    ),
    503: Explanation(
        N_("The portal cannot reach its data for a moment"),
        N_(
            "What you last sent may not be saved. Wait half a minute, go back and try again. "
            "If it lasts longer, tell the administrator."
        ),
    ),
}
RETRY_SECONDS = 30  # a database that was killed is back within a few
FORM_TOO_OLD = Explanation(
    N_("The page was open for too long"),
    N_("For your safety a form works for a limited time. Go back, reload the page and send it again."),
)
# Of a part of a page: what was typed stands around it still.
SIGNED_OUT_HERE = N_("What you filled in still stands here. Sign in again in a new tab, come back and save once more.")
TOO_OLD_HERE = N_("What you filled in still stands here, and the page is fresh again: save once more.")


def init_app(app: Flask) -> None:
    """Answer every explained error with what was asked for: a page, a part of one (htmx) or JSON (API)."""
    for code in EXPLANATIONS:
        app.register_error_handler(code, _answer)
    app.register_error_handler(CSRFError, _answer)
    app.register_error_handler(OperationalError, _unreachable)
    app.register_error_handler(DataError, _unreadable)


def _unreachable(error: OperationalError) -> Response:
    """The database is away, or gave up on a lock: it passes, so the page says to try again, and a proxy may."""
    current_app.logger.error("database: %s", type(error.orig).__name__)
    return _answer(ServiceUnavailable(retry_after=RETRY_SECONDS))


def _unreadable(error: DataError) -> Response:
    """What was sent holds something that no text or number of the database can be: a NUL, a number of forty digits.

    No hand types it, so that no form looks for it; the log tells it from a fault of ours.
    """
    current_app.logger.warning("not stored: %s", type(error.orig).__name__)
    return _answer(BadRequest())


def _answer(error: Exception) -> Response:
    code = (error.code if isinstance(error, HTTPException) else None) or 500
    explanation = FORM_TOO_OLD if isinstance(error, CSRFError) else EXPLANATIONS[code]
    title, advice = gettext(explanation.title), _own_words(error) or gettext(explanation.advice)
    if request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json":
        response = make_response(jsonify(message=advice), code)
    elif is_partial():
        response = _part(error, code, title, advice)
        response.headers["HX-Retarget"] = "#messages"
        response.headers["HX-Reswap"] = "innerHTML"
        response.headers["HX-Reselect"] = ".notice"
    else:
        template = "errors/broken.html" if code >= 500 else "errors/page.html"
        page = render_template(template, title=title, advice=advice, form_at=_form_at(error), signed_out=code == 401)
        response = make_response(page, code)
    for name, value in _headers_of(error):
        response.headers[name] = value
    return response


def _part(error: Exception, code: int, title: str, advice: str) -> Response:
    """A notice within the page. A page that grew old, since its reader signed in anew, gets a token that counts."""
    is_old = isinstance(error, CSRFError)
    if is_old or code == 401:
        advice = gettext(TOO_OLD_HERE if is_old else SIGNED_OUT_HERE)
    if code == 401:
        get_flashed_messages()  # 'signed out because nothing happened' says the same, and would take this one's place
    page = render_template("errors/partial.html", title=title, advice=advice, signed_out=code == 401)
    response = make_response(page, code)
    if is_old:
        response.headers["HX-Trigger"] = json.dumps({"fresh-token": generate_csrf()})
    return response


def _form_at(error: Exception) -> str | None:
    """Where to choose another file: at the address the form was sent to, where that shows a page too."""
    if request.method != "POST" or not isinstance(error, RequestEntityTooLarge):
        return None
    routes = current_app.url_map.bind_to_environ(request.environ)
    return request.full_path.rstrip("?") if routes.test(request.path, method="GET") else None


def _own_words(error: Exception) -> str | None:
    """What a view said itself with `abort(400, _("..."))`; Werkzeug's own English is not for readers."""
    if isinstance(error, CSRFError) or not isinstance(error, HTTPException) or (error.code or 500) >= 500:
        return None
    return error.description if error.description != type(error).description else None


def _headers_of(error: Exception) -> list[tuple[str, str]]:
    """Headers that belong to the error itself, such as Allow (405) and Retry-After (429)."""
    if not isinstance(error, HTTPException):
        return []
    return [(name, value) for name, value in error.get_headers() if name not in {"Content-Type", "Content-Length"}]
