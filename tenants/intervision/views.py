"""The pages under /intervisie/: telling a closed case without saying whose it is, and a second pair of eyes."""

# mypy: ignore-errors
# Flask-AppBuilder carries no types: strictness would only count their silence.

import uuid
from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Flask, abort, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import AppBuilder, expose
from flask_babel import gettext as _

from app.audit.service import record_read
from app.database import transaction
from app.i18n import N_
from app.security.guard import act
from app.security.models import utc_now
from app.tenancy import current_tenant_id
from app.ui import navigation
from app.ui.formats import uur
from app.ui.navigation import NavItem
from app.ui.navigation import Section as Place
from app.ui.views import PortalView
from playbook.intervision import rules as shared
from playbook.intervision.guarding import register_detector
from playbook.intervision.showing import Link, register_link
from tenants.cases.codes import CaseState
from tenants.cases.editing import case_or_404
from tenants.cases.models import Case
from tenants.cases.panels import Entry, Panel, Slot, register_panel, register_timeline
from tenants.intervision import marking, service
from tenants.intervision.codes import WRITABLE, State
from tenants.intervision.forms import DiscussionForm
from tenants.intervision.guard import detect
from tenants.intervision.models import DiscussionDraft
from tenants.intervision.service import ChangedError, DraftError, FoundError, NotYoursError, RefusedError
from tenants.organisations.service import names

KINDS = {State.WAITING: "soon", State.SENT_BACK: "late", State.RELEASED: "good"}


