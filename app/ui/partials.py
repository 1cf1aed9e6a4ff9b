"""Partial updates: messages that a view flashed travel along with the part of the page htmx asked for."""

from flask import Flask, Response, render_template, request, session

HTMX_CONFIG = {
    # The policy forbids inline styles and eval.
    "includeIndicatorStyles": False,
    "allowEval": False,
    "selfRequestsOnly": True,
    # Pages hold personal data: the browser keeps no copy of them for its back button.
    "historyCacheSize": 0,
    "refreshOnHistoryMiss": True,
    # What a filter box refuses (its `pattern`) is said in the browser's own bubble, with the box's title.
    "reportValidityOfForms": True,
    # A form that comes back with its errors (422) is shown like any other answer.
    "responseHandling": [
        {"code": "204", "swap": False},
        {"code": "[23]..", "swap": True},
        {"code": "[45]..", "swap": True, "error": True},
    ],
}


def init_app(app: Flask) -> None:
    """Append waiting messages to answers for htmx, and let templates know what kind of answer they make."""
    app.after_request(_append_messages)
    app.add_template_global(is_partial)
    app.jinja_env.globals["htmx_config"] = HTMX_CONFIG


def is_partial() -> bool:
    """True when htmx asks for a part of a page, and not when it restores a page for the back button."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def _append_messages(response: Response) -> Response:
    waiting = is_partial() and "_flashes" in session and response.mimetype == "text/html"
    if waiting and not response.is_streamed and not 300 <= response.status_code < 400:
        response.set_data(response.get_data(as_text=True) + render_template("messages.html", out_of_band=True))
    return response
