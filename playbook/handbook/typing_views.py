"""What somebody is typing in the editor of the playbook: kept, given back, shown as it will look. Shared by the pages
on which an editor writes and the one on which a member proposes."""

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.ui.formats import uur
from playbook.handbook import drafts, rules
from playbook.handbook.forms import TextForm
from playbook.handbook.markdown import Rendered
from playbook.handbook.models import Autosave
from playbook.handbook.service import HandbookError
from playbook.handbook.showing import shown_text


def keep(place: str) -> ResponseReturnValue:
    """Keep what the editor's script sends every few seconds; the answer says so."""
    told = request.form
    try:
        at = drafts.autosave(place, told.get("title", ""), told.get("body", ""), told.get("base", ""))
    except HandbookError as error:
        return jsonify(message=" ".join(_(each.message, **each.params) for each in error.problems)), 422
    return jsonify(message=_("What you typed is kept (%(hour)s). It is not in the playbook yet.", hour=uur(at)))


def typed_before(form: TextForm, place: str) -> Autosave | None:
    """What was typed at `place` before a crash and differs from what the form shows; ?herstel=1 puts it there."""
    if request.method != "GET":
        return None
    typed = drafts.autosaved(place)
    if typed is None or (typed.title, typed.body) == (form.title.data or "", form.body.data or ""):
        return None
    if request.args.get("herstel"):
        form.restore(typed)
    return typed


def previewed(form: TextForm) -> Rendered | None:
    """The form's text as it will look, when that was asked; what is wrong with it is said at its field."""
    if request.form.get("do") != "preview":
        return None
    tidied = rules.tidy(form.body.data or "")
    problems = rules.problems_of(tidied)
    form.show(tuple(problems))
    return None if problems else shown_text(tidied)
