"""What was agreed with a partner and what was said: new, corrected, replaced, ended; meeting notes with decisions."""

# mypy: ignore-errors
# WTForms and Flask-AppBuilder carry no types: strictness would only count their silence.

import uuid

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.security.guard import act
from app.ui.views import PortalView
from tenants.cases.editing import version_given
from tenants.cases.service import CaseError
from tenants.dialogue import agreements
from tenants.dialogue.errors import DialogueError, NotFoundError
from tenants.dialogue.forms import EndForm, MeetingForm, PartnerAgreementForm
from tenants.dialogue.models import DialogueAgreement
from tenants.dialogue.partner_views import partner_or_404, refused, talk_title
from tenants.organisations.service import colleagues


class DialogueAgreementView(PortalView):
    route_base = "/overleg/afspraken"
    class_permission_name = "dialogue"
    default_view = "add"

    @expose("/nieuw/<uuid:partner_id>/", methods=["GET", "POST"])
    @act("write")
    def add(self, partner_id: uuid.UUID) -> ResponseReturnValue:
        partner = partner_or_404(partner_id)
        form = PartnerAgreementForm()
        return _agreement_page(form, partner, None, lambda _version: agreements.agree(partner_id, form.values()))

    @expose("/<uuid:agreement_id>/", methods=["GET", "POST"])
    @act("write")
    def correct(self, agreement_id: uuid.UUID) -> ResponseReturnValue:
        """Correct a mistake; what is agreed anew replaces it instead."""
        row = _agreement_or_404(agreement_id)
        form = PartnerAgreementForm(data={name: getattr(row, name) for name in ("title", "agreed_on", "body")})
        return _agreement_page(
            form,
            partner_or_404(row.partner_id),
            row,
            lambda version: agreements.correct(agreement_id, form.values(), version),
        )

    @expose("/<uuid:agreement_id>/vervangen", methods=["GET", "POST"])
    @act("write")
    def replace(self, agreement_id: uuid.UUID) -> ResponseReturnValue:
        row = _agreement_or_404(agreement_id)
        form = PartnerAgreementForm(data={"title": row.title, "body": row.body})
        return _agreement_page(
            form,
            partner_or_404(row.partner_id),
            row,
            lambda version: agreements.replace(agreement_id, form.values(), version),
            replaces=True,
        )

    @expose("/<uuid:agreement_id>/beeindigen", methods=["GET", "POST"])
    @act("write")
    def end(self, agreement_id: uuid.UUID) -> ResponseReturnValue:
        row = _agreement_or_404(agreement_id)
        form, status, partner_id = EndForm(), 200, row.partner_id
        if request.method == "POST":
            version, status = version_given(), 422
            if form.validate():
                try:
                    agreements.end(agreement_id, form.ended_on.data, form.reason.data, version)
                except DialogueError as error:
                    status = refused(form, error)
                else:
                    flash(_("The agreement is ended. It stays in the history."), "success")
                    return redirect(url_for("DialogueView.partner", partner_id=partner_id))
        now = _agreement_or_404(agreement_id)
        page = render_template("dialogue/end.html", form=form, partner=partner_or_404(partner_id), row=now)
        return page, status


def _agreement_or_404(agreement_id: uuid.UUID) -> DialogueAgreement:
    try:
        return agreements.find_agreement(agreement_id)
    except NotFoundError:
        abort(404)


def _agreement_page(form, partner, row, save, *, replaces: bool = False) -> ResponseReturnValue:
    """The form of an agreement; save(version) stores what it says."""
    partner_id, row_id, status = partner.id, row.id if row else None, 200
    if request.method == "POST":
        version, status = version_given() if row else 0, 422
        if form.validate():
            try:
                save(version)
            except DialogueError as error:
                status = refused(form, error)
            else:
                flash(_("Saved."), "success")
                return redirect(url_for("DialogueView.partner", partner_id=partner_id))
    now = _agreement_or_404(row_id) if row_id else None
    page = render_template(
        "dialogue/agreement.html", form=form, partner=partner_or_404(partner_id), row=now, replaces=replaces
    )
    return page, status


class DialogueMeetingView(PortalView):
    route_base = "/overleg/gesprekken"
    class_permission_name = "dialogue"
    default_view = "add"

    @expose("/nieuw/<uuid:partner_id>/", methods=["GET", "POST"])
    @act("write")
    def add(self, partner_id: uuid.UUID) -> ResponseReturnValue:
        partner = partner_or_404(partner_id)
        form = MeetingForm(people=colleagues())
        talk, prefix = talk_title(partner), partner.name
        return _meeting_page(form, partner, None, lambda _v: agreements.hold(partner_id, form.values(), talk, prefix))

    @expose("/<uuid:meeting_id>/", methods=["GET", "POST"])
    @act("write")
    def edit(self, meeting_id: uuid.UUID) -> ResponseReturnValue:
        """Change the notes, add decisions."""
        held = _meeting_or_404(meeting_id)
        partner = partner_or_404(held.meeting.partner_id)
        stored = {name: getattr(held.meeting, name) for name in ("held_on", "present", "notes", "is_yearly")}
        form, prefix = MeetingForm(people=colleagues(), data=stored), partner.name
        return _meeting_page(
            form, partner, held, lambda version: agreements.change_meeting(meeting_id, form.values(), version, prefix)
        )


def _meeting_or_404(meeting_id: uuid.UUID) -> agreements.Held:
    try:
        return agreements.find_meeting(meeting_id)
    except NotFoundError:
        abort(404)


def _meeting_page(form, partner, held, save) -> ResponseReturnValue:
    partner_id, meeting_id, status = partner.id, held.meeting.id if held else None, 200
    if request.method == "POST":
        version, status = version_given() if held else 0, 422
        if form.validate():
            try:
                save(version)
            except DialogueError as error:
                status = refused(form, error)
            except CaseError as error:
                form.form_errors.append(_(error.message, **error.params))
            else:
                flash(_("Saved."), "success")
                return redirect(url_for("DialogueView.partner", partner_id=partner_id))
    now = _meeting_or_404(meeting_id) if meeting_id else None
    page = render_template("dialogue/meeting.html", form=form, partner=partner_or_404(partner_id), held=now)
    return page, status
