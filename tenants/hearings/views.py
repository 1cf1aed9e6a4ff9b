"""Pages of the hearings: the sessions, one session with its cases, preparing, recording, the sheets to take along."""

# mypy: ignore-errors
# WTForms and Flask-AppBuilder carry no types: strictness would only count their silence.

import io
import uuid
from typing import Any

from flask import Flask, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.audit.service import record_read
from app.database import db, transaction
from app.i18n import N_
from app.security.guard import act
from app.ui import navigation
from app.ui.fields import day_in_address
from app.ui.navigation import NavItem, Section
from app.ui.views import PortalView
from tenants.cases.editing import case_or_404
from tenants.hearings import listing, recording, sheets
from tenants.hearings.forms import PreparationForm, RecordForm
from tenants.hearings.service import PreparedMeanwhileError, preparation_of, prepare
from tenants.organisations.service import names
from tenants.petitions.course import CourseError, local_day
from tenants.petitions.editing import Stands, answer, mark_given, row_or_404
from tenants.petitions.forms import HearingForm
from tenants.petitions.hearings import (
    RecordedMeanwhileError,
    judgment_of,
    record_hearing,
    record_mark,
    remove_hearing,
    set_hearing,
)
from tenants.petitions.lists import courts
from tenants.petitions.models import Hearing, Petition
from tenants.petitions.rules import BRUSSELS
from tenants.petitions.seen import of_hearing


def register(app: Flask, appbuilder: Any) -> None:
    """Add the pages and their place in the navigation."""
    appbuilder.add_view_no_menu(HearingView)
    item = NavItem(Section.OWN, "/zittingen/", N_("Hearings"), order=45, permission="petitions.read")
    navigation.register(app, item)