class DiscussionDraftView(PortalView):
    """Writing, checking, releasing."""

    route_base = "/intervisie"
    class_permission_name = "intervision"

    @expose("/", methods=["GET"])
    @act("read")
    def index(self) -> ResponseReturnValue:
        """Everything of the organisation, what waits for a reader first."""
        rows = service.listed()
        rows.sort(key=lambda row: row[0].state != State.WAITING)
        return self.render_template(
            "intervision/index.html", rows=rows, names=names(draft.author_id for draft, _case in rows), **_words()
        )

    # ------------------------------------------------------------ the author

    @expose("/dossier/<uuid:case_id>/", methods=["GET", "POST"])
    @act("write")
    def write(self, case_id: uuid.UUID) -> ResponseReturnValue:
        """The guided form; POST keeps it (autosave: answers in JSON) and, with do=check, goes on to the check."""
        case, draft, form = case_or_404(case_id), service.of_case(case_id), DiscussionForm()
        form.offer(service.facts_of(case))
        if request.method == "GET":
            if draft is not None and (draft.state not in WRITABLE or not service.is_mine(draft)):
                return redirect(url_for(".show", draft_id=draft.id))
            form.fill(service.texts_of(draft), draft.left_out if draft else (), draft.revision if draft else 0)
            return self._writing(case, draft, form)
        is_auto = "autosave" in request.form
        if not form.validate():
            return _kept(_("This could not be kept."), 422) if is_auto else (self._writing(case, draft, form), 422)
        try:
            saved = service.save(case_id, form.texts(), form.left_out(), form.revision.data)
        except DraftError as error:
            return self._not_saved(error, case, form, is_auto)
        if is_auto:
            return _kept(_("Kept at %(hour)s.", hour=uur(utc_now())), 200, saved.revision)
        if request.form.get("do") == "check":
            return redirect(url_for(".check", case_id=case_id))
        flash(_("Kept. Only your organisation can read it."), "success")
        return redirect(url_for("CaseView.show_case", case_id=case_id, _anchor="intervisie"))

    def _not_saved(self, error: DraftError, case: Case, form: DiscussionForm, is_auto: bool) -> ResponseReturnValue:
        """What was typed, with why it was not kept; a conflict shows what stands there now."""
        status = 422 if isinstance(error, RefusedError) else 403 if isinstance(error, NotYoursError) else 409
        if is_auto:
            return _kept(_(str(error)), status)
        form.show(error.problems if isinstance(error, RefusedError) else [(None, str(error))])
        draft, stored = service.of_case(case.id), {}
        if status == 409 and draft is not None:
            typed = form.texts()
            stored = {s: t for s, t in service.texts_of(draft).items() if t.strip() != typed[s].strip()}
            form.revision.data, form.revision.raw_data = draft.revision, None  # who looked at both, sends it again
        return self._writing(case, draft, form, stored), status

    def _writing(self, case: Case, draft: DiscussionDraft | None, form: DiscussionForm, stored: Any = None) -> str:
        by = names([draft.remark_by]) if draft and draft.remark_by else {}
        return self.render_template(
            "intervision/write.html", case=case, draft=draft, form=form, stored=stored or {}, by=by, **_words()
        )

    @expose("/dossier/<uuid:case_id>/nakijken/", methods=["GET", "POST"])
    @act("write")
    def check(self, case_id: uuid.UUID) -> ResponseReturnValue:
        """The text with what the detector finds; POST replaces, confirms, or hands it in."""
        case, draft = case_or_404(case_id), _draft_of(case_id)
        if request.method == "GET":
            if draft.state not in WRITABLE or not service.is_mine(draft):
                return redirect(url_for(".show", draft_id=draft.id))
            return self._checking(case, draft)
        do, confirmed = request.form.get("do", ""), _keys(request.form.getlist("confirm"))
        revision = _number("revision")
        try:
            if do.startswith("replace"):
                keys = None if do == "replace" else {do.removeprefix("replace:")}
                service.replace(case_id, keys, _, revision, confirmed)
                return redirect(url_for(".check", case_id=case_id, _anchor="gevonden"))
            service.hand_in(case_id, confirmed, revision)
        except FoundError as error:
            return self._checking(case, _draft_of(case_id), left=error.findings), 422
        except RefusedError as error:
            return self._checking(case, _draft_of(case_id), problems=error.problems), 422
        except NotYoursError as error:
            return self._checking(case, draft, problems=[(None, str(error))]), 403
        except ChangedError as error:
            return self._checking(case, _draft_of(case_id), problems=[(None, str(error))]), 409
        flash(_("Handed in. A colleague of your organisation reads it before the network does."), "success")
        return redirect(url_for(".show", draft_id=draft.id))

    def _checking(self, case: Case, draft: DiscussionDraft, left: Any = (), problems: Any = ()) -> str:
        checked = service.check(draft)
        told = [(_(section.label) if section else "", _(message)) for section, message in problems]
        return self.render_template(
            "intervision/check.html",
            case=case,
            draft=draft,
            checked=checked,
            text=marking.parts(checked),
            groups=marking.groups(checked.findings),
            left=marking.groups(left),
            problems=told,
            **_words(),
        )

    @expose("/<uuid:draft_id>/terugnemen", methods=["POST"])
    @act("write")
    def take_back(self, draft_id: uuid.UUID) -> ResponseReturnValue:
        """Write on before a colleague read it."""
        draft = _draft(draft_id)
        try:
            service.take_back(draft_id)
        except DraftError as error:
            return self._shown(draft_id, error)
        flash(_("It is yours again."), "success")
        return redirect(url_for(".write", case_id=draft.case_id))

    @expose("/<uuid:draft_id>/overnemen", methods=["POST"])
    @act("write")
    def take_over(self, draft_id: uuid.UUID) -> ResponseReturnValue:
        """Write on in the place of a colleague."""
        _draft(draft_id)
        try:
            draft = service.take_over(draft_id, _number("revision"))
        except DraftError as error:
            return self._shown(draft_id, error)
        return redirect(url_for(".write", case_id=draft.case_id))

    # ------------------------------------------------------------ the second person

    @expose("/<uuid:draft_id>/", methods=["GET"])
    @act("read")
    def show(self, draft_id: uuid.UUID) -> ResponseReturnValue:
        """The text as the network will read it, with what the detector marks."""
        draft = _draft(draft_id)
        with transaction():
            record_read("discussion_draft", draft.id, draft.case_id, "case work")
        return self._reading(draft)

    @expose("/<uuid:draft_id>/vrijgeven", methods=["POST"])
    @act("release")
    def release(self, draft_id: uuid.UUID) -> ResponseReturnValue:
        """Let the network read it."""
        _draft(draft_id)
        if "read" not in request.form:
            return self._reading(
                _draft(draft_id), wrong=_("Read it first, and say so: you are the second pair of eyes.")
            ), 422
        try:
            service.release(draft_id, _number("revision"))
        except DraftError as error:
            return self._shown(draft_id, error)
        flash(_("Released. The network can read and discuss it now."), "success")
        return redirect(url_for(".show", draft_id=draft_id))

    @expose("/<uuid:draft_id>/terugsturen", methods=["POST"])
    @act("release")
    def send_back(self, draft_id: uuid.UUID) -> ResponseReturnValue:
        """Ask the author to change something first."""
        _draft(draft_id)
        try:
            service.send_back(draft_id, request.form.get("remark", ""), _number("revision"))
        except DraftError as error:
            return self._shown(draft_id, error)
        flash(_("Sent back. Your colleague sees what should change."), "success")
        return redirect(url_for(".index"))

    @expose("/<uuid:draft_id>/intrekken", methods=["POST"])
    @act("release")
    def withdraw(self, draft_id: uuid.UUID) -> ResponseReturnValue:
        """Take it back from the network."""
        _draft(draft_id)
        try:
            service.withdraw(draft_id)
        except DraftError as error:
            return self._shown(draft_id, error)
        flash(_("Withdrawn. The network can't read it any more; the discussion is gone too."), "success")
        return redirect(url_for(".show", draft_id=draft_id))

    def _shown(self, draft_id: uuid.UUID, error: DraftError) -> ResponseReturnValue:
        """The page with why it was not done, and everything that was typed."""
        statuses = {NotYoursError: 403, ChangedError: 409}
        left = error.findings if isinstance(error, FoundError) else ()
        return self._reading(_draft(draft_id), wrong=_(str(error)), left=left), statuses.get(type(error), 422)

    def _reading(self, draft: DiscussionDraft, wrong: str = "", left: Any = ()) -> str:
        case = case_or_404(draft.case_id)
        checked = service.check(draft)
        facts = {key: code for key, code in service.facts_of(case).items() if key not in draft.left_out}
        return self.render_template(
            "intervision/show.html",
            case=case,
            draft=draft,
            text=marking.parts(checked),
            groups=marking.groups(checked.findings),
            left=marking.groups(left),
            facts=[(_(label), _(value)) for label, value in shared.worded(facts)],
            people=names([draft.author_id, draft.released_by, draft.remark_by]),
            is_mine=service.is_mine(draft),
            wrong=wrong,
            remark=request.form.get("remark", ""),
            **_words(),
        )


