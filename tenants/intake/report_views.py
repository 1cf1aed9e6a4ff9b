"""The pages on which a stranger reports: the two doors, the steps, the receipt. No cookie but the form's own.

What a step sends is kept in the stranger's draft, and the answer leads to another page (303): Back and reloading never
ask to send something again, and find what was filled in.
"""

# mypy: ignore-errors
# WTForms and Flask-AppBuilder carry no types: strictness would only count their silence.

from dataclasses import dataclass, replace
from pathlib import Path

from flask import abort, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from app.security.answers import address
from app.security.guard import public
from app.ui.views import PortalView
from tenants.intake import drafts, gate, service
from tenants.intake.codes import Track
from tenants.intake.forms import FIELDS, STEPS, SUMMARY, WHOLE, ReportForm
from tenants.intake.wording import summary

# The tracks and the steps as their addresses name them.
DOORS = {"verhuurder": Track.LANDLORD, "andere": Track.OTHER}
PLACES = {"melder": "reporter", "gezin": "household", "probleem": "trouble", "overzicht": SUMMARY, "alles": WHOLE}
ORDER = (*STEPS, SUMMARY)
KNOWN_BY = "meldpunt"  # in the session, which is the form's own cookie: the secret of this browser


@dataclass(frozen=True)
class Writing:
    """A report that is being written: on which page, through which door, under which name, in which browser."""

    page: service.Page
    door: str
    draft: str
    browser: str

    def at(self, step: str) -> str:
        place = next(place for place, named in PLACES.items() if named == step)
        return url_for("PointView.step", slug=self.page.slug, track=self.door, draft=self.draft, place=place)

    def form(self, answers) -> ReportForm:
        form = ReportForm(DOORS[self.door], formdata=MultiDict(answers) or None)
        form.start.data = form.start.data or gate.new_token()
        return form

    def find(self) -> drafts.Draft | None:
        return drafts.find(self.browser, self.draft)

    def keep(self, how) -> drafts.Draft:
        return drafts.change(self.browser, self.draft, how, lambda: gate.count_draft(address()))


class PointView(PortalView):
    """`/meldpunt/<slug>/`: the reporting point of a network or an OCMW."""

    route_base = "/meldpunt"

    def create_blueprint(self, appbuilder, endpoint=None, static_folder=None):
        """With a folder of static files of its own: the scripts that find the proof and keep what is typed."""
        return super().create_blueprint(appbuilder, endpoint, static_folder=str(Path(__file__).parent / "static"))

    @expose("/<slug>/", methods=["GET"])
    @public
    def index(self, slug: str) -> ResponseReturnValue:
        """Which of the two doors."""
        return render_template("intake/point.html", page=_page(slug), doors=DOORS)

    @expose("/<slug>/<track>/", methods=["GET"])
    @public
    def report(self, slug: str, track: str) -> ResponseReturnValue:
        """A new report, with a draft of its own: two tabs are two reports."""
        return redirect(_writing(slug, track, drafts.new_name()).at("reporter"))

    @expose("/<slug>/<track>/<draft>/<place>/", methods=["GET", "POST"])
    @public
    def step(self, slug: str, track: str, draft: str, place: str) -> ResponseReturnValue:
        """A step of a report. POST: `go` says where to; 'keep' only keeps what is typed (204), 'wipe' forgets it."""
        writing = _writing(slug, track, draft)
        if place not in PLACES:
            abort(404)
        kept, step = writing.find(), PLACES[place]
        if kept is not None and kept.sent:
            return redirect(url_for("PointView.sent", slug=slug, track=track, draft=draft), 303)
        if request.method == "POST":
            return _take(writing, step)
        if kept is None and step != "reporter":
            flash(_("What you filled in is not kept here any more. Begin again."), "info")
            return redirect(writing.at("reporter"))
        return _show(writing, step, kept or drafts.Draft())

    @expose("/<slug>/<track>/<draft>/verstuurd/", methods=["GET"])
    @public
    def sent(self, slug: str, track: str, draft: str) -> ResponseReturnValue:
        """The receipt of what was sent."""
        writing = _writing(slug, track, draft)
        kept = writing.find()
        receipt = service.receipt_again(writing.page, kept.sent) if kept is not None and kept.sent else None
        if receipt is None:
            return redirect(writing.at("reporter"))
        return render_template("intake/sent.html", receipt=receipt, page=writing.page)


def _page(slug: str) -> service.Page:
    try:
        return service.find_page(slug)
    except service.NoSuchPageError:
        abort(404, _("There is no reporting point at this address. Look on the website of your OCMW."))


def _writing(slug: str, track: str, draft: str) -> Writing:
    page = _page(slug)
    if track not in DOORS:
        abort(404)
    return Writing(page, track, draft, session.setdefault(KNOWN_BY, drafts.new_secret()))


# ---------------------------------------------------------------- showing


def _show(writing: Writing, step: str, kept: drafts.Draft) -> ResponseReturnValue:
    """A step as its draft stands, with what was wrong when it was last sent."""
    form, status, headers = writing.form(kept.answers), 200, {}
    if kept.checked == step and not form.check(form.fields_of(step)):
        status = 422
    if kept.refused is not None and step == SUMMARY:
        message, status, headers = _refusal(*kept.refused)
        form.form_errors.append(message)
    return _answer(writing, form, step, status, headers)


