"""What the pages of training share: finding what an address names, and saying what went wrong."""

# mypy: ignore-errors
# Flask-AppBuilder carries no types: strictness would only count its silence.

from flask import abort
from flask_babel import gettext as _

from playbook.training import service, sessions
from playbook.training.service import NotThereError


def course_of_request(slug):
    """The course, or 404."""
    try:
        return service.course(slug)
    except NotThereError:
        abort(404)


def session_of_request(session_id):
    """The session with its course and counts, or 404."""
    try:
        return sessions.one(session_id)
    except NotThereError:
        abort(404)


def reason(error):
    """Why something can't be done, for the reader."""
    return " ".join(_(message, **error.params) for _field, message in error.problems)
