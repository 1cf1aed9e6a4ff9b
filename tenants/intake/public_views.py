"""The pages for strangers: report, get a receipt, follow. No account; no cookie but the form's own."""

# mypy: ignore-errors
# WTForms and Flask-AppBuilder carry no types: strictness would only count their silence.

from pathlib import Path

from flask import abort, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import ngettext

from app.security.answers import address, locked
from app.security.attempts import LockedError
from app.security.guard import public
from app.ui.views import PortalView
from tenants.intake import gate, service
from tenants.intake.codes import ReportState, Track
from tenants.intake.forms import STEPS, SUMMARY, WHOLE, FollowForm, ReportForm, WordsForm
from tenants.intake.receipt import receipt_pdf
from tenants.intake.wording import summary

# The tracks as their addresses name them.
DOORS = {"verhuurder": Track.LANDLORD, "andere": Track.OTHER}
ORDER = (*STEPS, SUMMARY)


class PointView(PortalView):
    """`/meldpunt/<slug>/`: the reporting point of a network or an OCMW."""

    route_base = "/meldpunt"

    def create_blueprint(self, appbuilder, endpoint=None, static_folder=None):
        """With a folder of static files of its own: the script that finds the proof."""
        return super().create_blueprint(appbuilder, endpoint, static_folder=str(Path(__file__).parent / "static"))

    @expose("/<slug>/", methods=["GET"])
    @public
    def index(self, slug: str) -> ResponseReturnValue:
        """Which of the two doors."""
        return render_template("intake/point.html", page=_page(slug), doors=DOORS)

    @expose("/<slug>/<track>/", methods=["GET", "POST"])
    @public
    def report(self, slug: str, track: str) -> ResponseReturnValue:
        """The steps of a report, and sending it. Each step posts the whole form; `go` says where to."""
        page = _page(slug)
        if track not in DOORS:
            abort(404)
        if request.method == "GET":
            form = ReportForm(DOORS[track], formdata=None)
            form.start.data = gate.new_token()
            return _step(page, form, "reporter")
        form = ReportForm(DOORS[track])
        step, go = request.form.get("step", ""), request.form.get("go", "")
        if go == "send":
            return _send(page, form)
        if go in STEPS:  # back, or from the summary to what is to be changed
            return _step(page, form, go)
        if step not in (*STEPS, WHOLE):
            return _step(page, form, "reporter")
        if not form.check(form.fields_of(step)):
            return _step(page, form, step, 422)
        return _step(page, form, SUMMARY if step == WHOLE else ORDER[ORDER.index(step) + 1])


def _page(slug: str) -> service.Page:
    try:
        return service.find_page(slug)
    except service.NoSuchPageError:
        abort(404, _("There is no reporting point at this address. Look on the website of your OCMW."))


def _step(page, form: ReportForm, step: str, status: int = 200, **headers: str) -> ResponseReturnValue:
    shown, told = form.fields_of(step), form.told()
    at_end = step == SUMMARY
    answer = render_template(
        "intake/report.html",
        page=page,
        form=form,
        step=step,
        number=ORDER.index(step) + 1 if step in ORDER else None,
        steps=ORDER,
        sections=[] if at_end else [name for name in STEPS if step in (name, WHOLE)],
        shown=shown,
        carried=form.carried(shown),
        told=told,
        summary=summary(told) if at_end else None,
        to=service.destination(page, told) if at_end else None,
        elsewhere=service.other_page(told, page) if at_end else None,
        question=gate.question(form.start.data or ""),
        bits=gate.PROOF_BITS,
    )
    return make_response(answer, status, headers)


