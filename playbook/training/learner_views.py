"""What somebody does in a course: be there, do the quiz, say what they thought, take a certificate home."""

# mypy: ignore-errors
# Flask-AppBuilder carries no types: strictness would only count its silence.

from flask import Response, abort, flash, make_response, redirect, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import ngettext

from app import tenancy
from app.security.answers import address, seconds_to_wait
from app.security.attempts import LockedError
from app.security.guard import act, public
from app.security.roles import LABELS
from app.ui.views import PortalView
from playbook.training import attending, certificates, enrolling, learning, overview, service, sessions
from playbook.training.attending import Arrival, OldCodeError
from playbook.training.forms import EvaluationForm
from playbook.training.service import NotThereError, TrainingError, as_rule
from playbook.training.showing import course_of_request, reason, session_of_request


class LearnerView(PortalView):
    """One's own training."""

    route_base = "/vorming"
    class_permission_name = "training"
    default_view = "mine"

    @expose("/mijn/", methods=["GET"])
    @act("follow")
    def mine(self):
        """One's sessions, certificates, and what is meant for somebody with one's roles."""
        from playbook.training.views import my_roles

        if not learning.acts_for_organisation():
            flash(_("You work for the network as a whole now. Choose your organisation to take part."), "warning")
            return redirect(url_for("TrainingView.index"))
        courses, places = service.courses(), enrolling.sessions_with(enrolling.all_mine())
        far, done = learning.progress(courses), certificates.mine()
        held, tracks = sessions.held(ids=list(places)), service.tracks()
        followed = {c.id for c in courses if c.id in done or far[c.id].was_present or far[c.id].is_complete}
        return self.render_template(
            "training/mine.html",
            coming=sorted((h for h in held if not h.is_over), key=lambda h: h.session.starts_at),
            past=[h for h in held if h.is_over and not h.is_cancelled],
            places=places,
            ready=[course for course in courses if course.id not in done and far[course.id].is_complete],
            certificates=[(course, done[course.id]) for course in courses if course.id in done],
            meant=[c for c in overview.my_courses(tracks, my_roles()) if c.id not in done],
            begins=overview.beginning(tracks, followed),
            done=done,
            far=far,
        )

    @expose("/mijn/attesten", methods=["POST"])
    @act("follow")
    def collect(self):
        """Have the certificates made that are due."""
        if not learning.acts_for_organisation():
            abort(404)
        given = certificates.give_due(service.courses())
        flash(_("Your certificate is ready.") if given else _("There is no certificate to make yet."), "success")
        return redirect(url_for("LearnerView.mine"))

    @expose("/mijn/attest/<uuid:course_id>.pdf", methods=["GET"])
    @act("follow")
    def certificate(self, course_id):
        """One's certificate on paper."""
        try:
            number, made = certificates.pdf(course_id)
        except NotThereError:
            abort(404)
        disposition = f'attachment; filename="attest-{number.lower()}.pdf"'
        return Response(made, mimetype="application/pdf", headers={"Content-Disposition": disposition})

    @expose("/cursus/<slug>/toets/", methods=["GET", "POST"])
    @act("follow")
    def quiz(self, slug):
        """The quiz; handed in, it shows what was right and why."""
        course = course_of_request(slug)
        asked = [as_rule(row) for row in service.questions(course.id)]
        if not asked:
            abort(404)
        marked, given, wrong = None, [], None
        if request.method == "POST":
            given = [_ticked(number, question) for number, question in enumerate(asked)]
            if not all(given):
                wrong = _("You left a question open. Choose an answer for each one.")
            else:
                try:
                    marked = learning.hand_in(course, given)
                    certificates.give_due([course])
                except TrainingError as error:
                    wrong = reason(error)
        page = self.render_template(
            "training/quiz.html", course=course, asked=asked, marked=marked, given=given, wrong=wrong,
            done=certificates.mine().get(course.id) if learning.acts_for_organisation() else None,
        )  # fmt: skip
        return (page, 422) if wrong else page

    @expose("/sessie/<uuid:session_id>/evaluatie/", methods=["GET", "POST"])
    @act("follow")
    def evaluate(self, session_id):
        """What somebody thought of a session they were at: without their name."""
        held, form = session_of_request(session_id), EvaluationForm()
        if not learning.may_evaluate(session_id):
            if request.method == "GET" and enrolling.mine(session_id):
                return redirect(url_for("TrainingView.session", session_id=session_id))
            abort(404)
        if request.method == "GET":
            return self.render_template("training/evaluate.html", held=held, form=form)
        if form.validate():
            try:
                learning.evaluate(session_id, form.entry())
            except TrainingError as error:
                form.show(error)
            else:
                flash(_("Thank you. Your answer is kept without your name."), "success")
                return redirect(url_for("TrainingView.session", session_id=session_id))
        return self.render_template("training/evaluate.html", held=held, form=form), 422

    @expose("/aanwezig/<code>/", methods=["GET", "POST"])
    @act("follow")
    def arrive(self, code):
        """What the trainer's code leads to: one button that says that one is there."""
        try:
            held = session_of_request(attending.read_code(code))
        except NotThereError:
            abort(404)
        except OldCodeError:
            return self.render_template("training/arrive.html", held=None, arrival=None, wrong=None), 410
        if not learning.acts_for_organisation():
            return self.render_template("training/arrive.html", held=held, arrival=None, wrong=None)
        wrong = None
        if request.method == "POST":
            try:
                attending.arrive(held.session.id)
                certificates.give_due([held.course])
            except TrainingError as error:
                wrong = reason(error)
            else:
                return redirect(url_for("LearnerView.arrive", code=code))
        page = self.render_template(
            "training/arrive.html", held=held, arrival=attending.arrival(held.session.id), wrong=wrong, states=Arrival
        )
        return (page, 409) if wrong else page

    @expose("/team/", methods=["GET"])
    @act("enrol")
    def team(self):
        """Who of the own organisation followed what, and the gaps per role."""
        if tenancy.current().tenant_id is None:
            return redirect(url_for("TrainingView.index"))
        tracks = service.tracks()
        found = overview.team(tracks)
        courses = service.courses()
        return self.render_template(
            "training/team.html",
            team=found,
            titles={course.id: course for course in courses},
            by_key={str(course.id): course for course in courses},
            role_labels=LABELS,
        )