def _words() -> dict[str, Any]:
    return {"State": State, "kinds": KINDS, "state_label": lambda state: _(State(state).label), "writable": WRITABLE}


def _keys(given: Iterable[str]) -> list[str]:
    """Keys of findings; what is none, is nothing."""
    return [key for key in given if len(key) == 16 and key.isalnum()][:500]


def _number(field: str) -> int:
    value = request.form.get(field, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else abort(400)


def _kept(message: str, status: int, revision: int | None = None) -> ResponseReturnValue:
    return jsonify(message=message, revision=revision), status


def _draft(draft_id: uuid.UUID) -> DiscussionDraft:
    try:
        return service.find(draft_id)
    except service.NoSuchDraftError:
        abort(404)


def _draft_of(case_id: uuid.UUID) -> DiscussionDraft:
    return service.of_case(case_id) or abort(404)


# ---------------------------------------------------------------- on the page of a case


def panel(case: Case) -> dict[str, Any] | None:
    """The way to a discussion, on a closed case; and how far it is. The own organisation's alone."""
    if case.tenant_id != current_tenant_id():
        return None
    draft = service.of_case(case.id)
    if draft is None and case.state != CaseState.CLOSED:
        return None
    author = names([draft.author_id]).get(draft.author_id, "") if draft else ""
    return {"draft": draft, "author": author, "is_mine": draft is not None and service.is_mine(draft), **_words()}


def timeline(case_id: uuid.UUID) -> Iterable[Entry]:
    """That it was released."""
    draft = service.of_case(case_id)
    if draft is not None and draft.released_at is not None:
        yield Entry(draft.released_at, _("Released to the network as an anonymous case"), by=draft.released_by)


def badge() -> int | None:
    """What waits for a second pair of eyes."""
    return service.waiting_count() or None


def register(app: Flask, appbuilder: AppBuilder) -> None:
    app.register_blueprint(
        Blueprint("intervision", __name__, static_folder="static", static_url_path="/static/intervision")
    )
    appbuilder.add_view_no_menu(DiscussionDraftView())
    register_panel(app, Panel(Slot.COLUMN, 60, "intervision/panel.html", panel, right="intervision.read"))
    register_timeline(app, timeline)
    register_detector(app, detect)
    register_link(
        app, Link(N_("Cases of our organisation"), lambda: url_for("DiscussionDraftView.index"), "intervision.read")
    )
    navigation.register(
        app,
        NavItem(
            Place.OWN, "/intervisie/", N_("Cases to read for colleagues"), order=90, permission="intervision.release",
            badge=badge, only_with_badge=True,
        ),
    )  # fmt: skip