def _answer(writing: Writing, form: ReportForm, step: str, status: int, headers=None) -> ResponseReturnValue:
    told, at_end = form.told(), step == SUMMARY
    answer = render_template(
        "intake/report.html",
        page=writing.page,
        form=form,
        step=step,
        number=ORDER.index(step) + 1 if step in ORDER else None,
        steps=ORDER,
        sections=[] if at_end else [name for name in STEPS if step in (name, WHOLE)],
        shown=form.fields_of(step),
        told=told,
        summary=summary(told) if at_end else None,
        to=service.destination(writing.page, told) if at_end else None,
        elsewhere=service.other_page(told, writing.page) if at_end else None,
        question=gate.question(form.start.data),
        bits=gate.PROOF_BITS,
        hours=int(drafts.KEPT.total_seconds() // 3600),
    )
    return make_response(answer, status, headers or {})


def _refusal(why: str, number: int) -> tuple[str, int, dict[str, str]]:
    """(what is said, status, headers) when a report was not sent yet."""
    if why == "fast":
        message = ngettext(
            "That went very fast. Wait %(num)d second and press Send again: what you filled in is still there.",
            "That went very fast. Wait %(num)d seconds and press Send again: what you filled in is still there.",
            number,
        )
        return message, 429, {"Retry-After": str(number)}
    if why == "many":
        message = ngettext(
            "Many reports came from your internet connection. Wait %(num)d minute and press Send again: what you "
            "filled in is still there. Can't it wait? Call the OCMW.",
            "Many reports came from your internet connection. Wait %(num)d minutes and press Send again: what you "
            "filled in is still there. Can't it wait? Call the OCMW.",
            number,
        )
        return message, 429, {"Retry-After": str(number * 60)}
    if why == "old":
        return _("This form was open for too long. Check it once more and press Send again."), 422, {}
    return _("We could not tell that you are a person. Answer the sum at the bottom and press Send again."), 422, {}


# ---------------------------------------------------------------- taking


def _take(writing: Writing, step: str) -> ResponseReturnValue:
    """Keep what this step sent, and go where its button leads."""
    go = request.form.get("go", "")
    if go == "wipe":
        drafts.wipe(writing.browser, writing.draft)
        return redirect(url_for("PointView.index", slug=writing.page.slug), 303)
    try:
        kept = writing.keep(lambda draft: _filled(draft, step, go))
    except gate.TooManyError as error:
        return _not_kept(writing, step, ("many", error.minutes))
    except drafts.TooLargeError:
        return _not_kept(writing, step)
    if go == "keep":
        return "", 204
    form = writing.form(kept.answers)
    if go == "send":
        return _send(writing, form)
    if go in STEPS:  # back, or from the summary to what is to be changed
        return redirect(writing.at(go), 303)
    if step not in (*STEPS, WHOLE):
        return redirect(writing.at("reporter"), 303)
    if not form.check(form.fields_of(step)):
        return redirect(writing.at(step), 303)
    return redirect(writing.at(SUMMARY if step == WHOLE else ORDER[ORDER.index(step) + 1]), 303)


def _filled(draft: drafts.Draft, step: str, go: str) -> drafts.Draft:
    """The draft with what was sent now; what is asked in this step and did not come was left empty."""
    if draft.sent:
        return draft
    asked = FIELDS if step == WHOLE else STEPS.get(step, ())
    came = {name: request.form.getlist(name) for name in FIELDS if name in asked or name in request.form}
    start = draft.answers.get("start") or [request.form.get("start") or gate.new_token()]
    answers = {**draft.answers, **came, "start": start}
    if go == "keep":
        return replace(draft, answers=answers)
    return drafts.Draft(answers, checked=WHOLE if go == "send" else "" if go in STEPS else step)


def _not_kept(writing: Writing, step: str, refused: tuple[str, int] | None = None) -> ResponseReturnValue:
    """The same step, with all that was typed and why it could not be kept."""
    if request.form.get("go") == "keep":
        return "", 429 if refused else 413
    form = writing.form(request.form)
    if refused is None:
        form.check(form.fields_of(step))
        return _answer(writing, form, step, 422)
    message, status, headers = _refusal(*refused)
    form.form_errors.append(message)
    return _answer(writing, form, step, status, headers)


def _send(writing: Writing, form: ReportForm) -> ResponseReturnValue:
    if not form.check(form.fields_of(WHOLE)):
        return redirect(writing.at(WHOLE), 303)
    given, refused = request.form, None
    try:
        gate.admit(form.start.data, trap=given.get("website", ""), proof=given.get("proof", ""),
                   answer=given.get("answer", ""))  # fmt: skip
        gate.count_report(address())
    except gate.TooFastError as error:
        refused = ("fast", error.seconds)
    except gate.TooManyError as error:
        refused = ("many", error.minutes)
    except gate.OldFormError:
        refused = ("old", 0)
    except gate.RobotError:
        refused = ("robot", 0)
    if refused is not None:
        fresh = {"start": [gate.new_token()]} if refused[0] == "old" else {}
        writing.keep(lambda draft: replace(draft, answers={**draft.answers, **fresh}, refused=refused))
        return redirect(writing.at(SUMMARY), 303)
    service.submit(writing.page, form.track, form.told(), form.start.data)
    writing.keep(lambda draft: drafts.Draft(sent=form.start.data))  # what was told is the OCMW's now
    at = url_for("PointView.sent", slug=writing.page.slug, track=writing.door, draft=writing.draft)
    return redirect(at, 303)
