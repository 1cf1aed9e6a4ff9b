"""What several doors say alike."""

from collections.abc import Callable

from flask import make_response, request
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from flask_wtf import FlaskForm

from app.security.attempts import LockedError
from app.security.models import utc_now


def address() -> str:
    """The network address from which this request comes (behind a proxy: as `trusted_proxies` lets us see it)."""
    return request.remote_addr or ""


def seconds_to_wait(error: LockedError) -> int:
    """Until the next try, at least one."""
    return max(1, int((error.until - utc_now()).total_seconds()) + 1)


def locked(error: LockedError, form: FlaskForm, page: Callable[[FlaskForm], str]) -> ResponseReturnValue:
    """The form again with 429, and when one may try again."""
    seconds = seconds_to_wait(error)
    form.form_errors.append(
        ngettext(
            "Too many tries. Wait %(num)d minute and try again.",
            "Too many tries. Wait %(num)d minutes and try again.",
            -(-seconds // 60),
        )
    )
    return make_response(page(form), 429, {"Retry-After": str(seconds)})