def _ticked(number, question):
    """The choices that were ticked for a question; what is no number of one is left out."""
    values = request.form.getlist(f"q{number}")
    return [int(v) for v in values if v.isascii() and v.isdigit() and int(v) < len(question.choices)]


class CertificateView(PortalView):
    """Whether a certificate is real: for whoever holds the paper, without signing in."""

    route_base = "/vorming/attest"
    class_permission_name = "training"

    @expose("/", methods=["GET"])
    @public
    def index(self):
        """Type the number."""
        typed = request.args.get("nummer", "").strip()
        if not typed:
            return self._page()
        try:
            found = certificates.verify(typed, address())
        except NotThereError:
            return self._page(typed=typed[:80], unknown=True), 404
        except LockedError as error:
            return self._locked(error, typed=typed[:80])
        return redirect(url_for("CertificateView.verify", number=found.certificate.number))

    @expose("/<number>/", methods=["GET", "POST"])
    @public
    def verify(self, number):
        """Of which course a certificate is; by POST also whether it bears a name, which never stands in an address."""
        try:
            found = certificates.verify(number, address())
        except NotThereError:
            return self._page(typed=number[:80], unknown=True), 404
        except LockedError as error:
            return self._locked(error, typed=number[:80])
        name = request.form.get("name", "").strip()[:150] if request.method == "POST" else ""
        try:
            bears = certificates.bears(found.certificate, name, address()) if name else None
        except LockedError as error:
            return self._locked(error, found=found, name=name)
        return self._page(found=found, name=name, bears=bears, asked=request.method == "POST")

    def _page(self, *, found=None, **known):
        return self.render_template("training/attest.html", found=found, **known)

    def _locked(self, error, **known):
        """The page again, with 429 and when one may try again."""
        seconds = seconds_to_wait(error)
        wait = ngettext(
            "Too many tries. Wait %(num)d minute and try again.",
            "Too many tries. Wait %(num)d minutes and try again.",
            -(-seconds // 60),
        )
        return make_response(self._page(wait=wait, **known), 429, {"Retry-After": str(seconds)})