class HearingView(PortalView):
    route_base = "/zittingen"
    class_permission_name = "petitions"

    @expose("/", methods=["GET"])
    @act("read")
    def index(self) -> ResponseReturnValue:
        """The sessions to come, those to record, or those that are over; `dag=2026-11-24`: those of a day."""
        day = day_in_address(request.args.get("dag"))
        if day:
            found = listing.of_day(day)
            if len(found) == 1:
                return redirect(recording.address(day, found[0].court))
            return _index(listing.SessionPage(found, 1, len(found)), day=day)
        which, court = request.args.get("welke", ""), request.args.get("vredegerecht") or None
        if which == "te-noteren":
            found = listing.to_record(court)
        elif which in ("voorbij", "genoteerd"):
            page = listing.past(request.args.get("page", 1, type=int), court)
            return _index(page, which="voorbij", court=court)
        else:
            which, found = "", listing.coming(court)
        return _index(listing.SessionPage(found, 1, len(found)), which=which, court=court)

    @expose("/op/<string:day>/", methods=["GET"])
    @act("read")
    def session(self, day: str) -> ResponseReturnValue:
        """All cases that a court (`vredegerecht=Oostende 1`) hears on a day."""
        return recording.session_page(day_in_address(day) or abort(404), request.args.get("vredegerecht", ""))

    @expose("/op/<string:day>/bladen.pdf", methods=["GET"])
    @act("read")
    def session_sheets(self, day: str) -> ResponseReturnValue:
        """The sheets of the session in one PDF."""
        on = day_in_address(day) or abort(404)
        try:
            pdf = sheets.session_pdf(on, request.args.get("vredegerecht", ""))
        except sheets.NoSheetError:
            abort(404)
        return _download(f"zitting-{on.isoformat()}.pdf", pdf)

    @expose("/<uuid:hearing_id>/blad.pdf", methods=["GET"])
    @act("read")
    def sheet(self, hearing_id: uuid.UUID) -> ResponseReturnValue:
        try:
            pdf = sheets.hearing_pdf(hearing_id)
        except sheets.NoSheetError:
            abort(404)
        return _download("zittingsblad.pdf", pdf)

    @expose("/<uuid:hearing_id>/rij", methods=["GET"])
    @act("write")
    def row(self, hearing_id: uuid.UUID) -> ResponseReturnValue:
        return recording.show_row(hearing_id)

    @expose("/<uuid:hearing_id>/rij", methods=["POST"])
    @act("write")
    def save_row(self, hearing_id: uuid.UUID) -> ResponseReturnValue:
        return recording.save_row(hearing_id)

    @expose("/<uuid:hearing_id>/voorbereiden", methods=["GET", "POST"])
    @act("write")
    def prepare(self, hearing_id: uuid.UUID) -> ResponseReturnValue:
        """What is ready before the hearing, and what is to be said there."""
        hearing = row_or_404(Hearing, hearing_id)
        petition = row_or_404(Petition, hearing.petition_id)
        form = PreparationForm(obj=preparation_of(hearing_id))
        back = recording.address(local_day(hearing.at), petition.court)
        status, other = 200, None
        if request.method == "POST":
            status = 422
            try:
                if form.validate():
                    prepare(hearing_id, form.preparation(), form.version.data or 0)
                    flash(_("The preparation is kept."), "success")
                    return redirect(f"{back}#zaak-{hearing_id}")
            except PreparedMeanwhileError:
                status, other = 409, preparation_of(hearing_id)
                form.version.raw_data, form.version.data = None, other.version
        else:
            with transaction():
                record_read("case_file", hearing.case_id, hearing.case_id, "case work")
        shown = {"case": case_or_404(hearing.case_id), "hearing": hearing, "petition": petition, "back": back}
        by = names([other.changed_by]).get(other.changed_by) if other else None
        return render_template("hearings/prepare.html", form=form, other=other, by=by, **shown), status

    @expose("/<uuid:hearing_id>/", methods=["GET", "POST"])
    @act("write")
    def edit(self, hearing_id: uuid.UUID) -> ResponseReturnValue:
        """Another day or hour for a hearing."""
        hearing = row_or_404(Hearing, hearing_id)
        petition = row_or_404(Petition, hearing.petition_id)
        local = hearing.at.astimezone(BRUSSELS)
        form = HearingForm(
            data={"hearing_on": local.date(), "hearing_hour": local.time() if hearing.hour_known else None}
        )

        def save() -> None:
            at, hour_known = form.hearing()
            set_hearing(petition.id, at, hour_known=hour_known, hearing_id=hearing_id, before=mark_given())

        def stands() -> Stands:
            now = hearing.at.astimezone(BRUSSELS)
            hour = now.time() if hearing.hour_known else None
            return Stands(of_hearing(hearing), {"hearing_on": now.date(), "hearing_hour": hour}, hearing)

        template, message = "petitions/hearing.html", _("The hearing is moved.")
        given = {"petition": petition, "hearing": hearing}
        return answer(template, hearing.case_id, form, save, message, stands=stands, **given)

    @expose("/<uuid:hearing_id>/verwijderen", methods=["POST"])
    @act("write")
    def remove(self, hearing_id: uuid.UUID) -> ResponseReturnValue:
        hearing = row_or_404(Hearing, hearing_id)
        try:
            remove_hearing(hearing_id)
            flash(_("The hearing is taken away."), "success")
        except CourseError as error:
            flash(_(error.wrong[0].msgid), "danger")
        return redirect(url_for("CaseView.show_case", case_id=hearing.case_id))

    @expose("/<uuid:hearing_id>/noteren", methods=["GET", "POST"])
    @act("write")
    def record(self, hearing_id: uuid.UUID) -> ResponseReturnValue:
        """Who was there and what was decided; then the next one of the same session, or back to the session."""
        hearing = row_or_404(Hearing, hearing_id)
        petition = row_or_404(Petition, hearing.petition_id)
        form = RecordForm.of(hearing, judgment_of(db.session(), hearing))
        following = listing.next_to_record(hearing_id)

        def save() -> None:
            try:
                record_hearing(hearing_id, form.record(), form.seen.data or "")
            except RecordedMeanwhileError:
                # The session's page shows what the colleague noted beside what was typed here.
                db.session.refresh(hearing)
                form.seen.data = record_mark(hearing)
                raise CourseError([recording.clash_of(hearing)]) from None

        def done() -> str:
            if following and "next" in request.form:
                return url_for("HearingView.record", hearing_id=following)
            return recording.address(local_day(hearing.at), petition.court)

        return answer(
            "hearings/record.html",
            hearing.case_id,
            form,
            save,
            _("The hearing is recorded."),
            done=done,
            petition=petition,
            hearing=hearing,
            following=following,
        )


def _index(found, day=None, which="", court=None):
    query = {name: value for name, value in (("welke", which), ("vredegerecht", court)) if value}
    return render_template(
        "hearings/index.html",
        day=day,
        which=which,
        court=court,
        found=found,
        waiting=listing.waiting_count(),
        courts=[(each, each) for each in courts()],
        page_size=listing.PAGE_SIZE,
        page_href=lambda page: url_for("HearingView.index", page=page, **query),
        address=recording.address,
    )


def _download(name: str, content: bytes) -> ResponseReturnValue:
    response = send_file(
        io.BytesIO(content), mimetype="application/pdf", as_attachment=True, download_name=name, max_age=0
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "no-store"
    return response
