"""The pages of who handles reports: the OCMW's inbox with its triage, and the coordinator's dispatch list."""

# mypy: ignore-errors
# WTForms and Flask-AppBuilder carry no types: strictness would only count their silence.

import uuid

import structlog
from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.security.guard import act
from app.tenancy import current
from app.ui.views import PortalView
from tenants.cases import words
from tenants.intake import dispatch, triage
from tenants.intake.codes import ClosingReason, ReporterKind, ReportState, Track
from tenants.intake.forms import CloseForm, DispatchForm, LinkForm
from tenants.intake.wording import address_line, duration, state_label, summary
from tenants.organisations.service import names

log = structlog.get_logger()

# The inbox's filters as its addresses name them.
STATES = {"nieuw": ReportState.RECEIVED, "opgenomen": ReportState.TAKEN_UP, "afgesloten": ReportState.CLOSED}


def page_asked() -> int:
    """The page of a list, counted from 1."""
    return min(max(request.args.get("pagina", 1, type=int), 1), 10_000)


class ReportsView(PortalView):
    """`/meldingen/`: what strangers reported to this OCMW."""

    route_base = "/meldingen"
    class_permission_name = "reports"

    @expose("/", methods=["GET"])
    @act("read")
    def index(self) -> ResponseReturnValue:
        chosen = request.args.get("stand", "")
        state = STATES.get(chosen)
        number = page_asked()
        counts = triage.counts()
        lines = triage.inbox(state, number)
        of_state = {each: state_label(each) for each in ReportState}
        return render_template(
            "intake/inbox.html",
            lines=lines,
            address_line=address_line,
            counts=counts,
            total=counts[state] if state else sum(counts.values()),
            filters=[(_("All"), url_for(".index"), not state, sum(counts.values()))]
            + [
                (of_state[each], url_for(".index", stand=name), each is state, counts[each])
                for name, each in STATES.items()
            ],
            page=number,
            page_size=triage.PAGE,
            href=lambda n: url_for(".index", stand=chosen or None, pagina=n),
            of_track={each: words.label(Track, each) for each in Track},
            of_state=of_state,
            first_contact=duration(triage.first_contact()),
        )

    @expose("/<uuid:report_id>/", methods=["GET"])
    @act("read")
    def triage(self, report_id: uuid.UUID) -> ResponseReturnValue:
        return self._page(report_id, LinkForm(formdata=None), CloseForm(formdata=None))

    @expose("/<uuid:report_id>/koppelen", methods=["POST"])
    @act("write")
    def link(self, report_id: uuid.UUID) -> ResponseReturnValue:
        """Link to a case: one that was proposed (`case_id`) or by its number."""
        form = LinkForm()
        given = request.form.get("case_id", "")
        if not given and not form.validate():
            return self._page(report_id, form, CloseForm(formdata=None), 422)
        try:
            case_id = uuid.UUID(given) if given else triage.case_numbered(form.number.data)
            triage.link(report_id, case_id)
        except ValueError:
            abort(404)
        except triage.NoSuchReportError:
            abort(404)
        except triage.ReportError as error:
            form.form_errors.append(_(error.message, **error.params))
            return self._page(report_id, form, CloseForm(formdata=None), 422)
        flash(_("The report now stands in this case."), "success")
        return redirect(url_for("CaseView.show_case", case_id=case_id))

    @expose("/<uuid:report_id>/openen", methods=["POST"])
    @act("write")
    def open_case(self, report_id: uuid.UUID) -> ResponseReturnValue:
        try:
            case_id = triage.open_case(report_id)
        except triage.NoSuchReportError:
            abort(404)
        except triage.ReportError as error:
            flash(_(error.message, **error.params), "warning")
            return redirect(url_for(".triage", report_id=report_id))
        flash(_("The case is open, and it is yours. The report stands in it."), "success")
        return redirect(url_for("CaseView.show_case", case_id=case_id))

    @expose("/<uuid:report_id>/sluiten", methods=["POST"])
    @act("write")
    def close(self, report_id: uuid.UUID) -> ResponseReturnValue:
        form = CloseForm()
        if not form.validate():
            return self._page(report_id, LinkForm(formdata=None), form, 422)
        try:
            triage.close(report_id, ClosingReason(form.reason.data))
        except triage.NoSuchReportError:
            abort(404)
        except triage.ReportError as error:
            flash(_(error.message, **error.params), "warning")
            return redirect(url_for(".triage", report_id=report_id))
        flash(_("The report is closed, and the reporter knows."), "success")
        return redirect(url_for(".index"))

    def _page(self, report_id, link, close, status: int = 200) -> ResponseReturnValue:
        try:
            report, additions = triage.opened(report_id)
        except triage.NoSuchReportError:
            abort(404)
        told = report.told
        free = report.case_id is None
        page = render_template(
            "intake/triage.html",
            report=report,
            told=told,
            additions=additions,
            parts=summary(told),
            title=" ".join(filter(None, reversed(told.household))),
            kind=words.label(ReporterKind, told.kind),
            state=state_label(report.state),
            closed_because=words.label(ClosingReason, report.closing_reason),
            likely=triage.likely_cases(told) if free else [],
            twins=triage.same_reports(report),
            free=free,
            first_by=names([report.first_act_by]).get(report.first_act_by or 0, ""),
            took=duration(report.first_act_at - report.received_at) if report.first_act_at else "",
            link=link,
            close=close,
            state_label=state_label,
        )
        return page, status