def _send(page, form: ReportForm) -> ResponseReturnValue:
    if not form.check(form.fields_of(WHOLE)):
        return _step(page, form, WHOLE, 422)
    try:
        gate.admit(form.start.data or "", trap=form.website.data or "", proof=form.proof.data or "",
                   answer=form.answer.data or "")  # fmt: skip
        gate.count_report(address())
    except gate.TooFastError as error:
        message = ngettext(
            "That went very fast. Wait %(num)d second and press Send again: what you filled in is still there.",
            "That went very fast. Wait %(num)d seconds and press Send again: what you filled in is still there.",
            error.seconds,
        )
        return _again(page, form, message, 429, **{"Retry-After": str(error.seconds)})
    except gate.TooManyError as error:
        message = ngettext(
            "Many reports came from your internet connection. Wait %(num)d minute and press Send again: what you "
            "filled in is still there. Can't it wait? Call the OCMW.",
            "Many reports came from your internet connection. Wait %(num)d minutes and press Send again: what you "
            "filled in is still there. Can't it wait? Call the OCMW.",
            error.minutes,
        )
        return _again(page, form, message, 429, **{"Retry-After": str(error.minutes * 60)})
    except gate.OldFormError:
        form.start.data = gate.new_token()
        message = _("This form was open for too long. Check it once more and press Send again.")
        return _again(page, form, message, 422)
    except gate.RobotError:
        message = _("We could not tell that you are a person. Answer the sum at the bottom and press Send again.")
        return _again(page, form, message, 422)
    receipt = service.submit(page, form.track, form.told(), form.start.data)
    return render_template("intake/sent.html", receipt=receipt, page=page)


def _again(page, form: ReportForm, message: str, status: int, **headers: str) -> ResponseReturnValue:
    """The summary once more, with what stood in the way."""
    form.form_errors.append(message)
    return _step(page, form, SUMMARY, status, **headers)


class FollowView(PortalView):
    """`/meldpunt/opvolgen/`: with the reference number and the code, how far a report is, and adding to it."""

    route_base = "/meldpunt/opvolgen"

    @expose("/", methods=["GET", "POST"])
    @public
    def index(self) -> ResponseReturnValue:
        found, form, refused = _found()
        if found is None:
            return refused
        return _followed(found, form, WordsForm(formdata=None))

    @expose("/aanvullen", methods=["POST"])
    @public
    def add(self) -> ResponseReturnValue:
        """Add words to the report of this reference and code."""
        found, form, refused = _found()
        if found is None:
            return refused
        added = WordsForm()
        if not added.validate():
            return _followed(found, form, added, 422)
        try:
            service.add_words(found, added.words.data)
        except service.NobodyHasItError:
            added.form_errors.append(
                _("This report is closed and nobody reads it any more. Make a new report, or call the OCMW.")
            )
            return _followed(found, form, added, 422)
        return _followed(found, form, WordsForm(formdata=None), added=True)

    @expose("/bewijs", methods=["POST"])
    @public
    def receipt(self) -> ResponseReturnValue:
        """The receipt as PDF."""
        found, _form, refused = _found()
        if found is None:
            return refused
        answer = make_response(receipt_pdf(found.receipt, found.slip_id))
        answer.headers["Content-Type"] = "application/pdf"
        answer.headers["Content-Disposition"] = f'attachment; filename="{found.receipt.reference}.pdf"'
        return answer


def _found():
    """(feedback, form, None), or (None, form, the page that asks again)."""
    form = FollowForm()

    def page(form) -> str:
        return render_template("intake/follow.html", form=form)

    if not form.validate_on_submit():
        return None, form, (page(form), 422 if form.is_submitted() else 200)
    try:
        return service.follow(form.reference.data, form.code.data, address()), form, None
    except LockedError as error:
        return None, form, locked(error, form, page)
    except service.WrongCodeError:
        form.form_errors.append(
            _("We know no report with this number and this code. Compare both with your receipt, sign by sign.")
        )
        return None, form, (page(form), 422)


def _followed(found, form, added_form, status: int = 200, added: bool = False) -> ResponseReturnValue:
    page = render_template(
        "intake/followed.html",
        receipt=found.receipt,
        state=found.state,
        states=list(ReportState),
        given=[("reference", found.receipt.reference), ("code", found.receipt.code)],
        form=added_form,
        added=added,
    )
    return page, status
