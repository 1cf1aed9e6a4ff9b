"""Pages of the hearings: the list per day and court, setting one, and recording what came of it."""

# mypy: ignore-errors
# WTForms and Flask-AppBuilder carry no types: strictness would only count their silence.

import uuid
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.database import db
from app.i18n import N_
from app.security.guard import act
from app.security.models import utc_now
from app.ui.views import PortalView
from tenants.cases import words
from tenants.cases.codes import JudgmentKind
from tenants.petitions import lists, wording
from tenants.petitions.course import CourseError, local_day
from tenants.petitions.editing import answer, row_or_404
from tenants.petitions.forms import UNDECIDED, HearingForm, RecordForm
from tenants.petitions.hearings import judgment_of, record_hearing, remove_hearing, set_hearing
from tenants.petitions.models import Hearing, Petition
from tenants.petitions.rules import BRUSSELS

REFERRAL = N_("Refer to Rechtenverkenning")
SHOWN = {
    "te-noteren": lists.sessions_to_record,
    "genoteerd": lists.recorded_sessions,
    "": lists.coming_sessions,
}


class HearingView(PortalView):
    route_base = "/zittingen"
    class_permission_name = "petitions"

    @expose("/", methods=["GET"])
    @act("read")
    def index(self) -> ResponseReturnValue:
        """The hearings to come, those to record, or those of one day (`dag=2026-11-24`)."""
        day, which = _day(request.args.get("dag", "")), request.args.get("welke", "")
        which = which if which in SHOWN and not day else ""
        sessions = lists.sessions_of(day) if day else SHOWN[which]()
        waiting = sessions if which == "te-noteren" else lists.sessions_to_record()
        return render_template(
            "petitions/hearings.html",
            day=day,
            which=which,
            days=lists.days_of(sessions),
            to_record=sum(len(session.rows) for session in waiting),
            words=words,
            judgments=JudgmentKind,
            presence=wording.presence,
            now=utc_now(),
        )

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
            set_hearing(petition.id, at, hour_known=hour_known, hearing_id=hearing_id)

        template, message = "petitions/hearing.html", _("The hearing is moved.")
        return answer(template, hearing.case_id, form, save, message, petition=petition, hearing=hearing)

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
        """Who was there and what was decided; then the next one of the same session, or back to the day."""
        hearing = row_or_404(Hearing, hearing_id)
        petition = row_or_404(Petition, hearing.petition_id)
        form = RecordForm(data=_known(hearing))
        following = lists.next_to_record(hearing_id)

        def done() -> str:
            if following and "next" in request.form:
                return url_for("HearingView.record", hearing_id=following)
            return url_for("HearingView.index", dag=local_day(hearing.at).isoformat())

        return answer(
            "petitions/record.html",
            hearing.case_id,
            form,
            lambda: record_hearing(hearing_id, form.record(_(REFERRAL))),
            _("The hearing is recorded."),
            done=done,
            petition=petition,
            hearing=hearing,
            following=following,
        )


def _known(hearing: Hearing) -> dict[str, object]:
    """What is recorded already, or else what is most likely: the judgment is of the day of the hearing."""
    judgment = judgment_of(db.session(), hearing)
    recorded = hearing.recorded_at is not None
    return {
        "present": hearing.present or [],
        "result": judgment.kind if judgment else UNDECIDED if recorded else None,
        "pronounced_on": judgment.pronounced_on if judgment else None if recorded else local_day(hearing.at),
        "terms": judgment.terms if judgment else None,
        "note": hearing.note,
    }


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