class DispatchView(PortalView):
    """`/meldingen/netwerk/`: reports that no OCMW has yet, and of the others where they went."""

    route_base = "/meldingen/netwerk"
    class_permission_name = "dispatch"

    @expose("/", methods=["GET"])
    @act("read")
    def index(self) -> ResponseReturnValue:
        number = page_asked()
        return render_template(
            "intake/dispatch.html",
            waiting=dispatch.waiting(),
            gone=dispatch.gone(number),
            count=dispatch.gone_count(),
            page=number,
            page_size=dispatch.PAGE,
            href=lambda n: url_for(".index", pagina=n),
            coordinator_first=dispatch.coordinator_first(),
            track_label=lambda value: words.label(Track, value),
            state_label=state_label,
        )

    @expose("/keuze", methods=["POST"])
    @act("write")
    def choose(self) -> ResponseReturnValue:
        """Whether every report of the network's page passes the coordinator first."""
        dispatch.choose_coordinator_first(request.form.get("coordinator_first") == "yes")
        flash(_("Saved."), "success")
        return redirect(url_for(".index"))

    @expose("/<uuid:slip_id>/", methods=["GET", "POST"])
    @act("write")
    def one(self, slip_id: uuid.UUID) -> ResponseReturnValue:
        """Read a report that waits, and hand it to an OCMW."""
        try:
            found = dispatch.open_held(slip_id)
        except dispatch.NoSuchSlipError:
            abort(404, _("This report is no longer with you: it was dispatched or closed."))
        log.info("held_report_opened", slip=str(slip_id), user_id=current().user_id)
        form = DispatchForm(dispatch.organisations(), data={"organisation": str(found.suggested or "")})
        if request.method == "POST" and form.validate():
            try:
                receiver = dispatch.dispatch(slip_id, uuid.UUID(form.organisation.data))
            except dispatch.NoSuchSlipError:
                abort(404, _("This report is no longer with you: it was dispatched or closed."))
            except dispatch.DispatchError as error:
                form.organisation.errors = [_(error.message)]
            else:
                flash(_("%(name)s has the report now.", name=receiver.name), "success")
                return redirect(url_for(".index"))
        page = render_template("intake/dispatch_one.html", found=found, parts=summary(found.told), form=form)
        return page, 422 if request.method == "POST" else 200

    @expose("/<uuid:slip_id>/sluiten", methods=["POST"])
    @act("write")
    def close(self, slip_id: uuid.UUID) -> ResponseReturnValue:
        try:
            dispatch.close(slip_id)
        except dispatch.NoSuchSlipError:
            abort(404, _("This report is no longer with you: it was dispatched or closed."))
        flash(_("The report is closed and what it said is erased."), "success")
        return redirect(url_for(".index"))
